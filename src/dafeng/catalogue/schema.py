"""What an entry of the catalogue may say. One class per kind; unknown fields are refused by name."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dafeng.core.text import Text

Status = Literal["official", "second-hand", "remembered", "assumption", "computed"]
ColumnType = Literal[
    "text",
    "number",
    "integer",
    "date",
    "year",
    "month",
    "choice",
    "bool",
    "ref",
    "body",
    "point",
    "polygon",
    "line",
]
SLUG = re.compile(r"[a-z][a-z0-9_]*\Z")


def _slug(value: str) -> str:
    if not SLUG.match(value):
        raise ValueError("slug")
    return value


Slug = Annotated[str, AfterValidator(_slug)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Model):
    """A text in both languages; both are required."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        return Text(self.zh, self.en)

    def __str__(self) -> str:
        return self.text.say()


class Entry(Model):
    id: Slug
    name: Words
    about: Words | None = None


class Source(Model):
    """Where an outside statement comes from. ``standard`` names an entry of ``standards``; ``clause`` the
    page or clause in it; ``text`` says in words what has no entry."""

    standard: Slug | None = None
    clause: str | None = None
    text: Words | None = None
    status: Status = "official"


class Standard(Entry):
    """A law, standard, notice or data set that other entries cite."""

    number: str | None = None
    issuer: str | None = None
    kind: Literal["law", "standard", "notice", "guide", "form", "plan", "dataset", "practice"] = "standard"
    issued_on: dt.date | None = None
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    replaces: Slug | None = None
    status: Status = "official"
    note: str | None = None


class UnitEntry(Entry):
    """A unit of measure: ``pint`` is its definition, ``count:…`` for counted things; ``symbols`` are the ways
    people write it."""

    pint: str
    symbols: tuple[str, ...] = Field(min_length=1)


class Option(Model):
    zh: str
    en: str
    also: tuple[str, ...] = ()


class Choices(Entry):
    """A closed list of values: code → words. ``also`` are other spellings met in the wild."""

    options: dict[str, Option]
    source: Source | None = None


