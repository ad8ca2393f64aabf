"""Places in a text whose broken lines were joined, told as places in the text before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate


def places_in(printed: str, joined: str) -> Callable[[tuple[int, int]], tuple[int, int]]:
    """A function from (start, end) in ``joined`` to the same words' (start, end) in ``printed``.

    Both hold the same characters in the same order, white space aside; raises ValueError when they do not.
    """
    held = [at for at, character in enumerate(printed) if not character.isspace()]
    if [printed[at] for at in held] != [character for character in joined if not character.isspace()]:
        raise ValueError("the two texts differ in more than white space")
    before = [0, *accumulate(not character.isspace() for character in joined)]

    def place(span: tuple[int, int]) -> tuple[int, int]:
        first, last = before[span[0]], before[span[1]] - 1
        return (held[first], held[last] + 1) if last >= first else (held[first], held[first])

    return place
