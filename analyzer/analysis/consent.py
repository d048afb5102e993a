"""Consent: what a screen is, as far as the user's choice is concerned, from its structure and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from analyzer.analysis.controls import (
    LONGEST_LABEL,
    Controls,
    ScreenControl,
    find_controls,
    mentions,
)
from analyzer.analysis.screens import Bounds, Node, UnreadableHierarchy, read_hierarchy
from analyzer.model.vocabulary import Control, ScreenKind
from analyzer.packs.consent_phrases import Phrases
from analyzer.packs.wording import normal, normal_label

FEW_CONTROLS: Final = 12
"""A dialog offers a handful of things to touch; a settings page, a menu or a feed offers more."""

FEW_ANSWERS: Final = 3
"""A question has two answers, seldom three; links, boxes and options to manage are no answers."""
SEVERAL: Final = 2
LONGEST_NOTICE: Final = 400
"""A longer text that mentions agreement is an article or the policy itself, no line by which use counts as consent."""

_NOWHERE: Final = Bounds()
_SOME_ONLY: Final = "permission_allow_selected_button"
"""AOSP's name from Android 14 on (memory)."""
ASKING: Final = frozenset(
    {ScreenKind.CONSENT, ScreenKind.RETENTION, ScreenKind.CMP_BANNER, ScreenKind.LOGIN_WALL},
)
"""The kinds of screen on which a choice about personal data can be made."""


@dataclass(frozen=True, slots=True)
class ScreenReading:
    """What one screen is and why we say so; `text` is everything readable on it, normal form.

    `unrecognised` are labels of buttons whose meaning is not known: with them, no control is surely absent.
    `implies_consent`: a line takes mere use of the app as agreement, and nothing beside it can be ticked or refused.
    `size` is how far right and down the hierarchy reaches, in pixels, `body` the place of its longest text.
    """

    kind: ScreenKind
    controls: tuple[ScreenControl, ...]
    reasoning: str
    text: str = ""
    mentions_policy: bool = False
    states_purpose: bool = False
    unrecognised: tuple[str, ...] = ()
    implies_consent: bool = False
    size: tuple[int, int] = (0, 0)
    body: Bounds = _NOWHERE

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
    retention: bool
    partners: bool
    tracking: bool
    """More than one phrase of partners: a recipe speaks of cookies as well."""
    purpose: bool
    fields: bool
    told: bool
    """The policy is named in a text, not only by a link or button."""
    use: bool
    """One line takes use or going on as agreement with policy or terms."""


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
    if permission is not None:
        known, unknown = _permission_controls(nodes, controls, phrases), controls.unrecognised
    else:
        known, unknown = _answers(kind, controls)
    implies = signs.use and permission is None and not _can_answer(known)
    reasoning += "; a line on it takes the mere use of the app as agreement" if implies else ""
    return ScreenReading(
        kind, known, reasoning, text, signs.policy, signs.purpose, unknown, implies, _size(nodes), _body(nodes)
    )


def _body(nodes: Sequence[Node]) -> Bounds:
    return max(nodes, key=lambda node: len(node.label)).bounds


def _size(nodes: Sequence[Node]) -> tuple[int, int]:
    return max(node.bounds.right for node in nodes), max(node.bounds.bottom for node in nodes)


def second_layer(reading: ScreenReading, phrases: Phrases) -> ScreenReading:
    """Read a screen that came up upon a refusal again: a dialog that talks the user round is `retention`."""
    about = (phrases.policy, phrases.terms, phrases.retention, phrases.asking)
    if (
        reading.kind in _MAY_RETAIN
        and _leaves(reading.controls)
        and 1 < _count_answers(reading.controls, reading.unrecognised) <= FEW_ANSWERS
        and any(mentions(reading.text, words) for words in about)
    ):
        why = "came up upon a refusal, speaks of the policy or of consent, and can be refused again"
        return replace(reading, kind=ScreenKind.RETENTION, reasoning=why)
    return reading


_MAY_RETAIN: Final = frozenset({ScreenKind.ORDINARY, ScreenKind.CONSENT, ScreenKind.NOTICE})


def _answers(kind: ScreenKind, controls: Controls) -> tuple[tuple[ScreenControl, ...], tuple[str, ...]]:
    """Take the only other button beside a refusal for acceptance; in a second layer it may as well lead back."""
    accepts = any(item.control is Control.ACCEPT for item in controls.known)
    if kind is not ScreenKind.CONSENT or accepts or len(controls.others) != 1 or not _firm(controls.known):
        return controls.known, controls.unrecognised
    ((label, bounds),) = controls.others
    return (*controls.known, ScreenControl(Control.ACCEPT, label, bounds, explicit=False)), ()


def _leaves(known: Sequence[ScreenControl]) -> bool:
    return any(item.control in {Control.REFUSE, Control.QUIT} for item in known)


def _firm(known: Sequence[ScreenControl]) -> bool:
    """Say whether a control refuses in so many words; “Cancel” leaves any dialog."""
    leaving = (item for item in known if item.control in {Control.REFUSE, Control.QUIT})
    return any(normal_label(item.label) not in _VAGUE for item in leaving)


_VAGUE: Final = frozenset({"cancel", "取消", "no", "later", "以后再说"})
_NO_ANSWER: Final = frozenset({Control.CHECKBOX, Control.POLICY, Control.SETTINGS})


def _count_answers(known: Sequence[ScreenControl], unrecognised: Sequence[str]) -> int:
    return sum(item.control not in _NO_ANSWER for item in known) + len(unrecognised)


