"""Energy and CO2 of a model by zone: what the account knows of each zone divides every branch; the sums are exact.

A branch is divided by the zones' shares of its sector and carrier in the account, in each year of history by that
year's and after it by the base year's; what has no sector of its own (own power, kitchens moved to power) by the
carrier's shares, and what has neither by those of all energy. What the account assigns to no zone is a part of its own.
Zones are whole smallest units (g, Wh …) that sum to the
district's, largest remainders first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from dafeng.accounting.lines import DISTRICT
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.pathway.stocks import Array

Key = tuple[str | None, str | None]
# The part of the district that the account assigns to no zone.
REST = "未分到片区"


@dataclass(frozen=True, slots=True)
class ZoneShares:
    """shares: (sector, carrier) → (zone, year of ``years``), columns sum to 1. None stands for every sector, every
    carrier; (None, None) is all energy."""

    zones: tuple[str, ...]
    years: tuple[int, ...]
    shares: Mapping[Key, Array]

    def of(self, sector: str | None, carrier: str | None, years: Sequence[int]) -> Array:
        """(zone, year) for any years: those before the account's as its first, those after as its last."""
        keys: list[Key] = [(sector, carrier), (None, carrier), (None, None)]
        found = next(self.shares[key] for key in keys if key in self.shares)
        at = [min(max(year, self.years[0]), self.years[-1]) - self.years[0] for year in years]
        return found[:, at]


def zone_shares(energy: pl.DataFrame) -> ZoneShares:
    """energy: lines of the account of every level. What the account assigns to no zone is a part of its own, ``REST``.
    Raises BadInput when zones do not have energy in every year between their first and last."""
    final = energy.filter(pl.col("flow") == "final")
    lines = final.filter(pl.col("level") == "zone")
    years = sorted(lines["year"].unique().to_list())
    if not years or years[-1] - years[0] + 1 != len(years):
        raise BadInput(_no_zones(years))
    zones = lines["place"].unique(maintain_order=True).to_list()
    whole = final.filter((pl.col("level") == DISTRICT) & pl.col("year").is_in(years))
    made: dict[Key, Array] = {}
    for names, amount in ((("sector", "carrier"), "amount"), (("carrier",), "amount"), ((), "gce_equal")):
        for frame, rows in ((lines, zones), (whole, None)):
            for row in (
                frame.group_by([*names, "place", "year"]).agg(pl.col(amount).sum().alias("sum")).iter_rows(named=True)
            ):
                key: Key = (row.get("sector"), row.get("carrier"))
                table = made.setdefault(key, np.zeros((len(zones) + 1, len(years))))
                table[zones.index(row["place"]) if rows else -1, row["year"] - years[0]] += row["sum"]
    all_energy = _as_shares(made[None, None], None)
    return ZoneShares((*zones, REST), tuple(years), {key: _as_shares(table, all_energy) for key, table in made.items()})


def _as_shares(table: Array, instead: Array | None) -> Array:
    """Amounts of the zones and, last, of the district → shares, of which the last is what no zone has. Where zones have
    more than the district they are scaled to it; a year without this carrier takes the shares of all energy."""
    assigned = table[:-1].sum(axis=0)
    total = np.maximum(table[-1], assigned)
    shares = table / np.where(total > 0, total, 1.0)
    shares[-1] = np.where(total > 0, 1.0 - assigned / np.where(total > 0, total, 1.0), 0.0)
    return shares if instead is None else np.where(total > 0, shares, instead)


def by_zone(
    values: Array, keys: Sequence[Key], years: Sequence[int], shares: ZoneShares, smallest: float = 1e6
) -> dict[str, list[int]]:
    """Zone → whole smallest units by year, which sum to the district's in every year.

    values: (branch, year), t or a carrier's unit; keys: (sector, carrier) of each branch; smallest: how many of the
    smallest unit make one of ``values`` (1 000 000 for tonnes shown in grams)."""
    parts = np.zeros((len(shares.zones), len(years)))
    for row, (sector, carrier) in zip(values, keys, strict=True):
        parts += shares.of(sector, carrier, years) * row
    totals = values.sum(axis=0)
    made: dict[str, list[int]] = {zone: [] for zone in shares.zones}
    for year in range(len(years)):
        whole = district_whole(float(totals[year]), smallest)
        for zone, part in zip(shares.zones, apportioned(whole, parts[:, year] * smallest), strict=True):
            made[zone].append(part)
    return made


def district_whole(total: float, smallest: float = 1e6) -> int:
    """The district's amount in whole smallest units."""
    return round(total * smallest)


def apportioned(whole: int, parts: Sequence[float] | Array) -> list[int]:
    """Parts as whole numbers that sum to ``whole``: each is rounded down, and what is left goes to the largest
    remainders (to the first among equal ones)."""
    down = [int(np.floor(part)) for part in parts]
    left = whole - sum(down)
    each, rest = divmod(left, len(down))
    order = sorted(range(len(down)), key=lambda index: (down[index] - float(parts[index]), index))
    extra = set(order[:rest])
    return [part + each + (index in extra) for index, part in enumerate(down)]


def keys_of(paths: Sequence[str], sectors: Mapping[str, str]) -> list[Key]:
    """(sector of the account, carrier) of each branch. sectors: path → sector, as ``history.from_account`` notes it."""
    bare = [path.partition("@")[0] for path in paths]
    carriers = [path.rpartition("/")[2] for path in bare]
    return [(sectors.get(path), None if one == "emission" else one) for path, one in zip(bare, carriers, strict=True)]


def _no_zones(years: Sequence[int]) -> Problem:
    held = "、".join(map(str, years)) or "–"
    return Problem(
        "pathway.no-zones",
        Place(item="energy_by_place", field="zone"),
        Text(
            f"没有逐年连续的片区能源数据（有：{held}）", f"there is no energy by zone in every year (there is: {held})"
        ),
        Text("填报 energy_by_place 的片区行", "load rows of zones into energy_by_place"),
    )
