"""The sheet of dual control as tables: a row per year, and a row per target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dafeng.accounting.constant_prices import Series
from dafeng.accounting.deductions import REGISTER as DEDUCTIONS
from dafeng.accounting.deductions import Assessed, AssessedCut
from dafeng.accounting.dual_control_track import OFFICIAL, OWN, PUBLISHED, Track
from dafeng.accounting.formula_cells import figure, gap, named, words
from dafeng.accounting.lights import LIGHT_WORDS
from dafeng.accounting.lights import light as light_of
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.catalogue.schema import Rule
from dafeng.core.text import Text, same

REGISTER = "yearly_totals"
SOURCE = "guo_ban_fa_2024_39"
WAN_T = 10_000_000_000  # g (or gce) in 万t

# The last year in which energy intensity leads, and the last of the period in which CO2 intensity does.
ENERGY_LEADS_UNTIL, INTENSITY_LEADS_UNTIL = 2025, 2030
LEADS, BESIDE = Text("主导", "leading"), Text("辅助", "auxiliary")
SUPPORTS, NOT_YET = Text("支撑", "supporting"), Text("未实行", "not yet in force")

NAMES: Mapping[str, Text] = {"energy": Text("能源消费总量", "energy"), "co2": Text("二氧化碳排放总量", "CO2")}
BASIS_WORDS: Mapping[str | None, Text] = {
    OFFICIAL: Text("统计数", "statistics"),
    OWN: Text("本账户核算数", "this account"),
    PUBLISHED: Text("逐年公布的降低率", "printed yearly cuts"),
    None: Text("不全的数据", "incomplete data"),
}
NO_TARGET = Text("目标待上级下达", "the target has not been assigned yet")
NO_BASE = Text(
    "缺少上年或基期的总量或不变价生产总值", "a total or constant-price output of the earlier year is missing"
)
BASE_YEAR = Text("基期", "base year")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the tables are made of. assessed: year → deductions carried out; cuts_assessed: year → cut after them."""

    year: int
    base_year: int
    end_year: int
    peak_year: int | None
    targets: Mapping[str, float | None]
    rows: Mapping[int, Mapping[str, Any]]
    output: Series
    energy: Track
    co2: Track
    assessed: Mapping[int, Assessed]
    cuts_assessed: Mapping[int, AssessedCut]

    @property
    def years(self) -> range:
        return range(self.base_year, self.year + 1)

    def after_deductions(self, year: int) -> float | None:
        """The cut after deductions, where anything was deducted."""
        held = self.cuts_assessed.get(year)
        granted = year in self.assessed and any(step.granted for step in self.assessed[year].steps)
        return held.cut if granted and held is not None else None


def leading(year: int, peak_year: int | None) -> dict[str, Text]:
    """Which control leads in a year: row of ``dual_control_targets`` → its role.

    peak_year: the year of the peak once it is declared; until then intensity stays in the lead."""
    if year <= ENERGY_LEADS_UNTIL:
        roles = (LEADS, BESIDE, SUPPORTS, NOT_YET)
    elif peak_year is not None and year > peak_year:
        roles = (SUPPORTS, SUPPORTS, BESIDE, LEADS)
    else:
        roles = (SUPPORTS, SUPPORTS, LEADS, BESIDE)
    return dict(zip(("energy_intensity", "energy_total", "co2_intensity", "co2_total"), roles, strict=True))


# ── a row per year ──


def sheet(made: Sheet, rule: Rule) -> Table:
    return Table(
        "dual_control",
        Text("能耗与碳排放双控表", "Dual control of energy and CO2"),
        made.year,
        _columns(made),
        [Row(str(year), _year_name(made, year), _year_cells(made, year, rule)) for year in made.years],
        notes=_notes(made),
        source="intensity_method_2009",
    )


