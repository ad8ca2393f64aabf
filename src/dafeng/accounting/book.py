"""Which factor is used: the vintage in force in a year, under a stated policy, as known on a stated day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from dafeng.catalogue.arithmetic import constant
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Factor, Source, Vintage
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

# From firm to weak: a product is as weak as the weakest of what it is made of.
STATUSES = ("official", "second-hand", "remembered", "assumption")
# 95 % half-width in % where a factor gives no range of its own, by confidence: an assumption of ours, said as such.
HALF_WIDTH_PCT: Mapping[str, float] = {"H": 5.0, "M": 15.0, "L": 50.0}
GWP_SETS = ("sar", "ar4", "ar5", "ar6")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a district chose where standards leave a choice; all of it in district.toml under [account]."""

    electricity: str = "grid_shanghai_inventory"
    heat: str = "heat_nation"
    electricity_equal: str = "ce_electricity_equal_shanghai"
    gwp: str = "ar5"
    purpose: str = "inventory"


@dataclass(frozen=True, slots=True)
class Held:
    """A factor as used in ``year``: value in ``unit``, vintage (year of the data), weakest status, 95 % half-width in
    percent, the factors that it is the product of and those that it is divided by."""

    factor: str
    year: int
    unit: str
    value: float
    vintage: int
    status: str
    confidence: str
    half_width_pct: float
    source: Source
    purpose: str
    low: float | None = None
    high: float | None = None
    note: str | None = None
    product_of: tuple[Held, ...] = ()
    times: str = "1"
    over: tuple[Held, ...] = ()


@dataclass
class Book:
    """The factor library as one account uses it.

    constant_year: take every factor as it was in force for that year (the constant-factor series).
    known_on: only vintages whose document had been issued by that day (a past account made again).
    """

    catalogue: Catalogue
    policy: Policy = field(default_factory=Policy)
    constant_year: int | None = None
    known_on: dt.date | None = None
    _seen: dict[tuple[str, int], Held | None] = field(default_factory=dict, repr=False)

    def find(self, factor: str, year: int) -> Held | None:
        """The factor in force in ``year``; None when there is no such factor, or none for that year."""
        year = self.constant_year if self.constant_year is not None else year
        key = (factor, year)
        if key not in self._seen:
            self._seen[key] = None  # A factor that is made of itself has no value.
            entry = self.catalogue.factors.get(factor)
            self._seen[key] = self._hold(entry, year) if entry is not None else None
        return self._seen[key]

    def use(self, factor: str, year: int) -> Held:
        """Like ``find``, but what is missing is an error that names the factor and the year."""
        held = self.find(factor, year)
        if held is None:
            raise BadInput(no_factor(factor, year, Place(item=factor)))
        return held

    def gwp(self, gas: str, year: int) -> Held | None:
        """GWP100 of a gas (``CH4``, ``HFC-134a``, ``R410A``) in the policy's set; 1 for CO2 itself is a factor too."""
        name = gas.lower().replace("-", "_")
        candidates = (f"gwp_{name}_{self.policy.gwp}", f"gwp_{name.replace('hfc_', 'hfc')}_{self.policy.gwp}")
        return next((held for one in candidates if (held := self.find(one, year)) is not None), None)

    def _hold(self, entry: Factor, year: int) -> Held | None:
        vintage = self._in_force(entry, year)
        if vintage is None:
            return None
        parts = tuple(self.find(one, year) for one in (*entry.product_of, *entry.over))
        if any(part is None for part in parts):
            return None
        made = tuple(part for part in parts if part is not None)
        above, below = made[: len(entry.product_of)], made[len(entry.product_of) :]
        value = vintage.value
        if made:
            divisor = math.prod(part.value for part in below)
            if divisor == 0:
                return None
            value = constant(entry.times) * math.prod(part.value for part in above) / divisor
        return Held(
            entry.id, year, entry.unit, value, vintage.year, _weakest(vintage.source.status, made), vintage.confidence,
            _half_width(vintage, value, made), vintage.source, entry.purpose, vintage.low, vintage.high, vintage.note,
            above, entry.times, below,
        )  # fmt: skip

    def _in_force(self, entry: Factor, year: int) -> Vintage | None:
        held = [v for v in entry.values if v.from_year <= year and self._was_known(v)]
        return max(held, key=lambda v: (v.from_year, v.year)) if held else None

    def _was_known(self, vintage: Vintage) -> bool:
        if self.known_on is None or vintage.source.standard is None:
            return True
        issued = self.catalogue.standards[vintage.source.standard].issued_on
        return issued is None or issued <= self.known_on


def one_purpose(used: Mapping[str, str], series: str) -> None:
    """Raise BadInput when factors of one carrier for several purposes meet in one series.

    used: factor id → purpose (``inventory``, ``ets``, …; ``any`` meets all)."""
    purposes = {purpose for purpose in used.values() if purpose != "any"}
    if len(purposes) > 1:
        named = "、".join(f"{factor}（{purpose}）" for factor, purpose in sorted(used.items()))
        raise BadInput(
            Problem(
                "account.purposes-meet",
                Place(item=series),
                Text(
                    f"同一序列中混用了不同用途的因子：{named}",
                    f"factors for several purposes meet in one series: {named}",
                ),
                Text(
                    "清单与碳市场各成一列，不相加、不连成一条线",
                    "keep inventory and carbon market apart: never one sum, never one line",
                ),
            )
        )


def no_factor(factor: str, year: int, place: Place) -> Problem:
    return Problem(
        "account.no-factor",
        place,
        Text(f"{year} 年没有可用的因子 {factor}", f"there is no factor {factor} for {year}"),
        Text(
            "在本区 catalogue/factors 中加上，写明出处和状态",
            "add it in the district's catalogue/factors with source and status",
        ),
    )


def _weakest(own: str, parts: tuple[Held, ...]) -> str:
    statuses = [part.status for part in parts] or [own if own in STATUSES else "assumption"]
    return max(statuses, key=STATUSES.index)


def _half_width(vintage: Vintage, value: float, parts: tuple[Held, ...]) -> float:
    if vintage.low is not None and vintage.high is not None and value:
        return 100 * (vintage.high - vintage.low) / 2 / abs(value)
    if parts:
        return sum(part.half_width_pct**2 for part in parts) ** 0.5
    return HALF_WIDTH_PCT[vintage.confidence]
