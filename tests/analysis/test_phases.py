import random

import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.choices import Choice, Witness
from analyzer.analysis.phases import Course, follow
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.clock import Instant
from analyzer.model.vocabulary import AppState, HookKind, MarkKind, Phase, Strategy

POLICY = "请您仔细阅读《隐私政策》，如您同意请点击同意。"
KINDS = {"ui.click": HookKind.UI, "activity.resume": HookKind.LIFECYCLE}
REFUSE_Y, ACCEPT_Y = "410", "560"


@pytest.fixture
def consent(screens):
    return screens.of([POLICY], ["不同意", "同意"])


@pytest.fixture
def home(screens):
    return screens.of(["首页", "推荐"], ["搜索"])


@pytest.fixture
def course(phrases):
    def build(tape) -> Course:
        session = tape.session()
        places = place_session(session)
        scenes = set_scenes(session, places, phrases, tape.read_blob)
        return follow(scenes, resolve_calls(session, places), KINDS)[tape.name]

    return build


def at(seconds: float, uncertainty: int = 0) -> Instant:
    return Instant(int(seconds * 1e6), "agent:100", 0, uncertainty)


def started(tape, **details):
    return tape.mark(MarkKind.RECORDING_STARTED, 0, **details).mark(MarkKind.APP_STARTED, 0.1)


def test_without_any_dialog_nobody_has_chosen_to_the_end(course, tape, home):
    course = course(started(tape).screen(home, 1).mark(MarkKind.RECORDING_ENDED, 9))
    assert [span.phase for span in course.spans] == [Phase.INITIAL] * 3
    assert course.phase_at(at(8)) is Phase.INITIAL


def test_a_tap_on_accept_begins_the_accepted_phase_at_its_instant(course, tape, consent, home):
    tape = started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=ACCEPT_Y).screen(home, 6)
    course = course(tape)
    assert [course.phase_at(at(second)) for second in (4.9, 5.1)] == [Phase.INITIAL, Phase.ACCEPTED]
    assert course.spans[-1].evidence[0].line == 3


@pytest.mark.parametrize("chosen", [MarkKind.ACCEPTED, MarkKind.REFUSED])
def test_where_the_data_was_cleared_no_earlier_choice_holds(course, tape, chosen):
    tape.mark(MarkKind.DATA_CLEARED, 1).mark(chosen, 2).mark(MarkKind.DATA_CLEARED, 20).mark(MarkKind.ACCEPTED, 40)
    course = course(tape.mark(MarkKind.RECORDING_ENDED, 50))
    expected = [Phase.INITIAL, Phase(chosen.value), Phase.INITIAL, Phase.ACCEPTED]
    assert [course.phase_at(at(second)) for second in (1.5, 19, 21, 41)] == expected
    assert course.choices[1].reasoning == "the app's data was cleared, so no earlier choice holds"


def test_kept_data_that_was_cleared_after_all_leaves_nothing_unknown(course, tape):
    course = course(started(tape, keep_data="true").mark(MarkKind.DATA_CLEARED, 2).mark(MarkKind.RECORDING_ENDED, 9))
    assert [course.phase_at(at(second)) for second in (1, 3)] == [Phase.UNKNOWN, Phase.INITIAL]


def test_a_tap_on_refuse_begins_the_refused_phase(course, tape, consent):
    course = course(started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=REFUSE_Y))
    assert course.phase_at(at(6)) is Phase.REFUSED


def test_a_tap_beside_every_control_chooses_nothing(course, tape, consent):
    course = course(started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="5", y="5"))
    assert course.phase_at(at(6)) is Phase.INITIAL


def test_the_click_inside_the_app_dates_the_choice_better_than_the_tap(course, tape, consent):
    tape = started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=ACCEPT_Y)
    course = course(tape.call("ui.click", 5.2, "android.view.View.performClick", "同意"))
    assert [course.phase_at(at(second)) for second in (5.1, 5.3)] == [Phase.INITIAL, Phase.ACCEPTED]


def test_a_click_alone_is_a_choice_when_a_person_drives(course, tape, consent, home):
    tape.strategy = Strategy.MANUAL
    tape = started(tape).screen(consent, 1).call("ui.click", 3, text="不同意").screen(home, 4)
    assert course(tape).phase_at(at(3.5)) is Phase.REFUSED


def test_a_dialog_that_a_person_dismissed_unseen_leaves_the_phase_unknown(course, tape, consent, home):
    tape.strategy = Strategy.MANUAL
    course = course(started(tape).screen(consent, 1).screen(home, 4))
    assert [course.phase_at(at(second)) for second in (0.5, 5)] == [Phase.INITIAL, Phase.UNKNOWN]


