"""Finds lists: installed and running apps, address books, call logs, text messages, networks and devices around."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import Around, text_of
from analyzer.analysis.shape_key import words_of
from analyzer.analysis.shape_path import container_of, field_of, name_of
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method
from analyzer.packs.taxonomy import normal_key

_PACKAGE: Final = re.compile(
    r"(?:com|cn|org|net|io|tv|me|de|jp|kr|ru|uk|fr|it|es|eu|in|br|us|co|app|android|mobi|info|air|ai|tw|hk|ctrip|tmall)"
    r"(?:\.[A-Za-z_][A-Za-z0-9_]{0,60}){1,7}"
)
_SPLIT: Final = re.compile(r"[,;|\s#]+")
_HOST_END: Final = frozenset({"com", "net", "org", "cn", "io", "html", "js", "json", "so", "jar", "xml", "png"})
_MOST: Final = 200_000
_LONGEST_KIND: Final = 20
_NAMED: Final = 3
_UNNAMED: Final = 8
"""Different packages that must be seen together: few where the field says apps, more where it does not."""
_USUAL: Final = 64
"""Longer values do not come again and again."""
_MAKERS: Final = 3
"""An app list has apps of several makers; one maker's names are its own modules."""
_RUNNING: Final = frozenset({"running", "process", "processes", "processlist", "tasks", "proc", "procs", "runningapps"})
_CONTACTS: Final = frozenset(
    {"contact", "contacts", "addressbook", "phonebook", "contactlist", "contactslist", "phonebooks"}
) | {*("friends", "通讯录", "people", "addressbooks", "phonecontacts", "linkmen")}
_CALLS: Final = frozenset({"duration", "callduration", "calltime", "calltype", "calldate"})
_CALL_LISTS: Final = frozenset(
    {"calllog", "calllogs", "calls", "callrecords", "callrecord", "callhistory", "通话记录", "callloglist"}
)
_TEXTS: Final = frozenset({"body", "content", "text", "msg", "message", "smsbody"})
_TEXT_LISTS: Final = frozenset(
    {"sms", "smses", "smslist", "messages", "smsrecords", "smss", "inbox", "短信", "smsinbox", "smslog"}
)
_CARD: Final = b"VCARD"
_MET_BLUETOOTH: Final = frozenset(
    {"bluetooth", "bt", "ble", "beacon", "beacons", "bluetoothlist", "btlist", "bledevices"}
)


def detect_lists(leaves: Sequence[Leaf], joined: bytes, around: Around, found: Sequence[Sighting]) -> list[Sighting]:
    """Give the lists in a part; `found` are the values already seen by their names, `joined` all its bytes."""
    lists = list(_packages(leaves, around)) if _may_list_packages(joined) else []
    if not found:
        return lists
    return [*lists, *_people(leaves, found), *_surroundings(found)]


def _may_list_packages(joined: bytes) -> bool:
    return joined.count(b"com.") + joined.count(b"cn.") + joined.count(b"org.") >= _NAMED


