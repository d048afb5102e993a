"""Finds personal data that nobody knew before: by names, shapes and neighbours, all in one part of one record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import re2

from analyzer.analysis import detect_neutral as neutral
from analyzer.analysis import detect_pattern as pattern
from analyzer.analysis import detect_place as place
from analyzer.analysis.decode import Leaf
from analyzer.analysis.detect_holder import detect_held, holders_of
from analyzer.analysis.detect_key import detect_fields, may_identify
from analyzer.analysis.detect_list import detect_cards, detect_lists
from analyzer.analysis.detect_neutral import detect_neutral
from analyzer.analysis.detect_pattern import detect_patterns
from analyzer.analysis.detect_place import axis_of, detect_places
from analyzer.analysis.detect_rows import name_values
from analyzer.analysis.detect_text import cells_of, may_hold_cells
from analyzer.analysis.detect_unnamed import detect_unnamed
from analyzer.analysis.shape_checks import Around, Context
from analyzer.analysis.shape_key import reader_of, without
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method, Where
from analyzer.packs.clues import Clues
from analyzer.packs.taxonomy import Taxonomy

_NOWHERE: Final = Context()
_NAME: Final = 81
"""Letters of a field name that are looked at: one more than any name that tells something has."""
_PLANE: Final = frozenset({"x", "y", "X", "Y", "x1", "y1", "X1", "Y1"})
_MUTE: Final = 3
_IMEI: Final = 15
"""Digits of an IMEI, which shows itself under a name of at most three letters where another number is beside."""
_USUAL: Final = 64
"""More names than this do not come again all together."""
_SHORT: Final = 7
"""Bytes that are too few for any value that shows itself by its shape alone."""
_TEXTS: Final = frozenset({"beh.ugc", "comm.im_content", "comm.email_content", "misc.clipboard", "beh.search"})
"""What people write may hold numbers and addresses besides."""
_LISTS: Final = frozenset(
    {"dev.installed_apps", "dev.running_apps", "comm.contacts", "comm.call_log", "comm.sms", "loc.wifi_scan"}
    | {"loc.bluetooth_scan", "misc.notifications_accessibility", "misc.calendar", "fin.transactions"}
    | {"comm.social_graph", "loc.lodging_itinerary", "person.id_document_image", "bio.face"}
)
"""What is told once for the list and not again for its items."""


class _Names(NamedTuple):
    """What the field names of a part say: which of them tell something, which speak of places, if some say nothing."""

    telling: frozenset[str]
    axes: frozenset[str]
    mute: bool


def _gates() -> re2.Set:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    gates = re2.Set.SearchSet(options)
    for one in (pattern.GATE, neutral.GATE, place.GATE):
        gates.Add(one)
    gates.Compile()
    return gates


_GATES: Final = _gates()
"""All gates in one pass over the texts of a part."""
_PATTERNS, _NEUTRAL, _PAIRS = range(3)


def detect_unknown(
    leaves: Sequence[Leaf], taxonomy: Taxonomy, context: Context = _NOWHERE, over: set[str] | None = None
) -> list[Sighting]:
    """Give one sighting per data type and place; `leaves` are of one part of one record, not known otherwise.

    The bounds that were reached are added to `over`, in words.
    """
    over = set() if over is None else over
    clues = taxonomy.clues
    if not clues.clues or not leaves:
        return []
    keys = frozenset([leaf.key for leaf in leaves])
    plain = leaves
    leaves = name_values(leaves, keys, clues)
    parts = [leaf.data for leaf in leaves if leaf.textual and len(leaf.data) > _SHORT]
    joined = b"\n".join(parts)
    cells = cells_of(leaves, clues, over) if may_hold_cells(joined, len(parts)) else []
    if cells:
        leaves = [*leaves, *cells]
        joined = b"\n".join([joined, *(leaf.data for leaf in cells)])
    around = Around(leaves, clues, context)
    if leaves is not plain:
        keys = frozenset([leaf.key for leaf in leaves])
    names = _said_by(keys, clues, around.owners)
    where, telling = leaves[0].where, names.telling
    named = leaves
    if where is not Where.COOKIE:
        named = [leaf for leaf in leaves if leaf.key in telling or may_identify(leaf)]
    axes = [leaf for leaf in leaves if leaf.key in names.axes] if names.axes else []
    gates = _GATES.Match(joined) or ()
    if where is Where.URL or _PAIRS in gates:
        axes = [leaf for leaf in leaves if leaf.key in names.axes or b"," in leaf.data]
    held = holders_of(clues).holding(leaves)
    places = detect_places(axes, around) if axes else []
    taken = {leaf.path for place in places for leaf in place.leaves if place.method is Method.KEY}
    found = [one for one in detect_fields(named, around) if one.path not in taken] if named else []
    taken |= {one.path for one in found}
    if _PATTERNS in gates:
        told = taken - {one.path for one in found if one.data_type in _TEXTS}
        patterns = detect_patterns([leaf for leaf in leaves if leaf.path not in told], around)
        found += _innermost([*found, *patterns], patterns) if cells else patterns
    if found or (names.mute and any(len(leaf.data) == _IMEI and len(leaf.key) <= _MUTE for leaf in leaves)):
        taken |= {one.path for one in found}
        found += detect_unnamed([leaf for leaf in leaves if leaf.path not in taken], found)
    lists = detect_held(held, clues) if held else []
    lists += detect_lists(leaves, joined, around, found)
    if "BEGIN" in keys:
        lists += detect_cards(leaves)
    if _NEUTRAL in gates:
        lists += detect_neutral(leaves, around)
    lists = _outer(lists)
    return [*places, *lists, *_single(found, lists)]


def _said_by(keys: frozenset[str], clues: Clues, owners: frozenset[str]) -> _Names:
    """Give what names say; those of one part come again in the next request of the same kind."""
    return (_usual_names if max(map(len, keys)) < _NAME and len(keys) <= _USUAL else _names)(keys, clues, owners)


def _names(keys: frozenset[str], clues: Clues, owners: frozenset[str]) -> _Names:
    telling = reader_of(clues).telling
    return _Names(
        frozenset(key for key in keys if telling(key[:_NAME]) or telling(without(key[:_NAME], owners))),
        frozenset(key for key in keys if axis_of(key[:_NAME]) or key in _PLANE),
        any(len(key) <= _MUTE for key in keys),
    )


_usual_names: Final = lru_cache(maxsize=1024)(_names)


def _innermost(found: Sequence[Sighting], patterns: Sequence[Sighting]) -> list[Sighting]:
    """Give the patterns without those of a text whose cell shows the same value."""
    inner = [one for one in found if "csv:" in one.path or "pairs:" in one.path]
    return [
        one
        for one in patterns
        if one in inner
        or not any(
            cell.value == one.value or (cell.data_type == one.data_type and cell.value in one.value) for cell in inner
        )
    ]


def _outer(lists: Sequence[Sighting]) -> list[Sighting]:
    """Give every list once: what the container says wins over what its items look like."""
    taken: dict[str, str] = {}
    kept = []
    for one in lists:
        if any(leaf.path in taken for leaf in one.leaves):
            continue
        taken.update((leaf.path, one.data_type) for leaf in one.leaves)
        kept.append(one)
    return kept


def _single(found: Iterable[Sighting], lists: Sequence[Sighting]) -> list[Sighting]:
    """Leave out what is an item of a list that was found as a whole."""
    listed = {leaf.path for one in lists if one.data_type in _LISTS for leaf in one.leaves}
    return [one for one in found if one.path not in listed]
