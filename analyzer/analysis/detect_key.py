"""Finds places by the names of their fields: a latitude and a longitude side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method
from analyzer.packs.taxonomy import normal_key

_LAT: Final = frozenset({"lat", "latitude"})
_LON: Final = frozenset({"lng", "lon", "longitude"})
_DEGREES: Final = re.compile(rb"-?\d{1,3}\.(\d{2,})")
_PRECISE: Final = 3
"""Decimals from which a place is known to about a hundred metres."""
_LIMITS: Final = {"lat": 90.0, "lon": 180.0}


def detect_places(leaves: Sequence[Leaf]) -> list[Sighting]:
    """Give one sighting per container that has both a latitude and a longitude."""
    found: list[Sighting] = []
    open_: dict[str, tuple[str, Leaf]] = {}
    for leaf in leaves:
        axis = _axis(leaf)
        if not axis:
            continue
        container = leaf.path.removesuffix(leaf.key)
        other_axis, other = open_.pop(container, ("", leaf))
        if other_axis and other_axis != axis:
            found.append(_sighting(container, (other, leaf) if axis == "lon" else (leaf, other)))
        else:
            open_[container] = (axis, leaf)
    return found


def _axis(leaf: Leaf) -> str:
    name = normal_key(leaf.key)
    axis = "lat" if name in _LAT else "lon" if name in _LON else ""
    if not axis or not _DEGREES.fullmatch(leaf.data) or abs(float(leaf.data)) > _LIMITS[axis]:
        return ""
    return axis if float(leaf.data) else ""


def _sighting(container: str, pair: tuple[Leaf, Leaf]) -> Sighting:
    decimals = min(len(leaf.data.partition(b".")[2]) for leaf in pair)
    data_type = "loc.precise" if decimals >= _PRECISE else "loc.coarse"
    value = ",".join(leaf.data.decode() for leaf in pair)
    reasoning = f"a latitude and a longitude with {decimals} decimals, by the names of their fields"
    path = container.rstrip(".>:") or "raw"
    return Sighting(data_type, path, pair, pair[0].encodings, value, Method.KEY, 0.6, reasoning)