def _can_answer(known: Sequence[ScreenControl]) -> bool:
    box = any(item.control is Control.CHECKBOX and item.explicit for item in known)
    agree = any(item.control is Control.ACCEPT and item.explicit for item in known)
    return box or agree or _firm(known)


def _signs(text: str, nodes: Sequence[Node], phrases: Phrases) -> _Signs:
    return _Signs(
        policy=mentions(text, phrases.policy),
        terms=mentions(text, phrases.terms),
        asking=mentions(text, phrases.asking),
        retention=mentions(text, phrases.retention),
        partners=mentions(text, phrases.partners),
        tracking=sum(mentions(text, (word,)) for word in phrases.partners) >= SEVERAL,
        purpose=any(
            mentions(line, phrases.purpose) and mentions(line, phrases.subjects)
            for line in (normal(node.label) for node in nodes)
        ),
        fields=any(node.class_name.endswith("EditText") or node.password for node in nodes),
        told=any(mentions(normal(node.label), phrases.policy) for node in nodes if not _is_button(node)),
        use=any(_takes_use_as_consent(normal(node.label), phrases) for node in nodes),
    )


def _is_button(node: Node) -> bool:
    return node.clickable and len(node.label) <= LONGEST_LABEL


def _takes_use_as_consent(line: str, phrases: Phrases) -> bool:
    named = mentions(line, phrases.policy) or mentions(line, phrases.terms)
    return len(line) <= LONGEST_NOTICE and named and mentions(line, phrases.implied)


def _judge(signs: _Signs, controls: Controls) -> tuple[ScreenKind, str]:
    accepts = [item for item in controls.known if item.control is Control.ACCEPT]
    explicit = any(item.explicit for item in accepts)
    leaves = _leaves(controls.known)
    few = len(controls.known) + len(controls.others) <= FEW_CONTROLS
    choice = few and bool(accepts or leaves)
    named = signs.policy or signs.terms
    spoken = signs.policy and (signs.told or signs.asking)
    about = signs.tracking or (signs.partners and (signs.policy or signs.asking))
    answers = _count_answers(controls.known, controls.unrecognised)
    asked = signs.told and _firm(controls.known) and 1 < answers <= FEW_ANSWERS and not controls.login
    ladder = (
        (signs.policy and signs.fields and (controls.login or signs.asking), ScreenKind.LOGIN_WALL,
         "input fields beside the policy: the choice is part of signing in"),
        (not choice, ScreenKind.ORDINARY, "no small set of controls that accepts or refuses"),
        (named and leaves and signs.retention and (explicit or asked), ScreenKind.RETENTION,
         "asks again, in the words of a second layer, for the choice about the policy"),
        (about and explicit and _has(controls, Control.SETTINGS), ScreenKind.CMP_BANNER,
         "partners or cookies, accepting, and options to manage"),
        (signs.policy and explicit and (leaves or signs.asking), ScreenKind.CONSENT,
         "names the policy, asks, and offers to accept"),
        (spoken and bool(accepts) and leaves, ScreenKind.CONSENT,
         "names the policy, and its answers go on or refuse"),
        (spoken and bool(accepts) and signs.use, ScreenKind.CONSENT,
         "names the policy and takes going on as consent"),
        (asked and (signs.asking or signs.partners), ScreenKind.CONSENT,
         "names the policy, says what is done with data, and one of its few answers refuses"),
        (signs.told and bool(accepts), ScreenKind.NOTICE, "names the policy and can only be acknowledged"),
        (signs.purpose and bool(accepts), ScreenKind.RATIONALE,
         "says what personal data is needed for before asking for it"),
    )  # fmt: skip
    ordinary = (ScreenKind.ORDINARY, "nothing on it asks for a choice about personal data")
    return next(((kind, why) for applies, kind, why in ladder if applies), ordinary)


def _has(controls: Controls, kind: Control) -> bool:
    return any(item.control is kind for item in controls.known)


def _permission(nodes: Sequence[Node], controls: Controls, phrases: Phrases) -> tuple[ScreenKind, str] | None:
    shown = [node for node in nodes if node.bounds.area and (node.label or node.clickable)]
    owner = next((node.package for node in shown if _asks_for_permission(node, phrases)), None)
    if owner is None or not (controls.known or controls.unrecognised):
        return None
    if any(node.package != owner for node in shown):  # an app can give one view of its window any package's name
        return None
    return ScreenKind.PERMISSION, f"a window of the system's permission controller ({owner})"


def _asks_for_permission(node: Node, phrases: Phrases) -> bool:
    """Say whether a view is of a permission controller: by its package, or by a button that only such a window has."""
    if node.package in phrases.permission_packages:
        return True
    known = node.resource_id in phrases.permission_allow or node.resource_id in phrases.permission_deny
    return known and node.clickable and node.resource_id.startswith(f"{node.package}:")


def _permission_controls(nodes: Sequence[Node], controls: Controls, phrases: Phrases) -> tuple[ScreenControl, ...]:
    """Give the buttons that answer; that which leads to a choice of single photos first (Android 14) comes last."""
    found = []
    for node in sorted(nodes, key=lambda node: node.resource_id.endswith(_SOME_ONLY)):
        name = node.resource_id.rpartition("/")[2]
        if not node.bounds.area:
            continue
        if node.clickable and (name.startswith("permission_allow") or node.resource_id in phrases.permission_allow):
            found.append(ScreenControl(Control.ACCEPT, node.label, node.bounds))
        elif node.clickable and (name.startswith("permission_deny") or node.resource_id in phrases.permission_deny):
            found.append(ScreenControl(Control.REFUSE, node.label, node.bounds))
    return tuple(found) or controls.known
