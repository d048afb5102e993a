"""The views of the database: what a person who looks around asks for, by name; the migrations make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, what it shows, and what its columns hold."""

    name: str
    shows: str
    columns: dict[str, str]


_SESSION: Final = {
    "session": "id of the session",
    "app": "application id",
    "version": "the app's version",
}
_SUMS: Final = {
    "times": "how often it was seen",
    "before_choice": "how often of these before anybody had chosen",
    "tapped": "how often of these read inside the app instead of by the proxy",
    "first_at": "when first, UTC",
    "first_seconds": "when first, in seconds since the recording began",
}

VIEWS: Final = (
    View(
        "view_timeline",
        "Everything that happened in a session, in order.",
        {
            **_SESSION,
            "recording": "name of the recording",
            "at": "when, UTC",
            "seconds": "when, in seconds since the recording began",
            "kind": "event, flow, mark, screen or gap",
            "what": "what happened, in words",
            "phase": "state of consent",
            "app_state": "what the app was doing",
            "data_types": "personal data seen in it, a JSON list",
            "sdk": "SDK that caused it",
            "recipient": "who received it",
            "evidence": "the record: recording/file/line",
        },
    ),
    View(
        "view_personal_data_by_sdk",
        "Which code took and sent which personal data, in which phase.",
        {
            **_SESSION,
            "sdk": "id of the SDK; `app` for the app's own code",
            "sdk_company": "company behind it",
            "data_type": "term of the taxonomy",
            "channel": "api, network or storage",
            "tier": "strength of the evidence",
            "phase": "state of consent",
            **_SUMS,
        },
    ),
    View(
        "view_recipients",
        "Who received which personal data, in which phase.",
        {
            **_SESSION,
            "company": "company behind the host, empty if not known",
            "country": "country of the company",
            "party": "first or third party, or unknown",
            "host": "receiving host",
            "data_type": "term of the taxonomy",
            "phase": "state of consent",
            "sdk": "SDK that sent it",
            **_SUMS,
        },
    ),
    View(
        "view_verdicts",
        "The outcome of every rule; none of them says that an app is innocent.",
        {
            **_SESSION,
            "recorded": "when the session began, UTC",
            "outcome": "violated, suspected, not_observed, inconclusive, not_tested or not_decidable",
            "analyst_outcome": "an analyst's own judgement of it, the newest; null without one",
            "analyst": "who judged so",
            "analyst_at": "when, UTC",
            "analyst_why": "why",
            "rule": "rule that was judged",
            "pack": "pack that it comes from",
            "clause": "clause of the law",
            "title_en": "title in English",
            "title_zh": "title in Chinese",
            "tier": "strength of the evidence",
            "evidence_count": "number of pieces of evidence",
            "reasons": "why nothing firmer could be said, a JSON list",
            "confidence": "0 to 1",
        },
    ),
)
"""All views, in the order in which they are shown."""
