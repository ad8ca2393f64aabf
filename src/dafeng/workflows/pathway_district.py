"""The pathway of a district: its own model file, or one made from its account and the shipped template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.district import District, open_district
from dafeng.workflows.pathway_running import SEED, Ran, read_model_file, run_model
from dafeng.workflows.pathway_running import as_data as run_data
from dafeng.workflows.running import default_year

if TYPE_CHECKING:
    from dafeng.pathway.model import Model

# In this order: where several stand, the first is used.
FILES = ("pathway.yaml", "pathway.yml", "pathway.xlsx")
TEMPLATE = "urban_district"


@dataclass(frozen=True, slots=True)
class DistrictRun:
    """origin: where the model comes from; observed: the verdict on the account's own years, None where too few;
    notes: what the person should know."""

    district: District
    ran: Ran
    origin: Text
    observed: Mapping[str, Any] | None
    notes: tuple[Text, ...] = ()


def model_of(path: Path | None, district: str | None) -> Model:
    """The model of a file, or the district's."""
    if path is not None:
        return read_model_file(path)
    return district_model(open_district(district))[0]


def model_file(district: District) -> Path | None:
    """The district's own model file."""
    return next((district.root / name for name in FILES if (district.root / name).is_file()), None)


def district_model(district: District, base: int | None = None) -> tuple[Model, Text]:
    """The model and where it comes from."""
    from dafeng.pathway.model import read_model

    own = model_file(district)
    if own is not None:
        return read_model_file(own, district.catalogue.unit_table), Text(f"模型：{own.name}", f"model: {own.name}")
    data = made_model(district, base)
    model = read_model(data, district.catalogue.unit_table, Place(TEMPLATE))
    base = model.years.base
    return model, Text(
        f"模型：由 {model.years.first}—{base} 年账户和随附模板 {TEMPLATE} 生成（dafeng pathway init 写出以便修改）",
        f"model: from the account of {model.years.first}–{base} and the shipped template {TEMPLATE} "
        "(dafeng pathway init writes it out for editing)",
    )


@machine_in_words()
def made_model(district: District, base: int | None = None) -> dict[str, Any]:
    """Model data from the district's account and registers through the shipped template; history ends with ``base``,
    the last full year unless given. Raises BadInput where there is no account to begin from."""
    from dafeng.accounting.account import lines_of_all_years
    from dafeng.accounting.book import Book
    from dafeng.pathway.history import from_account
    from dafeng.workflows.account_gaps import with_gaps
    from dafeng.workflows.account_making import facts_of
    from dafeng.workflows.account_policy import policy_of

    catalogue, base = district.catalogue, default_year() if base is None else base
    with district.open_store() as store:
        facts, _ = with_gaps(district, facts_of(district, store), base)
        energy, emissions, _ = lines_of_all_years(facts, Book(catalogue, policy_of(district), None, None))
        return from_account(
            energy, emissions, facts, catalogue.models[TEMPLATE].model, name="district",
            title={"zh": district.name, "en": district.name_en}, base=base,
        )  # fmt: skip


def run_district(
    district: District, *, scenarios: Sequence[str] = (), draws: int | None = None, seed: int = SEED,
    levers: Sequence[str] = (),
) -> DistrictRun:  # fmt: skip
    model, origin = district_model(district)
    ran = run_model(model, scenarios=scenarios, draws=draws, seed=seed, levers=levers)
    return DistrictRun(district, ran, origin, observed(ran))


def observed(ran: Ran) -> Mapping[str, Any] | None:
    """What the history of the model says by itself (see ``peak.judge``)."""
    from dafeng.pathway.peak import judge

    years = list(ran.model.years.history)
    values = ran.outcome.total()[0, 0, : len(years)]
    if len(years) < 2:
        return None
    found = judge(years, [float(value) for value in values])
    return {
        "verdict": found.verdict, "year": found.year, "level": found.level, "drop": found.drop,
        "why": {"zh": found.why.zh, "en": found.why.en},
    }  # fmt: skip


def as_data(done: DistrictRun) -> dict[str, Any]:
    """As of a model file, and beside it the district, the base year, the draws, the account's own verdict, and CO2 by
    sector and zone of every scenario with nothing drawn."""
    ran, plain = done.ran, run_data(done.ran)
    return {
        "district": {"zh": done.district.name, "en": done.district.name_en},
        "synthetic": done.district.synthetic,
        "model": {"id": ran.model.id, "origin": {"zh": done.origin.zh, "en": done.origin.en}},
        "base": ran.model.years.base,
        "draws": ran.count,
        "seed": ran.seed,
        "observed": done.observed,
        **plain,
        "sectors": by_part(ran, 1),
        "zones": by_zone(ran),
    }


def by_part(ran: Ran, level: int) -> dict[str, dict[str, list[float]]]:
    """Scenario → sector (or deeper) → tCO2 by year, with nothing drawn."""
    names, values = ran.expected.by(level)
    return {
        scenario: {name: values[0, row, column].tolist() for column, name in enumerate(names)}
        for row, scenario in enumerate(ran.expected.scenarios)
    }


def by_zone(ran: Ran) -> dict[str, dict[str, list[float]]]:
    """Scenario → zone → tCO2 by year; empty where the model knows no zones."""
    if not any(branch.zone for branch in ran.model.branches):
        return {}
    names, values = ran.expected.by_zone()
    return {
        scenario: {name: values[0, row, column].tolist() for column, name in enumerate(names)}
        for row, scenario in enumerate(ran.expected.scenarios)
    }


# ── writing the model out ──


def write_model(district: District, *, force: bool = False) -> list[Path]:
    """``pathway init``: the model as pathway.yaml and pathway.xlsx in the district's folder. Raises BadInput rather
    than overwrite a file that someone may have edited."""
    from dafeng.workflows.pathway_workbook import write_workbook, write_yaml

    paths = [district.root / "pathway.yaml", district.root / "pathway.xlsx"]
    there = [path for path in paths if path.exists()]
    if there and not force:
        raise BadInput(
            [
                Problem(
                    "pathway.model-exists",
                    Place(path.name),
                    Text(
                        "本区已有模型文件，可能有人改过", "the district has this model file, perhaps edited by someone"
                    ),
                    Text(
                        "改名保存后再运行，或加 --force 覆盖", "rename it and run again, or overwrite it with --force"
                    ),
                )
                for path in there
            ]
        )
    data = made_model(district)
    write_yaml(data, paths[0])
    write_workbook(data, paths[1])
    return paths
