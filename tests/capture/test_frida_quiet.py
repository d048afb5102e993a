"""A process of its own opens Frida: what it writes, starts and leaves is looked at from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, tempfile, threading, time
from analyzer.capture.frida_quiet import device_manager, local_device

def talk():
    while not over.wait(0.001):
        os.write(2, b"ours\\n")

over = threading.Event()
talking = threading.Thread(target=talk)
talking.start()
device = local_device()
assert device_manager() is device_manager()
time.sleep(0.5)
over.set()
talking.join()
print(device.type, len(device.enumerate_processes()) > 1, tempfile.gettempdir())
"""


def test_no_daemon_is_started_and_nothing_is_written_outside(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(temporary), "XDG_CONFIG_HOME": ""}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, set(done.stderr.splitlines())) == (0, {"ours"})
    assert done.stdout.split() == ["local", "True", str(temporary)]
    assert not list(home.rglob("*"))
    assert not list(temporary.rglob("*"))
    assert not [words for words in _command_lines() if str(temporary) in words]


def _command_lines() -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(entry.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue
    return found
