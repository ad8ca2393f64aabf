"""A source in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dafeng.core.text import language


def cited(source: Mapping[str, Any]) -> str:
    """A source in one line: number, title, clause, and its status unless official."""
    zh = language() == "zh"
    parts = [source["number"], _said(source["title"]) if source["title"] else None, source["clause"]]
    parts.append(_said(source["text"]) if source["text"] else None)
    words = {"second-hand": "二手转引", "remembered": "未核实", "assumption": "假设", "computed": "由所列各项算出"}
    if source["status"] != "official":
        parts.append(f"〔{words[source['status']]}〕" if zh else f"[{source['status']}]")
    return "，".join(part for part in parts if part) if zh else ", ".join(part for part in parts if part)


def _said(pair: Mapping[str, str]) -> str:
    return pair["zh" if language() == "zh" else "en"]
