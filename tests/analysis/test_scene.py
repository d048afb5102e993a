from dataclasses import replace

from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.vocabulary import MarkKind, ScreenKind


def scene_of(tape, phrases, read_blob=None):
    session = tape.session()
    (scene,) = set_scenes(session, place_session(session), phrases, read_blob or tape.read_blob)
    return scene


def test_marks_and_screens_stand_in_order_with_their_references(tape, phrases, screens):
    tape.mark(MarkKind.RECORDING_STARTED, 0).mark(MarkKind.RECORDING_ENDED, 9).screen(screens.of(["Home"], ["Go"]), 2)
    scene = scene_of(tape, phrases)
    assert [mark.id for mark in scene.marks] == ["1-accept/marks/1", "1-accept/marks/2"]
    assert (scene.screens[0].id, scene.screens[0].reading.kind) == ("1-accept/screens/1", ScreenKind.ORDINARY)
    assert (scene.start_us, scene.end_us) == (0, 9_000_001)


def test_a_screen_whose_hierarchy_is_missing_is_unreadable(tape, phrases, screens):
    def missing(recording, blob):
        raise KeyError(recording, blob)

    tape.screen(screens.of(["Home"], []), 1)
    assert scene_of(tape, phrases, missing).screens[0].reading.kind is ScreenKind.UNREADABLE


def test_a_screen_recorded_as_unreadable_stays_so(tape, phrases, screens):
    tape.screen(screens.of(["Home"], []), 1)
    tape.screens[0] = replace(tape.screens[0], readable=False)
    assert scene_of(tape, phrases).screens[0].reading.kind is ScreenKind.UNREADABLE


POLICY = "Please read our Privacy Policy. If you agree, tap Agree."


def after_a_touch(tape, screens, y, second, *, at=2.5):
    tape.screen(screens.of([POLICY], ["Decline", "Agree"]), 1).mark(MarkKind.TAPPED, 2, x="540", y=y)
    return tape.screen(second, at)


def test_a_dialog_that_comes_up_upon_a_refusal_is_its_second_layer(tape, phrases, screens):
    second = screens.of(["Please stay. If you disagree we part."], ["Back", "Leave"])
    scene = scene_of(after_a_touch(tape, screens, "410", second), phrases)
    assert [screen.reading.kind for screen in scene.screens] == [ScreenKind.CONSENT, ScreenKind.RETENTION]


def test_the_same_dialog_upon_acceptance_or_a_new_start_is_none(tape, phrases, screens):
    second = screens.of(["Please stay. If you disagree we part."], ["Back", "Leave"])
    accepted = scene_of(after_a_touch(tape, screens, "560", second), phrases)
    assert accepted.screens[1].reading.kind is ScreenKind.ORDINARY
    tape.mark(MarkKind.RELAUNCHED, 3).screen(screens.of([POLICY], ["Decline", "Agree"]), 4)
    tape.mark(MarkKind.TAPPED, 5, x="540", y="410").mark(MarkKind.RELAUNCHED, 6).screen(second, 7)
    assert scene_of(tape, phrases).screens[3].reading.kind is ScreenKind.ORDINARY


def test_a_dialog_whose_countdown_runs_is_still_the_first_one(tape, phrases, screens):
    tape.screen(screens.of([POLICY, "9 seconds left"], ["Decline", "Agree"]), 1)
    tape.mark(MarkKind.TAPPED, 2, x="540", y="560").mark(MarkKind.REFUSED, 2)
    scene = scene_of(tape.screen(screens.of([POLICY, "8 seconds left"], ["Decline", "Agree"]), 2.2), phrases)
    assert [screen.reading.kind for screen in scene.screens] == [ScreenKind.CONSENT] * 2
