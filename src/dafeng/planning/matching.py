"""Which indicator of the catalogue a target asks about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SUBJECT, _CLAUSE, _SENTENCE = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Matcher:
    """A target is the indicator's when all words of one of the alternatives occur in its subject or clause, none of
    ``not_words`` does, and its unit is one of ``units`` (any, when empty; a target without a figure has none)."""

    indicator: str
    words: tuple[tuple[str, ...], ...]
    not_words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def match_indicator(
    subject: str, clause: str, sentence: str, unit: str | None, matchers: Iterable[Matcher]
) -> tuple[str, ...]:
    """The indicators that fit best: those whose words lie nearest, then those with most words.

    unit: None for a target without a figure, which an indicator expects when its units hold "" or are not given. A
    figure is only what its own subject or clause says: words elsewhere in the sentence speak of another (see
    ``match_far``). More than one name means that the import cannot tell; none, that no indicator fits."""
    return _best(
        ((subject, _SUBJECT), (clause, _CLAUSE), *([(sentence, _SENTENCE)] if unit is None else [])), unit, matchers
    )


def match_far(sentence: str, unit: str, matchers: Iterable[Matcher]) -> tuple[str, ...]:
    """The indicators whose words stand elsewhere in the sentence of a figure: for a person to look at."""
    return _best(((sentence, _SENTENCE),), unit, matchers)


def _best(texts: Sequence[tuple[str, int]], unit: str | None, matchers: Iterable[Matcher]) -> tuple[str, ...]:
    """texts: from the nearest to the furthest, each with how near it is."""
    best: tuple[float, int] = (0, 0)
    names: list[str] = []
    for matcher in matchers:
        if unit is not None and matcher.units and unit not in matcher.units:
            continue
        score = _score(matcher, texts)
        if score is None:
            continue
        if unit is None and matcher.units and "" not in matcher.units:
            # It answers with figures of another kind, but may well be meant.
            score = (score[0] - 0.5, score[1])
        if score < best:
            continue
        if score > best:
            best, names = score, []
        if matcher.indicator not in names:
            names.append(matcher.indicator)
    return tuple(names)


def _score(matcher: Matcher, texts: Sequence[tuple[str, int]]) -> tuple[float, int] | None:
    best: tuple[float, int] | None = None
    for text, near in texts:
        if any(word in text for word in matcher.not_words):
            continue
        for words in matcher.words:
            if words and all(word in text for word in words):
                score = (near, sum(map(len, words)))
                best = max(best, score) if best else score
        if best:
            break
    return best
