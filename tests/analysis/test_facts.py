from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.facts import gather_facts
from analyzer.analysis.phases import follow
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.vocabulary import HookKind, MarkKind, Phase

POLICY = "Please read our Privacy Policy. If you agree, tap Agree."
KINDS = {"ui.click": HookKind.UI}


def facts_of(tape, phrases):
    session = tape.session()
    places = place_session(session)
    scenes = set_scenes(session, places, phrases, tape.read_blob)
    calls = resolve_calls(session, places)
    return gather_facts(scenes, follow(scenes, calls, KINDS), calls, ())


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
