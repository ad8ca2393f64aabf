"""``dafeng plan``: a document becomes a plan in ``plans/``, is shown, compared and checked."""

from __future__ import annotations

import importlib.resources
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.planning import Body, Matcher, Plan, import_plan
from dafeng.planning.difference import Difference, diff_plans
from dafeng.workflows.plan_bodies import district_bodies

DISTRICT_FILE = "district.toml"
_YAML = (".yaml", ".yml")
_NOTE = """\
# 由 dafeng plan import 从方案文件生成，可以直接修改：改正读错的数值、年份、单位和指标，删去不是目标的条目。
# Made from the plan document by dafeng plan import; correct it by hand where it was read wrongly.
# comparator: ">=" "<=" ">" "<" "=" "~"（左右，要加引号）。没有数值的写 value: null，qualifier 写全部、应装尽装等。
"""


@dataclass(frozen=True)
class Imported:
    """A plan from a document. written: the file in the district, None when there is none. remarks: about the file."""

    plan: Plan
    written: Path | None
    remarks: tuple[Text, ...]


def import_file(path: Path, *, bodies: Iterable[Body] = (), catalogue: Path | None = None) -> Plan:
    """The plan in a document (txt, md, html, docx, pdf).

    bodies: the district's own units, beside the shipped ones. catalogue: its ``catalogue/`` folder. Raises BadInput
    when the file cannot be read."""
    return _read(path, bodies, catalogue)[0]


def _read(path: Path, bodies: Iterable[Body], catalogue: Path | None) -> tuple[Plan, tuple[Text, ...]]:
    from dafeng.sources.documents import read_document

    document = read_document(path)
    units = (*bodies, *shipped_bodies(catalogue))
    return import_plan(document, bodies=units, matchers=indicator_matchers(catalogue)), document.notes


def import_into(path: Path, *, district: Path | None = None, out: Path | None = None) -> Imported:
    """Import a document; write it to ``out``, or to ``plans/`` of the district (the one given, or the one that the
    current folder lies in)."""
    root = district if district is not None else district_here()
    catalogue = root / "catalogue" if root is not None else None
    plan, remarks = _read(path, district_bodies(root), catalogue)
    target = out if out is not None else root / "plans" / f"{_slug(path)}.yaml" if root is not None else None
    if target is not None:
        write_plan_file(plan, target)
    return Imported(plan, target, remarks)


def district_here() -> Path | None:
    """The district's folder that the current folder lies in."""
    here = Path.cwd()
    return next((root for root in (here, *here.parents) if (root / DISTRICT_FILE).is_file()), None)


def _slug(path: Path) -> str:
    return re.sub(r"[^\w\u4e00-\u9fff.-]+", "-", path.stem).strip("-") or "plan"


# ── the catalogue, read only as far as an import needs it ──


# The fields of an indicator that an import needs; the worked cases below them are nine tenths of a file.
_WANTED = re.compile(r"^(?:id|match):.*(?:\n(?:[ #-].*)?)*", re.MULTILINE)


def _entries(kind: str, local: Path | None, wanted: re.Pattern[str] | None = None) -> Iterable[dict[str, Any]]:
    """Entries of one kind, shipped ones first. What is malformed is passed over: `dafeng catalogue check` tells.

    wanted: the top-level fields to parse, where a file holds one entry (all, when None)."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    folders: list[Any] = [importlib.resources.files("dafeng") / "catalogue" / "data" / kind]
    if local is not None and (local / kind).is_dir():
        folders.append(local / kind)
    for folder in folders:
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if not file.name.endswith(_YAML):
                continue
            try:
                text = file.read_text(encoding="utf-8")
                if wanted is not None and not text.startswith("-") and "\n- " not in text:
                    text = "\n".join(wanted.findall(text))
                data = yaml.load(text, Loader=loader)
            except (yaml.YAMLError, UnicodeDecodeError):
                continue
            yield from (entry for entry in (data if isinstance(data, list) else [data]) if isinstance(entry, dict))


def shipped_bodies(local: Path | None = None) -> tuple[Body, ...]:
    """The register of units: the shipped bodies and those of a district's ``catalogue/bodies``."""
    return tuple(
        Body(str(entry["name"]), tuple(map(str, entry.get("aliases") or ())), str(entry.get("kind") or "bureau"))
        for entry in _entries("bodies", local)
        if entry.get("name")
    )


def indicator_matchers(local: Path | None = None) -> tuple[Matcher, ...]:
    """Words by which targets find their indicators; a district's entry takes the place of the shipped one."""
    by_name: dict[str, list[Matcher]] = {}
    for entry in _entries("indicators", local, _WANTED):
        match = entry.get("match")
        if not match or not entry.get("id"):
            continue
        by_name[entry["id"]] = [
            Matcher(
                entry["id"],
                tuple(tuple(map(str, words)) for words in one.get("words") or () if isinstance(words, list)),
                tuple(map(str, one.get("without") or ())),
                tuple(str(unit) if unit is not None else "" for unit in one.get("units") or ()),
            )
            for one in (match if isinstance(match, list) else [match])
            if isinstance(one, dict)
        ]
    return tuple(matcher for matchers in by_name.values() for matcher in matchers)


