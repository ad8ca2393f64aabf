"""From a measure of the catalogue to measures of a case: what there is to do in this district, at what cost and effect.

A measure's ``deploy`` is expressions over its parameters, over amounts counted in the registers and over what its
group of end uses used in the base year. Here they meet the district: one measure of the case for each building type.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Amount, Deployment, Indicator
from dafeng.catalogue.schema import Measure as Entry
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.evaluation import Values
from dafeng.core.expressions import Expression, parse
from dafeng.core.functions import BASE
from dafeng.core.text import Text
from dafeng.indicators.engine import Evaluation
from dafeng.indicators.facts import Facts
from dafeng.roadmap.base_energy import (
    ELECTRIC,
    GAS,
    HOMES,
    KG_PER_LITRE,
    OWN_POWER,
    SEGMENTS,
    UNITS,
    Base,
    Defaults,
    vehicles,
)
from dafeng.roadmap.case import Measure, Prerequisite

STAGES = {"reduce": 0, "plant": 1, "control": 2, "supply": 3}
# Factors of the catalogue that expressions may name.
SHARED = {"uptake": "uptake_limit", "gas_kwh": "heat_of_gas_kwh", "boiler": "efficiency_gas_boiler"}
_PETROL, _DIESEL = KG_PER_LITRE["gasoline"], KG_PER_LITRE["diesel"]


@functools.lru_cache(maxsize=4096)
def _parsed(source: str) -> Expression:
    return parse(source, lambda _: "any", BASE)


@dataclass
class Potentials:
    """What the district offers. ``left_out``: measure → why nothing of it can be built."""

    catalogue: Catalogue
    facts: Facts
    base: Base
    years: tuple[int, ...]
    left_out: dict[str, Text] = field(default_factory=dict)

    def measures(self) -> tuple[Measure, ...]:
        """The case's measures; ``counts`` is by indicator. Raises BadInput where an expression cannot be read."""
        found = [one for entry in self.catalogue.measures.values() if entry.deploy for one in self._of(entry)]
        names = {one.id for one in found}
        return tuple(
            replace(
                one,
                excludes=tuple(other for other in one.excludes if other in names),
                prerequisites=tuple(need for need in one.prerequisites if need.measure in names),
            )
            for one in found
        )

    def count(self, amount: Amount, uses: Sequence[str] = ()) -> float | None:
        """The amount in the base year; None where the registers do not tell."""
        inputs = {
            name: one.model_copy(update={"where": _with_uses(one.where, uses), "value": _with_uses(one.value, uses)})
            for name, one in amount.inputs.items()
        }
        entry = Indicator.model_construct(
            id="amount", unit="", from_=amount.from_, where=_with_uses(amount.where, uses), inputs=inputs,
            value=_with_uses(amount.value, uses), sql=None, golden=(),
        )  # fmt: skip
        catalogue = replace(self.catalogue, indicators={**self.catalogue.indicators, "amount": entry})
        return Evaluation(catalogue, self.facts, self.base.year).figure("amount", self.base.year).value

    def flows(self, measures: Sequence[Measure]) -> dict[str, float]:
        """Indicators in percent that only new building serves → what is newly built a year, as measures count it."""
        yearly = {entry.id for entry in self.catalogue.measures.values() if entry.deploy and entry.deploy.yearly}
        served: dict[str, list[Measure]] = {}
        for one in measures:
            for indicator in one.counts:
                served.setdefault(indicator, []).append(one)
        return {
            indicator: sum(one.counts[indicator] * float(one.build_rate[0]) for one in those)
            for indicator, those in served.items()
            if self.catalogue.indicators[indicator].unit == "%"
            and all(one.id.partition(".")[0] in yearly for one in those)
        }

    def _of(self, entry: Entry) -> Iterator[Measure]:
        deploy = entry.deploy
        assert deploy is not None
        for segment in deploy.segments or (None,):
            words, uses = SEGMENTS[segment] if segment else (None, ())
            stock = self.count(deploy.stock, uses)
            done = (self.count(deploy.done, uses) or 0.0) if deploy.done else 0.0
            name = entry.id if segment is None else f"{entry.id}.{segment}"
            if not stock:
                self.left_out[name] = Text("台账中没有可做的存量", "the registers hold nothing to do it to")
                continue
            found = _Deployed(self, entry, segment, stock, done).measure(name, words)
            if found is None:
                self.left_out[name] = Text("可做的都已做完", "all that can be done is done")
            else:
                yield found

    def scope(self, entry: Entry, deploy: Deployment, segment: str | None, stock: float) -> dict[str, Any]:
        """Names behind an expression, but for the measure's own parameters."""
        default = Defaults(self.catalogue, self.base.year)
        names: dict[str, Any] = {name: default.value(factor) for name, factor in SHARED.items()}
        names |= {"petrol_kg": _PETROL, "diesel_kg": _DIESEL}
        group = (deploy.group or "").format(segment=segment or "")
        homes = HOMES if segment == "housing" else ""
        for carrier in UNITS:
            names[carrier] = self._each(group, carrier, homes, stock) if group else None
        if segment:
            for use, path in ELECTRIC.items():
                names[use] = self._each(f"{segment}/{path}", "electricity", homes, stock)
            for use, path in GAS.items():
                names[f"gas_{use}"] = self._each(f"{segment}/{path}", "natural_gas", homes, stock)
        return names | self._driven(group, entry)

    def _each(self, group: str, carrier: str, homes: str, stock: float) -> float:
        """What the group uses per unit, in kWh, m3, kg or GJ."""
        name = carrier + homes if homes and carrier in ("electricity", "natural_gas") else carrier
        return self.base.below(group, name) * UNITS[carrier][2] / stock

    def _driven(self, group: str, entry: Entry) -> dict[str, float | None]:
        """Kilometres and consumption of a vehicle: the register's, else the measure's own parameters."""
        category = group.removeprefix("transport/") if group.startswith("transport/") else None
        if category is None:
            return {}
        rows = {row["fuel"]: row for row in vehicles(self.facts, self.base.year) if row["category"] == category}
        old = next((rows[fuel] for fuel in ("petrol", "diesel") if fuel in rows), {})
        new = rows.get("bev", {})
        given = {name: parameter.value for name, parameter in entry.parameters.items()}
        return {
            "km": old.get("km_per_vehicle") or given.get("mileage") or given.get("mileage_ice"),
            "litre": old.get("litre_per_100km") or given.get("fuel_ice"),
            "kwh": new.get("kwh_per_100km") or given.get("power") or given.get("power_bev"),
        }


