"""Score an imported plan against one labelled by hand (conventions: `tests/fixtures/plans/README.md`).

`score(plan, gold)` takes the JSON form of a plan (keys as printed by `dafeng plan import --json`) and a gold
mapping, and gives precision, recall and F1 of the targets with a readable list of what is missed, false or
half right. Run it by hand: `python -m tests.planscore tests/fixtures/plans/dev`.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

COMPARATORS = {"bare": (">=", "="), "bare-down": ("<=", "=")}
# Longest first: each is levelled to the form behind it.
ABBREVIATIONS = (
    ("发展和改革委员会", "发展改革委"),
    ("发展和改革局", "发展改革局"),
    ("发改委", "发展改革委"),
    ("发改局", "发展改革局"),
    ("建设和管理委员会", "建设管理委"),
    ("建管委", "建设管理委"),
    ("商务委员会", "商务委"),
    ("科学技术委员会", "科委"),
    ("市场监督管理局", "市场监管局"),
    ("规划和自然资源局", "规划资源局"),
    ("机关事务管理局", "机管局"),
    ("绿化和市容管理局", "绿化市容局"),
    ("绿容局", "绿化市容局"),
    ("住房保障和房屋管理局", "住房保障房屋管理局"),
    ("房管局", "住房保障房屋管理局"),
    ("金融服务办公室", "金融办"),
    ("卫生健康委员会", "卫生健康委"),
    ("卫健委", "卫生健康委"),
    ("文化和旅游局", "文旅局"),
    ("国有资产监督管理委员会", "国资委"),
    ("住房和城乡建设局", "住房城乡建设局"),
    ("住建局", "住房城乡建设局"),
    ("林业和草原局", "林草局"),
    ("工业和信息化局", "工信局"),
    ("工业商务和信息化局", "工商信局"),
    ("人力资源和社会保障局", "人社局"),
)


NARROW = str.maketrans("％（）：；，〜～—－０１２３４５６７８９．", "%():;,~~--0123456789.")


@lru_cache(maxsize=4096)
def level(text: str) -> str:
    """Simplified characters without white space, full-width forms made narrow where both are in use."""
    from opencc import OpenCC

    text = re.sub(r"\s+", "", OpenCC("t2s").convert(text))
    return text.translate(NARROW).replace("--", "-")


def unit_name(name: str) -> str:
    """A responsible unit's name with the common abbreviations levelled."""
    name = level(name)
    for long, short in ABBREVIATIONS:
        name = name.replace(long, short)
    return name


def gold_units(value: str | Mapping[str, str] | None) -> set[tuple[str, bool | None]]:
    """(name, leads) of one gold reading; leads is None for a name with `*`, whose role is not compared."""
    if value is None:
        return set()
    if isinstance(value, Mapping):
        named = [(n, True) for n in value.get("lead", "").split()]
        named += [(n, False) for n in value.get("cooperating", "").split()]
    else:
        named = [(n, i == 0) for i, n in enumerate(value.split())]
    return {(unit_name(n.lstrip("*")), None if n.startswith("*") else leads) for n, leads in named}


def units_agree(found: Iterable[Any] | None, wanted: Any) -> bool:
    """Same names, and the same ones leading, wildcards apart, in one of the wanted readings."""
    found = list(found or [])
    return any(same_units(found, gold_units(reading)) for reading in any_of(wanted))


def same_units(found: list, wanted: set[tuple[str, bool | None]]) -> bool:
    """One reading. A bare name has no role to compare."""
    roles: dict[str, bool | None] = {}
    for unit in found:
        if isinstance(unit, str):
            roles[unit_name(unit)] = None
        else:
            roles[unit_name(unit["name"])] = unit.get("role") in ("lead", "牵头")
    if set(roles) != {name for name, _ in wanted}:
        return False
    return all(leads is None or roles[name] is None or roles[name] == leads for name, leads in wanted)


def any_of(value: Any) -> list:
    """A gold field that lists its acceptable values, as a list."""
    return list(value) if isinstance(value, list) else [value]