def detect_cards(leaves: Sequence[Leaf]) -> Iterator[Sighting]:
    """Give the cards of several people that lie in one text, whose lines were read as names and values."""
    groups: dict[str, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        if leaf.key == "BEGIN" and leaf.data == _CARD:
            groups[container_of(leaf.path)].append(leaf)
    for path, held in groups.items():
        if len(held) > 1:
            why = f"{len(held)} cards of people in one text, as address books keep them"
            yield Sighting(
                "comm.contacts", path, tuple(held), held[0].encodings, f"{len(held)} cards", Method.PATTERN, 0.7, why
            )


def _packages(leaves: Sequence[Leaf], around: Around) -> Iterator[Sighting]:
    dotted = [leaf for leaf in leaves if b"." in leaf.data and leaf.textual and len(leaf.data) <= _MOST]
    named = {
        data: items
        for data in {leaf.data for leaf in dotted}
        if (items := _usual_items(data) if len(data) <= _USUAL else _items(data))
    }
    if len(_makers_of({name for items in named.values() for name in items})) < _MAKERS:
        return
    groups: dict[str, list[tuple[Leaf, Sequence[str]]]] = defaultdict(list)
    for leaf in dotted:
        if leaf.data in named:
            groups[field_of(leaf.path)].append((leaf, named[leaf.data]))
    for path, members in groups.items():
        names = {name for _, items in members for name in items} - {around.context.package}
        data_type = _kind_of_list(members[0][0], names, around)
        if data_type:
            yield _app_list(data_type, path, [leaf for leaf, _ in members], sorted(names))


def _items(data: bytes) -> Sequence[str]:
    """Give the packages that a value names."""
    if data.replace(b".", b"").isdigit():
        return ()
    return tuple(one for one in _SPLIT.split(data.decode("utf-8", "replace").strip()) if _is_package(one))


_usual_items: Final = lru_cache(maxsize=16_384)(_items)


def _is_package(text: str) -> bool:
    """Say whether a text is a package: no class (a last part in upper case), no host (a last part that is a suffix)."""
    text = text.partition(":")[0] if text.count(":") == 1 else text
    if not _PACKAGE.fullmatch(text.strip("\"'[]{}")):
        return False
    last = text.rpartition(".")[2]
    return last not in _HOST_END and not (last[:1].isupper() and text.count(".") > 2)  # noqa: PLR2004


def _kind_of_list(leaf: Leaf, names: set[str], around: Around) -> str:
    words = {word for name in _trail(leaf) for word in (*words_of(name), normal_key(name))}
    listed = around.clues.words["packages"] & words
    if around.clues.words["libraries"] & words and not _RUNNING & words:
        return ""
    needed = _NAMED if listed else _UNNAMED
    if len(names) < needed or len(_makers_of(names)) < min(_MAKERS, needed):
        return ""
    return "dev.running_apps" if _RUNNING & words else "dev.installed_apps"


def _makers_of(names: Iterable[str]) -> set[str]:
    return {".".join(name.split(".", 2)[:2]) for name in names}


def _trail(leaf: Leaf) -> Iterator[str]:
    """Give the name of the field and of the two containers around it."""
    yield leaf.key
    path = container_of(leaf.path)
    for _ in range(2):
        yield name_of(path)
        path = container_of(path.rstrip("]0123456789["))


def _app_list(data_type: str, path: str, leaves: list[Leaf], names: list[str]) -> Sighting:
    place = path.partition("[]")[0] if "[]" in path else path
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")  # noqa: PLR2004
    why = (
        f"{len(names)} different package names of several makers together, as no list of an app's own modules has them"
    )
    return Sighting(data_type, place, tuple(leaves), leaves[0].encodings, shown, Method.PATTERN, 0.8, why)


def _people(leaves: Sequence[Leaf], found: Sequence[Sighting]) -> Iterator[Sighting]:
    """Give address books, call logs and messages: elements of a list that hold numbers beside other things."""
    numbers = [one for one in found if one.data_type in {"person.phone", "person.email"} and "[" in one.path]
    if not numbers:
        return
    siblings: dict[str, set[str]] = defaultdict(set)
    for leaf in leaves:
        if "[" in leaf.path:
            siblings[_element(leaf.path)].add(normal_key(leaf.key))
            if leaf.key == "type" and len(leaf.data) < _LONGEST_KIND:
                siblings[_element(leaf.path)].add(normal_key(text_of(leaf)))
    groups: dict[str, list[Sighting]] = defaultdict(list)
    for one in numbers:
        groups[field_of(_element(one.path)).rpartition("[")[0]].append(one)
    for path, members in groups.items():
        names = set().union(*(siblings[_element(one.path)] for one in members))
        data_type = _kind_of_people(path, names, members)
        if data_type:
            held = tuple(leaf for one in members for leaf in one.leaves)
            value = ", ".join(dict.fromkeys(one.value for one in members[:5]))
            why = f"{len(members)} numbers or addresses of people in one list, beside {', '.join(sorted(names)[:6])}"
            yield Sighting(data_type, path, held, held[0].encodings, value, Method.PATTERN, 0.75, why)


def _element(path: str) -> str:
    """Give the path of the outermost list element that a value stands in."""
    return path[: path.index("]") + 1]


def _kind_of_people(path: str, names: set[str], members: Sequence[Sighting]) -> str:
    words = {
        *words_of(path.rpartition(">")[2].replace("$", "")),
        *(normal_key(part) for part in re.split(r"[.>:\[\]$]", path)),
    }
    different = len({one.value for one in members})
    entries = len({_element(one.path) for one in members})
    if _CALL_LISTS & words or (names & _CALLS and different > 1):
        return "comm.call_log"
    if _TEXT_LISTS & words and names & _TEXTS:
        return "comm.sms"
    if _CONTACTS & words | (_CONTACTS & names):
        return "comm.contacts"
    named = any(word.endswith("name") for word in names)
    return "comm.contacts" if min(different, entries) >= _NAMED and named else ""


def _surroundings(found: Sequence[Sighting]) -> Iterator[Sighting]:
    """Give the networks and Bluetooth devices around: two or more of them in one list."""
    groups: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for one in found:
        if one.data_type in {"loc.wifi_current", "id.mac_wifi", "id.mac_bluetooth"} and "[" in one.path:
            words = {*words_of(one.path)}
            near = one.data_type == "id.mac_bluetooth" or not _MET_BLUETOOTH.isdisjoint(words)
            groups["loc.bluetooth_scan" if near else "loc.wifi_scan", field_of(one.path).rpartition("[]")[0]].append(
                one
            )
    for (data_type, path), members in groups.items():
        if len({one.value for one in members}) > 1 and len({one.path.rpartition("]")[0] for one in members}) > 1:
            held = tuple(leaf for one in members for leaf in one.leaves)
            value = ", ".join(dict.fromkeys(one.value for one in members[:5]))
            why = f"{len(members)} names or addresses of networks or devices in one list: those around, not the own one"
            yield Sighting(data_type, path, held, held[0].encodings, value, Method.PATTERN, 0.75, why)
