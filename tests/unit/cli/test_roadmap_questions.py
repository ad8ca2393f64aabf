"""``dafeng roadmap curve | ranking | switch | finance | policy | targets | regret`` on a case worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dafeng.cli.main import main

# Nothing pays within the five years but what the target asks; 8 MW are built at 5 MW a year, as early as money saved is
# worth more than interest: one MW in 2026 costs 4 000 000 and saves 800 000 in the year by which it is earlier (STOCK).
CASE = """
id: small
years: {first: 2026, last: 2030}
discount: 0.05
carriers: {electricity: {unit: MWh, tce: 0.1229}, gas: {unit: 万m3, tce: 13.3}}
base: {office: {electricity: 10000, gas: 100}}
factors: {purpose: inventory, electricity: {2026: 0.57, 2030: 0.42}, gas: 21.6}
purposes: {ets: {electricity: 0.57}, inventory: {electricity: {2026: 0.57, 2030: 0.42}}}
prices: {electricity: 800, gas: 35000}
measures:
- {id: led, unit: 万m2, group: office, potential: 100, capex: 500000, life: 10, saves: {electricity: 20},
   build_rate: 30, ranges: {capex: [400000, 600000]}, assumed: [capex]}
- {id: pv, unit: MW, potential: 20, capex: 4000000, life: 20, saves: {electricity: 1000}, build_rate: 5,
   counts: {pv_mw: 1}, fund: district}
