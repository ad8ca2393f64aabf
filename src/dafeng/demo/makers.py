"""Which function makes the rows of which register; which stay empty on purpose; which file corrects one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dafeng.demo import (
    accounts,
    breakdown,
    buildings,
    deductions,
    energy,
    finance,
    gases,
    green,
    industry,
    inventory,
    key_units,
    meters,
    people,
    power,
    roofs,
    supply,
    transport,
    waste,
    weather,
    work,
    zones,
)
from dafeng.demo.world import Maker

MAKERS: Mapping[str, Maker] = {
    "responsible_units": work.responsible_units,
    "yearly_totals": energy.yearly_totals,
    "energy_consumption": energy.energy_consumption,
    "pv_projects": energy.pv_projects,
    "green_power_contracts": power.green_power_contracts,
    "grid_load": power.grid_load,
    "dr_resources": power.dr_resources,
    "dr_events": power.dr_events,
    "storage_projects": power.storage_projects,
    "key_units": key_units.key_units,
    "key_unit_energy": key_units.key_unit_energy,
    "monitored_sites": key_units.monitored_sites,
    "equipment": key_units.equipment,
    "energy_audits": key_units.energy_audits,
    "inspections": key_units.inspections,
    "buildings": buildings.buildings,
    "building_energy": roofs.building_energy,
    "retrofits": buildings.retrofits,
    "municipal_retrofits": roofs.municipal_retrofits,
    "new_building_gates": buildings.new_building_gates,
    "ule_projects": roofs.ule_projects,
    "renewable_use": roofs.renewable_use,
    "roof_pv_survey": roofs.roof_pv_survey,
    "vehicle_registrations": transport.vehicle_registrations,
    "vehicle_stock": transport.vehicle_stock,
    "fleet_purchases": transport.fleet_purchases,
    "chargers": transport.chargers,
    "hubs": transport.hubs,
    "slow_lanes": transport.slow_lanes,
    "travel_survey": transport.travel_survey,
    "industry_output": industry.industry_output,
    "green_industry_firms": industry.green_industry_firms,
    "land_exits": industry.land_exits,
    "projects_screened": industry.projects_screened,
    "data_centres": industry.data_centres,
    "data_centre_energy": industry.data_centre_energy,
    "household_waste": waste.household_waste,
    "recycling_sites": waste.recycling_sites,
    "construction_waste": waste.construction_waste,
    "industrial_solid_waste": waste.industrial_solid_waste,
    "medical_institutions": waste.medical_institutions,
    "parks": green.parks,
    "green_space": green.green_space,
    "forest_projects": green.forest_projects,
    "campaigns": people.campaigns,
    "demonstrations": people.demonstrations,
    "green_procurement": people.green_procurement,
    "disclosures": people.disclosures,
    "cadre_counts": people.cadre_counts,
    "trainings": people.trainings,
    "carbon_inclusion": people.carbon_inclusion,
    "tech_projects": work.tech_projects,
    "work_items": work.work_items,
    "task_progress": work.task_progress,
    "confirmed_values": work.confirmed_values,
    "assigned_targets": work.assigned_targets,
    "evaluations": work.evaluations,
    "dual_control_monthly": accounts.dual_control_monthly,
    "ghg_inventory": inventory.ghg_inventory,
    "feeders": accounts.feeders,
    "zones_pilots": accounts.zones_pilots,
    "funds": finance.funds,
    "green_loans": finance.green_loans,
    "epc_contracts": finance.epc_contracts,
    "instruments": finance.instruments,
    "zone_facts": zones.zone_facts,
    "allocations": zones.allocations,
    "energy_supply": supply.energy_supply,
    "monthly_energy": supply.monthly_energy,
    "outside_series": supply.outside_series,
    "energy_by_place": breakdown.energy_by_place,
    "key_unit_carriers": breakdown.key_unit_carriers,
    "account_sites": meters.account_sites,
    "meter_totals": meters.meter_totals,
    "gdp_by_sector": industry.gdp_by_sector,
    "degree_days": weather.degree_days,
    "weather_shares": weather.weather_shares,
    "refrigerants": gases.refrigerants,
    "waste_facilities": gases.waste_facilities,
    "landfill_deposits": gases.landfill_deposits,
    "wastewater": gases.wastewater,
    "tree_stock": gases.tree_stock,
    "vehicle_use": transport.vehicle_use,
    "dual_control_deductions": deductions.dual_control_deductions,
}

# A register without rows, and why: a bureau that has not reported is part of every district.
EMPTY: Mapping[str, str] = {
    "sludge": "The construction bureau has not handed in the sludge table yet, so the target on sludge has no figure",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A second file for a register, loaded later. reason is kept with every record it supersedes."""

    register: str
    file: str
    reason: str
    rows: Maker


CORRECTIONS: tuple[Correction, ...] = (
    Correction(
        "retrofits", "retrofits_recheck_2026.xlsx",
        "2026年第三方复核：五个项目实测节能率低于15%，按复核报告更正", buildings.retrofits_corrected,
    ),
    Correction(
        "energy_consumption", "energy_consumption_gas_2023.xlsx",
        "2026年燃气公司年终结算核对：2023年其他服务业天然气少计一季度三座分布式能源站用气，按结算单更正",
        energy.gas_2023_corrected,
    ),
)  # fmt: skip
