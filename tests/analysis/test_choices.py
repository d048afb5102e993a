import pytest
from shipped import catalog

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.choices import Witness, find_choices
from analyzer.analysis.consent_signals import find_signals
from analyzer.analysis.consent_states import PURPOSES, read_consents
from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.model.vocabulary import HookKind, MarkKind, Phase, Strategy

HOOKS = catalog().hooks


@pytest.fixture
def choices(phrases):
    def find(tape):
        session = tape.session()
        places = place_session(session)
        (scene,) = set_scenes(session, places, phrases, tape.read_blob)
        calls = resolve_calls(session, places)
        consents, _ = read_consents(calls, {"store.text": HookKind.STORE}, HOOKS)
        return find_choices(scene, calls, find_signals(consents))

    return find


@pytest.fixture
def consent(screens):
    return screens.of(["Please read our Privacy Policy. If you agree, tap Agree."], ["Decline", "Agree"])


def test_tap_click_and_assertion_of_one_choice_are_one(choices, tape, consent):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="560").call("ui.click", 5.1, text="Agree")
    (choice,) = choices(tape.mark(MarkKind.ACCEPTED, 5.3))
    assert (choice.phase, choice.witness, choice.instant.at_us) == (Phase.ACCEPTED, Witness.CLICK, 5_100_000)
    assert {ref.source for ref in choice.evidence} == {"events", "marks", "screens"}


def test_a_click_on_an_ordinary_screen_chooses_nothing(choices, tape, screens):
    assert choices(tape.screen(screens.of(["Offer"], ["Agree"]), 1).call("ui.click", 2, text="Agree")) == ()


def test_a_touch_inside_the_app_chooses_what_the_screen_has_at_its_place_once(choices, tape, consent):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).touch(5, 540, 560).touch(20, 540, 410)
    (choice,) = choices(tape)
    assert (choice.phase, choice.witness, choice.instant.at_us) == (Phase.ACCEPTED, Witness.CLICK, 5_000_000)
    assert "a touch inside the app on “Agree”" in choice.reasoning


def test_a_touch_beside_every_control_chooses_nothing(choices, tape, consent):
    tape.strategy = Strategy.MANUAL
    assert choices(tape.screen(consent, 1).touch(5, 3, 3)) == ()


@pytest.mark.parametrize(("before", "chosen"), [((540, 710), []), ((540, 860), [Phase.REFUSED])])
def test_a_touch_that_may_have_changed_the_screen_ends_what_is_known_of_it(choices, tape, screens, before, chosen):
    tape.strategy = Strategy.MANUAL
    box = screens.node("I have read it", row=4, kind="CheckBox", checkable="true", clickable="true")
    asked = screens.of(
        ["Please read our Privacy Policy. If you agree, tap Agree."], ["Decline", "Agree", "Settings"], box
    )
    tape.screen(asked, 1).touch(5, *before).touch(5.6, 540, 410)
    assert [choice.phase for choice in choices(tape)] == chosen


def test_no_call_of_the_apps_own_turns_a_refusal_that_a_person_was_seen_to_make(choices, tape, consent, screens):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).touch(5, 540, 410).screen(screens.of(["Home"], ["Go"]), 7)
    assert {choice.phase for choice in choices(tape.call("consent.didomi_agree", 11.5))} == {Phase.REFUSED}


@pytest.mark.parametrize("declined", [True, False])
def test_no_click_of_the_apps_own_turns_a_refusal_that_a_person_was_seen_to_make(
    choices, tape, consent, screens, declined
):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).touch(5, 540, 410)
    if declined:
        tape.call("ui.click", 5.05, text="Decline")
    tape.call("ui.click", 5.4, text="Agree").screen(screens.of(["Home"], ["Go"]), 7).call("consent.didomi_agree", 8)
    assert {choice.phase for choice in choices(tape)} == {Phase.REFUSED}


def test_a_click_that_no_touch_explains_is_the_apps_own_where_touches_are_told(choices, tape, consent, screens):
    tape.strategy = Strategy.MANUAL
    home = screens.of(["Home"], ["Go"])
    tape.hook("ui.touch").screen(consent, 1).call("ui.click", 1.2, text="Agree").screen(home, 7)
    assert [choice.phase for choice in choices(tape)] == [Phase.UNKNOWN]


