"""The device's own identifying values, read where they can be read: what an app may read, we look for on the wire.

How each is read differs between versions and makers (from memory; not proven on a device), so what comes back counts
only in the shape that such a value has, and what could not be read is simply not looked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from analyzer.capture.android_shell import AndroidShell
from analyzer.packs.persona import Persona, PersonaValue

_MAC: Final = re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", re.IGNORECASE)
_UUID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_SERIAL: Final = re.compile(r"[A-Za-z0-9]{6,32}")
_ANDROID_ID: Final = re.compile(r"[0-9a-f]{16}")
_SSID: Final = re.compile(
    r'(?:mWifiInfo|WifiInfo:).*?SSID: "?([^",\n]{1,64})"?, BSSID: ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})'
)
_PARCEL: Final = re.compile(r"'([^']*)'")
_ROW: Final = re.compile(r"\b(icc_id|number|imsi)=([+0-9]{5,22})\b")
_GAID_FILE: Final = "/data/data/com.google.android.gms/shared_prefs/adid_settings.xml"
_NO_MAC: Final = frozenset({"02:00:00:00:00:00", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})
_NO_SSID: Final = frozenset({"<unknown ssid>", "<none>", ""})
_EMPTY_ID: Final = "00000000-0000-0000-0000-000000000000"
_IMEI_DIGITS: Final = 15


def collect_values(shell: AndroidShell, root: str) -> dict[str, tuple[str, ...]]:
    """Read the values of the device by data type, as a session's manifest keeps known values."""

    def run(*words: str) -> str:
        said = shell.run(*words) if root == "none" else shell.run_as_root(root, *words)
        return said.out if said.code == 0 else ""

    found: dict[str, dict[str, None]] = {}
    for data_type, value in _values(run):
        found.setdefault(data_type, {})[value] = None
    return {data_type: tuple(values) for data_type, values in sorted(found.items())}


def with_own_values(persona: Persona, own: Mapping[str, tuple[str, ...]]) -> Persona:
    """Give the persona with the device's own values beside the planted ones."""
    values: dict[str, tuple[PersonaValue, ...]] = dict(persona.values)
    for data_type, found in own.items():
        planted = values.get(data_type, ())
        values[data_type] = (*planted, *(value for value in found if value not in planted))
    return Persona(persona.name, values)


def _values(run: Callable[..., str]) -> Iterator[tuple[str, str]]:
    for name in ("ro.serialno", "ro.boot.serialno"):
        if _SERIAL.fullmatch(serial := run("getprop", name)):
            yield "id.serial", serial
    if _ANDROID_ID.fullmatch(text := run("settings", "get", "secure", "android_id")):
        yield "id.android_id", text
    for data_type, words in (
        ("id.mac_wifi", ("cat", "/sys/class/net/wlan0/address")),
        ("id.mac_bluetooth", ("settings", "get", "secure", "bluetooth_address")),
    ):
        found = _MAC.fullmatch(run(*words))
        if found and found[0].lower() not in _NO_MAC:
            yield data_type, found[0].lower()
    found = _SSID.search(run("dumpsys", "wifi"))
    if found and found[1] not in _NO_SSID and found[2] not in _NO_MAC:
        parts = {"bssid": found[2], "ssid": found[1]}
        yield "loc.wifi_current", json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    yield from _telephony(run)
    found = _UUID.search(run("cat", _GAID_FILE))
    if found and found[0] != _EMPTY_ID:
        yield "id.gaid", found[0].lower()


def _telephony(run: Callable[..., str]) -> Iterator[tuple[str, str]]:
    for words in (("1",), ("1", "s16", "com.android.shell")):
        digits = "".join(_PARCEL.findall(run("service", "call", "iphonesubinfo", *words))).replace(".", "").strip()
        if digits.isascii() and digits.isdigit() and len(digits) == _IMEI_DIGITS and _luhn(digits):
            yield "id.imei", digits
    types = {"icc_id": "id.iccid", "number": "person.phone", "imsi": "id.imsi"}
    rows = run("content", "query", "--uri", "content://telephony/siminfo", "--projection", ":".join(types))
    for name, value in _ROW.findall(rows):
        yield types[name], value


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number  # noqa: PLR2004 - the sum of two digits
    return total % 10 == 0
