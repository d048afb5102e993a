"""Finds personal data that nobody knew before: by names, shapes and neighbours, all in one part of one record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.detect_holder import detect_held
from analyzer.analysis.detect_key import detect_fields
from analyzer.analysis.detect_list import detect_lists
from analyzer.analysis.detect_pattern import detect_patterns
from analyzer.analysis.detect_place import axis_of, detect_places
from analyzer.analysis.detect_rows import name_values
from analyzer.analysis.shape_checks import Around, Context
from analyzer.analysis.sighting import Sighting
from analyzer.packs.taxonomy import Taxonomy

_NOWHERE: Final = Context()
_LISTS: Final = frozenset(
    {"dev.installed_apps", "dev.running_apps", "comm.contacts", "comm.call_log", "comm.sms", "loc.wifi_scan"}
    | {"loc.bluetooth_scan", "misc.notifications_accessibility", "misc.calendar", "fin.transactions"}
    | {"comm.social_graph", "loc.lodging_itinerary", "person.id_document_image", "bio.face"}
)
"""What is told once for the list and not again for its items."""


def detect_unknown(leaves: Sequence[Leaf], taxonomy: Taxonomy, context: Context = _NOWHERE) -> list[Sighting]:
    """Give one sighting per data type and place; `leaves` are of one part of one record, not known otherwise."""
    clues = taxonomy.clues
    if not clues.clues or not leaves:
        return []
    leaves = name_values(leaves, frozenset(leaf.key for leaf in leaves), clues)
    around = Around(leaves, clues, context)
    joined = b"\n".join([leaf.data for leaf in leaves])
    places = detect_places(leaves, clues) if any(axis_of(leaf.key) for leaf in leaves) else []
    taken = {leaf.path for place in places for leaf in place.leaves}
    fields = [one for one in detect_fields(leaves, around) if one.path not in taken]
    taken |= {one.path for one in fields}
    shapes = detect_patterns([leaf for leaf in leaves if leaf.path not in taken], joined, around)
    found = [*fields, *shapes]
    held = detect_held(leaves, clues)
    lists = _outer([*held, *detect_lists(leaves, joined, around, found)])
    return [*places, *lists, *_single(found, lists)]


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
