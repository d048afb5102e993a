"""What the store refuses; every message is one sentence that says what to do next."""

from __future__ import annotations


class EvidenceRefused(Exception):  # noqa: N818 - a refusal, not a crash
    """The evidence is malformed or was tampered with; the message says which file, and what to do."""


class StampUnproven(EvidenceRefused):
    """A time stamp fits what it stamps, but no root that was named vouches for it."""


class SessionNotFound(LookupError):  # noqa: N818 - a wrong word by the user, not a crash
    """No session, or more than one, goes by that id; the message lists the candidates."""


class SessionBusy(Exception):  # noqa: N818 - comes and goes, not a crash
    """Another process is still writing this session."""


class KeyUnusable(Exception):  # noqa: N818 - a wrong file by the user, not a crash
    """The file that should hold the signing key holds none."""


class DatabaseUnusable(Exception):  # noqa: N818 - a wrong file or URL, not a crash
    """The database cannot be opened or is of a newer analyzer; evidence is not affected."""
