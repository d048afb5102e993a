"""Bags are held against the Library of Congress's own tool."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import bagit
import pytest

from analyzer.store.bag import MANIFEST, TAG_MANIFEST, BagWriter, open_bag
from analyzer.store.problems import EvidenceRefused

FILES = {"session/a.jsonl": b"one\n", "session/sub/b": b"", "100%.txt": b"percent", "中文.txt": b"name"}


def bag(path: Path, info: dict[str, str] | None = None, files: dict[str, bytes] = FILES) -> bytes:
    with path.open("wb") as out:
        writer = BagWriter(out, "the-bag")
        for name, data in files.items():
            writer.add(name, [data[:1], data[1:]])
        manifest = writer.close_payload(info or {"External-Identifier": "the-bag"})
        writer.vouch("bundle.json", b"{}")
        writer.close()
    return manifest


def changed(source: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    """Write an archive again with some files changed, added or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, data in change.items():
            if data is not None:
                new.writestr(name, data)
    return target


def opened(file: Path) -> list[tuple[str, str]]:
    into = file.with_suffix(".d")
    into.mkdir()
    return [(one.file, one.what) for one in open_bag(file, into).problems]


@pytest.mark.filterwarnings("ignore:'count' is passed as positional:DeprecationWarning")  # the tool's own
def test_a_bag_is_valid_for_the_tool_that_archivists_use(tmp_path):
    plain = {name: data for name, data in FILES.items() if "%" not in name}  # which the tool does not unescape
    bag(tmp_path / "a.zip", files=plain)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "out")
    read = bagit.Bag(str(tmp_path / "out" / "the-bag"))
    assert read.validate()
    assert read.info["Payload-Oxum"] == f"{sum(map(len, plain.values()))}.{len(plain)}"


def test_a_bag_opens_again_with_everything_in_it(tmp_path):
    manifest = bag(tmp_path / "a.zip")
    (tmp_path / "into").mkdir()
    found = open_bag(tmp_path / "a.zip", tmp_path / "into")
    assert (found.problems, found.tag_manifest, found.folder.name) == ((), manifest, "the-bag")
    assert {name: found.read(f"data/{name}") for name in FILES} == FILES
    assert found.read("seal/bundle.json") == b"{}"
    assert found.read("seal/none") == b""


def test_equal_content_gives_equal_bytes(tmp_path):
    for name in ("a.zip", "b.zip"):
        bag(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_bag_can_be_written_to_a_pipe(tmp_path):
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.data += data
            return len(data)

    pipe = Pipe()
    writer = BagWriter(pipe, "the-bag")  # type: ignore[arg-type]
    writer.add("a", [b"1"])
    writer.close_payload({})
    writer.close()
    (tmp_path / "a.zip").write_bytes(pipe.data)
    assert opened(tmp_path / "a.zip") == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"the-bag/data/session/a.jsonl": b"two\n"}, ("data/session/a.jsonl", "was changed")),
        ({"the-bag/data/session/a.jsonl": None}, ("data/session/a.jsonl", "is missing")),
        ({"the-bag/data/more": b"1"}, ("data/more", "was added")),
        ({"the-bag/bag-info.txt": b"Contact-Name: me\n"}, ("bag-info.txt", "was changed")),
        ({"the-bag/fetch.txt": b"http://evil.example/a 3 data/a\n"}, ("fetch.txt", "not part of a bundle")),
        ({"the-bag/seal/sub/x": b"1"}, ("seal/sub/x", "not part of a bundle")),
        ({"the-bag/seal/report.en.html": b"clean"}, ("seal/report.en.html", "not part of a bundle")),
    ],
)
def test_what_was_changed_is_named(tmp_path, change, said):
    bag(tmp_path / "a.zip")
    found = opened(changed(tmp_path / "a.zip", tmp_path / "b.zip", change))
    assert any(file == said[0] and said[1] in what for file, what in found), found


def test_a_manifest_that_was_changed_along_is_found_by_the_one_above_it(tmp_path):
    bag(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        manifest = archive.read(f"the-bag/{MANIFEST}")
    lines = manifest.splitlines(keepends=True)
    for data in (manifest + lines[0], b"".join(lines[1:]), b"no line\n" + manifest):
        file = changed(tmp_path / "a.zip", tmp_path / f"{len(data)}.zip", {f"the-bag/{MANIFEST}": data})
        assert (MANIFEST, f"was changed: its sha256 is not the one in {TAG_MANIFEST}") in opened(file)


def test_what_is_no_bag_is_refused(tmp_path):
    bag(tmp_path / "a.zip")
    for number, change in enumerate((
        {f"the-bag/{MANIFEST}": None},
        {"the-bag/bagit.txt": b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"},
        {"another/file": b""},
        {"file": b""},
    )):  # fmt: skip
        file = changed(tmp_path / "a.zip", tmp_path / f"{number}.zip", change)  # type: ignore[arg-type]
        with pytest.raises(EvidenceRefused):
            opened(file)


def test_a_line_of_the_facts_cannot_bring_another(tmp_path):
    bag(tmp_path / "a.zip", {"Contact-Name": "me\nPayload-Oxum: 0.0\x00"})
    assert opened(tmp_path / "a.zip") == []


def half(path: Path) -> None:
    with path.open("wb") as out, BagWriter(out, "b") as writer:
        writer.add("a", [b"1"])
        out.close()
        raise EvidenceRefused("why")


def test_a_bag_that_cannot_be_finished_is_let_go_for_the_reason_that_it_could_not(tmp_path):
    with pytest.raises(EvidenceRefused, match="why"):
        half(tmp_path / "a.zip")
