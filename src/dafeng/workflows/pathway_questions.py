"""Questions put to a model of the pathway: what makes two scenarios differ, which uncertainty matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.workflows.pathway_running import SEED, unknown_scenario

if TYPE_CHECKING:
    import numpy as np

    from dafeng.pathway.draws import Draws
    from dafeng.pathway.model import Model
    from dafeng.pathway.series import Series
    from dafeng.pathway.wedges import Rule, Wedges

# Sets of changes that are run together: enough to share work, few enough to stay small.
_AT_ONCE = 256
# Orders drawn where changes are many: their interactions are small beside the changes.
_ORDERS = 40
MOST_BASE = 1 << 15


def wedges(
    model: Model, start: str, end: str, *, rule: Rule = "shapley", year: int | None = None, seed: int = SEED
) -> dict[str, Any]:
    """The difference in CO2 between two scenarios by what they set differently, in tonnes; ``by_year`` for every year,
    the rest for one (the last unless given). Every wedge is without draws."""
    names = [name for name in (start, end) if name not in model.scenarios]
    if names:
        raise BadInput([unknown_scenario(name, model) for name in dict.fromkeys(names)])
    at = index_of(model, model.years.last if year is None else year)
    keys, found = split(model, start, end, rule=rule, seed=seed)
    order = sorted(range(len(keys)), key=lambda row: -abs(float(found.wedge[row, at])))
    return {
        "start": {"name": start, "title": _both(model.scenarios[start].title)},
        "end": {"name": end, "title": _both(model.scenarios[end].title)},
        "years": list(model.years.all),
        "year": model.years.first + at,
        "rule": rule,
        "start_t": float(found.start[at]),
        "end_t": float(found.end[at]),
        "difference_t": float(found.difference[at]),
        "interaction_t": float(found.interaction[at]),
        "wedges": [_wedge(model, keys[row], found, row, at) for row in order],
        "about": _both(about(found)),
    }


def split(model: Model, start: str, end: str, *, rule: Rule = "shapley", seed: int = SEED) -> tuple[list[str], Wedges]:
    """Keys of the cells that the scenarios set differently and their wedges, (group, year) in tonnes."""
    import numpy as np

    from dafeng.pathway.compute import Variant
    from dafeng.pathway.compute import compile as compiled_of
    from dafeng.pathway.wedges import wedges as engine

    changes = differences(model, start, end)
    keys = list(changes)
    if not keys:
        raise BadInput(_same(start, end))
    compiled = compiled_of(model)

    def evaluate(sets: Sequence[tuple[int, ...]]) -> np.ndarray:
        parts = []
        for begin in range(0, len(sets), _AT_ONCE):
            variants = [
                Variant(str(begin + number), start, {keys[row]: changes[keys[row]] for row in made})
                for number, made in enumerate(sets[begin : begin + _AT_ONCE])
            ]
            parts.append(compiled.run(None, variants, keep="total").total()[0])
        return np.concatenate(parts)

    return keys, engine(evaluate, keys, rule=rule, seed=seed, orders=_ORDERS)


def differences(model: Model, start: str, end: str) -> dict[str, Series]:
    """Key of a cell → what the scenario at the end says of it, where the two differ; the model's own series where only
    the one at the start changes it."""
    before, after = model.overrides(start), model.overrides(end)
    found = {}
    for key in (*after, *(key for key in before if key not in after)):
        series = after.get(key, model.cells[key].series)
        if key not in before or before[key].source != series.source:
            found[key] = series
    return found


def _wedge(model: Model, key: str, found: Wedges, row: int, at: int) -> dict[str, Any]:
    return {
        "of": key,
        "name": _both(name_of(model, key)),
        "wedge_t": float(found.wedge[row, at]),
        "alone_t": float(found.alone[row, at]),
        "last_t": float(found.last[row, at]),
        "error_t": float(found.error[row, at]),
        "by_year": found.wedge[row].tolist(),
    }


def about(found: Wedges) -> Text:
    """By which rule what the changes do together was given to one of them."""
    if found.rule == "order":
        return Text(
            "每项改动分得它在所列次序中接在前面各项之后带来的变化",
            "each change gets what it adds to those before it, in the order of the model",
        )
    if not found.orders:
        return Text(
            "交互作用按Shapley值分配：各项改动在所有可能次序中带来的变化的平均",
            "interactions are shared by Shapley's rule: the mean of what a change brings over all orders",
        )
    return Text(
        f"交互作用按Shapley值分配，取{found.orders}个随机次序的平均（种子{found.seed}），合计仍恰为总差",
        f"interactions are shared by Shapley's rule over {found.orders} orders drawn at random (seed {found.seed}); "
        "the sum is exact all the same",
    )


def name_of(model: Model, key: str) -> Text:
    """A cell in words: the title of its row, else its key without the section."""
    section, _, rest = key.partition("/")
    field = {"activity": Text("活动水平", "activity"), "share": Text("占比", "share"),
             "intensity": Text("强度", "intensity")}  # fmt: skip
    for row in model.data.get(section) or ():
        name = row.get("name") or row.get("path")
        at = f"{name}@{row['zone']}" if row.get("zone") else name
        if section == "branches" and rest.rpartition("/")[0] == at:
            title, what = _title(row, str(at)), field[rest.rpartition("/")[2]]
            return Text(f"{title.zh}·{what.zh}", f"{title.en}: {what.en}")
        if section != "branches" and name == rest:
            return _title(row, rest)
    return Text(rest or key, rest or key)


def _title(row: Mapping[str, Any], otherwise: str) -> Text:
    given = row.get("title") or {side: row.get(side) for side in ("zh", "en") if row.get(side)}
    if isinstance(given, Mapping):
        zh = str(given.get("zh") or given.get("en") or otherwise)
        return Text(zh, str(given.get("en") or zh))
    return Text(str(given), str(given))


# ── sensitivity ──


def sensitivity(
    model: Model, scenario: str | None = None, year: int | None = None, *, base: int = 1024, seed: int = SEED
) -> dict[str, Any]:
    """Sobol's indices of a scenario's CO2 in one year (2030, or the last where the model ends before)."""
    from dafeng.pathway.compute import compile as compiled_of
    from dafeng.pathway.sensitivity import sensitivity as engine

    name = next(iter(model.scenarios)) if scenario is None else scenario
    if name not in model.scenarios:
        raise BadInput(unknown_scenario(name, model))
    at = index_of(model, min(2030, model.years.last) if year is None else year)
    _must_be_answerable(model, base)
    compiled = compiled_of(model)

    def evaluate(draws: Draws) -> np.ndarray:
        return compiled.run(draws, [name]).total()[:, 0, at]

    found = engine(evaluate, model.spreads, base=base, seed=seed)
    return {
        "scenario": {"name": name, "title": _both(model.scenarios[name].title)},
        "year": model.years.first + at,
        "base": base,
        "seed": seed,
        "runs": (len(model.uncertain) + 2) * base,
        "deviation_t": float(found.variance[0]) ** 0.5,
        "ranking": [{**row, "name": _both(_uncertain_name(model, row["input"]))} for row in found.ranking().to_dicts()],
    }


def _uncertain_name(model: Model, name: str) -> Text:
    one = next(one for one in model.uncertain if one.name == name)
    return name_of(model, one.of) if one.name == one.of else Text(name, name)


def _must_be_answerable(model: Model, base: int) -> None:
    if not model.uncertain:
        raise BadInput(
            Problem(
                "pathway.nothing-uncertain",
                Place(item="uncertain"),
                Text("模型没有写哪些参数不确定，无从排序", "the model says of nothing that it is uncertain"),
                Text("在 uncertain 一节写出参数和分布", "write what is uncertain, and how, under uncertain"),
            )
        )
    if not 2 <= base <= MOST_BASE or base & (base - 1):
        raise BadInput(
            Problem(
                "pathway.base",
                Place(field="--base"),
                Text(f"{base} 不是 2 至 {MOST_BASE} 之间的 2 的幂", f"{base} is no power of two up to {MOST_BASE}"),
                Text("例如 512、1024、2048", "for example 512, 1024, 2048"),
            )
        )


def index_of(model: Model, year: int) -> int:
    if year not in model.years.all:
        first, last = model.years.first, model.years.last
        raise BadInput(
            Problem(
                "pathway.no-such-year",
                Place(field="--year"),
                Text(f"模型没有 {year} 年", f"the model has no year {year}"),
                Text(f"写 {first} 至 {last} 之间的年份", f"give a year from {first} to {last}"),
            )
        )
    return year - model.years.first


def _same(start: str, end: str) -> Problem:
    return Problem(
        "pathway.same-scenarios",
        Place(item=end),
        Text(f"“{start}”与“{end}”没有任何不同", f"{start} and {end} do not differ in anything"),
        Text("选两个不同的情景", "choose two scenarios that differ"),
    )


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
