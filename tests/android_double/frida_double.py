"""frida-server of the double, and the processes that it can hold: both run inside of it, the second kind as the app.

Usage: frida_double.py server [--version] [-D] [-l ADDRESS:PORT]   |   frida_double.py app JSON
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(1, str(Path(__file__).parents[2]))

import frida
from portal import Portal, join

from analyzer.capture.lab_clock import ahead_script

CLUSTER = ("127.0.0.1", 27998)
"""Where held processes join; on a phone this is the zygote's business."""


_CLOCK_SET_S = 600
_READY = "ready\n"
_KEPT: list[frida.core.Session] = []
PYTHON = os.path.realpath(sys.executable)


def environment(home: str) -> dict[str, str]:
    """Give what this file needs where the first word of its command is not Python's path.

    What Frida unpacks beside each held process here, no phone has: it lies where it is no program of the app's.
    """
    packages = str(Path(frida.__file__).parents[1])
    return {"PYTHONHOME": sys.base_prefix, "PYTHONPATH": packages, "HOME": home, "TMPDIR": "/run"}


def server_script(version: str = frida.__version__) -> str:
    """Give the text of a program that behaves like frida-server inside of the double."""
    exports = " ".join(f"{name}={value}" for name, value in environment("/data/local/tmp").items())
    # Its own path is its first word, as a program's is: `pidof` finds it by that.
    return (
        "#!/system/bin/sh\n"
        f'[ "$1" = --version ] && {{ echo {version}; exit 0; }}\n'
        f'export {exports} SELF="$0"\n'
        f'exec -a "$0" {PYTHON} -B {__file__} server "$@"\n'
    )


def app_command(program: list[str], surroundings: dict[str, str], folder: str, name: str) -> list[str]:
    """Give the command of a process that starts a program of the app and has it wait at the gate, if there is one."""
    order = {"program": program, "environment": surroundings, "folder": folder, "name": name}
    return [PYTHON, "-B", __file__, "app", json.dumps(order)]


def serve(words: list[str]) -> None:
    port = int(words[words.index("-l") + 1].rpartition(":")[2]) if "-l" in words else 27042
    if "-D" in words:
        nothing = subprocess.DEVNULL
        command = [os.environ["SELF"], *(word for word in words if word != "-D")]
        child = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=subprocess.PIPE, start_new_session=True)
        told = child.stderr.readline().decode()
        sys.stderr.write(told if told != _READY else "")
        os._exit(told != _READY)
    try:
        portal = Portal(port, CLUSTER[1])
    except frida.AddressInUseError as error:
        sys.exit(f"Unable to start: Could not listen on address 127.0.0.1, port {port}: {error}")
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(_READY)
        sys.stderr.flush()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    portal.stop()


def run(order: dict) -> None:
    """Start the program, let it join the gate, and live as long as it does."""
    local = frida.get_local_device()
    program = order["program"]
    pid = local.spawn(program, envp=order["environment"], cwd=order["folder"], stdio="inherit")
    _set_clock(local, pid)
    held = None
    if _listens(CLUSTER):
        held = join(local, pid, order["name"], CLUSTER)
    else:
        local.resume(pid)
    with contextlib.suppress(OSError):
        while not _ended(pid):
            time.sleep(0.1)
    del held


def _set_clock(local: frida.core.Device, pid: int) -> None:
    """Have the program see the device's clock, where that was set."""
    told = subprocess.run(["/system/bin/date", "+%s"], capture_output=True, text=True, check=False).stdout.strip()
    ahead = int(told or time.time()) - int(time.time())
    if abs(ahead) > _CLOCK_SET_S:
        session = local.attach(pid)
        session.create_script(ahead_script(ahead)).load()
        _KEPT.append(session)


def _ended(pid: int) -> bool:
    text = Path(f"/proc/{pid}/stat").read_text()
    return text.rpartition(")")[2].split()[0] == "Z"


def _listens(address: tuple[str, int]) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(address, timeout=2):
        return True
    return False


if __name__ == "__main__":
    if sys.argv[1] == "server":
        serve(sys.argv[2:])
    else:
        run(json.loads(sys.argv[2]))
