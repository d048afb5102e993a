"""Finds lists that no name tells: people with their numbers, access points with how strongly they are received."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.analysis import shape_network
from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import Around, text_of
from analyzer.analysis.shape_key import is_foreign, words_of
from analyzer.analysis.shape_path import container_of, name_of
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method, Where
from analyzer.packs.taxonomy import normal_key

GATE: Final = (
    rb"(?:^|\n)(?:\+\d{8,15}|(?:86)?1[3-9]\d{9}|[0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})(?:\n|$)"
    rb"|[0-9A-Fa-f]{2}[,;|]-\d\d"
)
"""What a part must hold, one value a line, before its lists are looked at, as a pattern of RE2."""
_PHONE: Final = re.compile(r"\+\d{8,15}|(?:\+?86)?[- ]?1[3-9]\d{9}")
_NAME: Final = re.compile(r"[一-鿿·]{2,8}|[A-ZÀ-Þ][a-zß-ÿ'’-]{1,20}(?: [A-ZÀ-Þ][A-Za-zß-ÿ'’.-]{0,20}){1,3}")
_MAC: Final = re.compile(r"[0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_SIGNAL: Final = re.compile(r"-(?:[2-9]\d|1[01]\d)")
_JOINED: Final = re.compile(
    r"(?<![0-9A-Fa-f:-])([0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})[,;|]-\d{2,3}\b"
)
_END: Final = re.compile(r"\]")
_ENOUGH: Final = 3
"""People of one list that make an address book."""
_SCANNED: Final = 2
_BLUETOOTH: Final = frozenset({"bluetooth", "bt", "ble", "beacon", "beacons", "bles", "lanya"})
_MOST: Final = 20_000


def detect_neutral(leaves: Sequence[Leaf], around: Around) -> list[Sighting]:
    """Give address books and scans that show themselves by the shapes of what stands side by side in their elements."""
    kinds: dict[str, dict[str, dict[str, Leaf]]] = defaultdict(lambda: defaultdict(dict))
    repeated: dict[str, int] = defaultdict(int)
    found: list[Sighting] = []
    for leaf in leaves:
        if not leaf.textual or leaf.where is Where.URL or len(leaf.data) > _MOST:
            continue
        text = text_of(leaf)
        kind = _kind_of(text, around)
        if kind:
            for array, element in _elements(leaf, repeated):
                kinds[array][element].setdefault(kind, leaf)
        elif len(text) > 12 and len(macs := list(dict.fromkeys(_JOINED.findall(text)))) >= _SCANNED:  # noqa: PLR2004
            found += _scan(leaf.path, [leaf], [mac for mac in macs if shape_network.mac(mac)])
    return [*found, *(one for array, elements in kinds.items() for one in _in_list(array, elements, around))]


def _kind_of(text: str, around: Around) -> str:
    if len(text) > 80 or len(text) < 2:  # noqa: PLR2004 - longer than any name, shorter than any
        return ""
    if _SIGNAL.fullmatch(text):
        return "signal"
    if _MAC.fullmatch(text):
        return "mac" if shape_network.mac(text) else ""
    if _PHONE.fullmatch(text):
        return "phone"
    return "name" if _NAME.fullmatch(text) and _is_name(text, around) else ""


def _is_name(text: str, around: Around) -> bool:
    surnames = around.clues.words["surnames"]
    return text.isascii() or not "一" <= text[0] <= "鿿" or text[0] in surnames or text[:2] in surnames


def _elements(leaf: Leaf, repeated: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Give the lists that a value stands in, each with its element; elements of XML that repeat have no numbers."""
    ends = [found.end() for found in _END.finditer(leaf.path)]
    for end in ends[-3:]:
        element = leaf.path[:end]
        yield element[: element.rindex("[")], element
    if not ends and leaf.path.rpartition(">")[2].startswith("xml:"):
        number = repeated[leaf.path]
        repeated[leaf.path] += 1
        array = container_of(leaf.path)
        yield array, f"{array}[{number}]"


def _in_list(array: str, elements: dict[str, dict[str, Leaf]], around: Around) -> Iterator[Sighting]:
    people = [held for held in elements.values() if "phone" in held and "name" in held]
    if len({held["phone"].data for held in people}) >= _ENOUGH and not _of_things(array, people, around):
        leaves = tuple(leaf for held in people for leaf in (held["name"], held["phone"]))
        value = ", ".join(f"{text_of(held['name'])} {text_of(held['phone'])}" for held in people[:5])
        why = f"{len(people)} elements of one list, each with a name and a telephone number of a person"
        yield Sighting("comm.contacts", array, leaves, leaves[0].encodings, value, Method.PATTERN, 0.65, why)
        return
    scanned = [held["mac"] for held in elements.values() if "mac" in held and "signal" in held]
    yield from _scan(array, scanned, list(dict.fromkeys(text_of(leaf) for leaf in scanned)))


def _of_things(array: str, people: Sequence[dict[str, Leaf]], around: Around) -> bool:
    """Say whether a list is one of shops or goods: by its own name, or by those of the fields."""
    names = (name_of(array), people[0]["name"].key, people[0]["phone"].key)
    return any(is_foreign(name, around.clues) or is_foreign(name.removesuffix("s"), around.clues) for name in names)


def _scan(path: str, leaves: Sequence[Leaf], macs: Sequence[str]) -> Iterator[Sighting]:
    if len(macs) < _SCANNED:
        return
    words = {*words_of(path), normal_key(name_of(path))}
    near = not _BLUETOOTH.isdisjoint(words)
    data_type, what = ("loc.bluetooth_scan", "devices") if near else ("loc.wifi_scan", "access points")
    why = f"{len(macs)} hardware addresses, each with how strongly it is received: the {what} around"
    yield Sighting(data_type, path, tuple(leaves), leaves[0].encodings, ", ".join(macs[:5]), Method.PATTERN, 0.65, why)
