"""The choices of a district's account: which factor of electricity and heat, which warming potentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.workflows.account_purposes import misused
from dafeng.workflows.district import FILE, GWP_SETS, District

if TYPE_CHECKING:
    from dafeng.accounting.book import Policy
    from dafeng.catalogue.schema import Factor

# Setting → purposes that a factor named by it may serve. The carbon market's factor is for the carbon market.
_PURPOSES: Mapping[str, tuple[str, ...]] = {
    "electricity": ("inventory", "any"),
    "heat": ("inventory", "any"),
    "electricity_equal": ("statistics", "any"),
}


# Setting → what the factor must be a factor of, and the unit that it must convert to.
_SERVES: Mapping[str, tuple[str, str]] = {
    "electricity": ("electricity", "tCO2/MWh"),
    "heat": ("heat", "tCO2/GJ"),
    "electricity_equal": ("electricity", "kgce/kWh"),
}


def policy_of(district: District, gwp: str | None = None) -> Policy:
    """The policy of district.toml, ``gwp`` in place of its own set where given.

    Raises BadInput when a setting names no factor, or one that serves another purpose, in whatever disguise.
    """
    from dafeng.accounting.book import Policy

    names = [field.name for field in fields(Policy) if f"account.{field.name}" in district.settings]
    chosen = {name: district.settings[f"account.{name}"] for name in names}
    if gwp is not None:
        if gwp not in GWP_SETS:
            raise BadInput(_no_set(gwp))
        chosen["gwp"] = gwp
    policy = Policy(**chosen)
    problems = [*misused(district.catalogue)]
    problems += [found for name in _PURPOSES if (found := _fault(district, policy, name))]
    if problems:
        raise BadInput(problems)
    return policy


def _fault(district: District, policy: Policy, name: str) -> Problem | None:
    named, setting = getattr(policy, name), f"account.{name}"
    given = setting in district.settings
    place = Place(file=str(district.root / FILE) if given else None, field=setting)
    factor = district.catalogue.factors.get(named)
    if factor is None:
        return Problem(
            "account.policy-unknown",
            place,
            Text(f"目录里没有名为 {named} 的因子", f"the catalogue has no factor called {named}"),
            Text(
                "写目录中的因子编号：dafeng catalogue show factors",
                "give the id of a factor of the catalogue: dafeng catalogue show factors",
            ),
        )
    if factor.purpose in _PURPOSES[name]:
        return _misfit(district, factor, name, place)
    return Problem(
        "account.policy-purpose",
        place,
        Text(
            f"{named} 的用途是 {factor.purpose}，不能用于本区的核算",
            f"{named} serves {factor.purpose} and may not be used in this account",
        ),
        Text(
            "换用途相符的因子：清单用清单的，碳市场的只用于碳市场",
            "use a factor made for this purpose; one of the carbon market is for the carbon market alone",
        ),
    )


def _misfit(district: District, factor: Factor, name: str, place: Place) -> Problem | None:
    """A factor of another carrier, or in a unit that says something else (coal where carbon is meant)."""
    carrier, unit = _SERVES[name]
    if factor.carrier == carrier and _converts(district, factor.unit, unit):
        return _nothing(factor, place)
    given = f"{factor.id}（{factor.carrier or '–'}，{factor.unit}）"
    return Problem(
        "account.policy-unit",
        place,
        Text(
            f"{given}不能用在这里：要 {carrier} 的因子，单位可换算为 {unit}",
            f"{factor.id} ({factor.carrier or '–'}, {factor.unit}) cannot stand here: "
            f"a factor of {carrier} is wanted, in a unit that converts to {unit}",
        ),
        Text("换一个因子：dafeng catalogue show factors", "name another factor: dafeng catalogue show factors"),
    )


def _nothing(factor: Factor, place: Place) -> Problem | None:
    """Bought electricity and heat never come without carbon or coal: a zero would empty a whole scope unseen."""
    years = [str(vintage.year) for vintage in factor.values if vintage.value <= 0 and not factor.product_of]
    if not years:
        return None
    return Problem(
        "account.policy-zero",
        place,
        Text(
            f"{factor.id} 在 {'、'.join(years)} 年的取值不大于零",
            f"{factor.id} is not above zero in {', '.join(years)}",
        ),
        Text("按公布的数值改正", "give the published value"),
    )


def _converts(district: District, given: str, wanted: str) -> bool:
    from dafeng.core.units import UnitMismatch

    try:
        district.catalogue.unit_table.factor(given, wanted)
    except UnitMismatch:
        return False
    return True


def _no_set(gwp: str) -> Problem:
    return Problem(
        "account.gwp-set",
        Place(field="--gwp"),
        Text(f"没有名为“{gwp}”的全球变暖潜势", f"there is no set of warming potentials called {gwp}"),
        Text(f"可用：{'、'.join(GWP_SETS)}", f"use one of {', '.join(GWP_SETS)}"),
    )
