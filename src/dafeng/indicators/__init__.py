"""Indicators: a declared figure computed from registers, factors and other indicators, with everything it
used.

facts    the registers as frames, with the id of each record
grammar  the functions that an indicator's expression may call
engine   value of an indicator in a year, and what it rests on
golden   the hand-worked cases of the catalogue, recomputed
"""

from dafeng.indicators.engine import Evaluation, Figure
from dafeng.indicators.facts import Facts

__all__ = ["Evaluation", "Facts", "Figure"]
