"""The value of an indicator in a year, with every record, factor and indicator that it rests on."""

from __future__ import annotations

import ast
import functools
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Indicator
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.evaluation import Columns, Values
from dafeng.core.expressions import Expression, dotted, names_in, parse
from dafeng.core.functions import BASE, Function
from dafeng.core.periods import five_year_start
from dafeng.core.text import Text
from dafeng.indicators.facts import PERIOD, RECORD, Facts
from dafeng.indicators.figures import Asked, Drawn, Figure, Sql, Totals, UsedFactor, UsedTotal
from dafeng.indicators.grammar import ACCOUNT, DRAWS, PARAMETERS

# An indicator may look at itself in other years; a chain longer than this has no end, or would overflow the stack.
_LONGEST_CHAIN = 40
# Years a figure can be asked in, so that a slip in a formula (year * 100) is a missing figure.
_YEARS = range(1900, 2201)


class Circle(BadInput):
    """Indicators that refer to each other in a circle."""

    def __init__(self, names: Sequence[str], file: str | None):
        shown = " → ".join((*names[:6], "…", names[-1]) if len(names) > 8 else names)
        super().__init__(
            Problem(
                "indicators.circle",
                Place(file=file, item=names[0], field="value"),
                Text(f"指标互相引用成环：{shown}", f"indicators refer to each other in a circle: {shown}"),
                Text("断开其中一处引用", "break one of the references"),
            )
        )


@functools.lru_cache(maxsize=4096)
def _parsed(source: str) -> Expression:
    # Names and types were checked with the catalogue; here any name may stand.
    return parse(source, lambda _: "any", DRAWS)


class Evaluation:
    """Computes figures on one set of facts and keeps them, so that shared parts are computed once."""

    def __init__(
        self,
        catalogue: Catalogue,
        facts: Facts,
        base_year: int = 2020,
        sql: Sql | None = None,
        totals: Totals | None = None,
    ):
        self.catalogue, self.facts, self.base_year, self.sql = catalogue, facts, base_year, sql
        self.totals = totals
        self._done: dict[tuple[str, Asked], Figure] = {}
        self._open: list[tuple[str, Asked]] = []

    def figure(self, indicator: str, year: int, start: int | None = None, base_year: int | None = None) -> Figure:
        """Value of ``indicator`` in ``year``.

        start: first year that a cumulative figure counts from (that of the five-year plan holding the year);
        base_year: year that a cut is measured against (the district's).
        """
        start = five_year_start(year) if start is None else start
        key = (indicator, Asked(year, start, self.base_year if base_year is None else base_year))
        if key not in self._done:
            if key in self._open or len(self._open) >= _LONGEST_CHAIN:
                chain = self._open[self._open.index(key) :] if key in self._open else self._open
                file = self.catalogue.files.get(("indicators", indicator), ("",))[-1]
                raise Circle([name for name, _ in (*chain, key)], file)
            self._open.append(key)
            try:
                self._done[key] = self._compute(self.catalogue.indicators[indicator], key[1])
            finally:
                self._open.pop()
        return self._done[key]

    def _compute(self, entry: Indicator, asked: Asked) -> Figure:
        if entry.sql is not None:
            return self._by_sql(entry, asked)
        assert entry.value is not None
        draws = {name: (i.source, i.where, i.value) for name, i in entry.inputs.items()}
        work = _Work(self, entry, asked)
        inputs = {name: work.draw(name, *how) for name, how in draws.items()}
        if entry.from_ is not None:
            value = work.draw("value", entry.from_, entry.where, entry.value)
        else:
            value = work.outer(entry.value, inputs)
        why = None if value is not None else work.reason()
        return Figure(
            entry.id,
            asked.year,
            asked.start,
            entry.unit,
            value,
            entry.value,
            tuple(work.drawn),
            tuple(work.figures),
            tuple(work.factors),
            why,
            asked.base_year,
            tuple(work.totals),
        )

    def _by_sql(self, entry: Indicator, asked: Asked) -> Figure:
        assert entry.sql is not None
        if self.sql is None:
            raise ValueError(f"{entry.id}: no SQL runner was handed in")
        assert entry.from_ is not None
        # A register that holds records but none of those asked for is an empty table, not a missing one.
        frame = self.facts.joined(entry.from_, ()) if self.facts.has(entry.from_) else None
        why = None
        value: float | None = None
        records: tuple[int, ...] = ()
        if frame is None:
            register = self.catalogue.registers[entry.from_]
            why = Text(f"台账“{register.name.zh}”尚无记录", f"the register “{register.name.en}” has no records")
        else:
            value, records = self._ask_sql(entry, frame, asked)
            why = None if value is not None else Text("查询没有给出值", "the query gave no value")
        drawn = Drawn("value", entry.from_, None, "sql", value, records)
        return Figure(
            entry.id,
            asked.year,
            asked.start,
            entry.unit,
            value,
            entry.sql,
            (drawn,),
            why=why,
            base_year=asked.base_year,
        )

    def _ask_sql(self, entry: Indicator, frame: pl.DataFrame, asked: Asked) -> tuple[float | None, tuple[int, ...]]:
        assert self.sql is not None
        assert entry.sql is not None
        try:
            value, records = self.sql(entry.sql, {str(entry.from_): frame}, asdict(asked))
        except BadInput as error:
            file = self.catalogue.files.get(("indicators", entry.id), ("",))[-1]
            raise BadInput(problem.within(file=file, item=entry.id) for problem in error.problems) from None
        return _number(value), records


