"""The energy of any polygon or list of sites: a park, a campus, a community that no statistics know.

Only metered sites with a position can lie in a polygon; sites without one are listed, never dropped in silence, and
every answer says how much of what lies inside is metered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dafeng.accounting.energy_faults import MONTHS, doubled_site, metered_months, words_of
from dafeng.accounting.energy_rows import doubled_sites, sites
from dafeng.core.errors import WARNING, BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD, Facts

# What is kept of a site, with its position.
SITE = {
    "code": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "sector": pl.String,
    "subdistrict": pl.String,
    "zone": pl.String,
    "building": pl.String,
    "public_body": pl.Boolean,
    "floor_area_m2": pl.Float64,
    "people": pl.Float64,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    RECORD: pl.Int64,
}
_SHAPES = ("Polygon", "MultiPolygon")
_DRAW = Text(
    "用地图工具重新导出 GeoJSON（Polygon 或 MultiPolygon，经度在前、纬度在后，首尾同点，边不相交）",
    "export it again as GeoJSON (Polygon or MultiPolygon, longitude before latitude, closed, no crossing edges)",
)


@dataclass(frozen=True, slots=True)
class Sites:
    """inside: what the boundary holds, columns ``SITE``; unplaced: sites without position, which no polygon can hold
    (empty for a list of codes); outside: how many lie elsewhere; months: how many months each meter has a year; area:
    the boundary as a shapely geometry (None for a list of codes)."""

    inside: pl.DataFrame
    unplaced: pl.DataFrame
    outside: int
    months: pl.DataFrame | None = None
    problems: Sequence[Problem] = field(default_factory=tuple)
    area: Any = None

    @property
    def codes(self) -> list[str]:
        return self.inside["code"].to_list()


def sites_in(facts: Facts, boundary: Mapping[str, Any] | str | Sequence[str]) -> Sites:
    """The sites of account_sites that lie in a boundary, its border included.

    boundary: GeoJSON as mapping or text (Polygon, MultiPolygon, Feature, FeatureCollection; degrees, longitude before
    latitude), WKT of a polygon, or a sequence of site codes. A site without a position takes that of its building.
    Raises BadInput when the boundary cannot be used; faults of sites are in ``problems``."""
    held, problems = _held(facts), _doubled(facts)
    months, area = metered_months(facts), None
    if isinstance(boundary, Mapping | str):
        area = _area(boundary)
        import shapely

        shapely.prepare(area)
        placed = held.filter(pl.col("longitude").is_not_null())
        within = shapely.intersects(area, shapely.points(placed["longitude"], placed["latitude"]))
        inside = placed.filter(pl.Series(within))
        unplaced = held.filter(pl.col("longitude").is_null())
        if unplaced.height:
            problems.append(_unplaced(unplaced))
        outside = placed.height - inside.height
    else:
        wanted = list(dict.fromkeys(boundary))
        inside, unplaced = held.filter(pl.col("code").is_in(wanted)), held.clear()
        known = set(inside["code"])
        problems += [_unknown(code) for code in wanted if code not in known]
        outside = held.height - inside.height
    problems += _shared_meters(inside, months, facts)
    return Sites(inside, unplaced, outside, months, tuple(problems), area)


def boundary_energy(energy: pl.DataFrame, inside: Sites) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the meters of the sites say, and how much of the boundary that covers.

    energy: lines with the columns ``ENERGY``. First frame: one row per year, sector and carrier with ``unit``,
    ``amount``, ``gce_calorific``, ``gce_equal`` (whole smallest units), ``gce_estimated`` (the part at coal equivalent
    that rests on filled gaps) and ``sites``. Second frame: one row per year with ``sites`` inside, ``metered`` ones,
    ``whole_year`` ones (no meter lacks a month), ``metered_pct`` and, of the floor area that is known,
    ``floor_area_m2``, ``metered_m2``, ``area_pct``; and ``located_pct``, the share of all sites that has a position."""
    lines = energy.filter((pl.col("level") == "site") & pl.col("place").is_in(inside.codes))
    sums = lines.group_by("year", "sector", "carrier", "unit").agg(
        pl.col("amount", "gce_calorific", "gce_equal").sum(),
        pl.col("gce_equal").filter(pl.col("estimate").is_not_null()).sum().alias("gce_estimated"),
        pl.col("place").n_unique().cast(pl.Int64).alias("sites"),
    )
    return sums.sort("year", "sector", "carrier"), _coverage(lines, inside)


