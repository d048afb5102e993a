from __future__ import annotations

import json
import zipfile

from analyzer.store import results
from analyzer.workflows.analyze import Lens, judge
from analyzer.workflows.home import Home


def test_export_json_is_the_document_that_the_run_printed(analyzer, recorded_example):
    said = analyzer("export", "latest", "--format", "json", "--workspace", recorded_example.workspace)
    assert (said.code, said.err) == (0, "")
    assert said.out == recorded_example.document


def test_export_writes_a_file_and_leaves_stdout_alone(analyzer, recorded_example, tmp_path):
    target = tmp_path / "report.html"
    said = analyzer("export", "latest", "--format", "html", "-o", target, "--workspace", recorded_example.workspace)
    assert (said.code, said.out) == (0, b"")
    assert str(target) in said.err
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_export_csv_has_a_line_per_observation(analyzer, recorded_example):
    said = analyzer("export", "latest", "--format", "csv", "--workspace", recorded_example.workspace)
    assert said.code == 0
    assert b"id.imei" in said.out


def test_export_in_a_format_that_there_is_not_is_a_usage_error(analyzer):
    said = analyzer("export", "latest", "--format", "pdf")
    assert said.code == 2
    assert "pdf" in said.err


def test_export_into_a_folder_that_is_not_there_says_so(analyzer, recorded_example):
    said = analyzer("export", "latest", "--format", "json", "-o", "no/x", "--workspace", recorded_example.workspace)
    assert said.code == 3
    assert "no/x" in said.err


def test_verify_says_that_nothing_was_changed_and_who_signed(analyzer, recorded_example):
    said = analyzer("verify", "latest", "--workspace", recorded_example.workspace)
    assert said.code == 0
    assert "is as it was sealed" in said.rows[0]
    assert "signed by this workspace's key" in said.rows[0]
    assert "byte for byte" in said.rows[-1]


def test_verify_ends_with_4_and_names_the_file_when_evidence_was_changed(analyzer, recorded):
    path = recorded.session / "recordings" / "1-accept" / "events.jsonl"
    path.write_bytes(path.read_bytes().replace(b"com.example", b"com.axample", 1))
    said = analyzer("verify", "latest", "--workspace", recorded.workspace)
    assert said.code == 4
    assert "recordings/1-accept/events.jsonl" in said.out.decode()
    assert "NOT as it was sealed" in said.rows[-1]


def test_verify_ends_with_6_when_the_kept_result_can_no_longer_be_read(analyzer, recorded):
    _, analysis, info = judge(recorded.session, Lens())
    with Home(recorded.workspace).results() as engine:
        results.save(engine, info, analysis, b"{}")
    assert analyzer("verify", "latest", "--workspace", recorded.workspace).code == 6


def test_verify_ends_with_6_when_the_kept_result_is_another(analyzer, recorded):
    home = Home(recorded.workspace)
    result, analysis, info = judge(recorded.session, Lens())
    document = json.loads(result.data)
    document["verdicts"][0]["reasons"] = []
    document["observations"].pop()
    with home.results() as engine:
        results.save(engine, info, analysis, json.dumps(document).encode())
    said = analyzer("verify", "latest", "--workspace", recorded.workspace)
    assert said.code == 6
    assert any("ANOTHER result" in row for row in said.rows)


def test_an_export_that_fails_leaves_the_file_that_stood_there(analyzer, tmp_path):
    kept = tmp_path / "kept.har"
    kept.write_text("mine")
    assert analyzer("export", "latest", "--format", "har", "-o", kept).code == 2
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["kept.har"]
    assert kept.read_text() == "mine"


def test_an_output_that_cannot_be_written_is_named_alone(analyzer, tmp_path):
    said = analyzer("export", "shipped", "--format", "csv", "-o", tmp_path / "no" / "x.csv")
    assert said.code == 3
    assert f"{tmp_path / 'no' / 'x.csv'} cannot be written (No such file or directory): name another" in said.err
    assert "workspace" not in said.err


def test_a_bundle_that_is_not_there_is_no_session_either_and_checking_one_makes_no_workspace(analyzer, tmp_path):
    said = analyzer("verify", "nothere.zip")
    assert (said.code, said.out) == (2, b"")
    assert "nothere.zip is not there" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_is_made_here_and_checked_and_opened_there(analyzer, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    said = analyzer("export", "shipped", "--format", "bundle", "-o", "b.zip", "--workspace", here)
    assert (said.code, said.out) == (0, b"")
    assert "`analyzer verify b.zip` checks it anywhere" in said.err
    checked = analyzer("verify", "b.zip", "--workspace", there)
    assert checked.code == 0
    assert "byte for byte" in checked.rows[-1]
    assert not there.exists()
    opened = analyzer("import", "b.zip", "--workspace", there)
    assert opened.code == 0
    assert opened.rows == ["20261123-200703-com.example-f67b"]
    assert f"Next: `analyzer sessions show {opened.rows[0]} --workspace {there}`" in opened.err
    assert analyzer("import", "b.zip", "--workspace", there).rows == opened.rows
    assert analyzer("import", "b.zip", "--package", "com.example", "--workspace", tmp_path / "x").code == 2


def test_a_changed_bundle_ends_with_4(analyzer, tmp_path):
    analyzer("export", "shipped", "--format", "bundle", "-o", "b.zip", "--workspace", "here")
    with zipfile.ZipFile("b.zip", "a") as bundle:
        bundle.writestr("20261123-200703-com.example-f67b/data/more", b"1")
    said = analyzer("verify", "b.zip")
    assert said.code == 4
    assert "data/more: was added" in said.out.decode()
    assert analyzer("import", "b.zip").code == 4


def test_a_bundle_that_was_not_copied_whole_ends_with_4(analyzer, tmp_path):
    analyzer("export", "shipped", "--format", "bundle", "-o", "b.zip", "--workspace", "here")
    (tmp_path / "half.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:100_000])
    said = analyzer("verify", "half.zip")
    assert said.code == 4
    assert "was all of it copied?" in said.err


def test_words_that_do_not_fit_a_bundle_are_usage_errors(analyzer, tmp_path):
    assert analyzer("export", "shipped", "--format", "bundle", "--redact").code == 2
    assert analyzer("export", "shipped", "--format", "json", "--tsa", "http://a.example").code == 2
    assert analyzer("verify", "shipped", "--tsa-ca", "root.pem").code == 2
    assert analyzer("export", "shipped", "--format", "bundle", "--tsa", "file:///x", "-o", "b.zip").code == 2
    assert not (tmp_path / "b.zip").exists()


def test_a_redacted_copy_holds_no_value_in_any_format(analyzer):
    for format_ in ("json", "timesketch", "har", "mitm"):
        said = analyzer("export", "shipped", "--format", format_, "--redact")
        assert said.code == 0
        assert b"867431059238179" not in said.out
        assert b"[id.imei#" in said.out


def test_a_timeline_is_a_table_where_the_name_of_the_file_says_so(analyzer, tmp_path):
    for name, beginning in (("a.jsonl", b'{"message"'), ("a.CSV", b"message,datetime,timestamp_desc")):
        assert analyzer("export", "shipped", "--format", "timesketch", "-o", name).code == 0
        assert (tmp_path / name).read_bytes().startswith(beginning)