class _Work:
    """The computation of one figure: gathers what it uses."""

    def __init__(self, evaluation: Evaluation, entry: Indicator, asked: Asked):
        self.evaluation, self.entry = evaluation, entry
        self.parameters = asdict(asked)
        self.drawn: list[Drawn] = []
        self.figures: list[Figure] = []
        self.factors: list[UsedFactor] = []
        self.totals: list[UsedTotal] = []
        self.reasons: list[Text] = []

    def outer(self, source: str, inputs: dict[str, float | None]) -> float | None:
        return _number(_Outer(self, inputs)(_parsed(source).tree))

    def name(self, name: str, inputs: dict[str, float | None]) -> Any:
        if name in inputs:
            return inputs[name]
        if name in self.parameters:
            return self.parameters[name]
        if name.startswith("IND."):
            return self.use(name[4:], self.parameters["year"])
        raise KeyError(name)

    def use(self, indicator: str, year: int) -> float | None:
        start, base_year = self.parameters["start"], self.parameters["base_year"]
        figure = self.evaluation.figure(indicator, year, start, base_year)
        if figure not in self.figures:
            self.figures.append(figure)
        if figure.value is None and figure.why is not None:
            self.reasons.append(figure.why)
        return figure.value

    def use_factor(self, name: str) -> float | None:
        entry, year = self.evaluation.catalogue.factors[name], self.parameters["year"]
        vintage = entry.in_force(year)
        if vintage is None:
            self.reasons.append(
                Text(
                    f"因子“{entry.name.zh}”没有适用于 {year} 年的值",
                    f"the factor “{entry.name.en}” has no value for {year}",
                )
            )
            return None
        used = UsedFactor(name, entry.unit, vintage.year, vintage.value, vintage.source)
        if used not in self.factors:
            self.factors.append(used)
        return vintage.value

    def use_total(self, name: str) -> float | None:
        year, (unit, address) = self.parameters["year"], ACCOUNT[name]
        value = self.evaluation.totals(name, year) if self.evaluation.totals is not None else None
        if value is None:
            self.reasons.append(
                Text(f"本区核算没有 {year} 年的总量", f"the district's account has no total for {year}")
            )
            return None
        used = UsedTotal(name, unit, value, address.format(year=year))
        if used not in self.totals:
            self.totals.append(used)
        return value

    def draw(self, name: str, register: str, where: str | None, value: str) -> float | None:
        facts, catalogue = self.evaluation.facts, self.evaluation.catalogue
        kept = self._filtered(register, where, value)
        referred = {
            str(catalogue.registers[register].columns[column[len(RECORD) + 1 :]].to): tuple(
                kept[column].drop_nulls().unique().sort()
            )
            for column in kept.columns
            if column.startswith(f"{RECORD}:")
        }
        answer = None
        if not facts.has(register):
            entry = catalogue.registers[register]
            self.reasons.append(
                Text(f"台账“{entry.name.zh}”尚无记录", f"the register “{entry.name.en}” has no records")
            )
        elif self._year_missing(register):
            entry, year = catalogue.registers[register], self.parameters["year"]
            self.reasons.append(
                Text(
                    f"台账“{entry.name.zh}”没有 {year} 年的记录",
                    f"the register “{entry.name.en}” has no row for {year}",
                )
            )
        else:
            try:
                answer = _number(_Draw(self, kept, catalogue.registers[register].period)(_parsed(value).tree))
            except pl.exceptions.PolarsError as error:
                raise self.failed(error) from error
        self.drawn.append(Drawn(name, register, where, value, answer, tuple(kept[RECORD].to_list()), referred))
        return answer

    def _year_missing(self, register: str) -> bool:
        entry = self.evaluation.catalogue.registers[register]
        if entry.kind != "series" or entry.period is None:
            return False
        return self.parameters["year"] not in self.evaluation.facts.years(register)

    def _filtered(self, register: str, where: str | None, value: str) -> pl.DataFrame:
        trees = [_parsed(text).tree for text in (where, value) if text]
        names = [name for tree in trees for name in names_in(tree) if not name.startswith("IND.")]
        frame = self.evaluation.facts.joined(register, names)
        try:
            return frame.filter(self.columns(_parsed(where).tree)) if where else frame
        except pl.exceptions.PolarsError as error:
            raise self.failed(error) from error

    def failed(self, error: Exception) -> BadInput:
        """A formula whose parts fit together by kind and yet cannot be computed on the rows."""
        said = str(error).splitlines()[0]
        file = self.evaluation.catalogue.files.get(("indicators", self.entry.id), ("",))[-1]
        return BadInput(
            Problem(
                "indicators.failed",
                Place(file=file, item=self.entry.id, field="value"),
                Text(f"公式算不出来：{said}", f"the formula cannot be computed: {said}"),
                Text("改正公式或条件", "mend the formula or the filter"),
            )
        )

    def columns(self, tree: ast.expr) -> pl.Expr:
        """A filter or argument on whole columns; factors and parameters stand in it as single values."""
        literals = {name: pl.lit(value) for name, value in self.parameters.items()}
        found = _OnColumns(self, literals)(tree)
        return found if isinstance(found, pl.Expr) else pl.lit(found)

    def reason(self) -> Text:
        if self.reasons:
            return self.reasons[0]
        return Text("除数为零或没有可用的行", "division by zero, or no usable row")


