"""Forms of a place: decimals, whole numbers, degrees and minutes, floats, grid cells, and the shifted maps of China."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from analyzer.analysis.indicator_form import ANY_MORE, Form

_COARSE: Final = range(2, 5)
_FINE: Final = 5
"""Decimals that tell a place to a metre: whatever digits follow, it is the same place."""
_GEOHASH: Final = "0123456789bcdefghjkmnpqrstuvwxyz"
_GEOHASH_SURE: Final = 8
"""A shorter cell is larger than a house and too short a text; it needs a field name."""
_PLUS: Final = "23456789CFGHJMPQRVWX"
_SHIFTED_PLACES: Final = range(3, 5)
_CHINA: Final = ((0.8293, 55.8271), (72.004, 137.8347))
"""The box in which published code applies the shift: latitudes, longitudes."""
_AXIS: Final = 6378245.0
_FLATTENING: Final = 0.00669342162296594323


def coordinate_forms(degrees: str) -> Iterator[Form]:
    """Give the forms of one latitude or longitude in degrees."""
    yield Form(degrees.encode())
    try:
        value = Decimal(degrees)
    except InvalidOperation:
        return
    if not value.is_finite() or abs(value) > 360 or not value:  # noqa: PLR2004 - a full turn
        return
    seen = {(degrees.encode(), 0)}
    for form in (*_decimals(value, _COARSE), *_fine(value), *_whole(value), *_sexagesimal(value), *_floats(value)):
        if (form.pattern, form.more) not in seen:
            seen.add((form.pattern, form.more))
            yield form


def shifted_forms(lat: float, lon: float) -> Iterator[tuple[str, Form]]:
    """Give the forms of a place on the maps of China (GCJ-02, BD-09) by axis; none outside of mainland China.

    A position sent there is the WGS-84 one after a published transformation, some hundred metres off.
    """
    if not all(low < angle < high for angle, (low, high) in zip((lat, lon), _CHINA, strict=True)):
        return
    moved = to_gcj02(lat, lon)
    for name, place in (("gcj-02", moved), ("bd-09", to_bd09(*moved))):
        for axis, angle in zip(("lat", "lon"), place, strict=True):
            value = Decimal(f"{angle:.9f}")
            for form in (*_decimals(value, _SHIFTED_PLACES), *_fine(value, around=True), *_whole(value)):
                yield axis, Form(form.pattern, (name,), form.note, more=form.more, exact=form.exact)


def cell_forms(lat: float, lon: float) -> Iterator[Form]:
    """Give the cells of the usual grids that hold a place: geohash of 5 to 12 characters, plus code."""
    whole = geohash(lat, lon, 12)
    for size in range(5, 13):
        yield Form(whole[:size].encode(), ("geohash",), f"of {size} characters", weak=size < _GEOHASH_SURE)
    yield Form(plus_code(lat, lon).encode(), ("plus code",))


def place_texts(lat: str, lon: str) -> tuple[str, ...]:
    """Give the ways to write a place as one text, of which digests are taken."""
    cut = [tuple(f"{float(angle):.{places}f}" for angle in (lat, lon)) for places in (6, 5, 4)]
    pairs = dict.fromkeys([(lat, lon), *cut])
    return tuple(text for a, b in pairs for text in (f"{a},{b}", f"{b},{a}", f"{a}, {b}", f"{a}_{b}", f"{b}_{a}"))


def to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """Shift WGS-84 to GCJ-02, by the formula that is published as "GCJ-02" in Wikipedia's article on China's map data.

    See https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China (written from memory).
    """
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * _sin(6 * x) + 20 * _sin(2 * x)) * 2 / 3
    root = math.sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * _sin(y) + 40 * _sin(y / 3) + 160 * _sin(y / 12) + 320 * _sin(y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * _sin(x) + 40 * _sin(x / 3) + 150 * _sin(x / 12) + 300 * _sin(x / 30)) * 2 / 3
    slope = math.radians(lat)
    magic = 1 - _FLATTENING * math.sin(slope) ** 2
    north_metres = _AXIS * (1 - _FLATTENING) / (magic * math.sqrt(magic))
    east_metres = _AXIS / math.sqrt(magic) * math.cos(slope)
    return lat + math.degrees(north / north_metres), lon + math.degrees(east / east_metres)


def to_bd09(lat: float, lon: float) -> tuple[float, float]:
    """Shift GCJ-02 to BD-09, Baidu's own (same source)."""
    turn = math.pi * 3000 / 180
    distance = math.hypot(lon, lat) + 0.00002 * math.sin(lat * turn)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * turn)
    return distance * math.sin(angle) + 0.006, distance * math.cos(angle) + 0.0065


