"""Zones: shares of the account divide every branch, and whole grams of the zones sum to the district's."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from dafeng.accounting.lines import ENERGY, of_schema
from dafeng.core.errors import BadInput
from dafeng.pathway.zones import REST, apportioned, by_zone, keys_of, zone_shares


def lines(rows: list[tuple[str, int, str, str, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["place", "year", "sector", "carrier", "amount"], orient="row")
    level = pl.when(pl.col("place") == "").then(pl.lit("district")).otherwise(pl.lit("zone"))
    return of_schema(frame.with_columns(level=level, flow=pl.lit("final"), gce_equal=pl.col("amount")), ENERGY)


ACCOUNT = lines(
    [
        ("north", 2024, "homes", "electricity", 30),
        ("south", 2024, "homes", "electricity", 70),
        ("north", 2024, "industry", "electricity", 100),
        ("north", 2025, "homes", "electricity", 50),
        ("south", 2025, "homes", "electricity", 50),
        ("north", 2025, "industry", "electricity", 100),
        *(("", year, sector, "electricity", 100) for year in (2024, 2025) for sector in ("homes", "industry")),
    ]
)


def test_a_branch_is_divided_by_its_sector_and_carrier_year_by_year_and_later_as_in_the_last_year():
    shares = zone_shares(ACCOUNT)
    assert shares.zones == ("north", "south", REST)
    found = shares.of("homes", "electricity", [2024, 2025, 2030])
    assert found == pytest.approx(np.array([[0.3, 0.5, 0.5], [0.7, 0.5, 0.5], [0, 0, 0]]))
    assert shares.of("industry", "electricity", [2025]).tolist() == [[1.0], [0.0], [0.0]]


def test_what_has_no_sector_is_divided_by_its_carrier_and_what_has_no_carrier_by_all_energy():
    shares = zone_shares(ACCOUNT)
    assert shares.of(None, "electricity", [2025]) == pytest.approx(np.array([[0.75], [0.25], [0]]))
    assert shares.of("homes", "natural_gas", [2025]) == pytest.approx(np.array([[0.75], [0.25], [0]]))


def test_whole_grams_of_the_zones_sum_to_the_district():
    """10 t of homes halved and 1/3 t of industry in the north: 5 + 1/3 t and 5 t; 10 333 333 g in all."""
    found = by_zone(
        np.array([[10.0], [1 / 3]]), [("homes", "electricity"), ("industry", "electricity")], [2025],
        zone_shares(ACCOUNT),
    )  # fmt: skip
    assert found == {"north": [5_333_333], "south": [5_000_000], REST: [0]}


def test_what_the_account_assigns_to_no_zone_is_a_part_of_its_own():
    """Homes of the district 100, of the zones 30 and 45: a quarter is nobody's."""
    shares = zone_shares(
        lines(
            [
                ("north", 2025, "homes", "electricity", 30),
                ("south", 2025, "homes", "electricity", 45),
                ("", 2025, "homes", "electricity", 100),
            ]
        )
    )
    assert shares.of("homes", "electricity", [2025]) == pytest.approx(np.array([[0.3], [0.45], [0.25]]))


def test_what_rounding_leaves_goes_to_the_largest_remainder():
    assert apportioned(10, [3.5, 3.3, 3.2]) == [4, 3, 3]
    assert apportioned(10, [10 / 3, 10 / 3, 10 / 3]) == [4, 3, 3]
    assert apportioned(-5, [-2.5, -2.5]) == [-2, -3]
    assert apportioned(0, [0.0, 0.0]) == [0, 0]


def test_a_branch_says_its_carrier_and_the_notes_its_sector():
    paths = ["居民/住宅/照明/electricity", "工业/原料用能/不燃烧/emission", "居民/住宅/照明/electricity@north"]
    assert keys_of(paths, {"居民/住宅/照明/electricity": "homes"}) == [
        ("homes", "electricity"), (None, None), ("homes", "electricity"),
    ]  # fmt: skip


def test_an_account_without_zones_is_an_answer():
    with pytest.raises(BadInput) as raised:
        zone_shares(ACCOUNT.filter(pl.col("level") == "district"))
    assert [one.code for one in raised.value.problems] == ["pathway.no-zones"]
