"""What methods are evaluated on: the lines of energy, with the power a district makes itself set against what it buys,
and the records of registers by year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from dafeng.accounting.lines import DISTRICT, ENERGY, of_schema
from dafeng.core.errors import Problem
from dafeng.indicators.facts import PERIOD, RECORD, Facts

ENERGY_SOURCE = "energy"
FINAL = "final"
# Flow of the lines that take own power and heat off what was bought: in no balance, only in methods.
OWN_USE = "own_use"
# What is made in the district, and what of it leaves again (signed as the balance counts it).
MADE = ("primary", "out_power", "out_heat", "out_other", "recovered")
SENT = ("to_outside", "export")
GRID_CARRIERS = ("electricity", "heat")


def energy_source(energy: pl.DataFrame) -> pl.DataFrame:
    """Lines of energy as methods see them: ``_row``, ``energy_line`` and the lines of own use."""
    lines = pl.concat([of_schema(energy, ENERGY), own_use(energy)])
    return lines.with_row_index("_row").with_columns(pl.col("_row").cast(pl.Int64), pl.col("line").alias("energy_line"))


def own_use(energy: pl.DataFrame) -> pl.DataFrame:
    """Lines that take power and heat made in the district off what its sectors bought, a negative amount per sector.

    Consumption by sector includes what is made on the spot (a roof's PV, a plant's heat); what was bought is the rest,
    and what a plant in the district burnt is in scope 1 already. Own use = made − sent out, at most the consumption;
    it is shared among sectors by their consumption, to the last watt-hour. ``line`` and ``_record`` are those of the
    largest amount made."""
    here = energy.filter((pl.col("level") == DISTRICT) & pl.col("carrier").is_in(GRID_CARRIERS))
    made: list[pl.DataFrame] = []
    for _, part in here.group_by("year", "carrier", maintain_order=True):
        sources = part.filter(pl.col("flow").is_in(MADE) & (pl.col("amount") > 0))
        used = part.filter((pl.col("flow") == FINAL) & (pl.col("amount") > 0)).sort("line")
        sent = part.filter(pl.col("flow").is_in(SENT))["amount"].sum()
        own = min(int(sources["amount"].sum()) + int(sent), int(used["amount"].sum()))
        if own <= 0:
            continue
        largest = sources.sort("amount", "line", descending=[True, False]).head(1)
        shares = split(own, used["amount"].to_list())
        made.append(
            used.with_columns(
                pl.Series("amount", [-share for share in shares], dtype=pl.Int64),
                pl.lit(OWN_USE).alias("flow"),
                *(pl.lit(largest[name][0]).alias(name) for name in ("line", "register", RECORD, "basis")),
                pl.lit(0, dtype=pl.Int64).alias("gce_material"),
            )
        )
    return of_schema(pl.concat(made), ENERGY) if made else pl.DataFrame(schema=dict(ENERGY))


def split(whole: int, weights: Sequence[int]) -> list[int]:
    """``whole`` in parts in proportion to the weights; the parts sum to it (largest remainders get what is over)."""
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def register_source(
    register: str,
    facts: Facts,
    names: Sequence[str],
    years: Sequence[int],
    prepare: Callable[..., tuple[pl.DataFrame, list[Problem]]] | None = None,
) -> tuple[pl.DataFrame, list[Problem]]:
    """The register's records with ``_row`` and ``year``, and what is wrong with what they point to.

    Records without a period (what exists) stand once in every year asked for. prepare joins what a method needs from
    other registers by name."""
    frame = facts.joined(register, names)
    problems: list[Problem] = []
    if prepare is not None:
        made = prepare(register, frame, facts)
        frame, problems = made if isinstance(made, tuple) else (made, [])
    if PERIOD in frame.columns:
        frame = frame.with_columns(pl.col(PERIOD).cast(pl.Int64).alias("year")).filter(pl.col("year").is_not_null())
    elif "year" not in frame.columns:
        frame = frame.join(pl.DataFrame({"year": list(years)}, schema={"year": pl.Int64}), how="cross")
    lacking = {
        "level": pl.lit(DISTRICT),
        "place": pl.lit(""),
        "register": pl.lit(register),
        "energy_line": pl.lit(None, dtype=pl.Int64),
        "sector": pl.lit(None, dtype=pl.String),
        "carrier": pl.lit(None, dtype=pl.String),
        "estimate": pl.lit(None, dtype=pl.String),
    }
    # A register's own column of such a name (a sector of its own list) is no sector of the energy account.
    frame = frame.with_columns(value.alias(name) for name, value in lacking.items() if name not in frame.columns)
    return frame.with_row_index("_row").with_columns(pl.col("_row").cast(pl.Int64)), problems
