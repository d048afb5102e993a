from __future__ import annotations

import time

import pytest
from wire import taxonomy

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicators import WHOLE, Indicator, Known, Origin, compile_indicators, derive
from analyzer.analysis.matching import Moment, find_known
from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

NOW = Moment("r", Instant(1000, "proxy", 1))
ORIGIN = Origin("r/events/1", "r", Instant(1, "agent", 1))


def _leaf(path: str, data: str, *, container: bool = False) -> Leaf:
    key = path.rpartition(".")[2]
    return Leaf(EvidenceRef("r", Source.FLOWS, 1), Where.BODY, path, key, data.encode(), container=container)


def _found(known: list[Known], *leaves: Leaf) -> list[tuple[str, str]]:
    indicators = compile_indicators(one for item in known for one in derive(item))
    return [(match.data_type, match.path) for match in find_known(leaves, indicators, taxonomy(), NOW)]


@pytest.mark.parametrize(
    ("text", "seen"),
    [("10.83.127.46", True), ("x 10.83.127.46.", True), ("110.83.127.46", False), ("10.83.127.467", False)],
)
def test_a_short_value_counts_as_a_whole_word_only(text, seen):
    assert bool(_found([Known("id.ip", "10.83.127.46")], _leaf("$.a", text))) is seen


def test_a_common_value_counts_under_a_fitting_name_only():
    known = [Known("dev.network_carrier", "China Mobile")]
    assert _found(known, _leaf("$.note", "China Mobile")) == []
    assert _found(known, _leaf("$.carrier", "China Mobile")) == [("dev.network_carrier", "$.carrier")]


def test_a_part_of_a_container_owns_what_both_hold():
    known = [Known("id.serial", "PLK7Q2X94M1T")]
    leaves = (_leaf("raw", "..PLK7Q2X94M1T", container=True), _leaf("protobuf:1", "PLK7Q2X94M1T"))
    assert _found(known, *leaves) == [("id.serial", "protobuf:1")]
    assert _found(known, leaves[0]) == [("id.serial", "raw")]


def test_the_type_that_was_read_before_owns_a_value_known_twice():
    twice = [Known("loc.coarse", "Lin-Home-7F3Q"), Known("loc.wifi_current", "Lin-Home-7F3Q", (), (ORIGIN,))]
    assert _found(twice, _leaf("$.n", "Lin-Home-7F3Q")) == [("loc.wifi_current", "$.n")]


def test_an_origin_counts_only_before_and_in_the_same_recording():
    assert NOW.follows(ORIGIN)
    assert not NOW.follows(Origin("x", "other", Instant(1, "agent", 1)))
    assert not NOW.follows(Origin("x", "r", Instant(5000, "agent", 1)))


def test_bytes_that_hide_two_values_are_two_finds():
    oaid, serial = (Known(kind, value) for kind, value in (("id.oaid", "5e0c7d92"), ("id.serial", "PLK7Q2X94M1T")))
    cipher = [Indicator(one, WHOLE, one.text, b"0123456789abcdef", ("aes",)) for one in (oaid, serial)]
    matches = find_known([_leaf("raw", "0123456789abcdef")], compile_indicators(cipher), taxonomy(), NOW)
    assert [match.data_type for match in matches] == ["id.oaid", "id.serial"]


APPS = ("com.alpha.reader", "com.beta.player", "com.gamma.notes")
PARTS = tuple((f"{at}.package", name) for at, name in enumerate(APPS))
JOINED = ",".join(APPS)


def test_a_list_that_is_sent_twice_is_found_at_both_places():
    known = Known("dev.installed_apps", "apps", PARTS)
    cipher = Indicator(known, WHOLE, "apps", b"0123456789abcdef", ("aes",), via=ORIGIN)
    leaves = (_leaf("json:$[0].apps", "0123456789abcdef"), _leaf("json:$[0].list", JOINED))
    matches = find_known(leaves, compile_indicators([cipher, *derive(known)]), taxonomy(), NOW)
    assert [(match.path, match.count) for match in matches] == [("json:$[0].apps", 1), ("json:$[0].list", 3)]
    assert [path for _, path in _found([known], _leaf("$.a", JOINED), _leaf("$.b", JOINED))] == ["$.a", "$.b"]


