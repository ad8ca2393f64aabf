"""Validation errors of the schema, said so that someone who does not program can mend them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text, same

# Rules of our own validators (schema.py raises ValueError with these words).
_OURS: dict[str, tuple[Text, Text]] = {
    "slug": (
        Text(
            "id 只能用小写字母、数字和下划线，且以字母开头",
            "an id has lower-case letters, digits and underscores and begins with a letter",
        ),
        Text("例如 bicycle_parking", "for example bicycle_parking"),
    ),
    "choice-of": (
        Text(
            "choice 类型的列须用 of 写明选项表，其他类型不得写 of",
            "a choice column names its list with “of”; other columns have no “of”",
        ),
        Text("写 type: choice 与 of: 选项表的 id", "write type: choice and of: the id of the list"),
    ),
    "ref-to": (
        Text(
            "ref 类型的列须用 to 写明所指台账，其他类型不得写 to",
            "a ref column names its register with “to”; other columns have no “to”",
        ),
        Text("写 type: ref 与 to: 台账的 id", "write type: ref and to: the id of the register"),
    ),
    "value-or-sql": (
        Text("指标须写 value 或 sql，二者择一", "an indicator has either “value” or “sql”"),
        Text("保留其中一个", "keep one of the two"),
    ),
    "refuses-nothing": (
        Text("没有写明拒绝什么", "it does not say what is refused"),
        Text("写 values、only、within、texts 或 hours", "give values, only, within, texts or hours"),
    ),
    "refusal-unit": (
        Text("拒绝的数值没有计量单位", "the refused numbers have no unit"),
        Text("写 unit，如 tCO2/MWh", "give their unit, such as tCO2/MWh"),
    ),
    "from-or-inputs": (
        Text("指标用了 from，就不能再写 inputs", "an indicator with “from” has no “inputs”"),
        Text("一个台账用 from，多个台账用 inputs", "use “from” for one register, “inputs” for several"),
    ),
}


def problems_of(error: ValidationError, model: type[BaseModel], place: Place) -> Iterator[Problem]:
    """Each pydantic error as a Problem with item and field named, in both languages."""
    errors = error.errors()
    for found in errors:
        if found["type"] == "too_short" and any(_inside(found["loc"], other["loc"]) for other in errors):
            continue  # The list is short only because what stands in it is wrong, which is said.
        field = " › ".join(str(part) for part in found["loc"])
        rule, remedy = _say(found, model)
        yield Problem(f"catalogue.{found['type'].replace('_', '-')}", place, rule, remedy).within(field=field or None)


def _inside(outer: tuple[Any, ...], inner: tuple[Any, ...]) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _say(found: Any, model: type[BaseModel]) -> tuple[Text, Text]:
    context, last = found.get("ctx", {}), str(found["loc"][-1]) if found["loc"] else ""
    match found["type"]:
        case "missing":
            return Text(f"缺少字段 {last}", f"the field {last} is missing"), Text("补上该字段", "add the field")
        case "extra_forbidden" if " " in last or any("\u4e00" <= c <= "\u9fff" for c in last):
            # YAML ends a text at an unquoted comma inside braces and takes the rest for a field.
            return (
                Text(f"没有名为 {last} 的字段", f"there is no field called {last}"),
                Text(
                    "若这是上一段文字的后半句，请给整段文字加引号（花括号内的逗号会断开）",
                    "if this is the second half of a text, put the whole text in quotes: a comma inside braces ends it",
                ),
            )
        case "extra_forbidden":
            near = difflib.get_close_matches(last, list(model.model_fields), n=1)
            known = (
                Text(f"是否指 {near[0]}？", f"did you mean {near[0]}?")
                if near
                else Text("删去或改名", "remove or rename it")
            )
            return Text(f"没有名为 {last} 的字段", f"there is no field called {last}"), known
        case "literal_error":
            allowed = context.get("expected", "").replace(" or ", ", ")
            return (
                Text(f"“{found['input']}”不在允许的取值内", f"“{found['input']}” is not an allowed value"),
                Text(f"可用：{allowed}", f"use one of: {allowed}"),
            )
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            sign = {"greater_than_equal": "≥", "less_than_equal": "≤", "greater_than": ">", "less_than": "<"}
            bound = context.get("ge", context.get("le", context.get("gt", context.get("lt"))))
            return (
                Text(f"值 {found['input']} 超出范围", f"the value {found['input']} is out of range"),
                Text(f"应 {sign[found['type']]} {bound}", f"it must be {sign[found['type']]} {bound}"),
            )
        case "float_parsing" | "float_type" | "int_parsing" | "int_type" | "int_from_float":
            return (
                Text(f"“{found['input']}”不是数", f"“{found['input']}” is not a number of this kind"),
                Text("写一个数，不带单位", "write a number, without its unit"),
            )
        case "too_short":
            return Text("清单是空的", "the list is empty"), Text("至少写一项", "give at least one")
        case "value_error":
            known = _OURS.get(str(context.get("error")))
            if known:
                return known
    return (
        (
            Text(
                f"值“{str(found['input'])[:60]}”不合要求：{found['msg']}",
                f"“{str(found['input'])[:60]}” is not acceptable: {found['msg']}",
            ),
            Text("按文档中该字段的说明改正", "mend it as the documentation of the field says"),
        )
        if found["type"] != "string_too_short"
        else (same("不能为空 / may not be empty"), Text("填写文字", "write a text"))
    )
