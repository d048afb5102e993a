from __future__ import annotations

import json
import shutil

import pytest

from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem
from analyzer.report.schema import schema_bytes
from analyzer.store.problems import EvidenceRefused, SessionNotFound
from analyzer.workflows.analyze import Lens, analyze, check_lens, judge, stored, write_report
from analyzer.workflows.home import Home


def test_analysing_keeps_the_result_and_gives_the_same_bytes_again(recorded):
    home = Home(recorded.workspace)
    first, second = (analyze(home, "latest", Lens()) for _ in range(2))
    assert first.data == second.data == stored(home, "latest").data == recorded.document
    assert first.has_outcome("violated")
    assert not first.has_outcome("compliant")


def test_judging_keeps_nothing(recorded):
    for path in recorded.workspace.glob("analyzer.db*"):
        path.unlink()
    result, _, info = judge(recorded.session, Lens())
    assert result.data == recorded.document
    assert info.id == recorded.session.name
    assert not (recorded.workspace / "analyzer.db").exists()


def test_an_unsealed_session_is_sealed_before_it_is_judged(small):
    result = analyze(small, "latest", Lens())
    assert (result.path / "seal.json").exists()
    assert not result.has_outcome("violated")


def test_no_kept_result_is_given_out_of_evidence_that_was_altered_since(small):
    events = stored(small, "latest").path / "recordings" / "1-accept" / "marks.jsonl"
    events.write_bytes(events.read_bytes() + b"\n")
    with pytest.raises(EvidenceRefused, match="is not as it was sealed"):
        stored(small, "latest")


def test_a_rule_of_one_s_own_that_names_what_is_not_there_judges_nothing(small, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(DATA / "rules" / "eu-eprivacy", own)
    lens = Lens(packs=(str(own),))
    check_lens(lens)
    rules = own / "terminal-equipment.yaml"
    rules.write_text(rules.read_text().replace("data_type: *device", "data_type: [id.imie]"))
    with pytest.raises(PackProblem, match=r"eu\.eprivacy\.5\.3: .*data_type: id\.imie matches no data type"):
        analyze(small, "latest", lens)


def test_a_result_that_is_not_kept_is_made(small):
    assert stored(small, "latest").data == stored(small, "latest").data


def test_the_report_lies_in_the_workspace_for_its_owner_alone(small):
    path = write_report(small, stored(small, "latest"), "en")
    assert path.parent == small.workspace.path / "reports"
    assert path.stat().st_mode & 0o077 == 0


def test_the_app_type_and_the_profile_are_told_in_the_document(recorded):
    result, _, _ = judge(recorded.session, Lens(profile="standard"))
    assert json.loads(result.data)["session"]["profile"]["name"] == "standard"


@pytest.mark.parametrize("lens", [Lens(packs=("xx",)), Lens(profile="xx"), Lens(app_type="xx")])
def test_a_lens_that_names_what_is_not_there_is_refused_before_a_recording(lens):
    with pytest.raises(PackProblem, match="xx"):
        check_lens(lens)


def test_an_unknown_word_finds_no_session(small):
    with pytest.raises(SessionNotFound):
        analyze(small, "19990101", Lens())


def test_the_document_follows_its_schema(recorded):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(json.loads(recorded.document), json.loads(schema_bytes()))


def test_a_line_that_a_crash_tore_is_a_gap_at_its_own_place(small):
    marks = next(small.workspace.path.rglob("marks.jsonl"))
    whole = marks.read_bytes()
    marks.chmod(0o600)
    marks.write_bytes(whole + b'{"v":1,"record":"ma')
    gaps = json.loads(analyze(small, "latest", Lens()).data)["gaps"]
    place = {"recording": marks.parent.name, "source": "marks", "line": whole.count(b"\n") + 1}
    assert [gap["ref"] for gap in gaps if gap["kind"] == "record_torn"] == [place]
