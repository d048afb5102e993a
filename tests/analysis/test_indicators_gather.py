from __future__ import annotations

from collections import Counter
from dataclasses import replace

from wire import CATALOG, Wire, listed, number, taxonomy, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.indicators import Known
from analyzer.analysis.indicators_gather import FULLY_OF_A_TYPE, MOST_OF_A_TYPE, gather_indicators, tell_left_out
from analyzer.analysis.placement import place_session


def _known(wire: Wire) -> dict[str, Known]:
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    gathered = gather_indicators(wire.package, wire.persona, calls, CATALOG, taxonomy())
    return {one.known.text: one.known for one in gathered.all()}


def test_the_same_value_from_two_calls_is_one_known_value_with_two_origins():
    wire = Wire(persona={"id.imei": ("867431059238179",)})
    wire.call("telephony.imei", 1, text("867431059238179"))
    wire.call("telephony.imei", 2, text("867431059238179"))
    known = _known(wire)
    assert list(known) == ["867431059238179"]
    assert [origin.call for origin in known["867431059238179"].origins] == ["1-accept/events/1", "1-accept/events/2"]


def test_planted_places_networks_and_accounts_are_taken_apart():
    wire = Wire(
        persona={
            "loc.precise": ('{"lat":31.230437,"lon":121.473719}',),
            "loc.wifi_current": ('{"bssid":"00:00:5E:00:53:A7","ssid":"Lin-Home"}',),
            "dev.accounts": ('{"name":"lin@mail.example","type":"com.google"}',),
        }
    )
    assert set(_known(wire)) == {"31.230437,121.473719", "00:00:5e:00:53:a7", "Lin-Home", "lin@mail.example"}


def test_the_app_itself_is_not_part_of_what_it_learns_about_the_device():
    wire = Wire()
    names = (text("com.example"), text("com.other.one"), text("com.other.two"))
    wire.call("packages.installed", 1, listed(*(thing(package=name, uid=number("7")) for name in names)))
    assert list(_known(wire)) == ["com.other.one, com.other.two"]


def test_placeholders_are_no_values_unless_they_were_planted():
    wire = Wire()
    for at, value in enumerate(("9774d56d682e549c", "0000000000000000", "unknown")):
        wire.call("settings.android_id", at, text(value))
    wire.call("net.mac", 5, text("02:00:00:00:00:00"))
    assert _known(wire) == {}
    wire.persona["id.android_id"] = ("9774d56d682e549c",)
    known = _known(wire)
    assert list(known) == ["9774d56d682e549c"]
    assert len(known["9774d56d682e549c"].origins) == 1


def test_reads_are_kept_in_order_of_time():
    wire = Wire()
    for at in (5, 1, 3):
        wire.call("settings.android_id", at, text("7c41e9d0b35fa286"))
    origins = _known(wire)["7c41e9d0b35fa286"].origins
    assert [origin.call for origin in origins] == ["1-accept/events/2", "1-accept/events/3", "1-accept/events/1"]


def test_very_many_values_of_one_kind_have_fewer_forms():
    wire = Wire()
    for at in range(FULLY_OF_A_TYPE + 1):
        wire.call("settings.android_id", at, text(f"7c41e9d0b35{at:05x}"))
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    forms = Counter(one.value for one in gather_indicators("x", {}, calls, CATALOG, taxonomy()).all())
    last = f"7c41e9d0b35{FULLY_OF_A_TYPE:05x}"
    assert [value for value, count in forms.items() if count < 50] == [last]


def test_values_beyond_the_bound_are_told_for_the_flows_that_followed_them():
    wire = Wire()
    for at in range(MOST_OF_A_TYPE + 2):
        wire.call("settings.android_id", 1 + at / 1000, text(f"7c41e9d0b35{at:05x}"))
    wire.request(2, b"x")
    wire.request(9, b"x")
    session = wire.session()
    places = place_session(session)
    calls = resolve_calls(session, places)
    left_out = gather_indicators("x", {}, calls, CATALOG, taxonomy()).left_out
    assert len(left_out) == 2
    flows = assemble_flows(session, places).flows
    (gap,) = tell_left_out(left_out, flows)
    assert (gap.subject, gap.until_us) == ("id.android_id", flows[1].instant.at_us)
    assert gap.until_us - gap.at_us == (9 - 1 - MOST_OF_A_TYPE // 1000) * 1_000_000
    (planted,) = tell_left_out([replace(one, origins=()) for one in left_out], flows)
    assert planted.at_us == flows[0].instant.at_us
    assert not list(tell_left_out(left_out, flows[:0]))
