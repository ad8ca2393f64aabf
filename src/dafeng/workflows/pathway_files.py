"""Files that an analyst writes by hand: a YAML file as a mapping, with every fault in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

# A model or a case written by hand is far smaller; a file of this size is something else.
MOST_BYTES = 50_000_000


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds. Raises BadInput: there is no such file, it is not UTF-8, it is not YAML, or
    it is no mapping; a key written twice is refused, since one of the two would be lost without a word."""
    import yaml

    text = read_text(path)
    try:
        data = yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        raise BadInput(_not_yaml(path, error)) from None
    except RecursionError:
        raise BadInput(_not_a_mapping(path)) from None
    if not isinstance(data, dict):
        raise BadInput(_not_a_mapping(path))
    return data


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; a mark before it, which Windows' editor puts there, is dropped."""
    if not path.is_file():
        raise BadInput(
            Problem(
                "pathway.no-file",
                Place(str(path)),
                Text("没有这个文件", "there is no such file"),
                Text("请核对文件名和所在文件夹", "check the name and the folder"),
            )
        )
    if path.stat().st_size > MOST_BYTES:
        raise BadInput(_not_a_mapping(path))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(
            Problem(
                "pathway.not-utf8",
                Place(path.name),
                Text("文件不是 UTF-8 编码的文字", "the file is not text in UTF-8"),
                Text("在编辑器中另存为 UTF-8", "save it as UTF-8"),
            )
        ) from None


def _loader() -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen: set[str] = set()
            for key, _ in node.value:
                if key.tag == "tag:yaml.org,2002:str" and key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"“{key.value}” 写了两次 / is written twice", key.start_mark
                    )
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    # YAML 1.1 takes 1e6 for a word; who writes it means the number.
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:float",
        re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$"),
        list("-+.0123456789"),
    )
    # A bare = is a value of YAML 1.1 that nobody means.
    Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: loader.construct_scalar(node))
    return Loader


def _not_yaml(path: Path, error: Any) -> Problem:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or "?"
    return Problem(
        "pathway.not-yaml",
        Place(path.name, row=mark.line + 1 if mark else None),
        Text(f"这一行不合 YAML 的写法：{said}", f"this line is not well-formed YAML: {said}"),
        Text("检查缩进、冒号后的空格和引号", "check indentation, the space after a colon and quotes"),
    )


def _not_a_mapping(path: Path) -> Problem:
    return Problem(
        "pathway.not-a-mapping",
        Place(path.name),
        Text("文件不是“名称: 值”组成的", "the file is not made of “name: value”"),
        Text("照文档中的例子书写", "write it as the example in the documentation shows"),
    )
