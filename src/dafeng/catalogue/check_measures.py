"""Do measures fit together: with each other, with indicators, registers and units, and are their expressions sound?"""

from __future__ import annotations

from collections.abc import Iterator

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Amount, Deployment, Measure
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.expressions import NUMBER, parse
from dafeng.core.functions import BASE
from dafeng.core.text import Text

# Carriers that a measure may save or use. electricity_pv is power made on site: no energy used, at the grid's factor.
CARRIERS = ("electricity", "electricity_pv", "natural_gas", "gasoline", "diesel", "lpg", "heat")
END_USES = ("cooling", "heating", "lighting", "plug", "lifts", "service", "special")
GAS_USES = ("gas_heating", "gas_hot_water", "gas_kitchen")
# What an expression of ``deploy`` may name beside the parameters: amounts of the district, what the group uses per
# unit, and of a vehicle its kilometres a year, litres and kWh per 100 km.
NAMES = (
    "stock", "done", "units", "potential", "capex", *CARRIERS, *END_USES, *GAS_USES, "uptake", "gas_kwh", "boiler",
    "km", "litre", "kwh", "petrol_kg", "diesel_kg",
)  # fmt: skip


def check_measure(catalogue: Catalogue, measure: Measure, place: Place) -> Iterator[Problem]:
    """Problems of what a measure refers to; those of its parameters are checked with all parameters."""
    for indicator in measure.serves:
        yield from _known(place, "serves", "indicators", indicator, catalogue.indicators)
    deploy = measure.deploy
    if deploy is None:
        return
    if not catalogue.unit_table.knows(deploy.unit):
        yield Problem(
            "catalogue.unknown-unit",
            _at(place, "unit"),
            Text(f"未登记的计量单位“{deploy.unit}”", f"the unit “{deploy.unit}” is not known"),
            Text("写 units 中的符号，或在 units 中添加", "use a symbol of units, or add it there"),
        )
    for other in deploy.excludes:
        yield from _known(place, "excludes", "measures", other, catalogue.measures)
    for need in deploy.needs:
        yield from _known(place, "needs", "measures", need.measure, catalogue.measures)
    for carrier in (*deploy.saves, *deploy.uses):
        yield from _known(place, "saves", "carriers", carrier, CARRIERS)
    for indicator in deploy.counts:
        yield from _known(place, "counts", "indicators", indicator, catalogue.indicators)
    for amount in _amounts(deploy):
        for register in filter(None, (amount.from_, *(one.source for one in amount.inputs.values()))):
            yield from _known(place, "stock", "registers", register, catalogue.registers)
    yield from _expressions(measure, deploy, place)


def _expressions(measure: Measure, deploy: Deployment, place: Place) -> Iterator[Problem]:
    names = dict.fromkeys((*NAMES, *measure.parameters), NUMBER)
    sources = {
        "units": deploy.units, "potential": deploy.potential, "capex": deploy.capex, "learning": deploy.learning,
        "opex": deploy.opex, "life": deploy.life, "build_rate": deploy.build_rate,
    }  # fmt: skip
    sources |= {f"saves › {carrier}": source for carrier, source in deploy.saves.items()}
    sources |= {f"uses › {carrier}": source for carrier, source in deploy.uses.items()}
    sources |= {f"counts › {name}": one.value for name, one in deploy.counts.items()}
    for field, source in sources.items():
        try:
            parse(source, names, BASE, place=_at(place, field), expect=NUMBER)
        except BadInput as error:
            yield from error.problems


def _amounts(deploy: Deployment) -> Iterator[Amount]:
    yield deploy.stock
    if deploy.done is not None:
        yield deploy.done
    yield from (one.over for one in deploy.counts.values() if one.over is not None)


def _at(place: Place, field: str) -> Place:
    return Place(file=place.file, item=place.item, field=f"deploy › {field}")


def _known(place: Place, field: str, kind: str, name: str, held) -> Iterator[Problem]:
    if name not in held:
        yield Problem(
            "catalogue.unknown-reference",
            _at(place, field),
            Text(f"{kind} 中没有 {name}", f"there is no {name} in {kind}"),
            Text("改为已有的 id，或添加该条目", "use an id that exists, or add the entry"),
        )
