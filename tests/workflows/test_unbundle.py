"""Bundles are checked in another workspace, under another name: as on another machine."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from unittest.mock import Mock

import pytest
from tsa import LocalAuthority

from analyzer.analysis.identity import name_run
from analyzer.codec.bundle import Voucher, decode_environment, encode_environment, encode_voucher
from analyzer.codec.seal import decode_seal, encode_seal
from analyzer.model.vocabulary import Outcome
from analyzer.packs.loader import DATA
from analyzer.store import keys
from analyzer.store.bag import BagWriter
from analyzer.store.problems import EvidenceRefused
from analyzer.store.seal import seal
from analyzer.workflows import unbundle
from analyzer.workflows.analyze import Lens, analyze, stored
from analyzer.workflows.bundle import Vouching, write_bundle
from analyzer.workflows.check import check
from analyzer.workflows.decisions import decide, decisions
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.sessions import sessions
from analyzer.workflows.time_limit import OutOfTime
from analyzer.workflows.unbundle import check_bundle, import_bundle, is_bundle
from analyzer.workflows.workers import WorkerKilled

SESSION = "20261123-200703-com.example-f67b"


@pytest.fixture(scope="module")
def origin(tmp_path_factory) -> Home:
    return Home(tmp_path_factory.mktemp("origin"))


@pytest.fixture(scope="module")
def bundle(origin, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "b.zip"
    decide(origin, stored(origin, "shipped").document, "cn.191.4.1", Outcome.VIOLATED, "no function needs it", "Li")
    with path.open("wb") as out:
        write_bundle(origin, "shipped", out)
    return path


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "elsewhere")


def rewritten(bundle: Path, target: Path, change: dict[str, bytes | None], *, sign: bool = False) -> Path:
    """Make a bundle again with files changed; with `sign`, all digests and signatures made anew by another key."""
    with zipfile.ZipFile(bundle) as old:
        files = {name.partition("/")[2]: old.read(name) for name in old.namelist()}
    files |= {name: data for name, data in change.items() if data is not None}
    for name in (name for name, data in change.items() if data is None):
        del files[name]
    if not sign:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name, data in files.items():
                new.writestr(f"{SESSION}/{name}", data)
        return target
    key = keys.workspace_key(target.with_suffix(".pem"))
    with target.open("wb") as out:
        bag = BagWriter(out, SESSION)
        for name, data in files.items():
            if name.startswith("data/"):
                bag.add(name.removeprefix("data/"), [data])
        manifest = bag.close_payload({})
        bag.vouch("bundle.json", _voucher(key, manifest))
        bag.close()
    return target


def _voucher(key, manifest: bytes) -> bytes:
    draft = Voucher(SESSION, sha256(manifest).hexdigest(), keys.public_hex(key))
    return encode_voucher(replace(draft, signature=key.sign(draft.signed()).hex()))


def read(bundle: Path, name: str) -> bytes:
    with zipfile.ZipFile(bundle) as archive:
        return archive.read(f"{SESSION}/{name}")


def test_a_bundle_checks_out_elsewhere_and_leaves_nothing_behind(bundle, home):
    found = check_bundle(home, bundle)
    text = "\n".join(found.lines)
    assert (found.intact, found.differs) == (True, False)
    assert "b.zip is as it was made" in found.lines[0]
    assert "ask its owner to confirm it" in found.lines[1]
    assert "the same result, byte for byte" in text
    assert not home.path.exists()


def test_the_reports_in_a_bundle_show_what_analysts_decided_and_the_result_stays_as_it_was(bundle, origin):
    assert "no function needs it" in read(bundle, "data/result/report.en.html").decode()
    assert "no function needs it" in read(bundle, "data/result/summary.zh.md").decode()
    assert read(bundle, "data/result/result.json") == stored(origin, "shipped").data


def test_the_workspace_that_made_it_knows_its_own_key(bundle, origin):
    assert "this workspace's key" in check_bundle(origin, bundle).lines[1]


def test_elsewhere_the_evidence_is_said_to_be_signed_by_the_key_of_the_bundle(small, home, tmp_path):
    (session,) = small.workspace.sessions_folder.iterdir()
    seal(session, "0", keys.workspace_key(small.workspace.key_file))
    made = tmp_path / "own.zip"
    with made.open("wb") as out:
        write_bundle(small, "latest", out)
    lines = check_bundle(home, made).lines
    assert "ask its owner" in lines[1]
    assert lines[2].endswith("signed by the same key")


def test_a_bundle_opens_as_a_session(bundle, home):
    name, lines = import_bundle(home, bundle)
    assert name == SESSION
    assert any("as it was sealed" in line for line in lines)
    assert lines[-2:] == ("1 decision of analysts came with it", "judged here, with the result of the bundle")
    assert sessions(home)[0][-1] == "3"
    assert [one.why for one in decisions(home, name)] == ["no function needs it"]
    again = check(home, "latest")
    assert again.intact
    assert not again.differs


def test_a_bundle_that_is_there_already_is_named_and_other_evidence_is_not_put_over_it(bundle, home):
    name, _ = import_bundle(home, bundle)
    again, lines = import_bundle(home, bundle)
    assert again == name
    assert lines == (f"{name} is in this workspace already, with the same evidence: nothing was left to do.",)
    file = home.workspace.sessions_folder / name / "seal.json"
    file.chmod(0o600)
    other = decode_seal(file.read_bytes())
    file.write_bytes(encode_seal(replace(other, digest="0" * 64)))
    with pytest.raises(UsageProblem, match=r"other evidence.*--workspace"):
        import_bundle(home, bundle)


def test_a_session_that_was_altered_since_is_not_said_to_be_the_same_evidence(bundle, home):
    name, _ = import_bundle(home, bundle)
    file = home.workspace.sessions_folder / name / "recordings" / "1-accept" / "events.jsonl"
    file.unlink()
    with pytest.raises(EvidenceRefused, match=r"not as it was sealed \(recordings/1-accept/events.jsonl.*Move"):
        import_bundle(home, bundle)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data/session/recordings/1-accept/marks.jsonl": b"{}\n"}, "data/session/recordings/1-accept/marks.jsonl"),
        ({"data/result/result.json": b"{}"}, "data/result/result.json: was changed"),
        ({"data/packs/taxonomy.yaml": b"a: 1"}, "data/packs/taxonomy.yaml: was changed"),
        ({"data/session/seal.json": None}, "data/session/seal.json: is missing"),
        ({"seal/bundle.json": None}, "nobody vouches for the bundle"),
        ({"bag-info.txt": b"Contact-Name: me\n"}, "bag-info.txt: was changed"),
        ({"data/session/more.txt": b"1"}, "data/session/more.txt: was added"),
    ],
)
def test_one_changed_file_is_found_and_nothing_is_imported(bundle, home, tmp_path, change, said):
    file = rewritten(bundle, tmp_path / "changed.zip", change)
    found = check_bundle(home, file)
    assert not found.intact
    assert any(said in line for line in found.lines), found.lines
    assert "NOT as it was made" in found.lines[-1]
    with pytest.raises(EvidenceRefused, match="nothing was imported"):
        import_bundle(home, file)
    assert home.workspace.sessions() == []


def test_who_makes_all_digests_anew_still_cannot_sign_for_the_recorder(bundle, home, tmp_path):
    path = "data/session/recordings/1-accept/marks.jsonl"
    forged = read(bundle, path).replace(b"2", b"3", 1)
    file = rewritten(bundle, tmp_path / "forged.zip", {path: forged}, sign=True)
    found = check_bundle(home, file)
    assert not found.intact
    assert all("data/session/" in line or "NOT" in line for line in found.lines)


def test_a_voucher_of_another_bundle_does_not_vouch(bundle, home, tmp_path):
    other = rewritten(bundle, tmp_path / "other.zip", {"data/READ-ME.txt": b"other"}, sign=True)
    file = rewritten(other, tmp_path / "mixed.zip", {"seal/bundle.json": read(bundle, "seal/bundle.json")})
    assert any("vouches for another bundle" in line for line in check_bundle(home, file).lines)


def test_another_result_is_told_with_what_differs(bundle, home, tmp_path):
    result = read(bundle, "data/result/result.json").replace(b'"violated"', b'"suspected"', 1)
    file = rewritten(bundle, tmp_path / "b.zip", {"data/result/result.json": result}, sign=True)
    found = check_bundle(home, file)
    assert (found.intact, found.differs) == (True, True)
    text = "\n".join(found.lines)
    assert "ANOTHER result" in text
    assert "suspected → violated" in text or "no verdict, observation" in text


@pytest.mark.parametrize(
    "name", ["data/result/VERDICT.pdf", "data/letter.html", "data/packs/rules/a/b/c.yaml", "data/x"]
)
def test_a_file_of_which_no_bundle_is_made_is_refused_whoever_signs(bundle, home, tmp_path, name):
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", {name: b"nothing was violated"}, sign=True))
    assert not found.intact
    assert found.lines[0] == f"{name}: is not part of a bundle"


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


def test_reports_of_other_versions_are_said_to_be_the_signers_word(bundle, home, tmp_path):
    elsewhere = made_elsewhere(bundle, tmp_path / "a.zip")
    change: dict[str, bytes | None] = {"data/result/report.en.html": b"<h1>clean</h1>"}
    found = check_bundle(home, rewritten(elsewhere, tmp_path / "b.zip", change, sign=True))
    assert (found.intact, found.differs) == (True, False)
    assert "not compared, and the word of who signed the bundle alone: result/report.en.html" in found.lines[-1]


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


def made_elsewhere(bundle: Path, target: Path, verdict: bytes = b'"violated"') -> Path:
    """Make a bundle as another machine would: of the same evidence and packs, with another version of a library."""
    made = decode_environment(read(bundle, "data/result/environment.json"))
    there = replace(made, python="3.11.2", libraries={**made.libraries, "brotli": "1.0.9"})
    kept = json.loads(read(bundle, "data/result/result.json"))
    digest = decode_seal(read(bundle, "data/session/seal.json")).digest
    run = name_run(digest, there.packs, there.analyzer, there.libraries).encode()
    result = read(bundle, "data/result/result.json").replace(kept["session"]["run_id"].encode(), run)
    change = {
        "data/result/result.json": result.replace(b'"violated"', verdict, 1),
        "data/result/environment.json": encode_environment(there),
    }
    return rewritten(bundle, target, change, sign=True)


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
    assert "only how they are told" in found.lines[-1]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (b'"violated"', "judged here, with the result of the bundle, though by other versions:"),
        (b'"suspected"', "judged here, with ANOTHER result than the bundle's"),
    ],
)
def test_an_import_tells_with_what_a_bundle_was_made_that_is_not_here(bundle, home, tmp_path, verdict, said):
    _, lines = import_bundle(home, made_elsewhere(bundle, tmp_path / "b.zip", verdict))
    at = lines.index(said)
    assert lines[at + 2].startswith("library brotli: 1.0.9 there, ")
    assert not check(home, "latest").differs


@pytest.mark.parametrize("change", [{"data/packs/taxonomy.yaml": b"[}"}, {"data/result/environment.json": b"{"}])
def test_packs_that_cannot_be_read_are_told_and_not_an_error(bundle, home, tmp_path, change):
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", change, sign=True))
    assert (found.intact, found.differs) == (True, True)
    assert "cannot be" in found.lines[-1]


@pytest.mark.parametrize(
    ("problem", "said"),
    [(OutOfTime("it took longer than 300 s"), "was given up"), (RecursionError("too deep"), "cannot be used")],
)
def test_what_packs_of_others_make_fail_is_told_and_not_an_error(bundle, home, monkeypatch, problem, said):
    monkeypatch.setattr(unbundle, "judge", Mock(side_effect=problem))
    found = check_bundle(home, bundle)
    assert (found.intact, found.differs) == (True, True)
    assert said in found.lines[-1]


def test_a_machine_without_memory_is_nothing_that_the_bundle_says(bundle, home, monkeypatch):
    monkeypatch.setattr(unbundle, "judge", Mock(side_effect=WorkerKilled("free memory")))
    with pytest.raises(WorkerKilled):
        check_bundle(home, bundle)


def test_a_time_stamp_is_held_against_the_root_that_is_named(origin, home, tmp_path):
    (tmp_path / "tsa").mkdir()
    (tmp_path / "other").mkdir()
    authority, other = LocalAuthority(tmp_path / "tsa"), LocalAuthority(tmp_path / "other")
    file = tmp_path / "b.zip"
    with authority.serving() as url, file.open("wb") as out:
        write_bundle(origin, "shipped", out, Vouching(None, url))
    assert any("leads to the root" in line for line in check_bundle(home, file, authority.roots).lines)
    assert any("was not checked" in line for line in check_bundle(home, file).lines)
    refused = check_bundle(home, file, other.roots)
    assert not refused.intact
    assert "is as it was made" in refused.lines[0]
    assert "NOT proven" in refused.lines[-1]
    assert "name the root of that authority" in refused.lines[-1]


def test_a_missing_time_stamp_is_missed_where_a_root_is_named(bundle, home, tmp_path):
    authority = LocalAuthority(tmp_path)
    found = check_bundle(home, bundle, authority.roots)
    assert not found.intact
    assert "is as it was made" in found.lines[0]
    assert found.lines[-1] == "when it was made is NOT proven: the bundle has no time stamp"


def test_a_file_of_roots_that_is_not_there_is_the_users_mistake(bundle, home, tmp_path):
    with pytest.raises(UsageProblem, match="name the file of the authority's certificates"):
        check_bundle(home, bundle, tmp_path / "none.pem")


def test_only_a_zip_with_a_bag_in_it_is_a_bundle(bundle, tmp_path):
    assert is_bundle(bundle)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("a.har", "{}")
    (tmp_path / "text").write_text("PK")
    assert not any(map(is_bundle, (tmp_path / "a.zip", tmp_path / "text", tmp_path, tmp_path / "none")))


def test_a_hostile_bundle_leaves_nothing_behind(bundle, home, tmp_path):
    for name in ("../../evil", "/etc/evil", f"{SESSION}/data/../../../evil"):
        file = tmp_path / "evil.zip"
        file.write_bytes(bundle.read_bytes())
        with zipfile.ZipFile(file, "a") as made:
            made.writestr(name, b"evil")
        with pytest.raises(EvidenceRefused, match="leads elsewhere"):
            check_bundle(home, file)
        with pytest.raises(EvidenceRefused, match="leads elsewhere"):
            import_bundle(home, file)
    assert not list(tmp_path.rglob("evil"))
    assert [path.name for path in home.path.iterdir()] == ["sessions"]
