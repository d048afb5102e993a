"""Find, list and delete sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzer.model.vocabulary import Outcome
from analyzer.store import results
from analyzer.store.contents import SEAL, read_manifest
from analyzer.store.problems import EvidenceRefused
from analyzer.store.reader import recording_folders
from analyzer.store.session import is_busy
from analyzer.store.workspace import LATEST
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.shipped import find_session

_DATE: Final = len("20261123")


def find(home: Home, word: str) -> Path:
    """Find the folder of a session by its id, the start of one, `latest` or `shipped`."""
    return find_session(home, word)


def doomed(home: Home, word: str) -> str:
    """Give the id of a session that is to be deleted: named by its id from the start on, or `latest`.

    Raises `UsageProblem` for a word by which it could be found, but which may have come there by mistake.
    """
    name = home.workspace.find(word).name
    if word != LATEST and not (len(word) >= _DATE and name.startswith(word)):
        raise UsageProblem(f"What is to be deleted is named by its id, with the date at least: is {name} meant?")
    return name


def sessions(home: Home) -> list[tuple[str, ...]]:
    """List the sessions: id, app, version, device, recordings, whether sealed or being recorded, violated rules.

    One whose manifest cannot be read is listed by its id.
    """
    with home.kept() as engine:
        known = {summary.session_id: summary for summary in results.summaries(engine)}
    rows: list[tuple[str, ...]] = []
    for name in home.workspace.sessions():
        path = home.workspace.sessions_folder / name
        violated = str(dict(known[name].verdicts).get(Outcome.VIOLATED, 0)) if name in known else "not analysed"
        count = str(len(recording_folders(path)))
        try:
            info = read_manifest(path)
        except EvidenceRefused:  # one broken session hides no other; what is wrong with it, `verify` says
            rows.append((name, "", "", "", count, "cannot be read", violated))
            continue
        sealed = "yes" if (path / SEAL).exists() else "being recorded" if is_busy(path) else "no"
        rows.append((name, info.app.package, info.app.version_name, info.device.serial, count, sealed, violated))
    return rows


def delete(home: Home, session_id: str) -> None:
    """Delete a session's evidence, report and results for good; takes the whole id."""
    home.workspace.delete(session_id)
    (home.workspace.path / "reports" / f"{session_id}.html").unlink(missing_ok=True)
    with home.results() as engine:
        results.delete(engine, session_id)
