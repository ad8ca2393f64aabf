"""Energy as it is assessed: what the rules let a district deduct, in their order, and what they do not.

E_assess = E_total − non-fossil power (physical power first) − raw material − self-used PV on application
− certificates, the last up to a share of the saving that the period's intensity goal asks for (发改环资〔2024〕113号).
Amounts are whole gce, so that before − granted = after to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from dafeng.accounting.book import Book, Held, no_factor
from dafeng.accounting.serial_numbers import Spans, overlap, serials
from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD, Facts

REGISTER = "dual_control_deductions"
GCE = 1_000_000  # in one tce

NON_FOSSIL, IN_PROVINCE, MATERIAL, PV, CERTIFICATES = (
    "non_fossil_power", "in_province_trade", "raw_material", "self_used_pv", "certificates",
)  # fmt: skip
# The legal order; physical power before certificates.
ORDER = (NON_FOSSIL, IN_PROVINCE, MATERIAL, PV, CERTIFICATES)
KIND_WORDS: Mapping[str, Text] = {
    NON_FOSSIL: Text("非化石电力（物理电量）", "non-fossil power (physical)"),
    IN_PROVINCE: Text("省内绿电和绿证交易", "green power and certificates traded in the province"),
    MATERIAL: Text("原料用能", "energy used as raw material"),
    PV: Text("单位自用光伏", "self-used PV of units"),
    CERTIFICATES: Text("跨省绿证", "certificates from other provinces"),
}
# Kind → standard that allows it.
RULES: Mapping[str, str] = {
    NON_FOSSIL: "green_certificates_2024",
    IN_PROVINCE: "green_certificates_2024",
    MATERIAL: "raw_material_energy_2022",
    PV: "sh_industry_check_2021",
    CERTIFICATES: "green_certificates_2024",
}
NEW_ONLY = "new_renewables_2022"
CAP = "certificate_deduction_share"
# A typed coal equivalent that is further off than this is shown (and not used).
TYPED_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the register. gce: what is asked for. ``refused``: why nothing of it can be granted."""

    kind: str
    year: int
    gce: int
    document: str
    record: int
    applied_by: str | None = None
    serial: str | None = None
    energy_mwh: float | None = None
    equivalent: Held | None = None
    refused: Text | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One deduction carried out: before − granted = after; asked − granted is refused for ``why``."""

    claim: Claim
    before: int
    granted: int
    why: Text | None = None

    @property
    def after(self) -> int:
        return self.before - self.granted


@dataclass(frozen=True, slots=True)
class AssessedCut:
    """The intensity's cut after deductions. base: the base year's energy less the same kinds, gce; why: what there is
    to say where no cut can be told."""

    cut: float | None
    base: int | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """Energy of a year before and after its deductions, gce. cap: most that certificates may take, None: not known.
    all_non_fossil: whether all non-fossil power is deducted, or only what is newer than the base year."""

    year: int
    total: int
    steps: Sequence[Step]
    cap: int | None
    equivalent: Held | None
    all_non_fossil: bool = True

    @property
    def after(self) -> int:
        return self.steps[-1].after if self.steps else self.total

    def granted(self, kind: str) -> int:
        return sum(step.granted for step in self.steps if step.claim.kind == kind)


def saving_needed(base_intensity: float, output: float, goal_cut: float) -> float:
    """Energy that the goal asks to save: what the year's output would take at the base year's intensity, less what the
    goal allows: GDP × I_0 × K. Unit of ``base_intensity`` × ``output``."""
    return base_intensity * output * goal_cut


def cap_of(book: Book, year: int, needed_gce: float | None) -> int | None:
    """Most that certificates may take: a share of the saving needed; None when either is not known."""
    share = book.find(CAP, year)
    return None if share is None or needed_gce is None else int(needed_gce * share.value / 100)


def claims_of(facts: Facts, book: Book, year: int | None = None) -> tuple[list[Claim], list[Problem]]:
    """Every claim of every year, by year, legal order and record.

    A claim on energy that another one has, or that is used for something else, carries its refusal. year: the one of
    which warnings are wanted (all, if not given); errors are told of every year."""
    frame = facts.frame(REGISTER)
    if frame is None:
        return [], []
    problems: list[Problem] = []
    claims = [
        claim
        for row in frame.sort("year", RECORD).iter_rows(named=True)
        if (claim := _claim(row, book, problems)) is not None
    ]
    claims.sort(key=lambda one: (one.year, ORDER.index(one.kind), one.record))
    kept = _each_kwh_once(claims, _used_elsewhere(facts), problems)
    problems += _without_serial([claim for claim in claims if year in (None, claim.year)])
    return kept, problems


def assess(
    total: int, year: int, claims: Sequence[Claim], book: Book, needed_gce: float | None, base_non_fossil: int | None
) -> Assessed:
    """Carry out the claims of ``year`` on ``total`` gce.

    needed_gce: saving that the period's goal asks for. base_non_fossil: non-fossil power of the base year, gce, for
    years in which only what came after it is deducted; None: not known.
    """
    cap = cap_of(book, year, needed_gce)
    left: dict[str, int | None] = {CERTIFICATES: cap}
    if only_new(book.catalogue, year):
        asked = sum(claim.gce for claim in claims if claim.year == year and claim.kind == NON_FOSSIL)
        left[NON_FOSSIL] = None if base_non_fossil is None else max(asked - base_non_fossil, 0)
    steps: list[Step] = []
    before = total
    for claim in (one for one in claims if one.year == year):
        limited = claim.kind in left
        room = left.get(claim.kind)
        granted, why = _grant(claim, before, limited, room, year, book.catalogue)
        if limited and room is not None:
            left[claim.kind] = room - granted
        steps.append(Step(claim, before, granted, why))
        before -= granted
    equivalent = book.find(book.policy.electricity_equal, year)
    return Assessed(year, total, steps, cap, equivalent, not only_new(book.catalogue, year))


def _grant(
    claim: Claim, before: int, limited: bool, room: int | None, year: int, catalogue: Catalogue
) -> tuple[int, Text | None]:
    if claim.refused is not None:
        return 0, claim.refused
    if claim.kind == IN_PROVINCE:
        return 0, Text(
            "省内交易的电量已按物理电量计入统计，不重复扣减",
            "power traded in the province is in the statistics as physical power already: not deducted twice",
        )
    if claim.kind == PV and not claim.applied_by:
        return 0, Text("自用光伏须由单位申请，没有申请单位", "self-used PV is deducted on application: nobody applied")
    issued = catalogue.standards[RULES[CERTIFICATES]].issued_on
    if claim.kind == CERTIFICATES and issued is not None and year < issued.year:
        return 0, Text(f"{issued.year} 年起才可用绿证抵扣", f"certificates count from {issued.year} on")
    if limited and room is None:
        return 0, _no_limit(claim.kind)
    most = min(claim.gce, before, room if limited and room is not None else claim.gce)
    if most == claim.gce:
        return most, None
    if limited and most == room:
        return most, _over_limit(claim.kind)
    return most, Text("扣减不能多于剩下的能耗", "no more can be deducted than there is left")


def _no_limit(kind: str) -> Text:
    if kind == NON_FOSSIL:
        return Text(
            "2024 年以前只扣减比基期新增的部分，而基期的非化石电力没有填报",
            "before 2024 only what came after the base year is deducted, and that year's is not known",
        )
    return Text(
        "抵扣上限取决于完成强度目标所需的节能量，而目标或基期数据未知",
        "the cap depends on the saving that the intensity goal asks for, and the goal or the base is not known",
    )


def _over_limit(kind: str) -> Text:
    if kind == NON_FOSSIL:
        return Text("2024 年以前只扣减比基期新增的部分", "before 2024 only what came after the base year is deducted")
    return Text(
        "超过上限：绿证抵扣不超过完成强度目标所需节能量的规定比例",
        "over the cap: certificates cover no more than their share of the saving that the goal asks for",
    )


def only_new(catalogue: Catalogue, year: int) -> bool:
    """Before the notice of 2024, only renewables newer than the base year were deducted (发改运行〔2022〕1258号)."""
    issued = catalogue.standards[RULES[NON_FOSSIL]].issued_on
    return issued is not None and year < issued.year


def _claim(row: Mapping[str, Any], book: Book, problems: list[Problem]) -> Claim | None:
    """A row as a claim: power at the policy's coal equivalent, raw material as typed."""
    place = Place(item=f"{REGISTER} {row['year']} {row['kind']} {row['document']}")
    common = {"record": row[RECORD], "applied_by": row["applied_by"], "serial": row["serial"]}
    if row["kind"] == MATERIAL or row["energy_mwh"] is None:
        return Claim(row["kind"], row["year"], round((row["tce"] or 0) * GCE), row["document"], **common)
    factor = book.policy.electricity_equal
    held = book.find(factor, row["year"])
    if held is None:
        problems.append(no_factor(factor, row["year"], place))
        return None
    gce = round(row["energy_mwh"] * 1000 * held.value * 1000)  # MWh → kWh; kgce → gce
    if row["tce"] is not None and abs(row["tce"] * GCE - gce) > TYPED_SLACK * gce:
        problems.append(_typed_differs(row, gce, held, place))
    return Claim(
        row["kind"], row["year"], gce, row["document"], **common, energy_mwh=row["energy_mwh"], equivalent=held
    )


