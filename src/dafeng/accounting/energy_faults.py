"""What is wrong with records of energy, each fault by register and record. The faulty record is left out, the rest
is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from dafeng.accounting.checking import SHOWN
from dafeng.accounting.energy_rows import SIGNS, doubled_sites
from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text, same
from dafeng.indicators.facts import RECORD, Facts

# Above this, in percent, two figures for the same thing are too far apart for rounding.
APART_PCT = 1.0
MONTHS = 12
# The largest amount of one record, in smallest units: 9 Gt, or 900 million 10⁴ kWh. Up to here doubles are exact.
MOST = 2.0**53

_GIVE = Text("请填写；没有的写 0", "fill it in; write 0 where there is none")


def faulty(rows: pl.DataFrame, catalogue: Catalogue) -> tuple[pl.Series, list[Problem]]:
    """(row,) true where a row has no line, and one problem for the first fault of each such row.

    rows: typed rows joined with their coefficients (``fits``, ``tce_per``) and units (``times``)."""
    found = rows.with_columns(_fault().alias("__fault"))
    wrong = found.filter(pl.col("__fault").is_not_null())
    named = [_problem(row, catalogue) for row in wrong.head(SHOWN).iter_rows(named=True)]
    if wrong.height > SHOWN:
        more = wrong.height - SHOWN
        rule = Text(f"另有 {more} 条记录有错，未逐条列出", f"{more} more records are wrong and not listed one by one")
        remedy = Text("先改正已列出的", "mend those that are listed first")
        named.append(Problem("account.more-faults", Place(item=wrong["register"].item(SHOWN)), rule, remedy))
    return found["__fault"].is_not_null(), named


def _fault() -> pl.Expr:
    """The first fault of a row; null where there is none."""
    amount, carrier = pl.col("written"), pl.col("carrier")
    lacks_factor = pl.col("factor_calorific").is_null() & ((pl.col("counted") != "tce") | (carrier == "electricity"))
    fits = pl.col("counted") == pl.col("fits").fill_null("tce")
    material, material_tce = pl.col("material").fill_null(0.0), pl.col("material_tce").fill_null(0.0)
    whole_tce = amount * pl.col("tce_per_equal").fill_null(1.0)
    # In smallest units; so much less than 64 bits hold, that sums of a district cannot leave them either.
    size = pl.max_horizontal(amount * pl.col("times").fill_null(1.0), whole_tce * 1e6)
    return (
        pl.when(pl.col("double")).then(pl.lit("double"))
        .when(~pl.col("known")).then(pl.lit("unknown"))
        .when(pl.col("year").is_null()).then(pl.lit("year"))
        .when(~pl.col("flow").is_in(list(SIGNS)).fill_null(False)).then(pl.lit("flow"))
        .when(amount.is_null() | ~amount.is_finite()).then(pl.lit("amount"))
        .when(amount < 0).then(pl.lit("negative"))
        .when(carrier.is_null() | lacks_factor).then(pl.lit("factor"))
        .when(pl.col("times").is_null() | ~fits.fill_null(False)).then(pl.lit("unit"))
        .when(size > MOST).then(pl.lit("large"))
        .when((material < 0) | (material_tce < 0)).then(pl.lit("material"))
        .when((material > amount) | (material_tce > (1 + APART_PCT / 100) * whole_tce)).then(pl.lit("material"))
    )  # fmt: skip


def _problem(row: Mapping[str, Any], catalogue: Catalogue) -> Problem:
    """The fault of one row in words."""
    register, record = row["register"], row[RECORD]
    match row["__fault"]:
        case "double":
            rule = Text(
                "与前面一条记录的主键相同，会重复计算", "an earlier record has the same key: it would count twice"
            )
            remedy = Text("删去其中一条", "remove one of the two")
            return Problem("account.double-record", _at(register, record), rule, remedy)
        case "unknown":
            rule = Text(f"“{row['place']}”不在其主台账中", f"{row['place']} is not in the register of its kind")
            remedy = Text(
                "先在重点用能单位或核算点位台账中登记，或改正编号",
                "enter it among key units or sites first, or correct the code",
            )
            field = "site" if register == "meter_totals" else "unit"
            return Problem("account.unknown-place", _at(register, record, field), rule, remedy)
        case "year":
            rule = Text("没有年份", "there is no year")
            return Problem("account.record-without-year", _at(register, record), rule, _GIVE)
        case "flow":
            rule = Text(f"“{row['flow']}”不是能源平衡表的流向", f"{row['flow']} is no flow of the energy balance")
            remedy = Text("从流向选项中选择", "choose one of the flows")
            return Problem("account.unknown-flow", _at(register, record, "flow"), rule, remedy)
        case "factor" | "unit":
            return _of_carrier(row, catalogue)
    return _of_amount(row)


def _of_carrier(row: Mapping[str, Any], catalogue: Catalogue) -> Problem:
    """No coefficient, or a unit that is not the carrier's."""
    register, record, year = row["register"], row[RECORD], row["year"]
    carrier = words_of(catalogue, "energy_carriers", row["carrier"])
    if row["__fault"] == "factor":
        rule = Text(
            f"{carrier.zh}在 {year} 年没有折标准煤系数，也不是以吨标准煤计量",
            f"{carrier.en} has no coal equivalent for {year} and is not counted in tce",
        )
        remedy = Text(
            "改用吨标准煤填写（电力除外），或在本区 catalogue/factors 中加上系数，写明出处和状态",
            "give it in tce (but not electricity), or add a coefficient with source and status in catalogue/factors",
        )
        return Problem("account.no-coefficient", _at(register, record, "carrier"), rule, remedy)
    counted = words_of(catalogue, "energy_units", row["counted"])
    fits = words_of(catalogue, "energy_units", row["fits"] or "tce")
    rule = Text(
        f"{carrier.zh}的计量单位应为{fits.zh}，不是{counted.zh}",
        f"{carrier.en} is counted in {fits.en}, not in {counted.en}",
    )
    remedy = Text("换成该品种的实物量单位后填写", "convert it to the carrier's own unit")
    field = "unit_of_amount" if register == "key_unit_carriers" else "unit"
    return Problem("account.unit-mismatch", _at(register, record, field), rule, remedy)


