"""Sentences as plans of many places write them → the targets in them, by hand."""

from __future__ import annotations

import pytest

from dafeng.planning import import_plan

HEAD = """某区碳达峰实施方案
某府发〔2022〕1号
2022年10月1日
一、主要目标
{head}
二、重点任务
（一）某某行动
1. 某项任务。{task}（责任单位：区发展改革委、区商务委）
2. 又一任务。略。（责任单位：区科委）
三、保障措施
（一）加强领导。略。
"""


def read(sentence: str, *, head: bool = False) -> list[dict]:
    """Targets of one sentence of a plan issued in 2022."""
    text = HEAD.format(head=sentence if head else "略。", task="略。" if head else sentence)
    plan = import_plan(text)
    for target in plan.targets:
        assert text[target.span[0] : target.span[1]] == target.sentence
    return [target.as_dict() for target in plan.targets]


def short(target: dict) -> tuple:
    """value, unit, comparator, from, to."""
    return (
        target["value"],
        target["unit"],
        target["comparator"],
        target["period"]["from"],
        target["period"]["to"],
    )


FIGURES = [
    (
        "到二〇二五年，铁路运输比例提高十个百分点，新能源公交车占比达到八成，领跑者达到三成六左右。",
        [(10, "个百分点", "=", None, 2025), (80, "%", ">=", None, 2025), (36, "%", "~", None, 2025)],
    ),
    ("“十四五”时期形成二百四十万吨标准煤的节能能力。", [(240, "万吨标准煤", "=", 2021, 2025)]),
    ("到2025年，具备不少于最高负荷5%的响应能力。", [(5, "%", ">=", None, 2025)]),
    (
        "新建数据中心PUE不得高于1.25，既有数据中心2025年降至1.4以下。",
        [(1.25, "", "<=", None, 2025), (1.4, "", "<=", None, 2025)],
    ),
    ("数据中心电能利用效率（PUE）2025年降至1.3以下。", [(1.3, "", "<=", None, 2025)]),
    (
        "“十四五”期间，新增公共充电桩3100个以上，出租车充电示范站2座。",
        [(3100, "个", ">=", 2021, 2025), (2, "座", "=", 2021, 2025)],
    ),
    ("2025年绿色出行比例76%以上，2035年86%以上。", [(76, "%", ">=", None, 2025), (86, "%", ">=", None, 2035)]),
    (
        "到2025年，净增公共充电桩三千个，创建能效领跑者五家。",
        [(3000, "个", "=", None, 2025), (5, "家", "=", None, 2025)],
    ),
    ("到2030年，完成改造100万至120万平方米。", [(100, "万平方米", ">=", None, 2030)]),
    ("2024年底前，关停4.3米焦炉5座。", [(5, "座", "=", None, 2024)]),
    ("到2025年，培育产值超百亿元企业6家。", [(6, "家", "=", None, 2025)]),
    (
        "2023、2024、2025年占比分别为20%、25%、30%。",
        [(20, "%", "=", None, 2023), (25, "%", "=", None, 2024), (30, "%", "=", None, 2025)],
    ),
    (
        "到2025年，创建率达60%，70%左右的学校达到绿色学校标准。",
        [(60, "%", ">=", None, 2025), (70, "%", "~", None, 2025)],
    ),
    ("到2025年，达到标杆水平的产能比例超30%。", [(30, "%", ">", None, 2025)]),
    ("到2025年，实现公交、环卫车辆100%电动化。", [(100, "%", "=", None, 2025)]),
    (
        "对2000年以前建成的老旧小区优先改造，五年改造300万平方米，节能率不低于20%。",
        [(300, "万平方米", "=", None, None), (20, "%", ">=", None, None)],
    ),
    ("全区可利用屋顶面积约420万平方米，“十四五”新增光伏12万千瓦。", [(12, "万千瓦", "=", 2021, 2025)]),
    ("到2025年，重点建设新材料产业园等4个园区，建成全国首批百兆瓦级储能示范。", []),
    ("占比从2022年的12%提升到2025年的20%，2030年的30%。", [(20, "%", ">=", None, 2025), (30, "%", ">=", None, 2030)]),
    ("到2025年，单位面积能耗控制在每平方米80千瓦时以内。", [(80, "千瓦时", "<=", None, 2025)]),
    ("到2025年，供电煤耗降至300克标准煤/千瓦时以下。", [(300, "克标准煤/千瓦时", "<=", None, 2025)]),
    (
        "到2025年，资源化利用比例提升至60%左右（2030年提升至65%）。",
        [(60, "%", "~", None, 2025), (65, "%", ">=", None, 2030)],
    ),
    (
        "2024—2025年，分年度完成改造10、15万平方米。",
        [(10, "万平方米", "=", 2024, 2024), (15, "万平方米", "=", 2025, 2025)],
    ),
    ("规模以上工业企业由500家增加到600家。", [(600, "家", ">=", None, None)]),
    (
        "到2027年、2030年，保有量占比分别达到15%、30%，电动化率分别不低于60%和80%。",
        [
            (15, "%", ">=", None, 2027),
            (30, "%", ">=", None, 2030),
            (60, "%", ">=", None, 2027),
            (80, "%", ">=", None, 2030),
        ],
    ),
    (
        "2023年、2024年、2025年分别新增光伏装机2万千瓦、3万千瓦、4万千瓦，三年累计新增9万千瓦以上。",
        [
            (2, "万千瓦", "=", None, 2023),
            (3, "万千瓦", "=", None, 2024),
            (4, "万千瓦", "=", None, 2025),
            (9, "万千瓦", ">=", None, 2025),
        ],
    ),
    (
        '"十四五"期间改造公共建筑面积30万㎡（其中医院、学校不少于8万㎡）。',
        [(30, "万㎡", "=", 2021, 2025), (8, "万㎡", ">=", 2021, 2025)],
    ),
    ("到2025年，岸电使用率比2020年翻两番。", [(2, "番", "=", None, 2025)]),
    ("到2025年，车桩比达到2:1。", [(2, "", ">=", None, 2025)]),
    ("以2020年为基准，到2025年碳排放强度降低18%。", [(18, "%", "=", None, 2025)]),
    (
        "力争到2025年底，建成50个低碳社区、10个近零碳排放园区和3个试点区域。",
        [(50, "个", "=", None, 2025), (10, "个", "=", None, 2025), (3, "个", "=", None, 2025)],
    ),
    (
        "到2025年，回收利用量达到16.5万吨，其中废钢10万吨、废纸4万吨。",
        [(16.5, "万吨", ">=", None, 2025), (10, "万吨", "=", None, 2025), (4, "万吨", "=", None, 2025)],
    ),
    (
        "2023-2025年分别完成改造20万、25万、30万平方米。",
        [
            (20, "万平方米", "=", 2023, 2023),
            (25, "万平方米", "=", 2024, 2024),
            (30, "万平方米", "=", 2025, 2025),
        ],
    ),
    (
        "每年改造老旧小区不少于20个，到2025年累计完成100个。",
        [(20, "个", ">=", None, 2025), (100, "个", "=", None, 2025)],
    ),
    ("轨道交通里程由2020年的729公里提高到2025年的960公里左右。", [(960, "公里", "~", None, 2025)]),
    ("到2025年，PM2.5年均浓度控制在30微克/立方米以下。", [(30, "微克/立方米", "<=", None, 2025)]),
    ("“十四五”期间，新增光伏装机容量不少于2.2万千瓦。", [(2.2, "万千瓦", ">=", 2021, 2025)]),
    ("力争2025年，响应能力不低于5%。", [(5, "%", ">=", None, 2025)]),
    ("新建数据中心能源利用效率（PUE）不高于1.3。", [(1.3, "", "<=", None, None)]),
    ("新建数据中心PUE控制在1.25以下。", [(1.25, "", "<=", None, None)]),
    ("“十四五”和“十五五”期间累计改造410万平方米以上。", [(410, "万平方米", ">=", 2021, 2030)]),
    ("“十四五”“十五五”两个五年累计改造300万平方米以上。", [(300, "万平方米", ">=", 2021, 2030)]),
    ("2022年起新建公共建筑至少使用一种可再生能源。", [(1, "种", ">=", 2022, None)]),
    (
        "到2025年，替代率达到10%；到2030年，进一步提升到15%。",
        [(10, "%", ">=", None, 2025), (15, "%", ">=", None, 2030)],
    ),
    ("绿色出行比例2025年不低于74%，2035年不低于83%。", [(74, "%", ">=", None, 2025), (83, "%", ">=", None, 2035)]),
    ("到2025年，纯电动车占比超过50%。", [(50, "%", ">", None, 2025)]),
    ("到2025年，煤炭消费占比低于5%。", [(5, "%", "<", None, 2025)]),
    ("到2025年，改建口袋公园20座左右。", [(20, "座", "~", None, 2025)]),
    ("到2025年，新建5座左右社区公园，建成1座以上特色公园。", [(5, "座", "~", None, 2025), (1, "座", ">=", None, 2025)]),
    (
        "到２０２５年，公园总数达到４２座，绿地面积增加１，２００公顷。",
        [(42, "座", ">=", None, 2025), (1200, "公顷", "=", None, 2025)],
    ),
    ("到2025年，建成充电桩1,850个。", [(1850, "个", "=", None, 2025)]),
    ("到2025年，绿色电力使用比例不低于两成。", [(20, "%", ">=", None, 2025)]),
    ("到2025年，单位产值能耗下降百分之十五。", [(15, "%", "=", None, 2025)]),
    ("到2025年，电炉钢占比提升至15%—20%。", [(15, "%", ">=", None, 2025)]),
    ("到2025年，充电桩数量比2020年增加一倍。", [(1, "倍", "=", None, 2025)]),
    ("到2025年，新能源装机比2020年翻一番。", [(1, "番", "=", None, 2025)]),
    ("到2025年，电气化水平提高10个百分点。", [(10, "个百分点", "=", None, 2025)]),
    (
        "到2025年，风电、光伏装机分别达到20万千瓦和45万千瓦。",
        [(20, "万千瓦", ">=", None, 2025), (45, "万千瓦", ">=", None, 2025)],
    ),
    ("到2025年和2030年，非化石能源占比分别达到18%、25%。", [(18, "%", ">=", None, 2025), (25, "%", ">=", None, 2030)]),
    (
        "到2025年，新型储能规模不低于1.5万千瓦/3万千瓦时。",
        [(1.5, "万千瓦", ">=", None, 2025), (3, "万千瓦时", ">=", None, 2025)],
    ),
    ("到2025年，八成以上的机关建成节约型机关。", [(80, "%", ">=", None, 2025)]),
    ("到2025年，70%以上的县级党政机关建成节约型机关。", [(70, "%", ">=", None, 2025)]),
    ("2023至2025年每年新增公共充电桩不少于400个。", [(400, "个", ">=", 2023, 2025)]),
    ("2021—2025年，累计建成绿色社区30个。", [(30, "个", "=", 2021, 2025)]),
    ("2024年底前，完成3台30万千瓦机组灵活性改造。", [(3, "台", "=", None, 2024)]),
    ("到2025年，新建改造110千伏变电站2座。", [(2, "座", "=", None, 2025)]),
    ("占比由2020年的8%提高到2025年的30%。", [(30, "%", ">=", None, 2025)]),
    ("到2025年，单位增加值能耗不得高于0.28吨标准煤/万元。", [(0.28, "吨标准煤/万元", "<=", None, 2025)]),
    ("人均用水量2025年降至每人每年22立方米以下。", [(22, "立方米", "<=", None, 2025)]),
    ("到“十四五”末，建成换电站10座。", [(10, "座", "=", None, 2025)]),
    ("到2025年，节水型企业建成率达100%。", [(100, "%", ">=", None, 2025)]),
    ("2025年新能源汽车新车销售量达到销售总量的20%左右。", [(20, "%", "~", None, 2025)]),
    ("到2025年，能源消费总量控制在62万吨标准煤以内。", [(62, "万吨标准煤", "<=", None, 2025)]),
    ("到2025年,建成零碳园区3个.到2030年,达到8个.", [(3, "个", "=", None, 2025), (8, "个", ">=", None, 2030)]),
    ("到2025年，户均停电时间缩短至0.5小时以内。", [(0.5, "小时", "<=", None, 2025)]),
    ("到2025年，节能环保产业产值突破100亿元。", [(100, "亿元", ">", None, 2025)]),
    ("到2025年，累计植树约20万株。", [(20, "万株", "~", None, 2025)]),
    ("到2025年，新增绿色建筑面积五十万平方米以上。", [(50, "万平方米", ">=", None, 2025)]),
]


