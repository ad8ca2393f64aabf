"""What a factor alone cannot say: gas from waste, wastewater, trees and refrigerants, each in a few lines.

A kernel takes a frame with ``_row``, ``year`` and ``activity`` and one column per parameter, and the years asked for;
it gives ``_row``, ``year`` and ``gas_t``, tonnes of the method's gas, one row per emitting year (what binds carbon is
negative). ``prepare`` joins to a register's records what its methods need from other registers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from dafeng.accounting.kernels.incineration import incineration_co2
from dafeng.accounting.kernels.joins import prepare
from dafeng.accounting.kernels.land import area_increment, biomass_increment
from dafeng.accounting.kernels.landfill import (
    first_order_decay,
    first_order_decay_elsewhere,
    first_order_decay_inside,
    landfill_mass_balance,
)
from dafeng.accounting.kernels.refrigerant import refrigerant_leak
from dafeng.accounting.kernels.vehicles import vehicle_energy
from dafeng.accounting.kernels.wastewater import wastewater_ch4, wastewater_n2o

Kernel = Callable[[pl.DataFrame, Sequence[int]], pl.DataFrame]

KERNELS: Mapping[str, Kernel] = {
    "first_order_decay": first_order_decay,
    "first_order_decay_inside": first_order_decay_inside,
    "first_order_decay_elsewhere": first_order_decay_elsewhere,
    "landfill_mass_balance": landfill_mass_balance,
    "incineration_co2": incineration_co2,
    "wastewater_ch4": wastewater_ch4,
    "wastewater_n2o": wastewater_n2o,
    "biomass_increment": biomass_increment,
    "area_increment": area_increment,
    "refrigerant_leak": refrigerant_leak,
}

__all__ = ["KERNELS", "Kernel", "prepare", "vehicle_energy"]
