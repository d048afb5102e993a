"""Finds values that show themselves by their shape alone: mail addresses, identity numbers, hardware addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import re2

from analyzer.analysis import shape_network, shape_numbers, shape_texts
from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import Around
from analyzer.analysis.shape_key import is_foreign, words_of
from analyzer.analysis.shape_path import container_of, parent_of
from analyzer.analysis.shape_texts import tc_string
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method, Where

GATE: Final = (
    rb"[0-9]{17}[0-9Xx]|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|@[\w-]{1,63}\.[A-Za-z]|:APA91b|\s+at [\w.$<>]+\("
    rb"|[^\x21-\x7e\n](?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?:[^0-9]|$)"
    rb"|\+[1-9][0-9() -]{8}|\bC[O-R][\w-]{5}[O-R][\w-]{13}|BEGIN:VCARD"
    rb"|[,;|](?:35|86)[0-9]{13}(?:[,;|\n]|$)|(?:^|\n)(?:35|86)[0-9]{13}[,;|]"
    rb"|(?i:imei[12]?|imsi|iccid|android[ _-]?id|oaid|gaid|idfa)[^A-Za-z0-9\n]{1,10}(?:s:[0-9]+:.)?[0-9A-Fa-f-]{14}"
)
"""What a part must hold before any of its values is looked at, as a pattern of RE2."""
_GATE: Final = re2.compile(GATE)
_EMAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@-])")
_IDENTITY: Final = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_MAC: Final = re.compile(
    r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Fa-f:-])"
)
_USER_OF_URL: Final = re.compile(r"://[^/@\s]{1,200}@")
_FCM: Final = re.compile(r"(?<![\w-])[\w-]{11,40}:APA91b[\w-]{80,200}")
_CARD: Final = re.compile(r"^BEGIN:VCARD\b", re.MULTILINE)
_JOINED: Final = re.compile(r"(?:^|(?<=[,;|]))(?:35|86)\d{13}(?=[,;|]|$)")
"""An IMEI between the signs by which the parts of a text are joined: `867…,Pixel 7,13`."""
_SPOKEN: Final = re.compile(
    r"(?i)(imei|imsi|iccid|android|oaid|gaid|idfa)(?:[12]|[ _-]?id)?[^A-Za-z0-9\n]{1,6}(?:s:[0-9]+:.)?"
    r"([0-9A-Fa-f-]{14,64})(?![0-9A-Za-z-])"
)
"""The name of an identifier, a few signs, and the value, as programs write logs and people write mails."""
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_RANDOM: Final = re.compile(r"[0-9A-Fa-f]{16}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}")
_TRACE: Final = re.compile(r"^[ \t]*at [\w.$<>]+\([^)\n]*\)", re.MULTILINE)
_LONGEST: Final = 20_000
_ABROAD: Final = re.compile(r"(?<![\w+])\+[1-9]\d{0,2}[ -]?(?:\(\d{1,4}\)[ -]?)?\d(?:[ -]?\d){6,12}(?![\w-])")
_CHINESE: Final = re.compile(
    r"(?<![\w.+-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w.-]|\s?(?:ms|ns|us|bytes?|[KM]B)\b)", re.ASCII
)
_CUE: Final = re.compile(
    r"(?i)电话|手机|联系|号码|致电|微信|拨打|打给|短信"
    r"|\b(?:call|phone|tel|mobile|cell|whats ?app|contact|reach|ring|sms)\b"
    r"|\b(?:my|your|his|her|our|new|at|on|this) number\b|\btext (?:me|us|him|her|to|at)\b"
)
_NEAR: Final = 24
"""Letters between a word for telephones and the number."""
_TC: Final = re.compile(r"(?<![\w-])C[O-R][\w-]{5}[O-R][\w-]{13,2000}(?:\.[\w-]{1,2000}){0,3}(?![\w-])", re.ASCII)
_FEW: Final = 3
"""Values of one kind that are shown of one text; a text with more is a list of them."""
_WIFI: Final = frozenset({"wifi", "bssid", "ssid", "wlan", "ap", "router", "carrior", "wf", "wi"})
_RECEIVED: Final = frozenset(
    {"rssi", "level", "signal", "signalstrength", "signallevel", "hidden", "ssid", "ssidname", "frequency", "freq"}
)
"""What stands beside the address of an access point, which is received."""
_BLUETOOTH: Final = frozenset({"bluetooth", "bt", "ble", "beacon"})


def detect_patterns(leaves: Sequence[Leaf], around: Around) -> list[Sighting]:
    """Give the values that need no name."""
    return [found for leaf in leaves for found in _in_leaf(leaf, around)]


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
    if not foreign:
        why = "a telephone number with its country, or beside a word for telephones"
        yield from _each(leaf, "person.phone", _phones(text), 0.5, why)
    yield from _macs(leaf, text, around)
    why = "a string of the transparency and consent framework: version, times and language fit"
    yield from _each(leaf, "consent.state", (one[0] for one in _TC.finditer(text) if tc_string(one[0])), 0.8, why)
    if not foreign and "\n" not in text.strip():
        imeis = (one[0] for one in _JOINED.finditer(text.strip()) if shape_numbers.imei(one[0]) and text != one[0])
        why = "fifteen digits with a valid check digit and a plausible type allocation, joined with other facts"
        yield from _each(leaf, "id.imei", imeis, 0.5, why)
    if not foreign:
        yield from _spoken(leaf, text)
    if "BEGIN:VCARD" in text and len(_CARD.findall(text)) > 1:
        yield _sighting(leaf, "comm.contacts", text[:120], 0.7, "cards of several people, as address books keep them")
    if ":APA91b" in text:
        yield from _each(
            leaf, "id.push_token", (one[0] for one in _FCM.finditer(text)), 0.8, "a token of Firebase Cloud Messaging"
        )
    if "at " in text and len(_TRACE.findall(text)) > 1:
        yield _sighting(leaf, "beh.diagnostics", text[:120], 0.7, "lines of calls, as a crash report has them")


def _spoken(leaf: Leaf, text: str) -> Iterator[Sighting]:
    """Give the identifiers that a text calls by their names, where their shapes fit."""
    found: dict[str, list[str]] = {}
    for one in _SPOKEN.finditer(text):
        data_type, fits = _IDENTIFIERS[one[1].lower()]
        if fits(one[2]):
            found.setdefault(data_type, []).append(one[2])
    for data_type, values in found.items():
        yield from _each(leaf, data_type, iter(values), 0.6, "called by its name in a text, and of its shape")


def _drawn(text: str) -> bool:
    """Say whether a text is a UUID or hex digits that were drawn at random."""
    return bool(_UUID.fullmatch(text) and shape_numbers.varied(text)) or (
        bool(_RANDOM.fullmatch(text)) and shape_texts.random_hex(text)
    )


_IDENTIFIERS: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    "imei": ("id.imei", lambda text: len(text) == 15 and shape_numbers.imei(text)),  # noqa: PLR2004
    "imsi": ("id.imsi", lambda text: len(text) == 15 and text.isdigit() and shape_numbers.imsi(text)),  # noqa: PLR2004
    "iccid": ("id.iccid", lambda text: text.startswith("89") and text[:-1].isdigit() and shape_numbers.iccid(text)),
    "android": ("id.android_id", lambda text: len(text) == 16 and _drawn(text)),  # noqa: PLR2004
    "oaid": ("id.oaid", _drawn),
    "gaid": ("id.gaid", lambda text: _UUID.fullmatch(text) is not None and _drawn(text)),
    "idfa": ("id.gaid", lambda text: _UUID.fullmatch(text) is not None and _drawn(text)),
}


def _emails(text: str) -> Iterator[str]:
    plain = _USER_OF_URL.sub(" ", _MAC.sub(" ", text))
    return (one[0] for one in _EMAIL.finditer(plain) if shape_texts.email(one[0]))


def _phones(text: str) -> Iterator[str]:
    """Give numbers that name their country, and Chinese mobile numbers in a text that speaks of telephones."""
    if "+" in text:
        yield from (one[0] for one in _ABROAD.finditer(text) if shape_numbers.phone(one[0]))
    for one in _CHINESE.finditer(text):
        if _CUE.search(text[max(0, one.start() - _NEAR) : one.start()]) and shape_numbers.phone(one[0]):
            yield one[0]


def _macs(leaf: Leaf, text: str, around: Around) -> Iterator[Sighting]:
    words = {*words_of(leaf.key), *words_of(parent_of(leaf.path))}
    near = {*words, *words_of(text[:200])}
    received = not _RECEIVED.isdisjoint(around.siblings.get(container_of(leaf.path), ()))
    kind = (
        "loc.wifi_current"
        if _WIFI & near or (received and not _BLUETOOTH & near)
        else "id.mac_bluetooth"
        if _BLUETOOTH & near
        else "id.mac_wifi"
    )
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
