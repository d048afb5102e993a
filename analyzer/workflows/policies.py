"""Privacy policies: read from a file, and kept in the workspace so that a result can be made again."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from analyzer.codec.policy_text import LARGEST, PolicyUnreadable, read_policy_lines
from analyzer.model.results import PolicyText
from analyzer.store.files import write_whole
from analyzer.workflows.home import Home, UsageProblem

_FOLDER: Final = "policies"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 80


def read_policy(file: Path) -> PolicyText:
    """Read a policy from HTML, PDF or text; raises `UsageProblem` for what is none."""
    data = _bytes(file)
    try:
        return PolicyText(_safe(file.name), sha256(data).hexdigest(), read_policy_lines(data, str(file)))
    except PolicyUnreadable as problem:
        raise UsageProblem(f"{problem}.") from problem


def keep_policy(home: Home, file: Path) -> Path:
    """Keep a copy of the policy in the workspace, under its digest and name, and give its path."""
    data = _bytes(file)
    folder = home.folder(_FOLDER, sha256(data).hexdigest())
    path = folder / _safe(file.name)
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)
    return path


def kept_policy(home: Home, digest: str, name: str) -> Path | None:
    """Give the kept copy of a policy, `None` where there is none or it is another one now."""
    path = home.workspace.path / _FOLDER / digest / name
    if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
        return None
    return path


def _safe(name: str) -> str:
    """Spell a file's name so that it is one in every folder, archive and document."""
    return _UNSAFE.sub("_", name)[-_LONGEST:].lstrip(".") or "policy"


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise UsageProblem(f"{file} is larger than {LARGEST} bytes: save the policy's text alone.")
        return file.read_bytes()
    except OSError as problem:
        why = problem.strerror or problem
        raise UsageProblem(f"{file} cannot be read ({why}): name the file of the privacy policy.") from problem