def geohash(lat: float, lon: float, size: int) -> str:
    """Give the geohash of a place."""
    bounds = [[-180.0, 180.0], [-90.0, 90.0]]
    text = ""
    for at in range(size):
        digit = 0
        for bit in range(5):
            axis = (at * 5 + bit) % 2
            middle = sum(bounds[axis]) / 2
            upper = (lon, lat)[axis] >= middle
            bounds[axis][0 if upper else 1] = middle
            digit = digit * 2 + upper
        text += _GEOHASH[digit]
    return text


def plus_code(lat: float, lon: float) -> str:
    """Give the Open Location Code of ten digits of a place (about 14 metres)."""
    north, east = (int((angle + half) * 8000) for angle, half in ((lat, 90), (lon, 180)))
    pairs = []
    for _ in range(5):
        pairs.append(_PLUS[north % 20] + _PLUS[east % 20])
        north, east = north // 20, east // 20
    code = "".join(reversed(pairs))
    return f"{code[:8]}+{code[8:]}"


def _sin(half_turns: float) -> float:
    return math.sin(half_turns * math.pi)


def _decimals(value: Decimal, places: range) -> Iterator[Form]:
    yield Form(str(float(value)).encode())
    for count in reversed(places):
        for text in _rounded(value, count):
            yield Form(text.encode(), (), f"with {count} decimals")


def _rounded(value: Decimal, places: int) -> Iterator[str]:
    unit = Decimal(1).scaleb(-places)
    for way in (ROUND_HALF_UP, ROUND_DOWN):
        text = f"{value.quantize(unit, way):f}"
        yield text
        yield text.rstrip("0").rstrip(".")


def _fine(value: Decimal, *, around: bool = False) -> Iterator[Form]:
    """Give the beginnings of all ways to write the value with five decimals and more.

    A float is a little off; where the value ends near a fifth decimal, its neighbour is the beginning.
    """
    unit = Decimal(1).scaleb(-_FINE)
    cut, rounded = (value.quantize(unit, way) for way in (ROUND_DOWN, ROUND_HALF_UP))
    near = {cut, rounded}
    if around or cut == value:
        near |= {cut + unit, cut - unit}
    for one in sorted(near):
        yield Form(f"{one:f}".encode(), (), "with 5 decimals or more", more=ANY_MORE)


def _whole(value: Decimal) -> Iterator[Form]:
    for power, words in ((6, "millionths"), (7, "ten-millionths"), (5, "hundred-thousandths")):
        scaled = value.scaleb(power)
        for way in (ROUND_HALF_UP, ROUND_DOWN):
            text = f"{scaled.quantize(Decimal(1), way):f}"
            yield Form(text.encode(), (), f"in {words} of a degree")


def _sexagesimal(value: Decimal) -> Iterator[Form]:
    """Give degrees and minutes as Android, GPS receivers (NMEA) and people write them, to a metre or so."""
    sign = "-" if value < 0 else ""
    degrees, minutes = divmod(abs(value) * 60, 60)
    whole, seconds = divmod(minutes * 60, 60)
    cut = f"{minutes.quantize(Decimal('0.001'), ROUND_DOWN):f}"
    fine = f"{seconds.quantize(Decimal('0.1'), ROUND_DOWN):f}"
    texts = {
        f"{sign}{degrees:.0f}:{cut}": "in degrees and minutes",
        f"{degrees:.0f}{cut.zfill(6)}": "in degrees and minutes, as GPS receivers write it",
        f"{sign}{degrees:.0f}:{whole:.0f}:{fine}": "in degrees, minutes and seconds",
        f"{degrees:.0f}\u00b0{whole:.0f}'{fine}": "in degrees, minutes and seconds",
        f"{degrees:.0f}\u00b0{whole:.0f}\u2032{fine}": "in degrees, minutes and seconds",
    }
    for text, note in texts.items():
        yield Form(text.encode(), (), note, more=ANY_MORE)


def _floats(value: Decimal) -> Iterator[Form]:
    number = float(value)
    for name, layout in (("float64", "d"), ("float32", "f")):
        for order, words in (("<", "little-endian"), (">", "big-endian")):
            yield Form(struct.pack(order + layout, number), (f"{name} {words}",), exact=True)
