"""Decides which finds of bytes are finds of known values: whole words, complete pairs and lists, one owner each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicators import WHOLE, Hit, Indicators, Origin
from analyzer.model.clock import Instant
from analyzer.packs.taxonomy import Shape, Taxonomy

_INDEX: Final = re.compile(r"\[\d+\]")
_LAST_STEP: Final = re.compile(r"(>?[a-z]+:|\.|\[)[^.>\[]*$")

_SLACK_US: Final = 10_000_000
"""No two clocks of a recording are further apart: what lies so far behind a moment came after it."""
_MOST_PLACES: Final = 32
"""A list that is there so often is not told once more."""

Span: TypeAlias = tuple[int, int, int]
"""Leaf (by identity), start and end."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where something was sent; origins count when they lie before it in the same recording."""

    recording: str
    instant: Instant

    def follows(self, origin: Origin) -> bool:
        """Say whether an origin may have been the source of what was sent now."""
        return origin.recording == self.recording and origin.instant.before(self.instant) is not False

    def nearest(self, origins: Sequence[Origin], most: int) -> list[Origin]:
        """Give the origins that may have been the source, the nearest first; `origins` are in order of time."""
        latest = self.instant.at_us + _SLACK_US
        at = len(origins) if len(origins) <= most else bisect_right(origins, latest, key=_at)
        found: list[Origin] = []
        while at and len(found) < most:
            at -= 1
            if self.follows(origins[at]):
                found.append(origins[at])
        return found


@dataclass(frozen=True, slots=True)
class Match:
    """A known value, recognised at one place; `count` is the number of different items of a list."""

    data_type: str
    path: str
    hits: tuple[Hit, ...]
    count: int = 1

    @property
    def lead(self) -> Hit:
        """Give the hit that speaks for the match: the one with the fewest encodings."""
        if len(self.hits) == 1:
            return self.hits[0]
        return min(self.hits, key=_plainness)


def _plainness(hit: Hit) -> tuple[int, int, int]:
    layers, chain = len(hit.leaf.encodings), len(hit.indicator.chain)
    return layers + chain, chain, hit.start


def _at(origin: Origin) -> int:
    return origin.instant.at_us


def find_known(
    leaves: Sequence[Leaf], indicators: Indicators, taxonomy: Taxonomy, moment: Moment, *, glued: bool = False
) -> list[Match]:
    """Give the known values in the leaves of one part of one record (same `ref` and `where`).

    With `glued` a value may touch other letters, as it does behind a salt.
    """
    hits = indicators.search(leaves, taxonomy, glued=glued)
    return match_hits(hits, taxonomy, moment) if hits else []


def match_hits(hits: Sequence[Hit], taxonomy: Taxonomy, moment: Moment) -> list[Match]:
    """Give the known values that finds of bytes in one part of one record are finds of."""
    by_type: dict[str, list[Hit]] = defaultdict(list)
    for hit in _outermost(hits):
        by_type[hit.indicator.known.data_type].append(hit)
    matches = [match for kind in sorted(by_type) for match in _complete(kind, by_type[kind], taxonomy)]
    return _without_containers(_one_owner(matches, taxonomy, moment))


def _outermost(hits: Iterable[Hit]) -> list[Hit]:
    """Drop finds that lie inside a longer find in the same leaf."""
    by_leaf: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_leaf[id(hit.leaf)].append(hit)
    kept: list[Hit] = []
    for group in by_leaf.values():
        group.sort(key=lambda hit: (hit.start, -hit.end))
        reach = (-1, -1)
        for hit in group:
            if hit.end <= reach[1] and (hit.start, hit.end) != reach:
                continue
            reach = (hit.start, hit.end)
            kept.append(hit)
    return kept


