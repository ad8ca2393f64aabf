"""The account as lines: a table of 23 years × 21 provinces × 48 sectors × 17 fuels accounted, aggregated and taken
apart; and a district's year of 100,000 activity records from registers to the official table, with its memory.

The table is the published one where DAFENG_REAL_DATA names its folder, else one of the same shape and sparsity.
Everything of the district is synthetic. What is timed begins with frames in memory, as the store hands them over.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from lines import Line, best_of

SHAPE = (23, 21, 48, 17)
SITES, METERS, UNITS, SUBDISTRICTS = 1_000, 7, 300, 13
YEAR = 2025
COMPONENTS = ("paper", "textile", "food", "wood", "garden", "diapers", "rubber", "bulk")
NO_FUEL = {"province", "year", "sector", "scope_2_heat", "scope_2_electricity", "scope_1_total"}


def bench() -> list[Line]:
    return [*_provinces(), *_district(), _memory()]


# ── the table of provinces ──


def _provinces() -> list[Line]:
    import polars as pl

    wide, which = _table()

    def all_of_it() -> tuple[Any, Any]:
        lines = _accounted(wide)
        sums = [
            lines.group_by(keys).agg(pl.col("co2e_g").sum())
            for keys in (["year"], ["year", "place"], ["year", "place", "sector"], ["year", "place", "carrier"])
        ]
        return sums, _taken_apart(lines)

    sums, effects = all_of_it()
    assert effects.height == SHAPE[1] * (SHAPE[0] - 1)
    assert effects["residual"].abs().max() < 1.0  # g of some 1e14
    assert len({int(frame["co2e_g"].sum()) for frame in sums}) == 1
    slow = {}
    floor = best_of(1, lambda: slow.update(_by_loops(wide)))
    both = pl.col("effect_sector_share").sum() + pl.col("effect_fuel_share").sum()
    fast = dict(effects.group_by("place").agg(both).iter_rows())
    # Grams, of which a province has some 1e14 in a year.
    assert all(abs(fast[place] - slow[place]) < 1e5 for place in slow)
    name = f"{which}: {' × '.join(map(str, SHAPE))} as lines, summed four ways, LMDI by province and year"
    return [Line(name, best_of(3, all_of_it), 1.0, "s", floor, "plain loops, no lines, one sum")]


def _table() -> tuple[Any, str]:
    import numpy as np
    import polars as pl

    folder = os.environ.get("DAFENG_REAL_DATA")
    path = Path(folder or "") / "data" / "ceads_co2" / "province_sector_fuel_1997_2019.parquet"
    if folder and path.is_file():
        table = pl.read_parquet(path).filter(pl.col("sector") != "Total")
        fuels = [name for name in table.columns if name not in NO_FUEL]
        return table.select("year", "province", "sector", pl.col(fuels).fill_null(0.0)), "CEADs"
    random = np.random.default_rng(4)
    year, province, sector = np.indices((SHAPE[0], SHAPE[1], SHAPE[2] - 1)).reshape(3, -1)
    values = random.lognormal(-2, 2, (year.size, SHAPE[3] + 1)) * (random.random((year.size, SHAPE[3] + 1)) < 0.4)
    keys = {
        "year": 1997 + year,
        "province": [f"province {value}" for value in province],
        "sector": [f"sector {value}" for value in sector],
    }
    return pl.DataFrame(keys | {f"fuel_{k}": column for k, column in enumerate(values.T)}), "synthetic"


def _accounted(wide: Any) -> Any:
    """Every cell as a line of the account, whole grams."""
    import polars as pl

    from dafeng.accounting.lines import EMISSIONS, must_fit, numbered, whole

    fuels = [name for name in wide.columns if name not in NO_FUEL]
    cells = wide.unpivot(fuels, index=["year", "province", "sector"], variable_name="carrier", value_name="mt")
    lines = cells.select(
        "year", "sector", "carrier", pl.col("province").alias("place"), pl.col("mt").alias("activity"),
        whole(pl.col("mt") * 1e12).alias("gas_g"), whole(pl.col("mt") * 1e12).alias("co2e_g"),
        pl.lit("zone").alias("level"), pl.lit("CO2").alias("gas"), pl.lit(1.0).alias("gwp"), pl.lit(1).alias("scope"),
    )  # fmt: skip
    made = numbered([lines], EMISSIONS)
    must_fit(made, ("co2e_g",))
    return made


def _taken_apart(lines: Any) -> Any:
    """Effects of each province's total, sectors and fuels, year by year."""
    import polars as pl

    from dafeng.accounting.decomposition import decompose, summed
    from dafeng.accounting.panel import Chain

    value, group = pl.col("co2e_g").cast(pl.Float64), ["place", "year"]
    total, sector = value.sum().over(group), value.sum().over([*group, "sector"])
    frame = lines.select(
        "place", "sector", "carrier", pl.col("year").alias("period"), total.alias("total"),
        (sector / total).alias("sector_share"),
        pl.when(sector == 0).then(0.0).otherwise(value / sector).alias("fuel_share"),
    )  # fmt: skip
    years = lines["year"].unique().sort().cast(pl.String).to_list()
    chain = Chain(("place", "sector", "carrier"), ("total", "sector_share", "fuel_share"), tuple(years))
    return summed(decompose(frame, chain), ["place"])


