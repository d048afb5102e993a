"""Hold a session against the result that was kept of it: evidence that was judged once does not change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from analyzer.report.document import SCHEMA_NAME
from analyzer.store import results
from analyzer.store.contents import SEAL
from analyzer.store.seal import read_seal
from analyzer.workflows.home import Home

_BEGINNING: Final = 1 << 20
_LEAD: Final = f'{{\n "schema": "{SCHEMA_NAME}",\n "session": '


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
    with home.kept() as engine:
        session = _session(results.beginning(engine, session_id, _BEGINNING))
        if session is None:
            session = _whole(results.document(engine, session_id))
    return str(session.get("digest", "")) if session.get("sealed") else ""


def _session(beginning: bytes) -> dict[str, Any] | None:
    """Read what a document says of its session from its first bytes; `None` if that does not stand there whole."""
    text = beginning.decode("utf-8", "ignore")
    if not text.startswith(_LEAD):
        return None
    try:
        session, _ = json.JSONDecoder().raw_decode(text, len(_LEAD))
    except ValueError:
        return None
    return session if isinstance(session, dict) else None


def _whole(document: bytes | None) -> dict[str, Any]:
    try:
        session = json.loads(document or b"{}").get("session")
    except (ValueError, AttributeError):
        return {}
    return session if isinstance(session, dict) else {}
