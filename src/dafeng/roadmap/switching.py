"""Does replacing a fuel by electricity cut CO2 or raise it? Year by year, under each purpose's grid factor.

The sign is not taken for granted: it is that of (break-even factor − factor of the year). The break-even factor is the
CO2 of the fuel that one unit of electricity replaces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dafeng.core.text import Text
from dafeng.roadmap.case import Case, Measure, Series


def break_even(fuel_t: float, fuel_per_power: float) -> float:
    """CO2 per unit of electricity at which a switch changes nothing. fuel_t: CO2 per unit of fuel; fuel_per_power:
    units of fuel that one unit of electricity replaces."""
    return fuel_t * fuel_per_power


def replaced(heat_per_fuel: float, efficiency: float, performance: float) -> float:
    """Units of fuel that one unit of electricity replaces. heat_per_fuel: heating value of a unit of fuel in units of
    electricity (natural gas 9.7 kWh/m³); efficiency: of the old device, on that heating value; performance: useful heat
    per unit of electricity of the new one (a heat pump 3, a resistance 1, an induction stove 0.85)."""
    return performance / (efficiency * heat_per_fuel)


@dataclass(frozen=True, slots=True)
class Switch:
    """Of one unit of a measure that uses energy, under one purpose. saved_t (year,): t CO2 saved a year (negative:
    more is emitted); break_even (year,): t per unit of the carrier used, NaN where it uses none; factor (year,)."""

    measure: str
    zone: str | None
    purpose: str
    carrier: str
    years: tuple[int, ...]
    saved_t: Series
    break_even: Series
    factor: Series

    @property
    def helps_from(self) -> int | None:
        """The first year from which it cuts CO2 in every year to the end; None where it does not at the end."""
        cuts = self.saved_t > 0
        if not cuts[-1]:
            return None
        against = np.flatnonzero(~cuts)
        return self.years[int(against[-1]) + 1 if len(against) else 0]

    @property
    def about(self) -> Text:
        first, last, since = self.years[0], self.years[-1], self.helps_from
        if since == first:
            return Text(f"{first}年起每年都减排", f"cuts CO2 in every year from {first}")
        if since is not None:
            return Text(f"{since}年之前并非每年减排，{since}年起减排", f"cuts CO2 in every year only from {since}")
        if (self.saved_t > 0).any():
            return Text(f"有的年份减排，但{last}年增排", f"cuts CO2 in some years, but raises it in {last}")
        return Text(f"到{last}年一直增排", f"raises CO2 in every year to {last}")


def switches(case: Case) -> tuple[Switch, ...]:
    """Every measure that uses a carrier, under the purpose that decides and under each other purpose of the case."""
    found = []
    for purpose, factors in _purposes(case):
        for measure in case.measures:
            if measure.uses:
                found.append(_switch(case, measure, purpose, factors))
    return tuple(found)


def _purposes(case: Case) -> list[tuple[str, dict[str, Series]]]:
    """A purpose that decides may be listed with the others; it is told once."""
    own = dict(case.factors)
    others = {name: {**own, **other} for name, other in case.purposes.items() if name != case.purpose}
    return [(case.purpose, own), *others.items()]


def _switch(case: Case, measure: Measure, purpose: str, factors: dict[str, Series]) -> Switch:
    """Where several carriers are used, the break-even is that of the first with the others as they are."""
    none = np.zeros(len(case.years))
    carrier, *others = measure.uses
    gained = sum((values * factors.get(name, none) for name, values in measure.saves.items()), none)
    gained = gained + (measure.co2_t if measure.co2_t.size else none)
    gained = gained - sum((measure.uses[name] * factors.get(name, none) for name in others), none)
    used, factor = np.broadcast_to(measure.uses[carrier], none.shape), factors.get(carrier, none)
    even = np.divide(gained, used, out=np.full(len(case.years), np.nan), where=used > 0)
    return Switch(
        measure.id, measure.zone, purpose, carrier, case.years, gained - used * factor, even, np.asarray(factor)
    )
