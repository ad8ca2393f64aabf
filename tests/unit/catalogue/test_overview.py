"""What `catalogue show` says of methods, official tables and refused numbers."""

from __future__ import annotations

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.cli.catalogue import KINDS
from dafeng.workflows.cataloguing import find, one, overview

CATALOGUE = load_catalogue()


def test_every_kind_can_be_listed_and_none_is_forgotten():
    from dafeng.catalogue.schema import KINDS as HELD

    assert set(KINDS) == set(HELD)


@pytest.mark.parametrize("kind", ["methods", "layouts", "refusals"])
def test_a_line_of_each_says_what_matters_of_it(kind: str):
    lines = overview(CATALOGUE, kind)
    assert [line["id"] for line in lines] == sorted(CATALOGUE.kind(kind))
    assert [line["id"] for line in lines if not line["detail"]] == []


def test_a_method_says_from_what_it_makes_which_gas():
    detail = {line["id"]: line["detail"] for line in overview(CATALOGUE, "methods")}
    assert detail["combustion_gas"] == "energy → CO2"
    assert detail["wastewater_n2o_measured"] == "wastewater → N2O · wastewater_n2o"


def test_an_entry_is_found_by_its_own_id_and_shown_with_its_file():
    kind, name = find(CATALOGUE, "grid_wrong_size", KINDS)
    shown = one(CATALOGUE, kind, name)
    assert (kind, shown["within"], shown["files"]) == ("refusals", [0.08, 1.3], ["refusals/grid.yaml"])
