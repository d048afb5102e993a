from dataclasses import replace

import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.facts import Fact, Facts, gather_facts, is_in_the_clear, permission_group
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.phases import follow
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Observation
from analyzer.model.vocabulary import AppState, Channel, HookKind, MarkKind, Method, Phase, Source, Tier, Where

POLICY = "Please read our Privacy Policy. If you agree, tap Agree."
KINDS = {"ui.click": HookKind.UI}


def facts_of(tape, phrases, observations=()):
    session = tape.session()
    places = place_session(session)
    scenes = set_scenes(session, places, phrases, tape.read_blob)
    calls = resolve_calls(session, places)
    return gather_facts(scenes, follow(scenes, calls, KINDS), calls, observations)


def test_screens_in_a_row_that_show_the_same_are_one_showing(tape, phrases, screens):
    consent, home = screens.of([POLICY], ["Decline", "Agree"]), screens.of(["Home"], ["Go"])
    for at in (1, 2, 3):
        tape.screen(consent, at)
    facts = facts_of(tape.screen(home, 4).screen(consent, 5), phrases)
    assert [fact.id for fact in facts.prompts] == ["1-accept/screens/1", "1-accept/screens/4", "1-accept/screens/5"]
    assert len(facts.screens) == 5


def test_a_dialog_after_a_relaunch_is_the_first_of_its_run(tape, phrases, screens):
    consent = screens.of([POLICY], ["Decline", "Agree"])
    retention = screens.of(["Are you sure? You must agree to the Privacy Policy."], ["Exit", "Agree"])
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 2, x="540", y="410").screen(retention, 3)
    tape.mark(MarkKind.TAPPED, 4, x="540", y="410")
    facts = facts_of(tape.mark(MarkKind.RELAUNCHED, 5).screen(consent, 6), phrases)
    assert [(fact.run, fact.first_of_run, fact.phase) for fact in facts.prompts] == [
        (0, True, Phase.INITIAL),
        (0, False, Phase.INITIAL),
        (1, True, Phase.REFUSED),
    ]


def test_calls_and_marks_carry_the_phase_of_their_instant(tape, phrases):
    tape.mark(MarkKind.ACCEPTED, 5).call("small.imei", 4).call("small.imei", 6).mark(MarkKind.BACKGROUNDED, 7)
    facts = facts_of(tape, phrases)
    assert [fact.phase for fact in facts.calls] == [Phase.INITIAL, Phase.ACCEPTED]
    assert facts.marks[-1].phase is Phase.ACCEPTED
    assert facts.calls[0].attribute("recording") == "1-accept"


def test_observations_that_no_condition_tells_apart_are_one_kind():
    instant = Instant(1, "proxy", 1)
    ref = EvidenceRef("1-accept", Source.FLOWS, 1)

    def fact(number: int, data_type: str, phase: Phase = Phase.INITIAL) -> Fact:
        seen = Observation(
            f"o{number}", ref, instant, data_type, Channel.NETWORK, Where.BODY, f"json:$.a{number}", (), str(number),
            Method.PATTERN, Tier.TRANSMITTED, 0.5, "because",
        )  # fmt: skip
        return Fact(seen.id, "1-accept", instant, phase, AppState.FOREGROUND, seen)

    facts = Facts((fact(1, "id.imei"), fact(2, "id.oaid"), fact(3, "id.imei"), fact(4, "id.imei", Phase.ACCEPTED)))
    assert list(map(list, facts.places)) == [[0, 2], [1], [3]]
    assert [sample.id for sample in facts.samples] == ["o1", "o2", "o4"]


def test_what_is_read_after_the_app_was_started_again_belongs_to_another_run(tape, phrases):
    one = Observation(
        "o1", EvidenceRef("1-accept", Source.EVENTS, 1), Instant(1_000_000, "agent", 1),
        "id.imei", Channel.API, Where.RETURN,
        "result", (), "1", Method.HOOK, Tier.ACCESSED, 0.99, "because",
    )  # fmt: skip
    tape.mark(MarkKind.APP_STARTED, 0).mark(MarkKind.RELAUNCHED, 5)
    later = replace(one, id="o2", instant=Instant(6_000_000, "agent", 2))
    facts = facts_of(tape, phrases, (one, later))
    assert [fact.attribute("run") for fact in facts.observations] == ["0", "1"]


def test_what_follows_the_setting_of_a_clock_is_told_by_that_clock(tape, phrases, screens):
    home = screens.of(["Home"], ["Go"])
    tape.mark(MarkKind.RELAUNCHED, 1).screen(home, 2).mark(MarkKind.CLOCK_MOVED, 3, ahead_s="90000")
    tape.screen(screens.of(["Other"], ["Go"]), 4).mark(MarkKind.CLOCK_MOVED, 5, ahead_s="as it is")
    facts = facts_of(tape.mark(MarkKind.CLOCK_MOVED, 6, ahead_s="0").mark(MarkKind.RELAUNCHED, 7), phrases)
    assert [fact.ahead_us for fact in facts.screens] == [0, 90_000_000_000]
    before, _, _, _, after = facts.marks
    assert after.told_us - before.told_us == 6_000_000
    assert facts.screens[1].told_us - facts.screens[0].told_us == 90_002_000_000


def test_permissions_of_one_window_are_one_group():
    fine, coarse = "android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION"
    assert permission_group(fine) == permission_group(coarse) != permission_group("android.permission.CAMERA")
    assert permission_group("com.example.permission.OWN") == "OWN"
    assert permission_group("") == ""


@pytest.mark.parametrize(("host", "open_"), [("ads.example", True), ("127.0.0.1", False), ("localhost", False)])
def test_plain_http_is_read_by_others_only_where_it_leaves_the_device(tape, phrases, host, open_):
    tape.request(host, 1, b'{"imei": "490154203237518"}')
    tape.flows[0] = replace(tape.flows[0], scheme="http")
    session = tape.session()
    places = place_session(session)
    flows = assemble_flows(session, places).flows
    seen = Observation(
        "o1", flows[0].ref, flows[0].instant, "id.imei", Channel.NETWORK, Where.BODY, "", (), "v", Method.KEY,
        Tier.TRANSMITTED, 0.9, "", flow_index=0,
    )  # fmt: skip
    scenes = set_scenes(session, places, phrases, tape.read_blob)
    (fact,) = gather_facts(
        scenes, follow(scenes, (), {}), (), (seen,), (), bytes(map(is_in_the_clear, flows))
    ).observations
    assert fact.cleartext is open_