@pytest.mark.parametrize(("sentence", "wanted"), FIGURES, ids=[sentence[:24] for sentence, _ in FIGURES])
def test_a_figure_is_read_with_unit_comparator_and_years(sentence, wanted):
    assert [short(target) for target in read(sentence)] == wanted


NOT_TARGETS = [
    "推动10个以上行业建立碳排放标准。",
    "不再新建35蒸吨/小时以下的燃煤锅炉。",
    "建成后可年减排二氧化碳1.2万吨。",
    "保持下降率居全省前3位。",
    "加价标准不低于每千瓦时0.1元。",
    "打造“15分钟社区生活圈”，完善站点接驳。",
    "结合15分钟生活圈完善过街设施。",
    "发挥本区90余家跨国总部引领作用。",
    "结合“一江一河”等生态资源推动建设。",
    "入驻世界500强投资项目34个，推动绿色转型。",
    "对全区68家重点用能单位实行分级管理。",
    "对年综合能源消费量5000吨标准煤以上的23家重点用能单位实施分级管理。",
    "年能耗1000吨标准煤以上的固定资产投资项目依法开展节能审查。",
    "目前全区在建项目26个，建成后年发电量约2800万千瓦时。",
    "2021年全区单位GDP能耗已下降3.1%。",
    "2020年，全区实现工业总产值1580亿元。",
    "截至2021年底，全区光伏并网规模为4.7万千瓦。",
    "“十三五”期间，单位生产总值能耗累计下降17.2%。",
    "园区规划面积3.2平方公里，日处理能力1200吨。",
    "按设备投资额的10%给予补助，最高300万元。",
    "用好2022年到位的绿色发展资金1.2亿元。",
    "每季度召开1次推进会，3个月内提交整改报告。",
    "提供7×24小时响应服务，用好12345热线。",
    "执行GB 17167等强制性标准，贯通G8516高速。",
    "下设1个办公室和6个专项组，由15个部门组成。",
    "落实《某市碳达峰实施方案》（某府发〔2021〕9号）要求。",
    "健全“1+N”政策体系，争创百强。",
    "围绕一条滨水绿轴、三个低碳片区的布局推进建设。",
    "2020年以来累计接入重点企业316家。",
    "一期工程已于2021年投运。",
    "依照2018年修订的节能法律开展审查。",
    "亩均税收低于25万元的项目不予供地。",
    "支持3所高校共建实训基地。",
    "推进5G基站节能改造。",
]


