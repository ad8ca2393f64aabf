"""Engine: the text of a plan document → outline, responsible units and quantified targets; diff and check of plans."""

from dafeng.planning.importing import import_plan
from dafeng.planning.matching import Matcher
from dafeng.planning.model import Action, Note, Period, Plan, Target, Task, UnitRef
from dafeng.planning.responsibility import Body
from dafeng.planning.tables import IndicatorTable, Row

__all__ = [
    "Action", "Body", "IndicatorTable", "Matcher", "Note", "Period", "Plan", "Row", "Target", "Task", "UnitRef",
    "import_plan",
]  # fmt: skip