def _coverage(lines: pl.DataFrame, inside: Sites) -> pl.DataFrame:
    area, known = inside.inside.select("code", "floor_area_m2"), inside.inside["floor_area_m2"].sum()
    partial = _partial(inside)
    metered = lines.select("year", pl.col("place").alias("code")).unique().join(area, on="code", how="left")
    metered = metered.join(partial, on=["code", "year"], how="left")
    count = inside.inside.height
    every = count + inside.outside + inside.unplaced.height
    return (
        metered.group_by("year")
        .agg(
            pl.lit(count).alias("sites"),
            pl.len().cast(pl.Int64).alias("metered"),
            pl.col("lacking").fill_null(False).not_().sum().cast(pl.Int64).alias("whole_year"),
            (100.0 * pl.len() / max(count, 1)).alias("metered_pct"),
            pl.lit(float(known)).alias("floor_area_m2"),
            pl.col("floor_area_m2").sum().alias("metered_m2"),
            pl.lit(100.0 * (every - inside.unplaced.height) / max(every, 1)).alias("located_pct"),
        )
        .with_columns(
            pl.when(pl.col("floor_area_m2") > 0)
            .then(100.0 * pl.col("metered_m2") / pl.col("floor_area_m2"))
            .alias("area_pct")
        )
        .sort("year")
    )


def _partial(inside: Sites) -> pl.DataFrame:
    """Sites and years of which a meter lacks a month."""
    if inside.months is None:
        return pl.DataFrame(schema={"code": pl.String, "year": pl.Int64, "lacking": pl.Boolean})
    of = inside.months.group_by(pl.col("site").alias("code"), "year")
    return of.agg((pl.col("months") < MONTHS).any().alias("lacking"))


# ── sites ──


def _held(facts: Facts) -> pl.DataFrame:
    frame = sites(facts)
    if frame is None:
        return pl.DataFrame(schema=SITE)
    buildings = facts.frame("buildings")
    if buildings is not None:
        there = buildings.select(
            pl.col("code").alias("building"), pl.col("location").alias("__at"), pl.col("floor_area_m2").alias("__area")
        ).unique("building", keep="first")
        frame = frame.join(there, on="building", how="left", maintain_order="left").with_columns(
            pl.coalesce("location", "__at").alias("location"),
            pl.coalesce("floor_area_m2", "__area").alias("floor_area_m2"),
        )
    # As the loader keeps it: ``longitude,latitude``.
    parts = pl.col("location").str.strip_chars().str.split_exact(",", 1)
    longitude = parts.struct.field("field_0").cast(pl.Float64, strict=False)
    latitude = parts.struct.field("field_1").cast(pl.Float64, strict=False)
    fits = (longitude.abs() <= 180) & (latitude.abs() <= 90)
    frame = frame.with_columns(
        pl.when(fits).then(longitude).alias("longitude"), pl.when(fits).then(latitude).alias("latitude")
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in SITE.items())


def _doubled(facts: Facts) -> list[Problem]:
    return [doubled_site(record, code) for record, code in doubled_sites(facts)]


def _unplaced(unplaced: pl.DataFrame) -> Problem:
    count, names = unplaced.height, unplaced["code"].head(10).to_list()
    return Problem(
        "account.site-without-position",
        Place(item="account_sites", row=unplaced[RECORD].item(0), field="location"),
        Text(
            f"{count} 个点位没有位置，无法判断是否在边界内：{'、'.join(names)}{' 等' if count > len(names) else ''}",
            f"{count} sites have no position, so that nobody knows whether they lie inside: {', '.join(names)}"
            f"{' …' if count > len(names) else ''}",
        ),
        Text("补上经纬度，或改用点位清单", "give their position, or ask by a list of sites"),
        WARNING,
    )


def _unknown(code: str) -> Problem:
    return Problem(
        "account.unknown-site",
        Place(item=code),
        Text(f"没有编号为“{code}”的点位", f"there is no site {code}"),
        Text("核对编号，或先登记到核算点位台账", "check the code, or enter the site first"),
    )


