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