def test_refusing_and_then_accepting_the_second_layer_is_accepting(course, tape, consent, screens):
    second = screens.of(["您需要同意《隐私政策》才能继续使用"], ["仍不同意", "同意并继续"])
    tape = started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=REFUSE_Y).screen(second, 5.5)
    course = course(tape.mark(MarkKind.TAPPED, 6, x="540", y=ACCEPT_Y))
    assert [course.phase_at(at(second)) for second in (5.2, 6.2)] == [Phase.INITIAL, Phase.ACCEPTED]


def test_a_refusal_is_finished_when_its_last_layer_is_answered(course, tape, consent, home, screens):
    second = screens.of(["真的要离开吗？", "如您不同意隐私权政策，将无法体验完整服务。"], ["再看看", "仍不同意"])
    tape = started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=REFUSE_Y).screen(second, 5.5)
    course = course(tape.mark(MarkKind.TAPPED, 6, x="540", y="710").screen(home, 6.5).mark(MarkKind.RECORDING_ENDED, 9))
    assert [course.phase_at(at(second)) for second in (5.2, 5.8, 6.2)] == [
        Phase.INITIAL, Phase.INITIAL, Phase.REFUSED,
    ]  # fmt: skip


def test_a_second_layer_that_nobody_answered_leaves_the_phase_unknown_over_new_starts(course, tape, consent, screens):
    second = screens.of(["Leave us?", "You do not like our Privacy Policy."], ["Review again", "Quit anyway"])
    tape = started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=REFUSE_Y).screen(second, 5.5)
    course = course(tape.mark(MarkKind.RELAUNCHED, 20).screen(consent, 21).mark(MarkKind.RECORDING_ENDED, 30))
    assert [course.phase_at(at(second)) for second in (4, 5.2, 22)] == [Phase.INITIAL, Phase.UNKNOWN, Phase.UNKNOWN]
    assert "nothing shows that it was answered" in course.spans[-1].reasoning


def test_a_dialog_that_comes_back_later_does_not_undo_a_refusal(course, tape, consent, home, screens):
    again = screens.of(["Please read our Privacy Policy."], ["Not now", "Agree"])
    tape = started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=REFUSE_Y).screen(home, 5.5)
    course = course(tape.screen(home, 15).screen(again, 25).mark(MarkKind.RECORDING_ENDED, 30))
    assert course.phase_at(at(26)) is Phase.REFUSED


def test_an_observation_too_close_to_the_choice_has_an_unknown_phase(course, tape, consent):
    course = course(started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=ACCEPT_Y))
    assert course.phase_at(at(5.001, uncertainty=5_000)) is Phase.UNKNOWN
    assert course.phase_at(at(5.001, uncertainty=0)) is Phase.ACCEPTED


def test_asserted_marks_count_and_withdrawal_ends_consent(course, tape):
    course = course(started(tape).mark(MarkKind.ACCEPTED, 3).mark(MarkKind.WITHDRAWN, 20).mark(MarkKind.TAPPED, 30))
    assert [course.phase_at(at(second)) for second in (1, 4, 21)] == [Phase.INITIAL, Phase.ACCEPTED, Phase.WITHDRAWN]


def test_an_assertion_against_the_tap_leaves_the_phase_unknown(course, tape, consent):
    tape = started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y=REFUSE_Y).mark(MarkKind.ACCEPTED, 6)
    assert course(tape).phase_at(at(7)) is Phase.UNKNOWN


def test_kept_data_may_hold_an_older_choice(course, tape, home):
    assert course(started(tape, keep_data="true").screen(home, 2)).phase_at(at(1)) is Phase.UNKNOWN


def test_the_app_starts_comes_to_the_front_and_goes_to_the_back(course, tape):
    tape = started(tape).call("activity.resume", 2, "android.app.Activity.onResume").mark(MarkKind.BACKGROUNDED, 5)
    course = course(tape.mark(MarkKind.SILENCED, 7))
    states = [course.state_at(at(second)) for second in (0.05, 1, 3, 6, 8)]
    assert states == [
        AppState.UNKNOWN, AppState.STARTING, AppState.FOREGROUND, AppState.BACKGROUND, AppState.SILENT,
    ]  # fmt: skip


def test_an_import_without_a_statement_is_in_an_unknown_phase_until_a_choice_is_marked(course, tape):
    tape.strategy = Strategy.IMPORT
    tape = started(tape).mark(MarkKind.REFUSED, 5).mark(MarkKind.RECORDING_ENDED, 9)
    found = course(tape)
    assert [found.phase_at(at(second)) for second in (4, 6)] == [Phase.UNKNOWN, Phase.REFUSED]
    assert "nobody said" in found.spans[0].reasoning


def test_an_import_is_in_the_initial_phase_where_its_importer_states_so_at_its_end(course, tape):
    tape.strategy = Strategy.IMPORT
    assert course(started(tape, first_phase="initial")).phase_at(at(1)) is Phase.UNKNOWN
    tape = tape.mark(MarkKind.RECORDING_ENDED, 9, first_phase="initial")
    assert course(tape).phase_at(at(1)) is Phase.INITIAL


