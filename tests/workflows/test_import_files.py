from __future__ import annotations

import pytest
import traffic

from analyzer.codec.foreign import Kind
from analyzer.store.problems import EvidenceRefused
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.import_files import settle, staged


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "workspace")


@pytest.fixture
def capture(tmp_path):
    path = tmp_path / "Ein Mitschnitt (1).har"
    path.write_bytes(traffic.har(traffic.told(1)))
    return path


def test_a_file_is_copied_and_told_apart_by_its_content(home, capture):
    with staged(home, [capture]) as (one,):
        assert one.path.name == "1-Ein_Mitschnitt_1_.har"
        assert one.path.read_bytes() == capture.read_bytes()
        assert (one.kind, one.size) == (Kind.HAR, capture.stat().st_size)
        assert one.sha256 in one.words()
    assert not one.path.exists()


def test_copies_that_were_moved_into_a_session_stay(home, capture, tmp_path):
    with staged(home, [capture]) as found:
        (kept,) = settle(found, tmp_path / "session")
    assert kept.path.parent.name == "originals"
    assert kept.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("make", ["folder", "missing"])
def test_what_is_no_file_is_a_wrong_word(home, tmp_path, make):
    path = tmp_path / make
    if make == "folder":
        path.mkdir()
    with pytest.raises(UsageProblem, match=make), staged(home, [path]):
        pass


@pytest.mark.parametrize(("content", "why"), [(b"", "is empty"), (b"GIF89a", "no capture that can be read")])
def test_what_is_no_capture_is_refused(home, tmp_path, content, why):
    path = tmp_path / "picture.gif"
    path.write_bytes(content)
    with pytest.raises(EvidenceRefused, match=why), staged(home, [path]):
        pass


def test_the_same_file_twice_is_a_wrong_word(home, capture, tmp_path):
    twin = tmp_path / "twin.har"
    twin.write_bytes(capture.read_bytes())
    with pytest.raises(UsageProblem, match="same file"), staged(home, [capture, twin]):
        pass
    assert not list(home.workspace.path.glob(".import-*"))


@pytest.mark.parametrize(
    ("name", "why"), [("a.chlsj", "export it from there as HAR"), ("a.SAZ", "export"), ("a.pcap", "with a proxy")]
)
def test_what_another_tool_can_export_is_refused_with_the_way(home, tmp_path, name, why):
    path = tmp_path / name
    path.write_bytes(b'[{"method": "GET", "host": "a.example", "request": {}}]')
    with pytest.raises(EvidenceRefused, match=why), staged(home, [path]):
        pass


def test_what_a_killed_import_left_is_swept_and_a_running_one_is_not(home, capture):
    left = home.workspace.path / ".import-killed"
    left.mkdir(parents=True)
    (left / ".lock").touch()
    with staged(home, [capture]) as (one,):
        assert not left.exists()
        with staged(home, [capture]):
            assert one.path.exists()
    assert not list(home.workspace.path.glob(".import-*"))
