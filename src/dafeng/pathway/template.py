"""The shipped template of a model: which branches a district has, and how they move; never how much it uses.

A template is data (``catalogue/data/models``): parameters with their status, floor area and fleets with their lives,
types of buildings with the split of their energy, classes of vehicles, what is left, scenarios. With the facts of a
district it becomes rows; with its account (``history``) the rows get their past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dafeng.core.errors import Place, Problems
from dafeng.pathway.history_facts import DistrictFacts

SHIPPED = "urban_district"
SECTIONS = ("parameters", "floors", "ends", "buildings", "home", "vehicles", "sales", "others", "effects", "scenarios")
# Statuses of the sources and how a model's rows say them in words.
STATUSES: Mapping[str, str] = {
    "official": "官方 official",
    "literature": "文献 literature",
    "second-hand": "二手 second-hand",
    "assumption": "判断 assumption",
    "computed": "计算 computed",
    "account": "账户 account",
}
# In what unit a branch's intensity stands, by carrier, for each unit of activity; native unit of the carrier.
NATIVE: Mapping[str, str] = {
    "electricity": "万kWh", "natural_gas": "万m3", "heat": "GJ", "biomass": "tce", "other": "tce",
}  # fmt: skip


@dataclass
class BranchRow:
    """A branch before it has a history. estimate: year → energy in the account's unit, from below; anchored: whether
    it stands as estimated (counted vehicles, metered halls) while the others share what is left; residual: whether it
    has no estimate (``estimate`` is a weight) and takes what the others leave."""

    path: str
    title: Mapping[str, str]
    sector: str
    carrier: str
    activity: str
    activity_unit: str
    estimate: Mapping[int, float]
    effect: str | None = None
    anchored: bool = False
    residual: bool = False
    source: str = STATUSES["assumption"]
    history: dict[int, float] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        intensity = f"hold() * {self.effect}" if self.effect else "hold()"
        unit = NATIVE.get(self.carrier, "t")
        return {
            "path": self.path,
            "title": dict(self.title),
            "activity": self.activity,
            "activity_unit": self.activity_unit,
            "intensity": intensity,
            "intensity_unit": f"{unit}/{self.activity_unit}" if self.activity_unit != "1" else unit,
            "history": dict(self.history),
            "source": self.source,
        }


def read_template(body: Mapping[str, Any], place: Place | None = None) -> Mapping[str, Any]:
    """The mapping ``model`` of a catalogue entry of kind models, checked for what the building of rows relies on.
    Raises BadInput with everything found."""
    problems = Problems()
    place = place or Place(item=SHIPPED)
    for section in SECTIONS:
        if not body.get(section):
            _lacks(problems, place, section)
    if not problems.found:
        _check_parameters(problems, place, body)
        _check_splits(problems, place, body)
        _check_scenarios(problems, place, body)
    problems.raise_if_any()
    return body


def _lacks(problems: Problems, place: Place, section: str) -> None:
    problems.add(
        "pathway.template-lacks",
        Place(place.file, item=place.item, field=section),
        f"模型样板缺少“{section}”一节",
        f"the template has no section “{section}”",
        fix_zh="照 urban_district 补上",
        fix_en="add it as in urban_district",
    )


def _check_parameters(problems: Problems, place: Place, body: Mapping[str, Any]) -> None:
    for one in body["parameters"]:
        value, low, high = (one.get(name) for name in ("value", "low", "high"))
        fits = all(isinstance(number, int | float) for number in (value, low, high)) and low <= value <= high
        if not fits or one.get("status") not in STATUSES:
            problems.add(
                "pathway.template-parameter",
                Place(place.file, item=place.item, field=f"parameters › {one.get('name')}"),
                "参数要有 low ≤ value ≤ high 和状态 status",
                "a parameter has low ≤ value ≤ high and a status",
                fix_zh=f"status 为 {'、'.join(STATUSES)} 之一",
                fix_en=f"status is one of {', '.join(STATUSES)}",
            )


def _check_splits(problems: Problems, place: Place, body: Mapping[str, Any]) -> None:
    for one in (*body["buildings"], body["home"]):
        split = one.get("split") or ()
        if len(split) != len(body["ends"]) or abs(sum(split) - 100) > 1e-9:
            problems.add(
                "pathway.template-split",
                Place(place.file, item=place.item, field=f"buildings › {one.get('id', 'home')} › split"),
                f"用能拆分应有 {len(body['ends'])} 项、合计100%，现为 {sum(split):g}%",
                f"a split has {len(body['ends'])} parts that make 100 %; it makes {sum(split):g} %",
                fix_zh="改正拆分",
                fix_en="mend the split",
            )


def _check_scenarios(problems: Problems, place: Place, body: Mapping[str, Any]) -> None:
    known = {one["name"] for one in body["parameters"]} | {"sales"}
    for one in body["scenarios"]:
        for name in one.get("set") or {}:
            if name not in known:
                problems.add(
                    "pathway.template-scenario",
                    Place(place.file, item=place.item, field=f"scenarios › {one.get('name')} › {name}"),
                    f"情景改动的“{name}”不是样板的参数",
                    f"the scenario changes “{name}”, which is no parameter of the template",
                    fix_zh="改正名称，或先在 parameters 中写上",
                    fix_en="mend the name or add it to parameters",
                )


def source_of(status: str | None) -> str:
    return STATUSES[status or "assumption"]


def title_of(entry: Mapping[str, Any], *more: str) -> dict[str, str]:
    return {"zh": entry["zh"], "en": " ".join([entry["en"], *more])}


# ── floor area ──


def areas(body: Mapping[str, Any], facts: DistrictFacts) -> dict[str, dict[int, float]]:
    """Driver of a floor area → 万m2 by year: of the register of buildings, else so much a resident (an assumption)."""
    made = {}
    for one in (*body["buildings"], {"id": "home", **body["home"]}):
        series = {year: sum(facts.area.get(use, {}).get(year, 0.0) for use in one["uses"]) for year in facts.years}
        if not all(series.values()):
            series = {year: one["per_person"] * people for year, people in facts.residents.items()}
        made[f"area_{one['id']}"] = series
    return made


def response(body: Mapping[str, Any], facts: DistrictFacts, end: str, year: int) -> float:
    """How the weather of a year moves an end use: 1 + part × (degree days ÷ their mean − 1)."""
    kind = body["ends"][end].get("weather") if end in body["ends"] else None
    relative = facts.weather.get(kind or "", {}).get(year, 1.0)
    return 1.0 + (body.get("weather_response", {}).get(kind, 0.0) * (relative - 1.0) if kind else 0.0)


def building_rows(body: Mapping[str, Any], facts: DistrictFacts) -> Iterator[BranchRow]:
    area = areas(body, facts)
    status = source_of(body.get("building_status"))
    for one in body["buildings"]:
        yield from _rows_of(body, facts, one, area[f"area_{one['id']}"], "公共建筑", "public", status)


def home_rows(body: Mapping[str, Any], facts: DistrictFacts) -> Iterator[BranchRow]:
    one = {"id": "home", **body["home"]}
    yield from _rows_of(body, facts, one, areas(body, facts)["area_home"], "居民", "home", source_of(one.get("status")))


def _rows_of(
    body: Mapping[str, Any],
    facts: DistrictFacts,
    one: Mapping[str, Any],
    area: Mapping[int, float],
    group: str,
    kind: str,
    status: str,
) -> Iterator[BranchRow]:
    for (end, entry), percent in zip(body["ends"].items(), one["split"], strict=True):
        if not percent:
            continue
        estimate = {
            year: area[year] * one["electricity"] * percent / 100 * response(body, facts, end, year) for year in area
        }
        yield BranchRow(
            f"{group}/{one['zh']}/{entry['zh']}/electricity",
            {"zh": f"{one['zh']}{entry['zh']}", "en": f"{one['en']}: {entry['en'].lower()}"},
            one["sector"], "electricity", _with_weather(f"area_{one['id']}", entry, facts), "万m2", estimate,
            f"effect_{end}_{kind}", source=status,
        )  # fmt: skip
    for end, share in (one.get("gas_split") or body["gas_split"]).items():
        entry = body["ends"][end]
        if not one["gas"]:
            continue
        estimate = {year: area[year] * one["gas"] * share * response(body, facts, end, year) for year in area}
        yield BranchRow(
            f"{group}/{one['zh']}/{entry['zh']}/natural_gas",
            {"zh": f"{one['zh']}燃气{entry['zh']}", "en": f"{one['en']}: {entry['en'].lower()} (gas)"},
            one["sector"], "natural_gas", _with_weather(f"area_{one['id']}", entry, facts), "万m2", estimate,
            f"effect_gas_{end}_{kind}", source=status,
        )  # fmt: skip


def _with_weather(area: str, entry: Mapping[str, Any], facts: DistrictFacts) -> str:
    kind = entry.get("weather")
    return f"{area} * weather_{kind}" if kind and facts.weather.get(kind) else area


# ── what else ──


def centre_rows(body: Mapping[str, Any], facts: DistrictFacts) -> Iterator[BranchRow]:
    """Data centres as metered: what the servers use, and what is used to cool and feed them."""
    if not (facts.dc_total and facts.dc_it):
        return
    sector = body.get("data_centres", {}).get("sector", "services")
    rest = {year: facts.dc_total[year] - facts.dc_it[year] for year in facts.years}
    for path, title, activity, estimate in (
        ("IT设备", {"zh": "数据中心IT设备", "en": "Data centres: IT"}, "dc_it", facts.dc_it),
        ("供冷供电", {"zh": "数据中心供冷供电", "en": "Data centres: cooling and supply"}, "dc_it * (pue - 1)", rest),
    ):
        yield BranchRow(
            f"数据中心/机房/{path}/electricity", title, sector, "electricity", activity, "万kWh", estimate,
            anchored=True, source=STATUSES["account"],
        )  # fmt: skip


def other_rows(body: Mapping[str, Any], facts: DistrictFacts, drivers: Sequence[str]) -> Iterator[BranchRow]:
    """drivers: names of the activities a district has; without the one asked for, output of the district stands in."""
    for one in body["others"]:
        activity = one["activity"] if one["activity"] in drivers else "gdp_level"
        yield BranchRow(
            f"{one['path']}/{one['carrier']}", {"zh": one["path"].split("/")[-1], "en": one["en"]}, one["sector"],
            one["carrier"], activity, UNITS.get(activity, "1"), dict.fromkeys(facts.years, float(one["weight"])),
            one.get("effect"), residual=True, source=source_of(one.get("status")),
        )  # fmt: skip
    for one in body.get("utilities", ()):
        if not facts.residents:
            return
        estimate = {year: one["kwh_per_head"] * people for year, people in facts.residents.items()}
        yield BranchRow(
            f"{one['path']}/electricity", {"zh": one["path"].split("/")[1], "en": one["en"]}, one["sector"],
            "electricity", "residents", "万人", estimate, "effect_per_head", anchored=True,
            source=source_of(one.get("status")),
        )  # fmt: skip


# Units of the activities that rows may rest on; levels are numbers.
UNITS: Mapping[str, str] = {
    "va_industry": "亿CNY", "va_construction": "亿CNY", "households": "万套", "residents": "万人",
}  # fmt: skip
