"""The register of deductions in the evaluation of energy: what was applied for, with its document."""

from __future__ import annotations

from dafeng.demo import macro
from dafeng.demo.chance import split
from dafeng.demo.world import Row, World

# Coal equivalent that all granted deductions of the year come to, tce: with them the cut of energy per unit of GDP is
# the 13.2 % that the city confirmed for 2025. The notice of 2024 let non-fossil power and certificates count.
GRANTED_TCE = {2024: 3_700, 2025: 4_690}
# Own PV that units used themselves and applied for, MWh.
PV_MWH = {2021: 640, 2022: 1_180, 2023: 1_950, 2024: 2_900, 2025: 3_900}
MOST_CERTIFICATES_MWH = 5_000
APPLICANTS = 3


def dual_control_deductions(world: World) -> list[Row]:
    """Raw material and own PV every year; since 2024 certificates and, as the rest, non-fossil power. One trade inside
    the province was applied for although it is in the statistics already."""
    chance = world.chance("dual_control_deductions")
    applicants = chance.shuffled([u["name"] for u in world.rows("key_units") if u["level"] == "city"])[:APPLICANTS]
    rows: list[Row] = []
    for year in macro.YEARS:
        material = round(macro.tce("gas", macro.GAS_AS_MATERIAL[year]), 1)
        rows.append(_row(year, "raw_material", f"云统核〔{year + 1}〕6号（虚构）", tce=material))
        left = GRANTED_TCE.get(year, 0) - material
        for name, mwh in zip(applicants, split(PV_MWH.get(year, 0), (5, 3, 2)), strict=True):
            if mwh:
                document = f"自用光伏核减申请{year}-{applicants.index(name) + 1}（虚构）"
                rows.append(_row(year, "self_used_pv", document, mwh=mwh, applied_by=name))
                left -= mwh * macro.KGCE_PER_KWH
        if year not in GRANTED_TCE:
            continue
        for certificate in _certificates(world, year):
            rows.append(certificate)
            left -= certificate["energy_mwh"] * macro.KGCE_PER_KWH
        mwh = round(left / macro.KGCE_PER_KWH, 1)
        rows.append(_row(year, "non_fossil_power", f"沧澜发改能〔{year + 1}〕11号（虚构）", mwh=mwh))
        rows += _trades(world, year)
    return rows


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
    """The first contract of the year inside the province, if there is one."""
    for contract in world.rows("green_power_contracts"):
        if contract["kind"] == "in_province_trade" and contract["year"] == year and contract["settled"]:
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
