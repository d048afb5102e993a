from dataclasses import replace

import pytest
from stories import case, rule

from analyzer.analysis.conditions import Sense
from analyzer.analysis.needs import examine
from analyzer.model.vocabulary import ISOLATED, HookStatus

ALL = {"phases": ["initial"], "hooks": ["id.*"], "traffic": True, "screens": True, "dwell": True}
SCREEN = [{"at": 1, "kind": "ordinary"}]


def examined(needs=None, **story):
    told = rule(needs=needs or ALL)
    return examine(told.needs, case(told, **{"screens": SCREEN} | story).view)


def test_with_everything_armed_and_readable_nothing_is_unmet():
    found = examined()
    assert (found.untested, found.unmet, found.blind) == ((), (), {})


@pytest.mark.parametrize(
    ("gap", "sense"),
    [
        ("agent_lost", Sense.HOOKS),
        ("events_dropped", Sense.HOOKS),
        ("code_unseen", Sense.HOOKS),
        ("tls_refused", Sense.TRAFFIC),
        ("proxy_lost", Sense.TRAFFIC),
        ("body_missing", Sense.TRAFFIC),
        ("screen_unreadable", Sense.SCREENS),
    ],
)
def test_a_gap_blinds_the_sense_that_it_concerns(gap, sense):
    assert set(examined(gaps=[{"at": 30, "kind": gap}]).blind) == {sense}


def test_a_gap_that_is_no_blindness_is_left_alone():
    assert examined(gaps=[{"at": 30, "kind": "events_sampled"}]).unmet == ()
    assert examined(gaps=[{"at": 30, "kind": "code_unseen", "subject": ISOLATED}]).unmet == ()


def test_calls_that_make_values_unreadable_and_were_sampled_hide_what_is_sent_from_then_on():
    told = rule(needs=ALL)
    lost = {"gaps": [{"at": 70, "kind": "events_sampled", "subject": "crypto.cipher"}], "screens": SCREEN}
    view = replace(case(told, phases=["initial", "accepted"], **lost).view, disguising=frozenset({"crypto.cipher"}))
    after = rule(needs=ALL | {"phases": ["accepted"]})
    assert examine(told.needs, view).unmet == ()
    assert set(examine(after.needs, view).blind) == {Sense.TRAFFIC}
    assert examine(after.needs, replace(view, disguising=frozenset({"crypto.mac"}))).unmet == ()


def test_a_gap_outside_the_phase_forbids_nothing():
    story = {"phases": ["initial", "accepted"], "gaps": [{"at": 70, "kind": "tls_refused", "subject": "late.example"}]}
    assert examined(**story).unmet == ()
    assert examined(ALL | {"phases": ["accepted"]}, **story).unmet != ()


def test_a_bound_that_concerns_some_time_blinds_all_of_it():
    told = rule(needs=ALL)
    view = case(told, gaps=[{"at": -5, "kind": "decode_limit"}], screens=SCREEN).view
    (gap,) = view.gaps
    assert examine(told.needs, view).blind == {}
    lasting = replace(view, gaps=(replace(gap, until_us=30_000_000),))
    assert set(examine(told.needs, lasting).blind) == {Sense.TRAFFIC}


def test_what_lasts_blinds_the_phases_that_follow():
    story = {"phases": ["initial", "accepted"], "gaps": [{"at": 5, "kind": "agent_lost"}]}
    assert examined(ALL | {"phases": ["accepted"]}, **story).unmet != ()


def test_a_screen_that_can_be_read_a_moment_later_hides_nothing():
    gap = [{"at": 30, "kind": "screen_unreadable"}]
    assert examined(gaps=gap, screens=[*SCREEN, {"at": 32, "kind": "ordinary"}]).unmet == ()
    assert examined(gaps=gap, screens=[*SCREEN, {"at": 50, "kind": "ordinary"}]).unmet != ()


def test_without_any_screen_no_dialog_can_be_ruled_out():
    assert examined(screens=[]).blind[Sense.SCREENS] == ("1-example: no screen could be read",)


def test_a_hook_that_failed_matters_only_for_its_own_data_types():
    told = rule(needs=ALL)
    view = case(told, screens=SCREEN, gaps=[{"at": 0, "kind": "hook_not_armed", "subject": "other.hook"}]).view
    other = replace(view, hook_types={**view.hook_types, "other.hook": frozenset({"loc.precise"})})
    same = replace(view, hook_types={**view.hook_types, "other.hook": frozenset({"id.imei"})})
    assert (examine(told.needs, other).unmet, len(examine(told.needs, same).unmet)) == ((), 1)


def test_armed_hooks_that_never_fired_prove_nothing():
    told = rule(needs=ALL)
    view = case(told, screens=SCREEN).view
    silent = tuple(replace(hook, proven=0) for hook in view.coverage.hooks)
    found = examine(told.needs, replace(view, coverage=replace(view.coverage, hooks=silent)))
    assert "no hook fired" in found.unmet[0]


def test_a_class_that_the_device_does_not_have_is_not_armed_and_not_a_failure():
    told = rule(needs=ALL)
    view = case(told, screens=SCREEN).view
    armed = view.coverage.hooks[0]
    absent = replace(armed, hook="absent", status=HookStatus.CLASS_ABSENT, proven=0)
    assert examine(told.needs, replace(view, coverage=replace(view.coverage, hooks=(armed, absent)))).unmet == ()


def test_short_watching_is_unmet_and_short_of_the_suggestion_is_said():
    assert "watched for 2.0 s only" in examined(each=2).unmet[0]
    assert examined(each=20).remarks[0] == "watched for 20 s; 60 s or more are suggested"
    assert examined(each=60).remarks == ("seen in 1 clean run; 2 or more are suggested",)


