"""The shipped register of units: known names, no name twice, and no guess about a unit it does not know."""

from __future__ import annotations

from collections import Counter

from dafeng.planning.responsibility import Register, Unit, is_wildcard
from dafeng.workflows.plan import shipped_bodies


def test_no_name_or_alias_stands_for_two_units():
    names = Counter(name for body in shipped_bodies() for name in {body.name, *body.aliases})
    assert [name for name, times in names.items() if times > 1] == []


def test_the_bureaux_are_known_by_their_full_names_and_short_ones():
    register = Register(shipped_bodies())
    for full, short in [
        ("区发展和改革委员会", "区发展改革委"),
        ("区建管委", "区建设管理委"),
        ("区绿容局", "区绿化市容局"),
        ("区房管局", "区住房保障房屋管理局"),
        ("区卫生健康委", "区卫健委"),
    ]:
        assert register.resolve(Unit(full, "lead")) == (Unit(short, "lead"), True)


def test_wildcards_stay_as_printed_and_are_told_by_their_words_alone():
    register = Register(shipped_bodies())
    for body in shipped_bodies():
        if body.kind == "wildcard":
            assert is_wildcard(body.name), body.name
    for name in ("各镇街", "各街镇", "区政府有关部门", "各有关部门"):
        assert register.resolve(Unit(name, "wildcard")) == (Unit(name, "wildcard"), True)


def test_a_firm_without_its_district_is_not_taken_for_the_districts_own():
    register = Register(shipped_bodies())
    assert register.resolve(Unit("水务公司", "support")) == (Unit("水务公司", "support"), False)
