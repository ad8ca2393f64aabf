"""Vehicles of a model: branches by class and fuel, and how the electric share answers to what is sold.

The turnover of a class is run once on its total; what the sales of 2030 and 2035 do to the fleet are responses
(``vehicles.fleet_response``), so that a lever on sales or a draw needs no second run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dafeng.pathway.history_facts import DistrictFacts
from dafeng.pathway.stocks import Array, fixed_life, older, weibull
from dafeng.pathway.template import STATUSES, BranchRow, source_of
from dafeng.pathway.vehicles import FleetResponse, ages_of, fleet_response

ELECTRIC, PLUG_IN = ("bev", "fcev"), ("phev", "erev")
AGES = 61
SHORTEST, LONGEST = 0.7, 2.5
KNOTS = (2030, 2035)


@dataclass(frozen=True, slots=True)
class Fleet:
    """One class of a district. total, electric, plug_in: vehicles by year; sold_electric: share of the base year's
    sales that was battery electric, and plug_ratio what of the rest was plug-in hybrid; response: see vehicles."""

    id: str
    entry: Mapping[str, Any]
    years: tuple[int, ...]
    total: Mapping[int, float]
    electric: Mapping[int, float]
    plug_in: Mapping[int, float]
    sold_electric: float
    plug_ratio: float
    response: FleetResponse
    plug_left: Array
    future: tuple[int, ...]

    @property
    def fuel(self) -> str:
        return next(name for name in self.entry["fuels"] if name in ("gasoline", "diesel"))


def fleets(body: Mapping[str, Any], facts: DistrictFacts) -> list[Fleet]:
    """Every class that the register of vehicles knows in all years; none where it holds nothing."""
    classes = (_fleet(body, facts, entry) for entry in body["vehicles"])
    return [one for one in classes if one is not None]


def _fleet(body: Mapping[str, Any], facts: DistrictFacts, entry: Mapping[str, Any]) -> Fleet | None:
    base = facts.years[-1]
    future = tuple(range(base + 1, int(body["last"]) + 1))
    total = _vehicles(facts, entry, None)
    if not total or min(total.values()) <= 0:
        return None
    electric, plug_in = _vehicles(facts, entry, ELECTRIC), _vehicles(facts, entry, PLUG_IN)
    parts = {None: {base: total[base] - electric[base] - plug_in[base]}, ELECTRIC: electric, PLUG_IN: plug_in}
    sold = _sales(facts, entry, base)
    known = sum(sold.values())
    growing = body["fleet_growth"].get(entry["id"], 0.0)
    wanted = total[base] * (1.0 + growing) ** np.arange(1, len(future) + 1)

    def start(survival: Array) -> Array:
        return np.array(
            [
                ages_of(stock[base], survival, _sold_by_age(facts, entry, base, fuels), _growth(stock))
                for fuels, stock in parts.items()
            ]
        )

    survival = _survival(entry, 1.0)
    if known:
        survival = _survival(entry, _stretch(entry, start, float(wanted[0]), known))
    response, plugs = (fleet_response(start(survival), own, survival, wanted, future, (base, *KNOTS)) for own in (1, 2))
    others = known - sold["electric"]
    return Fleet(
        entry["id"], entry, facts.years, total, electric, plug_in,
        sold["electric"] / known if known else float(body["sales"][entry["id"]]["base"]),
        sold["plug_in"] / others if others else 0.0, response, plugs.left, future,
    )  # fmt: skip


def _survival(entry: Mapping[str, Any], stretch: float) -> Array:
    """The class's curve with its life times ``stretch``: (age,)."""
    if entry.get("survival"):
        scale, shape = entry["survival"]
        return weibull(AGES, scale * stretch, shape)
    return fixed_life(AGES, float(entry["life"]) * stretch)


def _stretch(entry: Mapping[str, Any], start: Callable[[Array], Array], wanted: float, sold: float) -> float:
    """By how much lives differ from the published curve, so that what retires in the first year asks for as many
    vehicles as were registered in the last one: a register of a district sees vehicles come and go that are not sold or
    scrapped. Between 0.7 and 2.5; the nearer end where no life fits."""

    def asked(stretch: float) -> float:
        survival = _survival(entry, stretch)
        return wanted - older(start(survival), survival).sum()

    low, high = SHORTEST, LONGEST
    if asked(low) <= sold:
        return low
    if asked(high) >= sold:
        return high
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if asked(middle) > sold else (low, middle)
    return (low + high) / 2


def _vehicles(facts: DistrictFacts, entry: Mapping[str, Any], fuels: tuple[str, ...] | None) -> dict[int, float]:
    made = dict.fromkeys(facts.years, 0.0) if facts.fleet else {}
    for (category, fuel), series in facts.fleet.items():
        if category in entry["categories"] and (fuels is None or fuel in fuels):
            for year, number in series.items():
                made[year] += number
    return made


