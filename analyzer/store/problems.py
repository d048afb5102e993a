"""What the store refuses; every message is one sentence that says what to do next."""

from __future__ import annotations


class EvidenceRefused(Exception):  # noqa: N818 - a refusal, not a crash
    """The evidence is malformed or was tampered with."""


class SessionNotFound(LookupError):  # noqa: N818 - a wrong word by the user, not a crash
    """No session, or more than one, goes by that id."""


class SessionBusy(Exception):  # noqa: N818 - comes and goes, not a crash
    """Another process is still writing this session."""
