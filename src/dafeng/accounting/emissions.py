"""From activity to gas: every method of the catalogue, evaluated on the lines of energy and on the registers.

A method is data (filter, activity, unit, factor, row of the official tables); only what a factor cannot say is a
kernel. A line is one activity, one factor, one gas, in whole grams, so that every total is an exact sum of lines.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from dafeng.accounting.book import STATUSES, Book, one_purpose
from dafeng.accounting.emissions_factors import Lookup, columns_in, kinds_of, weakest
from dafeng.accounting.emissions_problems import no_activity, no_kernel, no_row, of_lacking
from dafeng.accounting.emissions_sources import ENERGY_SOURCE, FINAL, energy_source, register_source
from dafeng.accounting.kernels import KERNELS, prepare
from dafeng.accounting.lines import DISTRICT, EMISSIONS, must_fit, numbered, whole
from dafeng.catalogue.schema import Emits, Method
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.evaluation import Columns, as_column
from dafeng.core.expressions import Expression, names_in, parse
from dafeng.core.functions import BASE
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD, Facts

LAYOUT = "inventory_provincial"
# A row that is a memo item gives its lines the memo it is named after: memo_losses → losses.
MEMO_ROW = "memo_"
# Ozone-depleting refrigerants are outside the inventory (they are the Montreal Protocol's); shown as a memo item.
HCFC_FAMILY, HCFC_ROW, HCFC_MEMO = "HCFCs", "memo_hcfc", "hcfc"
# Purposes that may not meet in one inventory; statistics and limits are no emission factors.
PURPOSES = ("inventory", "ets", "footprint")

_KEPT = ("level", "place", "year", "sector", "carrier", "register", RECORD, "energy_line", "activity", "estimate")


def emission_lines(
    energy: pl.DataFrame, facts: Facts, book: Book, years: Sequence[int] | None = None
) -> tuple[pl.DataFrame, list[Problem]]:
    """Lines with the columns ``EMISSIONS`` of all methods, levels and years, and what was left out and why.

    energy: lines with the columns ``ENERGY``. years: only these (all that energy or a register has, when None). What
    has no factor, no warming potential or no activity has no line but a problem (``LeftOut`` names the rows of the
    tables that lack it). Raises BadInput when factors for two purposes meet, or when a sum does not fit 64 bits."""
    asked = _years(energy, facts, book, years)
    work = _Work(facts, book, asked, energy_source(energy))
    frames = [frame for method in book.catalogue.methods.values() for frame in work.lines(method)]
    _one_purpose(work.lookup, book)
    lines = numbered(frames, EMISSIONS)
    must_fit(lines, ("gas_g", "co2e_g"))
    return lines, work.problems


def _years(energy: pl.DataFrame, facts: Facts, book: Book, years: Sequence[int] | None) -> list[int]:
    if years is not None:
        return sorted(set(years))
    held = set(energy["year"].drop_nulls().to_list()) if energy.height else set()
    for method in book.catalogue.methods.values():
        if method.from_ != ENERGY_SOURCE and facts.has(method.from_):
            held |= facts.years(method.from_)
    return sorted(held)


def _one_purpose(lookup: Lookup, book: Book) -> None:
    used = {name: purpose for name, purpose in lookup.used.items() if purpose in PURPOSES}
    one_purpose({**used, "district.toml [account]": book.policy.purpose}, "inventory")


@functools.lru_cache(maxsize=2048)
def _parsed(source: str) -> Expression:
    # Names and types were checked with the catalogue; here any name may stand.
    return parse(source, lambda _: "any", BASE)


def _column(source: str) -> pl.Expr:
    return as_column(Columns(BASE)(_parsed(source).tree))


@dataclass
class _Work:
    """One account being made: the facts, the factors and what was found wrong."""

    facts: Facts
    book: Book
    years: list[int]
    energy: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    lookup: Lookup = field(init=False)
    memo_rows: frozenset[str] = field(init=False)
    rows: frozenset[str] = field(init=False)
    _frames: dict[tuple[str, tuple[str, ...]], pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lookup = Lookup(self.book)
        layout = self.book.catalogue.layouts[LAYOUT]
        self.rows = frozenset(row.code for row in layout.rows)
        self.memo_rows = frozenset(row.code for row in layout.rows if row.memo)

    def lines(self, method: Method) -> list[pl.DataFrame]:
        frame = self._activity(method)
        if frame is None or not frame.height:
            return []
        if method.kernel is not None:
            frame = self._kernel(method, frame)
        return [made for emits in method.emits if (made := self._emitted(method, emits, frame)) is not None]

    # ── activity ──

    def _activity(self, method: Method) -> pl.DataFrame | None:
        """The rows that the method is about, with ``activity`` in its unit; rows without one are problems."""
        frame = self._source(method)
        if frame is None:
            return None
        frame = _filtered(method, frame, method.where)
        if method.from_ == ENERGY_SOURCE and "flow" not in _names(method.where):
            frame = frame.filter(pl.col("flow") == FINAL)
        if method.kernel is None:
            frame = frame.filter(pl.col("year").is_in(self.years))
        try:
            frame = frame.with_columns(_column(method.value).cast(pl.Float64).alias("activity"))
        except pl.exceptions.PolarsError as error:
            raise BadInput(_failed(method, "value", error)) from error
        empty = frame.filter(pl.col("activity").is_null() | ~pl.col("activity").is_finite())
        if empty.height:
            self.problems.extend(no_activity(method, empty))
            frame = frame.join(empty.select("_row"), on="_row", how="anti", maintain_order="left")
        return frame

    def _source(self, method: Method) -> pl.DataFrame | None:
        if method.from_ == ENERGY_SOURCE:
            return self.energy
        if not self.facts.has(method.from_):
            return None
        texts = [method.where, method.value, *(emits.where for emits in method.emits)]
        named = {name for text in texts for name in _names(text)} | set(_columns(method))
        columns = self.book.catalogue.registers[method.from_].columns
        # building.use: a column of the row that the ref column ``building`` names.
        referred = sorted(name for name in named if (head := name.partition(".")[0]) != name and head in columns)
        key = (method.from_, tuple(referred))
        if key not in self._frames:
            frame, problems = register_source(method.from_, self.facts, referred, self.years, prepare)
            self._frames[key] = frame
            self.problems.extend(problems)
        return self._frames[key]

    # ── kernels ──

    def _kernel(self, method: Method, frame: pl.DataFrame) -> pl.DataFrame:
        """One row per row and emitting year with ``gas_t``, and how firm the kernel's parameters are."""
        kernel = KERNELS.get(str(method.kernel))
        if kernel is None:
            raise BadInput(no_kernel(method))
        given = frame.select("_row", "year", "activity")
        status, square = pl.lit(None, dtype=pl.String), pl.lit(0.0)
        names = pl.lit("")
        for name, text in method.parameters.items():
            if text in frame.columns:
                given = given.with_columns(frame[text].alias(name))
                continue
            frame = self._parameter(method, name, text, frame)
            given = given.join(frame.select("_row", pl.col(f"__{name}").alias(name)), on="_row", maintain_order="left")
            status = pl.max_horizontal(status.cast(pl.Int64), pl.col(f"__{name}_status"))
            square = square + pl.col(f"__{name}_u").fill_null(0.0) ** 2
            names = names + pl.lit(",") + pl.col(f"__{name}_id")
        frame = frame.with_columns(
            status.cast(pl.Int64).alias("__status"), square.sqrt().alias("__u"), names.str.strip_chars(",").alias("__f")
        )
        made = kernel(given, self.years).filter(pl.col("year").is_in(self.years)).select("_row", "year", "gas_t")
        made = made.join(frame.drop("year"), on="_row", maintain_order="left")
        empty = made.filter(pl.col("gas_t").is_null() | ~pl.col("gas_t").is_finite())
        if empty.height:
            self.problems.extend(no_activity(method, empty))
            made = made.join(empty.select("_row", "year"), on=["_row", "year"], how="anti", maintain_order="left")
        return made

    def _parameter(self, method: Method, name: str, text: str, frame: pl.DataFrame) -> pl.DataFrame:
        kinds = kinds_of(frame, [text])
        held = self.lookup.parameter(kinds, text)
        found = kinds.with_columns(
            pl.Series(f"__{name}", [one.value if one else None for one in held], dtype=pl.Float64),
            pl.Series(f"__{name}_id", [one.factor if one else None for one in held], dtype=pl.String),
            pl.Series(f"__{name}_u", [one.half_width_pct if one else None for one in held], dtype=pl.Float64),
            pl.Series(
                f"__{name}_status", [STATUSES.index(one.status) if one else None for one in held], dtype=pl.Int64
            ),
            pl.Series("lacking", [self.lookup.filled(text, kind) for kind in kinds.iter_rows(named=True)]),
            pl.lit("no-factor").alias("why"),
        )
        frame = frame.join(found, on=kinds.columns, how="left", maintain_order="left")
        lacking = frame.filter(pl.col(f"__{name}").is_null())
        if lacking.height:
            shown = ("level", "place", "register", RECORD, "year", "lacking", "why")
            self.problems.extend(of_lacking(method, lacking.select(shown)))
        return frame.filter(pl.col(f"__{name}").is_not_null()).drop("lacking", "why")

    # ── lines ──

    def _emitted(self, method: Method, emits: Emits, frame: pl.DataFrame) -> pl.DataFrame | None:
        rows = _filtered(method, frame, emits.where)
        if not rows.height:
            return None
        if emits.factor is None and method.kernel is None:
            raise BadInput(no_kernel(method))
        kinds = kinds_of(rows, [emits.factor, emits.gas])
        found = self.lookup.table(kinds, factor=emits.factor, gas=emits.gas, unit=method.unit)
        rows = rows.select(_wanted(rows, method, kinds)).join(
            found, on=kinds.columns, how="left", maintain_order="left", nulls_equal=True
        )
        rows = rows.with_columns(_of_by(emits.row, method.by).alias("row"), _of_by(emits.gpc, method.by).alias("gpc"))
        rows = self._without_lacking(method, rows)
        rows = self._without_row(method, emits, rows)
        return _finished(method, emits, rows, self.memo_rows) if rows.height else None

    def _without_lacking(self, method: Method, rows: pl.DataFrame) -> pl.DataFrame:
        if rows["why"].null_count() == rows.height:
            return rows
        self.problems.extend(of_lacking(method, rows.filter(pl.col("why").is_not_null())))
        return rows.filter(pl.col("why").is_null())

    def _without_row(self, method: Method, emits: Emits, rows: pl.DataFrame) -> pl.DataFrame:
        """A unit or site whose sector nobody told stands in no row of the table of sectors: only in its own total.
        What is a memo item may only stand in a memo row, so that no total takes it."""
        allowed = self.rows if emits.memo is None else self.memo_rows
        rows = rows.with_columns(pl.col("row").fill_null(pl.when(pl.col("level") != DISTRICT).then(pl.lit("energy"))))
        lost = rows.filter(pl.col("row").is_null() | ~pl.col("row").is_in(list(allowed)))
        if not lost.height:
            return rows
        self.problems.append(no_row(method, lost))
        return rows.join(lost.select("_row"), on="_row", how="anti", maintain_order="left")