class Body(Model):
    """A responsible unit as the shipped register of units knows it."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: Literal["bureau", "party", "firm", "subdistrict", "wildcard"] = "bureau"


class Vintage(Model):
    """One published value of a factor or limit. A new official value is a new vintage, never an edit.

    ``year`` is the year of the data; ``effective_from`` the first year in which the value is to be used
    (the year of the data unless said otherwise)."""

    year: int = Field(ge=1980, le=2100)
    value: float
    low: float | None = None
    high: float | None = None
    effective_from: int | None = None
    source: Source
    confidence: Literal["H", "M", "L"] = "H"
    note: str | None = None

    @property
    def from_year(self) -> int:
        return self.effective_from if self.effective_from is not None else self.year


class Factor(Entry):
    """An outside number with its vintages: emission factor, heating value, coal equivalent, limit, price
    index.

    A factor that is worked out of others names them in ``product_of`` (and in ``over`` what that is divided
    by); ``times`` is the constant of that arithmetic (44/12/1000). Its own values are then the printed
    result, which must agree to its last digit, and its status is the weakest of its inputs."""

    unit: str
    kind: Literal["emission_factor", "heating_value", "coal_equivalent", "gwp", "limit", "other"] = "emission_factor"
    scope: Literal["nation", "grid", "province", "city", "ets", "district", "standard"] = "nation"
    purpose: Literal["inventory", "ets", "footprint", "statistics", "limit", "any"] = "any"
    carrier: str | None = None
    gas: str | None = None
    product_of: tuple[Slug, ...] = ()
    over: tuple[Slug, ...] = ()
    times: str = "1"
    values: tuple[Vintage, ...] = Field(min_length=1)

    def in_force(self, year: int) -> Vintage | None:
        """The vintage to use for ``year``: the latest whose first year of use is not after it. A year before
        the first vintage has none."""
        held = [v for v in self.values if v.from_year <= year]
        return max(held, key=lambda v: (v.from_year, v.year)) if held else None


class Check(Model):
    """A rule a row must keep. ``that`` is an expression over the row's columns (and over columns of a row it
    refers to, ``building.area_m2``); a row for which it is missing passes."""

    that: str
    says: Words
    level: Literal["error", "warning"] = "error"


class Column(Model):
    """A column of a register. ``unit`` is the unit facts are kept in; a cell may carry another unit only
    where the heading says so."""

    type: ColumnType
    name: Words
    unit: str | None = None
    optional: bool = False
    min: float | dt.date | None = None
    max: float | dt.date | None = None
    of: Slug | None = None
    to: Slug | None = None
    pattern: str | None = None
    also: tuple[str, ...] = ()
    help: Words | None = None
    example: Any = None

    @model_validator(mode="after")
    def _complete(self) -> Column:
        if (self.type == "choice") != (self.of is not None):
            raise ValueError("choice-of")
        if (self.type == "ref") != (self.to is not None):
            raise ValueError("ref-to")
        return self


class Register(Entry):
    """A domain of facts: from this one entry follow template, validation, table, API and documentation.

    ``entity``: a row is a thing that exists (a park); ``series``: a fact per period (energy of a year);
    ``event``: something that happened on a day (a training). ``period`` names the year, month or date column
    that places a row in time."""

    kind: Literal["entity", "series", "event"] = "entity"
    key: tuple[str, ...] = Field(min_length=1)
    period: str | None = None
    owner: str
    systems: tuple[str, ...]
    basis: Source
    columns: dict[str, Column]
    checks: tuple[Check, ...] = ()
    confidential: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.columns.items() if not column.optional)


class Match(Model):
    """How a target of a plan is recognised: every word of one of the alternatives occurs in its subject or
    sentence, none of ``without`` does, and its unit is one of ``units`` (any, when empty)."""

    words: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


class Input(Model):
    """One figure drawn from one register: filter, then aggregate."""

    source: Slug = Field(alias="from")
    where: str | None = None
    value: str
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Golden(Model):
    """A hand-worked case: rows of registers, and what must come out for each year. ``start`` is the first
    year of the period that a cumulative figure counts from; ``account`` what the district's account would give,
    by name and year; ``worked`` shows the arithmetic."""

    rows: dict[str, tuple[dict[str, Any], ...]]
    expect: dict[int, float | None]
    start: int | None = None
    account: dict[str, dict[int, float]] = Field(default_factory=dict)
    worked: str | None = None


class Indicator(Entry):
    """A figure that answers targets, with its declared computation.

    ``shape``: cumulative (counts from the first year of the target's period), level (a share or stock at a
    time), reduction (percentage cut against the base year, judged on the compound path), limit (must hold
    whenever measured). ``means`` gives the figure that a target without one asks for (全面 → 100)."""

    unit: str
    direction: Literal["up", "down"]
    shape: Literal["cumulative", "level", "reduction", "limit"]
    owner: str
    systems: tuple[str, ...]
    action: str | None = None
    headline: bool = False
    from_: Slug | None = Field(default=None, alias="from")
    where: str | None = None
    inputs: dict[Slug, Input] = Field(default_factory=dict)
    value: str | None = None
    sql: str | None = None
    match: tuple[Match, ...] = ()
    means: dict[str, float] = Field(default_factory=dict)
    source: Source | None = None
    precision: int = 3
    golden: tuple[Golden, ...] = Field(min_length=1)
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _one_golden_or_many(cls, data: Any) -> Any:
        if isinstance(data, dict):
            data = dict(data)
            for name in ("golden", "match"):
                if isinstance(data.get(name), dict):
                    data[name] = (data[name],)
        return data

    @model_validator(mode="after")
    def _one_way_to_compute(self) -> Indicator:
        if (self.sql is None) == (self.value is None):
            raise ValueError("value-or-sql")
        if self.from_ and self.inputs:
            raise ValueError("from-or-inputs")
        return self


class Emits(Model):
    """One gas that an activity gives off, and the rows of the official tables that it stands in.

    ``factor`` is the id of the emission factor per unit of activity; ``{column}`` in it stands for the row's
    value of that column. ``row`` and ``gpc`` are codes of layout rows, one for all or one per value of the
    method's ``by`` column. ``memo`` marks what is shown but in no total."""

    gas: str
    factor: str | None = None
    where: str | None = None
    scope: Literal[1, 2, 3] = 1
    row: str | dict[str, str]
    gpc: str | dict[str, str] | None = None
    memo: Literal["elsewhere", "biomass", "sink", "bunkers", "power", "heat"] | None = None


