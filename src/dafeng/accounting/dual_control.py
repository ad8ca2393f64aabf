"""The dual-control sheet: energy and CO2 against constant-price output, year by year, targets, deductions, parts.

Until 2025 energy intensity leads; in 2026–2030 CO2 intensity leads with the total beside it; after the peak the total
leads (国办发〔2024〕39号). Output is at constant prices; totals of statistics stand beside the account's own, and one
of the two makes the whole series.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dafeng.accounting import intensity
from dafeng.accounting.book import Book
from dafeng.accounting.constant_prices import at_constant_prices, outputs
from dafeng.accounting.deductions import (
    KIND_WORDS,
    MATERIAL,
    NON_FOSSIL,
    Assessed,
    AssessedCut,
    Claim,
    assess,
    claims_of,
    saving_needed,
)
from dafeng.accounting.deductions_sheet import deductions_table
from dafeng.accounting.dual_control_divisions import co2_of
from dafeng.accounting.dual_control_parts import parts_table
from dafeng.accounting.dual_control_sheet import NAMES, REGISTER, WAN_T, Sheet, sheet, targets_table
from dafeng.accounting.dual_control_track import PUBLISHED, Track
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Table
from dafeng.core.errors import WARNING, BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

# Flows that are no final consumption and still part of the total: transformation and losses.
ON_THE_WAY = ("into_power", "into_heat", "into_other", "out_power", "out_heat", "out_other", "recovered", "loss")
# Printed cuts have one decimal; a difference beyond this, in percentage points, is no rounding.
CUT_SLACK_PCT = 0.1
# Our total against that of statistics: a difference beyond this, in %, is shown as a warning.
TOTAL_SLACK_PCT = 1.0


def dual_control_table(
    facts: Facts,
    energy: pl.DataFrame,
    emissions: pl.DataFrame,
    book: Book,
    year: int,
    base_year: int,
    targets: Mapping[str, float | None],
) -> tuple[dict[str, Table], list[Problem]]:
    """Tables ``dual_control``, ``dual_control_targets``, ``dual_control_deductions`` and ``dual_control_parts``.

    energy, emissions: lines of the account. targets: by indicator, for the period after ``base_year``:
    ``energy_intensity_reduction`` and ``co2_intensity_reduction`` (% cut), ``energy_total`` (万tce), ``co2_total``
    (万tCO2), ``non_fossil_share`` (%); None is a target that nobody has assigned yet. Two more say when:
    ``end_year`` (five years after the base unless given) and ``peak_year`` (once it is declared).

    Raises BadInput when the year is not after the base year or there is no total to compare.
    """
    if year < base_year:
        raise BadInput(_no_base(year, base_year))
    rows = _by_year(facts)
    output, problems = at_constant_prices(
        outputs(facts.frame(REGISTER), "gdp_constant", "gdp_growth", "gdp_current"),
        base_year,
        list(range(base_year, year + 1)),
        REGISTER,
    )
    end_year = int(targets.get("end_year") or base_year + 5)
    span = (base_year, end_year, year)
    tracks = {
        "energy": Track(
            *span,
            _official(rows, "energy"),
            energy_totals(energy),
            output.values,
            _official(rows, "energy_cut"),
            _share(targets.get("energy_intensity_reduction")),
        ),
        "co2": Track(
            *span,
            _official(rows, "co2"),
            co2_totals(emissions),
            output.values,
            _official(rows, "co2_cut"),
            _share(targets.get("co2_intensity_reduction")),
        ),
    }
    for name, track in tracks.items():
        problems += _faults(name, track)
    claims, found = claims_of(facts, book, year)
    problems += [*found, *_material_differs(energy, claims, year)]
    assessed = _assessed(tracks["energy"], claims, book)
    cuts = {one: _cut_assessed(tracks["energy"], assessed, claims, one) for one in assessed}
    peak = targets.get("peak_year")
    made = Sheet(
        year, base_year, end_year, int(peak) if peak else None, targets, rows, output, tracks["energy"], tracks["co2"],
        assessed, cuts,
    )  # fmt: skip
    rule = book.catalogue.rules["light_standard"]
    tables = {"dual_control": sheet(made, rule), "dual_control_targets": targets_table(made, rule)}
    if year in assessed:
        tables["dual_control_deductions"] = deductions_table(assessed[year], book.catalogue, _saving(tracks["energy"]))
    tables["dual_control_parts"], found = parts_table(facts, energy, emissions, year, base_year, output)
    return tables, problems + found


def _saving(track: Track) -> dict[str, str]:
    """Where the parts of the saving needed stand: GDP × I_0 × K."""
    path = track.path(track.year)
    return {
        "GDP": f"dual_control.{track.year}.gdp",
        "I_0": f"dual_control.{track.base_year}.energy_intensity",
        "K": f"dual_control.{track.year}.energy_path" if path is not None else "–",
    }


def energy_totals(energy: pl.DataFrame) -> dict[int, float]:
    """Year → the district's energy consumption at coal equivalent, 万tce: final consumption, what transformation
    takes less what it gives, and losses (the lines carry the balance's signs: input and loss are negative)."""
    held = energy.filter((pl.col("level") == DISTRICT) & pl.col("flow").is_in(["final", *ON_THE_WAY]))
    signed = pl.when(pl.col("flow") == "final").then(pl.col("gce_equal")).otherwise(-pl.col("gce_equal"))
    sums = held.group_by("year").agg(signed.sum().alias("gce"), (pl.col("flow") == "final").any().alias("has_final"))
    return {row["year"]: row["gce"] / WAN_T for row in sums.iter_rows(named=True) if row["has_final"]}


def co2_totals(emissions: pl.DataFrame) -> dict[int, float]:
    """Year → CO2 of the district's energy, 万t: fuels burnt here and, apart from them, electricity and heat bought
    (scope 2); never what is burnt elsewhere to make them, and no memo items: they repeat what is counted."""
    held = co2_of(emissions, DISTRICT, pl.lit(DISTRICT)).get(DISTRICT, {})
    return {year: grams / WAN_T for year, grams in held.items()}


def _by_year(facts: Facts) -> dict[int, dict[str, Any]]:
    frame = facts.frame(REGISTER)
    return {} if frame is None else {row["year"]: row for row in frame.iter_rows(named=True)}


def _official(rows: Mapping[int, Mapping[str, Any]], column: str) -> dict[int, float]:
    return {year: row[column] for year, row in rows.items() if row[column] is not None}


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _assessed(track: Track, claims: list[Claim], book: Book) -> dict[int, Assessed]:
    """Each year's deductions. The saving needed by a year is what the path to the period's goal asks for by then."""
    made = {}
    base = track.intensity(track.base_year)
    of_base = [claim.gce for claim in claims if claim.year == track.base_year and claim.kind == NON_FOSSIL]
    for year in range(track.base_year, track.year + 1):
        if year not in track.used:
            continue
        path, output = track.path(year), track.output.get(year)
        needed = None
        if base is not None and path is not None and output is not None:
            needed = saving_needed(base, output, path) * WAN_T
        total = round(track.used[year] * WAN_T)
        made[year] = assess(total, year, claims, book, needed, sum(of_base) if of_base else None)
    return made


def _cut_assessed(track: Track, assessed: Mapping[int, Assessed], claims: list[Claim], year: int) -> AssessedCut:
    """The cut after deductions, the base year freed of the same kinds; else why it cannot be told."""
    base, output, first = assessed.get(track.base_year), track.output.get(year), track.output.get(track.base_year)
    if base is None or not output or not first or not base.total:
        return AssessedCut(None, why=Text("没有基期能耗或生产总值", "no energy or output of the base year"))
    lasting = [NON_FOSSIL, MATERIAL] if assessed[year].all_non_fossil else [MATERIAL]
    of_base = {
        kind: [one.gce for one in claims if one.year == track.base_year and one.kind == kind] for kind in lasting
    }
    lacking = [kind for kind in lasting if assessed[year].granted(kind) and not of_base[kind]]
    if lacking and year != track.base_year:
        why = Text(
            f"基期没有填报同类扣减（{'、'.join(KIND_WORDS[kind].zh for kind in lacking)}），前后不可比",
            f"the base year has no such deduction ({', '.join(lacking)}): the two are not comparable",
        )
        return AssessedCut(None, why=why)
    before = base.total - sum(sum(held) for held in of_base.values())
    after = before if year == track.base_year else assessed[year].after
    return AssessedCut(intensity.cut(before / first, after / output), before)


# ── faults ──


def _no_base(year: int, base_year: int) -> Problem:
    return Problem(
        "account.no-base-year",
        Place(item=REGISTER, field=str(base_year)),
        Text(f"{year} 年在基期 {base_year} 年之前，无法比较", f"{year} lies before the base year {base_year}"),
        Text("改用基期之后的年份，或改正基期", "ask for a later year, or correct the base year"),
    )


def _faults(name: str, track: Track) -> list[Problem]:
    problems = []
    if track.year > track.base_year and (track.basis is None or not _has_base(track)):
        problems.append(_without_base(name, track))
    for year in range(track.base_year, track.year + 1):
        problems += _differences(name, track, year)
    return problems


def _has_base(track: Track) -> bool:
    return track.basis == PUBLISHED or bool(track.intensity(track.base_year))


def _without_base(name: str, track: Track) -> Problem:
    lacking = track.base_year if track.base_year not in track.official else track.year
    return Problem(
        "account.no-base",
        Place(item=f"{REGISTER} {lacking}", field=name),
        Text(
            f"{track.base_year}—{track.year} 年缺少同一口径的{NAMES[name].zh}或不变价生产总值，累计降低率算不出来",
            f"{NAMES[name].en} or constant-price output is missing for {track.base_year} or {track.year}",
        ),
        Text(
            "补报基期和当年的总量，或逐年公布的降低率",
            "load the totals of both years, or the printed cut of every year between",
        ),
    )


def _differences(name: str, track: Track, year: int) -> list[Problem]:
    problems = []
    place = Place(item=f"{REGISTER} {year}", field=name)
    ours, theirs, what = track.own.get(year), track.official.get(year), NAMES[name]
    if ours is not None and theirs and abs(ours - theirs) > TOTAL_SLACK_PCT / 100 * theirs:
        problems.append(
            Problem(
                "account.total-differs",
                place,
                Text(
                    f"{year} 年{what.zh}：统计 {theirs:.2f}，本账户 {ours:.2f}，相差 {100 * (ours / theirs - 1):+.2f}%",
                    f"{what.en} {year}: statistics {theirs:.2f}, ours {ours:.2f}, {100 * (ours / theirs - 1):+.2f} %",
                ),
                Text(
                    "核对范围和折标系数；两者不混在一条线里", "check scope and factors; the two never make one series"
                ),
                WARNING,
            )
        )
    cut, printed = track.cut_year(year), track.published_pct.get(year)
    if cut is not None and printed is not None and abs(100 * cut - printed) > CUT_SLACK_PCT:
        problems.append(
            Problem(
                "account.cut-differs",
                Place(item=place.item, field=f"{name}_cut"),
                Text(
                    f"{year} 年强度降低率按总量算为 {100 * cut:.2f}%，公布数为 {printed:g}%",
                    f"the cut of {year} is {100 * cut:.2f} % from the totals, printed: {printed:g} %",
                ),
                Text("核对总量、价格基期和修订版本", "check totals, price base and revision"),
                WARNING,
            )
        )
    return problems


def _material_differs(energy: pl.DataFrame, claims: list[Claim], year: int) -> list[Problem]:
    """Raw material as applied for against raw material in the energy statistics of the year."""
    held = energy.filter((pl.col("level") == DISTRICT) & (pl.col("flow") == "final") & (pl.col("year") == year))
    ours = int(held["gce_material"].sum() or 0)
    asked = sum(claim.gce for claim in claims if claim.year == year and claim.kind == MATERIAL)
    if abs(asked - ours) <= TOTAL_SLACK_PCT / 100 * max(asked, ours):
        return []
    return [
        Problem(
            "account.material-differs",
            Place(item=f"dual_control_deductions {year} {MATERIAL}", field="tce"),
            Text(
                f"{year} 年申报扣减原料用能 {asked / 1e6:g} tce，能源统计中为 {ours / 1e6:g} tce",
                f"raw material of {year}: {asked / 1e6:g} tce applied for, {ours / 1e6:g} tce in the statistics",
            ),
            Text("核对两处的原料用能", "check both"),
            WARNING,
        )
    ]