def test_a_dialog_that_the_app_shows_and_answers_itself_ends_no_refusal_in_consent(choices, tape, consent, screens):
    tape.strategy = Strategy.MANUAL
    home = screens.of(["Home"], ["Go"])
    tape.screen(consent, 1).touch(5, 540, 410).screen(home, 7)
    found = choices(tape.screen(consent, 8).call("ui.click", 8.2, text="Agree").screen(home, 9))
    assert Phase.ACCEPTED not in {choice.phase for choice in found}


def test_a_consent_that_the_app_writes_itself_counts_for_none_where_touches_are_told(choices, tape, consent, home):
    tape.strategy = Strategy.MANUAL
    tape.hook("ui.touch").screen(consent, 1).write("store.text", 1.3, PURPOSES, ALL).screen(home, 1.5)
    assert [choice.phase for choice in choices(tape)] == [Phase.UNKNOWN]


def test_an_answer_to_a_question_that_came_anew_counts(choices, tape, consent, screens):
    tape.strategy = Strategy.MANUAL
    home = screens.of(["Home"], ["Go"])
    tape.screen(consent, 1).touch(5, 540, 410).screen(home, 7).mark(MarkKind.APP_STARTED, 19)
    tape.screen(consent, 20).touch(26.5, 3, 3).screen(home, 27).call("consent.didomi_agree", 27.5)
    assert choices(tape)[-1].phase is Phase.ACCEPTED


def test_a_tap_without_a_readable_place_chooses_nothing(choices, tape, consent):
    assert choices(tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="here")) == ()


def test_refusing_again_after_a_relaunch_is_a_choice_of_its_own(choices, tape, consent):
    for start in (0, 20):
        tape.screen(consent, start + 1).mark(MarkKind.TAPPED, start + 5, x="540", y="410")
    assert [choice.phase for choice in choices(tape)] == [Phase.REFUSED, Phase.REFUSED]


def test_a_refusal_broken_off_at_its_second_layer_is_unknown_and_a_finished_one_stays(choices, tape, consent, screens):
    second = screens.of(["Are you sure? The Privacy Policy is short."], ["Review again", "Quit anyway"])
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").screen(second, 5.5)
    (broken,) = choices(tape)
    assert (broken.phase, broken.evidence[-1].source) == (Phase.UNKNOWN, "screens")
    tape.mark(MarkKind.TAPPED, 6, x="540", y="560").mark(MarkKind.RELAUNCHED, 20)
    tape.screen(consent, 21).mark(MarkKind.TAPPED, 25, x="540", y="410").screen(second, 25.5)
    (finished,) = choices(tape)
    assert (finished.phase, finished.instant.at_us) == (Phase.REFUSED, 6_000_000)


def test_a_dialog_after_another_screen_is_no_layer_of_the_refusal(choices, tape, consent, screens):
    second = screens.of(["Are you sure? The Privacy Policy is short."], ["Review again", "Quit anyway"])
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").screen(screens.of(["Home"], ["Go"]), 9)
    (choice,) = choices(tape.screen(second, 12))
    assert choice.phase is Phase.REFUSED


@pytest.fixture
def home(screens):
    return screens.of(["Home"], ["Go"])


ALL, NONE, SOME = "1111111111", "0000000000", "1110000000"


@pytest.mark.parametrize(
    ("bits", "phase"),
    [(ALL, Phase.ACCEPTED), (NONE, Phase.REFUSED), (SOME, Phase.UNKNOWN), (ALL + "1", Phase.ACCEPTED)],
)
def test_what_was_written_when_the_dialog_went_away_is_the_choice(choices, tape, consent, home, bits, phase):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).write("store.text", 5, PURPOSES, bits).screen(home, 5.4)
    (choice,) = choices(tape)
    assert (choice.phase, choice.witness, choice.instant.at_us) == (phase, Witness.SIGNAL, 5_000_000)


def test_what_was_written_while_the_dialog_still_asks_or_without_one_chooses_nothing(choices, tape, consent, home):
    tape.screen(home, 0.5).write("store.text", 1, PURPOSES, ALL).screen(consent, 2).write(
        "store.text", 3, PURPOSES, NONE
    )
    assert choices(tape.screen(home, 30)) == ()


