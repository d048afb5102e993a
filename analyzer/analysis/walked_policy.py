"""The text of the privacy policy that a walk through the app arrived at, where no file of it was given."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from analyzer.analysis.policy_page import ENOUGH
from analyzer.analysis.scene import Scene
from analyzer.model.results import PolicyText


def walked_policy(scenes: Sequence[Scene]) -> PolicyText | None:
    """Give the longest policy that any recording arrived at; `None` where none did, or its text is none."""
    found = [
        (screen, screen.page)
        for scene in scenes
        for screen in scene.screens
        if screen.page is not None and screen.page.characters >= ENOUGH and screen.page.lines
    ]
    if not found:
        return None
    screen, page = max(found, key=lambda pair: pair[1].characters)
    text = "\n".join(page.lines).encode("utf-8", "surrogatepass")
    return PolicyText(screen.id, sha256(text).hexdigest(), page.lines, screen.ref)
