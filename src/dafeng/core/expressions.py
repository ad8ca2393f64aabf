"""The one expression grammar: checks, filters, indicators, rules and every engine's formulas.

A safe subset of Python's expressions, parsed with ``ast`` and checked for names, functions and types before
anything runs. The same tree is evaluated on two backends: whole columns (polars expressions) and single values
(plain Python, where ``None`` is "missing" and spreads). An engine adds functions; nobody adds a grammar.

    literals      12  3.5  'text'  True  None  (1, 2)      operators   + - * / ** %  and the unary minus
    comparison    == != < <= > >=  in  not in             logic       and or not   a if c else b
    names         columns, parameters or figures, with dots allowed (IND.pv_added_mw)
"""

from __future__ import annotations

import ast
import keyword
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.functions import ANY, BASE, BOOL, NUMBER, TEXT, Function
from dafeng.core.text import Text


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed and checked expression. ``names`` and ``calls`` list what it mentions, in order."""

    source: str
    tree: ast.expr
    gives: str
    names: tuple[str, ...]
    calls: tuple[str, ...]

    def __str__(self) -> str:
        return self.source


Names = Mapping[str, str] | Callable[[str], str | None]


_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod)
_COMPARISON = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)


def parse(
    source: str,
    names: Names,
    functions: Mapping[str, Function] = BASE,
    *,
    place: Place | None = None,
    expect: str | None = None,
) -> Expression:
    """Parse and check one expression.

    names: what may be mentioned, with its type; a callable answers for open sets (None = unknown).
    Raises BadInput with every problem found, each naming the character where it lies.
    """
    checker = _Checker(source, names, functions, place or Place())
    try:
        tree = ast.parse(_with_keywords_as_names(source.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        raise BadInput(
            checker.problem("syntax", column, "表达式写法不对", "the expression is not well formed")
        ) from None
    if _too_deep(tree):
        raise BadInput(
            checker.problem(
                "too-deep", 1, f"表达式嵌套超过 {MOST_LEVELS} 层", f"more than {MOST_LEVELS} levels inside each other"
            )
        )
    gives = checker.type_of(tree)
    if expect and gives not in (expect, ANY) and not checker.problems:
        checker.say(tree, "type", f"结果应为 {expect}，实为 {gives}", f"must give {expect}, gives {gives}")
    if checker.problems:
        raise BadInput(checker.problems)
    return Expression(source.strip(), tree, gives, tuple(checker.names_used), tuple(checker.calls))


# Far beyond any formula of a register; deeper ones would overflow the stack while they are evaluated.
MOST_LEVELS = 100
# Whole numbers up to here are exact as floating numbers, too.
LARGEST_WHOLE = 2**53


def _too_deep(tree: ast.expr) -> bool:
    level: list[ast.AST] = [tree]
    for _ in range(MOST_LEVELS):
        level = [child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if not level:
            return False
    return True


_WORDS = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[^\W\d]\w*""")
_GRAMMAR_WORDS = {"and", "or", "not", "in", "if", "else", "True", "False", "None", "is", "lambda", "for"}


def _with_keywords_as_names(source: str) -> str:
    """Lets columns have names that Python keeps for itself (``class``): written with a full-width first letter the
    word is an ordinary name to the tokenizer, and the parser folds it back (NFKC), as long and in the same place."""

    def name(found: re.Match[str]) -> str:
        word = found[0]
        if word not in keyword.kwlist or word in _GRAMMAR_WORDS:
            return word
        return chr(ord(word[0]) - ord("a") + ord("ａ")) + word[1:]

    return _WORDS.sub(name, source)


