"""The pages of methods, official tables and refused numbers, made from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from tools.reference.entries import source_words

from dafeng.catalogue import Catalogue
from dafeng.catalogue.schema import Emits, Layout, LayoutRow, Method, Refusal

METHODS_HEAD = """# 核算方法 · Methods of the account

台账或能源账户的行，怎样成为排放：取哪些行、活动水平是什么、乘哪个因子、列入哪一行。
本区可在 catalogue/methods 中添加或改写。
How rows of a register, or lines of the energy account, become emissions: which rows, what activity, which factor,
which row of the table. A district adds or changes methods in catalogue/methods.
"""
LAYOUTS_HEAD = """# 官方表式 · Official tables

每张表的行。没有记录的行写记号和理由：NO 不存在，NE 未估算，IE 已并入他处，C 保密，0 真零。
The rows of each table. A row with nothing on record carries a key and its reason: NO not occurring, NE not estimated,
IE included elsewhere, C confidential, 0 a true zero.
"""
REFUSALS_HEAD = """# 已知错误值 · Numbers known to be wrong

流传的错误数值和文号。目录中出现时，`dafeng catalogue check` 报 `catalogue.known-wrong`。
Numbers and notices that circulate and are wrong. `dafeng catalogue check` reports each as `catalogue.known-wrong`.

| id | 中文 | English | 为何 why | 出处 source |
|---|---|---|---|---|
"""
MEMOS = {
    "elsewhere": "备忘：区外处置 memo: treated elsewhere",
    "biomass": "备忘：生物质 memo: biomass",
    "sink": "备忘：碳汇 memo: sink",
    "bunkers": "备忘：国际航线 memo: bunkers",
    "power": "备忘：电力调入调出 memo: power",
    "heat": "备忘：热力调入调出 memo: heat",
}


def methods_page(catalogue: Catalogue) -> str:
    methods = sorted(catalogue.methods.values(), key=lambda one: (one.from_, one.id))
    return METHODS_HEAD + "".join(_method(one, catalogue) for one in methods)


def layouts_page(catalogue: Catalogue) -> str:
    return LAYOUTS_HEAD + "".join(_layout(one, catalogue) for _, one in sorted(catalogue.layouts.items()))


def refusals_page(catalogue: Catalogue) -> str:
    return REFUSALS_HEAD + "\n".join(_refusal(one, catalogue) for _, one in sorted(catalogue.refusals.items())) + "\n"


def _method(entry: Method, catalogue: Catalogue) -> str:
    lines = [f"\n## {entry.id} {entry.name.zh} · {entry.name.en} {{: #{entry.id} }}\n"]
    if entry.about:
        lines.append(f"{entry.about.zh} {entry.about.en}\n")
    if entry.from_ in catalogue.registers:
        source = f"[{entry.from_}](registers.md#{entry.from_})"
    else:
        source = "能源账户 energy account"
    lines += [
        f"- 取自 · from: {source}" + (f", `{entry.where}`" if entry.where else ""),
        f"- 活动水平 · activity: `{entry.value}` ({entry.unit}), ±{entry.u_activity_pct:g} %",
    ]
    if entry.kernel:
        given = ", ".join(f"{name} = `{value}`" for name, value in entry.parameters.items())
        lines.append(f"- 算法 · kernel: `{entry.kernel}`" + (f" ({given})" if given else ""))
    lines.append(f"- 依据 · basis: {source_words(entry.source, catalogue)}")
    lines += [
        "",
        "| 气体 gas | 因子 factor | 条件 where | 范围 scope | 清单行 row | GPC | |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_line(_emits(one)) for one in entry.emits]
    return "\n".join(lines) + "\n"


def _emits(one: Emits) -> list[str]:
    return [
        one.gas,
        f"`{one.factor}`" if one.factor else "",
        f"`{one.where}`" if one.where else "",
        str(one.scope),
        _codes(one.row),
        _codes(one.gpc),
        MEMOS[one.memo] if one.memo else "",
    ]


def _codes(codes: str | dict[str, str] | None) -> str:
    if isinstance(codes, dict):
        return "; ".join(f"{value}: {code}" for value, code in codes.items())
    return codes or ""


def _layout(entry: Layout, catalogue: Catalogue) -> str:
    lines = [f"\n## {entry.id} {entry.name.zh} · {entry.name.en} {{: #{entry.id} }}\n"]
    if entry.about:
        lines.append(f"{entry.about.zh} {entry.about.en}\n")
    lines.append(f"- 依据 · basis: {source_words(entry.source, catalogue)}\n")
    lines += [
        "| 行 row | 中文 | English | 上级 parent | 范围 scope | 无记录时 when empty |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_line(_row(row)) for row in entry.rows]
    return "\n".join(lines) + "\n"


def _row(row: LayoutRow) -> list[str]:
    empty = row.key + (f": {row.reason.zh} {row.reason.en}" if row.reason else "")
    scope = str(row.scope or "") + (" memo" if row.memo else "")
    return [f"`{row.code}`", row.name.zh, row.name.en, row.parent or "", scope.strip(), empty]


def _refusal(entry: Refusal, catalogue: Catalogue) -> str:
    why = f"{entry.says.zh} {entry.says.en}"
    return _line([f"`{entry.id}`", entry.name.zh, entry.name.en, why, source_words(entry.source, catalogue)])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
