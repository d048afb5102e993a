from __future__ import annotations

import json

import pytest


def test_replay_gives_the_bytes_of_the_run_twice(analyzer, recorded):
    for _ in range(2):
        said = analyzer("replay", "latest", "--json", "--workspace", recorded.workspace)
        assert (said.code, said.err) == (0, "")
        assert said.out == recorded.document


def test_replay_gives_the_same_after_the_database_is_gone(analyzer, recorded):
    for path in recorded.workspace.glob("analyzer.db*"):
        path.unlink()
    assert analyzer("replay", "latest", "--json", "--workspace", recorded.workspace).out == recorded.document


def test_replay_judges_by_the_packs_that_are_named(analyzer, recorded):
    words = ("replay", "latest", "--pack", "eu-eprivacy", "--json", "--workspace", recorded.workspace)
    document = json.loads(analyzer(*words).out)
    assert {verdict["pack"].partition("@")[0] for verdict in document["verdicts"]} == {"eu-eprivacy"}


def test_that_packs_alone_take_the_place_of_the_result_is_told_before_it_happens(analyzer):
    told = "takes the place of the session's kept result; plain `analyzer replay shipped` brings the usual one back."
    failed = analyzer("replay", "shipped", "--pack", "eu-eprivacy", "--app-type", "none", "--json")
    assert (failed.code, told in failed.err) == (2, True)
    assert told not in analyzer("replay", "shipped", "--json").err


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--app-type", "none"), "What this app type gives takes the place"),
        (("--policy", "none.txt"), "What this policy gives takes the place"),
        (("--profile", "none", "--policy", "none.txt"), "What this profile and this policy give takes the place"),
    ],
)
def test_other_thresholds_another_type_and_a_policy_are_announced_too(analyzer, words, what):
    failed = analyzer("replay", "shipped", *words)  # they are not there: told before they are looked for
    assert (failed.code, what in failed.err) == (2, True)


def test_replay_for_people_shows_verdicts_and_where_the_report_is(analyzer, recorded):
    said = analyzer("replay", recorded.session.name[:15], "--workspace", recorded.workspace)
    assert said.code == 0
    assert "cn.191.3.1" in said.out.decode()
    assert "compliant" not in said.out.decode()
    assert str(recorded.workspace / "reports") in said.err


@pytest.mark.parametrize("word", ["19990101", "nothing"])
def test_a_session_that_is_not_there_is_a_usage_error_that_names_the_newest(analyzer, recorded_example, word):
    said = analyzer("replay", word, "--workspace", recorded_example.workspace)
    assert said.code == 2
    assert recorded_example.session.name in said.err


def test_replay_in_an_empty_workspace_says_how_to_record(analyzer):
    said = analyzer("replay", "latest")
    assert said.code == 2
    assert "analyzer run" in said.err


def test_replay_says_in_words_what_differs_from_the_kept_result(analyzer):
    analyzer("replay", "shipped")
    said = analyzer("replay", "shipped", "--pack", "eu-eprivacy", "--json")
    assert said.code == 0
    assert "cn.191.3.1: was violated, is no longer judged" in said.err
    assert json.loads(said.out)["verdicts"]
    assert "byte for byte" in analyzer("replay", "shipped", "--pack", "eu-eprivacy").err


def test_replay_plays_a_recording_at_once_where_there_is_no_terminal(analyzer):
    said = analyzer("replay", "shipped", "--play")
    assert said.code == 0
    text = said.out.decode()
    assert text.index("before any choice") < text.index("[id.imei]") < text.index("after acceptance")


def test_words_that_do_not_fit_playing_are_usage_errors(analyzer):
    assert analyzer("replay", "shipped", "--play", "--json").code == 2
    assert analyzer("replay", "shipped", "--speed", "2").code == 2
    assert analyzer("replay", "shipped", "--play", "--speed", "-1").code == 2
