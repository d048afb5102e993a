from __future__ import annotations

from wire import CATALOG, Wire, listed, number, taxonomy, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.indicators import Known
from analyzer.analysis.indicators_gather import gather_indicators
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
