"""Finds places: a latitude and a longitude side by side, in one text, in an array, as whole numbers of millionths."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import Around, text_of
from analyzer.analysis.shape_key import is_foreign, words_of
from analyzer.analysis.shape_path import container_of, field_of, list_of, parent_of
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method, Where
from analyzer.packs.clues import Clues

_LAT: Final = frozenset({"lat", "latitude", "latitud", "latitudine", "breitengrad", "weidu", "wd", "纬度", "纬", "la"})
_LON: Final = frozenset({"lng", "lon", "long", "longitude", "longitud", "longitudine", "laengengrad", "längengrad"}) | {
    *("jingdu", "jd", "经度", "经", "longtitude", "longt", "lont", "lgt", "lo")
}
_TEXT: Final = (
    frozenset({"location", "loc", "coordinates", "coordinate", "coords", "coord", "gps", "geo", "latlng", "latlon"})
    | {"latlong", "lnglat", "lonlat", "position", "pos", "lbs", "point", "geopoint", "ll", "geolocation", "经纬度"}
    | {"latlngs", "gpsinfo", "userlocation", "currentlocation", "gpslocation", "mylocation", "centroid", "lonlatstr"}
    | {"geoloc"}
)
_BOTH: Final = frozenset(
    {"latlng", "latlon", "latlong", "lnglat", "lonlat", "coordinate", "coordinates", "coords", "geopoint"}
)
"""Words that say so wherever they stand in a name, as in `u-latlong-accu`."""
_TURNED: Final = frozenset({"lnglat", "lonlat"})
_PLANE: Final = {"x": "lon", "y": "lat", "x1": "lon", "y1": "lat"}
_PLACES: Final = frozenset({"loc", "location", "gps", "geo"})
"""What stands before x and y of a place where both are one name: `loc_x`."""
_MAPPED: Final = frozenset({"gps", "gpsinfo", "geo", "coordinate", "coord", "coords", "lbs", "geopoint", "lnglat"})
"""What holds x and y that are a longitude and a latitude."""
_TILES: Final = frozenset({"z", "zoom", "tile", "tiles", "zoomlevel"})
"""What stands beside the numbers of pieces of a map, which nobody is at."""
_NEARBY: Final = frozenset({"cityid", "citycode", "city", "radius", "poi", "distance", "range"})
_AROUND: Final = frozenset({"nearby", "lbs", "location", "locate", "around", "poi", "geo", "geocode", "regeo"})
"""Names beside x and y, and words of an address, that make a place of them."""
_TAILS: Final = frozenset(
    {"e6", "1e6", "deg", "degrees", "value", "val", "str", "wgs84", "gcj02", "bd09", "num", "info"}
)
_TRACKS: Final = frozenset(
    {"track", "tracks", "trajectory", "route", "path", "points", "trace", "history", "locations"}
) | {
    *(
        "traces",
        "gpspoints",
        "gpslist",
        "locationlist",
        "positions",
        "waypoints",
        "trail",
        "polyline",
        "locs",
        "latlng",
        "latlngs",
        "breadcrumbs",
    )
}
_DEGREES: Final = re.compile(r"-?\d{1,3}\.(\d{2,20})")
_MILLIONTHS: Final = re.compile(r"-?\d{6,9}")
_PAIR: Final = re.compile(
    r"(?:geo:|POINT ?\(|\[|\()?\s*(-?\d{1,3}\.\d{2,20})\s*[,;| ]\s*(-?\d{1,3}\.\d{2,20})(?=$|[,;|\s\])]).{0,80}"
)
_EXACT: Final = re.compile(r"-?\d{1,3}\.\d{4,20},-?\d{1,3}\.\d{4,20}")
GATE: Final = rb"[0-9]\.[0-9]{5,20}[,;|]-?[0-9]{1,3}\.[0-9]{5,20}"
"""What a part must hold before its texts are looked at for two exact numbers side by side, as a pattern of RE2."""
_PART: Final = re.compile(r"(?:^|[,;|\n])(-?\d{1,3}\.\d{5,20})[,;|](-?\d{1,3}\.\d{5,20})(?=$|[,;|\n])")
"""Two exact numbers among the parts of a text (`867…,31.230412,121.473701,12.5`)."""
_FINE: Final = re.compile(r"-?\d{1,3}\.\d{5,20}")
_LONGEST: Final = 400
_UNNAMED: Final = 0.5
_GEOHASH: Final = re.compile(r"(?=.*\d)(?=.*[a-z])[0-9b-hjkmnp-z]{5,12}")
_HASHED: Final = frozenset({"geohash", "geohashes", "gh", "geohash7", "geohash6"})
_SQUARE: Final = 7
"""Letters of a geohash from which a place is known to about a hundred metres."""
_LONE: Final = frozenset({"latitude", "longitude", "纬度", "经度", "breitengrad", "latitud"})
"""Names that mean a place also where only one of both is sent; `lat` is a latency too."""
_ALONE: Final = 4
_STEP: Final = re.compile(r"[.>:\[\]$/]+")
_KINDS: Final = frozenset({"json", "form", "query", "multipart", "xml", "msgpack", "cbor", "plist", "cookie", "header"})
_PRECISE: Final = 3
"""Decimals from which a place is known to about a hundred metres."""
_LIMITS: Final = {"lat": 90.0, "lon": 180.0}
_ENOUGH: Final = 3
"""Different places of one list that make a trail."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What a field name says: `lat`, `lon` or `text` (both), and the words before it that pairs must share."""

    kind: str
    prefix: str