@dataclass
class _Deployed:
    """One measure of the catalogue on one building type (or on the district)."""

    within: Potentials
    entry: Entry
    segment: str | None
    stock: float
    done: float

    def __post_init__(self) -> None:
        deploy = self.entry.deploy
        assert deploy is not None
        self.deploy: Deployment = deploy
        self.given = {name: one.value for name, one in self.entry.parameters.items()}
        self.known: dict[str, Any] = {"stock": self.stock, "done": self.done}
        units = self.value(deploy.units)
        self.known |= {"units": units}
        self.known |= self.within.scope(self.entry, deploy, self.segment, units)

    def value(self, source: str, **changed: float) -> float:
        """An expression's value, with some parameters changed."""
        names = {**self.known, **self.given, **changed}
        place = Place(file=self.within.catalogue.files.get(("measures", self.entry.id), ("",))[-1], item=self.entry.id)
        unknown = [name for name in _parsed(source).names if name not in names]
        found = None if unknown else Values(BASE, names)(_parsed(source).tree)
        if found is None:
            said = "、".join(unknown or [source])
            raise BadInput(
                Problem(
                    "roadmap.measure-value",
                    place,
                    Text(f"“{source}”算不出来：缺 {said}", f"“{source}” has no value: {said} is missing"),
                    Text("在措施的 parameters 中给出，或改写 deploy", "give it in parameters, or change deploy"),
                )
            )
        return float(found)

    def measure(self, name: str, words: Text | None) -> Measure | None:
        deploy, years = self.deploy, np.arange(1.0, len(self.within.years) + 1)
        potential = self.value(deploy.potential)
        if potential <= 0:
            return None
        self.known["potential"] = potential
        self.known["capex"] = self.value(deploy.capex)
        rate = potential if deploy.yearly else self.value(deploy.build_rate)
        series = potential * years if deploy.yearly else np.full(len(years), potential)
        units = float(self.known["units"])
        return Measure(
            id=name,
            zone=None,
            name=_named(self.entry, words),
            unit=deploy.unit,
            potential=series,
            stock=max(float(series.max()), units - self.done if not deploy.yearly else 0.0),
            capex=self.known["capex"],
            life=max(1, round(self.value(deploy.life))),
            build_rate=np.full(len(years), rate),
            opex=self.value(deploy.opex),
            learning=self.value(deploy.learning),
            existing=self.done,
            saves=self._energy(deploy.saves),
            uses=self._energy(deploy.uses),
            co2_t=np.zeros(len(years)),
            group=(deploy.group or "").format(segment=self.segment or "") or None,
            kind=deploy.kind,
            stage=STAGES[deploy.stage],
            fund=deploy.fund,
            owner=deploy.owner,
            excludes=tuple(self._beside(other) for other in deploy.excludes),
            prerequisites=tuple(Prerequisite(self._beside(need.measure), need.ratio) for need in deploy.needs),
            assumed=tuple(self._assumed()),
            ranges=self._ranges(),
            growth=self._growth(units),
            co_benefits=deploy.co_benefits,
            counts=dict(self._counts()),
        )

    def _counts(self) -> Iterator[tuple[str, float]]:
        """Indicator → what one unit adds to it, in its unit; one whose whole the registers do not hold is left out."""
        for indicator, counting in self.deploy.counts.items():
            whole = self.within.count(counting.over) if counting.over else 100.0
            if whole:
                yield indicator, 100 * self.value(counting.value) / whole

    def _growth(self, units: float) -> tuple[float, float] | None:
        """Work on buildings begins small and grows; other trades, and what lasts a year, are bounded by a rate."""
        if self.segment is None or self.deploy.yearly or self.value(self.deploy.life) <= 1:
            return None
        default = Defaults(self.within.catalogue, self.within.base.year)
        return default.value("ramp_growth") / 100, default.value("ramp_start") / 100 * units

    def _energy(self, of: Mapping[str, str]) -> dict[str, Any]:
        """carrier of the case → (year,) per unit of the measure."""
        count = len(self.within.years)
        return {self.carrier(name): np.full(count, self.value(source) / _pieces(name)) for name, source in of.items()}

    def carrier(self, carrier: str) -> str:
        homes = self.segment == "housing" and carrier in ("electricity", "natural_gas")
        return carrier + HOMES if homes else carrier

    def _beside(self, other: str) -> str:
        """The other measure on the same building type, where it stands once for each."""
        entry = self.within.catalogue.measures[other]
        apart = self.segment and entry.deploy and self.segment in entry.deploy.segments
        return f"{other}.{self.segment}" if apart else other

    def _assumed(self) -> Iterator[str]:
        """Fields of the measure that rest on an assumption."""
        parts = {"capex": (self.deploy.capex,), "opex": (self.deploy.opex,), "life": (self.deploy.life,)}
        parts |= {"saves": tuple(self.deploy.saves.values()), "uses": tuple(self.deploy.uses.values())}
        for part, sources in parts.items():
            named = {name for source in sources for name in _parsed(source).names}
            own = [self.entry.parameters[name] for name in named if name in self.entry.parameters]
            shared = named & {*ELECTRIC, *(f"gas_{use}" for use in GAS), *UNITS, *SHARED}
            if shared or any(one.source.status in ("assumption", "remembered") for one in own):
                yield part

    def _ranges(self) -> dict[str, tuple[float, float]]:
        """capex, opex: CNY; saves: how many times the central saving. Parameters move one at a time."""
        found = {
            part: self._range(source) for part, source in (("capex", self.deploy.capex), ("opex", self.deploy.opex))
        }
        found = {part: pair for part, pair in found.items() if pair[0] < pair[1]}
        for source in self.deploy.saves.values():
            central, (low, high) = self.value(source), self._range(source)
            if central > 0 and low < high and "saves" not in found:
                found["saves"] = (low / central, high / central)
        return found

    def _range(self, source: str) -> tuple[float, float]:
        values = [self.value(source)]
        for name in _parsed(source).names:
            parameter = self.entry.parameters.get(name)
            if parameter is not None:
                ends = (end for end in (parameter.low, parameter.high) if end is not None)
                values += [self.value(source, **{name: end}) for end in ends]
        return min(values), max(values)


def _pieces(carrier: str) -> float:
    return UNITS["electricity" if carrier == OWN_POWER else carrier][2]


def _with_uses(source: str | None, uses: Sequence[str]) -> Any:
    listed = "(" + ", ".join(f"'{use}'" for use in uses) + ",)" if uses else "()"
    return source.replace("{uses}", listed) if source else source


def _named(entry: Entry, words: Text | None) -> Text:
    if words is None:
        return entry.name.text
    return Text(f"{entry.name.zh}（{words.zh}）", f"{entry.name.en} ({words.en})")
