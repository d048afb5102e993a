from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import bagit
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from recorded import Recorded
from tsa import LocalAuthority

from analyzer.codec.bundle import decode_environment, decode_voucher
from analyzer.packs.loader import load_packs
from analyzer.store import results, unzip
from analyzer.store.keys import has_signed, public_hex
from analyzer.store.problems import EvidenceRefused, KeyUnusable
from analyzer.workflows.analyze import Lens, analyze, judge, stored
from analyzer.workflows.bundle import Vouching, write_bundle
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.shipped import find_session
from analyzer.workflows.unbundle import check_bundle


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    stored(home, "shipped")
    return home


@pytest.fixture(scope="module")
def bundle(home, tmp_path_factory) -> Path:
    return written(home, tmp_path_factory.mktemp("bundle") / "b.zip")


def written(home: Home, path: Path, vouching: Vouching | None = None) -> Path:
    with path.open("wb") as out:
        write_bundle(home, "shipped", out, vouching)
    return path


def read(bundle: Path, name: str) -> bytes:
    with zipfile.ZipFile(bundle) as archive:
        (found,) = [one for one in archive.namelist() if one.partition("/")[2] == name]
        return archive.read(found)


@pytest.mark.filterwarnings("ignore:'count' is passed as positional:DeprecationWarning")  # the tool's own
def test_a_bundle_is_a_bag_for_the_tool_that_archivists_use(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert bagit.Bag(str(folder)).validate()


def test_evidence_result_packs_schemas_and_reports_are_in_it(home, bundle):
    session = find_session(home, "shipped")
    for path in session.rglob("*"):
        if path.is_file():
            assert read(bundle, f"data/session/{path.relative_to(session)}") == path.read_bytes()
    assert read(bundle, "data/result/result.json") == stored(home, "shipped").data
    assert "违反" in read(bundle, "data/result/report.zh.html").decode()
    assert json.loads(read(bundle, "data/schemas/result.schema.json"))["title"] == "ResultDocument"
    assert decode_environment(read(bundle, "data/result/environment.json")).packs == load_packs().digests


def test_the_packs_in_it_are_those_that_were_used(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    (packs,) = tmp_path.glob("*/data/packs")
    assert load_packs(hooks=packs / "catalog", data=packs).digests == load_packs().digests


def test_the_same_session_gives_the_same_bytes(home, bundle, tmp_path):
    assert written(home, tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_a_lab_may_sign_with_a_key_of_its_own(home, tmp_path):
    key = Ed25519PrivateKey.generate()
    file = tmp_path / "lab.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    voucher = decode_voucher(read(written(home, tmp_path / "b.zip", Vouching(file)), "seal/bundle.json"))
    assert voucher.public_key == public_hex(key)
    assert has_signed(voucher.public_key, voucher.signature, voucher.signed())
    with pytest.raises(KeyUnusable):
        write_bundle(home, "shipped", io.BytesIO(), Vouching(tmp_path / "none.pem"))


def test_an_authority_stamps_what_vouches_for_the_bundle(home, tmp_path):
    authority = LocalAuthority(tmp_path)
    with authority.serving() as url, (tmp_path / "b.zip").open("wb") as out:
        stamped = write_bundle(home, "shipped", out, Vouching(None, url, authority.roots))
    assert stamped
    assert stamped.proven
    assert read(tmp_path / "b.zip", "seal/timestamp.tsr")


def test_evidence_that_was_changed_is_not_bundled(tmp_path):
    home = Home(tmp_path)
    path = stored(home, "shipped").path / "recordings" / "1-accept" / "marks.jsonl"
    path.write_bytes(path.read_bytes().replace(b"lab", b"lob", 1) + b"\n")
    with pytest.raises(EvidenceRefused, match=r"marks\.jsonl"):
        write_bundle(home, "shipped", io.BytesIO())


def test_a_result_of_other_packs_is_not_bundled(tmp_path):
    home = Home(tmp_path)
    result, analysis, info = judge(find_session(home, "shipped"), Lens())
    with home.results() as engine:
        results.save(engine, info, analysis, result.data.replace(b'"violated"', b'"suspected"', 1))
    with pytest.raises(UsageProblem, match="analyzer replay"):
        write_bundle(home, "shipped", io.BytesIO())


def test_a_result_by_one_of_our_packs_alone_is_bundled_with_that_pack(tmp_path):
    home = Home(tmp_path)
    analyze(home, "shipped", Lens(("eu-eprivacy",)))
    written(home, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        rules = {name.split("/")[4] for name in archive.namelist() if "/packs/rules/" in name}
    assert rules == {"eu-eprivacy"}


def test_a_recording_of_today_is_bundled_too(recorded_example: Recorded, tmp_path):
    copy = recorded_example.copy(tmp_path / "workspace")
    with (tmp_path / "b.zip").open("wb") as out:
        write_bundle(Home(copy.workspace), "latest", out)
    assert read(tmp_path / "b.zip", "data/result/result.json") == copy.document


def test_evidence_that_would_swell_is_not_packed_so_that_the_bundle_is_opened(tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    session = find_session(home, "shipped")
    (session / "seal.json").unlink()
    (session / "recordings" / "1-accept" / "bodies").mkdir(exist_ok=True)
    (session / "recordings" / "1-accept" / "bodies" / "0.bin").write_bytes(b"\0" * 3_000_000)
    stored(home, "shipped")
    file = written(home, tmp_path / "b.zip")
    with zipfile.ZipFile(file) as archive:
        (entry,) = [one for one in archive.infolist() if one.filename.endswith("0.bin")]
        assert entry.compress_type == zipfile.ZIP_STORED
        assert {one.compress_type for one in archive.infolist() if one is not entry} == {zipfile.ZIP_DEFLATED}
    monkeypatch.setattr(unzip, "SMALL", 0)
    found = check_bundle(Home(tmp_path / "elsewhere"), file)
    assert (found.intact, found.differs) == (True, False)