def _complete(data_type: str, hits: list[Hit], taxonomy: Taxonomy) -> Iterator[Match]:
    """Group the finds of one data type into values: single ones, pairs, lists."""
    known = taxonomy.types.get(data_type)
    if known is not None and known.shape is Shape.LIST:
        yield from _lists(data_type, hits, known.needed, taxonomy)
        return
    if len(hits) == 1:
        if hits[0].indicator.part == WHOLE:
            yield Match(data_type, hits[0].leaf.path, (hits[0],))
        return
    whole = _grouped((hit for hit in hits if hit.indicator.part == WHOLE), _path)
    for path, group in whole.items():
        yield Match(data_type, path, tuple(group))
    parts = (hit for hit in hits if hit.indicator.part != WHOLE and hit.leaf.path not in whole)
    for path, group in _grouped(parts, _container).items():
        place = _place(group)
        if place:
            paths = {hit.leaf.path for hit in place}
            yield Match(data_type, paths.pop() if len(paths) == 1 else path or "raw", place)


def _place(hits: list[Hit]) -> tuple[Hit, ...]:
    """Give the finds of a latitude and a longitude of the same place, on the same map; none when one is missing."""
    pairs: dict[tuple[int, str, tuple[str, ...]], list[Hit]] = defaultdict(list)
    for hit in hits:
        chain = hit.indicator.chain
        pairs[len(chain), hit.indicator.known.text, chain].append(hit)
    whole = [key for key, group in pairs.items() if {hit.indicator.part for hit in group} >= {"lat", "lon"}]
    if not whole:
        return ()
    _, _, plainest = min(whole, key=lambda key: key[0])
    return tuple(hit for key in whole if key[2] == plainest for hit in pairs[key])


def _lists(data_type: str, hits: list[Hit], needed: int, taxonomy: Taxonomy) -> Iterator[Match]:
    """Give one match for each place that has enough different items of a list, or all of a shorter one."""
    for place in _places(hits):
        items = {(hit.indicator.known.text, _item(hit.indicator.part)) for hit in place}
        most = max(Counter(text for text, _ in items).values(), default=0)
        shortest = min(len({_item(name) for name, _ in hit.indicator.known.parts}) for hit in place)
        if _only_name(place) and not any(taxonomy.named_by(data_type, hit.leaf.key) for hit in place):
            continue
        if _holds_whole(place) or most >= min(needed, shortest):
            yield Match(data_type, _common_path({hit.leaf.path for hit in place}), tuple(place), most)


def _only_name(hits: list[Hit]) -> bool:
    """Say whether one person's name is all that was found: such a name may stand in any text."""
    return len({hit.indicator.value for hit in hits}) == 1 and hits[0].indicator.part.endswith(".name")


def _places(hits: list[Hit]) -> list[list[Hit]]:
    """Part the finds where items turn up again in another field: that is the same list once more.

    Fields with different items (the names here, the numbers there) are one place; a single item beside a field that
    lists others of its kind is none of the list.
    """
    places: list[_ListPlace] = []
    for group in sorted(_grouped(hits, _field).values(), key=len, reverse=True):
        new = _ListPlace(list(group), {hit.indicator.value for hit in group}, _holds_whole(group), _kinds(group))
        for place in places:
            if place.takes(new):
                place.hits.extend(group)
                place.values |= new.values
                break
        else:
            if len(places) < _MOST_PLACES:
                places.append(new)
    return [place.hits for place in places]


@dataclass(slots=True)
class _ListPlace:
    """Fields that hold one list: its finds, their values; of the first field whether it is opaque, and its kinds."""

    hits: list[Hit]
    values: set[str]
    opaque: bool
    kinds: Counter[str]

    def takes(self, other: _ListPlace) -> bool:
        if self.opaque or other.opaque or not self.values.isdisjoint(other.values):
            return False
        return not (len(other.values) == 1 and all(self.kinds[kind] > 1 for kind in other.kinds))


def _kinds(hits: Iterable[Hit]) -> Counter[str]:
    """Count the different values by the field of the item that they are (`phone`, `bssid`)."""
    return Counter(part.partition(".")[2] for part, _ in {(hit.indicator.part, hit.indicator.value) for hit in hits})


def _holds_whole(hits: Iterable[Hit]) -> bool:
    return any(hit.indicator.part == WHOLE for hit in hits)


def _field(hit: Hit) -> str:
    """Give the path of the field, the same for all elements of an array."""
    return _INDEX.sub("[]", hit.leaf.path)


def _item(part: str) -> str:
    return part.partition(".")[0]


def _grouped(hits: Iterable[Hit], path_of: Callable[[Hit], str]) -> dict[str, list[Hit]]:
    groups: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[path_of(hit)].append(hit)
    return groups


