"""Where the files that travel with the package are: in a checkout and inside an installation."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def hooks_folder() -> Path:
    """Find the folder with `catalog/` and `agent/`.

    Raises `FileNotFoundError` when the package is incomplete.
    """
    for folder in (_PACKAGE / "hooks", _PACKAGE.parent / "hooks"):
        if (folder / "catalog").is_dir() and (folder / "agent").is_dir():
            return folder
    raise FileNotFoundError("the hook catalog is missing from this installation; install the analyzer again")
