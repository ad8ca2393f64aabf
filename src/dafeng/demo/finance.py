"""Registers of money and markets: grants, green finance, energy contracts, environmental instruments."""

from __future__ import annotations

import datetime as dt

from dafeng.demo.chance import Chance
from dafeng.demo.naming import Names
from dafeng.demo.world import TODAY, Row, World

# Field → share of grants, project, grant as a share of the investment, saving in tce per 10⁴ CNY invested.
FIELDS = {
    "building": (30, "空调系统改造", 0.16, 0.22),
    "renewables": (18, "屋顶光伏", 0.09, 0.2),
    "industry": (14, "电机系统改造", 0.14, 0.5),
    "transport": (12, "充电站建设", 0.1, 0.1),
    "capacity": (14, "能源审计", 0.5, 0.0),
    "technology": (8, "低碳技术示范", 0.2, 0.15),
    "circular": (4, "资源循环项目", 0.15, 0.2),
}


def funds(world: World) -> list[Row]:
    """Some twenty grants a year of the district's fund, a few of the city's; one was paid back."""
    chance = world.chance("funds")
    names = Names(chance)
    rows: list[Row] = []
    for year in range(2021, 2027):
        for _ in range(19 if year < 2026 else 13):
            decided = chance.day(dt.date(year, 4, 10), dt.date(year, 11, 28) if year < 2026 else TODAY)
            rows.append(_grant(chance, names, len(rows) + 1, decided))
    rows[9]["state"] = "recovered"
    return rows


def _grant(chance: Chance, names: Names, number: int, decided: dt.date) -> Row:
    field = chance.pick(tuple(FIELDS), [share for share, _, _, _ in FIELDS.values()])
    _, project, part, saving = FIELDS[field]
    investment = round(chance.lognormal(260, 0.9, 20, 3_200), 1)
    granted = round(min(investment * part * chance.between(0.7, 1.2), 300), 1)
    paid_on = decided + dt.timedelta(days=chance.whole(40, 200))
    state = "refused" if chance.chance(0.06) else "paid" if paid_on <= TODAY else "granted"
    held = state != "refused"
    tce = round(investment * saving * chance.between(0.7, 1.2), 1) if saving and state == "paid" else None
    receiver = names.firm("商务", "酒店管理", "医疗", "制造", "能源", "物业")
    return {
        "code": f"ZJ-{decided.year}-{number:03d}",
        "project": receiver.replace("（虚构）", "") + project,
        "receiver": receiver,
        "source": chance.pick(("district", "district", "district", "city")),
        "field": field,
        "state": state,
        "decided": decided if held else None,
        "granted": granted if held else None,
        "paid": granted if state == "paid" else None,
        "paid_on": paid_on if state == "paid" else None,
        "investment": investment,
        "saving_tce": tce,
        "cut_tco2": round(tce * 1.95, 1) if tce else None,
    }


BANKS = (
    "沧澜银行云汀支行（虚构）",
    "汀江商业银行（虚构）",
    "云汀农商行（虚构）",
    "澜光银行（虚构）",
    "泊云村镇银行（虚构）",
    "星槎信托（虚构）",
)


def green_loans(world: World) -> list[Row]:
    """Green balances grow a quarter a year and cost less than the rest."""
    chance = world.chance("green_loans")
    rows = []
    for place, bank in enumerate(BANKS):
        total, share = chance.between(60, 320, 1), chance.between(4, 9, 2)
        for year in range(2020, 2026):
            all_of_it = round(total * 1.07 ** (year - 2020), 2)
            green = round(all_of_it * share * 1.18 ** (year - 2020) / 100, 2)
            rate_all = round(4.6 - 0.22 * (year - 2020) + chance.between(-0.05, 0.05), 2)
            rows.append(
                {
                    "year": year,
                    "institution": bank,
                    "product": "loan" if place < 5 else "lease",
                    "green": green,
                    "total": all_of_it,
                    "issued": round(green * 0.34, 2),
                    "rate": round(rate_all - chance.between(0.2, 0.45), 2),
                    "rate_all": rate_all,
                    "projects": round(green * 2.2) + 1,
                    "cut_t": round(green * 410),
                }
            )
    return rows


def epc_contracts(world: World) -> list[Row]:
    chance = world.chance("epc_contracts")
    names = Names(chance)
    users = [
        row
        for row in world.rows("buildings")
        if row["use"] in ("health", "hotel", "mall", "government_office", "office")
    ]
    rows = []
    for number, building in enumerate(chance.shuffled(users)[:28], 1):
        started = chance.day(dt.date(2020, 5, 6), dt.date(2026, 8, 28))
        agreed = round(building["floor_area_m2"] * chance.between(0.003, 0.006, 5), 1)
        rows.append(
            {
                "code": f"EPC-{started.year}-{number:03d}",
                "user": building["name"],
                "provider": names.firm("综合能源服务", "节能服务"),
                "kind": chance.pick(("shared", "trusteeship", "guaranteed", "lease"), (4, 4, 2, 1)),
                "public": building["public_body"],
                "started": started,
                "ends": started + dt.timedelta(days=365 * chance.whole(5, 10)),
                "investment": round(agreed * chance.between(2.2, 4.5), 1),
                "agreed_tce": agreed,
                "verified_tce": round(agreed * chance.between(0.75, 1.08), 1) if started.year <= 2024 else None,
            }
        )
    return rows


def instruments(world: World) -> list[Row]:
    """Certificates bought and retired by buyers of green power, allowances of firms in the carbon market."""
    chance = world.chance("instruments")
    rows: list[Row] = []
    for contract in world.rows("green_power_contracts"):
        if contract["settled"] is None:
            continue
        year, mwh = contract["year"], round(contract["settled"] * 10)
        kind = "certificate" if contract["kind"] == "certificates" else "green_power"
        bought = chance.day(dt.date(year, 6, 1), dt.date(year, 12, 18))
        serial = f"{'GEC' if kind == 'certificate' else 'GP'}{year}-{len(rows) + 1:05d}"
        base = {
            "holder": contract["buyer"],
            "kind": kind,
            "vintage": year,
            "serial": serial,
            "tonnes": None,
            "energy_mwh": mwh,
        }
        rows.append(_move(len(rows) + 1, bought, "bought", "none", base, price=chance.between(3, 30, 1)))
        if chance.chance(0.8):
            used = chance.day(dt.date(year + 1, 2, 10), dt.date(year + 1, 6, 28))
            rows.append(
                _move(
                    len(rows) + 1,
                    used,
                    "retired",
                    chance.pick(("dual_control", "zero_rated", "voluntary"), (5, 3, 2)),
                    base,
                )
            )
    for unit in [row for row in world.rows("key_units") if row["level"] == "city"][:9]:
        for year in range(2022, 2026):
            base = {
                "holder": unit["name"],
                "kind": "allowance",
                "vintage": year,
                "serial": f"YTA{year}-{unit['code'][-4:]}",
                "tonnes": chance.whole(9_000, 42_000),
                "energy_mwh": None,
            }
            rows.append(_move(len(rows) + 1, dt.date(year, 8, 30), "issued", "none", base))
            rows.append(_move(len(rows) + 1, dt.date(year + 1, 8, 20), "surrendered", "compliance", base))
    return rows


def _move(number: int, day: dt.date, move: str, use: str, base: Row, price: float | None = None) -> Row:
    return base | {
        "code": f"QY-{day.year}-{number:04d}",
        "moved": day,
        "move": move,
        "use": use,
        "price": price,
        "counterparty": None,
    }
