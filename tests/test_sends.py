"""What an app sends, encodes, compresses and runs is told with where it goes and who asked for it."""

from __future__ import annotations

import base64
import zlib

import pytest
from agent_rig import NEEDS_JVM, Observed, command, without_agent

from analyzer.analysis.attribute import attribute_stack, outside
from analyzer.analysis.indicators_crypto import crypto_calls
from analyzer.capture.agent_build import build_agent
from analyzer.model.clock import Instant
from analyzer.model.evidence import Event, EvidenceRef
from analyzer.model.results import Call
from analyzer.model.vocabulary import Source
from analyzer.packs.catalog import load_catalog
from analyzer.packs.sdks import Sdks

pytestmark = [*NEEDS_JVM]
SAID = b"490154203237518 490154203237518"


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Observed:
    bundle = build_agent(tmp_path_factory.mktemp("agent")).source
    return Observed(bundle, load_catalog().hooks.values(), command("Sends"))


def of(run: Observed, hook: str) -> list[Event]:
    return [event for event in run.events if event.hook == hook]


def texts(event: Event) -> list[str]:
    """Give every text inside an event."""
    found, pending = [], [*event.arguments, *([event.this] if event.this else [])]
    while pending:
        value = pending.pop()
        found += [value.text] if value.text else []
        pending += [*value.items, *(part for _, part in value.fields)]
    return found


def test_the_program_notices_nothing(seen):
    assert seen.lines == without_agent(command("Sends"))
    assert seen.gaps == []


@pytest.mark.parametrize(
    ("hook", "url"),
    [
        ("network.okhttp", "https://one.example/a?b=c"),
        ("network.okhttp_execute", "https://one.example/a?b=c"),
        ("network.okhttp_enqueue", "https://two.example/d"),
        ("network.open_connection", "http://127.0.0.1:1/e"),
        ("network.connection_out", "http://127.0.0.1:1/e"),
    ],
)
def test_a_request_is_told_with_its_address_and_the_code_that_made_it(seen, hook, url):
    event = of(seen, hook)[0]
    assert url in texts(event)
    assert any(frame.startswith("program.Sends.main(") for frame in seen.stacks[event.stack])


def test_texts_that_bytes_become_are_told_with_the_bytes(seen):
    for hook in ("crypto.base64_text", "crypto.base64_java"):
        (event,) = of(seen, hook)
        assert event.arguments[0].data == SAID
        assert base64.b64decode(event.result.text) == SAID


def test_a_compression_is_told_once_with_all_that_went_in_and_came_out_also_behind_a_stream(seen):
    alone, stream = of(seen, "crypto.deflate")
    for event, read in ((alone, zlib.decompress), (stream, lambda data: zlib.decompress(data, -15))):
        assert dict(event.this.fields)["plain"].data == SAID
        assert read(event.result.data) == SAID
    assert any(frame.startswith("program.Sends.compress(") for frame in seen.stacks[stream.stack])


def test_the_analysis_knows_what_encodings_made_of_what(seen):
    calls = [
        Call(str(event.seq), EvidenceRef("1", Source.EVENTS, event.seq), Instant(0, "agent", event.seq), event, None)
        for event in seen.events
        if event.hook.startswith("crypto.")
    ]
    uses = [(use.algorithm, use.data, use.encoding) for use in crypto_calls(calls, load_catalog())]
    assert uses == [("base64", SAID, True), ("base64", SAID, True), ("deflate", SAID, True), ("deflate", SAID, True)]


def test_a_command_is_told_by_its_words_and_one_of_no_interest_is_not(seen):
    (event,) = of(seen, "process.builder")
    assert [one.arguments[0].text for one in of(seen, "process.exec")] == ["getprop ro.serialno"]
    assert [item.text for item in dict(event.this.fields)["command"].items] == ["getprop", "ro.serialno"]
    hook = load_catalog().hooks["process.builder"]
    assert hook.data_type_of(event) == "dev.hardware_profile"


def test_a_call_by_reflection_belongs_to_the_code_behind_the_reflection(seen):
    (event,) = of(seen, "system_properties.get")
    frames = seen.stacks[event.stack]
    assert any(".reflect." in frame for frame in frames)
    sdk = attribute_stack(outside(frames, event.api), "org.other", Sdks((), {}))
    assert sdk.frame.startswith("program.Sends.reflect(")


def test_what_a_consent_form_tells_the_apps_listener_is_told_whatever_it_is_called(seen):
    told = [event.api.partition("(")[0] for event in of(seen, "consent.ump_show")]
    shown = "com.google.android.ump.UserMessagingPlatform.loadAndShowConsentFormIfRequired"
    assert told == [shown, "program.Sends$a.onConsentFormDismissed"] * 2


def test_a_process_that_kills_itself_says_so_before(seen):
    assert [event.hook for event in seen.events[-2:]] == ["process.kill", "process.halt"]


LIFE = {
    *("activity.create", "activity.start", "activity.restart", "activity.pause", "activity.stop", "activity.leave"),
    *("activity.focus", "ui.permissions_result", "application.create", "application.trim_memory"),
    *("web.javascript_bridge", "ui.checked"),
}


def test_the_life_of_a_screen_and_what_a_page_is_handed_are_told(seen):
    assert LIFE - {event.hook for event in seen.events} == set()
    (answer,) = of(seen, "ui.permissions_result")
    assert [value.items[0].text for value in answer.arguments[1:]] == ["android.permission.CAMERA", "0"]
