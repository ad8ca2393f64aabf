"""Invented names. Firms carry 虚构 (fictional) in their name, so that none can be taken for a real one."""

from __future__ import annotations

from dafeng.demo.chance import Chance

WORDS = (
    "汀兰", "泊云", "砚桥", "栖鹭", "青梧", "枕河", "望潮", "织云", "澄渡", "梨浦", "松汀", "星槎", "汀湾",
    "澜汀", "沐禾", "岚汀", "槐汀", "云砚", "鹭影", "潮声", "棠汀", "芷岸", "砚秋", "萤渡", "禾砚", "汐桥",
)  # fmt: skip

SUFFIX_BY_USE: dict[str, tuple[str, ...]] = {
    "government_office": ("政务中心", "办公楼", "行政服务大楼", "综合执法大楼"),
    "office": ("商务中心", "大厦", "科创楼", "国际商务楼"),
    "mall": ("广场", "购物中心", "商厦", "生活广场"),
    "hotel": ("饭店", "酒店", "宾馆"),
    "education": ("小学", "中学", "幼儿园", "职业学校", "学院教学楼"),
    "health": ("医院门诊楼", "社区卫生服务中心", "医院住院楼", "康复中心"),
    "mixed": ("中心", "综合楼", "城市广场"),
    "culture": ("文化馆", "图书馆", "剧场"),
    "sport": ("体育馆", "游泳馆"),
    "transport": ("交通枢纽", "客运站", "轨交综合楼"),
    "data_centre": ("数据中心",),
    "other": ("服务楼", "社区中心", "养老院", "市场"),
    "home": ("苑", "新村", "家园", "花园"),
    "factory": ("厂房", "产业园厂房", "标准厂房"),
    "warehouse": ("仓库",),
}


class Names:
    """Names that do not repeat: a number is put behind one that was given before."""

    def __init__(self, chance: Chance):
        self.chance, self.given = chance, dict[str, int]()

    def of(self, *suffixes: str) -> str:
        name = self.chance.pick(WORDS) + self.chance.pick(suffixes)
        self.given[name] = count = self.given.get(name, 0) + 1
        return name if count == 1 else f"{name}{count}号" if name[-1] in "楼厦" else f"{name}（{count}）"

    def firm(self, *trades: str) -> str:
        """A firm, marked fictional."""
        name = f"{self.chance.pick(WORDS)}{self.chance.pick(trades)}"
        self.given[name] = count = self.given.get(name, 0) + 1
        number = "" if count == 1 else f"{'零一二三四五六七八九十'[count]}部" if count <= 10 else f"{count}部"
        return f"{name}{number}（虚构）"