def readings(gold: Mapping) -> list[Mapping]:
    """The gold target and the other readings of it that its `accept` allows."""
    return [gold, *({**gold, "comparator": "bare", **other} for other in gold.get("accept", []))]


def number_agrees(found: float | None, wanted: float | None) -> bool:
    """Equal as printed; None only equals None."""
    if found is None or wanted is None:
        return found is None and wanted is None
    return abs(float(found) - float(wanted)) <= 1e-9 * max(1.0, abs(float(wanted)))


def differences(target: Mapping, gold: Mapping, units_by_clause: Mapping[str, Any]) -> list[str]:
    """The fields of the key in which a predicted target differs from a gold one; empty means right."""
    return min((quantity_faults(target, reading) for reading in readings(gold)), key=len) + frame_faults(
        target, gold, units_by_clause
    )


def quantity_faults(target: Mapping, gold: Mapping) -> list[str]:
    """Value, unit and comparator; of a null value the qualifier instead."""
    value = target.get("value")
    if not number_agrees(value, gold["value"]):
        return ["value"]
    if value is None:
        said = level(str(target.get("qualifier") or ""))
        words = [level(w) for w in any_of(gold["qualifier"])]
        return [] if said and any(w in said or said in w for w in words) else ["qualifier"]
    wrong = []
    if level(str(target.get("unit") or "")) not in [level(u) for u in any_of(gold.get("unit", ""))]:
        wrong.append("unit")
    wanted = gold.get("comparator", "bare")
    allowed = COMPARATORS.get(wanted, (wanted,)) if isinstance(wanted, str) else tuple(wanted)
    if target.get("comparator") not in allowed:
        wrong.append("comparator")
    return wrong


def frame_faults(target: Mapping, gold: Mapping, units_by_clause: Mapping[str, Any]) -> list[str]:
    """Clause, direction, period, units and the sentence."""
    wrong = []
    clause = str(target.get("clause") or "")
    if clause not in [str(c) for c in any_of(gold["clause"])]:
        wrong.append("clause")
    direction = gold.get("direction", "increase")
    if direction != "any" and (direction == "decrease") != (target.get("direction") == "decrease"):
        wrong.append("direction")
    period = target.get("period") or {}
    if period.get("to") not in any_of(gold["to"]):
        wrong.append("period.to")
    if "from" in gold and period.get("from") not in any_of(gold["from"]):
        wrong.append("period.from")
    own = gold["units"] if "units" in gold else units_by_clause.get(clause)
    if not units_agree(target.get("units"), own):
        wrong.append("units")
    if gold.get("about") and not about_agrees(target, gold["about"]):
        wrong.append("sentence")
    return wrong


def about_agrees(target: Mapping, about: str) -> bool:
    """Whether the word stands in the target's sentence or subject."""
    return level(about) in level(f"{target.get('sentence') or ''} {target.get('subject') or ''}")


@dataclass
class Score:
    """What one document scored, counting whole keys only, and all that is wrong in words."""

    name: str
    hits: int = 0
    wanted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    structure: list[str] = field(default_factory=list)
    spans: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.wanted + self.found) if self.wanted + self.found else 0.0

    def report(self) -> str:
        """One line of figures, then what is wrong, one line each."""
        head = f"{self.name}: F1 {self.f1:.3f}, precision {self.precision:.3f}, recall {self.recall:.3f} "
        head += f"({self.hits} right, {self.wanted} wanted, {self.found} found)"
        parts = {
            "missed": self.missed,
            "false": self.false,
            "structure": self.structure,
            "beside the key": self.aside,
            "span": self.spans,
        }
        return "\n".join([head, *(f"  {title}: {line}" for title, lines in parts.items() for line in lines)])


