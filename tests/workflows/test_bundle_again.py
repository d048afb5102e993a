"""The evidence of a bundle is judged again by the packs in it, as on another machine."""

from __future__ import annotations

import json
from dataclasses import replace
from unittest.mock import Mock

import pytest
from bundles import earlier, earlier_form, gut, made_elsewhere, read, rewritten

from analyzer.codec.bundle import decode_environment, encode_environment
from analyzer.model.results import JudgedBy
from analyzer.packs.loader import DATA
from analyzer.workflows import bundle_again
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.bundle import write_bundle
from analyzer.workflows.home import Home
from analyzer.workflows.time_limit import OutOfTime
from analyzer.workflows.unbundle import check_bundle
from analyzer.workflows.workers import WorkerKilled


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "elsewhere")


def test_another_result_is_told_with_what_differs(bundle, home, tmp_path):
    result = read(bundle, "data/result/result.json").replace(b'"violated"', b'"suspected"', 1)
    file = rewritten(bundle, tmp_path / "b.zip", {"data/result/result.json": result}, sign=True)
    found = check_bundle(home, file)
    assert (found.intact, found.differs) == (True, True)
    text = "\n".join(found.lines)
    assert "ANOTHER result" in text
    assert "suspected → violated" in text or "no verdict, observation" in text


def test_reports_that_say_something_else_than_the_result_are_found_whoever_signs(bundle, home, tmp_path):
    assert any("the reports say what the result says, byte" in line for line in check_bundle(home, bundle).lines)
    change: dict[str, bytes | None] = {
        "data/result/report.en.html": b"<h1>clean</h1>",
        "data/result/summary.en.md": None,
    }
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert (found.intact, found.differs) == (True, True)
    assert found.lines[-1] == "NOT what the result gives: result/report.en.html, result/summary.en.md"
    assert "decisions of analysts: 1, on the word of who signed the bundle" in found.lines


def test_reports_of_another_python_and_library_are_held_against_the_result_as_others_are(bundle, home, tmp_path):
    elsewhere = made_elsewhere(bundle, tmp_path / "a.zip")
    change: dict[str, bytes | None] = {"data/result/report.en.html": b"<h1>clean</h1>", "data/READ-ME.txt": b"Trust."}
    found = check_bundle(home, rewritten(elsewhere, tmp_path / "b.zip", change, sign=True))
    assert (found.intact, found.differs) == (True, True)
    assert found.lines[-1] == "NOT what the result gives: result/report.en.html, READ-ME.txt"


def test_a_bundle_that_lacks_one_of_its_packs_says_so_and_passes_for_nothing(bundle, home, tmp_path):
    gone = {
        f"data/packs/rules/eu-eprivacy/{file.name}": None for file in (DATA / "rules" / "eu-eprivacy").glob("*.yaml")
    }
    kept = json.loads(read(bundle, "data/result/result.json"))
    kept["verdicts"] = [one for one in kept["verdicts"] if one["pack"] != "eu-eprivacy"]
    change = {**gone, "data/result/result.json": json.dumps(kept).encode()}
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert (found.intact, found.differs) == (True, True)
    assert "not judged by, though usual here: eu-eprivacy" in found.lines


def test_a_pack_that_lies_in_the_bundle_for_another_one_alone_does_not_judge(home, tmp_path):
    origin, file = Home(tmp_path / "origin"), tmp_path / "b.zip"
    analyze(origin, "shipped", Lens(packs=("uk-pecr",)))
    with file.open("wb") as out:
        write_bundle(origin, "shipped", out)
    assert read(file, "data/packs/rules/eu-eprivacy/pack.yaml")
    found = check_bundle(home, file)
    assert (found.intact, found.differs) == (True, False)
    assert "not judged by, though usual here: cn-191-2019, eu-eprivacy" in found.lines


@pytest.mark.parametrize("profile", ["/etc/passwd", "../../session/manifest", ""])
def test_a_profile_is_sought_in_the_bundle_alone(bundle, home, tmp_path, profile):
    made = decode_environment(read(bundle, "data/result/environment.json"))
    change = {"data/result/environment.json": encode_environment(replace(made, profile=profile))}
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert found.differs
    assert found.lines[-1] == f"the profile {profile!r} is not in the bundle: its result cannot be made again"


def test_a_policy_that_the_result_was_not_compared_with_is_found(bundle, home, tmp_path):
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", {"data/policy/p.txt": b"We take all."}, sign=True))
    assert found.differs
    assert "policy/p.txt of the bundle is NOT the privacy policy" in found.lines[-1]


def test_the_rules_of_the_bundle_are_used_and_said_to_be_others(bundle, home, tmp_path):
    path = "data/packs/app_types.yaml"
    file = rewritten(bundle, tmp_path / "b.zip", {path: read(bundle, path) + b"# another byte\n"}, sign=True)
    found = check_bundle(home, file)
    assert found.differs
    assert any("other than those installed here: app_types" in line for line in found.lines)
    assert any("packs app_types:" in line for line in found.lines)


def test_the_same_result_by_another_version_of_a_library_is_said_to_be_the_same(bundle, home, tmp_path):
    found = check_bundle(home, made_elsewhere(bundle, tmp_path / "b.zip"))
    assert (found.intact, found.differs) == (True, False)
    (at,) = (at for at, line in enumerate(found.lines) if "the same result, byte for byte" in line)
    assert found.lines[at].endswith("though by other versions:")
    assert found.lines[at + 1].startswith("made with Python 3.11.2, here ")
    assert found.lines[at + 2].startswith("library brotli: 1.0.9 there, ")


