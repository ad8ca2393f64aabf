"""The account from a plain file: why a total changed, and how surely it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from dafeng.accounting import decomposition, uncertainty
from dafeng.accounting.checking import SHOWN, errors, missing_columns
from dafeng.accounting.decomposition import EFFECT
from dafeng.accounting.panel import Chain
from dafeng.accounting.panel import check as check_chain
from dafeng.core.errors import BadInput, Problem
from dafeng.core.text import Text
from dafeng.workflows.plain_tables import PlainTable, read_plain_table


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """``answer`` as the command line prints it, and what a person should look at."""

    answer: dict[str, Any]
    warnings: list[Problem]


def decompose(
    path: Path, *, keys: Sequence[str], factors: Sequence[str], periods: tuple[str, str], multiplicative: bool = False,
    by: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Why the sum of the products of the factors changed between two periods.

    Gives ``effects`` (factor → effect), ``change`` and ``residual``; with ``by`` also ``groups``, the same for each
    value of these keys. Raises BadInput with every fault of the file.
    """
    chain = Chain(tuple(keys), tuple(factors), periods)
    table = read_plain_table(path, chain.factors)
    problems = [*table.problems, *check_chain(table.frame, chain, table.where), *_unknown_keys(by, chain, table)]
    if problems:
        raise BadInput(problems)
    cells = decomposition.decompose(table.frame, chain)
    sums = decomposition.multiplied if multiplicative else decomposition.summed
    total = sums(cells).row(0, named=True)
    if total["change"] is None:
        raise BadInput([*_zeros(table, chain, total)])
    answer = _effects(total, chain)
    if by:
        answer["groups"] = [
            {key: row[key] for key in by} | _effects(row, chain) for row in sums(cells, by).iter_rows(named=True)
        ]
    return answer


def uncertainty_of(
    path: Path, *, draws: int, seed: int, by: Sequence[str] = (), target: float | None = None
) -> Uncertainty:
    """The total of an inventory with its 95 % interval by both approaches of the IPCC.

    ``answer``: ``total``, ``approach1`` and ``approach2`` with ``low`` and ``high``; with ``target`` also
    ``probability`` that the total is at or below it; with ``by`` also ``groups``. Raises BadInput with every fault.
    """
    table = read_plain_table(path, uncertainty.NUMBERS)
    problems = [*table.problems, *uncertainty.check(table.frame, table.where)]
    problems += missing_columns(table.frame, by, table.where)
    if errors(problems):
        raise BadInput(problems)
    drawn = uncertainty.approach2(table.frame, draws=draws, seed=seed, by=by)
    one, two = uncertainty.approach1(table.frame).row(0, named=True), drawn.whole()
    answer = _intervals(one, two.intervals().row(0, named=True))
    if target is not None:
        answer["probability"] = {
            "approach1": uncertainty.normal_probability_below(one["total"], one["half_width"], target),
            "approach2": uncertainty.probability_below(two.totals[:, 0], target),
        }
    if by:
        ones, twos = uncertainty.approach1(table.frame, by), drawn.intervals()
        pairs = zip(ones.iter_rows(named=True), twos.iter_rows(named=True), strict=True)
        answer["groups"] = [{key: one[key] for key in by} | _intervals(one, two) for one, two in pairs]
    return Uncertainty(answer, problems)


def _effects(row: dict[str, Any], chain: Chain) -> dict[str, Any]:
    effects = {name: row[EFFECT + name] for name in chain.factors}
    return {"effects": effects, "change": row["change"], "residual": row["residual"]}


def _intervals(one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
    return {
        "total": one["total"],
        "approach1": {"low": one["low"], "high": one["high"]},
        "approach2": {"low": two["low"], "high": two["high"]},
    }


# ── what only a question, not an engine, can get wrong ──


def _unknown_keys(by: Sequence[str], chain: Chain, table: PlainTable) -> list[Problem]:
    return [
        Problem(
            "account.not-a-key",
            table.where(None, name),
            Text(f"“{name}”不是键，不能按它分组", f"{name} is no key, so there are no groups by it"),
            Text("请把它也写进 --key", "name it with --key too"),
        )
        for name in by
        if name not in chain.keys
    ]


def _zeros(table: PlainTable, chain: Chain, total: dict[str, Any]) -> list[Problem]:
    """The cells with a zero that leave a period without a total, and so the ratio without a meaning."""
    frame = table.frame.with_row_index("__row")
    found = []
    for period, value in zip(chain.periods, (total["value_from"], total["value_to"]), strict=True):
        if value:
            continue
        rows = frame.filter(pl.col("period").cast(pl.String).str.strip_chars() == period)
        places = [(row, name) for name in chain.factors for row in rows.filter(pl.col(name) == 0)["__row"].head(SHOWN)]
        found += [
            Problem(
                "account.zero-total",
                table.where(row, name),
                Text(
                    f"“{name}”为零，{period} 的总量因此为零，没有比值",
                    f"{name} is zero, which leaves {period} without a total and the change without a ratio",
                ),
                Text("请改用加法分解（去掉 --multiplicative），或核对该值", "decompose additively, or check the value"),
            )
            for row, name in sorted(places)
        ]
    return found