def _columns(made: Sheet) -> tuple[Column, ...]:
    base = made.output.price_base
    energy, co2 = (_track_columns(name, unit, per) for name, unit, per in (
        ("energy", "万tce", "tce/万CNY"), ("co2", "万tCO2", "tCO2/万CNY"),
    ))  # fmt: skip
    return (
        Column("gdp", Text(f"生产总值（{base} 年价）", f"GDP at prices of {base}"), "亿CNY", digits=2),
        *energy,
        Column("energy_assessed", Text("考核口径能耗", "Energy as assessed"), "万tce", digits=2),
        Column("energy_assessed_city", Text("市级核定考核能耗", "Energy as assessed by the city"), "万tce", digits=2),
        Column("energy_assessed_cut", Text("扣减后累计降低", "Cumulative cut after deductions"), "%", digits=2),
        *co2,
        Column("non_fossil_share", Text("非化石能源占比", "Share of non-fossil energy"), "%", digits=1),
    )


def _track_columns(name: str, unit: str, per: str) -> tuple[Column, ...]:
    what = {"energy": Text("能耗", "energy"), "co2": Text("碳排放", "CO2")}[name]

    def column(suffix: str, zh: str, en: str, unit: str, digits: int) -> Column:
        return Column(f"{name}{suffix}", Text(zh.format(what.zh), en.format(what.en)), unit, digits=digits)

    return (
        column("", "{}（统计）", "{}, statistics", unit, 2),
        column("_own", "{}（本账户）", "{}, this account", unit, 2),
        column("_difference", "{}差额（本账户−统计）", "{}, this account − statistics", unit, 2),
        column("_intensity", "{}强度", "{} intensity", per, 4),
        column("_cut_year", "{}强度比上年降低", "{} intensity, cut in the year", "%", 2),
        column("_cut_total", "{}强度累计降低", "{} intensity, cumulative cut", "%", 2),
        column("_path", "{}强度进度线", "{} intensity, path", "%", 2),
        column("_progress", "{}强度完成进度（对数）", "{} intensity, progress (log)", "%", 2),
        column("_need", "{}强度今后每年还需降低", "{} intensity, yearly cut still needed", "%", 3),
        column("_light", "{}强度灯号", "{} intensity, light", "", 0),
    )


def _year_name(made: Sheet, year: int) -> Text:
    return Text(f"{year} 年（基期）", f"{year} (base)") if year == made.base_year else same(str(year))


def _year_cells(made: Sheet, year: int, rule: Rule) -> dict[str, Cell]:
    row = made.rows.get(year, {})
    gdp = made.output.values.get(year)
    cells = {"gdp": figure(gdp, made.output.how.get(year, "gdp_constant"), why=None if gdp else _no_gdp(year))}
    cells |= _track_cells(made.energy, "energy", "万tce", year, rule, made.after_deductions(year))
    cells |= _assessed_cells(made, year)
    cells |= _track_cells(made.co2, "co2", "万tCO2", year, rule, None)
    for column, field, unit in (
        ("energy_assessed_city", "energy_assessed", "万tce"),
        ("non_fossil_share", "non_fossil_share", "%"),
    ):
        value = row.get(field)
        why = None if value is not None else Text("市级未反馈", "the city has not returned it")
        cells[column] = figure(value, f"{REGISTER}.{field}", why=why, record=named(REGISTER, field, year, value, unit))
    return cells


def _no_gdp(year: int) -> Text:
    return Text(f"{year} 年没有可用的不变价生产总值", f"no usable constant-price output for {year}")


def _track_cells(
    track: Track, name: str, unit: str, year: int, rule: Rule, after_deductions: float | None
) -> dict[str, Cell]:
    official, own = track.official.get(year), track.own.get(year)
    typed = named(REGISTER, name, year, official, unit)
    none = Text("统计数未填报", "statistics do not give it"), Text("本账户没有这一年", "this account has no such year")
    used = BASIS_WORDS[OWN if track.basis == OWN else OFFICIAL]
    intensity = track.intensity(year)
    inputs = {
        "E": typed if track.basis != OWN else f"{name}_own[{year}] = {own} {unit}",
        "GDP": f"dual_control.{year}.gdp",
    }
    cells = {
        "": figure(official, f"{REGISTER}.{name}", why=none[0] if official is None else None, record=typed),
        "_own": figure(own, _own_formula(name), why=none[1] if own is None else None),
        "_difference": figure(None if own is None or official is None else own - official, f"{name}_own − {name}"),
        "_intensity": figure(intensity, "E / GDP", why=NO_BASE if intensity is None else used, **inputs),
        "_light": _light_cell(track, year, rule, after_deductions),
    }
    return {f"{name}{suffix}": cell for suffix, cell in (cells | _cut_cells(track, name, year)).items()}


