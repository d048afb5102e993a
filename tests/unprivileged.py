"""The program as somebody whom the rights of files bind, which they do not bind root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

from browser import missing

_CAPABILITIES = "-dac_override,-dac_read_search"


def unprivileged(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `analyzer` with these words; as root without its power over files of others and files that are closed."""
    command = [sys.executable, "-m", "analyzer", *map(str, words)]
    if os.geteuid() == 0:
        if which("setpriv") is None:
            missing("setpriv", "util-linux")
        command = ["setpriv", "--bounding-set", _CAPABILITIES, "--inh-caps", _CAPABILITIES, *command]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)