def _of_amount(row: Mapping[str, Any]) -> Problem:
    """An amount that is none, or cannot be."""
    register, record = row["register"], row[RECORD]
    match row["__fault"]:
        case "amount":
            rule = Text("数量为空或不是有限的数", "the amount is empty or no finite number")
            return Problem("account.no-amount", _at(register, record, "amount"), rule, _GIVE)
        case "negative":
            rule = Text(f"数量为负（{row['written']:g}）", f"the amount is negative ({row['written']:g})")
            remedy = Text(
                "调出、投入、损失也填正数，方向由流向决定；冲减请改原记录",
                "what goes out or is lost is positive too, the flow says which way; correct the record it should cut",
            )
            return Problem("account.negative-amount", _at(register, record, "amount"), rule, remedy)
        case "large":
            rule = Text(
                f"数量 {row['written']:.3g} 不可能是一个区的数",
                f"the amount {row['written']:.3g} is more than a district has",
            )
            remedy = Text("检查计量单位和小数点", "check units and decimal points")
            return Problem("account.amount-too-large", _at(register, record, "amount"), rule, remedy)
    rule = Text("原料用能为负，或大于消费量", "the part used as raw material is negative or above the whole")
    remedy = Text("原料用能按同一单位填写，不超过消费量", "give it in the same unit, at most the whole")
    field = "as_material" if register == "key_unit_carriers" else "as_material_tce"
    return Problem("account.material-above", _at(register, record, field), rule, remedy)


def words_of(catalogue: Catalogue, choices: str, code: str | None) -> Text:
    """The option in both languages; the code itself where there is no such option."""
    option = catalogue.choices[choices].options.get(code or "") if choices in catalogue.choices else None
    return Text(option.zh, option.en) if option is not None else same(code or "?")


