"""Finds values that show themselves by their shape alone: mail addresses, identity numbers, hardware addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import re2

from analyzer.analysis import shape_network, shape_numbers, shape_texts
from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import Around
from analyzer.analysis.shape_key import is_foreign, words_of
from analyzer.analysis.shape_path import parent_of
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method, Where

_GATE: Final = re2.compile(
    rb"[0-9]{17}[0-9Xx]|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|@[\w-]{1,63}\.[A-Za-z]|:APA91b|\s+at [\w.$<>]+\("
)
"""What a part must hold before any of its values is looked at."""
_EMAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@-])")
_IDENTITY: Final = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_MAC: Final = re.compile(
    r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Fa-f:-])"
)
_USER_OF_URL: Final = re.compile(r"://[^/@\s]{1,200}@")
_FCM: Final = re.compile(r"(?<![\w-])[\w-]{11,40}:APA91b[\w-]{80,200}")
_TRACE: Final = re.compile(r"^[ \t]*at [\w.$<>]+\([^)\n]*\)", re.MULTILINE)
_LONGEST: Final = 20_000
_IMEI: Final = 15
_MUTE: Final = 3
"""A field name of so few letters says nothing."""
_SILENT: Final = re.compile(r"[A-Za-z]?\d*")
_MOBILE: Final = re.compile(r"(?:\+86)?1[3-9]\d{9}")
_SIZES: Final = (11, 14, _IMEI)
_KILO: Final = 1024
"""What has eleven digits and is a multiple of it is a size of memory."""
_BESIDE: Final = ("id.", "dev.", "person.")
_BESIDE_PHONE: Final = ("id.", "person.")
_WORDS: Final = {
    "id.imei": "fifteen digits with a valid check digit and a plausible type allocation",
    "person.phone": "the eleven digits of a Chinese mobile number",
}
_FACTS: Final = 2
_FEW: Final = 3
"""Values of one kind that are shown of one text; a text with more is a list of them."""
_WIFI: Final = frozenset({"wifi", "bssid", "ssid", "wlan", "ap", "router", "carrior"})
_BLUETOOTH: Final = frozenset({"bluetooth", "bt", "ble", "beacon"})


def may_hold_patterns(joined: bytes) -> bool:
    """Say whether any of these values stands in the bytes of a part."""
    return _GATE.search(joined) is not None


def detect_patterns(leaves: Sequence[Leaf], around: Around) -> list[Sighting]:
    """Give the values that need no name."""
    return [found for leaf in leaves for found in _in_leaf(leaf, around)]


def detect_unnamed(leaves: Sequence[Leaf], found: Sequence[Sighting]) -> list[Sighting]:
    """Give IMEIs and mobile numbers in fields whose names say nothing (`9`, `i`, `m1`), where other facts stand beside.

    Neither counts without a fact that is sure; one of them may be the second fact for the other.
    """
    kinds = [(leaf, kind) for leaf in leaves if len(leaf.data) in _SIZES and (kind := _unnamed(leaf))]
    if not kinds:
        return []
    sure = {one.data_type for one in found if one.data_type.startswith(_BESIDE)}
    sightings = []
    for leaf, kind in kinds:
        beside = sorted(sure | {other for _, other in kinds if other != kind})
        telling = any(one.startswith(_BESIDE_PHONE if kind == "person.phone" else _BESIDE) for one in sure)
        if telling and len(beside) >= _FACTS:
            why = f"{_WORDS[kind]}, beside {', '.join(beside[:4])}"
            sightings.append(_sighting(leaf, kind, leaf.data.decode(), 0.5 if kind == "id.imei" else 0.45, why))
    return sightings


def _unnamed(leaf: Leaf) -> str:
    """Say what digits under a name that says nothing may be: `id.imei`, `person.phone`, or nothing."""
    if not leaf.textual or leaf.where is Where.URL or not leaf.data.isascii():
        return ""
    text = leaf.data.decode()
    if len(text) == _IMEI:
        return "id.imei" if len(leaf.key) <= _MUTE and text.isdigit() and shape_numbers.imei(text) else ""
    own = _MOBILE.fullmatch(text) and _SILENT.fullmatch(leaf.key) and int(text) % _KILO
    return "person.phone" if own and shape_numbers.phone(text) else ""


def _in_leaf(leaf: Leaf, around: Around) -> Iterator[Sighting]:
    data = leaf.data
    if not leaf.textual or not 11 < len(data) <= _LONGEST or leaf.where is Where.URL or not _GATE.search(data):  # noqa: PLR2004
        return
    foreign = is_foreign(leaf.key, around.clues) or is_foreign(parent_of(leaf.path), around.clues)
    text = data.decode("utf-8", "replace")
    if b"@" in data and not foreign:
        yield from _each(
            leaf, "person.email", _emails(text), 0.65, "an e-mail address, by its shape and its public suffix"
        )
    if not foreign:
        cards = (one[0] for one in _IDENTITY.finditer(text) if shape_numbers.resident_id(one[0]))
        yield from _each(
            leaf, "person.national_id", cards, 0.75, "a resident identity number: region, date and check digit fit"
        )
    yield from _macs(leaf, text)
    if ":APA91b" in text:
        yield from _each(
            leaf, "id.push_token", (one[0] for one in _FCM.finditer(text)), 0.8, "a token of Firebase Cloud Messaging"
        )
    if "at " in text and len(_TRACE.findall(text)) > 1:
        yield _sighting(leaf, "beh.diagnostics", text[:120], 0.7, "lines of calls, as a crash report has them")


def _emails(text: str) -> Iterator[str]:
    plain = _USER_OF_URL.sub(" ", _MAC.sub(" ", text))
    return (one[0] for one in _EMAIL.finditer(plain) if shape_texts.email(one[0]))


def _macs(leaf: Leaf, text: str) -> Iterator[Sighting]:
    words = {*words_of(leaf.key), *words_of(parent_of(leaf.path))}
    near = {*words, *words_of(text[:200])}
    kind = "loc.wifi_current" if _WIFI & near else "id.mac_bluetooth" if _BLUETOOTH & near else "id.mac_wifi"
    found = list(dict.fromkeys(one[0] for one in _MAC.finditer(text) if shape_network.mac(one[0])))
    if len(found) > 1:
        kind = "loc.bluetooth_scan" if kind == "id.mac_bluetooth" else "loc.wifi_scan"
    yield from _each(leaf, kind, iter(found), 0.5, "a hardware address by its shape; what stands around it says whose")


def _each(leaf: Leaf, data_type: str, values: Iterator[str], confidence: float, why: str) -> Iterator[Sighting]:
    distinct = list(dict.fromkeys(values))
    if distinct:
        yield _sighting(leaf, data_type, ", ".join(distinct[:_FEW]), confidence, why)


def _sighting(leaf: Leaf, data_type: str, value: str, confidence: float, why: str) -> Sighting:
    reasoning = (
        f"{why}; the field name '{leaf.key}' does not say it" if leaf.key else f"{why}; it stands in no named field"
    )
    return Sighting(data_type, leaf.path, (leaf,), leaf.encodings, value, Method.PATTERN, confidence, reasoning)
