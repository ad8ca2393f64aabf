"""The inventory that the bureau published: plain arithmetic on the other registers with the factors of the catalogue.

It follows the account's own methods and leaves out what a small bureau leaves out, methane and nitrous oxide of
burning, so that a comparison of the two has something small and known to show.
"""

from __future__ import annotations

from dafeng.demo import macro
from dafeng.demo.sun import pv_output
from dafeng.demo.world import Row, World
from dafeng.demo.zones import grid_factor

SOURCES = {
    "industry": "工业用能",
    "construction": "建筑业用能",
    "transport": "交通用能",
    "trade": "商业用能",
    "services": "服务业用能",
    "homes": "居民用能",
}
N2O_PER_N, CO2_PER_C = 44 / 28, 44 / 12
# Outside the inventory: they harm the ozone layer and are under another treaty.
HCFC = ("r22", "r123")


def ghg_inventory(world: World) -> list[Row]:
    """CO2 of fuels by sector, electricity and heat bought apart; sewage, market waste, coolants and green space."""
    rows: list[Row] = []
    for year in macro.YEARS:
        method = f"2025年版指南，电网因子{max(year, 2021) if year < 2024 else 2023}年，GWP取AR5"
        rows += _energy(world, year, f"{method}；燃烧只计二氧化碳")
        ch4, n2o = world.factor("gwp_ch4_ar5", year), world.factor("gwp_n2o_ar5", year)
        sewage_ch4, sewage_n2o, own_ch4 = _sewage(world, year)
        market = _market_waste(world, year)
        small = (
            ("ch4", "生活污水", sewage_ch4 * ch4, 50, ch4),
            ("n2o", "生活污水", sewage_n2o * n2o, 60, n2o),
            ("ch4", "工业废水", own_ch4 * ch4, 60, ch4),
            ("ch4", "菜场垃圾生化处理", market * world.factor("ch4_composting", year) / 1000 * ch4, 60, ch4),
            ("n2o", "菜场垃圾生化处理", market * world.factor("n2o_composting", year) / 1000 * n2o, 70, n2o),
        )
        rows += [_row(year, "waste", gas, source, t, wide, method, gwp) for gas, source, t, wide, gwp in small]
        rows.append(_row(year, "industry", "hfcs", "制冷剂逸散", coolants(world, year), 80, method))
        rows.append(_row(year, "land", "co2", "城市树木", -_trees(world, year), 60, method))
        rows.append(_row(year, "land", "co2", "绿地地被", -_lawns(world, year), 90, method))
    return rows


def _energy(world: World, year: int, method: str) -> list[Row]:
    direct, heat = dict.fromkeys(SOURCES, 0.0), 0.0
    for (sector, carrier), amount in macro.burnt(year).items():
        if carrier == "heat":
            heat += macro.co2_direct(carrier, amount)
        else:
            direct[sector] += macro.co2_direct(carrier, amount)
    power = (macro.carrier_total("electricity", year) - pv_output(world, year)) * 10 * grid_factor(world, year)
    return [
        *(_row(year, "energy", "co2", SOURCES[sector], t, 6, method) for sector, t in direct.items()),
        _row(year, "power_bought", "co2", "外购电力", power, 7, method),
        _row(year, "heat_bought", "co2", "外购热力", heat, 15, method),
    ]


def _of_year(world: World, register: str, year: int) -> list[Row]:
    return [row for row in world.rows(register) if row["year"] == year]


def _sewage(world: World, year: int) -> tuple[float, float, float]:
    """t of CH4 and of N2O from the sewage works in the district, and of CH4 from the firms' own treatment."""
    mcf = world.factor("ww_mcf_aerobic", year)
    ch4 = n2o = own = 0.0
    for row in _of_year(world, "wastewater", year):
        if row["in_district"] and row["kind"] == "domestic":
            ch4 += (row["bod_t"] - row["sludge_bod_t"]) * world.factor("ww_bo_bod", year) * mcf
            n2o += row["nitrogen_t"] * world.factor("ww_ef_n2o", year) * N2O_PER_N
        elif row["in_district"]:
            own += row["cod_t"] * world.factor("ww_bo_cod", year) * mcf
    return ch4, n2o, own


def _market_waste(world: World, year: int) -> float:
    """t that the plant in the district took; its residue is part of it."""
    return sum(row["tonnes"] for row in _of_year(world, "household_waste", year) if row["stream"] == "market")


def coolants(world: World, year: int) -> float:
    """tCO2e of HFCs: what was topped up or, without a record, charge × rate; and scrapped charges not recovered."""
    total = 0.0
    for row in _of_year(world, "refrigerants", year):
        if row["refrigerant"] not in HCFC:
            rate = world.factor(f"leak_{row['equipment']}", year) / 100
            leaked = row["charge_kg"] * rate if row["topped_up_kg"] is None else row["topped_up_kg"]
            lost_kg = leaked + row["retired_kg"] - row["recovered_kg"]
            total += lost_kg / 1000 * world.factor(f"gwp_{row['refrigerant']}_ar5", year)
    return total


def _trees(world: World, year: int) -> float:
    """tCO2 bound: growth less cut of trees, and areas of bamboo, orchards and shrubs against the year before."""
    carbon, before = 0.0, {row["kind"]: row["area_ha"] for row in _of_year(world, "tree_stock", year - 1)}
    share = world.factor("sink_cf", year)
    for row in _of_year(world, "tree_stock", year):
        if row["volume_m3"] is not None:
            net = row["volume_m3"] * (row["growth_pct"] - row["cut_pct"]) / 100
            carbon += net * world.factor("sink_svd", year) * world.factor("sink_bef", year) * share
        elif row["kind"] in before:
            gained = row["area_ha"] - before[row["kind"]]
            carbon += gained * world.factor(f"sink_biomass_{row['kind']}", year) * share
    return carbon * CO2_PER_C


def _lawns(world: World, year: int) -> float:
    green = sum(row["green_ha"] for row in _of_year(world, "green_space", year))
    return green * world.factor("sink_lawn", year)


def _row(
    year: int, sector: str, gas: str, source: str, amount: float, uncertainty: float, method: str, gwp: float = 1
) -> Row:
    amount = round(amount, 1)
    mass = amount if gas == "co2" else round(amount / gwp, 2) if gwp > 1 else None
    return {
        "year": year,
        "sector": sector,
        "gas": gas,
        "source": source,
        "amount": amount,
        "gas_t": mass,
        "uncertainty": uncertainty,
        "method": method,
    }