class Method(Entry):
    """How facts of a register become emissions: filter, activity, factor, gas.

    ``from`` is a register, or ``energy`` for the final consumption of the energy account. ``value`` is the
    activity as an expression over the row's columns, in ``unit``. A ``kernel`` names a function where a
    factor alone will not do (first_order_decay); its ``parameters`` are factor ids or columns."""

    from_: Slug = Field(alias="from")
    where: str | None = None
    value: str
    unit: str
    by: str | None = None
    kernel: Slug | None = None
    parameters: dict[Slug, str] = Field(default_factory=dict)
    emits: tuple[Emits, ...] = Field(min_length=1)
    u_activity_pct: float = Field(ge=0)
    systems: tuple[str, ...] = ()
    source: Source
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LayoutRow(Model):
    """A row of an official table. ``key`` is the notation key it carries when nothing is posted to it (NO not
    occurring, NE not estimated, IE included elsewhere, C confidential, 0 a true zero) with its ``reason``."""

    code: str
    name: Words
    parent: str | None = None
    scope: Literal[1, 2, 3] | None = None
    memo: bool = False
    key: Literal["NO", "NE", "IE", "C", "0"] = "NE"
    reason: Words | None = None
    also: tuple[str, ...] = ()


class Layout(Entry):
    """An official table: its rows in order, each filled, zero or marked with a notation key."""

    rows: tuple[LayoutRow, ...] = Field(min_length=1)
    source: Source


class Hours(Model):
    """Hours [h, h+1) of a band that a tariff never has in these months."""

    tariffs: tuple[str, ...]
    band: str
    hours: tuple[int, ...] = Field(min_length=1)
    months: tuple[int, ...] = tuple(range(1, 13))


class Refusal(Entry):
    """A number or text that circulates and is wrong, so that nobody lays it on unawares.

    ``ids`` to ``to_year`` say of which factors it speaks (patterns with ``*``; data years, both included);
    in ``unit``, a value is refused that is one of ``values``, is not one of ``only``, or lies outside
    ``within``; ``but`` are values allowed all the same. ``texts`` are refused in numbers of standards and in
    lists of choices, ``hours`` in tariffs."""

    ids: tuple[str, ...] = ("*",)
    but_ids: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    cites: Slug | None = None
    from_year: int | None = None
    to_year: int | None = None
    unit: str | None = None
    values: tuple[float, ...] = ()
    only: tuple[float, ...] = ()
    within: tuple[float, float] | None = None
    but: tuple[float, ...] = ()
    must_convert: bool = False
    texts: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    says: Words
    source: Source

    @model_validator(mode="after")
    def _refuses_something(self) -> Refusal:
        numbers = bool(self.values or self.only or self.within)
        if not (numbers or self.texts or self.hours):
            raise ValueError("refuses-nothing")
        if numbers and self.unit is None:
            raise ValueError("refusal-unit")
        return self


class Case(Model):
    when: str
    gives: str


class Rule(Entry):
    """An ordered list of cases; the first that holds gives the answer."""

    kind: Literal["light", "screening", "score"] = "light"
    names: dict[str, Words] = Field(default_factory=dict)
    cases: tuple[Case, ...]
    source: Source