def _sold_by_age(
    facts: DistrictFacts, entry: Mapping[str, Any], base: int, fuels: tuple[str, ...] | None
) -> dict[int, float]:
    made: dict[int, float] = {}
    for (category, fuel), series in facts.sold.items():
        mine = fuel in fuels if fuels else fuel not in (*ELECTRIC, *PLUG_IN)
        if category in entry["categories"] and mine:
            for year, number in series.items():
                if year <= base:
                    made[base - year] = made.get(base - year, 0.0) + number
    return made


def _sales(facts: DistrictFacts, entry: Mapping[str, Any], base: int) -> dict[str, float]:
    made = {"electric": 0.0, "plug_in": 0.0, "fuel": 0.0}
    for (category, fuel), series in facts.sold.items():
        if category in entry["categories"]:
            kind = "electric" if fuel in ELECTRIC else "plug_in" if fuel in PLUG_IN else "fuel"
            made[kind] += series.get(base, 0.0)
    return made


def _growth(series: Mapping[int, float]) -> float:
    """Yearly growth over history, at most a doubling: how steep the ages of a young fleet are."""
    years = [year for year, value in series.items() if value > 0]
    if len(years) < 2:
        return 0.0
    first, last = years[0], years[-1]
    return min(1.0, (series[last] / series[first]) ** (1 / (last - first)) - 1)


# ── branches ──


def fleet_rows(body: Mapping[str, Any], facts: DistrictFacts, made: list[Fleet]) -> Iterator[BranchRow]:
    for fleet in made:
        yield from _fuel_rows(body, facts, fleet)
        yield from _electric_rows(facts, fleet)


def _accounts(fleet: Fleet, carrier: str) -> Mapping[str, float]:
    """Sector of the account → share of the class's energy that stands there."""
    return fleet.entry.get("accounts", {}).get(carrier) or {fleet.entry["sector"]: 1.0}


def _fuel_rows(body: Mapping[str, Any], facts: DistrictFacts, fleet: Fleet) -> Iterator[BranchRow]:
    density = body["density"][fleet.fuel]
    kinds: list[tuple[str, str, str, tuple[str, ...], bool]] = [
        ("燃油", "fuel", f"fleet_{fleet.id} * max(0, 1 - {_shares(fleet)})", (*ELECTRIC, *PLUG_IN), True)
    ]
    if any(fleet.plug_in.values()):
        kinds.append(("插混燃油", "plug-in fuel", f"fleet_{fleet.id} * plug_{fleet.id}", PLUG_IN, False))
    for zh, en, activity, fuels, other in kinds:
        litres = _use(facts, fleet, "litre", fuels, other)
        for sector, share in _accounts(fleet, fleet.fuel).items():
            yield BranchRow(
                f"交通/{fleet.entry['zh']}/{zh}{_SECTORS.get(sector, '') if share < 1 else ''}/{fleet.fuel}",
                {"zh": f"{fleet.entry['zh']}{zh}", "en": f"{fleet.entry['en']}: {en}"},
                sector, fleet.fuel, activity if share == 1 else f"{share} * {activity}", "辆",
                {year: amount * share * density / 1000 for year, amount in litres.items()},
                "effect_freight" if fleet.id in ("freight", "heavy") else "effect_vehicle", anchored=True,
                source=source_of(fleet.entry.get("status")),
            )  # fmt: skip


def _electric_rows(facts: DistrictFacts, fleet: Fleet) -> Iterator[BranchRow]:
    kinds = [("纯电", "electric", f"fleet_{fleet.id} * ev_{fleet.id}", ELECTRIC)]
    if any(fleet.plug_in.values()):
        kinds.append(("插混用电", "plug-in power", f"fleet_{fleet.id} * plug_{fleet.id}", PLUG_IN))
    for zh, en, activity, fuels in kinds:
        kwh = _use(facts, fleet, "kwh", fuels, False)
        for sector, share in _accounts(fleet, "electricity").items():
            yield BranchRow(
                f"交通/{fleet.entry['zh']}/{zh}{_CHARGED.get(sector, '') if share < 1 else ''}/electricity",
                {"zh": f"{fleet.entry['zh']}{zh}", "en": f"{fleet.entry['en']}: {en}"},
                sector, "electricity", activity if share == 1 else f"{share} * {activity}", "辆",
                {year: amount * share / 1e4 for year, amount in kwh.items()},
                "effect_freight_electric" if fleet.id in ("freight", "heavy") else "effect_distance", anchored=True,
                source=source_of(fleet.entry.get("status")),
            )  # fmt: skip


_SECTORS = {"homes": "（居民）", "services": "（单位）", "transport": "（营运）"}
_CHARGED = {"homes": "（家充）", "transport": "（公共充电）"}


def _shares(fleet: Fleet) -> str:
    return f"ev_{fleet.id} - plug_{fleet.id}" if any(fleet.plug_in.values()) else f"ev_{fleet.id}"


