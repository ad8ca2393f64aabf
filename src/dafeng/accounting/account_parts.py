"""The parts of an account: which engine makes which tables, and what each is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dafeng.accounting.account_work import Work
from dafeng.accounting.tables import Table
from dafeng.core.errors import WARNING, BadInput, Place, Problem
from dafeng.core.text import Text

Made = Mapping[str, Table]


def _balance(work: Work) -> Made:
    from dafeng.accounting.balance import balance_problems, balance_tables

    asked = work.question
    tables = balance_tables(work.energy, work.book.catalogue, asked.year, asked.level, asked.place)
    work.problems.extend(balance_problems(tables, asked.year))
    return tables


def _boundary(work: Work) -> Made:
    from dafeng.accounting.boundary_tables import boundary_tables

    return {} if work.sites is None else boundary_tables(work.energy, work.sites, work.facts, work.question.year)


def _early_warning(work: Work) -> Made:
    from dafeng.accounting.warning import early_warning

    if not work.facts.has("monthly_energy") and not work.facts.has("dual_control_monthly"):
        return {}
    table, found = early_warning(work.facts, work.book, work.question.month)
    work.problems.extend(found)
    return {table.id: table}


def _change(work: Work) -> Made:
    from dafeng.accounting.change import change

    asked = work.question
    start = asked.start if asked.start is not None else asked.base_year
    if asked.start is None and start >= asked.year:
        return {}
    try:
        tables, found = change(work.energy, work.emissions, work.facts, work.book, start, asked.year)
    except BadInput as error:
        if asked.start is not None:
            raise
        # Nobody asked for the comparison: an account of one year stands without the base year's statistics.
        work.problems.extend(replace(problem, level=WARNING) for problem in error.problems)
        return {}
    work.problems.extend(found if asked.start is not None else (replace(one, level=WARNING) for one in found))
    return tables


def _certainty(work: Work) -> Made:
    from dafeng.accounting.certainty import certainty

    asked = work.question
    table = certainty(
        work.emissions, asked.year, asked.ceiling_t, asked.draws, asked.seed, catalogue=work.book.catalogue,
        base_year=asked.cut_from, cut_pct=asked.cut_pct,
    )  # fmt: skip
    return {table.id: table}


def _views(work: Work) -> Made:
    from dafeng.accounting.views import buildings_table, key_units_table, public_bodies_table
    from dafeng.accounting.views_road import road_table

    asked = (work.facts, work.energy, work.emissions, work.book, work.question.year)
    tables = [make(*asked) for make in (buildings_table, public_bodies_table, key_units_table)]
    road, _ = road_table(work.facts, work.energy, work.book, work.question.year)
    return {table.id: table for table in (*tables, road)}


def _constant_factors(work: Work) -> Made:
    from dafeng.accounting.constant import constant_factors, lines_at_constant_factors

    # A series at constant factors uses those of the year that is accounted for.
    year = work.book.constant_year or work.question.year
    constant, found = lines_at_constant_factors(work.facts, work.book, year)
    work.problems.extend(one for one in found if one not in work.problems)
    return constant_factors(work.emissions, constant, year)


def _energy_years(work: Work) -> Made:
    from dafeng.accounting.balance_years import energy_years

    asked = work.question
    return {"energy_years": energy_years(work.energy, work.book.catalogue, asked.year, asked.level, asked.place)}


def _levels(work: Work) -> Made:
    from dafeng.accounting.levels import reconcile

    table, found = reconcile(work.energy, work.facts, work.question.year)
    work.problems.extend(found)
    return {table.id: table}


def _inventory(work: Work) -> Made:
    from dafeng.accounting.inventory import inventory_tables
    from dafeng.accounting.inventory_published import published_table
    from dafeng.accounting.inventory_sectors import sectors_table

    asked, catalogue = work.question, work.book.catalogue
    made = inventory_tables(work.emissions, catalogue, asked.year, asked.level, asked.place, work.problems)
    made["sectors"] = sectors_table(work.emissions, catalogue, asked.year, asked.level, asked.place)
    if asked.of_district:
        published = published_table(made["inventory"], work.facts, asked.year)
        made |= {"published": published} if published else {}
    return made


def _shares(work: Work) -> Made:
    from dafeng.accounting.shares import status_shares

    table = status_shares(work.emissions, work.question.year)
    return {table.id: table}


def _dual_control(work: Work) -> Made:
    from dafeng.accounting.dual_control import dual_control_table

    asked = work.question
    if not work.facts.has("yearly_totals"):
        work.problems.append(_no_totals())
        return {}
    tables, found = dual_control_table(
        work.facts, work.energy, work.emissions, work.book, asked.year, asked.base_year, asked.targets
    )
    work.problems.extend(found)
    return tables


def _no_totals() -> Problem:
    return Problem(
        "account.no-totals",
        Place(item="yearly_totals"),
        Text(
            "没有全区年度总量（生产总值等），双控表不能编制", "there are no yearly totals (GDP), and so no dual control"
        ),
        Text(
            "填报 yearly_totals：不变价生产总值及其价格基期", "load yearly_totals: GDP at constant prices with its base"
        ),
        WARNING,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """make: the tables of this part. tables: their ids. of_district: made for the whole district alone.
    on_request: made only where one of its tables is named (it takes as long as the account itself)."""

    make: Callable[[Work], Made]
    tables: tuple[str, ...]
    of_district: bool = True
    on_request: bool = False


# In the order in which the tables are read.
PARTS: tuple[Part, ...] = (
    Part(_boundary, ("boundary", "boundary_figures"), of_district=False),
    Part(_balance, ("consumption", "balance", "balance_calorific", "balance_equal"), of_district=False),
    Part(_energy_years, ("energy_years",), of_district=False),
    Part(_inventory, ("inventory", "sectors", "gases", "gpc", "gpc_summary", "published"), of_district=False),
    Part(_levels, ("levels",)),
    Part(_shares, ("shares",)),
    Part(_views, ("buildings", "public_bodies", "key_units", "road_energy")),
    Part(_dual_control, ("dual_control", "dual_control_targets", "dual_control_deductions", "dual_control_parts")),
    Part(_early_warning, ("early_warning",)),
    Part(_constant_factors, ("constant_factors", "constant_factors_used"), on_request=True),
    Part(_certainty, ("uncertainty",)),
    Part(_change, ("change", "change_co2", "change_energy")),
)
TABLES = tuple(name for part in PARTS for name in part.tables)
