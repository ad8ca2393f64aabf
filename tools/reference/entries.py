"""The pages of registers and indicators, made from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dafeng.catalogue import Catalogue
from dafeng.catalogue.schema import Column, Factor, Indicator, Register, Source

REGISTERS_HEAD = """# 台账一览 · Registers

模板：`dafeng template 台账`。带 * 的列必填；“键”列的组合在台账中唯一，同键的新行取代旧行（旧行仍可查）。
Template: `dafeng template REGISTER`. Columns with * are required; the key columns together name a row, and a new
row with the same key supersedes the old one, which is kept.
"""
INDICATORS_HEAD = """# 指标一览 · Indicators

一个数的来历：`dafeng explain IND.指标 --year 年`。算例由人手算，每次测试都重新核对。
Where a figure comes from: `dafeng explain IND.INDICATOR --year YEAR`. Worked cases are worked by hand and checked
by every test run.
"""
FACTORS_HEAD = """# 因子与限值 · Factors and limits

随程序提供的外部数值。新公布的值另起一行，旧行不改；某年用哪一行，看“启用”一列。性质：official 官方，second-hand 转引，
remembered 凭记忆、待核，assumption 假定，computed 由其他因子算出（算式见出处一列，状态随输入中最弱的一个）。
Outside numbers that ship with the program. A newly published value is a new row and the old one stays; “from” says
which row a year uses. What is computed shows its arithmetic beside its source and is as firm as the weakest of
its inputs.
"""
KINDS = {
    "entity": "实体：一行是一个对象 · entity: a row is a thing",
    "series": "时序：一行是一个时期的数 · series: a row is a fact of a period",
    "event": "事件：一行是一次发生 · event: a row is something that happened",
}
SHAPES = {
    "cumulative": "累计 · cumulative",
    "level": "水平 · level",
    "reduction": "较基年下降 · reduction against the base year",
    "limit": "限值 · limit",
}
DIRECTIONS = {"up": "越高越好 · more is better", "down": "越低越好 · less is better"}


def registers_page(catalogue: Catalogue) -> str:
    used: dict[str, list[str]] = {}
    for indicator in catalogue.indicators.values():
        for register in sources_of(indicator):
            used.setdefault(register, []).append(indicator.id)
    sections = [_register(entry, catalogue, used.get(entry.id, [])) for entry in _ordered(catalogue.registers)]
    return REGISTERS_HEAD + "".join(sections)


def indicators_page(catalogue: Catalogue) -> str:
    return INDICATORS_HEAD + "".join(_indicator(entry, catalogue) for entry in _ordered(catalogue.indicators))


def sources_of(indicator: Indicator) -> list[str]:
    """The registers that an indicator draws from by declaration, each once."""
    named = [indicator.from_] if indicator.from_ else []
    return list(dict.fromkeys([*named, *(one.source for one in indicator.inputs.values())]))


def _ordered(entries: Any) -> list[Any]:
    """By the plan's systems first, so that neighbours in the plan are neighbours on the page."""
    return sorted(entries.values(), key=lambda entry: (entry.systems or ("~",), entry.id))


def _register(entry: Register, catalogue: Catalogue, used: list[str]) -> str:
    lines = [f"\n## {entry.id} {entry.name.zh} · {entry.name.en}\n"]
    if entry.about:
        lines.append(f"{entry.about.zh} {entry.about.en}\n")
    facts = [
        KINDS[entry.kind],
        f"填报 · kept by: {entry.owner}",
        f"键 · key: {_codes(entry.key)}",
        f"体系 · systems: {', '.join(entry.systems)}",
        f"依据 · basis: {source_words(entry.basis, catalogue)}",
    ]
    if entry.period:
        facts.append(f"时间列 · period: `{entry.period}`")
    if used:
        facts.append("用于 · used by: " + ", ".join(f"[{name}](indicators.md#{name})" for name in used))
    lines += [f"- {fact}" for fact in facts]
    lines += ["", "| 列 column | 中文 | English | 类型 type | 单位 unit | 规定 rule |", "|---|---|---|---|---|---|"]
    lines += [_column(name, column, catalogue) for name, column in entry.columns.items()]
    if entry.checks:
        lines += ["", "校验 · Checks:", ""]
        lines += [f"- `{check.that}`: {check.says.zh} {check.says.en} ({check.level})" for check in entry.checks]
    return _anchored(entry.id, lines)


