import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.coverage import collect_gaps
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.phases import follow
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.analysis.timeline import LONGEST_TITLE, Told, write_timeline
from analyzer.model.results import Sdk
from analyzer.model.vocabulary import GapKind, HookKind, MarkKind, Phase
from analyzer.packs.catalog_entries import Catalog

REFUSED = "the app broke off the TLS handshake with the proxy, so this traffic was not read (certificate unknown)"
KINDS = {"small.imei": HookKind.READ, "small.digest": HookKind.CRYPTO}


@pytest.fixture
def timeline(phrases):
    def write(tape):
        session = tape.session()
        places = place_session(session)
        scenes = set_scenes(session, places, phrases, tape.read_blob)
        calls = resolve_calls(session, places)
        flows = assemble_flows(session, places).flows
        gaps = collect_gaps(session, places, flows, Catalog())
        callers = {call.id: Sdk("acme", "Acme Ads", "Acme") for call in calls}
        told = Told(scenes, follow(scenes, calls, KINDS), calls, flows, gaps, (), KINDS, callers, {})
        return write_timeline(told)

    return write


def test_everything_stands_in_one_order_in_words(timeline, tape, screens):
    tape.mark(MarkKind.RECORDING_STARTED, 0, strategy="accept").screen(screens.of(["Home"], []), 1)
    tape.call("small.imei", 2, "android.telephony.TelephonyManager.getImei()").request("api.example.com", 3, b"{}")
    tape.refuse("pinned.example", 4).gap(GapKind.PROXY_LOST, 5).mark(MarkKind.RECORDING_ENDED, 6)
    assert [(entry.kind, entry.title) for entry in timeline(tape)] == [
        ("mark", "recording started (strategy accept)"),
        ("screen", "ordinary screen of com.example"),
        ("event", "calls TelephonyManager.getImei"),
        ("flow", "POST api.example.com/v1/collect, no answer"),
        ("gap", f"not seen: tls refused pinned.example: {REFUSED}"),
        ("flow", "TLS handshake with pinned.example broken off, nothing was read"),
        ("gap", "not seen: proxy lost: because"),
        ("mark", "recording ended"),
    ]  # fmt: skip


def test_calls_of_crypto_without_personal_data_are_left_out(timeline, tape):
    assert timeline(tape.call("small.digest", 2)) == ()


def test_an_entry_says_who_called_and_in_which_phase(timeline, tape):
    (_, entry) = timeline(tape.mark(MarkKind.ACCEPTED, 1).call("small.imei", 2))
    assert (entry.sdk, entry.phase) == ("Acme Ads", Phase.ACCEPTED)


def test_a_title_is_one_line_of_bounded_length(timeline, tape):
    (entry,) = timeline(tape.mark(MarkKind.APP_CRASHED, 1, detail="boom\n" * 500))
    assert len(entry.title) == LONGEST_TITLE
    assert "\n" not in entry.title