class _Across:
    """Functions that reach beyond the register; shared by the evaluators below."""

    work: _Work

    def factor(self, node: ast.Call) -> Any:
        assert isinstance(node.args[0], ast.Constant)
        return self.work.use_factor(str(node.args[0].value))

    def account(self, node: ast.Call) -> Any:
        assert isinstance(node.args[0], ast.Constant)
        return self.work.use_total(str(node.args[0].value))

    def figure_at(self, node: ast.Call) -> Any:
        year = Values(BASE, self.work.parameters)(node.args[1])
        if year is None or int(year) not in _YEARS:
            self.work.reasons.append(Text(f"{ast.unparse(node)} 没有年份", f"{ast.unparse(node)} names no year"))
            return None
        return self.work.use(_indicator(node.args[0]), int(year))

    def figure_total(self, node: ast.Call) -> Any:
        years = range(self.work.parameters["start"], self.work.parameters["year"] + 1)
        values = [self.work.use(_indicator(node.args[0]), year) for year in years]
        return None if any(value is None for value in values) else sum(value for value in values if value is not None)


class _OnColumns(Columns, _Across):
    def __init__(self, work: _Work, names: dict[str, Any]):
        super().__init__(DRAWS, names)
        self.work = work

    def call(self, node: ast.Call, function: Function) -> Any:
        found = super().call(node, function)
        return found if isinstance(found, pl.Expr) else pl.lit(found)

    def name(self, name: str) -> Any:
        if name.startswith("IND."):
            return pl.lit(self.work.use(name[4:], self.work.parameters["year"]))
        return super().name(name)


