"""The account's pure engines: a table of 23 years × 21 provinces × 48 sectors × 17 fuels taken apart year by year, and
10,000 draws of an inventory of 2,000 cells. Synthetic figures; what is timed begins with the frame in memory.
"""

from __future__ import annotations

from lines import Line, best_of

SHAPE = (23, 21, 48, 17)
CELLS, FACTORS, DRAWS = 2_000, 60, 10_000


def bench() -> list[Line]:
    return [*_decomposition(), *_uncertainty()]


def _decomposition() -> list[Line]:
    import numpy as np
    import polars as pl

    from dafeng.accounting import decomposition
    from dafeng.accounting.panel import Chain

    random = np.random.default_rng(20)
    factors = ("activity", "structure", "intensity", "carbon")
    # One value in ten is zero, as in a table of sectors by fuels, where most sectors burn few fuels.
    x = random.lognormal(0.0, 0.5, (*SHAPE, len(factors))) * (random.random((*SHAPE, 1)) > 0.1)
    year, province, sector, fuel = np.indices(SHAPE).reshape(4, -1)
    frame = pl.DataFrame(
        {
            "period": [str(1997 + value) for value in year],
            "province": [f"province {value}" for value in province],
            "sector": [f"sector {value}" for value in sector],
            "fuel": [f"fuel {value}" for value in fuel],
            **dict(zip(factors, x.reshape(-1, len(factors)).T, strict=True)),
        }
    )
    periods = tuple(str(1997 + value) for value in range(SHAPE[0]))
    chain = Chain(("province", "sector", "fuel"), factors, periods)

    def all_of_it() -> pl.DataFrame:
        return decomposition.summed(decomposition.decompose(frame, chain), ["province"])

    made = all_of_it()
    assert made.height == SHAPE[1] * (SHAPE[0] - 1)
    assert made["residual"].abs().max() < 1e-9  # type: ignore[operator]
    floor = best_of(3, lambda: _floor(x))
    name = f"LMDI of {' × '.join(map(str, SHAPE))}, 4 factors, 22 steps, by province"
    return [Line(name, best_of(3, all_of_it), 1.0, "s", floor, "numpy on arrays, no zeros, no keys")]


def _floor(x) -> float:
    """The formula alone on an array that is already in order, zeros lost."""
    import numpy as np

    with np.errstate(all="ignore"):
        v, logs = x.prod(axis=-1), np.log(x)
        weight = np.diff(v, axis=0) / np.diff(np.log(v), axis=0)
        return float(np.nansum(weight[..., None] * np.diff(logs, axis=0)))


def _uncertainty() -> list[Line]:
    import numpy as np
    import polars as pl

    from dafeng.accounting import uncertainty

    random = np.random.default_rng(21)
    factor = np.arange(CELLS) % FACTORS
    values, spreads = random.lognormal(0.0, 1.0, FACTORS), random.uniform(2.0, 120.0, FACTORS)
    frame = pl.DataFrame(
        {
            "category": [f"category {i % 40}" for i in range(CELLS)],
            "gas": ["CO2" if i % 3 else "CH4" for i in range(CELLS)],
            "activity": random.lognormal(3.0, 1.0, CELLS),
            "factor": values[factor],
            "factor_id": [f"factor {i}" for i in factor],
            "u_activity_pct": random.uniform(2.0, 80.0, CELLS),
            "u_factor_pct": spreads[factor],
        }
    )

    def draw() -> uncertainty.Draws:
        return uncertainty.approach2(frame, draws=DRAWS, seed=1, by=["category"])

    assert draw().totals.shape == (DRAWS, 40)
    floor = best_of(3, lambda: np.random.default_rng(1).standard_normal((DRAWS, CELLS)))
    name = f"approach 2, {DRAWS:,} draws of {CELLS:,} cells, by category"
    return [
        Line(name, best_of(3, draw), 1.0, "s", floor, "numpy's normal draws alone"),
        Line("approach 1 of the same", best_of(3, lambda: uncertainty.approach1(frame, ["category"])), None),
    ]
