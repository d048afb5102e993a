"""The recording that travels with the package: for machines on which the lab device cannot run."""

from __future__ import annotations

import secrets
import zipfile
from importlib import resources
from pathlib import Path
from typing import Final

from analyzer.store.files import make_folder, write_whole
from analyzer.store.workspace import Workspace, is_session_id
from analyzer.workflows.home import Home

SHIPPED: Final = "shipped"
"""The word that stands for the shipped recording of com.example."""


def find_session(home: Home, word: str) -> Path:
    """Find the folder of a session by its id, a part of it, `latest`, or `shipped`.

    The shipped recording is copied into the workspace when it is first asked for. Raises `SessionNotFound`.
    """
    return unpack(home.workspace) if word == SHIPPED else home.workspace.find(word)


def is_new(home: Home, word: str) -> bool:
    """Say whether a word stands for the shipped recording, which is not in the workspace yet; raises `OSError`."""
    return word == SHIPPED and not (home.workspace.sessions_folder / _shipped_id()).exists()


def _shipped_id() -> str:
    with (
        resources.as_file(resources.files("analyzer.workflows") / "data" / "shipped.zip") as file,
        zipfile.ZipFile(file) as archive,
    ):
        return archive.namelist()[0].partition("/")[0]


def unpack(workspace: Workspace) -> Path:
    """Copy the shipped recording into a workspace, once, and give its folder; raises `OSError`."""
    with (
        resources.as_file(resources.files("analyzer.workflows") / "data" / "shipped.zip") as file,
        zipfile.ZipFile(file) as archive,
    ):
        names = archive.namelist()
        (session_id,) = {name.partition("/")[0] for name in names}
        if not is_session_id(session_id):
            raise OSError(f"{file} holds no session; install the analyzer again")
        path = workspace.sessions_folder / session_id
        if not path.exists():
            workspace.prepare()
            young = make_folder(path.with_name(f".new-{secrets.token_hex(8)}"))
            for name in sorted(names):
                place = young / name.partition("/")[2]
                make_folder(place.parent)
                write_whole(place, archive.read(name))
            young.rename(path)
    return path
