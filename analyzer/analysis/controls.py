"""Controls: which views of a screen accept, refuse, configure or leave, by their labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.analysis.screens import Bounds, Node
from analyzer.model.vocabulary import Control
from analyzer.packs.consent_phrases import ControlWords, Phrases
from analyzer.packs.wording import normal, normal_label

_CLAUSES: Final = re.compile(r"[,;:!?。、，；：！？]|\.(?= )")
_FIRST_UNSPACED: Final = "\u0400"
"""From Cyrillic on, phrases are stems or stand unspaced: they match inside words."""
LONGEST_LABEL: Final = 80
"""A longer clickable text is a sentence or a list row, no button."""


@dataclass(frozen=True, slots=True)
class ScreenControl:
    """One control of a screen; `explicit` is false where proceeding is merely taken as consent (“OK”, “Continue”).

    `checked` is the state of a checkbox, false for everything else.
    """

    control: Control
    label: str
    bounds: Bounds
    explicit: bool = True
    checked: bool = False

    @property
    def center(self) -> tuple[int, int]:
        """Give the point to touch, in pixels."""
        return self.bounds.center


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls that were understood, explicit ones first, and label and place of those that were not."""

    known: tuple[ScreenControl, ...]
    others: tuple[tuple[str, Bounds], ...]
    login: bool

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """Give the labels of the buttons whose meaning is not known."""
        return tuple(label for label, _ in self.others)


def mentions(text: str, words: Sequence[str]) -> bool:
    """Say whether a normal text contains any of the normal words; words of letters with spaces match as a whole."""
    return any(word in text and _contains(text, word) for word in words)


def find_controls(nodes: Sequence[Node], phrases: Phrases) -> Controls:
    """Classify every clickable or checkable view by what a person reads on it."""
    known: list[ScreenControl] = []
    others: list[tuple[str, Bounds]] = []
    login = False
    for node in nodes:
        if not (node.clickable or node.checkable) or node.bounds.area == 0:
            continue
        label = label_of(node, nodes)
        if node.checkable:
            known.append(_checkbox(node, label, phrases))
            continue
        login = login or (len(label) <= LONGEST_LABEL and _matches(normal_label(label), phrases.login))
        control = classify(label, phrases)
        if control is not None:
            known.append(ScreenControl(control[0], label, node.bounds, control[1]))
        elif label and len(label) <= LONGEST_LABEL:
            others.append((label, node.bounds))
    known.sort(key=lambda item: not item.explicit)
    return Controls(tuple(known), tuple(others), login)


def _checkbox(node: Node, label: str, phrases: Phrases) -> ScreenControl:
    """A box without words or with the policy's is about consent; “Remember me” is not, and not explicit."""
    text = normal(label)
    about = not text or any(mentions(text, words) for words in (phrases.policy, phrases.terms, phrases.asking))
    return ScreenControl(Control.CHECKBOX, label[:LONGEST_LABEL], node.bounds, about, node.checked)


def classify(label: str, phrases: Phrases) -> tuple[Control, bool] | None:
    """Give the meaning of a label and whether it says so explicitly; `None` where it means nothing to us.

    A label of several clauses (“Agree, and start”) accepts only if each of them is known: a sentence that merely
    contains “I agree” is a message, no button.
    """
    text = normal_label(label)
    if not text or len(text) > LONGEST_LABEL:
        return None
    meaning = _exactly(text, phrases)
    if meaning is None:
        clauses = [normal_label(clause) for clause in _CLAUSES.split(normal(label))]
        found = [_meaning(clause, phrases) for clause in clauses if clause]
        known = [one for one in found if one is not None]
        whole = len(known) == len(found)
        meaning = min((one for one in known if whole or one in _LEAVING), key=_LADDER.index, default=None)
    if meaning is not None:
        return meaning
    if mentions(text, phrases.policy) or mentions(text, phrases.terms):
        return Control.POLICY, True
    return None


_LADDER: Final = (
    (Control.QUIT, True),
    (Control.REFUSE, True),
    (Control.ACCEPT, True),
    (Control.SETTINGS, True),
    (Control.CLOSE, True),
    (Control.ACCEPT, False),
)

_LEAVING: Final = frozenset({(Control.QUIT, True), (Control.REFUSE, True)})


def _entries(phrases: Phrases) -> tuple[tuple[ControlWords, ...], ...]:
    return phrases.quit, phrases.refuse, phrases.accept, phrases.settings, phrases.close, phrases.acknowledge


def _exactly(text: str, phrases: Phrases) -> tuple[Control, bool] | None:
    pairs = zip(_LADDER, _entries(phrases), strict=True)
    return next((meaning for meaning, entries in pairs if any(text in one.exact for one in entries)), None)


def _meaning(text: str, phrases: Phrases) -> tuple[Control, bool] | None:
    pairs = zip(_LADDER, _entries(phrases), strict=True)
    return next((meaning for meaning, entries in pairs if _matches(text, entries)), None)


def _matches(text: str, entries: Sequence[ControlWords]) -> bool:
    return any(_matches_one(text, entry) for entry in entries)


def _matches_one(text: str, entry: ControlWords) -> bool:
    if text in entry.exact:
        return True
    return len(text) <= entry.longest and mentions(text, entry.words) and not mentions(text, entry.unless)


def _contains(text: str, word: str) -> bool:
    if not _spaced(word[0]):
        return True
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not _spaced(text[start - 1 : start]) and not _spaced(text[end : end + 1]):
            return True
        start = text.find(word, start + 1)
    return False


def _spaced(character: str) -> bool:
    """Say whether a character belongs to a script whose words stand apart and are matched as a whole."""
    return character.isalnum() and character < _FIRST_UNSPACED


def label_of(node: Node, nodes: Sequence[Node]) -> str:
    """Give what a person reads on a view: its own words, or those of the views inside it."""
    if node.label:
        return node.label
    inside = [node.number]
    words: list[str] = []
    for child in nodes[node.number + 1 :]:
        if child.parent not in inside:
            break
        inside.append(child.number)
        words.append(child.label)
    return " ".join(word for word in words if word)
