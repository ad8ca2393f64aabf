"""What a year's weather adds to its energy."""

from __future__ import annotations

import pytest

from dafeng.accounting.weather import factor, weather_of
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()


def facts(days: list[dict], shares: list[dict]) -> Facts:
    held = {"degree_days": days, "weather_shares": shares}
    return Facts(CATALOGUE, {name: frame_of_rows(CATALOGUE.registers[name], rows) for name, rows in held.items()})


def day(year: int, hdd: float, cdd: float, normal: tuple[float | None, float | None] = (1600, 250)) -> dict:
    return {"year": year, "hdd18": hdd, "cdd26": cdd, "hdd_normal": normal[0], "cdd_normal": normal[1]}


def share(heating: float, cooling: float) -> dict:
    return {
        "sector": "homes", "carrier": "electricity", "heating_share": heating, "cooling_share": cooling, "basis": "x"
    }  # fmt: skip


def test_shares_follow_their_degree_days_and_the_rest_does_not():
    # 1 + 0.14 × (1583/1600 − 1) + 0.22 × (331/250 − 1) = 1 − 0.0014875 + 0.07128 = 1.0697925.
    assert factor(0.14, 0.22, 1583, 331, 1600, 250) == pytest.approx(1.0697925, rel=1e-12)
    assert factor(0, 0, 1583, 331, 1600, 250) == 1


def test_a_use_without_a_share_has_no_weather():
    weather, problems = weather_of(facts([day(2025, 1583, 331)], [share(14, 22)]), [2025])
    assert weather.of("homes", "electricity", 2025) == pytest.approx(1.0697925)
    assert weather.of("homes", "gasoline", 2025) == 1
    assert problems == []


def test_the_normal_year_of_the_latest_row_serves_all_years():
    held = facts([day(2020, 1600, 300, (None, None)), day(2025, 1600, 250)], [share(0, 50)])
    weather, _ = weather_of(held, [2020, 2025])
    assert weather.of("homes", "electricity", 2020) == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("days", "shares", "named"),
    [
        ([], [share(10, 10)], "degree_days"),
        ([day(2025, 1600, 250)], [], "weather_shares"),
        ([day(2024, 1600, 250)], [share(10, 10)], "2025"),
        ([day(2025, 1600, 250, (None, None))], [share(10, 10)], "hdd_normal"),
        ([day(2025, 1600, 250, (1600, 0))], [share(10, 10)], "cdd_normal"),
        ([day(2025, 0, 0)], [share(50, 50)], "weather_shares"),
    ],
)
def test_what_is_lacking_is_named_and_no_factor_is_made_up(days: list[dict], shares: list[dict], named: str):
    weather, problems = weather_of(facts(days, shares), [2025])
    assert weather.factors == {}
    assert weather.lacking is not None
    assert named in weather.lacking.en
    assert [problem.code for problem in problems] == ["account.no-weather"]
    assert problems[0].level == "warning"