@pytest.mark.parametrize("sentence", NOT_TARGETS, ids=[sentence[:24] for sentence in NOT_TARGETS])
def test_a_number_that_asks_for_nothing_is_no_target(sentence):
    assert read(sentence) == []


FULL = [
    ("到2030年，实现应装尽装。", "应装尽装", 2030),
    ("到2025年，全面实现原生生活垃圾零填埋。", "零填埋", 2025),
    ("到2030年，新建民用建筑全面执行超低能耗建筑标准。", "全面执行", 2030),
    ("到2025年，重点园区率先实现固废不出园。", "固废不出园", 2025),
    ("到2025年，重点用能单位在线监测实现全覆盖。", "全覆盖", 2025),
    ("2024年起，新增公交车全部采用新能源车辆。", "全部", None),
    ("自2023年7月1日起，新建民用建筑全部按照二星级标准设计。", "全部", None),
    ("到2025年，省级以上园区全部完成循环化改造。", "全部", 2025),
    ("到2025年，全部规模以上企业建立碳排放管理台账。", "全部", 2025),
]


@pytest.mark.parametrize(("sentence", "word", "year"), FULL, ids=[sentence[:24] for sentence, _, _ in FULL])
def test_a_word_for_full_is_a_target_without_a_value(sentence, word, year):
    (target,) = read(sentence)
    assert (target["value"], target["unit"], target["comparator"]) == (None, "", None)
    assert word in target["qualifier"]
    assert target["period"]["to"] == year


