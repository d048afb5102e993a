"""Controls: which views of a screen accept, refuse, configure or leave, by their labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.analysis.screens import Bounds, Node
from analyzer.model.vocabulary import Control
from analyzer.packs.consent_phrases import ControlWords, Phrases

LONGEST_LABEL: Final = 80
"""A longer clickable text is a sentence or a list row, no button."""
_COUNTDOWN: Final = re.compile(r"[(\[]?\d{1,3} ?s?[)\]]?$", re.ASCII)
_EDGES: Final = " \t\r\n.,!?:;·…。，！？：；《》<>「」【】\"'()[]→>"


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


def normal(text: str) -> str:
    """Fold case, width and white space, so that labels and phrases compare."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").split())


def mentions(text: str, words: Sequence[str]) -> bool:
    """Say whether a normal text contains any of the words; Latin words match as a whole."""
    return any(_contains(text, normal(word)) for word in words)


def find_controls(nodes: Sequence[Node], phrases: Phrases) -> Controls:
    """Classify every clickable or checkable view by what a person reads on it."""
    known: list[ScreenControl] = []
    others: list[tuple[str, Bounds]] = []
    login = False
    for node in nodes:
        if not (node.clickable or node.checkable) or node.bounds.area == 0:
            continue
        label = _label(node, nodes)
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
    """Give the meaning of a label and whether it says so explicitly; `None` where it means nothing to us."""
    text = normal_label(label)
    if not text or len(text) > LONGEST_LABEL:
        return None
    ladder = (
        (Control.QUIT, True, phrases.quit),
        (Control.REFUSE, True, phrases.refuse),
        (Control.ACCEPT, True, phrases.accept),
        (Control.SETTINGS, True, phrases.settings),
        (Control.CLOSE, True, phrases.close),
        (Control.ACCEPT, False, phrases.acknowledge),
    )
    for control, explicit, words in ladder:
        if _matches(text, words):
            return control, explicit
    if mentions(text, phrases.policy) or mentions(text, phrases.terms):
        return Control.POLICY, True
    return None


def normal_label(label: str) -> str:
    """Fold a label and cut its edges, inner commas and a running countdown (`Agree (5s)`, `No, thanks`)."""
    plain = " ".join(normal(label).replace(",", " ").replace("!", " ").split())
    return _COUNTDOWN.sub("", plain.strip(normal(_EDGES) + " ")).strip(_EDGES)


def _matches(text: str, entries: Sequence[ControlWords]) -> bool:
    return any(_matches_one(text, entry) for entry in entries)


def _matches_one(text: str, entry: ControlWords) -> bool:
    if any(text == normal_label(phrase) for phrase in entry.exact):
        return True
    return len(text) <= entry.longest and mentions(text, entry.words) and not mentions(text, entry.unless)


def _contains(text: str, word: str) -> bool:
    if not word:
        return False
    if not (word[0].isascii() and word[0].isalpha()):
        return word in text
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not _joins(text[start - 1 : start]) and not _joins(text[end : end + 1]):
            return True
        start = text.find(word, start + 1)
    return False


def _joins(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _label(node: Node, nodes: Sequence[Node]) -> str:
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
