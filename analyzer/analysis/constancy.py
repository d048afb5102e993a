"""Takes numbers for no identifiers: an installation keeps its own; what is new in every record belongs to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from analyzer.analysis.packed import packed
from analyzer.analysis.shape_key import words_of
from analyzer.analysis.shape_path import field_of, name_of
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Observation
from analyzer.model.vocabulary import Method, Owner, Tier, Where

_LASTING: Final = frozenset({"id.installation"})
"""Types whose value stays the same as long as the app's own data do, which a recording does not outlive."""
_BARE: Final = frozenset(
    {"uuid", "guid", "fid", "iid", "eid", "mid", "gid", "xid", "zid", "wid", "identifier", "uniqueid"}
    | {"uniqueidentifier"}
)
"""Names that entries of a log have as well; any other says itself that it is an installation's or a device's."""
_ENOUGH: Final = 3
"""So many different values are no installation that was made anew."""


class _Field(NamedTuple):
    """Where one thing has its place: a path without the numbers of list elements, in what one owner sends to a host."""

    recording: str
    host: str
    owner: Owner | None
    where: Where | None
    path: str


def without_changing(observations: Sequence[Observation], hosts: Sequence[str]) -> Sequence[Observation]:
    """Give the observations without identifiers of the installation that are not the same all the time.

    Such are the numbers of log entries, messages and requests in fields of the same names (`uuid`): they differ within
    one record, or at most of their occurrences, and come in no second record. The first of each field stays, told as
    what does not count. `hosts` are those that the observations went to, in the same order. Known values stay: they
    are the device's, wherever they stand.
    """
    constancy = Constancy()
    for one, host in zip(observations, hosts, strict=True):
        constancy.note(one, host)
    return constancy.without_changing(observations, hosts)


class Constancy:
    """Notes the identifiers of installations, and tells those that change; see `without_changing`."""

    def __init__(self) -> None:
        self._values: dict[_Field, list[tuple[EvidenceRef, str]]] = defaultdict(list)
        self._records: dict[str, set[EvidenceRef]] = defaultdict(set)

    def note(self, one: Observation, host: str) -> None:
        """Note one observation."""
        if _may_change(one):
            self._values[_field(one, host)].append((one.ref, one.value))
            self._records[one.value].add(one.ref)

    def without_changing(self, observations: Sequence[Observation], hosts: Sequence[str]) -> Sequence[Observation]:
        """Give the observations, all of which were noted, without those that change."""
        once = {value for value, seen in self._records.items() if len(seen) == 1}
        changing = {place: _told(seen) for place, seen in self._values.items() if _changes(seen)}
        return packed(_kept(observations, hosts, changing, once)) if changing else observations


def _field(one: Observation, host: str) -> _Field:
    return _Field(one.ref.recording, host, one.owner, one.where, field_of(one.path))


def _kept(
    observations: Sequence[Observation], hosts: Sequence[str], changing: dict[_Field, str], once: set[str]
) -> Iterator[Observation]:
    told: set[_Field] = set()
    for one, host in zip(observations, hosts, strict=True):
        place = _field(one, host) if one.value in once and _may_change(one) else None
        if place is None or place not in changing:
            yield one
        elif place not in told:
            told.add(place)
            yield replace(one, tier=Tier.DECLARED, reasoning=f"{one.reasoning}; {changing[place]}")


def _may_change(one: Observation) -> bool:
    return (
        one.data_type in _LASTING
        and one.method is not Method.INDICATOR
        and one.where is not Where.RESPONSE
        and "".join(words_of(name_of(one.path))) in _BARE
    )


def _changes(seen: Sequence[tuple[EvidenceRef, str]]) -> bool:
    different = len({value for _, value in seen})
    if different < _ENOUGH:
        return False
    at_once: dict[EvidenceRef, set[str]] = defaultdict(set)
    for ref, value in seen:
        at_once[ref].add(value)
    return different * 2 > len(seen) or any(len(values) >= _ENOUGH for values in at_once.values())


def _told(seen: Sequence[tuple[EvidenceRef, str]]) -> str:
    different = len({value for _, value in seen})
    return (
        f"this field had {different} different values, so those of one record only are taken for numbers of entries: "
        "they do not count, and only the first is told"
    )
