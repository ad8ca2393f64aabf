"""What the district's own photovoltaics give in a year: its only primary energy."""

from __future__ import annotations

import calendar
import datetime as dt

from dafeng.demo.world import World

# Sunshine of a year against the mean.
SUN = {2020: 0.97, 2021: 1.01, 2022: 1.04, 2023: 1.0, 2024: 0.99, 2025: 1.02}


def pv_output(world: World, year: int) -> float:
    """Generation of the district's own photovoltaics, 10⁴ kWh; a plant counts from the day it was connected."""
    end, days = dt.date(year, 12, 31), 366 if calendar.isleap(year) else 365
    total = 0.0
    for row in world.rows("pv_projects"):
        if row["connected"] and row["connected"] <= end:
            total += row["expected_yield"] * min((end - row["connected"]).days / days, 1.0)
    return round(total * SUN[year], 1)
