import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.permission_names import name_permissions
from analyzer.analysis.pipeline import analyze
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.vocabulary import MarkKind, Outcome
from analyzer.packs.loader import load_packs

CAMERA, CONTACTS = "android.permission.CAMERA", "android.permission.READ_CONTACTS"
FINE, COARSE = "android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION"
NOTIFICATIONS = "android.permission.POST_NOTIFICATIONS"


def named(tape, phrases):
    session = tape.session()
    places = place_session(session)
    (scene,) = set_scenes(session, places, phrases, tape.read_blob)
    (scene,) = name_permissions([scene], resolve_calls(session, places))
    return [mark.mark.details.get("detail", "") for mark in scene.marks]


def test_a_window_that_the_device_names_itself_names_the_one_that_was_looked_at(tape, phrases):
    tape.mark(MarkKind.PERMISSION_ASKED, 1, detail=CAMERA).mark(MarkKind.PERMISSION_ASKED, 1.5)
    assert named(tape.mark(MarkKind.PERMISSION_GRANTED, 3), phrases) == [CAMERA, CAMERA, CAMERA]


def test_the_call_that_asks_names_its_window_and_what_was_answered(tape, phrases):
    tape.ask(1, FINE, COARSE).mark(MarkKind.PERMISSION_ASKED, 2).mark(MarkKind.PERMISSION_DENIED, 3)
    assert named(tape, phrases) == [FINE, FINE]


def test_of_several_groups_that_open_data_the_first_is_asked_for_and_no_answer_is_named(tape, phrases):
    tape.ask(1, CAMERA, CONTACTS).mark(MarkKind.PERMISSION_ASKED, 2).mark(MarkKind.PERMISSION_GRANTED, 3)
    assert named(tape.mark(MarkKind.PERMISSION_ASKED, 5), phrases) == [CAMERA, "", CAMERA]


@pytest.mark.parametrize(
    ("asks", "name"),
    [
        ([(1, NOTIFICATIONS, CAMERA)], ""),
        ([(1, CONTACTS), (1.01, NOTIFICATIONS)], ""),
        ([(1, "android.permission.WRITE_EXTERNAL_STORAGE", NOTIFICATIONS)], ""),
        ([(1, "com.vendor.permission.OWN", CAMERA)], ""),
        ([(1, NOTIFICATIONS, "android.permission.VIBRATE")], NOTIFICATIONS),
        ([(1, "android.permission.INTERNET", CAMERA)], CAMERA),
        ([(1, "android.permission.INTERNET")], ""),
    ],
)
def test_a_window_that_another_permission_may_have_opened_has_no_name(tape, phrases, asks, name):
    for at, *permissions in asks:
        tape.ask(at, *permissions)
    assert named(tape.mark(MarkKind.PERMISSION_ASKED, 2), phrases) == [name]


def test_what_an_earlier_window_answered_names_no_later_one(tape, phrases):
    tape.ask(1, CAMERA).mark(MarkKind.PERMISSION_ASKED, 2).ask(5, NOTIFICATIONS).mark(MarkKind.PERMISSION_ASKED, 6)
    assert named(tape, phrases) == [CAMERA, NOTIFICATIONS]


def test_a_window_long_after_the_call_or_before_any_has_no_name(tape, phrases):
    tape.mark(MarkKind.PERMISSION_ASKED, 1).ask(5, CAMERA).mark(MarkKind.PERMISSION_ASKED, 25)
    assert named(tape, phrases) == ["", ""]


@pytest.mark.parametrize(
    ("permission", "outcome"),
    [(CONTACTS, Outcome.VIOLATED), (NOTIFICATIONS, Outcome.INCONCLUSIVE), ("", Outcome.SUSPECTED)],
)
def test_a_window_at_the_start_is_a_breach_only_where_it_is_known_to_open_personal_data(tape, permission, outcome):
    tape.mark(MarkKind.APP_STARTED, 0).mark(MarkKind.RECORDING_ENDED, 90)
    if permission:
        tape.ask(1, permission)
    analysis = analyze(tape.mark(MarkKind.PERMISSION_ASKED, 2).session(), load_packs(), tape.read_blob)
    verdicts = {verdict.rule: verdict.outcome for verdict in analysis.verdicts}
    assert verdicts["cn.191.3.1"] is outcome
