"""Looks at each flow once, when it is put together: what later steps ask of all of them is noted then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Final

from analyzer.analysis.consent_sent import may_carry_consent
from analyzer.analysis.coverage import is_unread
from analyzer.analysis.facts import is_in_the_clear
from analyzer.analysis.owners import is_stated_other
from analyzer.analysis.packed import Keeper
from analyzer.model.results import Flow
from analyzer.model.said_of_traffic import ANY_HOST

_WEIGHT: Final = 8
"""A flow takes the room of so many observations."""


class Survey:
    """Keeps flows, and notes by their index the `hosts` and which are `plain`; `unread` and `consenting` are few.

    So are those that were read inside the app (`tapped`), the connections that carried them (`opened`), and what only
    its own word makes another app's (`stated`). `claimed` are those whose host nothing but their own header names:
    in the clear, to one of the hosts in `claims`, by recording.
    """

    def __init__(self, claims: Mapping[str, Collection[str]] = {}) -> None:
        self._claims = claims
        self.claimed = bytearray()
        self._keeper: Keeper[Flow] = Keeper(_WEIGHT)
        self.hosts: list[str] = []
        self.plain = bytearray()
        self.unread: list[Flow] = []
        self.opened: list[Flow] = []
        self.tapped: set[int] = set()
        self.consenting: list[Flow] = []
        self.stated: list[Flow] = []

    def noting(self, flows: Iterable[Flow]) -> Iterator[Flow]:
        """Give the flows on, each after it was noted."""
        for flow in flows:
            self._keeper.add(flow)
            self.hosts.append(intern(flow.host))
            plain = is_in_the_clear(flow)
            self.plain.append(plain)
            claims = self._claims.get(flow.ref.recording, ())
            self.claimed.append(plain and (flow.host in claims or ANY_HOST in claims))
            if is_unread(flow):
                self.unread.append(flow)
            if flow.opened:
                self.opened.append(flow)
            if flow.tapped:
                self.tapped.add(flow.index)
            if is_stated_other(flow):
                self.stated.append(flow)
            if may_carry_consent(flow):
                self.consenting.append(flow)
            yield flow

    def flows(self) -> Sequence[Flow]:
        """Give all flows that were noted."""
        return self._keeper.kept()
