"""The district's invented geography: three zones, twelve subdistricts and a town, their weights and positions.

Positions lie in the open East China Sea on purpose: no real street is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

DISTRICT, DISTRICT_EN, CITY = "云汀区", "Yunting District", "沧澜市"
TOWN = "汀湾镇"


@dataclass(frozen=True, slots=True)
class Place:
    """A subdistrict or the town. people and jobs are shares of the district in thousandths; x, y in km from the
    district's south-west corner."""

    code: str
    name: str
    zone: str
    people: int
    jobs: int
    area_km2: float
    x: float
    y: float


# Shares of residents and of jobs; each column sums to 1 000.
PLACES: tuple[Place, ...] = (
    Place("YT01", "汀兰街道", "北岸片区", 78, 92, 2.9, 2.1, 9.3),
    Place("YT02", "泊云街道", "北岸片区", 71, 118, 3.1, 4.0, 9.5),
    Place("YT03", "砚桥街道", "北岸片区", 84, 61, 2.6, 5.9, 9.1),
    Place("YT04", "栖鹭街道", "北岸片区", 66, 74, 3.4, 7.6, 8.8),
    Place("YT05", "青梧街道", "中部片区", 93, 83, 3.2, 1.7, 6.4),
    Place("YT06", "枕河街道", "中部片区", 88, 47, 2.8, 3.6, 6.7),
    Place("YT07", "望潮街道", "中部片区", 72, 165, 4.1, 5.5, 6.2),
    Place("YT08", "织云街道", "中部片区", 81, 96, 3.6, 7.3, 6.0),
    Place("YT09", "澄渡街道", "中部片区", 69, 58, 3.0, 8.8, 5.7),
    Place("YT10", "梨浦街道", "南湾片区", 77, 39, 3.9, 2.4, 3.4),
    Place("YT11", "松汀街道", "南湾片区", 74, 44, 4.3, 4.7, 3.1),
    Place("YT12", "星槎街道", "南湾片区", 63, 86, 4.8, 6.9, 2.8),
    Place("YT13", TOWN, "南湾片区", 84, 37, 9.3, 5.2, 1.0),
)
ZONES = ("北岸片区", "中部片区", "南湾片区")
PARK_ZONE = "云汀开发区"
AREA_KM2 = round(sum(place.area_km2 for place in PLACES), 2)
BY_NAME = {place.name: place for place in PLACES}

_WEST, _SOUTH = 124.600, 30.400
_KM_PER_DEGREE = (95.9, 110.9)


def position(place: Place, dx: float, dy: float) -> str:
    """``longitude,latitude`` of a point dx, dy km from the place's centre."""
    longitude = _WEST + (place.x + dx) / _KM_PER_DEGREE[0]
    latitude = _SOUTH + (place.y + dy) / _KM_PER_DEGREE[1]
    return f"{longitude:.5f},{latitude:.5f}"
