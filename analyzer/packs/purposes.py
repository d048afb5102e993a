"""What a company or SDK is for: the closed list of words that the packs of recipients and SDKs use."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator

PURPOSES: Final = frozenset({
    "advertising", "analytics", "app store", "attribution", "browser", "cloud", "consent", "content delivery", "crash",
    "credit", "customer service", "development", "e-commerce", "engine", "experiment", "finance", "game", "health",
    "hotfix", "identifier", "identity", "interface", "location", "machine learning", "measurement", "media",
    "messaging", "network", "one-click login", "payment", "performance", "platform", "push", "risk control", "search",
    "security", "session replay", "social", "speech", "storage", "survey", "telecom",
})  # fmt: skip


def _known(word: str) -> str:
    if word and word not in PURPOSES:
        raise ValueError(f"{word} is no purpose; the purposes are {', '.join(sorted(PURPOSES))}")
    return word


Purpose = Annotated[str, AfterValidator(_known)]
"""A word of the list, or nothing."""