def test_time_before_the_first_sign_of_a_started_app_was_not_watched():
    started = [{"at": 0, "kind": "app_started"}]
    late = [{"at": 58, "kind": "ordinary"}]
    assert any("2.0 s only" in reason for reason in examined(marks=started, screens=late).unmet)
    assert examined(marks=started).unmet == ()
    assert any("0.0 s only" in reason for reason in examined({"dwell": True}, marks=started, screens=[]).unmet)


@pytest.mark.parametrize(
    ("needs", "word"),
    [
        ({"phases": ["refused"]}, "exercised a refusal"),
        ({"app_states": ["background"]}, "the app in the background"),
        ({"marks": ["permission_asked"]}, "contains permission windows"),
        ({"app_type": True}, "--app-type"),
    ],
)
def test_what_was_never_exercised_is_named(needs, word):
    assert word in examined(needs).untested[0]


def test_kept_data_is_no_first_run():
    assert "kept its data" in examined({"first_run": True}, phases=["unknown"]).untested[0]


def test_an_import_says_neither_which_hooks_were_armed_nor_what_was_not_in_it():
    told = rule(needs=ALL)
    view = replace(case(told, screens=SCREEN).view, imported=frozenset({"1-example"}))
    bare = replace(view, coverage=replace(view.coverage, hooks=()))
    assert set(examine(told.needs, bare).blind) == {Sense.HOOKS, Sense.TRAFFIC}
    assert all("1-example: a" in reason for reason in examine(told.needs, bare).unmet)


def test_an_import_proves_no_absence_of_what_no_sense_watches():
    told = rule(needs={"phases": ["initial"]})
    view = case(told, screens=SCREEN).view
    assert examine(told.needs, view).unmet == ()
    assert "what else the app did" in examine(told.needs, replace(view, imported=frozenset({"1-example"}))).unmet[0]


def test_a_negative_cites_what_a_calibration_of_the_device_proved():
    details = {"session": "cal-1", "day": "2026-01-31", "proven": "example.0 wifi.ssid"}
    mark = [{"at": -1, "kind": "device_calibrated", "details": details}]
    told = examined(marks=mark).remarks
    assert "calibrating this device (cal-1, 2026-01-31) proved example.0" in told
    more = {**details, "proven": "wifi.ssid", "proven_2": "example.0"}
    assert examined(marks=[{**mark[0], "details": more}]).remarks == examined(marks=mark).remarks
    silent = examined(marks=[{**mark[0], "details": {**details, "proven": "wifi.ssid"}}]).remarks
    assert "calibrating this device (cal-1, 2026-01-31) proved none of the hooks for it" in silent
    assert not [remark for remark in examined().remarks if "calibrating" in remark]


@pytest.mark.parametrize("gap", ["device_lost", "interrupted", "storage_full", "agent_lost"])
def test_who_watches_for_starts_in_the_background_sees_none_without_the_device_or_the_agent(gap):
    needs = {"app_states": ["background"]}
    story = {"app_state": "background", "gaps": [{"at": 30, "kind": gap}]}
    assert [reason.split(" (")[0] for reason in examined(needs, **story).unmet] == [gap.replace("_", " ")]
    assert examined(needs, **story | {"gaps": [{"at": 30, "kind": "tls_refused"}]}).unmet == ()


def test_a_search_after_a_refusal_or_one_that_was_broken_off_says_nothing_of_the_policy():
    needs = {"marks": ["policy_reached", "policy_not_found"], "walk": True}
    vain = {"at": 9, "kind": "policy_not_found"}
    refused = {"phases": ["initial", "refused"], "marks": [vain | {"at": 69, "phase": "refused"}]}
    assert examined(needs, **refused).untested
    assert not examined(needs, marks=[vain]).untested
    broken = [{"at": 8, "kind": "walk_incomplete"}]
    assert examined(needs, marks=[vain], gaps=broken).unmet
    assert not examined(needs, marks=[vain, {"at": 20, "kind": "policy_reached"}], gaps=broken).unmet


def test_what_was_watched_is_told_for_each_recording():
    said = examined({"phases": ["initial"], "app_states": ["silent", "foreground"], "screens": True}, each=7).watch
    assert said == (
        "watched the time before any choice or the app out of use or the app in the foreground through screens "
        "(1-example 7.0 s), and saw nothing that the clause names"
    )
    assert "watched the app through what the device told (" in examined({"marks": ["relaunched"]}).watch


REACH = {"marks": ["relaunched"], "reach": 172_800}
STARTED = [{"at": 0, "kind": "app_started"}, {"at": 30, "kind": "relaunched"}]


def test_a_new_start_that_comes_too_soon_is_said_and_one_with_the_clock_ahead_is_not():
    assert examined(REACH, marks=STARTED).remarks == (
        "the app was started again within 30 s only; --later tries the 48 hours as well",
    )
    ahead = {"at": 40, "kind": "clock_moved", "details": {"ahead_s": "176400"}}
    assert examined(REACH, marks=[*STARTED, ahead, {"at": 41, "kind": "relaunched"}]).remarks == ()


def test_a_clock_that_could_not_be_set_forbids_a_negative_of_who_asks_for_later_starts():
    gaps = [{"at": 40, "kind": "clock_not_moved", "subject": "lab"}]
    assert examined(REACH, marks=STARTED, gaps=gaps).unmet == ("clock not moved (lab): as the story says",)
    assert examined(gaps=gaps).unmet == ()


def test_marks_that_no_recording_has_are_named_in_words():
    (why,) = examined({"marks": ["policy_reached", "policy_not_found"]}).untested
    assert why == "no recording contains walks that reached the privacy policy or walks that found no privacy policy"
