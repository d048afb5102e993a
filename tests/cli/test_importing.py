from __future__ import annotations

import json
import re

import pytest
import traffic


@pytest.fixture
def capture(tmp_path):
    path = tmp_path / "capture.har"
    path.write_bytes(traffic.har(traffic.told(1), traffic.told(3)))
    return path


def test_an_import_prints_the_id_and_every_command_works_on_it(analyzer, capture, tmp_path):
    persona = traffic.persona(tmp_path)
    said = analyzer("import", capture, "--package", "com.example", "--persona", persona, "--accepted-at", "+1")
    assert said.code == 0, said.err
    (session,) = said.rows
    assert re.fullmatch(r"\d{8}-\d{6}-com\.example-[0-9a-f]{4}", session)
    assert "Imported 2 flows, 0 events and 0 gaps" in said.err
    replayed = analyzer("replay", "latest", "--json")
    document = json.loads(replayed.out)
    assert [one["phase"] for one in document["observations"]] == ["initial", "accepted"]
    assert analyzer("export", "latest", "--format", "json").out == replayed.out
    assert analyzer("verify", session).code == 0
    assert analyzer("sessions", "show", session).code == 0
    assert analyzer("export", "latest", "--format", "mitm", "-o", tmp_path / "out.mitm").code == 0
    again = analyzer("import", tmp_path / "out.mitm", "--package", "com.example", "--persona", persona, "--no-consent")
    assert again.code == 0, again.err
    har = json.loads(analyzer("export", session, "--format", "har").out)
    assert [entry["_personalData"][0]["data_type"] for entry in har["log"]["entries"]] == ["id.imei", "id.imei"]


def test_an_original_that_was_changed_is_found_by_verify(analyzer, capture, tmp_path):
    (session,) = analyzer("import", capture, "--package", "com.example").rows
    original = tmp_path / "analyzer-workspace" / "sessions" / session / "originals" / "1-capture.har"
    original.write_bytes(original.read_bytes().replace(b"collect", b"neglect", 1))
    said = analyzer("verify", session)
    assert said.code == 4
    assert "originals/1-capture.har" in said.out.decode()


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["nowhere.har"], 2, "is not there"),
        (["."], 2, "is a folder"),
        (["empty.har"], 4, "is empty"),
        (["picture.png"], 4, "no capture that can be read"),
        (["capture.har", "capture.har"], 2, "same file"),
        (["capture.har", "--accepted-at", "soon"], 2, "is no time"),
        (["capture.har", "--accepted-at", "+1", "--no-consent"], 2, "do not go together"),
        (["capture.har", "--persona", "bad.yaml"], 2, "bad.yaml"),
        (["capture.har", "--marks", "bad.yaml"], 2, "bad.yaml"),
        (["capture.har", "--package", "nothing"], 2, "no package name"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_and_leaves_no_session(analyzer, capture, tmp_path, words, code, why):
    (tmp_path / "empty.har").touch()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "bad.yaml").write_text("- {kind: nonsense}", encoding="utf-8")
    package = [] if "--package" in words else ["--package", "com.example"]
    said = analyzer("import", *words, *package)
    assert (said.code, said.out) == (code, b"")
    assert why in said.err
    assert said.err.count("\n") == 1
    sessions = tmp_path / "analyzer-workspace" / "sessions"
    assert not sessions.exists() or not list(sessions.iterdir())
    assert capture.exists()