def test_a_screen_that_cannot_be_read_or_asks_for_a_permission_does_not_show_that_the_dialog_went_away(
    choices, tape, consent, home, screens
):
    permission = screens.of(["Allow access?"], ["Deny", "Allow"], package="com.android.permissioncontroller")
    tape.screen(consent, 1).write("store.text", 5, PURPOSES, ALL).screen("", 5.2).screen(permission, 5.4)
    assert choices(tape) == ()
    assert choices(tape.screen(home, 30)) == ()


def test_what_was_written_beside_a_dialog_that_is_shown_again_chooses_nothing(choices, tape, consent, home):
    tape.screen(consent, 1).write("store.text", 5, PURPOSES, ALL).screen(home, 5.4).screen(consent, 9)
    assert choices(tape.screen(home, 30)) == ()


def test_what_was_written_just_before_the_end_chooses_nothing(choices, tape, consent):
    assert choices(tape.screen(consent, 1).write("store.text", 5, PURPOSES, ALL).mark(MarkKind.TAPPED, 6, x="-")) == ()


def test_what_was_written_before_a_later_run_asked_the_same_leaves_the_choice_unknown(choices, tape, consent, home):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).write("store.text", 5, PURPOSES, NONE).screen(home, 5.4).mark(MarkKind.RELAUNCHED, 20)
    (choice,) = choices(tape.screen(consent, 21))
    assert (choice.phase, choice.evidence[-1].source) == (Phase.UNKNOWN, "screens")


@pytest.mark.parametrize("bits", ["", "x", "0101z"])
def test_a_foreign_text_in_the_key_chooses_nothing(choices, tape, consent, home, bits):
    assert choices(tape.screen(consent, 1).write("store.text", 5, PURPOSES, bits).screen(home, 5.4)) == ()


def test_a_signal_that_agrees_with_the_tap_stands_beside_it(choices, tape, consent, home):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="560").write("store.text", 5.2, PURPOSES, ALL)
    (choice,) = choices(tape.screen(home, 5.4))
    assert (choice.phase, choice.witness) == (Phase.ACCEPTED, Witness.TAP)
    assert {ref.source for ref in choice.evidence} == {"events", "marks", "screens"}


def test_a_signal_against_the_tap_leaves_the_choice_unknown(choices, tape, consent, home):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").write("store.text", 5.2, PURPOSES, ALL)
    found = choices(tape.screen(home, 5.4))
    assert found[-1].phase is Phase.UNKNOWN
    assert "contradiction" in found[-1].reasoning


@pytest.mark.parametrize("bits", [SOME, NONE])
def test_without_a_touch_nobody_refused_or_chose_in_part(choices, tape, consent, home, bits):
    assert choices(tape.screen(consent, 1).write("store.text", 5, PURPOSES, bits).screen(home, 5.4)) == ()


@pytest.mark.parametrize(("bits", "phase"), [(SOME, Phase.UNKNOWN), (NONE, Phase.REFUSED)])
def test_a_touch_on_anything_else_of_the_dialog_explains_what_names_not_all(choices, tape, consent, home, bits, phase):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 4, x="1", y="1").write("store.text", 5, PURPOSES, bits)
    (choice,) = choices(tape.screen(home, 5.4))
    assert choice.phase is phase


@pytest.mark.parametrize("bits", [ALL, SOME])
def test_a_refusal_whose_click_was_seen_stands_whatever_the_app_claims_after_it(choices, tape, consent, home, bits):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").call("ui.click", 5.1, text="Decline")
    (choice,) = choices(tape.write("store.text", 6, PURPOSES, bits).screen(home, 6.4))
    assert (choice.phase, choice.instant.at_us) == (Phase.REFUSED, 5_100_000)
    assert "against it stands only" in choice.reasoning
    assert {ref.source for ref in choice.evidence} == {"events", "marks", "screens"}


def test_a_click_of_the_apps_own_after_the_click_of_the_refusal_accepts_nothing(choices, tape, consent, home):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").call("ui.click", 5.1, text="Decline")
    (choice,) = choices(tape.call("ui.click", 5.4, text="Agree").screen(home, 6))
    assert choice.phase is Phase.REFUSED


