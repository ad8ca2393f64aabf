"""Arithmetic of intensities: what fell against output, how much of a cut is done, what is still needed.

Cuts compound: 13.5 % over five years is 2.859 % a year, and progress is counted in logarithms. Source: Qinghai
statistics bureau 2009, note on the energy intensity of GDP (``intensity_method_2009``); a district's plan that prints
186.61 % for a cut of 26.16 % against 15 % shows that districts count so (``changning_plan_14fyp``).

Cuts are shares: 0.135 is 13.5 %; positive when the intensity fell. Output is at constant prices of one year.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text


def cut(before: float, after: float) -> float:
    """k = 1 − I, I the intensity of the later year over that of the earlier one."""
    return 1.0 - after / before


def cut_of_growth(energy_growth: float, output_growth: float) -> float:
    """k = 1 − (1 + g_E)/(1 + g_GDP); both growths as shares, output at constant prices."""
    return 1.0 - (1.0 + energy_growth) / (1.0 + output_growth)


def cumulative(cuts: Iterable[float]) -> float:
    """K = 1 − ∏(1 − k_i): yearly cuts are multiplied, never added."""
    return 1.0 - math.prod(1.0 - one for one in cuts)


def annual_rate(total_cut: float, years: int) -> float:
    """k = 1 − (1 − K)^(1/n): the constant yearly cut that makes K in n years."""
    return 1.0 - (1.0 - total_cut) ** (1.0 / years)


def path(target_cut: float, years: int, elapsed: int) -> float:
    """Cut that a constant yearly rate has reached after ``elapsed`` of ``years`` years: 1 − (1 − K)^(t/n)."""
    share = min(max(elapsed / years, 0.0), 1.0)
    return 1.0 - (1.0 - target_cut) ** share


def log_progress(done_cut: float, target_cut: float) -> float | None:
    """ln(1 − K_done)/ln(1 − K): 1 when all is done, negative when the intensity rose.

    None where the target is no cut or the whole of it (0 or less, 100 % or more)."""
    if not 0 < target_cut < 1 or done_cut >= 1:
        return None
    return math.log1p(-done_cut) / math.log1p(-target_cut)


def remaining_need(target_cut: float, done_cut: float, years_left: int) -> float | None:
    """k_rem = 1 − ((1 − K)/(1 − K_done))^(1/left): yearly cut still needed, negative when there is room to rise.

    None when no year is left: then the target is met or missed."""
    if years_left <= 0 or done_cut >= 1:
        return None
    return 1.0 - ((1.0 - target_cut) / (1.0 - done_cut)) ** (1.0 / years_left)


@dataclass(frozen=True, slots=True)
class Part:
    """A sector, place or unit in the first and last year: output at constant prices and energy, any one unit each.
    ``rate`` is a cut that somebody states for it; it is never used to make the whole's."""

    code: str
    output_before: float | None = None
    output_after: float | None = None
    energy_before: float | None = None
    energy_after: float | None = None
    rate: float | None = None


def cut_of_parts(parts: Sequence[Part]) -> float:
    """The whole's cut from its parts: ΣE/ΣGDP of the last year against that of the first.

    Raises BadInput when a part brings only a rate (rates of parts are not to be added or averaged), or the parts
    together have no output or energy in the first year."""
    lacking = [part for part in parts if None in _amounts(part)]
    if lacking:
        raise BadInput([_rates_do_not_add(part) for part in lacking])
    output_0, output_1, energy_0, energy_1 = (
        (
            math.fsum(float(value) for value in column if value is not None)
            for column in zip(*map(_amounts, parts), strict=True)
        )
        if parts
        else (0.0, 0.0, 0.0, 0.0)
    )
    if min(output_0, output_1, energy_0) <= 0:
        raise BadInput(
            Problem(
                "account.parts-without-base",
                Place(item="dual_control_parts"),
                Text(
                    "各部分合计没有基期能耗或生产总值", "the parts together have no energy or output in the base year"
                ),
                Text("补报基期的能耗和不变价增加值", "load energy and constant-price output of the base year"),
            )
        )
    return cut(energy_0 / output_0, energy_1 / output_1)


def contribution(part: Part, whole: Part) -> float | None:
    """What a part adds to the whole's cut: (E_i0/GDP_0 − E_i1/GDP_1) / (E_0/GDP_0). These add up to the whole's cut
    exactly when the parts' energy adds up to the whole's; a part without output (homes) has one too."""
    known = (part.energy_before, part.energy_after, *_amounts(whole))
    if None in known or not whole.output_before or not whole.output_after or not whole.energy_before:
        return None
    assert part.energy_before is not None
    assert part.energy_after is not None
    before, after = part.energy_before / whole.output_before, part.energy_after / whole.output_after
    return (before - after) / (whole.energy_before / whole.output_before)


def _amounts(part: Part) -> tuple[float | None, float | None, float | None, float | None]:
    return part.output_before, part.output_after, part.energy_before, part.energy_after


def _rates_do_not_add(part: Part) -> Problem:
    return Problem(
        "account.rates-do-not-add",
        Place(item=part.code),
        Text(
            f"“{part.code}”只有降低率，没有能耗和增加值；各部分的降低率不能相加或平均",
            f"{part.code} brings a rate without energy and output: rates of parts are never added or averaged",
        ),
        Text("填报两年的能耗和不变价增加值", "load energy and constant-price output of both years"),
    )
