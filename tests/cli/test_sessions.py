from __future__ import annotations

import io

import pytest


def test_list_names_every_session_with_app_and_number_of_violations(analyzer, recorded_example):
    said = analyzer("sessions", "list", "--workspace", recorded_example.workspace)
    assert said.code == 0
    (row,) = [row.split() for row in said.rows if row.startswith(recorded_example.session.name)]
    assert row[1] == "com.example"
    assert int(row[-1]) >= 3


def test_list_of_an_empty_workspace_has_headings_only(analyzer):
    said = analyzer("sessions", "list")
    assert (said.code, len(said.rows)) == (0, 1)


def test_show_gives_the_kept_document(analyzer, recorded_example):
    said = analyzer("sessions", "show", "latest", "--json", "--workspace", recorded_example.workspace)
    assert said.out == recorded_example.document


def test_show_gives_verdicts_for_people(analyzer, recorded):
    said = analyzer("sessions", "show", "latest", "--workspace", recorded.workspace)
    assert said.code == 0
    assert "cn.191.3.1" in said.out.decode()


def test_a_session_id_may_be_shortened(analyzer, recorded_example):
    short = recorded_example.session.name[:13]
    said = analyzer("sessions", "show", short, "--json", "--workspace", recorded_example.workspace)
    assert said.out == recorded_example.document


@pytest.mark.parametrize(("answer", "code", "words"), [("", 2, "nobody answered: --yes"), ("n\n", 0, "deleted.")])
def test_delete_asks_first_and_keeps_everything_without_a_yes(analyzer, recorded, monkeypatch, answer, code, words):
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    said = analyzer("sessions", "delete", "latest", "--workspace", recorded.workspace)
    assert said.code == code
    assert "Nothing was deleted" in said.err
    assert words in said.err
    assert recorded.session.exists()


def test_ctrl_c_at_the_question_deletes_nothing_and_is_an_interruption(analyzer, recorded, monkeypatch):
    class Stopped(io.StringIO):
        def readline(self, *_: object) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Stopped())
    said = analyzer("sessions", "delete", "latest", "--workspace", recorded.workspace)
    assert (said.code, "Nothing was deleted." in said.err) == (130, True)
    assert recorded.session.exists()


@pytest.mark.parametrize("word", ["", "2", "com.example", "shipped"])
def test_a_word_that_may_be_a_mistake_deletes_nothing(analyzer, recorded, word):
    said = analyzer("sessions", "delete", word, "--yes", "--workspace", recorded.workspace)
    assert said.code == 2
    assert recorded.session.exists()


def test_delete_takes_evidence_report_and_results(analyzer, recorded):
    analyzer("sessions", "show", "latest", "--workspace", recorded.workspace)
    said = analyzer("sessions", "delete", "latest", "--yes", "--workspace", recorded.workspace)
    assert said.code == 0
    assert not recorded.session.exists()
    assert not list((recorded.workspace / "reports").iterdir())
    assert len(analyzer("sessions", "list", "--workspace", recorded.workspace).rows) == 1


def test_the_list_is_in_the_readers_language(analyzer, recorded):
    said = analyzer("sessions", "list", "--workspace", recorded.workspace, "--language", "zh")
    assert "  是  " in said.rows[1]
    assert "yes" not in said.out.decode()
