"""Our totals against a series that others made for the same territory: level, trend, and a plain verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text, same
from dafeng.workflows.account_answers import Answer
from dafeng.workflows.account_making import Asked, make
from dafeng.workflows.account_tables import table_as_data
from dafeng.workflows.plain_tables import PlainTable, read_plain_table

if TYPE_CHECKING:
    import polars as pl

    from dafeng.workflows.district import District

# Codes of series_units → tonnes in one.
TONNES = {"t": 1.0, "kt": 1_000.0, "wan_t": 10_000.0, "mt": 1_000_000.0}
WHAT = {
    "co2": Text("能源二氧化碳（直接加外购电力热力）", "CO2 of energy, direct and of power and heat bought"),
    "direct": Text("直接排放的二氧化碳（能源活动）", "direct CO2 of energy"),
}


@machine_in_words()
def check_files(ours: Path, theirs: Path) -> Answer:
    """Two CSV files with the columns year and value, in one unit. Raises BadInput with every fault of both."""
    tables = [_read(path) for path in (ours, theirs)]
    faults = [problem for table in tables for problem in table.problems]
    if faults:
        raise BadInput(faults)
    try:
        return _answer(tables[0].frame, tables[1].frame, "", same(theirs.name), synthetic=False)
    except BadInput as error:
        raise BadInput([_in_file(problem, *tables) for problem in error.problems]) from None


@machine_in_words()
def check_account(
    district: District, against: Path | None, series: str | None, *, what: str = "co2", gwp: str | None = None
) -> Answer:
    """The district's CO2 against a CSV file in tonnes, or against a series of the register outside_series.

    what: ``co2`` or ``direct``. Raises BadInput when there is no such series, or none that is one."""
    import polars as pl

    from dafeng.accounting.account import lines_of_total

    account = make(district, Asked(gwp=gwp), ())
    lines = lines_of_total("emissions", account.emissions, "district", "", None)
    if what == "direct":
        lines = lines.filter(pl.col("scope") == 1)
    ours = lines.group_by("year").agg((pl.col("gas_g").sum() / 1e10).alias("value")).sort("year")
    if against is not None:
        table = _read(against)
        if table.problems:
            raise BadInput(table.problems)
        theirs, name = table.frame.with_columns(pl.col("value") / 1e4), same(against.name)
        try:
            answer = _answer(ours, theirs, "万t", name, synthetic=district.synthetic)
        except BadInput as error:
            raise BadInput([_in_file(problem, None, table) for problem in error.problems]) from None
    else:
        theirs, name = _series(district, series)
        answer = _answer(ours, theirs, "万t", name, synthetic=district.synthetic)
    counted = WHAT[what]
    said = ({"zh": f"核对的是{counted.zh}。", "en": f"What is checked: {counted.en}."}, *answer.said)
    return replace(answer, said=said)


def _answer(ours: pl.DataFrame, theirs: pl.DataFrame, unit: str, name: Text, *, synthetic: bool) -> Answer:
    from dataclasses import asdict

    from dafeng.accounting.independent import check_table, compare

    verdict = compare(ours, theirs)
    table = table_as_data(check_table(verdict, unit, name))
    says = {"zh": verdict.says.zh, "en": verdict.says.en}
    return Answer(synthetic, [{**table, "notes": []}], said=[says], more={"verdict": asdict(verdict), "says": says})


def _series(district: District, wanted: str | None) -> tuple[pl.DataFrame, Text]:
    """A series of the register in 万t; the only one there is, if none is named."""
    import polars as pl

    with district.open_store() as store:
        frame = store.frame(district.catalogue.registers["outside_series"])
    names = frame["series"].unique(maintain_order=True).to_list()
    if (wanted is None and len(names) != 1) or (wanted is not None and wanted not in names):
        raise BadInput(_which(names))
    name = wanted or names[0]
    held = frame.filter(pl.col("series") == name)
    tonnes = pl.col("unit").replace_strict(TONNES, return_dtype=pl.Float64)
    return held.select("year", value=pl.col("value") * tonnes / 1e4).sort("year"), same(str(name))


def _read(path: Path) -> PlainTable:
    """year and value as numbers. A missing column is found by the engine."""
    import polars as pl

    table = read_plain_table(path, ("year", "value"))
    if "year" in table.frame.columns:
        table.frame = table.frame.with_columns(pl.col("year").cast(pl.Int64, strict=False))
    return table


def _in_file(problem: Problem, ours: PlainTable | None, theirs: PlainTable) -> Problem:
    """The problem with the file, row and column that it lies in."""
    table = ours if problem.place.item == "ours" else theirs
    if table is None or problem.place.item not in ("ours", "theirs"):
        return problem
    row = None if problem.place.row is None else problem.place.row - 1
    return replace(problem, place=table.where(row, problem.place.field))


def _which(names: list[str]) -> Problem:
    listed = "、".join(names)
    return Problem(
        "account.which-series",
        Place(item="outside_series"),
        Text("没有指明与哪条外部序列核对" if names else "还没有外部序列", "which series to check against is not clear"),
        Text(
            f"用 --series 写序列名称：{listed}"
            if names
            else "填报 outside_series 台账，或用 --against 给一个 CSV 文件",
            f"name one with --series: {listed}"
            if names
            else "load the register outside_series, or give --against FILE",
        ),
    )
