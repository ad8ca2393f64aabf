"""The roadmap of a district: its own case file, or the case made from its registers, plans and the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import Place, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.district import District
from dafeng.workflows.roadmap import SECONDS, Solved, read_case_file, solve_case
from dafeng.workflows.roadmap import as_data as solved_data

if TYPE_CHECKING:
    from dafeng.roadmap.case import Case

FILE = "roadmap.yaml"


@dataclass(frozen=True, slots=True)
class DistrictRoadmap:
    district: District
    solved: Solved
    origin: Text
    notes: tuple[Text, ...] = ()


def solve_district(
    district: District, *, relax: bool = False, budgets: Sequence[str] = (), seconds: float = SECONDS
) -> DistrictRoadmap:
    case, origin, notes = district_case(district)
    place = Place(FILE if (district.root / FILE).is_file() else None)
    return DistrictRoadmap(
        district, solve_case(case, place, relax=relax, budgets=budgets, seconds=seconds), origin, notes
    )
