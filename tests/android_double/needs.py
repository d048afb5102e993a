"""Says what the double lacks on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

_PROGRAMS = {
    "mksh": "mksh",
    "toybox": "toybox",
    "iptables": "iptables",
    "ip6tables": "iptables",
    "ip": "iproute2",
    "curl": "curl",
    "unshare": "util-linux",
}
_SPACES = ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--time", "--fork", "--mount-proc"]


@cache
def lacking() -> str:
    """Give one sentence about what is missing, nothing when the double can run."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "the double of an Android device needs Linux and root, for namespaces: run the tests as root"
    missing = sorted({package for program, package in _PROGRAMS.items() if program_path(program) is None})
    if missing:
        return f"the double of an Android device needs more programs: apt-get install {' '.join(missing)}"
    done = subprocess.run([*_SPACES, "true"], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"the double of an Android device needs namespaces, which are not allowed here: {done.stderr.strip()}"
    return ""


def program_path(name: str) -> str | None:
    """Find a program, also where the user's PATH does not look."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin")
