"""Tells which values of a document have to be looked at one by one, and that nothing would come of all the others.

Whatever is found without this is found with it: where a value might tell anything, what stands beside it is looked at
too, and where that does not suffice the whole record is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final, NamedTuple

from analyzer.analysis.decode import Leaf
from analyzer.analysis.decode_json import is_odd, step_to
from analyzer.analysis.decode_memory import Memory
from analyzer.analysis.decode_open import is_plain
from analyzer.analysis.decode_sparse import LISTENED, Document, Heard, Sayings, Says
from analyzer.analysis.detect_holder import holders_in, may_hold, media_of
from analyzer.analysis.detect_key import Telling, telling_of
from analyzer.analysis.detect_list import MAKERS, makers_in
from analyzer.analysis.detect_rows import is_pair, may_be_table
from analyzer.analysis.detect_unknown import GATES, speaks_of_place
from analyzer.analysis.detect_unnamed import may_be_unnamed
from analyzer.analysis.indicators import Indicators, Search
from analyzer.analysis.shape_checks import tells_region
from analyzer.analysis.shape_path import name_of
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Where
from analyzer.packs.clues import Clues, Holder
from analyzer.packs.taxonomy import Taxonomy, normal_key

_MOST: Final = 16_384
"""So many names, and so many values, are remembered, that come again and again."""
_FEW: Final = 256
"""So many kinds of documents are remembered."""
_LETTERS: Final = 1 << 14
"""What a document says whose names have more letters together is not remembered."""
_USUAL: Final = 64
"""Longer ones do not."""
_PATH: Final = 400
"""Nothing is told by the names in a longer path."""
_HITS: Final = 64
"""A document with more finds of known values is looked at as a whole."""
_PEOPLE: Final = frozenset({"person.phone", "person.email", "comm.contacts", "comm.call_log", "comm.sms"})
"""What stands in lists of people, which are told by everything in them."""


class Rest(NamedTuple):
    """What the values of a document that were not looked at may be part of, with others of their part of the record."""

    where: Where
    holders: frozenset[Holder]
    makers: frozenset[str]


class _Names(NamedTuple):
    """What all objects of a document say together; they are held, so that their numbers stand for them."""

    said: tuple[Says, ...]
    weak: bool
    table: bool
    holders: frozenset[Holder]


class _Watch:
    """Remembers values under a name that tell nothing."""

    __slots__ = ("_room", "_telling", "dull")

    def __init__(self, telling: Telling, room: Callable[[], None]) -> None:
        self._telling = telling
        self._room = room
        self.dull: set[str] = set()

    def may_tell(self, value: str) -> bool:
        """Say whether a value may tell anything under this name."""
        if self._telling.may_be(value):
            return True
        if len(value) <= _USUAL:
            self._room()
            self.dull.add(value)
        return False


class _Sayings(dict[tuple[str, tuple[str, ...]], Says]):
    """Remembers what objects say, by the name that they stand under and the names in them."""

    def __init__(self, listen: Callable[[str, tuple[str, ...]], Says]) -> None:
        super().__init__()
        self._listen = listen
        self._names = self._dull = 0

    def __missing__(self, key: tuple[str, tuple[str, ...]]) -> Says:
        parent, names = key
        said = self._listen(parent, names)
        if len(parent) <= _USUAL >= len(names) and max(map(len, names)) <= _USUAL:
            self._names += len(names)
            if self._names > _MOST:
                self.forget()
            self[key] = said
        return said

    def make_room(self) -> None:
        """Count one more value that is remembered to tell nothing."""
        self._dull += 1
        if self._dull > _MOST:
            self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.clear()
        self._names = self._dull = 0


class Listening:
    """Knows what is looked for in a session, by value and by name, and remembers what came of names and values."""

    def __init__(self, indicators: Indicators, taxonomy: Taxonomy) -> None:
        self.indicators = indicators
        self.taxonomy = taxonomy
        search = Search(indicators, taxonomy)
        self.none_in, self.named, self.joined_in = search.none_in, search.named, search.joined_in
        self._clues: Clues = taxonomy.clues
        self._says = {where: _Sayings(partial(self._listen, where)) for where in LISTENED}
        self.memory: Memory[Leaf] = Memory()
        self._plain: dict[bool, set[str]] = {False: set(), True: set()}
        self._names: dict[tuple[int, ...], _Names] = {}

    def __reduce__(self) -> tuple[type[Listening], tuple[Indicators, Taxonomy]]:
        """Travel between processes without what is remembered."""
        return Listening, (self.indicators, self.taxonomy)

    def sayings(self, where: Where) -> Sayings:
        """Give what objects say in a part of a record."""
        return self._says[where]

    def _listen(self, where: Where, parent: str, names: tuple[str, ...]) -> Says:
        steps, odd = tuple(map(step_to, names)), tuple(filter(is_odd, names))
        below, weak = tuple(map(name_of, steps)), any(map(self.named, names))
        if where is Where.RESPONSE:
            return Says(names, False, (), steps, below, odd, frozenset(), weak)
        siblings = frozenset(map(normal_key, names))
        keeps = bool(odd) or len(set(names)) < len(names) or is_pair(parent, names)
        keeps = keeps or any(speaks_of_place(name) or tells_region(name) or name == "BEGIN" for name in names)
        telling = ((at, name, telling_of(name, parent, siblings, where, self._clues)) for at, name in enumerate(names))
        room = self._says[where].make_room
        watched = tuple((at, name, _Watch(found, room)) for at, name, found in telling if found)
        holders = frozenset(holders_in(steps, self._clues))
        return Says(names, keeps, () if keeps else watched, steps, below, odd, holders, weak)

    def loud(self, document: Document) -> Heard | None:
        """Give the values that count whatever their names; `None` where all of a document has to be looked at."""
        answer = document.place.where is Where.RESPONSE
        distinct = set(document.values)
        plain = self._plain[answer]
        fresh = distinct - plain
        loud = {one for one in fresh if not is_plain(one) or (not answer and may_be_unnamed(one))}
        loud |= {one for one in fresh if self.joined_in(one)}
        self._remember(fresh - loud, plain)
        names = self._summed(document.said)
        hits = self._hits(document, names)
        if hits is None:
            return None
        loud.update(hits)
        if answer:
            return Heard(frozenset(loud), None)
        rest = self._rest(document, names, distinct)
        return None if rest is None else Heard(frozenset(loud), rest)

    def _remember(self, texts: AbstractSet[str], plain: set[str]) -> None:
        if len(plain) > _MOST:
            plain.clear()
        if max(map(len, texts), default=0) > _USUAL:
            texts = {one for one in texts if len(one) <= _USUAL}
        plain |= texts

    def _summed(self, said: tuple[Says, ...]) -> _Names:
        """Give what the names of a document say together."""
        key = tuple(map(id, said))
        known = self._names.get(key)
        if known is None:
            names = {name for says in said for name in says.names}
            holders = frozenset[Holder]().union(*(says.holders for says in said))
            weak = any(says.weak for says in said)
            known = _Names(said, weak, may_be_table(names, self._clues), holders)
            if sum(map(len, names)) > _LETTERS:
                return known
            if len(self._names) > _FEW:
                self._names.clear()
            self._names[key] = known
        return known

    def _hits(self, document: Document, names: _Names) -> Iterable[str] | None:
        """Give the values that known ones stand in, or may; `None` where they are too many."""
        found: list[int] = []
        weak = names.weak or self.named(document.place.key)
        for net in (self.indicators.sure, self.indicators.weak if weak else None):
            if net is not None:
                starts = net.starts(document.joined, _HITS)
                if starts is None:
                    return None
                found += starts
        return _at(document, found) if found else ()

    def _rest(self, document: Document, names: _Names, distinct: AbstractSet[str]) -> Rest | None:
        """Say what the values may be part of; `None` where they show themselves by their shapes."""
        if names.table or GATES.Match(document.joined):
            return None
        held = _holders_in(document.place.path, self._clues) | names.holders
        if any(holder.media for holder in held) and any(
            media_of(one.encode("utf-8", "surrogatepass")) for one in distinct
        ):
            return None
        plain = frozenset(holder for holder in held if not holder.media) if held else held
        makers = makers_in(distinct) if b"." in document.joined else ()
        return Rest(document.place.where, plain, frozenset(makers))


@lru_cache(maxsize=1024)
def _holders_in(path: str, clues: Clues) -> frozenset[Holder]:
    return frozenset(holders_in([path[:_PATH]], clues))


def _at(document: Document, starts: Iterable[int]) -> Iterable[str]:
    """Give the values that begin before places in all of them, each the last such."""
    sizes = (len(one.encode("utf-8", "surrogatepass")) + 1 for one in document.values)
    ends = list(accumulate(sizes))
    return [document.values[min(bisect_right(ends, start - 1), len(ends) - 1)] for start in starts]


class Unseen(NamedTuple):
    """What was not looked at in one part of a record: the names of the fields, and what they may be part of."""

    names: frozenset[str]
    rests: tuple[Rest, ...]


ALL_SEEN: Final = Unseen(frozenset(), ())


def unseen_in(left_out: Iterable[tuple[frozenset[str], Rest]]) -> dict[Where, Unseen]:
    """Give by part of a record what of its documents was not looked at."""
    found: dict[Where, Unseen] = {}
    for names, rest in left_out:
        before = found.get(rest.where, ALL_SEEN)
        found[rest.where] = Unseen(before.names | names, (*before.rests, rest))
    return found


def stays_quiet(leaves: Sequence[Leaf], unseen: Unseen) -> bool:
    """Say whether what was not looked at tells nothing together with the leaves that were, of one part of a record."""
    rests = unseen.rests
    holders = frozenset().union(*(rest.holders for rest in rests))
    if holders:
        normal = frozenset(map(normal_key, unseen.names.union(leaf.key for leaf in leaves)))
        if any(may_hold(holder, normal) for holder in holders):
            return False
    makers = frozenset().union(*(rest.makers for rest in rests))
    if makers:
        makers |= makers_in(
            [leaf.data.decode("utf-8", "replace") for leaf in leaves if leaf.textual and b"." in leaf.data]
        )
    return len(makers) < MAKERS


def shows_people(sightings: Iterable[Sighting]) -> bool:
    """Say whether people were found in a list, of which all is to be looked at."""
    return any(one.data_type in _PEOPLE and "[" in one.path for one in sightings)