def _use(
    facts: DistrictFacts, fleet: Fleet, what: str, fuels: tuple[str, ...], other: bool
) -> dict[int, float]:  # fmt: skip
    """Litres or kWh by year: vehicles × km × per 100 km, measured where the register has it, else the template's."""
    entry, made = fleet.entry, dict.fromkeys(fleet.years, 0.0)
    for (category, fuel), series in facts.fleet.items():
        if category not in entry["categories"] or (fuel in fuels) == other:
            continue
        plug = fuel in PLUG_IN
        km = entry["km_ev"] if fuel in ELECTRIC else entry["km"]
        standard = entry.get(f"{what}_phev" if plug else what, 0.0)
        for year in fleet.years:
            km_used = facts.travel.get((category, fuel, "km"), {}).get(year, km)
            used = facts.travel.get((category, fuel, what), {}).get(year, standard)
            made[year] += series.get(year, 0.0) * km_used * used / 100
    return made


# ── drivers ──


def fleet_drivers(made: list[Fleet], body: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(drivers, stocks): fleet, electric and plug-in share of each class, and the responses they rest on."""
    drivers: list[dict[str, Any]] = []
    stocks: list[dict[str, Any]] = []
    for fleet in made:
        zh, en = fleet.entry["zh"], fleet.entry["en"]
        growth = "car_fleet_growth" if fleet.id == "car" else f"{body['fleet_growth'].get(fleet.id, 0.0)}"
        drivers.append(
            _driver(f"fleet_{fleet.id}", "辆", fleet.total, f"grow({growth})", f"{zh}保有量", f"{en}: fleet")
        )
        sales = body["sales"][fleet.id]
        for year, key in zip(KNOTS, ("y2030", "y2035"), strict=True):
            value = max(float(sales[key]), fleet.sold_electric)
            drivers.append(
                {
                    "name": f"ev_{fleet.id}_{year}",
                    "unit": "1",
                    "value": round(value, 4),
                    "source": STATUSES["assumption"],
                }
                | {"title": {"zh": f"{year}年{zh}新车纯电动占比", "en": f"{en}: electric share of sales in {year}"}}
            )
        sold = f"ev_{fleet.id}_2030 * stock.{fleet.id}_2030 + ev_{fleet.id}_2035 * stock.{fleet.id}_2035"
        of_base = fleet.response.per_share[0] * fleet.sold_electric
        stocks += [
            _stock(
                f"{fleet.id}_left", fleet, fleet.response.left, f"{zh}：基年纯电动车留存占比", "left of the base year"
            ),
            _stock(
                f"{fleet.id}_base",
                fleet,
                of_base,
                f"{zh}：按基年占比售出的纯电动车占比",
                "sold at the base year's share",
            ),
            _stock(
                f"{fleet.id}_2030",
                fleet,
                fleet.response.per_share[1],
                f"{zh}：2030年销售占比的响应",
                "response to 2030",
            ),
            _stock(
                f"{fleet.id}_2035",
                fleet,
                fleet.response.per_share[2],
                f"{zh}：2035年销售占比的响应",
                "response to 2035",
            ),
        ]
        drivers.append(
            _driver(
                f"ev_{fleet.id}", "1", _ratio(fleet.electric, fleet.total),
                f"stock.{fleet.id}_left + stock.{fleet.id}_base + {sold}", f"{zh}纯电动占比", f"{en}: electric share",
            )
        )  # fmt: skip
        if any(fleet.plug_in.values()):
            stocks.append(_stock(f"{fleet.id}_plug_left", fleet, fleet.plug_left, f"{zh}：插混留存", "plug-ins left"))
            all_sold = fleet.response.per_share.sum(axis=0)
            stocks.append(
                _stock(f"{fleet.id}_sold", fleet, all_sold, f"{zh}：基年后售出占比", "sold since the base year")
            )
            rest = f"stock.{fleet.id}_sold - stock.{fleet.id}_base - {sold.replace(' + ', ' - ')}"
            drivers.append(
                _driver(
                    f"plug_{fleet.id}", "1", _ratio(fleet.plug_in, fleet.total),
                    f"stock.{fleet.id}_plug_left + {fleet.plug_ratio:.6g} * ({rest})", f"{zh}插混占比",
                    f"{en}: plug-in share",
                )
            )  # fmt: skip
    return drivers, stocks


def _driver(name: str, unit: str, history: Mapping[int, float], value: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "name": name, "unit": unit, "history": dict(history), "value": value, "title": {"zh": zh, "en": en},
        "source": STATUSES["account"],
    }  # fmt: skip


def _stock(name: str, fleet: Fleet, values: Array, zh: str, en: str) -> dict[str, Any]:
    return {
        "name": name, "unit": "1", "values": points(fleet.years[-1], values), "source": STATUSES["computed"],
        "title": {"zh": zh, "en": f"{fleet.entry['en']}: {en}"},
    }  # fmt: skip


def points(base: int, values: Array, at_base: float = 0.0) -> str:
    """A series of a stock model as an expression: the value of each year after the base year."""
    told = ", ".join(f"{base + step}, {float(value)!r}" for step, value in enumerate(values, 1))
    return f"interp({base}, {at_base!r}, {told})"


def _ratio(part: Mapping[int, float], whole: Mapping[int, float]) -> dict[int, float]:
    return {year: part[year] / whole[year] for year in whole}
