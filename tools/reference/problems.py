"""The page of every problem code, read from the source where the problems are made.

A problem is made by a call that is given a code ("tables.duplicate-key") and its words in both languages:
``Problem(code, place, Text(zh, en), Text(zh, en))``, ``problems.add(code, place, zh, en, fix_zh=…, fix_en=…)``
or a helper of a room with the same order. Parts known only at run time are shown as ⟨name⟩.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

SOURCE = Path(__file__).resolve().parents[2] / "src" / "dafeng"
CODE = re.compile(r"[a-z]+(\.[a-z0-9⟩⟨…_-]+)+\Z")
PART = re.compile(r"[a-z][a-z0-9-]*\Z")
CJK = re.compile(r"[\u4e00-\u9fff]")
HEAD = """# 问题一览 · Problems

程序拒绝输入时，每个问题都带一个方括号里的代码。下面按代码列出规则和改法；⟨…⟩ 处在实际提示中是具体内容。
When input is refused, every problem carries a code in square brackets. Here is each code with its rule and its
remedy; ⟨…⟩ stands for what the actual message names.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """One place in the source where a problem is made. ``texts``: rule zh, rule en, remedy zh, remedy en."""

    code: str
    texts: tuple[str, ...]
    file: str
    line: int


# Name → (line, the call of Text), in the order of lines.
Shared = dict[str, list[tuple[int, ast.Call]]]


def made(source: Path = SOURCE) -> list[Made]:
    """Every problem that the source makes, ordered by code."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(source.rglob("*.py"))}
    imported = _constants(trees.values())
    found = [one for path, tree in trees.items() for one in _made_in(path, tree, source, imported)]
    return sorted(found, key=lambda one: (one.code, one.file, one.line))


def _constants(trees: Iterable[ast.Module]) -> Shared:
    """Texts that modules name in capitals for others to import (``SAVE_AGAIN``)."""
    return {
        node.targets[0].id: [(0, node.value)]
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
        and _is_text(node.value)
    }


def _made_in(path: Path, tree: ast.Module, source: Path, imported: Shared) -> Iterator[Made]:
    shared = imported | _shared(tree)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            code = _code(call)
            if code:
                name = path.relative_to(source.parent).as_posix()
                one = Made(code, _texts(call, shared), name, call.lineno)
                yield from _completed(one, tree, shared) if code.endswith(".⟨code⟩") else [one]


def _completed(template: Made, tree: ast.Module, shared: Shared) -> Iterator[Made]:
    """The codes behind ``f"expression.{code}"``: one for each call, in the same file, of a function with a
    parameter ``code``. The remedy is the template's."""
    position = {
        function.name: [one.arg for one in function.args.args if one.arg != "self"].index("code")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and any(one.arg == "code" for one in function.args.args)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        index = position.get(getattr(call.func, "attr", getattr(call.func, "id", "")), len(call.args))
        part = _words(call.args[index]) if index < len(call.args) else None
        if part and PART.match(part):
            code = template.code.replace("⟨code⟩", part)
            yield Made(code, (*_texts(call, shared)[:2], *template.texts[2:]), template.file, call.lineno)


def _shared(tree: ast.Module) -> Shared:
    """Texts that a module gives a name: variables by their name, and under ``function()`` the text that its caller
    may leave out; each with the line from which on it holds."""
    shared: Shared = {}
    nodes = sorted((node for node in ast.walk(tree) if isinstance(node, ast.stmt)), key=lambda node: node.lineno)
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_text(node.value):
            shared.setdefault(node.targets[0].id, []).append((node.lineno, node.value))
        if isinstance(node, ast.FunctionDef):
            for default in [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]:
                text = _named(shared, default.id, node.lineno) if isinstance(default, ast.Name) else default
                if _is_text(text):
                    shared[node.name + "()"] = [(0, text)]
    return shared


def _named(shared: Shared, name: str, line: int) -> ast.Call | None:
    """The text that a name stands for at a line: the last one given to it above."""
    above = [text for given, text in shared.get(name, ()) if given <= line]
    return above[-1] if above else None


def _is_text(node: ast.expr | None) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text"


def _code(call: ast.Call) -> str | None:
    """The problem code a call is given, if it makes a problem: its words must contain Chinese, or it is
    ``Problem`` or ``….add`` by name."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    for argument in [*call.args[:3], *named]:
        text = _words(argument)
        if text and CODE.match(text):
            function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            others = [word for word in _strings(call) if word != text]
            makes_one = function in ("Problem", "add") and len(call.args) + len(call.keywords) > 2
            return text if makes_one or any(CJK.search(word) for word in others) else None
    return None


def _texts(call: ast.Call, shared: Shared) -> tuple[str, ...]:
    """Rule and remedy in both languages, in the order of the source: each Chinese text with the one after it."""
    words = [word for word in _in_order(call, shared) if not CODE.match(word)]
    pairs, index = [], 0
    while index < len(words) - 1:
        if CJK.search(words[index]) or "⟨" in words[index]:
            pairs += words[index : index + 2]
            index += 1
        index += 1
    left_out = _named(shared, f"{getattr(call.func, 'id', '')}()", call.lineno)
    if len(pairs) == 2 and left_out:
        pairs += _in_order(left_out, shared)
    return tuple(pairs)


def _in_order(call: ast.Call, shared: Shared) -> Iterator[str]:
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(argument, ast.IfExp) and _words(argument) is None:
            argument = argument.body
        if isinstance(argument, ast.Name):
            argument = _named(shared, argument.id, argument.lineno) or argument
        word = _words(argument)
        if word is not None:
            yield word
        elif isinstance(argument, ast.Call) and getattr(argument.func, "id", "") != "Place":
            yield from _in_order(argument, shared)
        elif _is_text(call):
            yield f"⟨{_short(argument)}⟩"


def _words(node: ast.expr) -> str | None:
    """The text of a string or f-string; what is filled in at run time as ⟨expression⟩. None if it is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else f"⟨{_short(part)}⟩" for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _words(node.left), _words(node.right)
        return None if left is None and right is None else (left or "⟨…⟩") + (right or "⟨…⟩")
    if isinstance(node, ast.IfExp):
        return _words(node.body) or _words(node.orelse)
    return None


def _short(part: ast.expr) -> str:
    """A name for what is filled in: the last plain name in the expression, or an ellipsis."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "…")
    return name.strip("_").replace("_", " ") or "…"


def _strings(call: ast.Call) -> Iterable[str]:
    return [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def page() -> str:
    parts, room, code = [HEAD], "", ""
    shown: set[tuple[str, ...]] = set()
    for one in made():
        if one.code.split(".")[0] != room:
            room = one.code.split(".")[0]
            parts.append(f"\n## {room}\n")
        if one.code != code:
            code = one.code
            parts.append(f"\n### `{code}`\n")
            shown = set()
        if one.texts not in shown:
            shown.add(one.texts)
            parts.append(_entry(one))
    return "".join(parts)


def _entry(one: Made) -> str:
    words = [_escaped(word) for word in one.texts] + [""] * 4
    rule = " · ".join(word for word in words[:2] if word)
    remedy = " · ".join(word for word in words[2:4] if word)
    said = f"\n{rule or '具体规则见提示。· The message itself states the rule.'}\n"
    return said + (f"\n→ {remedy}\n" if remedy else "")


def _escaped(word: str) -> str:
    """Safe inside Markdown: no raw HTML, no accidental emphasis."""
    return re.sub(r"([*_<>\[\]`])", r"\\\1", word.strip())