class Parameter(Model):
    """An outside number inside a measure or tariff, with its range and source."""

    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    year: int | None = None
    source: Source


class Amount(Model):
    """An amount counted in registers in the grammar of indicators: of one register (``from``, ``where``, ``value``), or
    combined of several ``inputs``. ``{uses}`` in it stands for the uses of the measure's building type."""

    from_: Slug | None = Field(default=None, alias="from")
    where: str | None = None
    inputs: dict[Slug, Input] = Field(default_factory=dict)
    value: str
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Counting(Model):
    """What one unit of a measure adds to an indicator, in the indicator's unit; with ``over``, as a percentage of that
    amount in the base year."""

    value: str
    over: Amount | None = None


class Needs(Model):
    """``ratio`` units of the other measure stand for each unit of this one."""

    measure: Slug
    ratio: float = 1.0


class Deployment(Model):
    """How a roadmap builds a measure. A measure without one is known, but not for choice.

    Texts are expressions over the measure's parameters, ``stock`` and ``done`` (what is eligible, and what of it stands
    already, in the base year) and, by carrier, what its ``group`` uses per unit of the stock (electricity in kWh,
    natural_gas in m3, fuels in kg, heat in GJ). ``group`` is a path (``{segment}/hvac/cooling``) of what it works on;
    ``segments``: the types of building for each of which it stands once. ``yearly``: the stock is a flow of each year
    (what is newly built). ``build_rate``: most that is built in a year."""

    unit: str
    kind: Literal["efficiency", "switch", "generation", "vehicle", "new_build", "flexibility", "service", "sink"]
    stage: Literal["reduce", "plant", "control", "supply"] = "plant"
    group: str | None = None
    segments: tuple[Slug, ...] = ()
    stock: Amount
    done: Amount | None = None
    units: str = "stock"
    potential: str = "(units - done) * max_share / 100"
    yearly: bool = False
    capex: str = "cost"
    learning: str = "0"
    opex: str = "0"
    life: str = "life"
    saves: dict[Slug, str] = Field(default_factory=dict)
    uses: dict[Slug, str] = Field(default_factory=dict)
    build_rate: str = "units * uptake / 100"
    excludes: tuple[Slug, ...] = ()
    needs: tuple[Needs, ...] = ()
    counts: dict[Slug, Counting] = Field(default_factory=dict)
    fund: str | None = None
    owner: str | None = None
    co_benefits: tuple[Slug, ...] = ()


class Measure(Entry):
    """Something that can be done about energy or carbon; parameters keep their mark."""

    sector: str
    group: str | None = None
    serves: tuple[Slug, ...] = ()
    parameters: dict[str, Parameter]
    deploy: Deployment | None = None


class TariffPeriod(Model):
    months: tuple[int, ...]
    bands: dict[str, tuple[tuple[int, int], ...]]
    ratios: dict[str, float]


class Tariff(Entry):
    """Time-of-use bands and their ratios to the flat price. Hours are local, [from, to)."""

    customer: str
    effective_from: dt.date
    effective_to: dt.date | None = None
    periods: tuple[TariffPeriod, ...]
    source: Source


class ModelTemplate(Entry):
    """A template of a district's pathway: which branches there are, how they move, which scenarios ship. The body is
    the pathway room's to read (``dafeng.pathway.template``)."""

    model: dict[str, Any]
    systems: tuple[str, ...] = ()
    source: Source


KINDS: dict[str, type[Entry]] = {
    "standards": Standard,
    "units": UnitEntry,
    "choices": Choices,
    "factors": Factor,
    "registers": Register,
    "indicators": Indicator,
    "rules": Rule,
    "measures": Measure,
    "tariffs": Tariff,
    "methods": Method,
    "layouts": Layout,
    "refusals": Refusal,
    "models": ModelTemplate,
}
