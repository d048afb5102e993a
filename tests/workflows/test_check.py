from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from analyzer.codec.seal import decode_seal, encode_seal, sealed_bytes
from analyzer.packs.loader import DATA
from analyzer.store import results
from analyzer.workflows.analyze import Lens, analyze, judge
from analyzer.workflows.bundle import write_bundle
from analyzer.workflows.check import Check, check
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.sealing import seal_session
from analyzer.workflows.shipped import find_session

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


def test_a_result_that_only_its_name_tells_from_todays_is_the_same(tmp_path):
    found = _kept(Home(tmp_path), lambda data, run: data.replace(run, b"0" * 64))
    assert (found.intact, found.differs) == (True, False)
    assert f"the same result but for the run's name ({'0' * 16} kept" in found.lines[-1]


@pytest.mark.parametrize("claim", [b"", b"0.22.0"])
def test_verdicts_that_were_changed_with_the_name_of_the_run_are_found(tmp_path, claim):
    def milder(data: bytes, run: bytes) -> bytes:
        assert data.count(b'"outcome": "violated"') > 1
        changed = data.replace(b'"outcome": "violated"', b'"outcome": "not_observed"').replace(run, b"0" * 64)
        return changed.replace(b'"libraries": {', b'"libraries": {"a": "%b", ' % claim) if claim else changed

    found = _kept(Home(tmp_path), milder)
    assert (found.intact, found.differs) == (True, True)
    text = "\n".join(found.lines)
    assert "ANOTHER result than the kept one" in text
    assert f"cannot be made again: its run {'0' * 16} stands for packs or versions that are not here" in text
    assert "not observed → violated" in text


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
    unnamed = check(home, "shipped")
    assert (unnamed.intact, unnamed.differs) == (True, True)
    said = "cannot be made again: it was judged by lab-own, which does not ship: name the folder with --pack"
    assert said in unnamed.lines[-1]
    named = check(home, "shipped", packs)
    assert not named.differs
    assert "the same result, byte for byte" in named.lines[-1]
    with pytest.raises(UsageProblem, match="judged by lab-own, which does not ship, and a bundle"):
        write_bundle(home, "shipped", io.BytesIO())