class _Checker:
    def __init__(self, source: str, names: Names, functions: Mapping[str, Function], place: Place):
        self.source, self.functions, self.place = source, functions, place
        self.lookup = names if callable(names) else names.get
        self.known = () if callable(names) else tuple(names)
        self.problems: list[Problem] = []
        self.names_used: list[str] = []
        self.calls: list[str] = []

    def problem(self, code: str, column: int, zh: str, en: str) -> Problem:
        where = f"「{_shortened(self.source.strip())}」"
        return Problem(
            f"expression.{code}",
            self.place,
            Text(f"{where} 第 {column} 个字符：{zh}", f"{where} character {column}: {en}"),
            Text(
                "请改正该表达式；可用的写法见文档“表达式”",
                "mend the expression; the page “Expressions” lists what may be written",
            ),
        )

    def say(self, node: ast.AST, code: str, zh: str, en: str) -> str:
        # ast counts bytes; a person counts characters.
        before = _with_keywords_as_names(self.source.strip()).encode()[: getattr(node, "col_offset", 0)]
        self.problems.append(self.problem(code, len(before.decode()) + 1, zh, en))
        return ANY

    def need(self, node: ast.expr, wanted: str) -> None:
        got = self.type_of(node)
        if wanted != ANY and got not in (wanted, ANY):
            self.say(node, "type", f"此处需要 {wanted}，得到 {got}", f"{wanted} is needed here, {got} found")

    def type_of(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=bool()):
                return BOOL
            case ast.Constant(value=int() | float() as number):
                if not abs(number) <= (LARGEST_WHOLE if isinstance(number, int) else sys.float_info.max):
                    return self.say(node, "number", "数字过大", "the number is too large")
                return NUMBER
            case ast.Constant(value=None):
                return ANY
            case ast.Constant(value=str()):
                return TEXT
            case ast.Tuple(elts=items) | ast.List(elts=items):
                for item in items:
                    self.type_of(item)
                return ANY
            case ast.Name() | ast.Attribute():
                return self.type_of_name(node)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                self.need(inner, BOOL)
                return BOOL
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
                self.need(inner, NUMBER)
                return NUMBER
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _ARITHMETIC):
                self.need(left, NUMBER)
                self.need(right, NUMBER)
                return NUMBER
            case ast.BoolOp(values=values):
                for value in values:
                    self.need(value, BOOL)
                return BOOL
            case ast.Compare():
                return self.type_of_comparison(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.need(test, BOOL)
                one, other = self.type_of(body), self.type_of(orelse)
                return self.same_kind(node, {one, other})
            case ast.Call(func=ast.Name(id=name)):
                return self.type_of_call(node, name)
        return self.say(node, "forbidden", "此处不允许这种写法", "this is not part of the grammar")

    def same_kind(self, node: ast.AST, kinds: set[str]) -> str:
        """The one kind that all are of; None and what is not known go with any."""
        known = sorted(kinds - {ANY})
        if len(known) > 1:
            shown_zh, shown_en = "、".join(known), ", ".join(known)
            return self.say(node, "type", f"类型不一：{shown_zh}", f"of different kinds: {shown_en}")
        return known[0] if known and ANY not in kinds else ANY

    def type_of_name(self, node: ast.expr) -> str:
        name = dotted(node)
        if name is None:
            return self.say(node, "forbidden", "此处不允许这种写法", "this is not part of the grammar")
        found = self.lookup(name)
        if found is None:
            near = _nearest(name, self.known)
            hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
            return self.say(
                node,
                "unknown-name",
                f"没有名为 {name} 的列或数{hint_zh}",
                f"there is no column or figure named {name}{hint_en}",
            )
        if name not in self.names_used:
            self.names_used.append(name)
        return found

    def type_of_comparison(self, node: ast.Compare) -> str:
        parts = [node.left, *node.comparators]
        kinds = [self.type_of(part) for part in parts]
        for op, left, right, part in zip(node.ops, kinds, kinds[1:], node.comparators, strict=False):
            if not isinstance(op, _COMPARISON):
                self.say(node, "forbidden", "此处不允许这种比较", "this comparison is not part of the grammar")
            elif isinstance(op, ast.In | ast.NotIn):
                if not isinstance(part, ast.Tuple | ast.List):
                    self.say(
                        part,
                        "type",
                        "in 的右边须是括号内的列表",
                        "the right side of “in” must be a list in brackets",
                    )
                else:
                    self.same_kind(part, {left, *map(self.type_of, part.elts)})
            elif ANY not in (left, right) and left != right:
                self.say(node, "type", f"不能比较 {left} 与 {right}", f"cannot compare {left} with {right}")
        return BOOL

    def type_of_call(self, node: ast.Call, name: str) -> str:
        function = self.functions.get(name)
        if function is None:
            near = _nearest(name, tuple(self.functions))
            hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
            return self.say(
                node, "unknown-function", f"没有函数 {name}{hint_zh}", f"there is no function {name}{hint_en}"
            )
        self.calls.append(name)
        least, most = len(function.takes) - function.optional, len(function.takes)
        if len(node.args) < least or (len(node.args) > most and not function.variadic):
            zh, en = _count(least, most, function.variadic)
            self.say(node, "arguments", f"{name} 需要{zh}参数", f"{name} takes {en}")
        for index, argument in enumerate(node.args):
            self.need(argument, function.takes[min(index, most - 1)] if most else ANY)
        for given in node.keywords:
            if given.arg not in function.keywords:
                self.say(
                    node,
                    "arguments",
                    f"{name} 没有参数 {given.arg}",
                    f"{name} has no argument {given.arg}",
                )
            else:
                self.need(given.value, BOOL if given.arg == "where" else ANY)
        if name == "coalesce" and function.gives == ANY:
            return self.same_kind(node, {self.type_of(argument) for argument in node.args})
        return function.gives


def _shortened(source: str) -> str:
    return source if len(source) <= 200 else f"{source[:199]}…"


def dotted(node: ast.expr) -> str | None:
    """The dotted name a node spells (``IND.x``), or None."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=last):
            first = dotted(inner)
            return f"{first}.{last}" if first else None
    return None


def _count(least: int, most: int, variadic: bool) -> tuple[str, str]:
    """How many arguments a function takes, in words."""
    if variadic:
        return f"至少 {least} 个", f"at least {least} arguments"
    if least == most:
        return f" {least} 个", f"{least} argument{'' if least == 1 else 's'}"
    return f" {least} 至 {most} 个", f"{least} to {most} arguments"


def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    import difflib

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return close[0] if close else None


def calls_in(expression: Expression, *names: str) -> Iterator[ast.Call]:
    """Every call of one of the named functions, in source order."""
    for node in ast.walk(expression.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def names_in(node: ast.AST) -> list[str]:
    """Dotted names mentioned below a node (function names are not among them)."""
    found: list[str] = []

    def visit(part: ast.AST) -> None:
        if isinstance(part, ast.Name | ast.Attribute):
            name = dotted(part)
            if name:
                found.append(name)
                return
        for child in ast.iter_child_nodes(part):
            if not (isinstance(part, ast.Call) and child is part.func):
                visit(child)

    visit(node)
    return found
