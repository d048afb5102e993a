from __future__ import annotations

import io
import zipfile

import pytest
import traffic

from analyzer.codec.foreign import Kind
from analyzer.store.problems import EvidenceRefused
from analyzer.workflows import import_archive
from analyzer.workflows.home import Home
from analyzer.workflows.import_archive import captures_in, is_archive
from analyzer.workflows.import_files import staged

HAR = traffic.har(traffic.told(1))
LINES = b'{"time": 1700000000, "api": "a.b.C.d"}\n'


def packed(tmp_path, **files):
    path = tmp_path / "captures.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return path


def test_the_captures_of_an_archive_are_given_and_other_files_are_passed_over(tmp_path):
    path = packed(tmp_path, **{"day1__a.har": HAR, "readme.txt": b"hello", "b.jsonl": LINES, "day1__.hid.har": HAR})
    assert is_archive(path, path.read_bytes()[:4])
    assert [(name, file.read()) for name, file in captures_in(path, "x.zip")] == [
        ("day1/a.har", HAR),
        ("b.jsonl", LINES),
    ]
    assert not is_archive(path, HAR)


def test_captures_of_an_archive_are_copied_as_if_they_had_been_given(tmp_path):
    path = packed(tmp_path, **{"day1__a.har": HAR, "b.jsonl": LINES})
    with staged(Home(tmp_path / "workspace"), [path]) as found:
        assert [(one.kind, one.path.name) for one in found] == [
            (Kind.HAR, "1.1-a.har"),
            (Kind.HOOK_LINES, "1.2-b.jsonl"),
        ]
        assert found[0].path.read_bytes() == HAR
        assert all("from captures.zip (sha256 " in one.words() for one in found)
        assert not list(found[0].path.parent.glob("*.zip"))


@pytest.mark.parametrize(
    ("limit", "value", "why"),
    [("MOST_CAPTURES", 1, "more than 1 captures"), ("MOST_BYTES", 9, "GiB"), ("_MOST_FILES", 1, "more than 1 files")],
)
def test_an_archive_is_opened_within_bounds(tmp_path, monkeypatch, limit, value, why):
    monkeypatch.setattr(import_archive, limit, value)
    with pytest.raises(EvidenceRefused, match=why):
        list(captures_in(packed(tmp_path, **{"a.har": HAR, "b.har": HAR}), "x.zip"))


def test_an_archive_without_a_capture_or_with_damage_is_refused(tmp_path):
    with pytest.raises(EvidenceRefused, match="holds no capture"):
        list(captures_in(packed(tmp_path, **{"readme.txt": b"hello"}), "x.zip"))
    path = packed(tmp_path, **{"a.har": HAR * 50})
    data = bytearray(path.read_bytes())
    data[60:80] = bytes(20)
    path.write_bytes(data)
    with pytest.raises(EvidenceRefused, match="cannot be read"):
        [file.read() for _, file in captures_in(path, "x.zip")]


def test_an_encrypted_archive_is_refused_with_the_way(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.har", HAR)
    sealed = bytearray(data.getvalue())
    sealed[sealed.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "x.zip"
    path.write_bytes(sealed)
    with pytest.raises(EvidenceRefused, match="with its password"):
        list(captures_in(path, "x.zip"))