def _path(hit: Hit) -> str:
    return hit.leaf.path


def _container(hit: Hit) -> str:
    return _LAST_STEP.sub("", hit.leaf.path)


def _common_path(paths: set[str]) -> str:
    """Give the path of the container that holds all places, at the boundary of a step."""
    shortest, longest = min(paths), max(paths)
    alike = next((at for at, char in enumerate(shortest) if longest[at : at + 1] != char), len(shortest))
    common = shortest[:alike]
    if common in paths:
        return common
    return (common[:-1] if common.endswith(("[", ".", ">")) else _LAST_STEP.sub("", common)) or "raw"


def _one_owner(matches: list[Match], taxonomy: Taxonomy, moment: Moment) -> list[Match]:
    """Where one value is known under several data types, keep the type that the app most likely took it from."""
    if not _shared(matches):
        return sorted(matches, key=lambda match: (match.data_type, match.path))
    ranked = sorted(matches, key=lambda match: _rank(match, taxonomy, moment), reverse=True)
    taken: dict[tuple[Span, str], str] = {}
    kept = []
    for match in ranked:
        spans = [((id(hit.leaf), hit.start, hit.end), hit.indicator.value) for hit in match.hits]
        free = any(taken.get(span, match.data_type) == match.data_type for span in spans)
        if free or _apart(match, {taken[span] for span in spans}, taxonomy):
            kept.append(match)
            taken.update({span: match.data_type for span in spans if span not in taken})
    return sorted(kept, key=lambda match: (match.data_type, match.path))


def _apart(match: Match, owners: set[str], taxonomy: Taxonomy) -> bool:
    """Say whether a field is named for a value of its own, though a list beside it could hold the value too."""
    keys = {hit.leaf.key for hit in match.hits}
    lists = all(_shape(owner, taxonomy) is Shape.LIST for owner in owners)
    return (
        lists
        and _shape(match.data_type, taxonomy) is not Shape.LIST
        and any(taxonomy.named_by(match.data_type, key) for key in keys)
        and not any(taxonomy.named_by(owner, key) for owner in owners for key in keys)
    )


def _shared(matches: list[Match]) -> bool:
    """Say whether values of two data types were found in the same leaf."""
    types: dict[int, str] = {}
    return any(
        types.setdefault(id(hit.leaf), match.data_type) != match.data_type for match in matches for hit in match.hits
    )


def _rank(match: Match, taxonomy: Taxonomy, moment: Moment) -> tuple[bool, bool, bool, bool, int]:
    origins = [origin for hit in match.hits for origin in moment.nearest(hit.indicator.known.origins, 1)]
    named = any(taxonomy.named_by(match.data_type, key) for key in {hit.leaf.key for hit in match.hits})
    scalar = _shape(match.data_type, taxonomy) is Shape.SCALAR
    latest = max((origin.instant.at_us for origin in origins), default=0)
    return bool(origins), match.count > 1, named, match.count == 1 and scalar, latest


def _shape(data_type: str, taxonomy: Taxonomy) -> Shape:
    known = taxonomy.types.get(data_type)
    return known.shape if known else Shape.SCALAR


def _without_containers(matches: list[Match]) -> list[Match]:
    """Drop what was found in a container, or in an encoding as a whole, when one of its parts has it too."""
    outer = [all(hit.leaf.container or hit.indicator.wraps for hit in match.hits) for match in matches]
    if not any(outer):
        return matches
    paths: dict[str, list[str]] = defaultdict(list)
    kept = [match for match, container in zip(matches, outer, strict=True) if not container]
    for match in kept:
        paths[match.data_type].append(match.path)
    for known in paths.values():
        known.sort()
    for match, container in zip(matches, outer, strict=True):
        if container and not _is_inside(paths[match.data_type], match.path):
            kept.append(match)
            insort(paths[match.data_type], match.path)
    return kept


def _is_inside(paths: list[str], outer: str) -> bool:
    """Say whether one of the sorted paths leads into a container."""
    at = bisect_left(paths, outer)
    return bool(paths) and (outer == "raw" or (at < len(paths) and paths[at].startswith(outer)))
