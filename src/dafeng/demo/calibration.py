"""Outside figures that the demo district's totals are scaled to, each with unit, year, source and status.

``low`` and ``high`` bound what a generated total may be; where no public figure was found the range alone is the
calibration and ``status`` says ``assumption``. The page "The demo district" prints this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dafeng.core.text import Text


@dataclass(frozen=True, slots=True)
class Constant:
    """One calibration figure. value, low and high are in ``unit``; ``year`` is the year it stands for."""

    value: float
    low: float
    high: float
    unit: str
    year: int
    what: Text
    source: Text
    status: Literal["official", "second-hand", "remembered", "assumption"]

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


PEOPLE = Constant(
    900000,
    890000,
    930000,
    "人",
    2020,
    Text("常住人口", "residents"),
    Text(
        "示例方案所述；约为上海一个中心城区（2020年普查111万人）的八成",
        "the demo plan's own statement; about 0.8 of a central Shanghai district (1.11 M, census 2020)",
    ),
    "assumption",
)
GDP_PER_HEAD = Constant(
    195600,
    180000,
    215000,
    "CNY",
    2020,
    Text("人均生产总值", "GDP per head"),
    Text(
        "上海一个中心城区2020年统计公报2 177亿元与普查人口111.3万人相除",
        "217.7 bn CNY over 1.113 M residents of a central Shanghai district, bulletin and census of 2020",
    ),
    "second-hand",
)
GDP_GROWTH = Constant(
    4.9,
    4.5,
    5.3,
    "%",
    2025,
    Text("生产总值年均增速（2021—2025）", "mean real growth of GDP 2021–2025"),
    Text("上海市“十五五”规划纲要", "Shanghai's outline of the fifteenth five-year plan"),
    "official",
)
ENERGY_PER_GDP = Constant(
    0.0525,
    0.045,
    0.06,
    "tce/万CNY",
    2020,
    Text("单位生产总值能耗", "energy per unit of GDP"),
    Text(
        "邻近城区“十四五”节能规划70.62万吨标准煤与约1 560亿元相除得0.045；另一城区估计至多0.060",
        "706 200 tce over about 156 bn CNY of a neighbouring district (its plan for 2021–2025) gives 0.045; "
        "estimates of another reach 0.060",
    ),
    "second-hand",
)
ENERGY_GROWTH = Constant(
    2.0,
    0.5,
    2.3,
    "%",
    2025,
    Text("能源消费年均增速（2021—2025）", "mean growth of energy 2021–2025"),
    Text("邻近城区规划：年均增速不超过2%", "a neighbouring district's plan allows 2 % a year"),
    "official",
)
INTENSITY_CUT = Constant(
    13.0,
    12.0,
    14.5,
    "%",
    2025,
    Text("单位生产总值能耗五年降幅", "five-year cut of energy per GDP"),
    Text(
        "公开的各区方案为13.5%至14%，示例方案要求13%", "public district plans ask 13.5 to 14 %; the demo plan asks 13 %"
    ),
    "official",
)
BUILDING_ELECTRICITY = Constant(
    100.7,
    75.0,
    115.0,
    "kWh/m2",
    2019,
    Text("受监测公共建筑单位面积用电", "electricity of monitored public buildings"),
    Text(
        "上海监测平台：1 780幢、8 236万平方米、82.9亿千瓦时",
        "Shanghai platform: 8.29 TWh over 82.36 M m² of 1 780 buildings",
    ),
    "second-hand",
)
BUILDING_INTENSITY = Constant(
    24.25,
    21.0,
    33.0,
    "kgce/m2",
    2020,
    Text("公共建筑单位面积能耗（等价）", "energy of public buildings at coal equivalent"),
    Text("邻近城区平台均值24.25，全市26.78", "platform mean of a neighbouring district (city 26.78)"),
    "official",
)
HOUSING_AREA_PER_HEAD = Constant(
    36.0,
    30.0,
    40.0,
    "m2/人",
    2021,
    Text("人均住宅建筑面积", "housing floor area per head"),
    Text("模型默认值30至40", "model default between 30 and 40"),
    "assumption",
)
HOUSEHOLD_SIZE = Constant(
    2.62,
    2.3,
    2.7,
    "人/户",
    2020,
    Text("户均人口", "persons per household"),
    Text("城市调查", "city survey"),
    "second-hand",
)
HOUSEHOLD_ELECTRICITY = Constant(
    2450,
    2200,
    3300,
    "kWh/户",
    2020,
    Text("户均年用电", "electricity per household"),
    Text("模型默认值2 700（2 200至3 300）", "model default 2 700 (2 200–3 300)"),
    "assumption",
)
HOUSEHOLD_GAS = Constant(
    190,
    140,
    260,
    "m3/户",
    2020,
    Text("户均年用气", "gas per household"),
    Text("模型默认值200（140至260）", "model default 200 (140–260)"),
    "assumption",
)
PEAK_HOURS = Constant(
    3600,
    3000,
    5000,
    "h",
    2025,
    Text("尖峰负荷利用小时", "hours of use at peak load"),
    Text(
        "全市1 849亿千瓦时与约3 700至4 000万千瓦相除得4 600至5 000；办公与居住为主的城区更尖",
        "city: 184.9 TWh over 37–40 GW gives 4 600–5 000 h; a district of offices and homes is more pointed",
    ),
    "assumption",
)
PV_HOURS = Constant(
    1050,
    950,
    1100,
    "h",
    2021,
    Text("光伏年利用小时", "full-load hours of PV"),
    Text("上海典型年计算，南向10°为1 025至1 075", "typical year of Shanghai, 10° south: 1 025–1 075"),
    "second-hand",
)
PV_COST = Constant(
    2.9,
    2.2,
    4.5,
    "CNY/W",
    2024,
    Text("光伏单位造价", "cost of PV"),
    Text(
        "分布式逐年2.5至3.7（±15%），密集城区另加10%至45%",
        "distributed 2.5–3.7 by year (±15 %), plus 10–45 % in dense districts",
    ),
    "assumption",
)
CHARGER_POWER = Constant(
    45,
    25,
    70,
    "kW",
    2025,
    Text("公共充电桩平均功率", "mean power of public chargers"),
    Text(
        "国家能源局2025年8月：431.6万个、1.96亿千瓦",
        "National Energy Administration, August 2025: 196 GW, 4.316 M points",
    ),
    "official",
)
NEW_CARS_BEV = Constant(
    50,
    45,
    60,
    "%",
    2025,
    Text("个人新购车中纯电动占比", "battery-electric share of private new cars"),
    Text("全市2025年目标超过50%", "the city's goal for 2025 is above 50 %"),
    "official",
)
BUS_NEV = Constant(
    96.2,
    95,
    100,
    "%",
    2024,
    Text("公交车新能源占比", "new-energy share of buses"),
    Text("全市2024年末16 356辆、96.2%", "Shanghai, end of 2024: 16 356 buses, 96.2 %"),
    "second-hand",
)
WASTE_PER_HEAD = Constant(
    1.36,
    1.15,
    1.55,
    "kg/(人·d)",
    2024,
    Text("人均生活垃圾日产生量", "household waste per head and day"),
    Text("全市2024年1至5月日均33 800吨、2 480万人", "Shanghai, January to May 2024: 33 800 t a day, 24.8 M people"),
    "second-hand",
)
WASTE_RECYCLED = Constant(
    43,
    36,
    48,
    "%",
    2023,
    Text("生活垃圾回收利用率", "recycling of household waste"),
    Text("全市2023年43%，2025年45%以上", "Shanghai: 43 % in 2023, above 45 % in 2025"),
    "second-hand",
)
GREEN_COVER = Constant(
    30,
    25,
    33,
    "%",
    2020,
    Text("绿化覆盖率", "green cover"),
    Text(
        "某中心城区公开值25.6%（2020）与32.6%（2022，口径不同）",
        "printed for a central district: 25.6 % (2020), 32.6 % (2022, another definition)",
    ),
    "second-hand",
)
PARK_PER_HEAD = Constant(
    6.4,
    5.0,
    8.0,
    "m2/人",
    2020,
    Text("人均公园绿地", "park green per head"),
    Text("某中心城区公开值6.37至6.62", "printed for a central district: 6.37 to 6.62"),
    "second-hand",
)
PUE_OLD = Constant(
    1.45,
    1.28,
    1.7,
    "1",
    2022,
    Text("既有数据中心电能利用效率", "PUE of existing data centres"),
    Text("2016至2020年建成约1.45，更早约1.6（1.4至2.0）", "built 2016–2020 about 1.45, older 1.6 (1.4–2.0)"),
    "assumption",
)
RETROFIT_SAVING = Constant(
    15,
    5,
    35,
    "%",
    2024,
    Text("公共建筑改造节能率", "saving of retrofits"),
    Text("市级年度计划以15%为达标线", "the city's yearly plan counts from 15 %"),
    "official",
)

# Electricity by use of building, kWh per m² and year (low, middle, high), and gas, m³ per m² and year: model
# defaults after measured anchors of Shanghai (platform 2019; hotels surveyed 2015).
ELECTRICITY_BY_USE: dict[str, tuple[float, float, float]] = {
    "government_office": (55, 78, 105), "office": (70, 98, 140), "mall": (120, 165, 260), "hotel": (95, 130, 210),
    "health": (100, 140, 190), "education": (16, 42, 90), "mixed": (70, 105, 150), "culture": (50, 80, 120),
    "sport": (40, 63, 100), "transport": (30, 43, 80), "other": (45, 74, 110),
}  # fmt: skip
GAS_BY_USE: dict[str, float] = {
    "government_office": 0.8, "office": 0.5, "mall": 3, "hotel": 9, "health": 8, "education": 1.0, "mixed": 2,
    "culture": 0.5, "sport": 1.5, "transport": 0.2, "other": 1.0,
}  # fmt: skip

# Monthly share of a year's electricity of public buildings, from measured kWh/m² by month (offices, 2026 study).
MONTHS_OF_ELECTRICITY = (7.6, 6.4, 6.3, 5.4, 5.8, 6.7, 9.9, 10.2, 8.5, 5.8, 5.6, 7.1)

ALL: dict[str, Constant] = {name: value for name, value in globals().items() if isinstance(value, Constant)}