def _own_formula(name: str) -> str:
    if name == "energy":
        return "Σ gce_equal: final − transformation net − loss (district lines)"
    return "Σ CO2 of energy: scope 1 + scope 2 (district lines)"


def _cut_cells(track: Track, name: str, year: int) -> dict[str, Cell]:
    if year == track.base_year:
        return {suffix: gap(BASE_YEAR) for suffix in ("_cut_year", "_cut_total", "_path", "_progress", "_need")}
    at = {"I_t": f"dual_control.{year}.{name}_intensity"}
    base, before = f"dual_control.{track.base_year}.{name}_intensity", f"dual_control.{year - 1}.{name}_intensity"
    printed = track.basis == PUBLISHED
    total = "1 − ∏(1 − k_i)" if printed else "1 − I_t / I_0"
    goal = (
        {} if track.target is None else {"K": f"{100 * track.target:g} %", "n": f"{track.end_year - track.base_year}"}
    )
    why = NO_TARGET if track.target is None else NO_BASE
    left = track.end_year - year
    over = Text("规划期已结束", "the period is over") if left <= 0 else why
    return {
        "_cut_year": _percent(track.cut_year(year), "1 − I_t / I_t−1", NO_BASE, **at, **{"I_t−1": before}),
        "_cut_total": _percent(track.cut_total(year), total, NO_BASE, **at, I_0=base),
        "_path": _percent(track.path(year), "1 − (1 − K)^(t/n)", NO_TARGET, **goal),
        "_progress": _percent(track.progress(year), "ln(1 − K_t) / ln(1 − K)", why, **goal),
        "_need": _percent(track.need(year), "1 − ((1 − K) / (1 − K_t))^(1/left)", over, **goal, left=str(left)),
    }


def _percent(share: float | None, formula: str, why: Text, **inputs: str) -> Cell:
    return figure(None if share is None else 100 * share, formula, why=why if share is None else None, **inputs)


def _light_cell(track: Track, year: int, rule: Rule, after_deductions: float | None) -> Cell:
    if year == track.base_year:
        return gap(BASE_YEAR)
    found = track.light(year, rule, after_deductions)
    why = NO_TARGET if track.target is None else NO_BASE
    if found == "no_data":
        return gap(why)
    said = LIGHT_WORDS[found]
    if after_deductions is not None:
        said = Text(f"{said.zh}（按扣减后）", f"{said.en} (after deductions)")
    return words(said, light=found, rule=rule.id, status=rule.source.status)


def _assessed_cells(made: Sheet, year: int) -> dict[str, Cell]:
    assessed, held = made.assessed.get(year), made.cuts_assessed.get(year)
    if assessed is None or held is None:
        return {"energy_assessed": gap(NO_BASE), "energy_assessed_cut": gap(NO_BASE)}
    steps = {
        f"{step.claim.kind}_{number}": f"{DEDUCTIONS}#{step.claim.record} = {step.granted / 1e6:g} tce"
        for number, step in enumerate(assessed.steps, start=1)
        if step.granted
    }
    inputs = {"E_total": f"dual_control.{year}.energy{'_own' if made.energy.basis == OWN else ''}", **steps}
    total = Cell(assessed.after / WAN_T, formula="E_total − Σ granted", inputs=inputs)
    if year == made.base_year:
        return {"energy_assessed": total, "energy_assessed_cut": gap(BASE_YEAR)}
    after = {
        "E": f"dual_control.{year}.energy_assessed",
        "GDP": f"dual_control.{year}.gdp",
        "E_0 − same kinds": "–" if held.base is None else f"{held.base / WAN_T:g} 万tce",
        "GDP_0": f"dual_control.{made.base_year}.gdp",
    }
    cut = _percent(held.cut, "1 − (E / GDP) / (E_0 / GDP_0)", held.why or NO_BASE, **after)
    return {"energy_assessed": total, "energy_assessed_cut": cut}