def match(edges: list[list[int]], columns: int) -> dict[int, int]:
    """A largest matching of rows to columns (augmenting paths): row → column."""
    owner: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for column in edges[row]:
            if column in seen:
                continue
            seen.add(column)
            if column not in owner or place(owner[column], seen):
                owner[column] = row
                return True
        return False

    for row in range(len(edges)):
        place(row, set())
    return {row: column for column, row in owner.items() if column < columns}


def gold_line(gold: Mapping) -> str:
    """A gold target in short."""
    what = gold.get("qualifier") if gold["value"] is None else f"{gold['value']} {gold.get('unit', '')}"
    return f"{gold['clause']} {gold.get('about', '')} {what} ({gold.get('from', '·')}–{gold['to']})"


def target_line(target: Mapping) -> str:
    """A predicted target in short."""
    period = target.get("period") or {}
    value = target.get("value")
    what = target.get("qualifier") if value is None else f"{value} {target.get('unit')}"
    names = [u if isinstance(u, str) else f"{u['name']}/{u.get('role')}" for u in target.get("units") or []]
    years = f"({period.get('from')}–{period.get('to')})"
    parts = (target.get("clause"), target.get("comparator"), what, target.get("direction"), years)
    return " ".join([*map(str, parts), f"[{'、'.join(names)}]", (target.get("sentence") or "")[:60]])


def score(plan: Mapping, gold: Mapping, text: str | None = None) -> Score:
    """Score one plan. With `text` (the extracted text) the spans are checked as well."""
    found, wanted = list(plan.get("targets") or []), list(gold["targets"])
    by_clause = gold.get("units") or {}
    required = [g for g in wanted if not g.get("optional")]
    # Required ones are matched first, so that an optional twin never takes the target a required one needs.
    ordered = required + [g for g in wanted if g.get("optional")]
    wrong = [[differences(t, g, by_clause) for t in found] for g in ordered]
    pairs = match([[c for c, w in enumerate(row) if not w] for row in wrong], len(found))
    taken = set(pairs.values())
    hits = sum(1 for row in pairs if row < len(required))
    result = Score(gold.get("document", "plan"), hits, len(required), len(found) - (len(taken) - hits))
    spare = set(range(len(found))) - taken
    for row, want in enumerate(required):
        if row in pairs:
            result.aside += beside_the_key(found[pairs[row]], want, found)
            continue
        near = min(spare, key=lambda c: nearness(wrong[row][c]), default=None)
        line = gold_line(want)
        if near is not None and nearness(wrong[row][near]) < 10 and "value" not in wrong[row][near]:
            line += f"  — nearest differs in {', '.join(wrong[row][near])}: {target_line(found[near])}"
        result.missed.append(line)
    for row in range(len(required), len(ordered)):  # an optional target half read does not count as false
        if row not in pairs:
            half = [c for c in spare if not {"clause", "value", "qualifier", "sentence"} & set(wrong[row][c])]
            result.found -= len(half[:1])
            spare -= set(half[:1])
    result.false = [target_line(found[c]) for c in sorted(spare)]
    result.structure = structure_faults(plan, gold)
    if text is not None:
        result.spans = span_faults(found, text)
    return result


def nearness(wrong: list[str]) -> int:
    """Fewer is nearer; a wrong sentence or value weighs more than a wrong comparator."""
    return len(wrong) + 4 * ("value" in wrong) + 3 * ("sentence" in wrong) + 2 * ("clause" in wrong)


def beside_the_key(target: Mapping, gold: Mapping, found: list) -> list[str]:
    """Faults in force, base year and parent, which are labelled but are no part of the key."""
    faults = []
    if gold.get("force") and level(gold["force"]) not in level(str(target.get("force") or "")):
        faults.append(f"{gold_line(gold)}: force {target.get('force')} should be {gold['force']}")
    if gold.get("base_year") and target.get("base_year") != gold["base_year"]:
        faults.append(f"{gold_line(gold)}: base year {target.get('base_year')} should be {gold['base_year']}")
    if "parent" in gold:
        parent = next((t for t in found if t.get("id") and t["id"] == target.get("parent")), None)
        if parent is None or not number_agrees(parent.get("value"), gold["parent"]):
            faults.append(f"{gold_line(gold)}: parent should be the target of {gold['parent']}")
    return faults


