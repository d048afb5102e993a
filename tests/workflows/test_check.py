from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from bundles import earlier_form, gut

from analyzer.analysis.identity import name_run
from analyzer.codec.seal import decode_seal, encode_seal, sealed_bytes
from analyzer.model.results import JudgedBy
from analyzer.packs.loader import DATA, load_packs
from analyzer.store import results
from analyzer.workflows.analyze import Lens, analyze, judge
from analyzer.workflows.bundle import write_bundle
from analyzer.workflows.check import Check, check
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.sealing import seal_session
from analyzer.workflows.shipped import find_session
from analyzer.workflows.versions import installed

KINDS = (
    "manifest.json",
    "seal.json",
    "recordings/1-accept/events.jsonl",
    "recordings/1-accept/flows.jsonl",
    "recordings/1-accept/marks.jsonl",
    "recordings/1-accept/screens.jsonl",
    "recordings/1-accept/screens/*.png",
    "recordings/1-accept/screens/*.xml",
)


def _flip(path: Path, place: float) -> None:
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


def test_an_untouched_session_is_intact_and_gives_its_result_again(recorded):
    found = check(Home(recorded.workspace), "latest")
    assert (found.intact, found.differs) == (True, False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [0.0, 0.5, 0.999999])
def test_one_changed_byte_in_any_kind_of_file_is_found(recorded, kind, place):
    path = min(recorded.session.glob(kind))
    _flip(path, place)
    assert not check(Home(recorded.workspace), "latest").intact


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_file_of_any_kind_is_found(recorded, kind):
    min(recorded.session.glob(kind)).unlink()
    assert not check(Home(recorded.workspace), "latest").intact


def test_an_added_file_is_found(recorded):
    (recorded.session / "recordings" / "1-accept" / "screens" / "extra.xml").write_text("<hierarchy/>")
    assert not check(Home(recorded.workspace), "latest").intact


@pytest.mark.parametrize("kind", ["recordings/1-accept/bodies/*", "recordings/1-accept/gaps.jsonl"])
def test_a_changed_byte_in_a_body_or_a_gap_is_found(small, kind):
    path = small.workspace.find("latest")
    seal_session(small.workspace, path)
    assert check(small, "latest").intact
    (changed,) = path.glob(kind)
    _flip(changed, 0.5)
    found = check(small, "latest")
    assert not found.intact
    assert changed.name in found.lines[0]


def test_a_signature_that_was_taken_away_is_found_where_the_workspace_signs(recorded):
    seal = recorded.session / "seal.json"
    document = json.loads(seal.read_bytes())
    assert document["signature"]
    stripped = seal.read_bytes()
    for name in ("signature", "public_key"):
        stripped = stripped.replace(json.dumps(document[name]).encode(), b'""')
    seal.chmod(0o600)
    seal.write_bytes(stripped)
    found = check(Home(recorded.workspace), "latest")
    assert not found.intact
    assert "signature was taken away" in "\n".join(found.lines)


def test_an_unsigned_seal_elsewhere_is_only_said_to_detect_accidents(recorded):
    seal = recorded.session / "seal.json"
    bare = replace(decode_seal(seal.read_bytes()), public_key="", signature="")
    seal.chmod(0o600)
    seal.write_bytes(encode_seal(replace(bare, checksum=sha256(sealed_bytes(bare)).hexdigest())))
    (recorded.workspace / "keys" / "ed25519.pem").unlink()
    found = check(Home(recorded.workspace), "latest")
    assert "detects accidents only" in found.lines[0]


def test_a_seal_of_another_key_is_said_and_no_problem(recorded):
    (recorded.workspace / "keys" / "ed25519.pem").unlink()
    found = check(Home(recorded.workspace), "latest")
    assert found.intact
    assert "another key" in found.lines[0]


def test_a_session_that_was_never_sealed_is_refused(small):
    found = check(small, "latest")
    assert not found.intact
    assert "seal.json" in found.lines[0]


def test_without_a_kept_result_the_check_says_how_to_make_one(small):
    seal_session(small.workspace, small.workspace.find("latest"))
    found = check(small, "latest")
    assert (found.intact, found.differs) == (True, False)
    assert "analyzer replay" in found.lines[-1]