def _wanted(rows: pl.DataFrame, method: Method, kinds: pl.DataFrame) -> list[str]:
    extra = [method.by] if method.by else []
    kernel = ["gas_t", "__status", "__u", "__f"] if method.kernel else []
    return list(dict.fromkeys(["_row", *_KEPT, *kinds.columns, *extra, *kernel]))


def _of_by(codes: str | Mapping[str, str] | None, by: str | None) -> pl.Expr:
    if codes is None or isinstance(codes, str):
        return pl.lit(codes, dtype=pl.String)
    return pl.col(str(by)).replace_strict(dict(codes), default=None, return_dtype=pl.String)


def _finished(method: Method, emits: Emits, rows: pl.DataFrame, memo_rows: frozenset[str]) -> pl.DataFrame:
    if method.kernel is not None:
        rows = _of_kernel(rows)
    else:
        rows = rows.with_columns(whole(pl.col("activity") * pl.col("factor_value") * pl.col("grams")).alias("gas_g"))
    outside = pl.col("family") == HCFC_FAMILY
    memo = pl.lit(emits.memo, dtype=pl.String)
    if emits.memo is None:
        named = pl.col("row").str.strip_prefix(MEMO_ROW)
        memo = pl.when(pl.col("row").is_in(list(memo_rows))).then(named)
    return rows.with_columns(
        pl.lit(method.id).alias("method"),
        pl.lit(method.unit).alias("activity_unit"),
        whole(pl.col("gas_g").cast(pl.Float64) * pl.col("gwp")).alias("co2e_g"),
        pl.lit(emits.scope).alias("scope"),
        pl.when(outside).then(pl.lit(HCFC_ROW)).otherwise(pl.col("row")).alias("row"),
        pl.when(outside).then(None).otherwise(pl.col("gpc")).alias("gpc"),
        pl.when(outside).then(pl.lit(HCFC_MEMO)).otherwise(memo).alias("memo"),
        pl.lit(method.u_activity_pct).alias("u_activity_pct"),
    )