def structure_faults(plan: Mapping, gold: Mapping) -> list[str]:
    """What is wrong with title, number, date, the counts of the parts and the units of each clause."""
    faults = []
    for key, want in (gold.get("plan") or {}).items():
        have = str(plan.get(key) or "")
        if level(have) not in [level(str(w)) for w in any_of(want)]:
            faults.append(f"{key} should be {want}, is {have or 'missing'}")
    shape = gold["structure"]
    tasks = [len(a.get("tasks") or []) for a in plan.get("actions") or []]
    if len(tasks) != shape["actions"]:
        faults.append(f"actions should be {shape['actions']}, are {len(tasks)}")
    if tasks != shape["tasks"]:
        faults.append(f"tasks should be {shape['tasks']}, are {tasks}")
    tail = {k: len(plan.get(k) or []) for k in ("safeguards", "organisation")}
    if "tail" in shape:
        if sum(tail.values()) != shape["tail"]:
            faults.append(f"safeguards and organisation should be {shape['tail']} together, are {tail}")
    else:
        faults += [f"{k} should be {shape[k]}, are {n}" for k, n in tail.items() if n != shape[k]]
    return faults + unit_faults(plan, gold.get("units") or {})


def unit_faults(plan: Mapping, wanted: Mapping[str, Any]) -> list[str]:
    """Clauses whose responsible units differ from the gold ones."""
    items = [t for a in plan.get("actions") or [] for t in a.get("tasks") or []]
    items += [*(plan.get("safeguards") or []), *(plan.get("organisation") or [])]
    have = {str(t.get("clause")): t.get("units") or [] for t in items}
    faults = [f"no item with clause {c}" for c in wanted if c not in have]
    for clause, units in have.items():
        if not units_agree(units, wanted.get(clause)):
            names = "、".join(u if isinstance(u, str) else f"{u['name']}/{u.get('role')}" for u in units)
            faults.append(f"units of {clause} should be {wanted.get(clause)}, are {names}")
    return faults


def span_faults(targets: Iterable[Mapping], text: str) -> list[str]:
    """Targets whose span does not cut their own sentence out of the extracted text."""
    faults = []
    for target in targets:
        start, end = target["span"]
        cut = level(text[start:end])
        sentence = level(target.get("sentence") or "")
        if not 0 <= start < end <= len(text) or not sentence or (cut not in sentence and sentence not in cut):
            faults.append(f"{target.get('id')} [{start}, {end}] cuts “{text[start:end][:40]}”")
    return faults


def as_json(plan: Any) -> dict:
    """The JSON form of an imported plan, whichever of the usual ways it offers."""
    if isinstance(plan, Mapping):
        return dict(plan)
    for name in ("to_json", "as_json", "to_dict", "as_dict", "model_dump"):
        method = getattr(plan, name, None)
        if callable(method):
            value = method()
            if isinstance(value, str):
                import json

                value = json.loads(value)
            if isinstance(value, dict):
                return value
    return dataclasses.asdict(plan)


def import_file(path: Path) -> tuple[dict, str]:
    """Read and import a document: the plan's JSON form and the extracted text the spans count in."""
    from dafeng.planning import import_plan
    from dafeng.sources.documents import read_document

    document = read_document(path)
    return as_json(import_plan(document)), document.text


def golds(folder: Path) -> list[Path]:
    """The labelled plans of a folder."""
    return sorted(folder.glob("*.gold.yaml"))


def score_file(gold_path: Path, document: Path | None = None) -> Score:
    """Import the document a gold file names and score it."""
    gold = yaml.safe_load(gold_path.read_text(encoding="utf-8"))
    plan, text = import_file(document or gold_path.parent / gold["document"])
    return score(plan, gold, text)


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        for gold_path in golds(Path(folder)):
            print(score_file(gold_path).report(), end="\n\n")