def test_what_lasts_over_a_choice_is_in_no_phase(course, tape, consent, home):
    started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 4, x="540", y=ACCEPT_Y)
    course = course(tape.screen(home, 5).mark(MarkKind.RECORDING_ENDED, 9))
    assert course.phase_during(at(2), at(3)) is Phase.INITIAL
    assert course.phase_during(at(3), at(6)) is Phase.UNKNOWN
    assert course.phase_during(at(6), at(8)) is Phase.ACCEPTED


def test_what_lasts_over_a_choice_and_back_is_in_no_phase(course, tape, consent, home):
    started(tape).screen(consent, 1).mark(MarkKind.TAPPED, 4, x="540", y=ACCEPT_Y).screen(home, 5)
    course = course(tape.mark(MarkKind.DATA_CLEARED, 7).mark(MarkKind.RECORDING_ENDED, 9))
    assert (course.phase_at(at(2)), course.phase_at(at(8))) == (Phase.INITIAL, Phase.INITIAL)
    assert course.phase_during(at(2), at(8)) is Phase.UNKNOWN


def test_the_app_is_in_no_state_while_it_changes(course, tape, home):
    started(tape).screen(home, 1).mark(MarkKind.BACKGROUNDED, 4)
    course = course(tape.mark(MarkKind.RECORDING_ENDED, 9))
    assert course.state_during(at(2), at(3)) is AppState.FOREGROUND
    assert course.state_during(at(3), at(5)) is AppState.UNKNOWN
    assert course.state_during(at(5), at(6)) is AppState.BACKGROUND


def test_in_an_import_cleared_data_is_followed_by_nothing_known_unless_a_mark_tells_the_next_choice(course, tape):
    tape.strategy = Strategy.IMPORT
    tape.mark(MarkKind.ACCEPTED, 2).mark(MarkKind.DATA_CLEARED, 10).mark(MarkKind.REFUSED, 20)
    course = course(tape.mark(MarkKind.DATA_CLEARED, 30).mark(MarkKind.RECORDING_ENDED, 40, first_phase="initial"))
    expected = [Phase.INITIAL, Phase.ACCEPTED, Phase.INITIAL, Phase.REFUSED, Phase.UNKNOWN]
    assert [course.phase_at(at(second)) for second in (1, 9, 11, 21, 31)] == expected
    assert "nobody said" in course.spans[-1].reasoning


@pytest.mark.parametrize(
    ("control", "marked", "after"),
    [
        *[("accept", None, [Phase.UNKNOWN] * 2), ("refuse", None, [Phase.UNKNOWN] * 2)],
        *[("quit", None, [Phase.UNKNOWN] * 2), ("policy", None, [Phase.INITIAL] * 2)],
        ("accept", (MarkKind.ACCEPTED, 7), [Phase.UNKNOWN, Phase.ACCEPTED]),
        ("accept", (MarkKind.ACCEPTED, 5), [Phase.ACCEPTED] * 2),
        ("refuse", (MarkKind.ACCEPTED, 3), [Phase.UNKNOWN] * 2),
    ],
)
def test_in_an_import_a_touch_on_a_control_that_chooses_ends_the_initial_phase(course, tape, control, marked, after):
    tape.strategy = Strategy.IMPORT
    tape.mark(MarkKind.TAPPED, 5, control=control)
    tape = tape.mark(*marked) if marked else tape
    found = course(tape.mark(MarkKind.RECORDING_ENDED, 9, first_phase="initial"))
    assert [found.phase_at(at(second)) for second in (2, 6, 8)] == [Phase.INITIAL, *after]


def test_the_phase_at_an_instant_is_that_of_going_through_all_choices():
    chance = random.Random(11)
    phases = (Phase.INITIAL, Phase.ACCEPTED, Phase.REFUSED, Phase.UNKNOWN)
    instants = sorted(
        Instant(chance.randrange(0, 2_000), chance.choice(("host", "agent")), number, chance.choice((0, 9, 40)))
        for number in range(60)
    )
    choices = tuple(Choice(instant, chance.choice(phases), Witness.TAP, (), "") for instant in instants)

    def through_all(instant: Instant) -> Phase:
        phase = Phase.INITIAL
        for choice in choices:
            earlier = choice.instant.before(instant)
            if earlier is None and choice.phase is not phase:
                return Phase.UNKNOWN
            phase = choice.phase if earlier else phase
        return phase

    course = Course("1-accept", Phase.INITIAL, choices, (), ())
    known = set()
    for number in range(-50, 2_100):
        instant = Instant(number, chance.choice(("host", "agent")), chance.randrange(60), chance.choice((0, 25)))
        assert course.phase_at(instant) is through_all(instant)
        known.add(course.phase_at(instant))
    assert known == set(phases)