@pytest.mark.parametrize(
    "sentence",
    [
        "全面推进产业转型，全面落实各项要求。",
        "统筹全部资源，形成工作合力。",
        "已全部完成改造。",
        "按照市级下达指标要求抓好落实。",
    ],
)
def test_rhetoric_is_no_target(sentence):
    assert read(sentence) == []


def test_a_reduction_has_direction_and_base_year():
    (target,) = read("到2025年，我区单位生产总值能源消耗比2020年下降13.5%。", head=True)
    assert (target["value"], target["direction"], target["base_year"]) == (13.5, "decrease", 2020)
    assert target["period"] == {"from": None, "to": 2025}
    assert "单位生产总值能源消耗" in target["subject"]


def test_a_second_strength_of_one_reduction_keeps_its_base_year():
    first, second = read("到2025年，单位GDP能耗比2020年下降14.5%，力争下降15%。", head=True)
    assert (first["force"], second["force"]) == (None, "力争")
    assert (second["value"], second["direction"], second["base_year"]) == (15, "decrease", 2020)


def test_values_that_fall_respectively_have_their_own_subjects():
    one, other = read("到2025年，单位建筑面积能耗、人均综合能耗较2020年分别下降5%和6%。")
    assert (one["subject"], one["value"], one["direction"]) == ("单位建筑面积能耗", 5, "decrease")
    assert (other["subject"], other["value"], other["base_year"]) == ("人均综合能耗", 6, 2020)


