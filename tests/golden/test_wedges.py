"""Wedges by hand, with interactions: three changes of a product, and the glove game.

Shapley, L. S. (1953), A value for n-person games, in Contributions to the Theory of Games II, 307–317.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from dafeng.pathway.wedges import wedges

# Emissions = area × intensity × factor: 100 × 10 × 0.5 = 500, and with all changes 110 × 8 × 0.4 = 352.
BEFORE, AFTER = (100.0, 10.0, 0.5), (110.0, 8.0, 0.4)
GROUPS = ("area", "intensity", "factor")


def emissions(sets: Sequence[tuple[int, ...]]) -> np.ndarray:
    return np.array([math.prod(AFTER[k] if k in made else BEFORE[k] for k in range(3)) for made in sets])


def test_shapley_of_a_product_of_three_by_hand():
    """With (a, i, f) made or not: 000 500, 100 550, 010 400, 001 400, 110 440, 101 440, 011 320, 111 352.

    area      = 2/6 (550 − 500) + 1/6 (440 − 400) + 1/6 (440 − 400) + 2/6 (352 − 320) = (100 + 40 + 40 + 64)/6 = 244/6
    intensity = 2/6 (400 − 500) + 1/6 (440 − 550) + 1/6 (320 − 400) + 2/6 (352 − 440) = (−200 −110 −80 −176)/6 = −566/6
    factor    = the same by symmetry: 0.5 → 0.4 and 10 → 8 are the same ratio         = −566/6
    """
    found = wedges(emissions, GROUPS)
    assert found.wedge.tolist() == pytest.approx([244 / 6, -566 / 6, -566 / 6], abs=1e-12)
    assert found.wedge.sum() == pytest.approx(352 - 500, abs=1e-12)
    assert (found.start, found.end) == (500, 352)
    assert found.alone.tolist() == pytest.approx([50, -100, -100])
    assert found.last.tolist() == pytest.approx([32, -88, -88])
    # Alone they make −150, together −148.
    assert float(found.interaction) == pytest.approx(2, abs=1e-12)


def test_a_fixed_order_gives_each_what_it_adds_to_those_before_it():
    found = wedges(emissions, GROUPS, rule="order")
    assert found.wedge.tolist() == pytest.approx([50, 440 - 550, 352 - 440], abs=1e-12)


def test_the_glove_game():
    """One left glove (player 1), two right ones (2, 3); a pair is worth 1: the values are 2/3, 1/6 and 1/6."""

    def pairs(sets: Sequence[tuple[int, ...]]) -> np.ndarray:
        return np.array([float(0 in made and len(made) > 1) for made in sets])

    assert wedges(pairs, ("left", "right", "other right")).wedge.tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6])
