# ruff: noqa: INP001 - a script, in no package
"""The benchmark's persona: 40 known values, as a lab's own persona file would name them."""

from __future__ import annotations

import json
from collections.abc import Mapping

_LISTS: Mapping[str, tuple[str, ...]] = {
    "person.phone": ("+8613816049257", "+8613800138471", "+4930123125747"),
    "person.email": ("yanqiu.lin.bench@mail.example", "second.box@mail.example"),
    "id.imei": ("867431059238179", "867431059238252", "490154203237518"),
    "id.imsi": ("460007318294650", "460011234567890"),
    "id.iccid": ("89860021934756182040", "89860112345678901234"),
    "id.serial": ("PLK7Q2X94M1T",),
    "id.mac_wifi": ("00:00:5e:00:53:1d", "00:00:5e:00:53:3c"),
    "id.mac_bluetooth": ("00:00:5e:00:53:2e",),
    "id.android_id": ("7c41e9d0b35fa286", "9774d56d682e549c"),
    "id.oaid": ("5e0c7d92-41b8-4f6a-9d37-c8b2f1a60e54",),
    "id.gaid": ("b83fd216-7a09-4c5e-8e41-2d96f07ac3b5",),
    "id.drm": ("ff41ca1d5484d942aabb17ce06d40f4537235e8f7e822168dd46615c0ec4428a",),
    "person.name": ("林砚秋", "Odalys Brennecke"),
    "misc.clipboard": ("取件码 7-3-9461", "a clip of some words"),
    "dev.network_carrier": ("China Mobile Bench",),
    "dev.installed_apps": ("com.tencent.mm", "com.sina.weibo", "com.taobao.taobao", "com.ss.android.ugc.aweme"),
}
_PARTED: Mapping[str, tuple[Mapping[str, object], ...]] = {
    "loc.precise": ({"lat": 31.230437, "lon": 121.473719}, {"lat": 39.904214, "lon": 116.407413}),
    "loc.wifi_current": ({"ssid": "Lin-Home-7F3Q", "bssid": "00:00:5e:00:53:a7"},),
    "loc.wifi_scan": (
        {"ssid": "Cafe-Bund-29K", "bssid": "00:00:5e:00:53:b4"},
        {"ssid": "ChinaNet-x8RtM", "bssid": "00:00:5e:00:53:c9"},
    ),
    "comm.contacts": (
        {"name": "周慕白", "phone": "+8613800138472"},
        {"name": "沈听澜", "phone": "+8613800138592"},
        {"name": "顾云舟", "phone": "+8613800138613"},
    ),
    "dev.accounts": (
        {"name": "yanqiu.lin.bench@mail.example", "type": "com.google"},
        {"name": "linyanqiu_k7q2", "type": "com.weibo.account"},
    ),
}


def persona() -> dict[str, tuple[str, ...]]:
    """Give data type → texts, as a session's manifest keeps them."""
    parted = {
        kind: tuple(json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for item in items)
        for kind, items in _PARTED.items()
    }
    return {**_LISTS, **parted}


def persona_file() -> str:
    """Give the text of a persona file (YAML, by way of its subset JSON) with these values."""
    values: dict[str, list[object]] = {kind: list(items) for kind, items in (*_LISTS.items(), *_PARTED.items())}
    return json.dumps({"persona": "bench", "values": values}, ensure_ascii=False, indent=1)
