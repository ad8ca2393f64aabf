"""Registers of gases beside energy: refrigerants, landfills, wastewater, trees."""

from __future__ import annotations

from dafeng.demo import macro
from dafeng.demo.chance import split
from dafeng.demo.waste import FACILITIES, IN_DISTRICT, LANDFILLED
from dafeng.demo.world import Row, World

# (equipment, refrigerant) → charge in use at the end of 2020 and of 2025, kg; share topped up a year, % (None: nobody
# keeps a record of homes and cars); share of the charge that is scrapped a year, %; recovered of it, %.
CHARGES = {
    ("chiller", "r134a"): (118_000, 131_000, 2.9, 3.0, 82),
    ("chiller", "r123"): (16_500, 9_200, 2.4, 7.0, 85),
    ("chiller", "r22"): (21_000, 6_400, 3.6, 12.0, 70),
    ("vrf", "r410a"): (146_000, 171_000, 3.1, 3.5, 55),
    ("split", "r410a"): (214_000, 168_000, None, 6.0, 20),
    ("split", "r32"): (48_000, 142_000, None, 2.0, 20),
    ("split", "r22"): (92_000, 31_000, None, 11.0, 15),
    ("cold_store", "r404a"): (6_200, 5_100, 8.5, 5.0, 60),
    ("display", "r404a"): (4_300, 3_100, 11.0, 8.0, 45),
    ("vehicle", "r134a"): (112_000, 124_000, None, 5.0, 30),
}


def refrigerants(world: World) -> list[Row]:
    rows = []
    for year in macro.YEARS:
        for (equipment, refrigerant), (first, last, topped, scrapped, recovered) in CHARGES.items():
            charge = round(first + (last - first) * (year - 2020) / 5)
            retired = round(charge * scrapped / 100)
            rows.append(
                {
                    "year": year,
                    "equipment": equipment,
                    "refrigerant": refrigerant,
                    "charge_kg": charge,
                    "topped_up_kg": round(charge * topped / 100) if topped else None,
                    "retired_kg": retired,
                    "recovered_kg": round(retired * recovered / 100),
                }
            )
    return rows


OLD_LANDFILL = "沧澜东堤填埋场（虚构）"
# Facility → kind, in the district, methane recovered in a year (t), management of a landfill.
_FACILITIES: dict[str, tuple[str, bool, float | None, str | None]] = {
    FACILITIES["recycled"]: ("recycling", False, None, None),
    FACILITIES["biological"]: ("biological", False, 310, None),
    IN_DISTRICT: ("biological", True, 0, None),
    FACILITIES["incinerated"]: ("incineration", False, None, None),
    FACILITIES["landfilled"]: ("landfill", False, 0, "managed"),
    FACILITIES["safe"]: ("incineration", False, None, None),
    OLD_LANDFILL: ("landfill", False, 1_450, "managed"),
}


def waste_facilities(world: World) -> list[Row]:
    """All but a small plant for market waste lie outside: their emissions are a memo item of the district."""
    return [
        {"facility": name, "kind": kind, "in_district": inside, "ch4_recovered_t": recovered, "mcf": mcf}
        for name, (kind, inside, recovered, mcf) in _FACILITIES.items()
    ]


# Composition of what was tipped, %; mixed waste of the years before sorting, residual waste of the last ones.
MIXED = {"food": 56, "paper": 10, "textile": 3, "wood": 2, "garden": 3, "rubber": 1, "bulk": 25}
RESIDUAL = {"food": 34, "paper": 19, "textile": 6, "wood": 3, "diapers": 7, "rubber": 2, "bulk": 29}
# The district's waste to the old landfill, t, on straight lines between these years; closed at the end of 2019.
TIPPED = {1998: 168_000, 2008: 214_000, 2013: 176_000, 2019: 62_000}


def landfill_deposits(world: World) -> list[Row]:
    """Since the old landfill opened; what went to the stand-by landfill afterwards is that of the waste register."""
    rows: list[Row] = []
    first, last = min(TIPPED), max(TIPPED)
    for year in range(first, last + 1):
        before = max(known for known in TIPPED if known <= year)
        after = min(known for known in TIPPED if known >= year)
        share = (year - before) / (after - before) if after > before else 0
        total = round(TIPPED[before] + (TIPPED[after] - TIPPED[before]) * share)
        rows += _deposits(year, OLD_LANDFILL, total, MIXED)
    for year in range(last + 1, macro.YEARS[-1] + 1):
        rows += _deposits(year, FACILITIES["landfilled"], LANDFILLED.get(year, 0), RESIDUAL)
    return rows


