"""Text that exists in Chinese and in English, and the choice between them."""

from __future__ import annotations

import os
from dataclasses import dataclass

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages. ``str()`` gives the language in use."""

    zh: str
    en: str

    def say(self, lang: str | None = None) -> str:
        return self.en if (lang or language()) == "en" else self.zh

    def both(self) -> str:
        return f"{self.zh}\n{self.en}" if self.zh != self.en else self.zh

    def __str__(self) -> str:
        return self.say()


def same(words: str) -> Text:
    """A text that reads the same in both languages (a name, a number)."""
    return Text(words, words)


def language() -> str:
    """The language of the person: ``DAFENG_LANG`` (zh or en), Chinese unless told otherwise."""
    chosen = os.environ.get("DAFENG_LANG", "zh")
    return chosen if chosen in LANGUAGES else "zh"
