"""Weighs a known value: whether it identifies, or is so short or so common that other people's data holds it too."""

from __future__ import annotations

import math
import re
from typing import Final

SHORTEST: Final = 6
"""A value of fewer bytes is only believed under a field name of its type."""
ENOUGH_BITS: Final = 24.0
"""A value that can be guessed in fewer tries (2 to this power) turns up by chance, and so do its digests."""
COMMON: Final = frozenset(
    {"unknown", "android", "google", "default", "mobile", "device", "system", "000000", "123456", "null", "undefined"}
    | {"china mobile", "china unicom", "china telecom", "t-mobile", "vodafone", "androidwifi", "samsung", "xiaomi"}
    | {"huawei", "official", "release", "generic", "goldfish", "ranchu", "arm64-v8a", "armeabi-v7a", "x86_64"}
    | {"password", "12345678", "123456789", "1234567890", "localhost", "contacts", "emulator", "username", "anonymous"}
    | {"10.0.2.15", "10.0.2.16", "127.0.0.1", "0.0.0.0", "192.168.0.1", "192.168.1.1", "8.8.8.8", "wifi_ssid"}  # noqa: S104 - no server
)
"""Texts in lower case that stand in the traffic of millions of devices."""
WEAK_GROUPS: Final = frozenset(
    {"dev.hardware_profile", "dev.os_locale", "dev.network_carrier", "dev.resource_state", "dev.security_state"}
    | {"person.gender", "person.birth_age", "person.ethnicity_nationality", "health.body_vitals", "health.fitness"}
    | {"sens.motion", "consent.state"}
)
"""Data types whose values are shared by millions of devices and turn up by chance."""
_PLACEHOLDERS: Final = frozenset(
    {
        "",
        "unknown",
        "<unknown ssid>",
        "null",
        "none",
        "undefined",
        "n/a",
        "nan",
        "02:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
    }
    | {"9774d56d682e549c", "0123456789abcdef", "123456789abcdef", "012345678912345", "004999010640000"}
    | {"0.0.0.0", "127.0.0.1", "::1", "::", "1234567890abcdef"}  # noqa: S104 - no server
)
_MARKETED: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]{2})[\w+/-]+(?: [\w+/-]+)+")
"""How a model is called in shops (`Pixel 7 Pro`): several words, of which one has a number."""
_SHORTEST_MARKETED: Final = 7
_SAME: Final = re.compile(r"[^0-9a-z]*([0-9a-z])(?:[^0-9a-z]*\1)*[^0-9a-z]*")
_CLASSES: Final = (
    (re.compile(r"[0-9]"), 10),
    (re.compile(r"[a-f]"), 6),
    (re.compile(r"[g-z]"), 20),
    (re.compile(r"[A-F]"), 6),
    (re.compile(r"[G-Z]"), 20),
    (re.compile(r"[^0-9A-Za-z]"), 4),
)
_SCRIPT_BITS: Final = 9.5
"""What one letter beyond ASCII tells: a common Chinese character is one of about 700 in names."""
_REPEATS: Final = 2
"""Each different character counts this often; what repeats more tells nothing new."""
_MODEL: Final = re.compile(r"(?=(?:.*[A-Za-z]){2})(?=.*[0-9])[\w/-]+|\d{6,}[A-Z]")
"""How makers number their models (`SM-G991B`, `2201123C`): no words as in the names on the box, no size of a screen."""


def bits_of(text: str) -> float:
    """Estimate how much a text tells apart, in bits, from its length and the kinds and variety of its characters."""
    ascii_part = "".join(char for char in text if char.isascii())
    pool = sum(size for pattern, size in _CLASSES if pattern.search(ascii_part))
    told = min(len(ascii_part), len(set(ascii_part)) * _REPEATS)
    return told * math.log2(pool or 2) + (len(text) - len(ascii_part)) * _SCRIPT_BITS


def is_weak(data_type: str, text: str) -> bool:
    """Say whether a value is too short, too common or too easily guessed to be believed without a field name."""
    return (
        (data_type in WEAK_GROUPS and not (data_type == "dev.hardware_profile" and _MODEL.fullmatch(text)))
        or len(text.encode("utf-8", "replace")) < SHORTEST
        or text.strip().lower() in COMMON
        or bits_of(text) < ENOUGH_BITS
    )


def is_telling_alone(data_type: str, text: str) -> bool:
    """Say whether a weak value is believed where it is all of a field, or of one of several in a text."""
    named = data_type == "dev.hardware_profile" and len(text) >= _SHORTEST_MARKETED
    return named and _MARKETED.fullmatch(text) is not None and bits_of(text) >= ENOUGH_BITS


def is_placeholder(text: str) -> bool:
    """Say whether a text stands for no value: what Android, a fault or an emulator's image gives to every app."""
    bare = text.strip().strip('"').lower()
    return bare in _PLACEHOLDERS or _SAME.fullmatch(bare) is not None