@lru_cache(maxsize=4096)
def axis_of(key: str) -> Axis | None:
    """Give what a field name says about a place; none for nearly every name."""
    words = words_of(key[:80])
    while len(words) > 1 and (words[-1] in _TAILS or words[-1].isdigit()):
        words = words[:-1]
    if not words:
        return None
    if words[-1] in _PLANE and words[:-1] and _PLACES.issuperset(words[:-1]):
        return Axis(_PLANE[words[-1]], "_".join(words[:-1]))
    last = words[-1].removesuffix("e6")
    kind = "lat" if last in _LAT else "lon" if last in _LON else ""
    kind = kind or (
        "text" if last in _HASHED or last in _TEXT or "".join(words) in _TEXT or not _BOTH.isdisjoint(words) else ""
    )
    glued = next(
        (name for name in ("latitude", "longitude", "lat", "lng") if len(words) == 1 and last.endswith(name)), ""
    )
    if (
        not kind
        and glued
        and last.removesuffix(glued) in {"gps", "m", "geo", "user", "cur", "my", "device", "loc", "home"}
    ):
        return Axis("lat" if glued in _LAT else "lon", last.removesuffix(glued))
    return Axis(kind, " ".join(words[:-1])) if kind else None


_SEGMENT: Final = Axis("text", "")


def detect_places(leaves: Sequence[Leaf], around: Around) -> list[Sighting]:
    """Give one sighting per place, and one per list of three or more different places."""
    clues = around.clues
    open_: dict[tuple[str, str], tuple[str, Leaf, float]] = {}
    arrays: dict[str, list[Leaf]] = defaultdict(list)
    found: list[Sighting] = []
    for leaf in leaves:
        axis = axis_of(leaf.key) or _on_map(leaf, around) or _in_path(leaf)
        if axis is None and leaf.textual and b"," in leaf.data:
            found += _among_parts(leaf, clues)
        if axis is None or not leaf.textual or _is_foreign(leaf, axis, clues):
            continue
        if axis.kind == "text":
            if leaf.path.endswith("]"):
                arrays[container_of(leaf.path)].append(leaf)
            found += _in_text(leaf)
            continue
        value = _degrees(text_of(leaf), axis.kind)
        place = (container_of(leaf.path), axis.prefix)
        kind, other, first = open_.pop(place, ("", leaf, 0.0))
        if value is None:
            continue
        if kind and kind != axis.kind:
            pair = ((other, first), (leaf, value)) if axis.kind == "lon" else ((leaf, value), (other, first))
            found.append(_sighting(place[0], pair))
        else:
            open_[place] = (axis.kind, leaf, value)
    found += (one for array, items in arrays.items() for one in _in_array(array, items))
    found += _apart(open_)
    found += (one for kind, leaf, _ in open_.values() for one in _alone(kind, leaf))
    return [*found, *_trails(found)]