def _notes(made: Sheet) -> list[Text]:
    energy, co2 = BASIS_WORDS[made.energy.basis], BASIS_WORDS[made.co2.basis]
    roles = leading(made.year, made.peak_year)
    lead = next(code for code, role in roles.items() if role is LEADS)
    notes = [
        Text(
            f"生产总值按 {made.output.price_base} 年不变价；能耗按{energy.zh}，碳排放按{co2.zh}，不混用",
            f"output at prices of {made.output.price_base}; energy by {energy.en}, CO2 by {co2.en}",
        ),
        Text(
            f"{made.year} 年以{TARGET_NAMES[lead].zh}为主导（国办发〔2024〕39号）",
            f"in {made.year} the lead is with {TARGET_NAMES[lead].en} (work plan on carbon dual control, 2024)",
        ),
        Text(
            "灯号按累计降低与进度线的对数之比；阈值未见于文件，为本软件的设计选择",
            "lights compare cut and path in logarithms; the thresholds are in no document and are a choice of ours",
        ),
    ]
    if made.year > INTENSITY_LEADS_UNTIL and made.peak_year is None:
        notes.append(Text("达峰年份未宣布，强度仍为主导", "no peak is declared: intensity stays in the lead"))
    return notes


# ── a row per target ──

TARGET_NAMES: Mapping[str, Text] = {
    "energy_intensity": Text("单位生产总值能耗降低", "cut of energy intensity"),
    "energy_total": Text("能源消费总量", "total energy"),
    "co2_intensity": Text("单位生产总值二氧化碳排放降低", "cut of CO2 intensity"),
    "co2_total": Text("二氧化碳排放总量", "total CO2"),
    "non_fossil_share": Text("非化石能源占比", "share of non-fossil energy"),
}
_TARGET_COLUMNS = (
    Column("role", Text("作用", "Role"), ""),
    Column("target", Text("目标", "Target"), "", digits=2),
    Column("reached", Text("实际", "Reached"), "", digits=2),
    Column("plain", Text("其中不计扣减", "Without deductions"), "", digits=2),
    Column("expected", Text("进度线", "Path"), "", digits=2),
    Column("gap", Text("超前（负为落后）", "Ahead (behind: negative)"), "", digits=2),
    Column("progress", Text("完成进度", "Progress"), "%", digits=2),
    Column("need", Text("今后每年还需降低", "Yearly cut still needed"), "%", digits=3),
    Column("light", Text("灯号", "Light"), ""),
)


def targets_table(made: Sheet, rule: Rule) -> Table:
    """``dual_control_targets``: the period's five controls, the leading one said; each row names its unit."""
    roles = leading(made.year, made.peak_year)
    energy, co2 = made.energy.used.get(made.year), made.co2.used.get(made.year)
    share = made.rows.get(made.year, {}).get("non_fossil_share")
    makers: Mapping[str, Callable[[], dict[str, Cell]]] = {
        "energy_intensity": lambda: _intensity_cells(made.energy, made, rule, made.after_deductions(made.year)),
        "energy_total": lambda: _total_cells(made, "energy_total", _assessed_total(made), energy, rule),
        "co2_intensity": lambda: _intensity_cells(made.co2, made, rule, None),
        "co2_total": lambda: _total_cells(made, "co2_total", co2, co2, rule),
        "non_fossil_share": lambda: _total_cells(made, "non_fossil_share", share, share, rule, at_least=True),
    }
    units = {"energy_total": ("万tce", "10⁴ tce"), "co2_total": ("万tCO2", "10⁴ tCO2")}
    rows = []
    for code, make in makers.items():
        name, (zh, en) = TARGET_NAMES[code], units.get(code, ("%", "%"))
        role = roles.get(code, SUPPORTS)
        rows.append(Row(code, Text(f"{name.zh}（{zh}）", f"{name.en} ({en})"), {"role": words(role)} | make()))
    return Table(
        "dual_control_targets",
        Text(
            f"{made.base_year + 1}—{made.end_year} 年双控目标进度",
            f"Dual-control targets {made.base_year + 1}–{made.end_year}",
        ),
        made.year,
        _TARGET_COLUMNS,
        rows,
        notes=_notes(made),
        source=SOURCE,
    )


