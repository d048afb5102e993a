"""Links: which views of an ordinary screen lead to the privacy policy, or to where it is usually kept."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.analysis.consent import ASKING, recognise
from analyzer.analysis.controls import LONGEST_LABEL, label_of, mentions
from analyzer.analysis.screens import Bounds, UnreadableHierarchy, read_hierarchy
from analyzer.model.vocabulary import ScreenKind
from analyzer.packs.consent_phrases import Phrases
from analyzer.packs.wording import normal, normal_label

_ANSWERED_FIRST = ASKING | {ScreenKind.PERMISSION, ScreenKind.RATIONALE}


@dataclass(frozen=True, slots=True)
class Link:
    """A view to touch; `policy` is true where it names the policy itself, false where it leads on (“Settings”)."""

    label: str
    bounds: Bounds
    policy: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A screen as somebody sees it who looks for the policy; `asks` where a question must be answered first."""

    text: str
    links: tuple[Link, ...]
    asks: bool
    names_policy: bool


def read_page(hierarchy: str, phrases: Phrases) -> Page:
    """Find the links of a screen, those that name the policy first; an unreadable screen has none."""
    try:
        nodes = read_hierarchy(hierarchy)
    except UnreadableHierarchy:
        return Page("", (), asks=False, names_policy=False)
    found: list[Link] = []
    for node in nodes:
        label = label_of(node, nodes) if node.clickable and node.bounds.area else ""
        if not label or len(label) > LONGEST_LABEL:
            continue
        names = mentions(normal(label), phrases.policy)
        if names or normal_label(label) in phrases.paths:
            found.append(Link(label, node.bounds, names))
    reading = recognise(hierarchy, phrases)
    links = tuple(sorted(found, key=lambda link: not link.policy))
    return Page(reading.text, links, reading.kind in _ANSWERED_FIRST, reading.mentions_policy)
