"""Acts for the user: watches the screen, leaves the consent dialog alone for a while, then chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from analyzer.capture.clock_sync import now
from analyzer.capture.device import Device, EnvironmentProblem, ScreenDump
from analyzer.capture.journal import Journal
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import Control, GapKind, MarkKind, ScreenKind, Strategy

CONSENT_KINDS = frozenset({ScreenKind.CONSENT, ScreenKind.RETENTION, ScreenKind.CMP_BANNER, ScreenKind.LOGIN_WALL})
MAX_LAYERS = 4
"""How many dialogs in a row are answered before the operator gives up (a choice, its retention dialog, …)."""


class Area(Protocol):
    """The place of a control on the screen."""

    @property
    def center(self) -> tuple[int, int]:
        """Where to touch it, in pixels."""


class Touchable(Protocol):
    """A control that was recognised on a screen."""

    @property
    def control(self) -> Control:
        """What the control means."""

    @property
    def label(self) -> str:
        """What is written on it."""

    @property
    def checked(self) -> bool | None:
        """Whether it is ticked; `None` where it has no tick."""

    @property
    def bounds(self) -> Area:
        """Where it is."""


class Reading(Protocol):
    """What a screen was recognised as."""

    @property
    def kind(self) -> ScreenKind:
        """What the screen is."""

    @property
    def controls(self) -> Sequence[Touchable]:
        """The controls that matter on it."""


Recognise: TypeAlias = Callable[[str], Reading]
"""Recognises a uiautomator hierarchy; injected, because the same function judges the recording later."""

_CHOICES = {
    Strategy.ACCEPT: Control.ACCEPT,
    Strategy.REFUSE: Control.REFUSE,
    Strategy.DENY: Control.REFUSE,
}
_WANTED = {
    Strategy.ACCEPT: (Control.ACCEPT,),
    Strategy.DENY: (Control.ACCEPT,),
    Strategy.REFUSE: (Control.REFUSE, Control.QUIT, Control.CLOSE),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the screen and what it was recognised as."""

    dump: ScreenDump
    reading: Reading


class Operator:
    """Watches one app on one device; what it sees and does goes to the journal."""

    def __init__(self, device: Device, journal: Journal, recognise: Recognise, strategy: Strategy) -> None:
        self._device = device
        self._journal = journal
        self._recognise = recognise
        self._strategy = strategy
        self._last: tuple[str, str, str] | None = None
        self._kind: ScreenKind | None = None
        self._unavailable = False

    def forget(self) -> None:
        """Take the next screen as new: the app was started again."""
        self._last = None
        self._kind = None

    def look(self, trigger: str) -> Look | None:
        """Look at the screen; keep it where it changed; `None` where the device shows nothing."""
        try:
            dump = self._device.screen()
        except EnvironmentProblem as problem:
            if not self._unavailable:
                self._journal.gap(GapKind.SCREEN_UNAVAILABLE, "screen", str(problem))
            self._unavailable = True
            return None
        # After the answer: a device may take long to give it, and what it shows was not there before it was asked.
        stamp = now()
        self._unavailable = False
        reading = self._recognise(dump.hierarchy)
        fingerprint = (dump.hierarchy, dump.package, dump.activity)
        if fingerprint != self._last:
            self._last = fingerprint
            self._note(dump, reading, stamp, trigger)
        return Look(dump, reading)

    def _note(self, dump: ScreenDump, reading: Reading, stamp: Stamp, trigger: str) -> None:
        readable = reading.kind is not ScreenKind.UNREADABLE
        screen = self._journal.screen(dump, stamp, trigger, readable=readable)
        if not readable:
            why = "the UI hierarchy was empty or unreadable, so no dialog can be recognised or ruled out"
            self._journal.gap(GapKind.SCREEN_UNREADABLE, dump.activity or dump.package or "screen", why, screen.stamp)
        if reading.kind is not self._kind:
            self._kind = reading.kind
            if reading.kind in CONSENT_KINDS:
                self._journal.mark(MarkKind.DIALOG_SHOWN, screen.stamp, kind=reading.kind.value)
            elif reading.kind is ScreenKind.NOTICE:
                self._journal.mark(MarkKind.NOTICE_SHOWN, screen.stamp)
            elif reading.kind is ScreenKind.PERMISSION:
                self._journal.mark(MarkKind.PERMISSION_ASKED, screen.stamp, package=dump.package)

    def can_choose(self, look: Look) -> bool:
        """Say whether the screen asks for consent and has the control that the strategy wants."""
        return self._target(look) is not None

    def choose(self) -> bool:
        """Touch the control that the strategy wants, if the screen asks; say whether something was touched."""
        look = self.look("before_choice")
        target = self._target(look) if look is not None else None
        if look is None or target is None:
            return False
        wanting = self._strategy in (Strategy.ACCEPT, Strategy.DENY)
        boxes = [box for box in look.reading.controls if box.control is Control.CHECKBOX and box.checked is False]
        if wanting and not all(map(self._touch, boxes)):
            return False
        return self._touch(target)

    def _target(self, look: Look) -> Touchable | None:
        """Give the control to touch; a refusal that has no button of its own quits, or closes the dialog."""
        if look.reading.kind not in CONSENT_KINDS:
            return None
        for wanted in _WANTED.get(self._strategy, ()):
            for control in look.reading.controls:
                if control.control is wanted:
                    return control
        return None

    def note_missing_choice(self, still_asks: str = "", *, answered: bool = False) -> None:
        """Note that the strategy could not be carried out; `still_asks` names the controls of a dialog.

        `answered` says that it was touched as the strategy wants, and asks again nevertheless.
        """
        wanted = self._strategy.value
        if still_asks and answered:
            why = f"a dialog was answered ({wanted}), and one still asks: {still_asks}"
        elif still_asks:
            why = f"a dialog still asks, but its controls give no way to {wanted}: {still_asks}"
        else:
            why = f"no dialog that asks for consent was recognised, so there was nothing to {wanted}"
        self._journal.gap(GapKind.CHOICE_NOT_MADE, wanted, why)

    def answer_permission(self, look: Look) -> bool:
        """Answer a system permission dialog as the strategy does; say whether something was touched."""
        wanted = _CHOICES.get(self._strategy)
        if wanted is None or look.reading.kind is not ScreenKind.PERMISSION:
            return False
        for control in look.reading.controls:
            if control.control is wanted:
                if not self._touch(control):
                    return False
                granted = MarkKind.PERMISSION_GRANTED if wanted is Control.ACCEPT else MarkKind.PERMISSION_DENIED
                self._journal.mark(granted)
                return True
        return False

    def _touch(self, control: Touchable) -> bool:
        return self.touch_for(control.control.value, control.label, control.bounds)

    def touch_for(self, purpose: str, label: str, area: Area) -> bool:
        """Touch a place; say whether the app answered, which one that hangs or has just died does not."""
        x, y = area.center
        self._journal.mark(MarkKind.TAPPED, None, x=str(x), y=str(y), control=purpose, text=label, by="operator")
        try:
            self._device.tap(x, y)
        except EnvironmentProblem as problem:
            self._journal.gap(GapKind.SCREEN_UNAVAILABLE, "touch", f"no answer to the touch: {problem}")
            return False
        return True