def _assessed_total(made: Sheet) -> float | None:
    assessed = made.assessed.get(made.year)
    return None if assessed is None else assessed.after / WAN_T


def _intensity_cells(track: Track, made: Sheet, rule: Rule, after_deductions: float | None) -> dict[str, Cell]:
    year = made.year
    done = track.cut_total(year) if after_deductions is None else after_deductions
    path = track.path(year)
    ahead = None if done is None or path is None else done - path
    why = NO_TARGET if track.target is None else NO_BASE
    basis = None if after_deductions is None else Text("扣减后", "after deductions")
    name = "energy" if track is made.energy else "co2"
    column = f"{name}_cut_total" if after_deductions is None else "energy_assessed_cut"
    at = f"dual_control.{year}.{column}"
    reached = figure(None if done is None else 100 * done, "K_t", why=NO_BASE if done is None else basis, K_t=at)
    cells = _cut_cells(track, name, year)
    goal = {} if track.target is None else {"K": f"{100 * track.target:g} %"}
    progress = None if done is None else track.progress_of(done)
    need = None if done is None else track.need_after(done, year)
    return {
        "target": _percent(track.target, "targets", NO_TARGET),
        "reached": reached,
        "plain": _percent(track.cut_total(year), "K_t", NO_BASE, K_t=f"dual_control.{year}.{name}_cut_total"),
        "expected": cells["_path"],
        "gap": _percent(ahead, "reached − expected", why),
        "progress": _percent(progress, "ln(1 − K_t) / ln(1 − K)", why, K_t=at, **goal),
        "need": _percent(need, "1 − ((1 − K) / (1 − K_t))^(1/left)", cells["_need"].reason or why, K_t=at, **goal),
        "light": _light_cell(track, year, rule, after_deductions),
    }


def _total_cells(
    made: Sheet, code: str, value: float | None, plain: float | None, rule: Rule, *, at_least: bool = False
) -> dict[str, Cell]:
    """A total to keep under, or a share to reach, by the end of the period: no path between is prescribed. plain: the
    same without deductions."""
    target = made.targets.get(code)
    no_value = Text("当年没有数", "no figure for the year")
    cells = {
        "target": figure(target, "targets", why=NO_TARGET if target is None else None),
        "reached": figure(value, code, why=no_value if value is None else None),
        "plain": figure(plain, code, why=no_value if plain is None else None),
        "expected": gap(Text("总量和占比没有规定的年度进度线", "no yearly path is prescribed for it")),
        "need": gap(Text("不是强度目标", "not an intensity")),
    }
    if target is None or value is None:
        why = NO_TARGET if target is None else no_value
        return cells | {"gap": gap(why), "progress": gap(why), "light": gap(why)}
    ahead = value - target if at_least else target - value
    share = value / target if at_least else (target / value if value else 1.0)
    found = light_of(rule, has_data=True, due=made.year >= made.end_year, met=ahead >= -1e-9, progress=share)
    return cells | {
        "gap": figure(ahead, "reached − target" if at_least else "target − reached"),
        "progress": figure(100 * share, "reached / target" if at_least else "target / reached"),
        "light": words(LIGHT_WORDS[found], light=found, rule=rule.id, status=rule.source.status),
    }