def _apart(open_: dict[tuple[str, str], tuple[str, Leaf, float]]) -> Iterator[Sighting]:
    """Give the places whose halves stand in two elements of one list, which has no third, and take them out."""
    lists: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for place in open_:
        if array := list_of(place[0]):
            lists[array, place[1]].append(place)
    for (array, _), halves in lists.items():
        kinds = {open_[place][0]: place for place in halves}
        if len(halves) == len(kinds) == 2:  # noqa: PLR2004 - the two halves
            pair = [open_.pop(kinds[kind])[1:] for kind in ("lat", "lon")]
            yield _sighting(array, (pair[0], pair[1]))


def _on_map(leaf: Leaf, around: Around) -> Axis | None:
    """Give the axis that `x` or `y` names within something that is called by places, or beside what places have."""
    kind = _PLANE.get(leaf.key.lower())
    if not kind:
        return None
    beside = around.siblings.get(container_of(leaf.path), frozenset())
    if not (_TILES.isdisjoint(beside) and _TILES.isdisjoint(_STEP.split(leaf.path))):
        return None
    mapped = not _MAPPED.isdisjoint(words_of(parent_of(leaf.path)))
    near = not (_NEARBY.isdisjoint(beside) and _AROUND.isdisjoint(around.address))
    return Axis(kind, "") if mapped or (near and _FINE.fullmatch(text_of(leaf))) else None


def _among_parts(leaf: Leaf, clues: Clues) -> Iterator[Sighting]:
    """Give a latitude and a longitude, in this order, that are two of the parts of a text, and the only such two."""
    text = text_of(leaf)
    if len(text) > _LONGEST or is_foreign(leaf.key, clues) or is_foreign(parent_of(leaf.path), clues):
        return
    pairs = _PART.findall(text)
    if len(pairs) != 1 or len(_FINE.findall(text)) != 2:  # noqa: PLR2004 - a box or a reading of a sensor has more
        return
    first, second = pairs[0]
    if abs(float(first)) > _LIMITS["lat"]:
        first, second = second, first
    lat, lon = float(first), float(second)
    if 1 < abs(lat) <= _LIMITS["lat"] and abs(lon) <= _LIMITS["lon"]:
        decimals = min(len(one.partition(".")[2]) for one in (first, second))
        why = f"two exact numbers side by side in a text, with {decimals} decimals, within the bounds of the globe"
        yield Sighting(
            "loc.precise", leaf.path, (leaf,), leaf.encodings, f"{first},{second}", Method.PATTERN, _UNNAMED, why
        )


def _in_path(leaf: Leaf) -> Axis | None:
    """Give the axis of two numbers with four decimals and more that are all of a segment of the path."""
    return _SEGMENT if leaf.where is Where.URL and _EXACT.fullmatch(text_of(leaf)) else None


def _is_foreign(leaf: Leaf, axis: Axis, clues: Clues) -> bool:
    return is_foreign(axis.prefix, clues) or is_foreign(parent_of(leaf.path), clues)


def _degrees(text: str, kind: str) -> float | None:
    """Give degrees within their bounds, from decimals or from whole millionths; zero is no place."""
    value = float(text) if _DEGREES.fullmatch(text) else float(text) / 1e6 if _MILLIONTHS.fullmatch(text) else 0.0
    return value if value and abs(value) <= _LIMITS[kind] else None


def _alone(kind: str, leaf: Leaf) -> Iterator[Sighting]:
    decimals = len(text_of(leaf).partition(".")[2])
    if decimals >= _ALONE and not _LONE.isdisjoint(words_of(leaf.key)):
        name = "latitude" if kind == "lat" else "longitude"
        why = f"a {name} with {decimals} decimals under the field name '{leaf.key}', without the other half"
        yield Sighting("loc.precise", leaf.path, (leaf,), leaf.encodings, text_of(leaf), Method.KEY, 0.5, why)


