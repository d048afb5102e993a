from dataclasses import replace

import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.coverage import collect_gaps, cover, is_unread
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.evidence import Process
from analyzer.model.said_of_traffic import DISCONNECTED
from analyzer.model.vocabulary import PASSED, GapKind, HookKind, HookStatus, MarkKind
from analyzer.packs.catalog_entries import Catalog, Hook, Target

CATALOG = Catalog(
    {
        "new.api": Hook("new.api", "f", HookKind.READ, Target(("a.B",), "c"), level=(29, 37)),
        "net.connect": Hook("net.connect", "f", HookKind.NETWORK, Target(export="connect")),
    }
)


@pytest.fixture
def look(phrases):
    def at(tape, api_level=0, device="emulator"):
        session = tape.session(api_level, device)
        places = place_session(session)
        flows = assemble_flows(session, places).flows
        scenes = set_scenes(session, places, phrases, tape.read_blob)
        opened = [flow for flow in flows if flow.opened]
        gaps = collect_gaps(session, places, flows, CATALOG, opened=opened)
        unread = [flow for flow in flows if is_unread(flow)]
        calls, read = resolve_calls(session, places), len(flows) - len(unread) - len(opened)
        return gaps, cover(session, places, scenes, calls, unread, read, len(opened))

    return at


def test_recorded_gaps_come_numbered_in_order(look, tape):
    gaps, _ = look(tape.gap(GapKind.PROXY_LOST, 9).gap(GapKind.AGENT_LOST, 3, "com.example"))
    assert [(gap.id, gap.kind, gap.ref.line) for gap in gaps] == [("g1", "agent_lost", 2), ("g2", "proxy_lost", 1)]


def test_a_refused_connection_is_a_gap_with_its_host(look, tape):
    gaps, coverage = look(tape.refuse("pinned.example", 4).request("open.example", 5, b"{}"))
    assert [(gap.kind, gap.subject, gap.ref.source) for gap in gaps] == [("tls_refused", "pinned.example", "flows")]
    assert (coverage.flows_read, coverage.flows_opaque, coverage.opaque_hosts) == (1, 1, ("pinned.example",))


def test_an_unread_connection_is_no_gap_once_it_was_read_inside_the_app(look, tape):
    tape.passed("pinned.example", 4, "aa").passed("pinned.example", 6, "bb").tapped("pinned.example", 5, b"{}", "aa")
    gaps, coverage = look(tape)
    assert [(gap.kind, gap.ref.line) for gap in gaps] == [("tls_refused", 2)]
    counts = (coverage.flows_read, coverage.flows_opaque, coverage.flows_tapped, coverage.opaque_hosts)
    assert counts == (1, 1, 1, ("pinned.example",))


@pytest.mark.parametrize(("unread", "lifted"), [((), True), (("bb",), False)])
def test_a_host_that_was_to_be_passed_is_no_gap_only_when_each_of_its_connections_was_read(look, tape, unread, lifted):
    tape.gap(GapKind.TRAFFIC_OPAQUE, 1, "pinned.example").gap(GapKind.TRAFFIC_OPAQUE, 1, "other.example")
    tape.gaps = [replace(gap, why=PASSED) for gap in tape.gaps]
    tape.passed("pinned.example", 4, "aa").tapped("pinned.example", 5, b"{}", "aa")
    for random in unread:
        tape.passed("pinned.example", 6, random)
    gaps, _ = look(tape)
    assert ("pinned.example" not in {gap.subject for gap in gaps if gap.why == PASSED}) is lifted
    assert sorted(gap.subject for gap in gaps) == ["other.example", *(["pinned.example"] if unread else [])], "one each"


@pytest.mark.parametrize(
    ("error", "end", "kind"),
    [
        (DISCONNECTED, 6, "traffic_opaque"),
        (DISCONNECTED, None, "tls_refused"),
        (DISCONNECTED, 30, "tls_refused"),
        ("certificate unknown", 6, "tls_refused"),
    ],
)
def test_a_handshake_that_ended_with_its_process_is_a_gap_and_no_refusal(look, tape, error, end, kind):
    tape.refuse("pinned.example", 4, error)
    if end is not None:
        tape.mark(MarkKind.PROCESS_ENDED, end)
    gaps, _ = look(tape)
    assert [(gap.kind, gap.subject) for gap in gaps] == [(kind, "pinned.example")]
    assert ("a process of the app ended" in gaps[0].why) is (kind == "traffic_opaque")


def test_what_the_tap_itself_did_not_get_stays_a_gap(look, tape):
    tape.gap(GapKind.TRAFFIC_OPAQUE, 5, "pinned.example")
    gaps, _ = look(tape.passed("pinned.example", 4, "aa").tapped("pinned.example", 5, b"{}", "aa"))
    assert [(gap.kind, gap.why) for gap in gaps] == [("traffic_opaque", "because")]


