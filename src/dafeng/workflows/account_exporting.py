"""The account as a workbook of official tables, with the factors and files that it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text, language
from dafeng.report.sources import Citation

if TYPE_CHECKING:
    import polars as pl

    from dafeng.accounting.account import Account
    from dafeng.accounting.book import Book, Held
    from dafeng.catalogue import Catalogue
    from dafeng.catalogue.schema import Source
    from dafeng.report.account_model import AccountReport, FactorUsed, FileUsed
    from dafeng.store import Store
    from dafeng.workflows.district import District


@machine_in_words()
def export(district: District, account: Account, path: Path, lang: str | None = None) -> None:
    """Write the account's tables into a workbook, whole or not at all. Raises BadInput for a name Excel cannot open."""
    from dafeng.report.account_workbook import write_account
    from dafeng.workflows.reporting import written

    if path.suffix.lower() != ".xlsx":
        raise BadInput(
            Problem(
                "account.not-xlsx",
                Place(file=str(path)),
                Text("工作簿的文件名应以 .xlsx 结尾", "the workbook's name must end in .xlsx"),
                Text("例如 --xlsx 核算.xlsx", "for example --xlsx account.xlsx"),
            )
        )
    with district.open_store() as store:
        report = report_of(district, store, account)
    written(path, lambda beside: write_account(report, beside, lang or language()))


def report_of(district: District, store: Store, account: Account, made_at: str | None = None) -> AccountReport:
    """The account as reports are given it. made_at: ISO time of the making; now, if not given."""
    from dafeng.report.account_model import AccountReport

    asked, known = account.question, account.book.known_on
    lines = [_of_year(frame, account) for frame in (account.energy, account.emissions)]
    return AccountReport(
        district.name, district.name_en, district.synthetic, asked.year, asked.place,
        known.isoformat() if known else None,
        made_at or dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), _policy(account),
        tuple(account.tables.values()), tuple(_factors(account, *lines)), tuple(_files(district, store, *lines)),
        account.problems, dict(_sources(district, account)),
    )  # fmt: skip


def _of_year(frame: pl.DataFrame, account: Account) -> pl.DataFrame:
    import polars as pl

    return frame.filter(pl.col("year") == account.year)


def _policy(account: Account) -> tuple[tuple[Text, str], ...]:
    policy, constant = account.policy, account.book.constant_year
    said = [
        (Text("全球变暖潜势", "Warming potentials"), f"IPCC {policy.gwp.upper()}"),
        (Text("电力排放因子", "Factor of electricity"), policy.electricity),
        (Text("热力排放因子", "Factor of heat"), policy.heat),
        (Text("电力等价折标系数", "Coal equivalent of electricity"), policy.electricity_equal),
    ]
    if constant is not None:
        said.append((Text("因子固定于", "Factors as of"), str(constant)))
    return tuple(said)


def _sources(district: District, account: Account) -> Iterator[tuple[str, Citation]]:
    """What each table is after: the source of its layout, or a standard."""
    catalogue = district.catalogue
    for table in account.tables.values():
        if table.source is None:
            continue
        if table.source in catalogue.layouts:
            yield table.id, cited(catalogue, catalogue.layouts[table.source].source)
        elif table.source in catalogue.standards:
            standard = catalogue.standards[table.source]
            yield table.id, Citation(standard.number, standard.name.text, None, None, standard.status)


def _factors(account: Account, energy: pl.DataFrame, emissions: pl.DataFrame) -> Iterator[FactorUsed]:
    """Factors by id, each followed by those that it is the product of."""
    used: dict[str, int] = {}
    for frame, columns in ((energy, ("factor_calorific", "factor_equal")), (emissions, ("factor",))):
        for column in columns:
            counted: Mapping[Any, Any] = dict(frame[column].drop_nulls().value_counts().iter_rows())
            for factor, count in counted.items():
                used[factor] = used.get(factor, 0) + int(count)
    for gas, count in emissions["gas"].drop_nulls().value_counts().iter_rows():
        held = account.book.gwp(gas, account.year)
        if held is not None:
            used[held.factor] = used.get(held.factor, 0) + int(count)
    said: set[str] = set()
    for factor in sorted(used):
        held = account.book.find(factor, account.year)
        if held is not None:
            yield from _with_parts(account.book, held, used, said)


def _with_parts(book: Book, held: Held, used: Mapping[str, int], said: set[str]) -> Iterator[FactorUsed]:
    from dafeng.report.account_model import FactorUsed

    if held.factor in said:
        return
    said.add(held.factor)
    made = " × ".join([*(part.factor for part in held.product_of), held.times]) if held.product_of else ""
    yield FactorUsed(
        held.factor, book.catalogue.factors[held.factor].name.text, held.value, held.unit, held.vintage, held.status,
        cited(book.catalogue, held.source), made, used.get(held.factor, 0),
    )  # fmt: skip
    for part in held.product_of:
        yield from _with_parts(book, part, used, said)


def cited(catalogue: Catalogue, source: Source) -> Citation:
    standard = catalogue.standards.get(source.standard) if source.standard else None
    return Citation(
        standard.number if standard else None,
        standard.name.text if standard else None,
        source.clause,
        source.text.text if source.text else None,
        source.status,
    )


def _files(district: District, store: Store, *frames: pl.DataFrame) -> list[FileUsed]:
    from dafeng.report.account_model import FileUsed

    ids: dict[str, set[int]] = {}
    for frame in frames:
        for register, record in frame.select("register", "_record").drop_nulls().unique().iter_rows():
            ids.setdefault(register, set()).add(record)
    counted: dict[tuple[str, str, str], int] = {}
    for register, records in sorted(ids.items()):
        for info in store.records(sorted(records)):
            source = info.source
            key = (register, source.file if source else info.recorded_by, (source.sheet if source else None) or "")
            counted[key] = counted.get(key, 0) + 1
    registers = district.catalogue.registers
    return [FileUsed(register, registers[register].name.text, file, sheet, count)
            for (register, file, sheet), count in counted.items()]  # fmt: skip