class _Outer(Values, _Across):
    """The formula over inputs, parameters and other indicators."""

    def __init__(self, work: _Work, inputs: dict[str, float | None]):
        super().__init__(DRAWS, lambda name: work.name(name, inputs))
        self.work = work


class _Draw(Values, _Across):
    """The value of one draw: aggregates over the filtered frame, combined by single-value arithmetic."""

    def __init__(self, work: _Work, frame: pl.DataFrame, period: str | None):
        super().__init__(DRAWS, lambda name: work.name(name, {}))
        self.work, self.frame, self.period = work, frame, period

    def aggregate(self, name: str, node: ast.Call) -> float | None:
        frame = self.frame
        for keyword in node.keywords:
            frame = frame.filter(self.work.columns(keyword.value))
        if name == "count":
            return frame.height
        columns = [frame.select(self.work.columns(argument).alias("x"))["x"] for argument in node.args]
        value = _aggregated(name, frame, columns)
        if value is None:
            self.work.reasons.append(_why_none(node, frame))
        return value


def _why_none(node: ast.Call, frame: pl.DataFrame) -> Text:
    """Rows passed the filter but hold nothing to aggregate, or none passed."""
    if not frame.height:
        return Text("没有符合条件的行", "no row passes the filter")
    names = [name for argument in node.args for name in names_in(argument)]
    return Text(f"列 {'、'.join(names)} 未填", f"the column {', '.join(names)} is not filled in")


def _aggregated(name: str, frame: pl.DataFrame, columns: list[pl.Series]) -> float | None:
    """One number from the argument columns. Missing cells are left out of every aggregate; a sum over no
    row is 0.
    """
    # What has no value in a row (the logarithm of −1) is missing in it.
    columns = [x.set(~x.is_finite(), None) if x.dtype.is_float() else x for x in columns]
    x = columns[0]
    if name == "distinct":
        return x.drop_nulls().n_unique()
    if name == "weighted":
        both = pl.DataFrame({"x": x.cast(pl.Float64), "w": columns[1].cast(pl.Float64)}).drop_nulls()
        weight = _total(both["w"])
        total = _total(both["x"] * both["w"])
        return total / weight if weight and total is not None else None
    if name == "latest":
        if PERIOD not in frame.columns:
            return None
        rows = frame.select(pl.col(PERIOD), x.alias("x"), pl.col(RECORD)).drop_nulls().sort(PERIOD, RECORD)
        return rows["x"][-1] if rows.height else None
    held = x.drop_nulls()
    if name == "sum":
        # Exactly rounded, so that the order of records never changes a printed figure.
        return _total(held) if held.len() or not frame.height else None
    if not held.len():
        return None
    return {"mean": held.mean, "smallest": held.min, "largest": held.max}[name]()  # type: ignore[return-value]


def _total(x: pl.Series) -> float | None:
    """None where the total is larger than a number can be."""
    try:
        return math.fsum(x.to_list())
    except (OverflowError, ValueError):
        return None


def _indicator(node: ast.expr) -> str:
    return (dotted(node) or "").removeprefix("IND.")


def _number(value: Any) -> float | None:
    """A figure; what is no finite number is missing."""
    return None if value is None or not math.isfinite(value) else float(value)


__all__ = ["PARAMETERS", "Circle", "Drawn", "Evaluation", "Figure", "UsedFactor"]