- {id: kitchen, unit: 户, potential: 10, capex: 900000, life: 10, saves: {gas: 1}, uses: {electricity: 45}}
targets:
- {id: pv_mw, kind: sum, year: 2028, value: 8, unit: MW}
- {id: path, kind: co2_path, values: {2030: 3100}}
"""
# Worth in 2026 of 1 CNY in each year, and the factors of electricity.
WORTH = [1.05**-t for t in range(5)]
FACTOR = [0.57, 0.5325, 0.495, 0.4575, 0.42]
STOCK = [5, 8, 8, 8, 8]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def asked(case: Path, *words: str) -> dict[str, Any]:
    found = CliRunner().invoke(main, ["roadmap", *words, "--case", str(case), "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.output)


def test_a_kitchen_raises_co2_at_0_57_and_cuts_it_at_0_42_and_each_purpose_is_told_once(case: Path):
    found = asked(case, "switch")["switches"]
    by_purpose = {one["purpose"]: one for one in found}
    assert len(found) == len(by_purpose) == 2
    # 1 万m3 of gas is 21.6 t, 45 MWh at 0.57 are 25.65 t, at 0.42 18.9 t: even at 0.48.
    assert by_purpose["inventory"]["saved_t"] == pytest.approx([21.6 - 45 * factor for factor in FACTOR])
    assert by_purpose["inventory"]["helps_from"] == 2029
    assert by_purpose["ets"]["saved_t"] == pytest.approx([-4.05] * 5)
    assert by_purpose["ets"]["helps_from"] is None
    assert by_purpose["ets"]["break_even"] == pytest.approx([0.48] * 5)


def test_the_curve_of_the_schedule_has_what_is_built_at_its_annuity_less_its_energy(case: Path):
    found = asked(case, "curve")
    (step,) = found["steps"]
    annuity = 4e6 * 0.05 / (1 - 1.05**-20)
    assert (step["measure"], step["amount"], found["year"]) == ("pv", pytest.approx(8), 2030)
    assert step["co2_t"] == pytest.approx(8 * 1000 * 0.42)
    assert step["per_t"] == pytest.approx((annuity - 800_000) / 420)


def test_the_curve_of_the_whole_potential_needs_no_schedule_and_names_what_raises_co2(case: Path):
    found = asked(case, "curve", "--whole", "--purpose", "ets")
    assert [one["measure"] for one in found["steps"]] == ["pv", "led"]
    assert [one["measure"] for one in found["raises"]] == ["kitchen"]
    assert found["raises"][0]["co2_t"] == pytest.approx(-40.5)


def test_finance_is_of_the_whole_life_of_what_is_built(case: Path):
    found = asked(case, "finance", "--loan", "10000000", "--loan-rate", "0.05", "--loan-years", "2")
    programme = found["programme"]
    # 20 payments at the start of each year, of 5 MW from 2026 and 3 MW from 2027.
    twenty = (1 - 1.05**-20) / (1 - 1 / 1.05)
    worth = (5 + 3 / 1.05) * (800_000 * twenty - 4e6)
    assert programme["npv"] == pytest.approx(worth)
    assert programme["investment"] == pytest.approx(32e6)
    service = 10e6 * 0.05 / (1 - 1.05**-2)
    assert programme["dscr"]["by_year"] == pytest.approx([6.4e6 / service] * 2)
    assert found["measures"][0]["npv"] == pytest.approx(worth)
    assert found["assumed"] == 0


def test_a_subsidy_moves_money_from_the_public_purse_to_owners_and_a_price_of_co2_takes_it_back(case: Path):
    before, after = asked(case, "policy", "--subsidy", "pv=5%", "--co2-price", "10")["policies"]
    capital = 5 * 4e6 + 3 * 4e6 / 1.05
    tonnes = [1000 * stock * factor for stock, factor in zip(STOCK, FACTOR, strict=True)]
    spared = sum(10 * worth * one for worth, one in zip(WORTH, tonnes, strict=True))
    assert after["subsidies"] == pytest.approx(0.05 * capital)
    assert after["public"] == pytest.approx(0.05 * capital + spared)
    assert after["owner"] == pytest.approx(before["owner"] - 0.05 * capital - spared)
    assert after["society"] == pytest.approx(before["society"])


def test_one_step_more_of_a_target_costs_what_its_last_unit_does(case: Path):
    found = asked(case, "targets")
    pv = next(one for one in found["targets"] if one["id"] == "pv_mw")
    # One MW more is built in 2027: 4 000 000 / 1.05 less 800 000 in each of 2027 to 2030.
    unit = 4e6 / 1.05 - 800_000 * sum(WORTH[1:])
    assert pv["shadow_cost"] == pytest.approx(unit)
    assert (pv["step"], pv["step_cost"]) == (pytest.approx(0.4), pytest.approx(0.4 * unit))
    assert found["carbon_price"] == pytest.approx([0.0] * 5, abs=1e-6)


def test_regret_tells_in_what_share_of_draws_targets_hold_and_margins_bring_them_to_nine_tenths(case: Path):
    found = asked(
        case, "regret", "--spread", "base/office=uniform(0.9, 1.2)", "--draws", "400", "--sample", "0", "--tighten"
    )
    holds = {one["id"]: one["holds"] for one in found["targets"]}
    # 6 360 t × m without measures (4 200 of electricity, 2 160 of gas), less 3 360 of PV: at most 3 100 for m ≤ 1.0157.
    assert holds["pv_mw"] == 1
    assert holds["path"] == pytest.approx((6460 / 6360 - 0.9) / 0.3, abs=0.005)
    assert found["all_hold"] == holds["path"]
    assert not found["enough"]
    assert found["robust"]["enough"]
    assert found["robust"]["all_hold"] >= 0.9
    assert found["robust"]["cost_of_margins"] > 0


def test_the_same_seed_gives_the_same_draws(case: Path):
    words = ("regret", "--draws", "50", "--sample", "2", "--seed", "7")
    assert asked(case, *words) == asked(case, *words)


def test_the_ranking_says_what_rests_on_assumptions(case: Path):
    ranks = {one["measure"]: one for one in asked(case, "ranking")["ranks"]}
    annuity = 500_000 * 0.05 / (1 - 1.05**-10)
    assert ranks["pv"]["assumed"] == 0
    assert ranks["led"]["assumed"] == pytest.approx(annuity / (annuity + 16_000))
    assert ranks["pv"]["firm"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("curve", "--year", "2050"), "roadmap.asked-year"),
        (("curve", "--whole", "--purpose", "nothing"), "roadmap.asked-purpose"),
        (("ranking", "--draws", "1000000000"), "roadmap.asked-draws"),
        (("regret", "--draws", "0"), "roadmap.asked-draws"),
        (("regret", "--spread", "factor/coal=normal(1, 0.1)"), "roadmap.asked-unread"),
        (("regret", "--spread", "factor/gas=normal(1, -1)"), "pathway.spread"),
        (("policy",), "roadmap.asked-unread"),
        (("policy", "--subsidy", "pv=2"), "roadmap.asked-unread"),
        (("policy", "--subsidy", "pv"), "roadmap.asked-unread"),
        (("policy", "--tax", "electricity=nan"), "roadmap.asked-unread"),
        (("policy", "--co2-price", "nan"), "roadmap.asked-unread"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_can(case: Path, words: tuple[str, ...], code: str):
    found = CliRunner().invoke(main, ["roadmap", *words, "--case", str(case)], standalone_mode=False)
    assert found.exception is not None
    assert code in [one.code for one in found.exception.problems]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    [("curve",), ("ranking",), ("switch",), ("finance",), ("policy", "--co2-price", "5"), ("targets",), ("regret",)],
    ids=lambda words: words[0],
)
def test_every_question_is_answered_in_words(
    case: Path, words: tuple[str, ...], language: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAFENG_LANG", language)
    found = CliRunner().invoke(main, ["roadmap", *words, "--case", str(case)])
    assert found.exit_code == 0, found.output
    assert ("措施" in found.output or "目标" in found.output or "减排" in found.output) == (language == "zh")


def test_the_cost_on_the_screen_says_how_much_of_it_is_assumed_and_what_the_gap_is_of(case: Path):
    path = case.with_name("assumed.yaml")
    path.write_text(CASE.replace("counts: {pv_mw: 1}", "counts: {pv_mw: 1}, assumed: [saves.electricity]"), "utf-8")
    said = CliRunner().invoke(main, ["roadmap", "solve", str(path)]).output
    annuity = 4e6 * 0.05 / (1 - 1.05**-20)
    assert f"成本的 {800_000 / (800_000 + annuity):.0%} 出自假设" in said
    assert "线性化问题与最优之差不超过 0.00%" in said


def test_a_peak_says_what_it_asks_for(case: Path):
    path = case.with_name("peak.yaml")
    path.write_text(CASE + "- {id: top, name: {zh: 碳排放, en: CO2}, kind: peak, year: 2027}\n", "utf-8")
    assert "碳排放：2027年后不再上升" in CliRunner().invoke(main, ["roadmap", "solve", str(path)]).output
