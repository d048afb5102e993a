from dataclasses import replace

import pytest
from stories import facts

from analyzer.analysis.matches import (
    Terms,
    either,
    every,
    match_call,
    match_consent,
    match_mark,
    match_observation,
    match_screen,
)
from analyzer.model.vocabulary import Truth
from analyzer.packs.conditions import CallQuery, ConsentQuery, MarkQuery, ObservationQuery, ScreenQuery

NETWORK = {"at": 1, "data_type": "id.imei", "channel": "network", "tier": "transmitted"}


def figure(number):
    return float(number)


def observed(query, *, strict=True, necessary=None, **story):
    (fact,) = facts(observations=[{"at": 1, "data_type": "id.imei"} | story]).observations
    return match_observation(fact, ObservationQuery.model_validate(query), Terms(figure, {}, necessary, strict))


def shown(query, **story):
    (fact,) = facts(screens=[{"at": 1, "kind": "consent"} | story]).screens
    return match_screen(fact, ScreenQuery.model_validate(query), Terms(figure, {}))


@pytest.mark.parametrize(
    ("query", "truth"),
    [
        ({}, Truth.YES),
        ({"data_type": ["id.*"]}, Truth.YES),
        ({"data_type": ["loc.*"]}, Truth.NO),
        ({"not_data_type": ["id.*"]}, Truth.NO),
        ({"tier_at_least": "accessed"}, Truth.YES),
        ({"tier_at_least": "stored"}, Truth.NO),
        ({"confidence_at_least": 1.0}, Truth.YES),
        ({"phase": ["refused"]}, Truth.NO),
        ({"app_state": ["background"]}, Truth.NO),
    ],
)
def test_an_observation_is_meant_or_not(query, truth):
    assert observed(query) is truth


def test_an_unknown_phase_or_state_may_be_any():
    assert observed({"phase": ["initial"]}, phase="unknown") is Truth.UNKNOWN
    assert observed({"app_state": ["background"]}, app_state="unknown") is Truth.UNKNOWN


def test_only_the_apps_own_traffic_supports_a_breach():
    assert observed({}, **NETWORK, owner="app") is Truth.YES
    assert observed({}, **NETWORK, owner="unknown") is Truth.UNKNOWN
    assert observed({}, strict=False, **NETWORK, owner="unknown") is Truth.YES
    assert observed({}, strict=False, **NETWORK, owner="other") is Truth.NO


@pytest.mark.parametrize(
    ("query", "truth"),
    [
        ({}, Truth.YES),
        ({"refuses": [1]}, Truth.YES),
        ({"gives": [2]}, Truth.YES),
        ({"gives": [1]}, Truth.NO),
        ({"refuses": [2]}, Truth.NO),
        ({"sent": True}, Truth.NO),
        ({"framework": ["us_privacy"]}, Truth.NO),
        ({"sale_refused": True}, Truth.NO),
    ],
)
def test_a_consent_is_meant_by_what_its_text_says(query, truth):
    (fact,) = facts(consents=[{"at": 1, "key": "IABTCF_PurposeConsents", "text": "0111111111"}]).consents
    assert match_consent(fact, ConsentQuery.model_validate(query)) is truth


def test_what_a_text_without_purposes_says_of_them_is_not_asked():
    (fact,) = facts(consents=[{"at": 1, "key": "IABTCF_VendorConsents", "text": "0111"}]).consents
    assert match_consent(fact, ConsentQuery(refuses=(1,))) is Truth.NO


def test_nobody_refused_a_purpose_that_nobody_was_asked_about():
    (fact,) = facts(consents=[{"at": 1, "key": "IABTCF_PurposeConsents", "text": "0111111111"}]).consents
    untold = replace(fact, subject=replace(fact.subject, first_untold=True))
    assert match_consent(untold, ConsentQuery(refuses=(1,))) is Truth.UNKNOWN


def test_a_screen_is_meant_by_words_that_stand_on_it():
    assert shown({"says": ["领取红包", "better experience"]}, says="For a BETTER  experience, agree") is Truth.YES
    assert shown({"says": ["领取红包"]}, says="For a better experience") is Truth.NO


def test_an_unknown_recipient_may_be_a_third_party():
    query = {"tier_at_least": "transmitted_third_party"}
    assert observed(query, **NETWORK) is Truth.UNKNOWN
    assert observed(query, **NETWORK, party="first") is Truth.NO


def test_necessity_is_unknown_until_the_type_of_the_app_is_named():
    assert observed({"unnecessary": True}) is Truth.UNKNOWN
    assert observed({"unnecessary": True}, necessary=frozenset({"id.imei"})) is Truth.NO
    assert observed({"unnecessary": True}, necessary=frozenset()) is Truth.YES


def test_a_mark_is_meant_by_kind_and_details():
    (fact,) = facts(marks=[{"at": 1, "kind": "permission_asked"}]).marks
    assert marked(fact) is Truth.YES
    assert marked(fact, details={"detail": "*.CAMERA"}) is Truth.NO
    assert marked(fact, not_details={"detail": ""}) is Truth.NO
    assert marked(fact, not_details={"detail": "*.CAMERA"}) is Truth.UNKNOWN
    assert marked(fact, over={"operations": 4}) is Truth.UNKNOWN


