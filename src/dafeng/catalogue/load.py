"""Reading the catalogue: YAML files by kind, a district's own on top, all problems at once."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dafeng.catalogue import schema
from dafeng.catalogue.explain_errors import problems_of
from dafeng.core.errors import BadInput, Place, Problems
from dafeng.core.units import Units

# International symbols that Chinese tables print as they are.
_SAME_IN_BOTH = frozenset(
    {"%", "‰", "kW", "MW", "GW", "kWh", "MWh", "GWh", "kW·h", "t", "kg", "km", "GJ", "MJ", "tCO2", "tCO2e"}
)
_CHINESE, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]")
SHIPPED = Path(__file__).parent / "data"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Catalogue:
    """All entries by kind and id. ``files`` tells where each entry came from: (kind, id) → paths."""

    standards: Mapping[str, schema.Standard] = field(default_factory=dict)
    units: Mapping[str, schema.UnitEntry] = field(default_factory=dict)
    choices: Mapping[str, schema.Choices] = field(default_factory=dict)
    factors: Mapping[str, schema.Factor] = field(default_factory=dict)
    registers: Mapping[str, schema.Register] = field(default_factory=dict)
    indicators: Mapping[str, schema.Indicator] = field(default_factory=dict)
    rules: Mapping[str, schema.Rule] = field(default_factory=dict)
    measures: Mapping[str, schema.Measure] = field(default_factory=dict)
    tariffs: Mapping[str, schema.Tariff] = field(default_factory=dict)
    methods: Mapping[str, schema.Method] = field(default_factory=dict)
    layouts: Mapping[str, schema.Layout] = field(default_factory=dict)
    refusals: Mapping[str, schema.Refusal] = field(default_factory=dict)
    models: Mapping[str, schema.ModelTemplate] = field(default_factory=dict)
    bodies: tuple[schema.Body, ...] = ()
    files: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @functools.cached_property
    def unit_table(self) -> Units:
        return Units({symbol: unit.pint for unit in self.units.values() for symbol in unit.symbols})

    @functools.cached_property
    def canonical_unit(self) -> Mapping[str, str]:
        """Any spelling of a unit → the symbol we print."""
        return {symbol: unit.symbols[0] for unit in self.units.values() for symbol in unit.symbols}

    def unit_words(self, symbol: str, lang: str) -> str:
        """The unit as the language writes it: 公顷 and 亿元 in Chinese, ``hectare`` and ``10⁸ CNY`` in English.

        What is counted (座, 辆) has no unit in English: the figure's name says it."""
        unit = self._unit_of_symbol.get(symbol)
        if unit is None or symbol in _SAME_IN_BOTH:
            return symbol
        if lang == "zh":
            return next((one for one in unit.symbols if _CHINESE.search(one) and not _LATIN.search(one)), symbol)
        if "count:" in unit.pint:
            return ""
        scale = {"万": "10⁴ ", "亿": "10⁸ "}.get(symbol[:1])
        if scale and _CHINESE.search(symbol[1:]) and symbol[1:] in self._unit_of_symbol:
            return scale + self.unit_words(symbol[1:], lang)
        latin = next((one for one in unit.symbols if not _CHINESE.search(one)), None)
        scaled = symbol.replace("万", "10⁴ ", 1).replace("亿", "10⁸ ", 1)
        return latin or (scaled if not _CHINESE.search(scaled) else unit.name.en)

    @functools.cached_property
    def _unit_of_symbol(self) -> Mapping[str, schema.UnitEntry]:
        return {symbol: unit for unit in self.units.values() for symbol in unit.symbols}

    def kind(self, kind: str) -> Mapping[str, Any]:
        return getattr(self, kind)


def catalogue_files(local: Path | None = None) -> list[Path]:
    """Every file that the catalogue is read from, shipped ones first, in a fixed order."""
    roots = [SHIPPED] + ([local] if local and local.is_dir() else [])
    return [path for root in roots for path in sorted((*root.glob("*/*.yaml"), *root.glob("*/*.yml")))]


def catalogue_digest(local: Path | None = None) -> str:
    """SHA-256 over names and contents of all files; any edit changes it."""
    total = hashlib.sha256()
    for path in catalogue_files(local):
        total.update(f"{path.parent.name}/{path.name}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def load_catalogue(local: Path | None = None) -> Catalogue:
    """Read, merge and validate. Raises BadInput with every problem (file, item, field, remedy).

    local: the district's own ``catalogue/`` folder. An entry there with a new id is added; one with a known
    id is laid on top field by field, except that published values of a factor are only ever added.
    """
    problems = Problems()
    raw: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in schema.KINDS}
    files: dict[tuple[str, str], tuple[str, ...]] = {}
    bodies: list[schema.Body] = []
    for path in catalogue_files(local):
        shipped = path.is_relative_to(SHIPPED)
        shown = f"{path.parent.name}/{path.name}" if shipped else str(path)
        kind = path.parent.name
        for number, entry in _entries(path, shown, problems):
            if kind == "bodies":
                bodies.extend(_body(entry, shown, problems))
            elif kind in raw:
                _place_entry(raw[kind], kind, entry, shown, number, shipped, files, problems)
            else:
                problems.add(
                    "catalogue.unknown-kind",
                    Place(file=shown),
                    f"没有名为“{kind}”的目录类别",
                    f"there is no kind of entry called “{kind}”",
                    fix_zh=f"文件夹应为：{'、'.join((*schema.KINDS, 'bodies'))}",
                    fix_en=f"the folder must be one of: {', '.join((*schema.KINDS, 'bodies'))}",
                )
                break
    built: dict[str, Any] = {kind: dict(_validated(kind, entries, files, problems)) for kind, entries in raw.items()}
    if problems.errors:
        raise BadInput(problems.found)
    return Catalogue(**built, bodies=tuple(bodies), files=files)


