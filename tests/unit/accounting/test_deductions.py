"""Deductions of dual control: order, cap, no kWh twice. Coal equivalent of Shanghai's policy: 0.28232 kgce/kWh."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting.book import Book
from dafeng.accounting.deductions import CERTIFICATES, ORDER, assess, cap_of, claims_of, saving_needed
from dafeng.accounting.deductions_sheet import deductions_table
from dafeng.accounting.serial_numbers import overlap, serials
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
BOOK = Book(CATALOGUE)
GCE = 1_000_000


def facts(*rows: dict, instruments: tuple[dict, ...] = ()) -> Facts:
    registers = CATALOGUE.registers
    held = {"dual_control_deductions": frame_of_rows(registers["dual_control_deductions"], rows)}
    if instruments:
        held["instruments"] = frame_of_rows(registers["instruments"], instruments)
    return Facts(CATALOGUE, held)


def row(kind: str, document: str, mwh: float | None = None, tce: float | None = None, year: int = 2025, **more) -> dict:
    return {"year": year, "kind": kind, "document": document, "energy_mwh": mwh, "tce": tce, **more}


def assessed(*rows: dict, total_tce: float = 100_000, needed_tce: float | None = 20_000, year: int = 2025, **more):
    claims, problems = claims_of(facts(*rows, **more), BOOK)
    needed = None if needed_tce is None else needed_tce * GCE
    return assess(round(total_tce * GCE), year, claims, BOOK, needed, None), problems


def test_power_is_deducted_at_the_coal_equivalent_of_the_total_and_every_step_adds_up():
    made, problems = assessed(
        row("certificates", "C", 10_000, serial="G-1"),
        row("raw_material", "M", tce=1_500),
        row("non_fossil_power", "N", 20_000),
    )
    # 20 000 MWh × 0.28232 = 5 646.4 tce; 1 500; 10 000 MWh = 2 823.2. Order: N, M, C.
    assert [step.claim.document for step in made.steps] == ["N", "M", "C"]
    assert [step.granted / GCE for step in made.steps] == [5_646.4, 1_500, 2_823.2]
    assert [step.after / GCE for step in made.steps] == [94_353.6, 92_853.6, 90_030.4]
    assert made.after == made.total - sum(step.granted for step in made.steps)
    assert problems == []


def test_the_saving_needed_is_what_the_goal_asks_of_the_years_output():
    # 0.5 tce/万元 × 2 000 亿元 (= 2e7 万元) × 13.5 % = 1.35e6 tce.
    assert saving_needed(0.5, 2e7, 0.135) == pytest.approx(1.35e6)


def test_certificates_cover_at_most_half_of_the_saving_needed_and_the_rest_says_why():
    made, _ = assessed(
        row("certificates", "C1", 10_000, serial="A-1"),
        row("certificates", "C2", 40_000, serial="A-2"),
        needed_tce=20_000,
    )
    # Cap 10 000 tce; C1 2 823.2; C2 asks 11 292.8 and gets 7 176.8.
    assert made.cap == 10_000 * GCE
    assert [step.granted / GCE for step in made.steps] == [2_823.2, 7_176.8]
    assert made.steps[0].why is None
    assert made.steps[1].why is not None
    assert "上限" in made.steps[1].why.zh


def test_certificates_wait_for_a_goal_that_is_known():
    made, _ = assessed(row("certificates", "C", 10_000, serial="A-1"), needed_tce=None)
    assert made.cap is None
    assert made.steps[0].granted == 0
    assert made.steps[0].why is not None


def test_certificates_before_their_notice_cover_nothing():
    made, _ = assessed(row("certificates", "C", 10_000, year=2023, serial="A-1"), year=2023)
    assert made.steps[0].granted == 0


def test_the_cap_is_a_share_kept_in_the_catalogue_from_2024_on():
    assert cap_of(BOOK, 2025, 1_000.0) == 500
    assert cap_of(BOOK, 2023, 1_000.0) is None


def test_trade_inside_the_province_is_in_the_statistics_already():
    made, problems = assessed(row("in_province_trade", "T", 5_000, serial="T-1"))
    assert made.after == made.total
    assert made.steps[0].why is not None
    assert "不重复" in made.steps[0].why.zh
    assert problems == []


def test_self_used_pv_needs_an_applicant():
    made, _ = assessed(row("self_used_pv", "P1", 1_000), row("self_used_pv", "P2", 1_000, applied_by="甲厂"))
    assert [step.granted / GCE for step in made.steps] == [0, 282.32]


def test_before_2024_only_what_is_newer_than_the_base_year_is_deducted():
    claims, _ = claims_of(facts(row("non_fossil_power", "N", 20_000, year=2022)), BOOK)
    base = round(3_000 * GCE)
    assert assess(100_000 * GCE, 2022, claims, BOOK, None, base).steps[0].granted == round(2_646.4 * GCE)
    unknown = assess(100_000 * GCE, 2022, claims, BOOK, None, None).steps[0]
    assert unknown.granted == 0
    assert unknown.why is not None


def test_no_more_is_deducted_than_there_is():
    made, _ = assessed(row("raw_material", "M", tce=600), row("raw_material", "M2", tce=600), total_tce=1_000)
    assert [step.granted / GCE for step in made.steps] == [600, 400]
    assert made.after == 0


def test_the_same_serial_twice_is_granted_once_and_named():
    made, problems = assessed(
        row("non_fossil_power", "N", 1_000, serial="GEC2025-000100至000199"),
        row("certificates", "C", 1_000, serial="GEC2025-000150"),
    )
    assert [step.granted / GCE for step in made.steps] == [282.32, 0]
    assert [problem.code for problem in problems] == ["account.serial-twice"]
    assert problems[0].place.item == "dual_control_deductions 2025 certificates C"
    assert "N" in problems[0].rule.zh


def test_a_serial_of_an_earlier_year_is_spent():
    claims, problems = claims_of(
        facts(row("certificates", "C", 10, year=2024, serial="G-7"), row("certificates", "C", 10, serial="G-7")), BOOK
    )
    assert [claim.refused is None for claim in claims] == [True, False]
    assert len(problems) == 1


def test_a_certificate_retired_for_something_else_is_not_deducted():
    retired = {"code": "1", "moved": "2025-09-30", "holder": "甲厂", "kind": "certificate", "move": "retired",
               "use": "voluntary", "vintage": 2025, "serial": "GEC-0100-0200"}  # fmt: skip
    made, problems = assessed(row("certificates", "C", 100, serial="GEC-0150"), instruments=(retired,))
    assert made.steps[0].granted == 0
    assert [problem.code for problem in problems] == ["account.serial-twice"]
    own, none = assessed(
        row("certificates", "C", 100, serial="GEC-0150"), instruments=({**retired, "use": "dual_control"},)
    )
    assert own.steps[0].granted > 0
    assert none == []


def test_a_typed_coal_equivalent_that_differs_is_shown_and_not_used():
    made, problems = assessed(row("non_fossil_power", "N", 1_000, tce=310))
    assert made.steps[0].granted == round(282.32 * GCE)
    assert [problem.code for problem in problems] == ["account.deduction-differs"]
    _, none = assessed(row("non_fossil_power", "N", 1_000, tce=283))
    assert none == []


def test_the_table_has_a_row_per_step_with_its_document_and_what_was_refused():
    made, _ = assessed(row("raw_material", "M", tce=1_500), row("certificates", "C", 50_000, serial="A-1"))
    table = deductions_table(made, CATALOGUE)
    assert [one.code for one in table.rows] == ["total", "raw_material_1", "certificates_2", "cap", "assessed"]
    last = table.row("certificates_2")
    shown = {column.id: table.shown(last, column) for column in table.columns}
    # 50 000 MWh = 14 116 tce; 10 000 granted, 4 116 refused.
    assert shown == {
        "before": 98_500,
        "asked": 14_116,
        "granted": 10_000,
        "refused": 4_116,
        "after": 88_500,
        "document": None,
    }
    assert "113号" in last.cells["document"].reason.zh
    assert any("0.28232" in note.zh and "等价" in note.zh for note in table.notes)
    assert table.row("assessed").cells["after"].value == 88_500 * GCE


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("G-0001至0100", "G-0100", True),
        ("G-0001~G-0100", "G-0101-0200", False),
        ("G-0001；G-0005", "G-0002、G-0005", True),
        ("G-0001", "H-0001", False),
        ("无编号", "无编号", True),
        (None, None, False),
    ],
)
def test_serials_meet_when_a_number_is_in_both(one: str | None, other: str | None, meet: bool):
    assert overlap(serials(one), serials(other)) is meet


def test_power_without_a_serial_beside_other_power_is_flagged_as_unproven():
    _, problems = assessed(row("non_fossil_power", "N", 1_000), row("self_used_pv", "P", 10, applied_by="甲厂"))
    assert [(problem.code, problem.level) for problem in problems] == [("account.serial-missing", "warning")]
    _, none = assessed(row("self_used_pv", "P", 10, applied_by="甲厂"))
    assert none == []
    both = row("self_used_pv", "P", 10, applied_by="甲厂"), row("self_used_pv", "Q", 10, applied_by="乙厂")
    _, one = assessed(row("non_fossil_power", "N", 1_000), *both)
    assert len(one) == 1
    assert "P、Q" in one[0].rule.zh
    _, numbered = assessed(
        row("non_fossil_power", "N", 1_000), row("self_used_pv", "P", 10, applied_by="甲厂", serial="M-0017")
    )
    assert numbered == []


def test_after_2025_the_sheet_says_that_the_cap_is_carried_on_by_assumption():
    made, _ = assessed(row("certificates", "C", 10, year=2026, serial="G-1"), year=2026)
    assert any("假设" in note.zh for note in deductions_table(made, CATALOGUE).notes)
    before, _ = assessed(row("certificates", "C", 10, serial="G-1"))
    assert not any("假设" in note.zh for note in deductions_table(before, CATALOGUE).notes)


CLAIMS = st.lists(
    st.tuples(st.sampled_from(ORDER), st.floats(0, 400_000), st.booleans(), st.integers(1, 30)), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(claims=CLAIMS, needed=st.none() | st.floats(0, 60_000), total=st.floats(0, 100_000))
def test_whatever_is_claimed_steps_add_up_in_order_and_the_cap_holds(claims, needed, total):
    rows = [
        row(kind, f"D{number}", *((None, amount) if kind == "raw_material" else (amount, None)), serial=f"S-{serial}",
            applied_by="甲厂" if applied else None)
        for number, (kind, amount, applied, serial) in enumerate(claims)
    ]  # fmt: skip
    made, _ = assessed(*rows, total_tce=total, needed_tce=needed)
    assert len(made.steps) == len(rows)
    before = made.total
    for step in made.steps:
        assert step.before == before
        assert 0 <= step.granted <= step.claim.gce
        assert step.granted == step.claim.gce or step.why is not None
        before = step.after
    assert made.after == before >= 0
    places = [ORDER.index(step.claim.kind) for step in made.steps]
    assert places == sorted(places)
    assert made.granted(CERTIFICATES) <= (made.cap or 0)
    used = [step.claim.serial for step in made.steps if step.granted]
    assert len(used) == len(set(used))