def _typed_differs(row: Mapping[str, Any], gce: int, held: Held, place: Place) -> Problem:
    return Problem(
        "account.deduction-differs",
        replace(place, field="tce"),
        Text(
            f"填报 {row['tce']:g} tce，按 {held.value:g} kgce/kWh（{held.factor}）折算为 {gce / GCE:g} tce",
            f"typed {row['tce']:g} tce; {held.value:g} kgce/kWh ({held.factor}) makes {gce / GCE:g} tce",
        ),
        Text("按折算值扣减；核对折标系数", "the computed value is used: check the coal equivalent"),
        WARNING,
    )


# ── each kWh once ──


def _each_kwh_once(
    claims: Sequence[Claim], elsewhere: Sequence[tuple[str, Spans]], problems: list[Problem]
) -> list[Claim]:
    kept: list[Claim] = []
    seen: list[tuple[Claim, Spans]] = []
    for claim in claims:
        spans = serials(claim.serial)
        first = next((one for one, there in seen if overlap(spans, there)), None)
        other = next((use for use, there in elsewhere if overlap(spans, there)), None)
        if first is not None:
            why = Text(
                f"编号与“{first.document}”（{first.year} 年{KIND_WORDS[first.kind].zh}）重复，同一度电只扣一次",
                f"its serial is in {first.document} ({first.year}) already: a kWh is deducted once",
            )
        elif other is not None:
            why = Text(
                f"编号已用于其他用途（{other}），不能再用于双控", f"its serial is used for something else ({other})"
            )
        else:
            seen.append((claim, spans))
            kept.append(claim)
            continue
        problems.append(_twice(claim, why))
        kept.append(replace(claim, refused=why))
    return kept