@pytest.mark.parametrize(
    ("status", "level", "gaps"),
    [
        (HookStatus.FAILED, 0, 1),
        (HookStatus.CLASS_ABSENT, 30, 0),
        (HookStatus.OVERLOAD_ABSENT, 24, 0),
        (HookStatus.OVERLOAD_ABSENT, 30, 1),
        (HookStatus.ARMED, 30, 0),
    ],
)
def test_a_hook_is_a_gap_where_the_device_has_what_it_looks_for(look, tape, status, level, gaps):
    found, _ = look(tape.hook("new.api", status), level)
    assert [gap.kind for gap in found] == ["hook_not_armed"] * gaps


def test_what_the_simulated_device_does_not_have_is_no_gap(look, tape):
    gaps, _ = look(tape.hook("new.api", HookStatus.OVERLOAD_ABSENT), 30, "lab")
    assert gaps == ()


def test_a_hook_that_capture_already_named_is_named_once(look, tape):
    gaps, _ = look(tape.hook("new.api", HookStatus.FAILED).gap(GapKind.HOOK_NOT_ARMED, 0, "new.api"))
    assert len(gaps) == 1


def test_a_hook_is_proven_by_its_hits_and_late_arming_counts(look, tape):
    tape.hook("new.api", HookStatus.CLASS_ABSENT).hook("new.api").call("new.api", 2).call("new.api", 3)
    _, coverage = look(tape)
    (hook,) = coverage.hooks
    assert (hook.status, hook.proven, hook.processes) == (HookStatus.ARMED, 2, ("com.example",))


def test_screens_are_counted_by_whether_they_could_be_read(look, tape, screens):
    _, coverage = look(tape.screen(screens.of(["Home"], []), 1).screen("", 2))
    assert (coverage.screens_read, coverage.screens_unreadable) == (1, 1)


def test_a_process_in_which_hooks_did_not_answer_is_a_gap(look, tape):
    tape.hook("new.api").call("new.api", 2)
    tape.events.append(replace(tape.events[1], process=Process(101, "com.example:push")))
    gaps, _ = look(tape)
    assert [(gap.kind, gap.subject, gap.why) for gap in gaps] == [
        ("agent_late", "com.example:push", "only 0 of 1 hooks answered in this process")
    ]


def test_a_recording_without_an_end_is_a_gap_where_its_last_record_stands(look, tape):
    tape.mark(MarkKind.RECORDING_STARTED, 0, strategy="accept").call("small.imei", 4)
    (gap,), _ = look(tape)
    assert (gap.kind, gap.subject) == (GapKind.INTERRUPTED, "recording")
    assert gap.at_us == look(tape.mark(MarkKind.TAPPED, 4))[0][0].at_us
    assert look(tape.mark(MarkKind.RECORDING_ENDED, 5))[0] == ()


def test_a_process_in_which_only_native_hooks_answered_is_a_gap(look, tape):
    gaps, _ = look(tape.hook("net.connect"))
    assert [(gap.kind, gap.subject, gap.why) for gap in gaps] == [
        ("agent_late", "com.example", "no Java hook answered in this process")
    ]
    assert look(tape.hook("new.api"))[0] == ()


def test_what_a_tls_library_said_is_told_without_its_wrapping(look, tape):
    error = "The client does not trust it (OpenSSL Error([('SSL routines', '', 'tls alert certificate unknown')]))"
    (gap,), _ = look(tape.refuse("pinned.example", 4, error))
    assert gap.why.endswith("(The client does not trust it (tls alert certificate unknown))")


def started(tape, at, pid, name="com.example"):
    return tape.mark(MarkKind.PROCESS_STARTED, at, detail=name, pid=pid)


def test_it_is_told_how_soon_after_the_start_of_a_process_its_first_hook_was_in_place(look, tape):
    started(tape, 1, "100")
    tape.hook("new.api", HookStatus.CLASS_ABSENT, at=1.1).hook("net.connect", at=1.25).hook("new.api", at=1.5)
    started(tape, 3, "101", "com.example:push")
    _, coverage = look(tape)
    assert [(one.process, one.pid, one.first_hook_us) for one in coverage.processes] == [
        ("com.example", 100, 250_000),
        ("com.example:push", 101, None),
    ]


def test_of_two_processes_with_one_number_each_has_its_own_hooks(look, tape):
    started(tape, 1, "100")
    started(tape, 5, "100").hook("net.connect", at=5.3)
    _, coverage = look(tape)
    assert [one.first_hook_us for one in coverage.processes] == [None, 300_000]


@pytest.mark.parametrize("pid", ["", "abc", "9" * 5000])
def test_a_mark_of_somebody_else_without_a_number_is_no_error(look, tape, pid):
    _, coverage = look(started(tape, 1, pid).hook("net.connect", at=2))
    assert [(one.pid, one.first_hook_us) for one in coverage.processes] == [(0, None)]
