"""Years that a register lacks, filled as the district's settings say ([gaps.REGISTER]), and never otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dafeng.core.errors import Problem
from dafeng.workflows.district import GAPS, District

if TYPE_CHECKING:
    from dafeng.indicators.facts import Facts


def with_gaps(district: District, facts: Facts, until: int) -> tuple[Facts, list[Problem]]:
    """The facts with the gaps from the base year to ``until`` filled, and a warning for each gap filled or left open.

    Raises BadInput when a rule is not whole or names no register."""
    given = {name.removeprefix(GAPS): rule for name, rule in district.settings.items() if name.startswith(GAPS)}
    if not given:
        return facts, []
    from dafeng.accounting.gaps import filled, rules_of

    return filled(facts, rules_of(given), range(district.base_year, until + 1))
