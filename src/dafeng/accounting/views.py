"""The same numbers as others ask for them: buildings, public bodies, key units, vehicles."""

from __future__ import annotations

from dafeng.accounting.views_buildings import buildings_table
from dafeng.accounting.views_public import public_bodies_table
from dafeng.accounting.views_road import road_table
from dafeng.accounting.views_units import key_units_table

__all__ = ["buildings_table", "key_units_table", "public_bodies_table", "road_table"]
