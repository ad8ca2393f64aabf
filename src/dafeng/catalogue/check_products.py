"""Factors that are worked out of others: are the others there, and is the printed result theirs?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dafeng.catalogue.arithmetic import agrees_as_printed, constant
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Factor, Vintage
from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text


def check_product(catalogue: Catalogue, factor: Factor, place: Place) -> Iterator[Problem]:
    """Problems of one factor's ``product_of``, ``over``, ``times`` and of the status ``computed``."""
    if not factor.product_of:
        yield from _not_computed(factor, place)
        return
    try:
        times = constant(factor.times)
    except ValueError:
        yield Problem(
            "catalogue.constant",
            Place(place.file, item=place.item, field="times"),
            Text(f"“{factor.times}”不是数的乘除式", f"“{factor.times}” is no product or quotient of numbers"),
            Text("例如 44/12/1000", "for example 44/12/1000"),
        )
        return
    missing = [one for one in (*factor.product_of, *factor.over) if one not in catalogue.factors]
    for one in missing:
        yield Problem(
            "catalogue.unknown-reference",
            Place(place.file, item=place.item, field="product_of" if one in factor.product_of else "over"),
            Text(f"factors 中没有 {one}", f"there is no {one} in factors"),
            Text("改为已有的 id，或添加该条目", "use an id that exists, or add the entry"),
        )
    if missing:
        return
    if factor.id in _made_of(catalogue, factor):
        yield Problem(
            "catalogue.made-of-itself",
            Place(place.file, item=place.item, field="product_of"),
            Text("该因子由自身算出", "the factor is worked out of itself"),
            Text("去掉这一圈中的一处引用", "take one reference out of the circle"),
        )
        return
    for vintage in factor.values:
        yield from _printed(catalogue, factor, vintage, times, place)


def exact(catalogue: Catalogue, factor: Factor, year: int) -> float | None:
    """The factor's value in ``year``, worked out down to factors that are made of nothing; None where an input has no
    value in that year. The factor is not made of itself."""
    vintage = factor.in_force(year)
    if not factor.product_of or vintage is None:
        return None if vintage is None else vintage.value
    above = [exact(catalogue, catalogue.factors[one], year) for one in factor.product_of]
    below = [exact(catalogue, catalogue.factors[one], year) for one in factor.over]
    if any(one is None for one in above) or any(not one for one in below):
        return None
    return constant(factor.times) * math.prod(v or 0.0 for v in above) / math.prod(v or 1.0 for v in below)


def _made_of(catalogue: Catalogue, factor: Factor) -> set[str]:
    """Every factor that this one is worked out of, at any depth."""
    found: set[str] = set()
    waiting = [*factor.product_of, *factor.over]
    while waiting:
        name = waiting.pop()
        if name not in found and name in catalogue.factors:
            found.add(name)
            waiting += [*catalogue.factors[name].product_of, *catalogue.factors[name].over]
    return found


def _printed(catalogue: Catalogue, factor: Factor, vintage: Vintage, times: float, place: Place) -> Iterator[Problem]:
    here = Place(place.file, item=place.item, field=f"values › {vintage.year}")
    worked = exact(catalogue, factor, vintage.from_year)
    if worked is None:
        yield Problem(
            "catalogue.input-without-value",
            here,
            Text(
                f"{vintage.from_year} 年有一个输入因子没有值（或除数为零）",
                f"an input has no value in {vintage.from_year} (or the divisor is zero)",
            ),
            Text("补上输入因子在该年启用的值", "add the input's value that is in use in that year"),
        )
    elif not agrees_as_printed(vintage.value, worked):
        yield Problem(
            "catalogue.product-differs",
            here,
            Text(
                f"所写的值 {vintage.value:.10g} 与各因子算出的 {worked:.6g} 不符",
                f"the printed value {vintage.value:.10g} is not the {worked:.6g} that its factors give",
            ),
            Text("核对输入因子、times 和所写的值", "check the inputs, times and the printed value"),
        )


def _not_computed(factor: Factor, place: Place) -> Iterator[Problem]:
    if factor.over or factor.times != "1":
        yield Problem(
            "catalogue.times-without-product",
            Place(place.file, item=place.item, field="times"),
            Text("写了 over 或 times，却没有 product_of", "there is “over” or “times”, but no “product_of”"),
            Text("补上 product_of，或删去 over 和 times", "add product_of, or remove over and times"),
        )
    for vintage in factor.values:
        if vintage.source.status == "computed":
            yield Problem(
                "catalogue.computed-of-nothing",
                Place(place.file, item=place.item, field=f"values › {vintage.year}"),
                Text("状态为 computed，却没有写由哪些因子算出", "the status is computed, but of what is not said"),
                Text(
                    "写 product_of；不是由因子算出的改为 assumption",
                    "give product_of; what is not worked out of factors is an assumption",
                ),
            )