def marked(fact, **query):
    return match_mark(fact, MarkQuery(kind=("permission_asked",), **query), Terms(figure, {}))


@pytest.mark.parametrize(
    ("text", "truth"), [("5", Truth.YES), ("4", Truth.NO), ("", Truth.UNKNOWN), ("x", Truth.UNKNOWN)]
)
def test_a_detail_that_is_a_number_is_compared(text, truth):
    (fact,) = facts(marks=[{"at": 1, "kind": "permission_asked", "details": {"operations": text}}]).marks
    assert marked(fact, over={"operations": 4}) is truth


@pytest.mark.parametrize(
    ("query", "page", "truth"),
    [
        ({"policy_page": True}, {}, Truth.YES),
        ({"policy_page": True}, None, Truth.NO),
        ({"policy_shorter_than": 200}, {"characters": 10}, Truth.YES),
        ({"policy_shorter_than": 200}, None, Truth.NO),
        ({"policy_paler_than": 4.5}, {"contrast": 2}, Truth.YES),
        ({"policy_paler_than": 4.5}, {"contrast": None}, Truth.UNKNOWN),
        ({"policy_in_simplified_chinese": False}, {"simplified": False}, Truth.YES),
        ({"policy_in_simplified_chinese": False}, {"simplified": None}, Truth.UNKNOWN),
        ({"policy_in_simplified_chinese": False}, None, Truth.NO),
        ({}, None, Truth.YES),
    ],
)
def test_a_page_of_the_policy_is_meant_or_not(query, page, truth):
    assert shown(query, page=page) is truth


@pytest.mark.parametrize(
    ("query", "story", "truth"),
    [
        ({"kind": ["consent"]}, {}, Truth.YES),
        ({"kind": ["notice"]}, {}, Truth.NO),
        ({"has_control": ["refuse"]}, {"controls": ["accept"]}, Truth.NO),
        ({"lacks_control": ["refuse"]}, {"controls": ["accept"]}, Truth.YES),
        ({"checkbox_checked": True}, {"controls": ["checkbox"], "checked": True}, Truth.YES),
        ({"checkbox_checked": True}, {"controls": ["checkbox"]}, Truth.NO),
        ({"implied_only": True}, {"controls": ["accept"], "explicit": False}, Truth.YES),
        ({"implied_only": True}, {"controls": ["accept", "close"], "explicit": False}, Truth.YES),
        ({"implied_only": True}, {"controls": ["accept", "refuse"], "explicit": False}, Truth.NO),
        ({"implies_consent": True}, {"implies_consent": True}, Truth.YES),
        ({"implies_consent": True}, {}, Truth.NO),
        ({"after_relaunch": True}, {}, Truth.NO),
    ],
)
def test_a_screen_is_meant_by_what_stands_on_it(query, story, truth):
    assert shown(query, **story) is truth


def test_three_values_join_as_kleene_has_it():
    yes, no, unknown = Truth.YES, Truth.NO, Truth.UNKNOWN
    assert [every(pair) for pair in ((yes, unknown), (no, unknown), (yes, yes))] == [unknown, no, yes]
    assert [either(pair) for pair in ((yes, unknown), (no, unknown), (no, no))] == [yes, unknown, no]


def measured(query, **story):
    return shown(query, controls=["accept", "refuse"], **story)


@pytest.mark.parametrize(
    ("story", "smaller", "paler"),
    [
        ({}, Truth.NO, Truth.NO),
        ({"refusal_area": 0.2, "refusal_contrast": 1.5}, Truth.YES, Truth.YES),
        ({"refusal_contrast": 1.5, "accept_contrast": 2}, Truth.NO, Truth.NO),
        ({"refusal_area": None, "refusal_contrast": None}, Truth.UNKNOWN, Truth.UNKNOWN),
        ({"accept_contrast": None}, Truth.NO, Truth.UNKNOWN),
    ],
)
def test_a_refusal_is_smaller_or_paler_where_it_was_measured(story, smaller, paler):
    assert measured({"refusal_smaller_than": 0.5}, **story) is smaller
    assert measured({"refusal_paler_than": 3}, **story) is paler


def test_a_dialog_with_one_answer_has_no_smaller_one():
    assert shown({"refusal_smaller_than": 0.5}, controls=["accept"]) is Truth.NO


def test_what_was_sent_without_encryption_is_told_apart():
    assert observed({"cleartext": True}, **NETWORK, cleartext=True) is Truth.YES
    assert observed({"cleartext": True}, **NETWORK) is Truth.NO
    assert observed({}, **NETWORK, cleartext=True) is Truth.YES


@pytest.mark.parametrize(
    ("globs", "truth"),
    [((), Truth.YES), (("IABTCF_*", "0*"), Truth.YES), (("IABTCF_*", "1*"), Truth.NO), (("IAB*", "*", "*"), Truth.NO)],
)
def test_a_call_is_meant_by_its_arguments(globs, truth):
    (fact,) = facts(calls=[{"at": 1, "hook": "a.b", "arguments": ["IABTCF_PurposeConsents", "0101"]}]).calls
    assert match_call(fact, CallQuery(hook=("a.*",), arguments=globs), Terms(figure, {})) is truth