# ── plan files ──


def write_plan_file(plan: Plan, path: Path) -> None:
    """Write a plan as YAML that people can correct by hand."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.writing")
    temporary.write_text(plan_yaml(plan), encoding="utf-8")
    temporary.replace(path)


def plan_yaml(plan: Plan) -> str:
    """A plan as YAML: keys in order, short things on one line, what is empty left out."""
    import yaml

    Dumper: Any = type("Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {})

    def flow(dumper: Any, data: Any) -> Any:
        return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)

    def flow_list(dumper: Any, data: Any) -> Any:
        return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)

    Dumper.add_representer(_Flow, flow)
    Dumper.add_representer(_FlowList, flow_list)
    stream = io.StringIO()
    stream.write(_NOTE)
    yaml.dump(_for_people(plan.as_dict()), stream, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)
    return stream.getvalue()


class _Flow(dict):
    """A mapping on one line."""


class _FlowList(list):
    """A list on one line."""


_ALWAYS = {
    "title",
    "number",
    "issuer",
    "issued_on",
    "value",
    "unit",
    "comparator",
    "actions",
    "safeguards",
    "organisation",
    "targets",
    "notes",
}


def _for_people(data: Any, key: str = "") -> Any:
    if isinstance(data, dict):
        if key in ("period", "unit-entry"):
            return _Flow(data)
        return {
            name: _for_people(value, name)
            for name, value in data.items()
            if name in _ALWAYS
            or (value is not None and value != "" and value != [] and value != {"from": None, "to": None})
        }
    if isinstance(data, list):
        if key == "units":
            return [_Flow(unit) for unit in data]
        if key in ("span", "targets") and all(not isinstance(one, dict) for one in data):
            return _FlowList(data) if data else []
        return [_for_people(one) for one in data]
    return data


def read_plan_file(path: Path) -> Plan:
    """A plan from its YAML file. Raises BadInput with every bad field and its place."""
    import yaml

    from dafeng.planning.reading import plan_from_dict

    Loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})

    # A bare = is a value of YAML 1.1 that nobody means.
    Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: loader.construct_scalar(node))
    try:
        data = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=Loader)
    except FileNotFoundError:
        raise BadInput(
            Problem(
                "plan.missing-file", Place(file=str(path)), Text("没有这个方案文件", "there is no such plan file"),
                Text("请检查路径与文件名", "check the path and the name"),
            )
        ) from None  # fmt: skip
    except UnicodeDecodeError:
        raise BadInput(
            Problem(
                "plan.encoding", Place(file=str(path)), Text("方案文件不是 UTF-8 编码", "the plan file is not UTF-8"),
                Text("另存为 UTF-8", "save it as UTF-8"),
            )
        ) from None  # fmt: skip
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput(
            Problem(
                "plan.yaml",
                Place(file=str(path), row=mark.line + 1 if mark else None),
                Text(
                    f"YAML 写法不对：{getattr(error, 'problem', error)}",
                    f"not well-formed YAML: {getattr(error, 'problem', error)}",
                ),
                Text("检查该行的缩进、冒号与引号", "check indentation, colons and quotes on that line"),
            )
        ) from None
    return plan_from_dict(data, str(path))


def open_plan(path: Path) -> Plan:
    """A plan from its file, or straight from a document."""
    return read_plan_file(path) if path.suffix.lower() in _YAML else import_file(path, catalogue=_local_catalogue())


def _local_catalogue() -> Path | None:
    root = district_here()
    return root / "catalogue" if root is not None else None


# ── verbs ──


def diff(one: Path, other: Path) -> Difference:
    """What has changed from one plan to the other."""
    return diff_plans(open_plan(one), open_plan(other))


def check(paths: Sequence[Path], *, against: Path | None = None) -> list[Problem]:
    """Problems of plans, of the plans together, and of the plans beside the one of the level above."""
    from dafeng.planning.checking import check_plan, check_succession

    catalogue = _local_catalogue()
    bodies = (*district_bodies(district_here()), *shipped_bodies(catalogue))
    known = [entry["id"] for entry in _entries("indicators", catalogue, _WANTED) if entry.get("id")]
    above = open_plan(against) if against is not None else None
    problems: list[Problem] = []
    plans: list[tuple[str, Plan]] = []
    for path in paths:
        try:
            plan = open_plan(path)
        except BadInput as error:
            problems += error.problems
            continue
        plans.append((str(path), plan))
        problems += check_plan(plan, file=str(path), indicators=known, bodies=bodies, against=above)
    return problems + check_succession(plans)


def plans_here() -> list[Path]:
    """The plan files of the district that the current folder lies in."""
    root = district_here()
    return sorted((root / "plans").glob("*.yaml")) if root is not None else []
