"""The deductions of a year as a table: every claim with before and after, its document, and what was not granted."""

from __future__ import annotations

from collections.abc import Mapping

from dafeng.accounting.deductions import (
    CAP,
    GCE,
    KIND_WORDS,
    NEW_ONLY,
    NON_FOSSIL,
    REGISTER,
    RULES,
    Assessed,
    Step,
    only_new,
)
from dafeng.accounting.formula_cells import words
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.catalogue.load import Catalogue
from dafeng.core.text import Text, same

# The period whose evaluation the notice of 2024 speaks of ends here.
LAST_YEAR_OF_NOTICE = 2025

_COLUMNS = (
    Column("before", Text("扣减前", "Before"), "tce", GCE, 2),
    Column("asked", Text("申报", "Asked for"), "tce", GCE, 2),
    Column("granted", Text("扣减", "Deducted"), "tce", GCE, 2),
    Column("refused", Text("未予扣减", "Not granted"), "tce", GCE, 2),
    Column("after", Text("扣减后", "After"), "tce", GCE, 2),
    Column("document", Text("依据", "Document"), ""),
)


def deductions_table(assessed: Assessed, catalogue: Catalogue, saving: Mapping[str, str] | None = None) -> Table:
    """``dual_control_deductions``: the year's total, every claim in legal order, what is left.

    saving: where the parts of the saving needed (GDP, I_0, K) come from."""
    rows = [_edge("total", Text("能源消费总量", "total energy"), "before", assessed.total)]
    rows += [_step_row(number, step, catalogue) for number, step in enumerate(assessed.steps, start=1)]
    if assessed.cap is not None:
        inputs = {**(saving or {}), "share": CAP}
        cap = Cell(assessed.cap, formula="GDP × I_0 × K × share", inputs=inputs)
        rows.append(Row("cap", Text("绿证抵扣上限", "cap of certificates"), {"granted": cap}, kind="note"))
    rows.append(_edge("assessed", Text("考核口径能源消费量", "energy as assessed"), "after", assessed.after))
    return Table(
        "dual_control_deductions",
        Text("双控考核扣减", "Deductions of dual control"),
        assessed.year,
        _COLUMNS,
        rows,
        notes=_notes(assessed),
        source="green_certificates_2024",
    )


def _edge(code: str, name: Text, column: str, gce: int) -> Row:
    formula = "E_total" if code == "total" else "E_total − Σ granted"
    return Row(code, name, {column: Cell(gce, formula=formula)}, kind="sum")


def _step_row(number: int, step: Step, catalogue: Catalogue) -> Row:
    claim = step.claim
    rule = catalogue.standards[RULES[claim.kind]]
    if claim.kind == NON_FOSSIL and only_new(catalogue, claim.year):
        rule = catalogue.standards[NEW_ONLY]
    asked: dict[str, str] = {"record": f"{REGISTER}#{claim.record}"}
    formula = "tce"
    if claim.equivalent is not None:
        formula = "MWh × 1000 × kgce/kWh"
        asked |= {"MWh": f"{claim.energy_mwh:g} MWh", "kgce/kWh": claim.equivalent.factor}
    said = same(claim.document if rule.number is None else f"{claim.document}（{rule.number}）")
    cells = {
        "before": Cell(step.before, formula="after[previous]"),
        "asked": Cell(claim.gce, formula=formula, inputs=asked),
        "granted": Cell(step.granted, formula="min(asked, room)"),
        "refused": Cell(claim.gce - step.granted, reason=step.why, formula="asked − granted"),
        "after": Cell(step.after, formula="before − granted"),
        "document": words(said, rule=rule.id),
    }
    return Row(f"{claim.kind}_{number}", KIND_WORDS[claim.kind], cells, depth=1)


def _notes(assessed: Assessed) -> list[Text]:
    notes = [
        Text(
            "顺序：物理电量在前，绿证在后；同一度电只有一个编号，只扣一次",
            "order: physical power first, certificates last; each kWh carries one serial and is deducted once",
        )
    ]
    if (held := assessed.equivalent) is not None:
        notes.append(
            Text(
                f"电力按等价值 {held.value:g} kgce/kWh 折算（{held.factor}），与能源消费总量同一口径",
                f"electricity at coal equivalent {held.value:g} kgce/kWh ({held.factor}), as in the total",
            )
        )
    if assessed.year > LAST_YEAR_OF_NOTICE:
        notes.append(
            Text(
                f"绿证抵扣的文件针对“十四五”（至 {LAST_YEAR_OF_NOTICE} 年）；此后沿用为本软件的假设",
                f"the notice on certificates is on 2021–{LAST_YEAR_OF_NOTICE}; its use after that is an assumption",
            )
        )
    notes += [
        Text(
            f"{KIND_WORDS[step.claim.kind].zh}“{step.claim.document}”：{step.why.zh}",
            f"{step.claim.document}: {step.why.en}",
        )
        for step in assessed.steps
        if step.why is not None
    ]
    return notes