def test_a_kept_result_of_one_of_our_packs_is_judged_by_that_pack_again(recorded):
    home = Home(recorded.workspace)
    result, analysis, info = judge(recorded.session, Lens(packs=("eu-eprivacy",)))
    with home.results() as engine:
        results.save(engine, info, analysis, result.data)
    found = check(home, "latest")
    assert not found.differs
    assert "byte for byte" in found.lines[-1]


def _kept(home: Home, change: Callable[[bytes, bytes], bytes]) -> Check:
    """Check the shipped session with a kept result that somebody changed."""
    result, analysis, info = judge(find_session(home, "shipped"), Lens())
    with home.results() as engine:
        results.save(engine, info, analysis, change(result.data, analysis.run_id.encode()))
    return check(home, "shipped")


def _renamed(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Change a result and name its run by what it says then, as another version would have."""
    kept = json.loads(data)
    change(kept)
    session = kept["session"]
    by = JudgedBy(**{key: session["judged_by"][key] for key in ("analyzer", "libraries", "packs")})
    session["run_id"] = name_run(session["digest"], by)
    return json.dumps(kept).encode()


def _other_version(kept: dict[str, Any]) -> None:
    kept["session"]["judged_by"]["analyzer"] = "0.0.9"
    kept["session"]["judged_by"]["packs"]["catalog"] = "0" * 64


def _milder(kept: dict[str, Any]) -> None:
    for one in kept["verdicts"]:
        one["outcome"] = "not_observed" if one["outcome"] == "violated" else one["outcome"]


def test_a_result_names_the_packs_and_versions_that_made_it(tmp_path):
    result, _, _ = judge(find_session(Home(tmp_path), "shipped"), Lens())
    session = json.loads(result.data)["session"]
    by = session["judged_by"]
    assert by["packs"] == dict(load_packs().digests)
    assert (by["analyzer"], by["libraries"]) == (installed().analyzer, dict(installed().libraries))
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(by["packs"].items()))
    assert by["packs_digest"] == sha256(lines.encode()).hexdigest()
    assert session["run_id"] == name_run(session["digest"], JudgedBy(by["analyzer"], by["libraries"], by["packs"]))


def test_a_result_of_another_version_that_tells_the_same_is_the_same_and_says_what_made_it(tmp_path):
    found = _kept(Home(tmp_path), lambda data, _: _renamed(data, _other_version))
    assert (found.intact, found.differs) == (True, False)
    assert "the kept result was made by other packs or versions than are here:" in found.lines
    assert any(line.startswith("made with analyzer 0.0.9, here ") for line in found.lines)
    assert any(line.startswith("packs catalog: 0000000000000000 there, ") for line in found.lines)
    assert "gives the same in all that it tells" in found.lines[-1]


def test_a_result_of_another_version_that_came_out_otherwise_breaks_no_seal_and_says_what_to_do(tmp_path):
    found = _kept(Home(tmp_path), lambda data, _: _renamed(data, lambda kept: (_other_version(kept), _milder(kept))))
    assert (found.intact, found.differs) == (True, True)
    text = "\n".join(found.lines)
    assert "is as it was sealed" in found.lines[0]
    assert "packs catalog: 0000000000000000 there, " in text
    assert "not observed → violated" in text
    assert "no seal is broken by that: `analyzer replay" in found.lines[-1]


def test_a_run_that_is_not_named_by_what_it_says_made_it_is_found(tmp_path):
    found = _kept(Home(tmp_path), lambda data, run: data.replace(run, b"0" * 64))
    assert (found.intact, found.differs) == (True, True)
    assert f"its run {'0' * 16} is NOT the name of what it says it was made by" in found.lines


def test_a_result_that_was_changed_under_its_own_packs_is_another(tmp_path):
    found = _kept(Home(tmp_path), lambda data, _: data.replace(b'"outcome": "violated"', b'"outcome": "suspected"'))
    assert (found.intact, found.differs) == (True, True)
    assert "analysing it again gives ANOTHER result than the kept one" in found.lines
    assert not any("other packs or versions" in line or "no seal is broken" in line for line in found.lines)


@pytest.mark.parametrize(("change", "differs"), [(lambda kept: None, False), (_milder, True)])
def test_a_result_of_an_earlier_form_is_held_against_what_it_tells(tmp_path, change, differs):
    def older(data: bytes, _: bytes) -> bytes:
        kept = json.loads(data)
        earlier_form(kept, JudgedBy("0.0.9"))
        change(kept)
        return json.dumps(kept).encode()

    found = _kept(Home(tmp_path), older)
    assert (found.intact, found.differs) == (True, differs)
    text = "\n".join(found.lines)
    assert "is of an earlier form, which does not tell: session.judged_by, coverage.flows_tapped, flows[].t" in text
    assert "by which packs and versions it was made, it does not name" in text
    assert ("not observed → violated" in text) == differs


@pytest.mark.parametrize("by", [None, JudgedBy("0.0.9")])
def test_a_result_from_which_findings_were_taken_is_of_no_earlier_form(tmp_path, by):
    def gutted(data: bytes, _: bytes) -> bytes:
        kept = json.loads(data)
        gut(kept)
        del kept["session"]["judged_by"]
        if by:
            kept["session"]["run_id"] = name_run(kept["session"]["digest"], by)
        return json.dumps(kept).encode()

    found = _kept(Home(tmp_path), gutted)
    assert (found.intact, found.differs) == (True, True)
    assert "verdicts[].evidence: missing, though results of its form have it" in found.lines
    assert "observations: missing, though results of its form have it" in found.lines


def test_what_an_earlier_form_had_not_is_missing_in_a_result_by_what_is_here(tmp_path):
    def stripped(data: bytes, run: bytes) -> bytes:
        kept = json.loads(data)
        earlier_form(kept, JudgedBy())
        kept["session"]["run_id"] = run.decode()
        return json.dumps(kept).encode()

    found = _kept(Home(tmp_path), stripped)
    assert found.differs
    assert "analysing it again gives ANOTHER result than the kept one" in found.lines
    assert "flows[].tapped: missing, though results of its form have it" in found.lines


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"policy": null', b'"policy": {"name": "p.txt", "sha256": "00", "lines": 1, "ref": null}', "p.txt"),
        (b'"name": "standard"', b'"name": "/etc/passwd"', "'/etc/passwd' does not ship"),
    ],
)  # fmt: skip
def test_a_claimed_policy_or_profile_that_is_not_here_passes_for_nothing(tmp_path, old, new, said):
    found = _kept(Home(tmp_path), lambda data, _: data.replace(old, new))
    assert (found.intact, found.differs) == (True, True)
    assert "cannot be made again" in found.lines[-1]
    assert said in found.lines[-1]


def test_a_result_of_rules_of_one_s_own_is_held_against_their_folder(tmp_path):
    home, own = Home(tmp_path / "home"), tmp_path / "own"
    shutil.copytree(DATA / "rules" / "eu-eprivacy", own)
    head = own / "pack.yaml"
    head.write_text(head.read_text().replace("id: eu-eprivacy", "id: lab-own"))
    rules = own / "terminal-equipment.yaml"
    rules.write_text(rules.read_text().replace("id: eu.eprivacy", "id: lab.own"))
    packs = (str(own),)
    analyze(home, "shipped", Lens(packs))
    shutil.rmtree(home.path / "packs")  # the copy that was kept
    unnamed = check(home, "shipped")
    assert (unnamed.intact, unnamed.differs) == (True, True)
    said = "cannot be made again: it was judged by lab-own, which does not ship: name the folder with --pack"
    assert said in unnamed.lines[-1]
    named = check(home, "shipped", packs)
    assert not named.differs
    assert "the same result, byte for byte" in named.lines[-1]
    with pytest.raises(
        UsageProblem, match=r"judged by lab-own, which does not ship, and of which no copy .*--pack DIR"
    ):
        write_bundle(home, "shipped", io.BytesIO())


def test_packs_are_judged_by_again_in_the_order_in_which_they_were_named(tmp_path):
    home = Home(tmp_path)
    analyze(home, "shipped", Lens(("uk-pecr", "eu-eprivacy")))
    assert "the same result, byte for byte" in check(home, "shipped").lines[-1]