def _by_loops(wide: Any) -> dict[str, float]:
    """Province → effect of sectors and fuels within its total over all steps, g, cell by cell as on paper."""
    fuels = [name for name in wide.columns if name not in NO_FUEL]
    cells: dict[tuple[str, str, str], dict[int, float]] = {}
    totals: dict[tuple[str, int], float] = {}
    for row in wide.iter_rows(named=True):
        province, year = row["province"], row["year"]
        for fuel in fuels:
            grams = float(math.floor(row[fuel] * 1e12 + 0.5))
            cells.setdefault((province, row["sector"], fuel), {})[year] = grams
            totals[province, year] = totals.get((province, year), 0.0) + grams
    found: dict[str, float] = {}
    for (province, _, _), values in cells.items():
        years = sorted(values)
        for then, now in pairwise(years):
            v0, v1 = values[then], values[now]
            effect = v1 - v0  # What comes or goes is all of it mix.
            if v0 > 0 and v1 > 0:
                mean = (v1 - v0) / math.log(v1 / v0) if v1 != v0 else v1
                effect = mean * math.log((v1 / totals[province, now]) / (v0 / totals[province, then]))
            found[province] = found.get(province, 0.0) + effect
    return found


# ── a district's year ──


def _district() -> list[Line]:
    facts, book, records = synthetic()

    def end_to_end() -> dict[str, Any]:
        from dafeng.accounting.emissions import emission_lines
        from dafeng.accounting.energy import energy_lines
        from dafeng.accounting.inventory import inventory_tables

        energy, _ = energy_lines(facts, book, [YEAR])
        emissions, _ = emission_lines(energy, facts, book, [YEAR])
        return inventory_tables(emissions, book.catalogue, YEAR)

    table = end_to_end()["inventory"]
    assert table.row("total").cells["co2e"].value
    floor = best_of(1, lambda: _meters_by_loops(facts, book))
    name = f"district year, {records:,} activity records: energy, emissions, inventory"
    against = "plain loops over the meters alone, CO2 of power"
    return [
        Line(name, best_of(3, end_to_end), 1.0, "s", floor, against),
        Line("the whole account of it, every table", best_of(2, lambda: _whole(facts, book)), None),
    ]


def _whole(facts: Any, book: Any) -> None:
    from dafeng.accounting.account import Question, make_account

    made = make_account(facts, book.catalogue, book.policy, Question(YEAR, YEAR))
    assert {"inventory", "balance", "levels", "uncertainty", "key_units"} <= set(made.tables)


def _meters_by_loops(facts: Any, book: Any) -> dict[str, float]:
    """Site → CO2 of its power, g: meters alone, one factor, one gas, no lines."""
    factor = book.use(book.policy.electricity, YEAR).value
    found: dict[str, float] = {}
    for row in facts.frame("meter_totals").iter_rows(named=True):
        if row["carrier"] == "electricity" and row["month"].startswith(str(YEAR)) and row["amount"] >= 0:
            found[row["site"]] = found.get(row["site"], 0.0) + row["amount"] * 1e7 * factor
    return found


