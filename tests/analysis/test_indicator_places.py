from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.analysis.indicator_places import (
    cell_forms,
    coordinate_forms,
    geohash,
    place_texts,
    plus_code,
    shifted_forms,
    to_bd09,
    to_gcj02,
)


def _patterns(forms) -> set[bytes]:
    return {form.pattern for form in forms}


def test_a_coordinate_is_rounded_and_cut_to_two_to_five_decimals():
    forms = _patterns(coordinate_forms("121.473719"))
    assert {b"121.473719", b"121.47372", b"121.47371", b"121.4737", b"121.474", b"121.473", b"121.47"} <= forms
    assert b"121.5" not in forms


def _leads(known: str, sent: str) -> bool:
    """Say whether a form of a coordinate is what was sent, or the beginning of it where it may go on."""
    return any(
        sent.encode() == form.pattern or (form.more and sent.encode().startswith(form.pattern))
        for form in coordinate_forms(known)
    )


ANGLES = st.floats(-89, 89).filter(lambda angle: abs(angle) > 0.01)


@given(ANGLES, st.integers(5, 12))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_however_many_decimals_follow_a_form_is_the_beginning(angle, places):
    known = f"{angle:.6f}"
    assert _leads(known, f"{float(known):.{places}f}")


@given(ANGLES)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_a_float_of_32_bits_is_recognised(angle):
    known = f"{angle:.5f}"
    (single,) = struct.unpack("<f", struct.pack("<f", float(known)))
    assert _leads(known, repr(single))


@pytest.mark.parametrize(
    "form",
    [
        b"31230437",
        b"312304370",
        b"3123043",
        b"3123044",
        b"31:13.826",
        b"3113.826",
        b"31:13:49.5",
        "31°13'49.5".encode(),
        struct.pack("<d", 31.230437),
        struct.pack(">f", 31.230437),
    ],
)
def test_whole_numbers_degrees_and_floats(form):
    assert form in _patterns(coordinate_forms("31.230437"))


def test_what_is_no_angle_has_only_itself():
    assert (
        len(list(coordinate_forms("far")))
        == len(list(coordinate_forms("0")))
        == len(list(coordinate_forms("nan")))
        == 1
    )


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ],
)
def test_the_shift_of_chinese_maps_gives_the_published_points(wgs, gcj):
    assert to_gcj02(*wgs) == pytest.approx(gcj, abs=1e-7)


def test_baidus_map_is_shifted_once_more():
    assert to_bd09(39.915, 116.404) == pytest.approx((39.92133699351021, 116.41036949371029), abs=1e-7)


def test_shifted_places_are_told_by_axis_and_only_in_china():
    forms = {(axis, form.pattern) for axis, form in shifted_forms(39.911954, 116.377817)}
    assert {("lat", b"39.9133"), ("lon", b"116.384"), ("lat", b"39913345"), ("lon", b"116.38404")} <= forms
    assert list(shifted_forms(48.8566, 2.3522)) == []


def test_grid_cells_have_the_published_names():
    assert geohash(57.64911, 10.40744, 11) == "u4pruydqqvj"
    assert plus_code(47.365590, 8.524997) == "8FVC9G8F+6X"


def test_small_cells_need_a_field_name():
    weak = {len(form.pattern): form.weak for form in cell_forms(57.64911, 10.40744) if form.chain == ("geohash",)}
    assert weak == {size: size < 8 for size in range(5, 13)}


def test_a_place_is_written_in_both_orders():
    assert {"1.5,2.5", "2.5,1.5", "1.500000,2.500000", "1.5_2.5"} <= set(place_texts("1.5", "2.5"))
