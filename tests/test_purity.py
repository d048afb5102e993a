"""Analysis opens nothing: an audit hook hears every file, socket and process that Python opens."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from house import ROOT

PROBE = """
import json, sys
from pathlib import Path
from analyzer.analysis.pipeline import analyze
from analyzer.packs.loader import load_packs
from analyzer.report.document import build_document, to_bytes
from analyzer.store.reader import blob_reader, read_session

path = Path(sys.argv[1])
session, packs, read = read_session(path), load_packs(), blob_reader(path)
kept = {}
for recording in session.recordings:
    folder = path / "recordings" / recording.name
    for file in [*folder.glob("screens/*"), *folder.glob("bodies/*")]:
        kept[recording.name, str(file.relative_to(folder))] = file.read_bytes()
heard = []
WATCHED = ("open", "os.", "socket.", "subprocess.", "ctypes.dlopen", "sqlite3.", "shutil.", "tempfile.", "glob.",
           "pty.", "ftplib.", "urllib.", "http.", "mmap.", "_thread.start_new_thread", "time.")

def hear(event, arguments):
    if event.startswith(WATCHED):
        heard.append([event, str(arguments[0]) if arguments else ""])

sys.addaudithook(hear)
answers, calls = [], []
for _ in range(2):
    before = len(heard)
    answers.append(analyze(session, packs, lambda name, blob: kept[name, blob.path]))
    calls.append(heard[before:])
if "--impure" in sys.argv:
    open(path / "manifest.json").close()
    calls.append(heard[before:])
del heard[:]
print(json.dumps({"calls": calls, "equal": answers[0] == answers[1],
                  "observations": len(answers[0].observations), "blobs": len(kept)}))
"""


def _probe(session, *words: str) -> dict:
    command = [sys.executable, "-B", "-c", PROBE, str(session), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _is_library_data(event: str, subject: str) -> bool:
    """Data and modules of the two libraries that load theirs late; listing a folder of modules is part of that."""
    return event in {"open", "os.listdir", "os.scandir"} and any(
        name in subject for name in ("/phonenumbers", "/stdnum", "/lib/python3")
    )


@pytest.fixture(scope="module")
def heard(recorded_example) -> dict:
    return _probe(recorded_example.session)


def test_the_first_analysis_opens_only_modules_and_data_of_libraries(heard):
    assert [call for call in heard["calls"][0] if not _is_library_data(*call)] == []


def test_the_second_analysis_opens_nothing_at_all_and_gives_the_same(heard):
    assert heard["calls"][1] == []
    assert heard["equal"]
    assert heard["observations"] > 20
    assert heard["blobs"] > 0


def test_the_probe_would_hear_a_file_being_opened(recorded_example):
    opened = _probe(recorded_example.session, "--impure")["calls"][2]
    assert [event for event, _ in opened] == ["open"]
