"""Hold a session against the result that was kept of it: evidence that was judged once does not change."""

from __future__ import annotations

import json
from pathlib import Path

from analyzer.store import results
from analyzer.store.contents import SEAL
from analyzer.store.seal import read_seal
from analyzer.workflows.home import Home


def replaced(home: Home, path: Path) -> str:
    """Say what is wrong when the evidence is not what the kept result was made of; empty without a kept result.

    Only a sealed session is judged, so one with a result and no seal lost it since; sealing it again would sign
    whatever was done to it. Raises `EvidenceRefused` for a seal that is none.
    """
    digest = _judged_digest(home, path.name)
    if not digest:
        return ""
    if not (path / SEAL).exists():
        return "is missing: the session was sealed when it was judged, and the seal was taken away"
    if read_seal(path).digest != digest:
        return f"seals other evidence than the kept result was made of (its digest was {digest})"
    return ""


def _judged_digest(home: Home, session_id: str) -> str:
    with home.results() as engine:
        data = results.document(engine, session_id)
    try:
        session = json.loads(data or b"{}").get("session", {})
        return str(session.get("digest", "")) if session.get("sealed") else ""
    except (ValueError, AttributeError):
        return ""
