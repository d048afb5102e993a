from __future__ import annotations

import pytest
from unknown import found, seen

TRAIL = [
    ("loc.coarse", "json:$.s.latlng[1]"),
    ("loc.coarse", "json:$.s.latlng[2]"),
    ("loc.precise", "json:$.s.latlng[0]"),
    ("loc.trajectory", "json:$.s.latlng"),
]
HERE = {"lat": 31.230416, "lng": 121.473701}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"p": HERE}, [("loc.precise", "json:$.p")]),
        ({"p": {"lat": 31.23, "lng": 121.47}}, [("loc.coarse", "json:$.p")]),
        ({"start_lat": 31.2304, "end_lat": 31.3304, "start_lng": 121.4737}, [("loc.precise", "json:$")]),
        ({"纬度": "31.2304", "经度": "121.4737"}, [("loc.precise", "json:$")]),
        ({"location": "31.230416,121.473701"}, [("loc.precise", "json:$.location")]),
        ({"geometry": {"coordinates": [121.473701, 31.230416]}}, [("loc.precise", "json:$.geometry.coordinates")]),
        ({"gps": "POINT(121.473701 31.230416)"}, [("loc.precise", "json:$.gps")]),
        ({"la": "31.230416", "lo": "121.473701"}, [("loc.precise", "json:$")]),
        ({"la": "31.230416", "log": "121.473701"}, []),
        ({"latE6": "31230416", "lngE6": "121473701"}, [("loc.precise", "json:$")]),
        ({"u-latlong-accu": "31.230416,121.473701,14.0"}, [("loc.precise", "json:$.u-latlong-accu")]),
        ({"gps": {"x": 121.473701, "y": 31.230416, "r": 20}}, [("loc.precise", "json:$.gps")]),
        ({"geohash": "wtw3sjq6"}, [("loc.precise", "json:$.geohash")]),
        ({"gh": "wtw3s"}, [("loc.coarse", "json:$.gh")]),
        ({"$latitude": 31.230416}, [("loc.precise", 'json:$["$latitude"]')]),
        ({"latitudeDelta": 0.0922}, []),
        ({"code": "wtw3sjq6"}, []),
        ({"pos_info": "31.230416,121.473701,25.0,gps"}, [("loc.precise", "json:$.pos_info")]),
        ({"q1": "867431059238179,31.230416,121.473701,12"}, [("id.imei", "json:$.q1"), ("loc.precise", "json:$.q1")]),
        ({"X1": "121.473701", "Y1": "31.230416", "radius": 500}, [("loc.precise", "json:$")]),
        (
            {"a": [{"key": "geo.lat", "value": 31.230416}, {"key": "geo.lon", "value": 121.473701}]},
            [("loc.precise", "json:$.a")],
        ),
        ({"s": {"latlng": [HERE, {"lat": 31.24, "lng": 121.48}, {"lat": 31.25, "lng": 121.49}]}}, TRAIL),
        ({"box": "121.473701,31.230416,121.573701,31.330416"}, []),
        ({"touch": "0.231044,0.473701"}, []),
        ({"shop_pos": "31.230416,121.473701"}, []),
        ({"X1": "121.473701", "Y1": "31.230416"}, []),
        ({"tiles": [{"geo": {"x": 121.473701, "y": 31.230416}}]}, []),
        ({"geo": {"x": 121.473701, "y": 31.230416, "z": 12}}, []),
        ({"a": [{"lat": 31.230416}, {"lat": 31.330416}, {"lon": 121.473701}]}, []),
        ({"geohash": "houston1"}, []),
        ({"shop": HERE}, []),
        ({"shop_lat": 31.2304, "shop_lng": 121.4737}, []),
        ({"lat": 48, "lng": 2}, []),
        ({"lat": 98.8566, "lon": 2.3522}, []),
        ({"lat": 0.0, "lon": 0.0}, []),
        ({"a": {"lat": 48.8566}, "b": {"lon": 2.3522}}, []),
        ({"x": 48.8566, "y": 2.3522}, []),
        ({"location": "home,work"}, []),
    ],
)
def test_a_place_is_two_numbers_that_belong_together(document, expected):
    assert sorted(seen(document)) == expected


def test_x_and_y_of_a_location_are_a_place():
    assert {one.value for one in found({"loc_x": 121.473701, "loc_y": 31.230416})} == {"31.230416,121.473701"}
    assert seen({"win_x": 121.473701, "win_y": 31.230416}) == []


def test_longitude_may_come_first():
    assert {one.value for one in found({"loc": {"lng": 121.473701, "lat": 31.230416}})} == {"31.230416,121.473701"}
    assert {one.value for one in found({"coordinates": [121.473701, 31.230416]})} == {"31.230416,121.473701"}


def test_two_exact_numbers_in_a_segment_of_the_path_are_a_place():
    assert seen(b"", target="/v2/key/121.473701,31.230416/weather.json") == [("loc.precise", "path:3")]
    assert seen(b"", target="/v2/key/121.47,31.23/weather.json") == []
    assert seen(b"", target="/v2/tile/121.47371,31.23042,121.48371,31.24042/x") == []


def test_three_places_of_a_track_are_a_trail():
    track = [{"lat": 31.2304 + at / 100, "lng": 121.4737, "t": at} for at in range(3)]
    assert ("loc.trajectory", "json:$.track") in seen({"track": track})
    assert "loc.trajectory" not in {kind for kind, _ in seen({"track": [track[0]] * 3})}
    assert "loc.trajectory" not in {kind for kind, _ in seen({"stores_near": track})}
