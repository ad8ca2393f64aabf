"""Units as a template prints them: in the reader's language, squares and gases with their small figures.

What is printed here the loader reads back: it takes m² for m2 and 亿元 for 亿CNY.
"""

from __future__ import annotations

import re

from dafeng.catalogue.load import Catalogue

_SMALL = str.maketrans("23", "²³")


def printed_unit(catalogue: Catalogue, symbol: str | None, lang: str) -> str:
    """公顷, m², tCO₂; nothing for a ratio, and in English nothing for what is counted one by one."""
    if symbol in (None, "", "1"):
        return ""
    words = catalogue.unit_words(symbol, lang)
    if not words and (catalogue.unit_table.count_of(symbol) != 1 or "/" in symbol):
        words = next(unit.name.en for unit in catalogue.units.values() if symbol in unit.symbols)
    words = words.replace("CO2", "CO₂")
    return re.sub(r"(?<=m)[23](?!\d)", lambda found: found[0].translate(_SMALL), words)
