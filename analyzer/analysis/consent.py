"""Consent: what a screen is, as far as the user's choice is concerned, from its structure and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.analysis.controls import Controls, ScreenControl, find_controls, mentions, normal
from analyzer.analysis.screens import Node, UnreadableHierarchy, read_hierarchy
from analyzer.model.vocabulary import Control, ScreenKind
from analyzer.packs.consent_phrases import Phrases

FEW_CONTROLS: Final = 12
"""A dialog offers a handful of things to touch; a settings page, a menu or a feed offers more."""

ASKING: Final = frozenset(
    {ScreenKind.CONSENT, ScreenKind.RETENTION, ScreenKind.CMP_BANNER, ScreenKind.LOGIN_WALL},
)
"""The kinds of screen on which a choice about personal data can be made."""


@dataclass(frozen=True, slots=True)
class ScreenReading:
    """What one screen is and why we say so; `text` is everything readable on it, normal form.

    `unrecognised` are labels of buttons whose meaning is not known: with them, no control is surely absent.
    """

    kind: ScreenKind
    controls: tuple[ScreenControl, ...]
    reasoning: str
    text: str = ""
    mentions_policy: bool = False
    states_purpose: bool = False
    unrecognised: tuple[str, ...] = ()

    def control(self, kind: Control) -> ScreenControl | None:
        """Give the control of a kind, an explicit one before one that is merely taken so."""
        found = [item for item in self.controls if item.control is kind]
        return min(found, key=lambda item: not item.explicit, default=None)

    def at(self, x: int, y: int) -> ScreenControl | None:
        """Give the smallest control that a point in pixels lies on."""
        hit = [item for item in self.controls if item.bounds.holds(x, y)]
        return min(hit, key=lambda item: item.bounds.area, default=None)


@dataclass(frozen=True, slots=True)
class _Signs:
    policy: bool
    terms: bool
    asking: bool
    implied: bool
    retention: bool
    partners: bool
    purpose: bool
    fields: bool


def recognise(hierarchy: str, phrases: Phrases) -> ScreenReading:
    """Say what a uiautomator hierarchy shows; an empty or broken one is `unreadable`, never an ordinary screen."""
    try:
        nodes = read_hierarchy(hierarchy)
    except UnreadableHierarchy as problem:
        return ScreenReading(ScreenKind.UNREADABLE, (), str(problem))
    text = normal(" \n ".join(node.label for node in nodes if node.label))
    if not text:
        return ScreenReading(ScreenKind.UNREADABLE, (), "no view carries a text: a game, a drawn or a secure window")
    controls = find_controls(nodes, phrases)
    permission = _permission(nodes, controls, phrases)
    signs = _signs(text, nodes, phrases)
    kind, reasoning = permission or _judge(signs, controls)
    known = controls.known if permission is None else _permission_controls(nodes, controls)
    return ScreenReading(kind, known, reasoning, text, signs.policy, signs.purpose, controls.unrecognised)


def _signs(text: str, nodes: Sequence[Node], phrases: Phrases) -> _Signs:
    return _Signs(
        policy=mentions(text, phrases.policy),
        terms=mentions(text, phrases.terms),
        asking=mentions(text, phrases.asking),
        implied=mentions(text, phrases.implied),
        retention=mentions(text, phrases.retention),
        partners=mentions(text, phrases.partners),
        purpose=any(
            mentions(line, phrases.purpose) and mentions(line, phrases.subjects)
            for line in (normal(node.label) for node in nodes)
        ),
        fields=any(node.class_name.endswith("EditText") or node.password for node in nodes),
    )


def _judge(signs: _Signs, controls: Controls) -> tuple[ScreenKind, str]:
    accepts = [item for item in controls.known if item.control is Control.ACCEPT]
    explicit = any(item.explicit for item in accepts)
    leaves = any(item.control in {Control.REFUSE, Control.QUIT} for item in controls.known)
    few = len(controls.known) + len(controls.unrecognised) <= FEW_CONTROLS
    choice = few and bool(accepts or leaves)
    named = signs.policy or signs.terms
    ladder = (
        (signs.policy and signs.fields and (controls.login or signs.asking), ScreenKind.LOGIN_WALL,
         "input fields beside the policy: the choice is part of signing in"),
        (not choice, ScreenKind.ORDINARY, "no small set of controls that accepts or refuses"),
        (named and explicit and leaves and signs.retention, ScreenKind.RETENTION,
         "asks again, in the words of a second layer, for the choice about the policy"),
        (signs.partners and explicit and _has(controls, Control.SETTINGS), ScreenKind.CMP_BANNER,
         "partners or cookies, accepting, and options to manage"),
        (signs.policy and explicit and (leaves or signs.asking), ScreenKind.CONSENT,
         "names the policy, asks, and offers to accept"),
        (signs.policy and bool(accepts) and (leaves or signs.implied), ScreenKind.CONSENT,
         "names the policy and takes going on as consent"),
        (signs.policy and bool(accepts), ScreenKind.NOTICE, "names the policy and can only be acknowledged"),
        (signs.purpose and bool(accepts), ScreenKind.RATIONALE,
         "says what personal data is needed for before asking for it"),
    )  # fmt: skip
    ordinary = (ScreenKind.ORDINARY, "nothing on it asks for a choice about personal data")
    return next(((kind, why) for applies, kind, why in ladder if applies), ordinary)


def _has(controls: Controls, kind: Control) -> bool:
    return any(item.control is kind for item in controls.known)


def _permission(nodes: Sequence[Node], controls: Controls, phrases: Phrases) -> tuple[ScreenKind, str] | None:
    owner = next((node.package for node in nodes if node.package in phrases.permission_packages), None)
    if owner is None or not (controls.known or controls.unrecognised):
        return None
    return ScreenKind.PERMISSION, f"a window of the system's permission controller ({owner})"


def _permission_controls(nodes: Sequence[Node], controls: Controls) -> tuple[ScreenControl, ...]:
    found = []
    for node in nodes:
        name = node.resource_id.rpartition("/")[2]
        if node.clickable and name.startswith("permission_allow"):
            found.append(ScreenControl(Control.ACCEPT, node.label, node.bounds))
        elif node.clickable and name.startswith("permission_deny"):
            found.append(ScreenControl(Control.REFUSE, node.label, node.bounds))
    return tuple(found) or controls.known