def test_a_ceiling_is_a_limit_not_a_reduction():
    (target,) = read("到2025年，管网损失率降至6%以下。")
    assert (target["comparator"], target["direction"]) == ("<=", "limit")


def test_of_which_refers_to_its_parent_and_inherits_its_years():
    whole, part = read("“十四五”期间完成改造180万平方米以上，其中节能率20%及以上的不少于30万平方米。")
    assert part["parent"] == whole["id"]
    assert part["period"] == {"from": 2021, "to": 2025}
    assert (part["value"], part["comparator"]) == (30, ">=")
    assert part["scope"] == "节能率20%及以上"


@pytest.mark.parametrize("words", ["不低于15%", "15%及以上", "达到15%以上"])
def test_the_threshold_that_picks_out_a_part_is_no_target_of_its_own(words):
    targets = read(f"“十四五”期间改造300万平方米以上，其中节能率{words}的面积达到35万平方米。")
    assert [target["value"] for target in targets] == [300, 35]


def test_the_figure_the_city_assigns_is_a_target_without_a_value():
    (target,) = read("到2025年，单位生产总值二氧化碳排放确保完成市级下达指标。", head=True)
    assert (target["value"], target["qualifier"], target["period"]["to"]) == (None, "完成市级下达指标", 2025)
    assert target["subject"] == "单位生产总值二氧化碳排放"


@pytest.mark.parametrize(
    ("sentence", "comparator", "year"),
    [
        ("确保2030年前实现碳达峰。", "<", 2030),
        ("全区二氧化碳排放在2030年前达到峰值。", "<", 2030),
        ("到2030年，各项指标明显改善，如期实现碳达峰。", "<=", 2030),
    ],
)
def test_peaking_is_a_target_whose_year_is_compared(sentence, comparator, year):
    (target,) = read(sentence, head=True)
    assert (target["value"], target["qualifier"], target["comparator"]) == (None, "达峰", comparator)
    assert target["period"]["to"] == year


def test_force_said_with_the_year_holds_for_all_that_follows_it():
    one, other = read("力争到2025年，保有量达到5万辆，充电桩达到900个。")
    assert (one["force"], other["force"]) == ("力争", "力争")


