"""``dafeng ready``: which registers are still to be filled, ordered by the targets they would answer."""

from __future__ import annotations

from dataclasses import dataclass

from dafeng.catalogue import Catalogue
from dafeng.indicators.checking import registers_of
from dafeng.workflows.district import District
from dafeng.workflows.running import read_plans


@dataclass(frozen=True, slots=True)
class Need:
    """One register: the targets that rest on it, those among them that nothing else holds back, and what it holds.

    ``answers`` counts targets that would get a figure once this register is filled, all others staying as they are;
    ``helps`` those that need it together with other empty registers."""

    register: str
    zh: str
    en: str
    owner: str
    records: int
    columns: int
    required: int
    answers: tuple[str, ...]
    helps: tuple[str, ...]
    head: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    needs: tuple[Need, ...]
    targets: int
    with_indicator: int
    answered: int
    without_indicator: tuple[tuple[str, str], ...]


def readiness(district: District) -> Readiness:
    """Registers to fill, the ones that answer most (headline targets first) on top; filled ones are left out.

    Works with nothing but a plan. Raises BadInput when there is no plan.
    """
    catalogue = district.catalogue
    plans = read_plans(district)
    with district.open_store() as store:
        held = store.counts()
    wanted: dict[str, list[str]] = {}
    without: list[tuple[str, str]] = []
    total = 0
    for slug, plan in plans.items():
        for target in plan["targets"]:
            total += 1
            label = f"{slug} {target['clause']} {target.get('subject') or ''}".strip()
            indicator = target.get("indicator")
            if indicator in catalogue.indicators:
                wanted.setdefault(indicator, []).append(label)
            else:
                without.append((label, target.get("sentence") or ""))
    rests = {indicator: registers_of(catalogue, indicator) for indicator in wanted}
    empty = {register for registers in rests.values() for register in registers if not held.get(register)}
    needs = [_need(catalogue, register, wanted, rests, empty) for register in empty]
    needs.sort(key=_urgency)
    answered = sum(len(wanted[indicator]) for indicator, registers in rests.items() if not registers & empty)
    with_indicator = sum(map(len, wanted.values()))
    return Readiness(tuple(needs), total, with_indicator, answered, tuple(without))


def _urgency(need: Need) -> tuple[int, int, int, str]:
    """Most answered targets first, a headline target counting three; then what helps most, then the least work."""
    return -len(need.answers) - 2 * need.head, -len(need.helps), need.required, need.register


def _need(
    catalogue: Catalogue,
    register: str,
    wanted: dict[str, list[str]],
    rests: dict[str, set[str]],
    empty: set[str],
) -> Need:
    entry = catalogue.registers[register]
    users = [indicator for indicator, registers in rests.items() if register in registers]
    alone = [indicator for indicator in users if not (rests[indicator] & empty) - {register}]
    return Need(
        register, entry.name.zh, entry.name.en, entry.owner, 0, len(entry.columns), len(entry.required),
        tuple(label for indicator in alone for label in wanted[indicator]),
        tuple(label for indicator in users if indicator not in alone for label in wanted[indicator]),
        any(catalogue.indicators[indicator].headline for indicator in users),
    )  # fmt: skip
