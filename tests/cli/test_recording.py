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
    "text",
    [
        "values: {no.such.type: [x]}",
        "persona: x\nvalues: {id.imeii: ['1']}",
        "persona: [",
        "values: {id.imei: {a: }",
        "",
        "persona: x\nvaluez: {}",
    ],
)
def test_a_bad_persona_file_is_a_usage_error_that_names_the_file(analyzer, tmp_path, text):
    path = tmp_path / "persona.yaml"
    path.write_text(text)
    said = analyzer("run", "--package", "com.example", "--device", "lab", "--persona", path)
    assert said.code == 2
    assert "persona.yaml" in said.err
    assert not (tmp_path / "analyzer-workspace" / "sessions").exists()


def test_more_time_with_the_screen_off_than_in_the_background_is_a_usage_error(analyzer, tmp_path):
    said = analyzer("run", "--package", "com.example", "--device", "lab", "--background", "5", "--silent", "6")
    assert said.code == 2
    assert "--silent is the last part of --background" in said.err
    assert not list((tmp_path / "analyzer-workspace").glob("sessions/*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--traffic", "wireguard", "--device", "any"), "--traffic wireguard needs --wireguard-listen ADDRESS:PORT"),
        (("--wireguard-listen", "192.168.1.7:51820"), "--wireguard-listen belongs to --traffic wireguard"),
        (("--traffic", "wireguard", "--wireguard-listen", "0.0.0.0:51820"), "name one of this computer's own"),
    ],
)
def test_a_tunnel_is_listened_for_only_where_somebody_says_where(analyzer, words, said):
    ended = analyzer("run", "--package", "com.example", "--device", "lab", *words)
    assert ended.code == 2
    assert said in ended.err


def test_no_tunnel_is_asked_for_where_none_is_used(analyzer):
    ended = analyzer("run", "--package", "org.unknown", "--device", "lab", "--traffic", "wireguard")
    assert ended.code == 3
    assert "--traffic has no effect on the lab device" in ended.err
    assert "--wireguard-listen" not in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say --traffic proxy, too"),
        (("--traffic", "proxy", "--pass-refused"), "--pass-refused needs to know which hosts the app itself refused"),
        (("--traffic", "proxy", "--unpin", "--later"), "--unpin and --later cannot be had with --without-root"),
    ],
)
def test_what_needs_root_cannot_be_had_without(analyzer, words, said):
    ended = analyzer("run", "--package", "com.example", "--device", "lab", "--without-root", *words)
    assert ended.code == 2
    assert said in ended.err


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