def tce_differs(rows: pl.DataFrame, catalogue: Catalogue) -> list[Problem]:
    """A warning per carrier and year where coal equivalents typed by statistics lie more than ``APART_PCT`` from the
    amount times its coefficient. The computed one is used."""
    found = []
    typed = rows.filter(pl.col("register") == "energy_consumption")
    for column, per in (("tce", "tce_per_equal"), ("tce_calorific", "tce_per")):
        computed = pl.col("written") * pl.col(per).fill_null(1.0)
        apart = (pl.col(column) - computed).abs() > APART_PCT / 100 * pl.max_horizontal(pl.col(column), computed)
        # A tenth of a tonne is what rounding to the printed digit can do.
        far = typed.filter(apart & ((pl.col(column) - computed).abs() > 0.1)).with_columns(computed.alias("__computed"))
        groups = far.group_by("year", "carrier", maintain_order=True).agg(
            pl.col(RECORD).first(), pl.len().alias("n"), pl.col(column).sum().alias("typed"), pl.col("__computed").sum()
        )
        for year, carrier, record, n, said, computed_tce in groups.iter_rows():
            name = words_of(catalogue, "energy_carriers", carrier)
            rule = Text(
                f"{year} 年{name.zh}：填报折标准煤 {said:,.1f} 吨，按系数计算 {computed_tce:,.1f} 吨，"
                f"相差超过 {APART_PCT:g}%（共 {n} 条记录）；采用计算值",
                f"{name.en} in {year}: {said:,.1f} tce typed, {computed_tce:,.1f} tce by coefficient, more than "
                f"{APART_PCT:g} % apart ({n} records); the computed one is used",
            )
            remedy = Text(
                "核对实物量与系数；本区统计用系数不同的，写入本区 catalogue/factors",
                "check amount and coefficient; a coefficient of your own statistics belongs into catalogue/factors",
            )
            found.append(
                Problem("account.tce-differs", _at("energy_consumption", record, column), rule, remedy, WARNING)
            )
    return found


def site_faults(facts: Facts, years: Sequence[int] | None) -> list[Problem]:
    """Sites entered twice, and meters whose year has months missing."""
    found = [doubled_site(record, code) for record, code in doubled_sites(facts)[:SHOWN]]
    return [*found, *_partial_years(facts, years)]


def doubled_site(record: int, code: str) -> Problem:
    """A site of a code that an earlier one has."""
    rule = Text(f"点位“{code}”登记了两次，只采用第一条", f"the site {code} is entered twice: the first row is used")
    remedy = Text("删去重复的点位，或改正编号", "remove the second one, or correct its code")
    return Problem("account.double-site", _at("account_sites", record, "code"), rule, remedy)


def metered_months(facts: Facts) -> pl.DataFrame | None:
    """How many months of a year each meter has: site, meter, carrier, year, months, first record; None without any."""
    frame = facts.frame("meter_totals")
    if frame is None:
        return None
    return frame.group_by("site", "meter", "carrier", pl.col("period").alias("year"), maintain_order=True).agg(
        pl.col("month").n_unique().alias("months"), pl.col("month").unique().sort(), pl.col(RECORD).first()
    )


def _partial_years(facts: Facts, years: Sequence[int] | None) -> Iterator[Problem]:
    """One warning per year and set of months: a whole meter room that was not read is one thing to mend."""
    held = metered_months(facts)
    if held is None:
        return
    partial = held.filter(pl.col("months") < MONTHS)
    if years is not None:
        partial = partial.filter(pl.col("year").is_in(list(years)))
    groups = partial.group_by("year", "month", maintain_order=True).agg(
        pl.len().alias("n"), pl.col("months").first(), pl.col(RECORD).first(),
        pl.concat_str("site", pl.lit("/"), "meter").head(3).alias("names"),
    )  # fmt: skip
    for row in groups.head(SHOWN).iter_rows(named=True):
        there = {month[5:7] for month in row["month"]}
        lacking = [str(month) for month in range(1, MONTHS + 1) if f"{month:02d}" not in there]
        more = row["n"] - len(row["names"])
        rule = Text(
            f"{row['n']} 块表（{'、'.join(row['names'])}{' 等' if more else ''}）{row['year']} 年"
            f"只有 {row['months']} 个月，缺 {'、'.join(lacking)} 月，合计不是全年",
            f"{row['n']} meters ({', '.join(row['names'])}{' …' if more else ''}) have {row['months']} months of "
            f"{row['year']}, without {', '.join(lacking)}: their sum is not a whole year",
        )
        remedy = Text(
            "补上缺的月份；估算的注明“是否估算”和方法", "add the months; mark estimated ones with their method"
        )
        yield Problem("account.partial-year", _at("meter_totals", row[RECORD], "month"), rule, remedy, WARNING)


def _at(register: str, record: int, field: str | None = None) -> Place:
    return Place(item=register, row=record, field=field)
