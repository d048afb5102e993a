"""Walks from the app's main screen to its privacy policy, counts the operations, and puts the app back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeAlias, runtime_checkable

from analyzer.capture.device import Device, EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.capture.operator import Area, Operator
from analyzer.model.vocabulary import Control, GapKind, MarkKind, ScreenKind

NEAR: Final = 4
"""As many operations as the law allows: whatever is that near is found before anything farther is tried."""
FAR: Final = 8
MOST_TOUCHES: Final = 40
LONGEST_S: Final = 60.0
LOADING_S: Final = 3.0
"""A page of the web comes in after its window."""
LOOK_AGAIN_S: Final = 0.3
ENOUGH_TEXT: Final = 200
"""Fewer characters are no policy: a window whose page is still loading, or a dead link."""
MOST_COVERS: Final = 3
"""How many dialogs that explain permissions may lie over one another."""
_CLOSING: Final = (Control.CLOSE, Control.REFUSE, Control.ACCEPT)
_COVERS: Final = frozenset({ScreenKind.RATIONALE, ScreenKind.PERMISSION})
LONG_TEXT: Final = 1000
"""A page with fewer characters and a further link to the policy leads to it, and is not it."""


class LinkLike(Protocol):
    """A view that leads to the policy or towards it."""

    @property
    def label(self) -> str:
        """What is written on it."""

    @property
    def bounds(self) -> Area:
        """Where it is."""

    @property
    def policy(self) -> bool:
        """Whether it names the policy itself."""


class PageLike(Protocol):
    """A screen, as the walk needs it."""

    @property
    def text(self) -> str:
        """Everything readable on it."""

    @property
    def links(self) -> Sequence[LinkLike]:
        """The views worth touching, those that name the policy first."""

    @property
    def asks(self) -> bool:
        """Whether a question must be answered first."""

    @property
    def names_policy(self) -> bool:
        """Whether it names the policy."""


ReadPage: TypeAlias = Callable[[str], PageLike]
"""Reads a hierarchy; injected, because the same phrases judge the recording later."""


@runtime_checkable
class CanGoBack(Protocol):
    """A device with a way back."""

    def back(self) -> None:
        """Press BACK."""


class _Stopped(Exception):  # noqa: N818 - the walk ends here, and the message says why
    """The walk cannot go on."""


class Walk:
    """One search for the policy; `alive` is asked between touches, and raises where a person wants to stop."""

    def __init__(
        self, device: Device, operator: Operator, journal: Journal, read: ReadPage, alive: Callable[[], bool]
    ) -> None:
        self._device = device
        self._operator = operator
        self._journal = journal
        self._read = read
        self._alive = alive
        self._touches = 0
        self._deadline = 0.0
        self._tried: dict[tuple[str, ...], bool] = {}
        """The ways tried, and whether each opened a page."""

    def go(self) -> None:
        """Search, note what was found, and go back to where it began."""
        self._deadline = time.monotonic() + LONGEST_S
        home = self._uncovered()
        if home is None:
            return
        try:
            if not self._found(home):
                self._journal.mark(MarkKind.POLICY_NOT_FOUND, None, touches=str(self._touches))
        except _Stopped as stopped:
            why = f"the search for the privacy policy was not finished: {stopped}"
            self._journal.gap(GapKind.WALK_INCOMPLETE, "privacy policy", why)
        self._return(home)

    def _uncovered(self) -> PageLike | None:
        """Give the app's screen; a dialog on it that explains a permission is closed, whatever else asks is a gap."""
        for _ in range(MOST_COVERS):
            look = self._operator.look("walk")
            if look is None:
                return None
            page = self._read(look.dump.hierarchy)
            covers = look.reading.kind in _COVERS
            if not covers and not page.asks:
                return page
            closes = next((one for word in _CLOSING for one in look.reading.controls if one.control is word), None)
            if look.reading.kind is not ScreenKind.RATIONALE or closes is None:
                break
            self._operator.touch_for("close", closes.label, closes.bounds)
            time.sleep(LOOK_AGAIN_S)
        why = "the search for the privacy policy was not begun: a window that asks something lies over the app's screen"
        self._journal.gap(GapKind.WALK_INCOMPLETE, "privacy policy", why)
        return None

    def _found(self, home: PageLike) -> bool:
        """Say whether the policy was found; without it, every view that leads on by its name was followed."""
        for reach in (NEAR, FAR):
            self._tried.clear()
            if self._search(home, reach, ()):
                return True
        return False

    def _search(self, page: PageLike, reach: int, way: tuple[str, ...]) -> bool:
        """Follow the links of a page; a link that names the policy is an operation, too."""
        for link in page.links:
            here = (*way, link.label)
            if (not link.policy and reach < 2) or here in self._tried:  # noqa: PLR2004 - one more must lead on
                continue
            after = self._open(link, page)
            self._tried[here] = after is not None
            if after is None:
                continue
            after = self._loaded(after) if link.policy else after
            if link.policy and self._arrived(after, here):
                return True
            if reach > 1 and self._search(after, reach - 1, here):
                return True
            if link.policy and reach > 1 and self._arrived(after, here):  # its own links to the policy are dead
                return True
            self._back_to(page)
        return False

    def _loaded(self, page: PageLike) -> PageLike:
        """Wait for the text of a page."""
        until = time.monotonic() + LOADING_S
        shown: PageLike | None = page
        while shown is not None and len(shown.text) < ENOUGH_TEXT and time.monotonic() < until:
            time.sleep(LOOK_AGAIN_S)
            shown = self._look()
        return shown or page

    def _arrived(self, page: PageLike, way: tuple[str, ...]) -> bool:
        """Say whether this is the policy; a page that stays empty is what a dead link shows: noted as found and empty.

        A short page with a further link to the policy is not, unless that link was tried and opens nothing.
        """
        if len(page.text) >= ENOUGH_TEXT and not page.names_policy:
            return False
        further = [(*way, link.label) for link in page.links if link.policy]
        if len(page.text) < LONG_TEXT and any(self._tried.get(one, True) for one in further):
            return False
        self._journal.mark(
            MarkKind.POLICY_REACHED,
            None,
            operations=str(len(way)),
            way=" > ".join(way)[:300],
            characters=str(len(page.text)),
        )
        return True

    def _open(self, link: LinkLike, page: PageLike) -> PageLike | None:
        """Touch a link; `None` where nothing else is shown after it."""
        self._may_go_on()
        self._touches += 1
        if not self._operator.touch_for("walk", link.label, link.bounds):
            raise _Stopped("the app did not answer a touch")
        time.sleep(LOOK_AGAIN_S)
        after = self._look()
        if after is None:
            raise _Stopped("the screen could not be seen")
        if after.asks:
            raise _Stopped("a question of the app stood in the way")
        return None if after.text == page.text else after

    def _back_to(self, page: PageLike) -> None:
        self._may_go_on()
        if not isinstance(self._device, CanGoBack):
            raise _Stopped("this device has no way back from a page")
        try:
            self._device.back()
        except EnvironmentProblem as problem:
            raise _Stopped(str(problem)) from problem
        time.sleep(LOOK_AGAIN_S)
        shown = self._look()
        if shown is None or _labels(shown) != _labels(page):
            raise _Stopped("the way back led somewhere else")

    def _may_go_on(self) -> None:
        if not self._alive():
            raise _Stopped("the app ended")
        if self._touches >= MOST_TOUCHES or time.monotonic() > self._deadline:
            raise _Stopped("the time or the touches for the search were used up")

    def _look(self) -> PageLike | None:
        look = self._operator.look("walk")
        return None if look is None else self._read(look.dump.hierarchy)

    def _return(self, home: PageLike) -> None:
        """Press BACK until the first screen is shown again, never beyond it."""
        try:
            for _ in range(FAR):
                shown = self._look()
                if shown is None or _labels(shown) == _labels(home) or not isinstance(self._device, CanGoBack):
                    return
                if not self._alive():
                    return
                self._device.back()
                time.sleep(LOOK_AGAIN_S)
        except EnvironmentProblem:
            return  # the next look of the recorder notes what is wrong


def _labels(page: PageLike) -> list[str]:
    return [link.label for link in page.links]
