from dataclasses import replace

import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.collection import BUCKETS, compare_permissions, count_reads
from analyzer.analysis.facts import Facts, gather_facts
from analyzer.analysis.needs import View
from analyzer.analysis.permission_names import name_permissions
from analyzer.analysis.phases import follow
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.clock import Instant
from analyzer.model.evidence import AppFacts, EvidenceRef
from analyzer.model.results import Coverage, HookCoverage, Observation, PhaseSpan, Sdk, SeenGap
from analyzer.model.vocabulary import (
    AppState,
    Channel,
    GapKind,
    HookStatus,
    MarkKind,
    Method,
    Phase,
    Source,
    Tier,
    Where,
)
from analyzer.packs.loader import load_packs

SECOND = 1_000_000
SPAN = PhaseSpan("1-accept", Phase.INITIAL, AppState.FOREGROUND, 0, 600 * SECOND, (), "")


@pytest.fixture(scope="module")
def packs():
    return load_packs()


def read(at, data_type="id.oaid", sdk="acme", state=AppState.FOREGROUND, tier=Tier.ACCESSED, call=None):
    number = int(at * 10)
    ref = EvidenceRef("1-accept", Source.EVENTS, number + 1)
    return Observation(
        *(f"o{number}", ref, Instant(int(at * SECOND), 0, number), data_type, Channel.API, Where.RETURN, "", (), "v"),
        *(Method.HOOK, tier, 1.0, "the hook says so"),
        event_id=call or f"e{number}",
        app_state=state,
        sdk=Sdk(sdk, "", ""),
    )


def count(packs, *reads, gaps=()):
    return count_reads(reads, look(packs, gaps=gaps))


NOTHING = Coverage(())


def look(packs, coverage=NOTHING, gaps=(), imported=frozenset()):
    types = {hook.id: hook.data_types() for hook in packs.catalog.hooks.values()}
    return View((SPAN,), gaps, coverage, Facts(), types, packs.profile, imported=imported)


def lost(kind, subject="agent"):
    return SeenGap("g1", None, "1-accept", kind, subject, "", 0)


def test_reads_are_counted_for_each_party_and_the_fullest_window_is_held_against_the_profile(packs):
    often = [read(at) for at in (100, 120, 140, 155)]
    seldom = [read(at, sdk="other") for at in (101, 162, 223, 284, 345)]
    first, second = count(packs, *seldom, *often)
    assert (first.sdk, first.reads, first.most, first.over) == ("acme", 4, 4, True)
    assert (second.sdk, second.reads, second.most, second.over) == ("other", 5, 1, False)


def test_the_curve_runs_from_the_start_of_the_recording_in_whole_seconds(packs):
    (one,) = count(packs, read(0.5), read(0.6), read(25))
    assert (one.start_us, one.step_us) == (0, 11 * SECOND)
    assert one.curve == (2, 0, 1)
    assert 600 * SECOND // one.step_us <= BUCKETS


def test_what_was_read_in_the_background_and_after_the_end_is_told_apart(packs):
    reads = (read(1), read(2, state=AppState.BACKGROUND), read(3, state=AppState.SILENT))
    (one,) = count(packs, *reads)
    assert (one.reads, one.background, one.silent) == (3, 1, 1)


def test_one_call_that_shows_a_type_twice_is_one_read_and_an_attempt_is_none(packs):
    (one,) = count(packs, read(1, call="e"), read(2, call="e"), read(3, tier=Tier.ATTEMPTED))
    assert one.reads == 1


@pytest.mark.parametrize(
    "kind",
    [
        *(GapKind.EVENTS_SAMPLED, GapKind.AGENT_ERROR, GapKind.DEVICE_LOST, GapKind.INTERRUPTED),
        *(GapKind.RECORD_TORN, GapKind.STORAGE_FULL, GapKind.CODE_UNSEEN, GapKind.HOOK_NOT_ARMED),
    ],
)
def test_figures_of_a_recording_that_lost_calls_are_the_least_that_there_were(packs, kind):
    (one,) = count(packs, read(1), gaps=(lost(kind),))
    assert not one.complete


def test_figures_are_whole_where_only_hooks_of_other_data_or_other_senses_failed(packs):
    (one,) = count(packs, read(1), gaps=(lost(GapKind.HOOK_NOT_ARMED, "telephony.imei"), lost(GapKind.PROXY_LOST)))
    assert one.complete
    (one,) = count_reads([read(1)], look(packs, imported=frozenset({"1-accept"})))
    assert not one.complete


ALL = "all"


def permissions(tape, packs, declared, *seen, armed=ALL, gaps=(), imported=frozenset()):
    session = tape.session()
    app = AppFacts(package="com.example", permissions=declared)
    session = replace(session, info=replace(session.info, app=app))
    names = packs.catalog.hooks if armed == ALL else [armed] if armed else []
    coverage = Coverage(tuple(HookCoverage("1-accept", name, HookStatus.ARMED, ("main",), 0) for name in names))
    places = place_session(session)
    calls = resolve_calls(session, places)
    scenes = name_permissions(set_scenes(session, places, packs.phrases, tape.read_blob), calls)
    facts = gather_facts(scenes, follow(scenes, calls, {}), calls, ())
    view = replace(look(packs, coverage, gaps, imported), facts=facts)
    return compare_permissions(session, seen, view, packs.taxonomy)