def test_the_same_target_said_twice_is_one_and_the_place_is_noted():
    text = HEAD.format(head="到2025年，全区绿色出行比例达到75%。", task="到2025年，绿色出行比例达到75%。")
    plan = import_plan(text)
    (target,) = plan.targets
    assert (target.clause, [unit.name for unit in target.units]) == ("2.1.1", ["区发展改革委", "区商务委"])
    assert [note.code for note in plan.notes] == ["said-twice"]


def test_two_things_with_one_figure_stay_two_targets():
    assert len(read("到2025年，公园总数达到42座，新建公园42座。")) == 2


def test_a_sentence_without_a_time_takes_that_of_its_paragraph():
    one, other = read("到2025年，建成园区3个。再生水利用率达到35%。")
    assert one["period"]["to"] == other["period"]["to"] == 2025
    assert other["confidence"] < one["confidence"]


def test_a_figure_that_recurs_is_left_to_a_person():
    text = HEAD.format(head="略。", task="每年发布不少于10项低碳技术需求榜单。")
    plan = import_plan(text)
    assert plan.targets == ()
    assert "not-taken" in [note.code for note in plan.notes]


def test_what_peaks_by_a_year_of_its_own_is_a_target_among_the_tasks():
    (target,) = read("陆路交通石油消费力争2030年前达到峰值。")
    assert (target["qualifier"], target["comparator"], target["period"]["to"]) == ("达峰", "<", 2030)
    assert target["force"] == "力争"
    assert "石油消费" in target["subject"]
    assert read("支持有条件的单位率先实现碳达峰。") == []


@pytest.mark.parametrize(
    ("sentence", "subjects"),
    [
        ("到2025年，新建5座左右社区公园。", ["新建社区公园"]),
        ("到2025年，建筑可再生能源替代率达到10%；到2030年，进一步提升到15%。", ["建筑可再生能源替代率"] * 2),
        ("2022年起，其他类型公共建筑屋顶安装光伏的面积比例不低于30%。", ["其他类型公共建筑屋顶安装光伏的面积比例"]),
        ("到2025年，再生水利用率达到25%以上。", ["再生水利用率"]),
        ("到2025年，建材应用比例不低于70%（政府项目不低于90%）。", ["建材应用比例", "政府项目"]),
        ("到2025年，建成3个园区和10个社区。", ["建成园区", "社区"]),
        ("保有量年均增长20%以上，2025年达到12万辆。", ["保有量年均增长", "保有量"]),
    ],
)
def test_the_subject_is_what_the_figure_is_about(sentence, subjects):
    assert [target["subject"] for target in read(sentence)] == subjects


def test_a_step_towards_peaking_is_not_peaking_and_emissions_that_peak_are():
    assert read("到2025年，比重达到20%，为实现碳达峰奠定坚实基础。", head=True)[-1]["value"] == 20
    (peak,) = read("到2030年，城乡建设领域碳排放达峰。", head=True)
    assert (peak["qualifier"], peak["period"]["to"]) == ("达峰", 2030)


def test_a_goal_of_the_head_is_full_only_where_a_standard_or_a_year_says_of_what():
    (full,) = read("到2025年，城镇新建建筑全面执行绿色建筑标准。", head=True)
    assert (full["qualifier"], full["period"]["to"]) == ("全面执行", 2025)
    assert read("到2025年，全面建成绿色低碳体系。", head=True) == []


def test_coverage_said_in_other_words_has_one_qualifier_with_the_words_as_printed():
    (full,) = read("到2025年，在线监测覆盖全部重点用能单位。")
    assert full["qualifier"] == "全覆盖（覆盖全部）"


def test_a_deadline_printed_with_the_units_holds_for_sentences_without_a_time():
    text = HEAD.format(head="略。", task="新增光伏3万千瓦。").replace("区商务委）", "区商务委；完成时限：2024年底）")
    (target,) = import_plan(text).targets
    assert (target.value, target.period.last, len(target.units)) == (3, 2024, 2)


def test_a_figure_of_which_only_the_title_says_what_it_is_takes_the_title():
    (target,) = read("“十四五”期间完成改造45万平方米。")
    assert target["subject"] == "某项任务"
