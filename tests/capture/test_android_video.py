from __future__ import annotations

import time

import pytest

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_video import VIDEO, Video, remove_video
from analyzer.capture.beside import Beside
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import MarkKind

BEGINS, ENDS = b"\0\0\0\x18ftypmp42", b"\0\0\0\x08moov"


class Notes:
    """What is noted of changes and of the recording."""

    def __init__(self) -> None:
        self.open: dict[int, tuple] = {}
        self.records: list = []

    def note(self, kind, facts) -> int:
        self.open[1] = (kind, dict(facts))
        return 1

    def undone(self, number: int) -> None:
        del self.open[number]

    def append(self, record: object) -> None:
        self.records.append(record)

    def gaps(self) -> list[Gap]:
        return [one for one in self.records if isinstance(one, Gap)]

    def marks(self, kind) -> list[dict]:
        return [one.details for one in self.records if isinstance(one, Mark) and one.kind is kind]

    def wait_for(self, kind, count: int) -> None:
        end = time.monotonic() + 60
        while len(self.marks(kind)) < count and time.monotonic() < end:
            time.sleep(0.02)
        assert len(self.marks(kind)) >= count, self.records


@pytest.fixture(scope="module")
def double(shared_android):
    return shared_android(root="magisk")


@pytest.fixture
def notes():
    return Notes()


def video(double, notes, folder, **words) -> Video:
    shell = AndroidShell(double.serial, double.server)
    return Video(shell, notes, Beside(folder, Journal(notes), video=True), **words)


def settled(double) -> dict:
    return {part: seen for part, seen in double.snapshot().items() if part not in {"processes", "mounts"}}


def test_files_follow_one_another_and_what_lies_between_is_a_gap_with_its_length(double, notes, tmp_path):
    before = settled(double)
    kept = video(double, notes, tmp_path, segment_s=1)
    kept.start()
    notes.wait_for(MarkKind.FILE_BEGUN, 3)
    kept.stop()
    kept.stop()
    begun, ended = notes.marks(MarkKind.FILE_BEGUN), notes.marks(MarkKind.FILE_ENDED)
    names = [one["file"] for one in begun]
    assert names[:3] == ["video-1.mp4", "video-2.mp4", "video-3.mp4"]
    assert [one["file"] for one in ended] == names
    for name, told in zip(names, ended, strict=True):
        data = (tmp_path / name).read_bytes()
        assert data.startswith(BEGINS)
        assert data.endswith(ENDS)
        assert told["bytes"] == str(len(data))
    assert all(int(one["within_ms"]) > 0 for one in begun)
    gaps = notes.gaps()
    assert len(gaps) == len(names) - 1
    for gap in gaps:
        assert gap.until is not None
        assert f"at most {(gap.until.mono_us - gap.stamp.mono_us) // 1000} ms" in gap.why
    assert notes.open == {}
    assert settled(double) == before


def test_what_was_noted_ends_it_after_a_crash_too(double, notes, tmp_path):
    before = settled(double)
    kept = video(double, notes, tmp_path)
    kept.start()
    notes.wait_for(MarkKind.FILE_BEGUN, 1)
    assert settled(double) != before
    ((kind, facts),) = notes.open.values()
    assert kind == VIDEO
    kept._stopping.set()
    for _ in range(2):
        remove_video(AndroidShell(double.serial, double.server), facts)
        assert settled(double)["files"] == before["files"]
    assert not any("screenrecord" in name for name in double.snapshot()["processes"])


def test_no_other_file_is_taken_away_whatever_the_notes_say(double):
    shell = AndroidShell(double.serial, double.server)
    shell.run("touch", "/data/local/tmp/sr-mine-1.mp4", "/data/local/tmp/other-1.mp4")
    for place in ("/data/local/tmp/other", "/data/local/tmp/sr-$(rm -f /data/local/tmp/other-1.mp4)"):
        remove_video(shell, {"place": place})
    assert shell.run("ls", "/data/local/tmp").out.split() == ["other-1.mp4", "sr-mine-1.mp4"]
    shell.run("rm", "/data/local/tmp/sr-mine-1.mp4", "/data/local/tmp/other-1.mp4")


def test_a_device_that_records_no_video_is_a_gap(android, notes, tmp_path):
    double = android(absent=("screenrecord",))
    kept = video(double, notes, tmp_path)
    kept.start()
    kept._thread.join(60)
    kept.stop()
    (gap,) = notes.gaps()
    assert "records no video of its screen" in gap.why
    assert "not found" in gap.why
    assert not list(tmp_path.iterdir())


def test_of_a_device_that_is_lost_the_files_until_then_are_kept_and_the_last_is_a_gap(android, notes, tmp_path):
    double = android()
    kept = video(double, notes, tmp_path, segment_s=1)
    kept.start()
    notes.wait_for(MarkKind.FILE_ENDED, 1)
    double.unplug()
    with pytest.raises(EnvironmentProblem):
        kept.stop()
    assert (tmp_path / "video-1.mp4").read_bytes().endswith(ENDS)
    assert "stayed on the device" in notes.gaps()[-1].why
    assert notes.open, "the next run takes the file away"