def _without_serial(claims: Sequence[Claim]) -> list[Problem]:
    """Self-used PV and certificates that bring no serial beside other power of the same year: nobody can tell whether
    a kWh is in both."""
    years = {claim.year for claim in claims if claim.kind == NON_FOSSIL}
    bare: dict[tuple[int, str], list[str]] = {}
    for claim in claims:
        if claim.kind in (PV, CERTIFICATES) and claim.year in years and not claim.serial:
            bare.setdefault((claim.year, claim.kind), []).append(claim.document)
    return [
        Problem(
            "account.serial-missing",
            Place(item=f"{REGISTER} {year} {kind}", field="serial"),
            Text(
                f"没有编号，无法证明这些电量不在非化石电力（物理电量）之内：{'、'.join(documents)}",
                f"no serial: it cannot be shown that non-fossil power does not hold them too: {', '.join(documents)}",
            ),
            Text("填写证书、并网户号或电表编号", "give the certificate's, connection's or meter's number"),
            WARNING,
        )
        for (year, kind), documents in bare.items()
    ]


def _used_elsewhere(facts: Facts) -> list[tuple[str, Spans]]:
    """Serials of instruments that were retired or surrendered for anything but dual control, with that use."""
    frame = facts.frame("instruments")
    if frame is None:
        return []
    used = frame.filter(
        pl.col("serial").is_not_null()
        & pl.col("move").is_in(["retired", "surrendered"])
        & ~pl.col("use").is_in(["dual_control", "none"])
    )
    return [(row["use"], serials(row["serial"])) for row in used.iter_rows(named=True)]


def _twice(claim: Claim, why: Text) -> Problem:
    return Problem(
        "account.serial-twice",
        Place(item=f"{REGISTER} {claim.year} {claim.kind} {claim.document}", field="serial"),
        why,
        Text("删去重复的一项，或改正编号", "take one of the two out, or correct the serial"),
    )