def _column(name: str, column: Column, catalogue: Catalogue) -> str:
    rules = []
    if column.of and column.of in catalogue.choices:
        options = catalogue.choices[column.of].options.items()
        rules.append("; ".join(f"{code} {option.zh} {option.en}" for code, option in options))
    elif column.of:
        rules.append(f"`{column.of}`")
    if column.to:
        rules.append(f"→ [{column.to}](#{column.to})")
    if column.min is not None:
        rules.append(f"≥ {_bound(column.min)}")
    if column.max is not None:
        rules.append(f"≤ {_bound(column.max)}")
    if column.help:
        rules.append(f"{column.help.zh} {column.help.en}")
    star = "" if column.optional else " *"
    cells = [f"`{name}`{star}", column.name.zh, column.name.en, column.type, column.unit or "", " · ".join(rules)]
    return _line(cells)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _bound(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _indicator(entry: Indicator, catalogue: Catalogue) -> str:
    lines = [f"\n## {entry.id} {entry.name.zh} · {entry.name.en}\n"]
    if entry.about:
        lines.append(f"{entry.about.zh} {entry.about.en}\n")
    unit = entry.unit or "无单位 · none"
    lines += [
        f"- 单位 · unit: {unit}; {DIRECTIONS[entry.direction]}; {SHAPES[entry.shape]}",
        f"- 负责 · owner: {entry.owner}; 体系 · systems: {', '.join(entry.systems)}",
    ]
    if entry.source:
        lines.append(f"- 依据 · basis: {source_words(entry.source, catalogue)}")
    registers = ", ".join(f"[{name}](registers.md#{name})" for name in sources_of(entry))
    if registers:
        lines.append(f"- 台账 · registers: {registers}")
    lines += ["", "```", *_formula(entry), "```", ""]
    lines += [f"算例 · Worked case: {_case(case)}\n" for case in entry.golden]
    return _anchored(entry.id, lines)


def _formula(entry: Indicator) -> Iterable[str]:
    if entry.sql:
        return entry.sql.strip().splitlines()
    lines = [
        f"{name} = {one.value}  from {one.source}" + (f"  where {one.where}" if one.where else "")
        for name, one in entry.inputs.items()
    ]
    tail = (f"  from {entry.from_}" if entry.from_ else "") + (f"  where {entry.where}" if entry.where else "")
    return [*lines, f"{entry.id} = {entry.value}{tail}"]


def _case(case: Any) -> str:
    rows = ", ".join(f"{register} × {len(rows)}" for register, rows in case.rows.items())
    expected = ", ".join(f"{year}: {'–' if value is None else f'{value:g}'}" for year, value in case.expect.items())
    worked = f" ({case.worked})" if case.worked else ""
    return f"{rows} → {expected}{worked}".replace("*", "\\*")


def factors_page(catalogue: Catalogue) -> str:
    """One row per published value; a factor's later values stand below its earlier ones."""
    lines = [
        FACTORS_HEAD,
        "| id | 中文 | English | 单位 unit | 年 year | 启用 from | 值 value | 性质 status | 出处 source |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for factor in sorted(catalogue.factors.values(), key=lambda factor: (factor.kind, factor.id)):
        for value in factor.values:
            figures = [str(value.year), str(value.from_year), f"{value.value:.10g}"]
            cited = [value.source.status, _cited(value.source, catalogue) + _arithmetic(factor)]
            lines.append(
                _line(
                    [
                        f"`{factor.id}`",
                        factor.name.zh,
                        factor.name.en,
                        factor.unit,
                        *figures,
                        *cited,
                    ]
                )
            )
    return "\n".join(lines) + "\n"


def _arithmetic(factor: Factor) -> str:
    """``: a × b × 44/12 ÷ c`` for a factor that is worked out of others."""
    if not factor.product_of:
        return ""
    times = [] if factor.times == "1" else [factor.times]
    return ": " + " × ".join([*factor.product_of, *times]) + "".join(f" ÷ {one}" for one in factor.over)


def source_words(source: Source, catalogue: Catalogue) -> str:
    """A source as a reader sees it: number and name of the standard, clause, words, and its status if unofficial."""
    return _cited(source, catalogue) + ("" if source.status == "official" else f" ({source.status})")


def _cited(source: Source, catalogue: Catalogue) -> str:
    parts = []
    if source.standard:
        standard = catalogue.standards.get(source.standard)
        known = " ".join(filter(None, [standard.number, standard.name.zh])) if standard else source.standard
        parts.append(known)
    parts += [part for part in (source.clause, source.text and f"{source.text.zh} {source.text.en}") if part]
    return ", ".join(parts)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _anchored(name: str, lines: list[str]) -> str:
    """The section with a stable anchor, whatever its heading is called."""
    heading, *rest = lines
    return "\n".join([f"{heading.rstrip()} {{: #{name} }}\n", *rest]) + "\n"
