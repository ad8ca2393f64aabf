"""Is this figure a target? Names, thresholds of a class, what exists already, money and frequencies are not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dafeng.planning.measures import BASE, COUNTS, TIME
from dafeng.planning.numerals import Figure
from dafeng.planning.wording import Binding

_JOINS_ON = "并且和及或与，、；。)等，"
_BUILD = re.compile(
    r"(?:建成|新建|建设|创建|培育|打造|完成|新增|形成|引进|培养|改造|建立|发展|争创|实施|推广|达到?|建)\s*$"
)
_EXISTING = re.compile(
    r"已(?!\S{1,5}的)|目前|现有|现状|截至|截止|以来|在建|去年|上年|上一轮|业已|先后|曾|位居|入选|荣获|下设|"
    r"拥有(?!量)|共有|现为|建成后|投产后|为下一步|总结推广"
)
_POTENTIAL = re.compile(
    r"可(?:利用|开发|安装|建设|改造)[^，；。]{0,10}(?:面积|资源|潜力|总?量|规模)(?:约|共|为|有|近)*\s*$"
)
_GOVERNED = re.compile(
    r"(?:^|[，、；])?(?:对|针对|依托|围绕|发挥|会同|联合|方便|惠及|涉及|面向|服务于?|按照|根据|参照|覆盖全[区市县]|支持|由)(?:[^，；。]*?)$"
)
_CAPACITY = re.compile(
    r"(?:日|年|月|每天|每小时|每日|昼夜)(?:均|综合)?(?:处理|处置|产|供水|收运|发电|能源消费|能耗|排放|用电|耗能|消费|接待|客运)[^，；。]{0,6}$"
)
_SIZE = re.compile(
    r"(?:规划面积|占地(?:面积)?|总投资|投资额?|用地面积|总建筑面积|建筑规模|服务半径|半径|间距|距离|长约|宽|直径|电压等级)(?:约|为|达)?\s*$"
)
_GRANT = re.compile(r"补助|补贴|奖励|给予|贴息|资助|减免|罚款|处罚|扣除|奖补|加计|抵扣|税率|利率|门槛")
_MONEY_AIM = re.compile(r"产值|增加值|投资|规模|销售|收入|营收|余额|总量|交易|贷款|单位|均|生产总值|GDP|产出")
_OFFICE = re.compile(
    r"\s*(?:办公室|专项?组|工作组|小组|部门(?:组成|参与)|专班|月内|工作日|阶段|方面|环节|步骤|字|维度|层面|季度)"
)
_AFTER_NAME = re.compile(
    r"\s*(?:强|星|级|号|期|届|版|章|条规定|型|代|[A-Za-z]|[+×xX*°:/]|类(?:以上)?水体|公里(?:生活圈)?圈)"
)
_BEFORE_NAME = re.compile(r"(?:第|[A-Za-z]|[+×xX*#:]|NO\.|前|编号|电话|热线|[〔《])\s*$")
_RATIO = re.compile(r"PUE|利用效率|能效比|容积率|系数|指数|车桩比|桩车比|比值|EER|COP|比达到", re.IGNORECASE)
_SIZES = ("米", "千伏", "蒸吨", "蒸吨/小时", "吨/小时")
_PERIODIC = re.compile(r"每(?:半|[一两二三]|\d)?个?(?:年|月|季度|周|半年)[^，；。]{0,14}$")


@dataclass(frozen=True, slots=True)
class Context:
    """Where a figure stands, all in plain text with the times taken out.

    before: back to the last comma; clause: the same with the figures said in it; window: back to the time that governs
    it, or the start of the sentence; after: to the next comma; quoted: between quotation marks; follows: what stands
    between the figure before and this one (None when another comma lies between); ratio: the target before it in the
    sentence is a figure without a unit; listed: it goes on with a list of counts from the clause before."""

    before: str
    clause: str
    window: str
    after: str
    quoted: bool
    follows: str | None
    dated: bool
    base_value: bool
    ratio: bool = False
    listed: bool = False


def why_not(figure: Figure, context: Context, binding: Binding) -> str | None:
    """The reason why a figure is no target, None when it may be one. Reasons that begin with ``?`` are doubts a
    person should see."""
    for test in (_is_name, _is_base, _is_time, _is_class, _is_existing, _is_money, _is_frequency, _is_bare):
        if reason := test(figure, context, binding):
            return reason
    return None


def _is_name(figure: Figure, context: Context, binding: Binding) -> str | None:
    if context.quoted or _BEFORE_NAME.search(context.before) or context.before.endswith("余"):
        return "name"
    if re.match(r"\s*(?:余|多(?!于)|几)", context.after):
        return "existing"
    if re.search(r"等\s*$", context.before) and _counted(figure):
        return "name"  # 建设甲、乙等4个园区 counts those that it names
    if not figure.unit and _AFTER_NAME.match(context.after):
        return "name"
    if re.match(r"\s*级(?!以上)", context.after):
        return "name"  # 百兆瓦级储能
    if _OFFICE.match(context.after) or figure.unit in (
        "届",
        "级",
        "册",
        "例",
        "位",
        "段",
        "节",
        "站",
        "点",
        "口",
        "门",
        "部",
    ):
        return "name" if not binding.explicit else None
    return None


def _is_base(figure: Figure, context: Context, binding: Binding) -> str | None:
    return "base value" if context.base_value else None


def _is_time(figure: Figure, context: Context, binding: Binding) -> str | None:
    if figure.unit not in TIME:
        return "specification" if figure.unit in ("千伏", "伏", "℃") else None
    aimed = re.search(r"(?:降至|降到|控制在|缩短(?:到|至)|不超过|达到|不低于|不少于|减少到|提高到)\s*$", context.before)
    fixed = figure.unit in ("年", "月", "日", "周", "个月", "周岁", "天")
    around = re.match(r"\s*(?:生活|社区|服务|便民|出行)?(?:服务)?圈", context.after)
    return None if aimed and not fixed and not around else "time"


def _is_class(figure: Figure, context: Context, binding: Binding) -> str | None:
    """A threshold that says which things are meant: 5000吨标准煤以上的23家单位."""
    if context.follows == "":
        return "specification"
    if re.match(r"\s*的[\u4e00-\u9fff].*?\d", context.after):
        return "class"
    sized = figure.unit in _SIZES or figure.unit.endswith("元")
    if sized and re.match(r"(?:的)?[\u4e00-\u9fff]{1,10}\d+(?:\.\d+)?[台座套组条辆家个户]", context.after):
        return "specification"  # 关停4.3米焦炉5座, 产值超百亿元企业6家
    found = re.match(r"\s*(及)?(?:以上|以下|以内)(的)?(?=[\u4e00-\u9fff])", context.after)
    if found is None:
        of = re.match(r"\s*的(?!目标|水平|要求|任务|增速)[\u4e00-\u9fff]", context.after)
        if of and re.search(r"(?:形成|具备|新增|净增|新建|建成|完成)(?:约|近)?\s*$", context.before):
            return None  # 形成240万吨标准煤的节能能力
        if of and (not binding.explicit or binding.comparator in ("<", ">")):
            return "class"
        return None
    rest = context.after[found.end() :]
    if rest[:1] in _JOINS_ON or re.match(r"(?:目标|水平|的目标|并|且)", rest):
        return None
    if (
        re.search(r"(?:达到?|提高到|提升至|提升到|稳定在|保持在|控制在|不低于|超过)\s*$", context.before)
        and not found[2]
    ):
        return None
    if figure.unit == "%" and not found[1] and _opens(context.before):
        return None if re.search(r"建成|达到?|完成|实现|创建|使用|采用|开展|安装|接入|执行", rest) else "class"
    if _counted(figure) and not found[1] and not found[2] and _BUILD.search(context.before):
        return None
    return "class"


def _counted(figure: Figure) -> bool:
    """Whether a figure counts things."""
    return figure.unit.lstrip("万亿千百十") in COUNTS


def _opens(before: str) -> bool:
    """Whether a share opens its clause, so that what follows is what it is a share of."""
    return re.fullmatch(r"\s*(?:力争|全[区市县州]|实现|确保|其中|使|推动|有|约)*\s*", before) is not None


def _is_existing(figure: Figure, context: Context, binding: Binding) -> str | None:
    if _EXISTING.search(context.window):
        return "existing"
    if binding.comparator in ("~", "=") and _POTENTIAL.search(context.before):
        return "existing"
    if binding.explicit:
        return None
    if _CAPACITY.search(context.before) or _SIZE.search(context.before):
        return "specification"
    if _GOVERNED.search(context.before) and _counted(figure):
        return "existing"
    return None


def _is_money(figure: Figure, context: Context, binding: Binding) -> str | None:
    around = context.window[-30:] + context.after[:16]
    if _GRANT.search(around):
        return "grant"
    if not figure.unit.endswith("元") or "/" in figure.unit:
        return None
    if not _MONEY_AIM.search(context.window) or "资金" in around or "最高" in context.before:
        return "money"
    return None if context.dated and (binding.explicit or binding.strong) else "money"


def _is_frequency(figure: Figure, context: Context, binding: Binding) -> str | None:
    if figure.unit in ("次", "轮", "期", "场") and _PERIODIC.search(context.before):
        return "frequency"
    if _PERIODIC.search(context.before) and not context.dated:
        return "?frequency"
    return None


def _is_bare(figure: Figure, context: Context, binding: Binding) -> str | None:
    """Without a unit only a ratio is a target; without verb, comparator or rate nothing is."""
    if not figure.unit:
        said = _RATIO.search(context.window) or _RATIO.search(context.clause)
        if not said and not (context.ratio and binding.explicit):
            return "?no unit" if binding.explicit and context.dated and not figure.words else "no unit"
        return None if binding.explicit else "no unit"
    if figure.words and not binding.explicit and _is_loose_count(figure, context, binding):
        return "count in words"
    if binding.explicit or binding.direction == "decrease" or figure.unit in ("番", "倍"):
        return None
    if binding.rate and figure.unit == "%":
        return None
    if not binding.verb and not context.listed:
        return "no verb"
    if figure.unit == "%" and not re.search(r"提高|增加|增长|提升|保持|占|达|完成|上升|扩大", context.before):
        # 实现公交车辆100%电动化
        whole = "实现" in context.before and re.match(
            r"[\u4e00-\u9fff]{0,8}(?:化|覆盖|达标|处置|收集|利用|使用)", context.after
        )
        return None if whole else "no verb"
    if not context.dated and not binding.strong:
        return "?weak"
    return None


def _is_loose_count(figure: Figure, context: Context, binding: Binding) -> bool:
    """A count in characters is prose (建设一批, 一个中心) unless it closes its clause behind what it counts
    (创建能效领跑者五家). Amounts and shares are written so on purpose."""
    if figure.unit in ("%", "‰", "倍", "番", "个百分点", "百分点") or figure.unit.lstrip("万亿千百十") in (*BASE, "亩"):
        return False
    closes = re.fullmatch(r"\s*[)）]?", context.after) is not None and re.search(r"[\u4e00-\u9fff]{2}$", context.before)
    return not (closes and context.dated and binding.strong)
