from __future__ import annotations

import json

import pytest
from adb_double import adb_server

from analyzer.cli.recording import interruption


def test_run_prints_the_document_and_nothing_else(recorded_example):
    document = json.loads(recorded_example.document)
    assert {verdict["rule"] for verdict in document["verdicts"] if verdict["outcome"] == "violated"} >= {
        "cn.191.3.1",
        "cn.191.5.1",
        "eu.eprivacy.5.3",
    }


def test_run_talks_on_stderr_while_it_records(recorded_example):
    assert "Recording com.example: accept" in recorded_example.talk
    assert "events" in recorded_example.talk.splitlines()[-1]


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


def test_an_unknown_pack_is_a_usage_error_that_names_it(analyzer, recorded_example):
    said = analyzer("replay", "latest", "--pack", "xx-1", "--workspace", recorded_example.workspace)
    assert said.code == 2
    assert "xx-1" in said.err


def test_an_unknown_profile_or_app_type_is_a_usage_error(analyzer, recorded_example):
    for option in ("--profile", "--app-type"):
        said = analyzer("replay", "latest", option, "xx-1", "--workspace", recorded_example.workspace)
        assert said.code == 2
        assert "xx-1" in said.err


@pytest.mark.parametrize(
    "text", ["values: {no.such.type: [x]}", "persona: [", "values: {id.imei: {a: }", "", "persona: x\nvaluez: {}"]
)
def test_a_bad_persona_file_is_a_usage_error_that_names_the_file(analyzer, tmp_path, text):
    path = tmp_path / "persona.yaml"
    path.write_text(text)
    said = analyzer("run", "--package", "com.example", "--device", "lab", "--persona", path)
    assert said.code == 2
    assert "persona.yaml" in said.err
    assert not (tmp_path / "analyzer-workspace" / "sessions").exists()


def test_an_unknown_package_lists_the_known_ones(analyzer, tmp_path):
    said = analyzer("run", "--package", "org.unknown", "--device", "lab")
    assert said.code == 3
    assert "com.example.compliant" in said.err
    assert not list((tmp_path / "analyzer-workspace").glob("sessions/*"))


def test_an_unknown_device_is_refused_with_what_to_do(analyzer, monkeypatch):
    with adb_server(b"OKAY0000") as (host, port):
        monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", host)
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
        said = analyzer("run", "--package", "com.example", "--device", "emulator-5554")
    assert said.code == 3
    assert "--device lab" in said.err


@pytest.mark.parametrize(
    "words", [(), ("--package", "com.example", "--consent", "maybe"), ("--package", "com.example", "--dwell", "-1")]
)
def test_words_that_do_not_fit_are_usage_errors(analyzer, words):
    assert analyzer("run", *words).code == 2


def test_an_interruption_says_what_became_of_the_session():
    assert "analyzer replay 20260101-000000-its.name-0000" in interruption("20260101-000000-its.name-0000")
    assert interruption("") == "Interrupted before anything was recorded."


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
def test_fail_on_violated_ends_with_5(analyzer):
    words = ("--package", "com.example", "--device", "lab", "--dwell", "1", "--duration", "0", "--fail-on", "violated")
    said = analyzer("run", *words)
    assert said.code == 5
    assert "cn.191.3.1" in said.out.decode()


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