def _entries(path: Path, shown: str, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        problems.add(
            "catalogue.unreadable",
            Place(file=shown),
            f"文件读不出来：{error.strerror}",
            f"the file cannot be read: {error.strerror}",
            fix_zh="检查该文件，或把它移出 catalogue/",
            fix_en="look at the file, or move it out of catalogue/",
        )
        return
    except UnicodeDecodeError:
        problems.add(
            "catalogue.encoding",
            Place(file=shown),
            "文件不是 UTF-8 编码",
            "the file is not UTF-8",
            fix_zh="另存为 UTF-8",
            fix_en="save it as UTF-8",
        )
        return
    except (ValueError, RecursionError) as error:
        # A date such as 2023-13-01 is no YAML error, but no date either.
        problems.add(
            "catalogue.value",
            Place(file=shown),
            f"文件中有不成立的日期或数：{error}",
            f"a date or number in the file is impossible: {error}",
            fix_zh="改正日期（年-月-日），或给它加引号",
            fix_en="mend the date (year-month-day), or put it in quotes",
        )
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problems.add(
            "catalogue.yaml",
            Place(file=shown, row=mark.line + 1 if mark else None),
            f"YAML 写法不对：{getattr(error, 'problem', error)}",
            f"not well-formed YAML: {getattr(error, 'problem', error)}",
            fix_zh="检查该行的缩进、冒号与引号",
            fix_en="check indentation, colons and quotes on that line",
        )
        return
    items = data if isinstance(data, list) else [data]
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            yield number, item
        elif item is not None:
            problems.add(
                "catalogue.not-an-entry",
                Place(file=shown, item=f"#{number}"),
                "条目应为“字段: 值”的形式",
                "an entry must be fields and values",
                fix_zh="参照 docs 中的示例书写",
                fix_en="write it like the example in the documentation",
            )


def _body(entry: dict[str, Any], shown: str, problems: Problems) -> Iterator[schema.Body]:
    try:
        yield schema.Body(**{name: value for name, value in entry.items() if name in schema.Body.model_fields})
    except ValidationError as error:
        problems.extend(problems_of(error, schema.Body, Place(file=shown, item=str(entry.get("name", "?")))))


def _place_entry(
    held: dict[str, dict[str, Any]],
    kind: str,
    entry: dict[str, Any],
    shown: str,
    number: int,
    shipped: bool,
    files: dict[tuple[str, str], tuple[str, ...]],
    problems: Problems,
) -> None:
    name = entry.get("id")
    if not isinstance(name, str):
        problems.add(
            "catalogue.no-id",
            Place(file=shown, item=f"#{number}"),
            "条目没有 id",
            "the entry has no id",
            fix_zh="加上 id：小写字母、数字和下划线",
            fix_en="add an id of lower-case letters, digits and underscores",
        )
        return
    before = held.get(name)
    where = files.get((kind, name), ())
    if before is not None and (shipped or not where[-1].startswith(f"{kind}/")):
        problems.add(
            "catalogue.double-id",
            Place(file=shown, item=name, field="id"),
            f"id 与 {where[-1]} 中的条目重复",
            f"the id is already used in {where[-1]}",
            fix_zh="改用别的 id，或删去其中一个",
            fix_en="choose another id or remove one of the two",
        )
        return
    held[name] = entry if before is None else _laid_on(before, entry, kind, Place(file=shown, item=name), problems)
    files[kind, name] = (*where, shown)


def _laid_on(
    before: dict[str, Any], entry: dict[str, Any], kind: str, place: Place, problems: Problems
) -> dict[str, Any]:
    """The shipped entry with a district's fields on top; mappings merge one level deep (columns, options)."""
    merged = dict(before)
    for name, value in entry.items():
        if kind == "factors" and name == "values":
            merged[name] = _with_new_vintages(before[name], value, place, problems)
        elif isinstance(value, dict) and isinstance(before.get(name), dict):
            merged[name] = {**before[name], **value}
        else:
            merged[name] = value
    return merged


def _with_new_vintages(before: list[Any], added: Any, place: Place, problems: Problems) -> list[Any]:
    """Published rows with a district's new ones; a row comes into use in a year of its own."""
    held = {_first_year(vintage): vintage for vintage in before if isinstance(vintage, dict)}
    new = [vintage for vintage in added if isinstance(vintage, dict)] if isinstance(added, list) else []
    for vintage in new:
        published = held.get(_first_year(vintage))
        if published is not None and vintage.get("value") != published.get("value"):
            year = _first_year(vintage)
            problems.add(
                "catalogue.edited-official-value",
                Place(place.file, item=place.item, field=f"values › {year}"),
                f"自 {year} 年启用的值 {published.get('value')} 已公布，不得改写为 {vintage.get('value')}",
                f"the value {published.get('value')} in use from {year} is published and may not be rewritten",
                fix_zh="新的官方值请作为新的一行，写明其数据年份（year）或启用年份（effective_from）",
                fix_en="add the new value as a row with its data year (year) or first year of use (effective_from)",
            )
    return [*before, *(vintage for vintage in new if _first_year(vintage) not in held)]


def _first_year(vintage: dict[str, Any]) -> Any:
    return vintage.get("effective_from") or vintage.get("year")


def _validated(
    kind: str,
    entries: dict[str, dict[str, Any]],
    files: Mapping[tuple[str, str], tuple[str, ...]],
    problems: Problems,
) -> Iterator[tuple[str, schema.Entry]]:
    model = schema.KINDS[kind]
    for name, entry in entries.items():
        try:
            yield name, model.model_validate(entry)
        except ValidationError as error:
            problems.extend(problems_of(error, model, Place(file=files[kind, name][-1], item=name)))