def _deposits(year: int, facility: str, total: float, composition: dict[str, int]) -> list[Row]:
    parts = split(total, list(composition.values()))
    return [
        {"year": year, "facility": facility, "component": component, "tonnes": tonnes}
        for component, tonnes in zip(composition, parts, strict=True)
    ]


CITY_PLANT, OWN_PLANT = "沧澜第二水质净化厂（虚构）", "星槎再生水厂（虚构）"
# Organics that reach the sewers, kg BOD per head and year; removed of it; to sludge of what is removed; COD over BOD.
BOD_PER_HEAD, REMOVED, TO_SLUDGE, COD_PER_BOD = 14.6, 0.93, 0.18, 2.3
PROTEIN_KG = {2020: 31.2, 2021: 32.0, 2022: 32.3, 2023: 33.1, 2024: 33.6, 2025: 33.9}
OWN_SHARE = 0.06  # of the people, served by the plant in the district
# Effluent nitrogen, g per head and day, falling with the standard; organics of firms that treat their own, t COD.
NITROGEN_G = {2020: 2.4, 2021: 2.3, 2022: 2.3, 2023: 2.2, 2024: 2.1, 2025: 2.1}
INDUSTRY_COD = {2020: 1_140, 2021: 1_180, 2022: 1_090, 2023: 1_120, 2024: 1_135, 2025: 1_140}


def wastewater(world: World) -> list[Row]:
    """Nearly all sewage is treated outside; one small plant and the firms' own treatment lie in the district."""
    rows = []
    for year in macro.YEARS:
        own = round(macro.RESIDENTS[year] * OWN_SHARE)
        for plant, people, inside, recovered in (
            (CITY_PLANT, macro.RESIDENTS[year] - own, False, 96),
            (OWN_PLANT, own, True, 0),
        ):
            removed = people * BOD_PER_HEAD * REMOVED / 1000
            rows.append(
                {
                    "year": year,
                    "plant": plant,
                    "kind": "domestic",
                    "in_district": inside,
                    "treatment": "aerobic",
                    "bod_t": round(removed),
                    "cod_t": round(removed * COD_PER_BOD),
                    "nitrogen_t": round(people * NITROGEN_G[year] * 365 / 1e6, 1),
                    "people": people,
                    "protein_kg": PROTEIN_KG[year],
                    "sludge_bod_t": round(removed * TO_SLUDGE),
                    "ch4_recovered_t": recovered,
                }
            )
        rows.append(
            {
                "year": year,
                "plant": "重点排水单位自建设施（虚构）",
                "kind": "industrial",
                "in_district": True,
                "treatment": "aerobic",
                "bod_t": None,
                "cod_t": INDUSTRY_COD[year],
                "nitrogen_t": None,
                "people": None,
                "protein_kg": None,
                "sludge_bod_t": None,
                "ch4_recovered_t": 0,
            }
        )
    return rows


# Kind → standing volume m³ at the end of 2020 and of 2025, yearly growth and cut, %.
TREES = {
    "arbor": (31_200, 37_900, 5.6, 1.1),
    "scattered": (9_800, 11_300, 4.3, 1.2),
    "roadside": (18_600, 21_000, 4.1, 1.4),
}
AREAS_HA = {"arbor": (388, 421), "bamboo": (11.4, 11.9), "orchard": (6.2, 5.4), "shrub": (142, 158)}


def tree_stock(world: World) -> list[Row]:
    """The greening survey, brought forward each year."""
    rows = []
    for year in macro.YEARS:
        part = (year - 2020) / 5
        for kind in ("arbor", "scattered", "roadside", "bamboo", "orchard", "shrub"):
            first, last, growth, cut = TREES.get(kind, (None, None, None, None))
            area = AREAS_HA.get(kind)
            rows.append(
                {
                    "year": year,
                    "kind": kind,
                    "area_ha": round(area[0] + (area[1] - area[0]) * part, 1) if area else None,
                    "volume_m3": round(first + (last - first) * part) if first and last else None,
                    "growth_pct": growth,
                    "cut_pct": cut,
                }
            )
    return rows
