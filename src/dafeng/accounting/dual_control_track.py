"""One intensity through the years of a period: amounts, cuts, progress, need, light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dafeng.accounting import intensity
from dafeng.accounting.lights import light
from dafeng.catalogue.schema import Rule

OFFICIAL, OWN, PUBLISHED = "official", "own", "published"


@dataclass(frozen=True, slots=True)
class Track:
    """An amount (万tce or 万tCO2) over gross product (亿CNY at constant prices) from the base year on.

    official: totals of statistics; own: totals of this account; one of the two is used for all years, never a mixture.
    published_pct: yearly cuts as printed, used only where there are no totals. target: cut asked for by ``end_year``
    as a share; None: not assigned yet.
    """

    base_year: int
    end_year: int
    year: int
    official: Mapping[int, float]
    own: Mapping[int, float]
    output: Mapping[int, float]
    published_pct: Mapping[int, float]
    target: float | None

    @property
    def basis(self) -> str | None:
        """Whose figures make the cuts; None when the base year or the year has none."""
        for name, held in ((OFFICIAL, self.official), (OWN, self.own)):
            if self.base_year in held and self.year in held:
                return name
        span = range(self.base_year + 1, self.year + 1)
        return PUBLISHED if len(span) and all(one in self.published_pct for one in span) else None

    @property
    def used(self) -> Mapping[int, float]:
        return self.own if self.basis == OWN else self.official

    def intensity(self, year: int) -> float | None:
        """tce (tCO2) per 10⁴ CNY, which is 万t per 亿CNY."""
        if year not in self.used or not self.output.get(year):
            return None
        return self.used[year] / self.output[year]

    def cut_year(self, year: int) -> float | None:
        before, after = self.intensity(year - 1), self.intensity(year)
        if before and after is not None:
            return intensity.cut(before, after)
        published = self.published_pct.get(year)
        return None if published is None else published / 100

    def cut_total(self, year: int) -> float | None:
        """Against the base year: from the two intensities, else the product of the yearly cuts."""
        before, after = self.intensity(self.base_year), self.intensity(year)
        if before and after is not None:
            return intensity.cut(before, after)
        cuts = [self.cut_year(one) for one in range(self.base_year + 1, year + 1)]
        known = [one for one in cuts if one is not None]
        return intensity.cumulative(known) if len(known) == len(cuts) else None

    def path(self, year: int) -> float | None:
        if self.target is None or self.end_year <= self.base_year:
            return None
        return intensity.path(self.target, self.end_year - self.base_year, year - self.base_year)

    def progress(self, year: int) -> float | None:
        """Share of the whole target that is done, in logarithms."""
        done = self.cut_total(year)
        return None if done is None else self.progress_of(done)

    def progress_of(self, done: float) -> float | None:
        return None if self.target is None else intensity.log_progress(done, self.target)

    def need(self, year: int) -> float | None:
        """Yearly cut still needed in what is left of the period."""
        done = self.cut_total(year)
        return None if done is None else self.need_after(done, year)

    def need_after(self, done: float, year: int) -> float | None:
        return None if self.target is None else intensity.remaining_need(self.target, done, self.end_year - year)

    def light(self, year: int, rule: Rule, done: float | None = None) -> str:
        """done: the cut to judge (after deductions); the plain one if not given."""
        done = self.cut_total(year) if done is None else done
        if done is None or self.target is None:
            return "no_data"
        expected = self.path(year)
        progress = None if not expected else intensity.log_progress(done, expected)
        met = done >= self.target - 1e-12
        return light(rule, has_data=True, due=year >= self.end_year, met=met, progress=progress)