def synthetic() -> tuple[Any, Any, int]:
    """Registers of a made-up district with 100,000 activity records of one year: meters by month for the most part."""
    import numpy as np
    import polars as pl

    from dafeng.accounting.book import Book
    from dafeng.catalogue import load_catalogue
    from dafeng.indicators.facts import Facts, schema_of

    catalogue, random = load_catalogue(), np.random.default_rng(9)
    sectors = list(catalogue.choices["energy_sectors"].options)
    rows: dict[str, dict[str, Any]] = {}
    code = [f"S{number:05}" for number in range(SITES)]
    rows["account_sites"] = {
        "code": code, "name": code, "kind": ["building"] * SITES,
        "sector": [sectors[number % (len(sectors) - 1)] for number in range(SITES)],
        "subdistrict": [f"street {number % SUBDISTRICTS}" for number in range(SITES)],
    }  # fmt: skip
    site, meter, month = np.indices((SITES, METERS, 12)).reshape(3, -1)
    gas = meter == METERS - 1
    rows["meter_totals"] = {
        "site": [code[number] for number in site],
        "meter": [f"M{number}" for number in meter],
        "carrier": np.where(gas, "natural_gas", "electricity").tolist(),
        "month": [f"{YEAR}-{number + 1:02}" for number in month],
        "amount": random.lognormal(0, 1, site.size),
        "unit": np.where(gas, "wan_m3", "wan_kwh").tolist(),
    }
    carriers = {
        "electricity": "wan_kwh",
        "natural_gas": "wan_m3",
        "gasoline": "tonne",
        "diesel": "tonne",
        "lpg": "tonne",
    }
    rows["key_units"] = {
        "code": [f"U{number:04}" for number in range(UNITS)], "name": [f"unit {number}" for number in range(UNITS)],
        "sector": [sectors[number % 6] for number in range(UNITS)],
    }  # fmt: skip
    pairs = [(unit, carrier) for unit in rows["key_units"]["code"] for carrier in carriers]
    rows["key_unit_carriers"] = _amounts(random, pairs, ("unit", "carrier"), carriers, "unit_of_amount")
    every = [(sector, carrier) for sector in sectors for carrier in carriers]
    rows["energy_consumption"] = _amounts(random, every, ("sector", "carrier"), carriers, "unit")
    streets = [("subdistrict", f"street {n}", *pair) for n in range(SUBDISTRICTS) for pair in every]
    rows["energy_by_place"] = _amounts(random, streets, ("level", "place", "sector", "carrier"), carriers, "unit")
    waste = 100_000 - sum(len(next(iter(held.values()))) for name, held in rows.items() if name not in _ENTITIES)
    rows["landfill_deposits"] = {
        "year": [YEAR - number % 20 for number in range(waste)],
        "facility": [f"facility {number // 160}" for number in range(waste)],
        "component": [
            ("paper", "textile", "food", "wood", "garden", "diapers", "rubber", "bulk")[n // 20 % 8]
            for n in range(waste)
        ],
        "tonnes": random.lognormal(2, 1, waste),
    }
    rows["waste_facilities"] = {
        "facility": [f"facility {number}" for number in range(waste // 160 + 1)],
        "kind": ["landfill"] * (waste // 160 + 1), "in_district": [True] * (waste // 160 + 1),
    }  # fmt: skip
    frames = {}
    for name, held in rows.items():
        schema = schema_of(catalogue.registers[name])
        height = len(next(iter(held.values())))
        held = {column: held.get(column, [None] * height) for column in schema} | {"_record": range(1, height + 1)}
        frames[name] = pl.DataFrame(held, schema=schema)
    records = sum(frame.height for name, frame in frames.items() if name not in _ENTITIES)
    return Facts(catalogue, frames), Book(catalogue), records


_ENTITIES = ("account_sites", "key_units", "waste_facilities")


def _amounts(random: Any, pairs: list[tuple[str, ...]], keys: tuple[str, ...], units: dict[str, str], unit: str) -> Any:
    made: dict[str, Any] = dict(zip(keys, map(list, zip(*pairs, strict=True)), strict=True))
    made |= {"year": [YEAR] * len(pairs), "amount": random.lognormal(4, 1, len(pairs)).tolist()}
    return made | {unit: [units[pair[-1]] for pair in pairs]}


# ── memory ──


def _memory() -> Line:
    """Peak of a process of its own that makes the provinces' lines and effects, and the district's year."""
    found = subprocess.run(
        [sys.executable, __file__, "memory"], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )  # fmt: skip
    start, peak = map(float, found.stdout.split()[-2:])
    return Line("peak memory of both", peak, 1.0, "GB", start, "libraries and catalogue alone")


def _peak_gb() -> float:
    """Linux keeps the peak of the parent in what getrusage says of a child; /proc does not."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**3 if sys.platform == "darwin" else 1024**2)


if __name__ == "__main__":
    from dafeng.accounting import decomposition, emissions, inventory
    from dafeng.catalogue import load_catalogue

    load_catalogue()
    assert all((decomposition, emissions, inventory))
    loaded = _peak_gb()
    _provinces()
    _district()
    print(loaded, _peak_gb())
