"""mkdocs hook: adds the reference pages, made from the catalogue and the program itself at each build.

reference/registers.md   every register with its columns and checks
reference/indicators.md  every indicator with its formula and worked case
reference/factors.md     every factor and limit with its values and sources
reference/measures.md    every measure with its numbers, and how a roadmap builds it
reference/commands.md    every command with its options
reference/problems.md    every problem code with rule and remedy
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.reference import accounts, commands, entries, measures, problems  # noqa: E402

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation

log = logging.getLogger("mkdocs.hooks.reference")


def pages() -> dict[str, str]:
    """Path under docs/ → Markdown of every generated page. Raises BadInput when the catalogue is not in order."""
    from dafeng.catalogue import load_catalogue

    catalogue = load_catalogue()
    return {
        "reference/registers.md": entries.registers_page(catalogue),
        "reference/indicators.md": entries.indicators_page(catalogue),
        "reference/factors.md": entries.factors_page(catalogue),
        "reference/measures.md": measures.measures_page(catalogue),
        "reference/methods.md": accounts.methods_page(catalogue),
        "reference/layouts.md": accounts.layouts_page(catalogue),
        "reference/refusals.md": accounts.refusals_page(catalogue),
        "reference/commands.md": commands.page(),
        "reference/problems.md": problems.page(),
    }


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """The folder of Chinese pages is called 中文 in the navigation."""
    for item in nav.items:
        if item.title == "Zh":
            item.title = "中文"
    return nav


def on_files(files: Files, config: MkDocsConfig) -> Files:
    from mkdocs.structure.files import File

    for path, content in pages().items():
        files.append(File.generated(config, path, content=content))
    return files
