from __future__ import annotations

import pytest
from detection import detect
from wire import Wire


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (b'{"p": {"lat": 48.8566, "lng": 2.3522}}', [("loc.precise", "json:$.p")]),
        (b"latitude=48.85&longitude=2.35", [("loc.coarse", "form")]),
        (b'{"a": {"lat": 48.8566}, "b": {"lon": 2.3522}}', []),
        (b'{"lat": 98.8566, "lon": 2.3522}', []),
        (b'{"lat": 48, "lon": 2}', []),
    ],
)
def test_a_place_is_two_named_numbers_side_by_side(body, seen):
    wire = Wire()
    wire.request(1, body)
    assert [(kind, path) for kind, _, path, _ in detect(wire).seen()] == seen