def _in_text(leaf: Leaf) -> Iterator[Sighting]:
    text = text_of(leaf)
    if not _HASHED.isdisjoint(words_of(leaf.key)) and _GEOHASH.fullmatch(text):
        data_type = "loc.precise" if len(text) >= _SQUARE else "loc.coarse"
        why = f"a geohash of {len(text)} letters under the field name '{leaf.key}'"
        yield Sighting(data_type, leaf.path, (leaf,), leaf.encodings, text, Method.KEY, 0.65, why)
    pair = _PAIR.fullmatch(text) if len(text) < 200 and "." in text else None  # noqa: PLR2004 - a pair is short
    if pair is None:
        return
    first, second = float(pair[1]), float(pair[2])
    swapped = abs(first) > _LIMITS["lat"] or text.startswith("POINT") or not _TURNED.isdisjoint(words_of(leaf.key))
    lat, lon = (second, first) if swapped else (first, second)
    if abs(lat) <= _LIMITS["lat"] and abs(lon) <= _LIMITS["lon"] and lat and lon:
        decimals = min(len(one.partition(".")[2]) for one in pair.groups())
        yield _place(
            leaf.path, (leaf,), f"{lat},{lon}", decimals, f"two numbers in one text under the field name '{leaf.key}'"
        )


def _in_array(array: str, items: Sequence[Leaf]) -> Iterator[Sighting]:
    if len(items) not in (2, 3):
        return
    texts = [text_of(leaf) for leaf in items[:2]]
    if not all(_DEGREES.fullmatch(text) for text in texts):
        return
    first, second = (float(text) for text in texts)
    decimals = min(len(text.partition(".")[2]) for text in texts)
    if abs(first) <= _LIMITS["lon"] and abs(second) <= _LIMITS["lat"] and first and second:
        words = f"an array of two numbers with decimals under the field name '{items[0].key}'"
        geojson = words_of(items[0].key)[-1] == "coordinates" or abs(first) > _LIMITS["lat"]
        value = f"{second},{first}" if geojson else f"{first},{second}"
        yield _place(array, tuple(items[:2]), value, decimals, words)


def _sighting(container: str, pair: tuple[tuple[Leaf, float], tuple[Leaf, float]]) -> Sighting:
    texts = [text_of(leaf) for leaf, _ in pair]
    decimals = min(len(text.partition(".")[2]) if "." in text else 6 for text in texts)
    value = ",".join(text if "." in text else str(number) for text, (_, number) in zip(texts, pair, strict=True))
    why = "a latitude and a longitude side by side, by the names of their fields"
    leaves = tuple(leaf for leaf, _ in pair)
    path = container or (leaves[0].path.partition(":")[0] if ":" in leaves[0].path else "raw")
    return _place(path, leaves, value, decimals, why)


def _place(path: str, leaves: tuple[Leaf, ...], value: str, decimals: int, why: str) -> Sighting:
    data_type = "loc.precise" if decimals >= _PRECISE else "loc.coarse"
    reasoning = f"{why}, with {decimals} decimals, within the bounds of the globe"
    return Sighting(data_type, path, leaves, leaves[0].encodings, value, Method.KEY, 0.7, reasoning)


def _is_track(array: str) -> bool:
    """Say whether one of the two names that a list stands under is that of a track."""
    names = [name for name in _STEP.split(array) if name and name not in _KINDS][-2:]
    words = [words_of(name) for name in names]
    return any(not _TRACKS.isdisjoint(one) or "".join(one) in _TRACKS for one in words)


def _trails(places: Iterable[Sighting]) -> Iterator[Sighting]:
    """Give the lists that hold three or more different places: they show where somebody went."""
    lists: dict[str, list[Sighting]] = defaultdict(list)
    for place in places:
        array = list_of(place.path) or list_of(container_of(place.path))
        if array and _is_track(array):
            lists[field_of(array)].append(place)
    for array, members in lists.items():
        if len({one.value for one in members}) >= _ENOUGH:
            leaves = tuple(leaf for one in members for leaf in one.leaves)
            why = f"{len(members)} places in one list: the way that somebody took"
            value = "; ".join([one.value for one in members][:5])
            yield Sighting("loc.trajectory", array, leaves, leaves[0].encodings, value, Method.KEY, 0.7, why)
