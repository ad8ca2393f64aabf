"""The register of deductions in the evaluation of energy: what was applied for, with its document."""

from __future__ import annotations

from dafeng.demo import macro
from dafeng.demo.chance import split
from dafeng.demo.world import Row, World

# Cut of energy per unit of GDP since 2020 after deductions, %: what the city confirmed for 2025, and its interim
# figure. Non-fossil power is what brings the deductions of these years there.
CUT_AFTER = {2024: 10.4, 2025: 13.2}
# Non-fossil power that the city allotted to the district, MWh; until 2023 only what came after 2020 counts.
NON_FOSSIL_MWH = {2020: 9_000, 2021: 10_500, 2022: 12_200, 2023: 14_000}
# Own PV that units used themselves and applied for, MWh.
PV_MWH = {2021: 640, 2022: 1_180, 2023: 1_950, 2024: 2_900, 2025: 3_900}
MOST_CERTIFICATES_MWH = 5_000
APPLICANTS = 3


def dual_control_deductions(world: World) -> list[Row]:
    """Raw material and non-fossil power every year, own PV that units applied for, certificates since the notice of
    2024 let them count. One trade inside the province was applied for although statistics have it already."""
    chance = world.chance("dual_control_deductions")
    applicants = chance.shuffled([u["name"] for u in world.rows("key_units") if u["level"] == "city"])[:APPLICANTS]
    rows: list[Row] = []
    for year in macro.YEARS:
        given = [_row(year, "raw_material", f"云统核〔{year + 1}〕6号（虚构）", tce=material_tce(year))]
        for number, mwh in enumerate(split(PV_MWH.get(year, 0), (5, 3, 2))):
            if mwh:
                document = f"自用光伏核减申请{year}-{number + 1}（虚构）"
                serial = (
                    f"并网户号{7_310 + number}/{year}"  # the meter and the year: what shows that no kWh counts twice
                )
                given.append(
                    _row(year, "self_used_pv", document, mwh=mwh, applied_by=applicants[number], serial=serial)
                )
        mwh = NON_FOSSIL_MWH.get(year)
        if mwh is None:
            given += _certificates(world, year)
            left = granted_tce(year) - sum(row["tce"] or row["energy_mwh"] * macro.KGCE_PER_KWH for row in given)
            mwh = round(left / macro.KGCE_PER_KWH, 1)
        given.append(_row(year, "non_fossil_power", f"沧澜发改能〔{year + 1}〕11号（虚构）", mwh=mwh))
        rows += [*given, *_trades(world, year)]
    return rows


def material_tce(year: int) -> float:
    return round(macro.tce("gas", macro.GAS_AS_MATERIAL[year]), 1)


def granted_tce(year: int) -> float:
    """What must be deducted so that the cut since 2020 is that of ``CUT_AFTER``; the base year is freed of the same
    kinds, raw material and non-fossil power."""
    first = macro.YEARS[0]
    base = macro.total_tce(first) - material_tce(first) - NON_FOSSIL_MWH[first] * macro.KGCE_PER_KWH
    allowed = base / macro.gdp_constant(first) * (1 - CUT_AFTER[year] / 100) * macro.gdp_constant(year)
    return macro.total_tce(year) - allowed


def _certificates(world: World, year: int) -> list[Row]:
    """Certificates of the year that their holders retired for dual control, until the year's most is reached."""
    room, rows = MOST_CERTIFICATES_MWH, []
    for move in world.rows("instruments"):
        used = (move["kind"], move["use"], move["vintage"]) == ("certificate", "dual_control", year)
        if used and room > 0:
            mwh = min(move["energy_mwh"], room)
            room -= mwh
            document = f"绿证划转凭证{move['code']}（虚构）"
            rows.append(_row(year, "certificates", document, mwh=mwh, applied_by=move["holder"], serial=move["serial"]))
    return rows


def _trades(world: World, year: int) -> list[Row]:
    """The first contract of the last year inside the province, if there is one."""
    for contract in world.rows("green_power_contracts"):
        if (contract["kind"], contract["year"], year) == ("in_province_trade", year, macro.YEARS[-1]):
            mwh = round(contract["settled"] * 10, 1)
            document = f"绿电结算单{contract['contract']}（虚构）"
            return [_row(year, "in_province_trade", document, mwh=mwh, applied_by=contract["buyer"])]
    return []


def _row(
    year: int, kind: str, document: str, *,
    mwh: float | None = None, tce: float | None = None, applied_by: str | None = None, serial: str | None = None,
) -> Row:  # fmt: skip
    return {
        "year": year,
        "kind": kind,
        "energy_mwh": mwh,
        "tce": tce,
        "document": document,
        "applied_by": applied_by,
        "serial": serial,
    }
