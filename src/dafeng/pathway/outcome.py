"""What a run of a model answers: arrays in the one order of axes (draw, scenario, branch, year)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dafeng.pathway.model import Branch

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outcome:
    """years: of the last axis, history first; draws: 1 where nothing was drawn.

    co2_total (draw, scenario, year), t; co2_by_sector (draw, scenario, sector, year), t; energy_by_carrier (draw,
    scenario, carrier, year) and energy (draw, scenario, branch, year), each in its carrier's unit; co2_t (draw,
    scenario, branch, year), t. What was not asked for is None (see ``Compiled.run``). ``cells``: key of a cell that was
    asked for → (draw, scenario, year), in its own unit."""

    years: tuple[int, ...]
    base: int
    scenarios: tuple[str, ...]
    branches: tuple[Branch, ...]
    sectors: tuple[str, ...]
    carriers: tuple[str, ...]
    units: tuple[str, ...]
    co2_total: Floats
    co2_by_sector: Floats | None
    energy_by_carrier: Floats | None
    energy: Floats | None
    co2_t: Floats | None
    cells: dict[str, Floats]

    @property
    def draws(self) -> int:
        return self.co2_total.shape[0]

    def total(self, what: str = "co2") -> Floats:
        """(draw, scenario, year): ``co2`` in t, or the energy of one carrier in its unit."""
        if what == "co2":
            return self.co2_total
        if what not in self.carriers:
            raise KeyError(what)
        return asked(self.energy_by_carrier, "energy_by_carrier")[:, :, self.carriers.index(what)]

    def scenario(self, name: str) -> int:
        """The index of a scenario."""
        return self.scenarios.index(name)

    def by(self, level: int = 1) -> tuple[tuple[str, ...], Floats]:
        """CO2 by the first parts of the branches' paths: names, and (draw, scenario, name, year) in t. Level 1 is the
        sector; deeper levels need the branches."""
        if level == 1 and self.co2_by_sector is not None:
            return self.sectors, self.co2_by_sector
        names = ["/".join(branch.parts[:level]) for branch in self.branches]
        return self.summed(names)

    def by_zone(self) -> tuple[tuple[str, ...], Floats]:
        """CO2 by zone (an empty name: no zone), (draw, scenario, zone, year) in t."""
        return self.summed([branch.zone or "" for branch in self.branches])

    def summed(self, names: Sequence[str], values: Floats | None = None) -> tuple[tuple[str, ...], Floats]:
        """names: one per branch; values: (…, branch, year), CO2 unless given → the sums by name."""
        given = asked(self.co2_t, "co2_t") if values is None else values
        found = tuple(dict.fromkeys(names))
        index = {name: [i for i, one in enumerate(names) if one == name] for name in found}
        return found, np.stack([given[..., index[name], :].sum(axis=-2) for name in found], axis=-2)


def asked(values: Floats | None, name: str) -> Floats:
    """An array of the outcome; a plain fault of the caller where it was not asked for."""
    if values is None:
        raise ValueError(f"{name} was not kept: run with keep='branch' (or 'sector')")
    return values