def _of_kernel(rows: pl.DataFrame) -> pl.DataFrame:
    """A kernel's gas. ``factor`` names its parameters' factors, one comma between two; a kernel has no one value."""
    number = dict(enumerate(STATUSES))
    own = pl.col("__status").replace_strict(number, default=None, return_dtype=pl.String)
    rows = rows.with_columns(own.alias("__own"))
    firm = {pair: weakest(*pair) for pair in rows.select("__own", "status").unique().iter_rows()}
    statuses = [firm[pair] for pair in rows.select("__own", "status").iter_rows()]
    return rows.with_columns(
        whole(pl.col("gas_t") * 1e6).alias("gas_g"),
        pl.when(pl.col("__f") != "").then(pl.col("__f")).alias("factor"),
        pl.col("__u").alias("u_factor_pct"),
        pl.Series("status", statuses, dtype=pl.String),
    )


def _names(text: str | None) -> list[str]:
    return names_in(_parsed(text).tree) if text else []


def _columns(method: Method) -> list[str]:
    """Columns that a method's templates, parameters and rows ask for beside its expressions."""
    templates = [*method.parameters.values(), *(emits.factor for emits in method.emits)]
    named = [name for template in templates for name in columns_in(template)]
    return [*named, *method.parameters.values(), *([method.by] if method.by else [])]


def _filtered(method: Method, frame: pl.DataFrame, where: str | None) -> pl.DataFrame:
    if where is None:
        return frame
    try:
        return frame.filter(_column(where))
    except pl.exceptions.PolarsError as error:
        raise BadInput(_failed(method, "where", error)) from error


def _failed(method: Method, part: str, error: Exception) -> Problem:
    said = str(error).splitlines()[0]
    return Problem(
        "account.method-failed",
        Place(item=method.id, field=part),
        Text(f"方法的表达式算不出来：{said}", f"the method's expression cannot be computed: {said}"),
        Text("改正 catalogue/methods 中的表达式", "mend the expression in catalogue/methods"),
    )
