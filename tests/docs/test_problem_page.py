"""The page of problems reads codes and words out of source, in every way in which rooms make problems."""

from __future__ import annotations

from pathlib import Path

from tools.reference import problems

SOURCE = '''
ADVICE = Text("另存", "save it as another")

def direct(place, name):
    yield Problem("room.direct", place, Text(f"没有{name}", f"no {name}"), ADVICE)

def gathered(problems, place):
    problems.add("room.gathered", place, "错了", "wrong", fix_zh="改正", fix_en="mend it")

def refuse(findings, code, zh, en, remedy=ADVICE):
    findings.add(code, Text(zh, en), remedy)

def calls(findings):
    refuse(findings, "room.helper", "不行", "will not do")
    open("room.txt")
    table("records.id", "索引")

def local(say):
    rule = Text("旧的", "an old one")
    rule = Text("这一列没有", "no such column")
    say("room.local", rule, Text("删去", "delete it"))
    rule = Text("后来的", "a later one")

class Checker:
    def problem(self, code, zh, en):
        return Problem(f"grammar.{code}", None, Text(zh, en), Text("看文档", "see the docs"))

    def check(self):
        self.problem("syntax", "写法不对", "not well formed")
'''


OTHER = '''
from room import ADVICE

def elsewhere(name):
    refuse("other.imported", "file", Text("坏了", "broken"), ADVICE)
    problems.add("other.names", place, f"“{name}”：{zh}", f"“{name}”: {en}", fix_zh="核对", fix_en="compare")
'''


def made_from(tmp_path: Path) -> dict[str, tuple[str, ...]]:
    (tmp_path / "other.py").write_text(OTHER, encoding="utf-8")
    (tmp_path / "room.py").write_text(SOURCE, encoding="utf-8")
    return {one.code: one.texts for one in problems.made(tmp_path)}


def test_direct_gathered_helper_and_composed_codes_are_found_with_their_words(tmp_path: Path):
    found = made_from(tmp_path)
    assert found["room.direct"] == ("没有⟨name⟩", "no ⟨name⟩", "另存", "save it as another")
    assert found["room.gathered"] == ("错了", "wrong", "改正", "mend it")
    assert found["room.helper"] == ("不行", "will not do", "另存", "save it as another")
    assert found["room.local"] == ("这一列没有", "no such column", "删去", "delete it")
    assert found["other.imported"] == ("坏了", "broken", "另存", "save it as another")
    assert found["other.names"] == ("“⟨name⟩”：⟨zh⟩", "“⟨name⟩”: ⟨en⟩", "核对", "compare")
    assert found["grammar.syntax"] == ("写法不对", "not well formed", "看文档", "see the docs")


def test_file_names_are_no_problems(tmp_path: Path):
    assert "room.txt" not in made_from(tmp_path)