def test_a_list_that_is_spread_over_fields_is_one():
    elements = [_leaf(f"$.apps[{at}].name", name) for at, name in enumerate(APPS)]
    assert _found([Known("dev.installed_apps", "apps", PARTS)], *elements) == [("dev.installed_apps", "$.apps")]
    contacts = (("0.name", "Marlene Quist"), ("0.phone", "+8613800138471"))
    people = (_leaf("$.people[0].name", "Marlene Quist"), _leaf("$.people[0].tel", "+8613800138471"))
    assert _found([Known("comm.contacts", "x", contacts)], *people) == [("comm.contacts", "$.people[0]")]


def test_one_item_beside_the_list_is_no_list_of_its_own():
    known = Known("dev.installed_apps", "apps", PARTS)
    found = _found([known], _leaf("$.from", APPS[1]), _leaf("$.apps", JOINED))
    assert found == [("dev.installed_apps", "$.apps")]


def test_the_current_network_beside_the_list_that_has_it_too_is_a_find_of_its_own():
    here, there = "00:00:5e:00:53:a7", "00:00:5e:00:53:b4"
    known = [
        Known("loc.wifi_current", here, (), (ORIGIN,)),
        Known("loc.wifi_scan", "x", (("0.bssid", here), ("1.bssid", there)), (ORIGIN,)),
    ]
    found = _found(known, _leaf("$.bssid", here), _leaf("$.nearby", f"{here},{there}"))
    assert found == [("loc.wifi_current", "$.bssid"), ("loc.wifi_scan", "$.nearby")]


def test_a_field_that_is_named_for_the_current_network_is_not_the_lists():
    here, others = "00:00:5e:00:53:a7", ("00:00:5e:00:53:b4", "00:00:5e:00:53:c9")
    parts = tuple((f"{at}.bssid", mac) for at, mac in enumerate((here, *others)))
    known = [Known("loc.wifi_current", here), Known("loc.wifi_scan", "x", parts, (ORIGIN,))]
    found = _found(known, _leaf("$.bssid", here), _leaf("$.nearby", ",".join(others)))
    assert ("loc.wifi_current", "$.bssid") in found
    assert ("loc.wifi_current", "$.m") in _found(
        [*known[:1], Known("loc.wifi_scan", "x", parts)], _leaf("$.m", here), _leaf("$.n", ",".join(others))
    )


def test_one_name_of_the_address_book_in_a_text_is_not_the_address_book():
    known = Known("comm.contacts", "x", (("0.name", "Marlene Quist"), ("0.phone", "+8613800138471")))
    assert _found([known], _leaf("$.title", "Marlene Quist")) == []
    assert _found([known], _leaf("$.contacts", "Marlene Quist")) == [("comm.contacts", "$.contacts")]
    assert _found([known], _leaf("$.x", "13800138471")) == [("comm.contacts", "$.x")]


def test_the_nearest_origins_come_first_and_only_those_before():
    origins = [Origin(f"r/{at}", "r" if at % 2 else "other", Instant(at * 100, "agent", at)) for at in range(100)]
    found = Moment("r", Instant(5050, "proxy", 1)).nearest(origins, 3)
    assert [origin.call for origin in found] == ["r/49", "r/47", "r/45"]


def test_a_place_is_made_of_one_known_place():
    twice = [
        Known("loc.precise", f"{lat},{lon}", (("lat", lat), ("lon", lon)))
        for lat, lon in (("31.230437", "121.473719"), ("48.856614", "2.352222"))
    ]
    assert _found(twice, _leaf("$.a", "31.230437"), _leaf("$.b", "2.352222")) == []


@pytest.mark.parametrize("value", ["com.alpha.reader", "867431059238179"])
def test_ten_thousand_finds_take_seconds_not_hours(value):
    known = [Known("dev.installed_apps", "apps", PARTS), Known("id.imei", "867431059238179")]
    leaves = [_leaf(f"$.k{at}", APPS[at % 3] if value == APPS[0] else value) for at in range(10_000)]
    leaves += [_leaf("raw", value, container=True)] * 2000
    started = time.process_time()
    assert _found(known, *leaves)
    assert time.process_time() - started < 5
