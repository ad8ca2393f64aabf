"""Questions put to a district's account: why it changed, and what its months warn of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dafeng.workflows.account_answers import Answer
from dafeng.workflows.account_making import Asked, make, table_of
from dafeng.workflows.account_tables import table_as_data

if TYPE_CHECKING:
    from dafeng.workflows.district import District

_CHANGE = ("change", "change_co2", "change_energy")


def change(
    district: District,
    start: int,
    end: int,
    *,
    multiplicative: bool = False,
    by: str | None = None,
    gwp: str | None = None,
    as_known: dt.date | None = None,
) -> Answer:
    """Why energy and CO2 changed between two years; by: ``sector`` for the effects of each.

    Raises BadInput when a year has no statistics, or the first is not the earlier."""
    account = make(district, Asked(year=end, start=start, gwp=gwp, as_known=as_known), _CHANGE)
    main = table_as_data(table_of(account, "change"))
    parts = [table_as_data(account.tables[name]) for name in _CHANGE[1:]]
    shown = [_columns(main, multiplicative), *(parts if by == "sector" else [])]
    hidden = [main, *([] if by == "sector" else parts)]
    return Answer(district.synthetic, shown, hidden, problems=account.problems, more={"from": start, "to": end})


def _columns(table: Mapping[str, Any], multiplicative: bool) -> dict[str, Any]:
    """The table with its columns of ratios, or with all others."""
    kept = [column for column in table["columns"] if column["id"].endswith("_ratio") == multiplicative]
    return {**table, "columns": kept}


def certainty(
    district: District,
    year: int | None,
    *,
    target: float | None = None,
    cut_pct: float | None = None,
    cut_from: int | None = None,
    draws: int = 10_000,
    seed: int = 1,
    gwp: str | None = None,
) -> Answer:
    """How certain the inventory's totals are, and how likely it is that they are at or below ``target`` (tCO2e) or lie
    ``cut_pct`` % below the year ``cut_from`` (the district's base year, if not given).

    Raises BadInput when a year has no lines."""
    since = cut_from if cut_from is not None else district.base_year if cut_pct is not None else None
    asked = Asked(year=year, gwp=gwp, draws=draws, seed=seed, ceiling_t=target, cut_pct=cut_pct, cut_from=since)
    account = make(district, asked, ("uncertainty",))
    table = table_as_data(table_of(account, "uncertainty"))
    more = {"draws": draws, "seed": seed, "target": target, "cut_pct": cut_pct, "cut_from": since}
    return Answer(district.synthetic, [table], problems=account.problems, more=more)


def warning(district: District, month: str | None, *, gwp: str | None = None) -> Answer:
    """Where the year stands after a month (the latest there is, if not given) and where it is heading.

    Raises BadInput when there are no months, or ``month`` is none."""
    year = int(month[:4]) if month is not None and month[:4].isdigit() else None
    account = make(district, Asked(year=year, gwp=gwp, month=month), ("early_warning",))
    table = table_as_data(table_of(account, "early_warning"))
    about = [one for one in account.problems if one.code != "account.year-without-data"]
    return Answer(district.synthetic, [table], problems=about)
