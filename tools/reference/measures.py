"""The page of measures, made from the catalogue."""

from __future__ import annotations

from tools.reference.entries import source_words

from dafeng.catalogue import Catalogue
from dafeng.catalogue.schema import Deployment, Measure, Parameter

HEAD = """# 措施 · Measures

可以做的事：成本、节能、寿命、上限，各带范围、性质和出处；路线图怎样安排它们。性质为 assumption 的是判断值，
本区有更好的数时
在 catalogue/measures 中写同一个 id 和参数名。式子里可用参数名，以及 stock（存量）、
done（已做）、units、potential，和其分组在基期每单位用的 electricity（kWh）、natural_gas（m3）、油品（kg）等。
What can be done: cost, saving, life and limit, each with range, mark and source; and how a roadmap builds it. What is
marked assumption is judgement: a better figure of the district goes into catalogue/measures under the same id and
name. Expressions name parameters, `stock`, `done`, `units`, `potential`, and what the group used per unit in the base
year: `electricity` (kWh), `natural_gas` (m3), fuels (kg).
"""
_TEXTS = ("units", "potential", "capex", "learning", "opex", "life", "build_rate")


def measures_page(catalogue: Catalogue) -> str:
    measures = sorted(catalogue.measures.values(), key=lambda one: (one.sector, one.id))
    return HEAD + "".join(_measure(one, catalogue) for one in measures)


def _measure(entry: Measure, catalogue: Catalogue) -> str:
    lines = [f"\n## {entry.id} {entry.name.zh} · {entry.name.en} {{: #{entry.id} }}\n"]
    if entry.about:
        lines.append(f"{entry.about.zh} {entry.about.en}\n")
    lines += [
        "| 参数 parameter | 值 value | 范围 range | 单位 unit | 性质 status | 出处 source |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_parameter(name, one, catalogue) for name, one in entry.parameters.items()]
    if entry.deploy is None:
        lines.append("\n不供路线图选用。 Not for a roadmap to choose.")
    else:
        lines += ["", *_deployment(entry.deploy)]
    return "\n".join(lines) + "\n"


def _parameter(name: str, one: Parameter, catalogue: Catalogue) -> str:
    ends = [f"{end:g}" if end is not None else "" for end in (one.low, one.high)]
    range_ = "–".join(ends) if any(ends) else ""
    source = source_words(one.source, catalogue).replace("|", "/")
    return f"| {name} | {one.value:g} | {range_} | {one.unit} | {one.source.status} | {source} |"


def _deployment(deploy: Deployment) -> list[str]:
    lines = [f"- 计量 · counted in: {deploy.unit}; {deploy.kind}, {deploy.stage}"]
    if deploy.group:
        lines.append(
            f"- 作用于 · works on: `{deploy.group}`" + (f" ({', '.join(deploy.segments)})" * bool(deploy.segments))
        )
    stock = deploy.stock
    where = f", `{stock.where}`" if stock.where else ""
    lines.append(f"- 存量 · stock: {stock.from_ or ', '.join(stock.inputs)}{where}: `{stock.value}`")
    if deploy.done:
        lines.append(f"- 已做 · done: {deploy.done.from_}, `{deploy.done.where}`: `{deploy.done.value}`")
    lines += [f"- {name}: `{getattr(deploy, name)}`" for name in _TEXTS]
    lines += [f"- 节约 · saves {carrier}: `{source}`" for carrier, source in deploy.saves.items()]
    lines += [f"- 使用 · uses {carrier}: `{source}`" for carrier, source in deploy.uses.items()]
    lines += [
        f"- 计入 · counts toward [{name}](indicators.md#{name}): `{one.value}`" + (" (%)" if one.over else "")
        for name, one in deploy.counts.items()
    ]
    if deploy.excludes:
        lines.append(f"- 互斥 · excludes: {', '.join(deploy.excludes)}")
    if deploy.needs:
        lines.append(f"- 前提 · needs: {', '.join(one.measure for one in deploy.needs)}")
    if deploy.co_benefits:
        lines.append(f"- 协同效益 · co-benefits: {', '.join(deploy.co_benefits)}")
    return lines
