"""Red, yellow, green by a rule of the catalogue; the five lights are those of every other sheet."""

from __future__ import annotations

from collections.abc import Mapping

from dafeng.catalogue.schema import Rule
from dafeng.core.evaluation import Values
from dafeng.core.expressions import BASE, parse
from dafeng.core.text import Text

# What a rule for lights may ask.
NAMES: Mapping[str, str] = {
    "has_data": "bool",
    "due": "bool",
    "met": "bool",
    "limit": "bool",
    "has_path": "bool",
    "complete": "bool",
    "progress": "number",
}
LIGHT_WORDS: Mapping[str, Text] = {
    "done": Text("绿灯（已完成）", "green (done)"),
    "on_course": Text("绿灯", "green"),
    "slipping": Text("黄灯", "yellow"),
    "behind": Text("红灯", "red"),
    "no_data": Text("无法判断", "no data"),
}


def light(rule: Rule, *, has_data: bool, due: bool = False, met: bool = False, progress: float | None = None) -> str:
    """The light that the rule's first true case gives. progress: share of what should be there by now."""
    names = {
        "has_data": has_data,
        "due": due,
        "met": met,
        "limit": False,
        "has_path": progress is not None,
        "complete": False,
        "progress": progress,
    }
    for case in rule.cases:
        expression = parse(case.when, NAMES, BASE, expect="bool")
        if Values(BASE, names.__getitem__)(expression.tree) is True:
            return case.gives
    return "no_data"
