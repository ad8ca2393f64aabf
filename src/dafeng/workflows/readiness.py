"""``dafeng ready``: which registers are still to be filled, ordered by the targets they would answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dafeng.assessment.results import TargetRow
from dafeng.catalogue import Catalogue
from dafeng.core.errors import machine_in_words
from dafeng.indicators.checking import registers_of
from dafeng.workflows.district import District
from dafeng.workflows.running import run


@dataclass(frozen=True, slots=True)
class Need:
    """One register: the targets that wait for it alone, those that need it with others, and what it holds.

    ``answers`` lists targets that would get a figure once this register is filled, all others staying as they are;
    ``helps`` those that need it together with other registers. A register that holds records may still lack a year or
    a column: ``lacks`` says what, in (zh, en)."""

    register: str
    zh: str
    en: str
    owner: str
    records: int
    columns: int
    required: int
    answers: tuple[str, ...]
    helps: tuple[str, ...]
    lacks: tuple[tuple[str, str], ...]
    head: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """``answered``: targets with a figure for ``year``. ``without_indicator``: (target, its sentence)."""

    year: int
    needs: tuple[Need, ...]
    targets: int
    with_indicator: int
    answered: int
    without_indicator: tuple[tuple[str, str], ...]


@machine_in_words()
def readiness(district: District, year: int | None = None) -> Readiness:
    """What keeps targets from having a figure in the year (the last full one), most answering register on top.

    Works with nothing but a plan. Raises BadInput when there is no plan.
    """
    catalogue, results = district.catalogue, run(district, year).results
    measured = [row for row in results.targets if row.indicator is not None]
    waiting = {row: _lacking(catalogue, row, results.registers) for row in measured}
    waiting = {row: registers for row, registers in waiting.items() if registers}
    registers = {register for lacking in waiting.values() for register in lacking}
    needs = [_need(catalogue, register, waiting, results.registers) for register in registers]
    return Readiness(
        results.year,
        tuple(sorted(needs, key=_urgency)),
        len(results.targets),
        len(measured),
        len(measured) - len(waiting),
        tuple((_label(row), row.sentence) for row in results.targets if row.indicator is None),
    )


def _lacking(catalogue: Catalogue, row: TargetRow, held: Mapping[str, int]) -> frozenset[str]:
    """Registers that a target waits for: its empty ones; where none is empty and there is no figure of the year all
    the same, those it rests on."""
    assert row.indicator is not None
    rests = registers_of(catalogue, row.indicator)
    empty = frozenset(register for register in rests if not held.get(register))
    if empty or "not_begun" in row.flags:
        return empty
    return frozenset(rests) if row.value is None or "older" in row.flags else frozenset()


def _urgency(need: Need) -> tuple[int, int, int, str]:
    """Most answered targets first, a headline target counting three; then what helps most, then the least work."""
    return -len(need.answers) - 2 * need.head, -len(need.helps), need.required, need.register


def _need(
    catalogue: Catalogue, register: str, waiting: Mapping[TargetRow, frozenset[str]], held: Mapping[str, int]
) -> Need:
    entry = catalogue.registers[register]
    users = {row: lacking for row, lacking in waiting.items() if register in lacking}
    reasons = {(row.why_zh, row.why_en): None for row in users if row.value is None} if held.get(register) else {}
    return Need(
        register, entry.name.zh, entry.name.en, entry.owner, held.get(register, 0),
        len(entry.columns), len(entry.required),
        tuple(_label(row) for row, lacking in users.items() if lacking == {register}),
        tuple(_label(row) for row, lacking in users.items() if lacking != {register}),
        tuple(reasons),
        any(row.headline for row in users),
    )  # fmt: skip


def _label(row: TargetRow) -> str:
    return f"{row.plan} {row.clause} {row.indicator_zh or row.subject}".strip()