def test_a_touch_that_hit_the_other_button_leaves_the_choice_unknown(choices, tape, consent, home):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").call("ui.click", 5.1, text="Agree")
    found = choices(tape.write("store.text", 5.2, PURPOSES, ALL).screen(home, 6))
    assert found[-1].phase is Phase.UNKNOWN


@pytest.mark.parametrize(
    ("hook", "told", "phase"),
    [
        ("consent.didomi_agree", "", Phase.ACCEPTED),
        ("consent.didomi_refuse", "", Phase.REFUSED),
        ("consent.onetrust_save", "Banner - Allow All", Phase.ACCEPTED),
        ("consent.onetrust_save", "Preference Center - Reject All", Phase.REFUSED),
        ("consent.onetrust_save", "Preference Center - Confirm", Phase.UNKNOWN),
        ("consent.usercentrics_accept", "EXPLICIT", Phase.ACCEPTED),
        ("consent.usercentrics_accept", "IMPLICIT", Phase.UNKNOWN),
    ],
)
def test_a_call_of_the_consent_manager_witnesses_the_choice_of_a_person(
    choices, tape, consent, home, hook, told, phase
):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).write(hook, 5, told, "").screen(home, 5.4)
    (choice,) = choices(tape)
    assert (choice.phase, choice.witness) == (phase, Witness.SIGNAL)
    assert hook in choice.reasoning


def test_closing_a_consent_manager_chooses_nothing(choices, tape, consent, home):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).write("consent.onetrust_save", 5, "Banner - Close", "").screen(home, 5.4)
    assert all(choice.witness is not Witness.SIGNAL for choice in choices(tape))


def test_a_consent_manager_that_says_another_thing_than_it_writes_says_nothing(choices, tape, consent, home):
    tape.strategy = Strategy.MANUAL
    tape.screen(consent, 1).write("consent.didomi_refuse", 5, "", "").write("store.text", 5.2, PURPOSES, ALL)
    assert choices(tape.screen(home, 5.4))[0].phase is Phase.UNKNOWN


def test_a_call_of_the_consent_manager_without_a_touch_consents_to_nothing(choices, tape, consent, home):
    assert choices(tape.screen(consent, 1).write("consent.didomi_agree", 5, "", "").screen(home, 5.4)) == ()


def test_without_a_touch_an_app_consents_to_nothing(choices, tape, consent, home):
    tape.screen(consent, 1).call("ui.click", 4, text="Agree").write("store.text", 5, PURPOSES, ALL)
    assert choices(tape.screen(home, 5.4)) == ()


def test_a_click_of_the_app_behind_a_refusal_leaves_the_choice_unknown(choices, tape, consent, home):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").call("ui.click", 5.4, text="Agree")
    found = choices(tape.screen(home, 6))
    assert [choice.phase for choice in found] == [Phase.REFUSED, Phase.UNKNOWN]
    assert "contradiction" in found[-1].reasoning


def test_a_click_of_the_app_on_the_second_layer_of_a_refusal_accepts_nothing(choices, tape, consent, screens):
    second = screens.of(["Are you sure? The Privacy Policy is short."], ["Agree", "Quit anyway"])
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").screen(second, 5.5)
    (choice,) = choices(tape.call("ui.click", 6, text="Agree"))
    assert choice.phase is Phase.UNKNOWN


def test_what_is_written_long_after_a_refusal_leaves_it_standing(choices, tape, consent, home):
    tape.screen(consent, 1).mark(MarkKind.TAPPED, 5, x="540", y="410").screen(home, 6)
    (choice,) = choices(tape.write("store.text", 10.5, PURPOSES, ALL))
    assert choice.phase is Phase.REFUSED


def test_two_answers_at_one_instant_are_none(choices, tape):
    tape.mark(MarkKind.ACCEPTED, 10).mark(MarkKind.REFUSED, 10).mark(MarkKind.ACCEPTED, 20).mark(MarkKind.REFUSED, 21)
    assert [choice.phase for choice in choices(tape)][1:] == [Phase.UNKNOWN, Phase.ACCEPTED, Phase.REFUSED]
