from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analyzer.codec.migrate import FormatProblem
from analyzer.model.evidence import Body
from analyzer.model.vocabulary import GapKind, Source, Strategy
from analyzer.store.contents import walk_journal
from analyzer.store.lock import SessionBusy
from analyzer.store.reader import blob_reader, read_session
from analyzer.store.recording import LONGEST_PAYLOAD, RecordingWriter
from analyzer.store.seal import seal
from analyzer.store.session import SessionWriter
from analyzer.store.workspace import Workspace


@pytest.fixture
def writer(make: Any, workspace: Workspace) -> Iterator[SessionWriter]:
    with SessionWriter.create(workspace, make.info(workspace)) as opened:
        yield opened


def test_records_reach_the_operating_system_within_a_quarter_of_a_second(make: Any, writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    recording.append(make.mark(1))
    deadline = time.monotonic() + 0.25
    while not (recording.path / "marks.jsonl").stat().st_size and time.monotonic() < deadline + 2:
        time.sleep(0.01)
    assert (recording.path / "marks.jsonl").stat().st_size
    assert time.monotonic() < deadline + 0.25  # a quarter more for a busy machine


def test_each_record_goes_to_the_file_of_its_kind(make: Any, writer: SessionWriter) -> None:
    with writer.add_recording(Strategy.ACCEPT, files=Source) as recording:
        recording.append(make.mark(1))
        recording.append(make.request(2, Body(0)))
    (read,) = read_session(writer.path).recordings
    assert [line.record for line in read.marks] == [make.mark(1)]
    assert [line.record for line in read.flows] == [make.request(2, Body(0))]
    assert not read.events


def test_a_record_of_a_file_that_another_process_writes_is_refused(make: Any, writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    with pytest.raises(ValueError, match=r"does not own flows\.jsonl"):
        recording.append(make.request(1, Body(0)))


def test_a_second_writer_of_a_file_is_refused(writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    with pytest.raises(SessionBusy, match="wait until it has ended"):
        RecordingWriter.open_existing(recording.path, [Source.MARKS])


def test_many_threads_append_to_one_unbroken_chain(make: Any, writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)

    def work(number: int) -> None:
        for seq in range(300):
            recording.append(make.mark(seq, thread=str(number)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recording.close()
    head, broken = walk_journal(writer.path, "recordings/1-accept/marks.jsonl", writer.info.id)
    assert (head.lines, head.torn, broken) == (1200, (), ())


def test_equal_bytes_are_kept_once_and_only_for_the_owner(writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    blobs = {recording.keep(b"same") for _ in range(3)} | {RecordingWriter.open_existing(recording.path).keep(b"same")}
    (blob,) = blobs
    (file,) = (recording.path / "bodies").iterdir()
    assert blob.path == f"bodies/{file.name}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((recording.path / "marks.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert blob_reader(writer.path)("1-accept", blob) == b"same"


def test_a_suffix_cannot_lead_out_of_the_folder(writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    with pytest.raises(ValueError, match="a suffix is a dot"):
        recording.keep(b"", "/../../x")


def test_a_record_that_no_reader_would_take_is_refused_at_once(make: Any, writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    with pytest.raises(FormatProblem, match="too long"):
        recording.append(make.mark(1, text="x" * LONGEST_PAYLOAD))
    recording.append(make.mark(2))
    recording.close()
    assert [line.record for line in read_session(writer.path).recordings[0].marks] == [make.mark(2)]


def test_closing_twice_is_harmless_and_writing_afterwards_is_not(make: Any, writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    recording.close()
    recording.close()
    with pytest.raises(ValueError, match="is closed"):
        recording.append(make.mark(1))


def test_a_restarted_proxy_continues_the_chain_behind_a_torn_line(make: Any, writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    with RecordingWriter.open_existing(recording.path) as flows:
        flows.append(make.request(1, Body(0)))
    with (recording.path / "flows.jsonl").open("ab") as file:
        file.write(b'{"v":1,"record":"requ')
    with RecordingWriter.open_existing(recording.path) as flows:
        flows.append(make.request(3, Body(0)))
    (read,) = read_session(writer.path).recordings
    assert [line.number for line in read.flows] == [1, 3]
    assert [(line.record.kind, line.record.subject) for line in read.gaps] == [(GapKind.RECORD_TORN, "flows.jsonl:2")]
    head, broken = walk_journal(writer.path, "recordings/1-accept/flows.jsonl", writer.info.id)
    assert (head.lines, head.torn, broken) == (3, (2,), ())


def test_a_full_disk_stops_the_recording_loudly(make: Any, writer: SessionWriter) -> None:
    recording = writer.add_recording(Strategy.ACCEPT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        for seq in range(20):
            recording.append(make.mark(seq))
        with pytest.raises(OSError, match="too large"):
            recording.flush()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    assert recording.failed
    assert recording.failed.errno == errno.EFBIG
    with pytest.raises(OSError, match="too large"):
        recording.append(make.mark(21))
    with pytest.raises(OSError, match="too large"):
        recording.keep(b"more")
    with pytest.raises(OSError, match="too large"):
        recording.close()
    writer.close()
    assert read_session(writer.path).recordings[0].gaps[0].record.kind == GapKind.RECORD_TORN


def test_a_process_killed_while_it_writes_leaves_a_session_that_opens_and_seals(
    make: Any, workspace: Workspace, tmp_path: Path
) -> None:
    with SessionWriter.create(workspace, make.info(workspace)) as writer:
        folder = writer.add_recording(Strategy.ACCEPT).path
    script = tmp_path / "endless.py"
    script.write_text(
        "import sys, pathlib\n"
        "from analyzer.model.clock import Stamp\n"
        "from analyzer.model.evidence import FlowError\n"
        "from analyzer.store.recording import RecordingWriter\n"
        "flows = RecordingWriter.open_existing(pathlib.Path(sys.argv[1]))\n"
        "seq = 0\n"
        "while True:\n"
        "    seq += 1\n"
        "    flows.append(FlowError(seq, 'proxy', Stamp(seq, seq), 'f', 'x' * 50))\n"
        "    if seq % 1000 == 0:\n"
        "        flows.flush()\n"
        "        print(seq, flush=True)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(script), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        assert process.stdout.readline() == "1000\n"
        assert process.stdout.readline() == "2000\n"
        process.kill()
    sealed = seal(writer.path, "0.1.0", None)
    assert sealed.journals["recordings/1-accept/flows.jsonl"].lines >= 2000
    (read,) = read_session(writer.path).recordings
    assert [line.record.seq for line in read.flows][:2000] == list(range(1, 2001))
    assert [line.record.seq for line in read.flows] == list(range(1, len(read.flows) + 1))