def test_another_result_by_another_version_of_a_library_is_another_result(bundle, home, tmp_path):
    found = check_bundle(home, made_elsewhere(bundle, tmp_path / "b.zip", b'"suspected"'))
    assert (found.intact, found.differs) == (True, True)
    text = "\n".join(found.lines)
    assert "ANOTHER result" in text
    assert "library brotli: 1.0.9 there, " in text


def test_a_run_that_is_not_named_by_the_versions_that_the_bundle_states_is_another(bundle, home, tmp_path):
    made = decode_environment(read(bundle, "data/result/environment.json"))
    there = replace(made, libraries={**made.libraries, "brotli": "1.0.9"})
    change = {"data/result/environment.json": encode_environment(there)}
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert found.differs
    assert "it is NOT named by the packs and versions that the bundle says it was made with" in found.lines


@pytest.mark.parametrize("change", [{"data/packs/taxonomy.yaml": b"[}"}, {"data/result/environment.json": b"{"}])
def test_packs_that_cannot_be_read_are_told_and_not_an_error(bundle, home, tmp_path, change):
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert (found.intact, found.differs) == (True, True)
    assert "cannot be" in "\n".join(found.lines[-2:])


@pytest.mark.parametrize(
    ("problem", "said"),
    [(OutOfTime("it took longer than 300 s"), "was given up"), (RecursionError("too deep"), "cannot be used")],
)
def test_what_packs_of_others_make_fail_is_told_and_not_an_error(bundle, home, monkeypatch, problem, said):
    monkeypatch.setattr(bundle_again, "judge", Mock(side_effect=problem))
    found = check_bundle(home, bundle)
    assert (found.intact, found.differs) == (True, True)
    assert said in "\n".join(found.lines[-2:])


def test_a_machine_without_memory_is_nothing_that_the_bundle_says(bundle, home, monkeypatch):
    monkeypatch.setattr(bundle_again, "judge", Mock(side_effect=WorkerKilled("free memory")))
    with pytest.raises(WorkerKilled):
        check_bundle(home, bundle)


def test_a_result_of_an_earlier_form_is_held_against_all_that_it_tells(bundle, home, tmp_path):
    found = check_bundle(home, earlier(bundle, tmp_path / "b.zip"))
    assert (found.intact, found.differs) == (True, False)
    text = "\n".join(found.lines)
    assert "b.zip is as it was made: " in found.lines[0]
    assert "is of an earlier form, which does not tell: session.judged_by, coverage.flows_tapped, flows[].t" in text
    assert "by the packs in the bundle gives the same in all that it tells" in text
    assert "the word of who signed the bundle alone" in found.lines[-1]


@pytest.mark.parametrize("strip", [gut, lambda kept: earlier_form(kept, JudgedBy())])
def test_a_result_by_what_is_here_is_of_no_earlier_form(bundle, home, tmp_path, strip):
    kept = json.loads(read(bundle, "data/result/result.json"))
    run = kept["session"]["run_id"]
    strip(kept)
    kept["session"]["run_id"] = run
    change: dict[str, bytes | None] = {
        "data/result/result.json": json.dumps(kept).encode(),
        "data/result/report.en.html": b"<h1>No violation found</h1>",
    }
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert (found.intact, found.differs) == (True, True)
    assert "ANOTHER result than the one in the bundle" in "\n".join(found.lines)
    assert "earlier form" not in "\n".join(found.lines)
    assert any(line.endswith(": missing, though results of its form have it") for line in found.lines)


def test_a_result_of_an_earlier_form_is_named_by_what_the_bundle_says_made_it(bundle, home, tmp_path):
    made = decode_environment(read(bundle, "data/result/environment.json"))
    there = encode_environment(replace(made, analyzer="0.0.8"))
    found = check_bundle(home, earlier(bundle, tmp_path / "b.zip", **{"data/result/environment.json": there}))
    assert found.differs
    assert "it is NOT named by the packs and versions that the bundle says it was made with" in found.lines


def test_an_earlier_form_hides_no_other_outcome(bundle, home, tmp_path):
    found = check_bundle(home, earlier(bundle, tmp_path / "b.zip", "not_observed"))
    assert (found.intact, found.differs) == (True, True)
    assert any("ANOTHER result than the one in the bundle" in line for line in found.lines)
    assert "not observed → violated" in "\n".join(found.lines)


def test_what_one_entry_lacks_and_others_tell_is_no_earlier_form(bundle, home, tmp_path):
    kept = json.loads(read(bundle, "data/result/result.json"))
    del kept["verdicts"][0]["reasons"]
    change = {"data/result/result.json": json.dumps(kept).encode()}
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert found.differs
    assert "verdicts[].reasons: missing in some of them" in found.lines


def test_packs_that_this_version_cannot_use_are_told_beside_what_was_checked(bundle, home, tmp_path):
    file = earlier(bundle, tmp_path / "b.zip", **{"data/packs/policy_words.yaml": None})
    found = check_bundle(home, file)
    assert (found.intact, found.differs) == (True, True)
    assert "b.zip is as it was made: " in found.lines[0]
    assert "as it was sealed: every byte of" in found.lines[2]
    assert "cannot be used by this analyzer: " in found.lines[-2]
    assert "it was NOT analysed again; `analyzer import FILE` has the evidence judged" in found.lines[-1]


def test_a_result_of_a_newer_form_is_told_to_be_newer(bundle, home, tmp_path):
    kept = read(bundle, "data/result/result.json").replace(b"analyzer.result/1", b"analyzer.result/2", 1)
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", {"data/result/result.json": kept}, sign=True))
    assert (found.intact, found.differs) == (True, True)
    assert "analyzer.result/2 was written by a newer analyzer: update this one" in found.lines[-1]