def _shared_meters(inside: pl.DataFrame, months: pl.DataFrame | None, facts: Facts) -> Iterator[Problem]:
    """A meter that two sites inside claim would count twice."""
    if months is None:
        return
    of = months.filter(pl.col("site").is_in(inside["code"].to_list()))
    shared = of.group_by("meter", "carrier", maintain_order=True).agg(
        pl.col("site").unique().sort(), pl.col(RECORD).last()
    )
    for meter, carrier, owners, record in shared.filter(pl.col("site").list.len() > 1).iter_rows():
        name = words_of(facts.catalogue, "energy_carriers", carrier)
        yield Problem(
            "account.meter-twice",
            Place(item="meter_totals", row=record, field="meter"),
            Text(
                f"表 {meter}（{name.zh}）同时记在 {'、'.join(owners)} 名下，边界内会重复计算",
                f"the meter {meter} ({name.en}) stands under {', '.join(owners)}: inside the boundary it counts twice",
            ),
            Text("一块表只归一个点位；分摊的请按份额分别填报", "give a meter to one site, or its shares to each"),
            WARNING,
        )


# ── polygons ──


def _area(boundary: Mapping[str, Any] | str) -> Any:
    """The boundary as one shapely geometry. Raises BadInput with every fault."""
    import shapely

    if isinstance(boundary, str) and not boundary.lstrip().startswith("{"):
        shapes = [_read(shapely.from_wkt, boundary, "WKT")]
    else:
        shapes = [
            _read(shapely.from_geojson, json.dumps(geometry), f"geometry {number}")
            for number, geometry in enumerate(_geometries(_data(boundary)), start=1)
        ]
    problems = [fault for number, shape in enumerate(shapes, start=1) for fault in _faults(shape, number)]
    if problems:
        raise BadInput(problems)
    return shapely.union_all(shapes)


def _data(boundary: Mapping[str, Any] | str) -> Mapping[str, Any]:
    if isinstance(boundary, Mapping):
        return boundary
    try:
        data = json.loads(boundary)
    except (ValueError, RecursionError) as error:
        raise BadInput(_broken(1, f"不是 JSON：{error}", f"not JSON: {error}")) from error
    return data if isinstance(data, Mapping) else {}


def _geometries(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The areas of a GeoJSON object. Raises BadInput with everything in it that is none."""
    features = data.get("features") if data.get("type") == "FeatureCollection" else [data]
    found, problems = [], []
    for number, feature in enumerate(features if isinstance(features, list) else [], start=1):
        geometry = (
            feature.get("geometry") if isinstance(feature, Mapping) and feature.get("type") == "Feature" else feature
        )
        kind = geometry.get("type") if isinstance(geometry, Mapping) else None
        if kind in _SHAPES:
            found.append(geometry)
        else:
            shapes = "、".join(_SHAPES), ", ".join(_SHAPES)
            problems.append(_broken(number, f"“{kind}”不是面（{shapes[0]}）", f"{kind} is no area ({shapes[1]})"))
    if not found and not problems:
        problems.append(_broken(1, "边界里没有任何面", "the boundary holds no area"))
    if problems:
        raise BadInput(problems)
    return found


def _read(reader: Any, text: str, name: str) -> Any:
    import shapely

    try:
        return reader(text)
    except (shapely.GEOSException, ValueError, TypeError) as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BadInput(_broken(1, f"{name} 读不出来：{said}", f"{name} cannot be read: {said}")) from error


def _faults(shape: Any, number: int) -> Iterator[Problem]:
    import shapely

    if shape.geom_type not in _SHAPES:
        yield _broken(number, f"{shape.geom_type} 不是面", f"{shape.geom_type} is no area")
    elif shape.is_empty:
        yield _broken(number, "面是空的", "the area is empty")
    elif not shapely.is_valid(shape):
        reason = shapely.is_valid_reason(shape)
        yield _broken(number, f"面不成立（{reason}）", f"the area is not valid ({reason})")
    else:
        west, south, east, north = shape.bounds
        if west < -180 or east > 180 or south < -90 or north > 90:
            yield _broken(
                number,
                f"坐标不是经纬度（{west:g}…{east:g}，{south:g}…{north:g}）",
                f"the coordinates are not degrees ({west:g}…{east:g}, {south:g}…{north:g})",
            )
        elif east - west > 180:
            # From 179° to −179° it goes round the world the long way, and would hold every site there is.
            yield _broken(number, "面跨过180度经线，请分成两个面", "the area crosses 180°: divide it in two there")


def _broken(number: int, zh: str, en: str) -> Problem:
    return Problem("account.boundary-broken", Place(item="boundary", row=number), Text(zh, en), _DRAW)