def test_a_permission_is_held_against_what_was_taken_by_it(tape, packs):
    declared = ("android.permission.READ_PHONE_STATE", "android.permission.VIBRATE")
    (one,) = permissions(tape, packs, declared, read(1, "id.imei"), read(2, "id.imei"))
    assert (one.permission, one.declared, one.asked) == ("READ_PHONE_STATE", True, False)
    assert (one.types, one.reads, one.seen) == (("id.imei",), 2, True)


def test_one_without_a_visible_use_is_unused_only_where_a_hook_watched(tape, packs):
    declared = ("android.permission.READ_PHONE_STATE",)
    assert [one.seen for one in permissions(tape, packs, declared)] == [False]
    assert [one.seen for one in permissions(tape, packs, declared, armed="")] == [None]
    assert [one.seen for one in permissions(tape, packs, declared, armed="telephony.imei")] == [None]


def test_one_without_a_visible_use_is_not_called_unused_where_calls_may_be_missing(tape, packs):
    declared = ("android.permission.READ_PHONE_STATE",)
    failed = lost(GapKind.HOOK_NOT_ARMED, "telephony.imei")
    for gap in (failed, lost(GapKind.AGENT_LOST), lost(GapKind.CODE_UNSEEN)):
        assert [one.seen for one in permissions(tape, packs, declared, gaps=(gap,))] == [None]
    assert [one.seen for one in permissions(tape, packs, declared, gaps=(lost(GapKind.EVENTS_SAMPLED),))] == [False]
    assert [one.seen for one in permissions(tape, packs, declared, imported=frozenset({"1-accept"}))] == [None]
    assert [one.seen for one in permissions(tape, packs, ("android.permission.CAMERA",), gaps=(failed,))] == [False]


def test_permissions_that_were_asked_for_count_without_a_manifest(tape, packs):
    tape.mark(MarkKind.PERMISSION_ASKED, 1, detail="android.permission.CAMERA, android.permission.READ_CONTACTS")
    tape.mark(MarkKind.PERMISSION_GRANTED, 2, detail="android.permission.CAMERA")
    found = {one.permission: (one.declared, one.asked, one.granted) for one in permissions(tape, packs, ())}
    assert found == {"CAMERA": (False, True, True), "READ_CONTACTS": (False, True, False)}


def test_a_permission_that_the_app_asks_for_by_a_call_is_asked_for_and_its_grant_named(tape, packs):
    tape.ask(1, "android.permission.CAMERA").mark(MarkKind.PERMISSION_ASKED, 2)
    tape.mark(MarkKind.PERMISSION_GRANTED, 3).ask(9, "android.permission.READ_CONTACTS")
    found = {one.permission: (one.asked, one.granted) for one in permissions(tape, packs, ())}
    assert found == {"CAMERA": (True, True), "READ_CONTACTS": (True, False)}


def test_a_grant_that_nothing_names_may_be_of_any_permission(tape, packs):
    tape.ask(1, "android.permission.CAMERA", "android.permission.READ_CONTACTS").mark(MarkKind.PERMISSION_ASKED, 1)
    assert [one.granted for one in permissions(tape, packs, ())] == [False, False]
    tape.mark(MarkKind.PERMISSION_GRANTED, 2)
    assert [one.granted for one in permissions(tape, packs, ())] == [None, None]


def test_a_permission_that_nobody_asked_for_and_the_device_did_not_tell_of_may_have_been_granted_before(tape, packs):
    tape.ask(1, "android.permission.CAMERA").mark(MarkKind.PERMISSION_ASKED, 1)
    declared = ("android.permission.CAMERA", "android.permission.READ_CONTACTS")
    found = {one.permission: one.granted for one in permissions(tape, packs, declared)}
    assert found == {"CAMERA": False, "READ_CONTACTS": None}


def test_what_the_device_tells_of_permissions_counts_whoever_granted_them(tape, packs):
    declared = ("android.permission.CAMERA", "android.permission.READ_CONTACTS", "android.permission.READ_PHONE_STATE")
    tape.mark(MarkKind.PERMISSIONS_READ, 0, when="start", denied=",".join(declared[:2])).mark(
        MarkKind.PERMISSION_GRANTED, 2
    )
    tape.mark(MarkKind.PERMISSIONS_READ, 9, when="end", granted=declared[0]).mark(
        MarkKind.PERMISSIONS_READ, 9, when="end", denied=declared[1]
    )
    found = {one.permission: one.granted for one in permissions(tape, packs, declared)}
    assert found == {"CAMERA": True, "READ_CONTACTS": False, "READ_PHONE_STATE": None}
