"""Bundles are checked in another workspace, under another name: as on another machine."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from errno import EACCES
from pathlib import PosixPath
from typing import IO, Any

import pytest
from bundles import SESSION, earlier, made_elsewhere, read, rewritten
from tsa import LocalAuthority

from analyzer.codec.seal import decode_seal, encode_seal
from analyzer.store import keys
from analyzer.store.problems import EvidenceRefused
from analyzer.store.seal import seal
from analyzer.workflows.analyze import stored
from analyzer.workflows.bundle import Vouching, write_bundle
from analyzer.workflows.check import check
from analyzer.workflows.decisions import decisions
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.sessions import sessions
from analyzer.workflows.unbundle import check_bundle, import_bundle, is_bundle


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "elsewhere")


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


@pytest.mark.parametrize(
    "name", ["data/result/VERDICT.pdf", "data/letter.html", "data/packs/rules/a/b/c.yaml", "data/x"]
)
def test_a_file_of_which_no_bundle_is_made_is_refused_whoever_signs(bundle, home, tmp_path, name):
    found = check_bundle(home, rewritten(bundle, tmp_path / "b.zip", {name: b"nothing was violated"}, sign=True))
    assert not found.intact
    assert found.lines[0] == f"{name}: is not part of a bundle"


def test_a_bundle_with_a_result_of_an_earlier_form_is_imported_and_judged(bundle, home, tmp_path):
    _, lines = import_bundle(home, earlier(bundle, tmp_path / "b.zip"))
    at = next(
        at for at, line in enumerate(lines) if "is of an earlier form, which does not tell: session.judged_by" in line
    )
    assert lines[at + 1] == "judged here, with the result of the bundle, though by other versions:"
    assert not check(home, "latest").differs


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


def test_a_zip_of_a_later_version_than_can_be_read_is_no_bundle(bundle, tmp_path):
    data = bytearray(bundle.read_bytes())
    data[data.index(b"PK\x01\x02") + 6] = 115
    (tmp_path / "later.zip").write_bytes(data)
    assert not is_bundle(tmp_path / "later.zip")


class _Shut(PosixPath):
    """A file of another user."""

    def open(self, *_: object, **__: object) -> IO[Any]:
        raise PermissionError(EACCES, "Permission denied", str(self))


def test_a_file_that_one_may_not_read_is_not_called_a_broken_bundle(bundle):
    with pytest.raises(PermissionError, match="Permission denied"):
        is_bundle(_Shut(bundle))


def test_bytes_between_the_files_of_a_bundle_and_its_directory_are_refused(bundle, home, tmp_path):
    data, more = bundle.read_bytes(), b"<h1>nothing was violated</h1>"
    start = int.from_bytes(data[-6:-2], "little")
    moved = data[:start] + more + data[start:-6] + (start + len(more)).to_bytes(4, "little") + data[-2:]
    file = tmp_path / "b.zip"
    file.write_bytes(moved)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
    with pytest.raises(EvidenceRefused, match="belong to none of its files: before its directory"):
        check_bundle(home, file)


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
