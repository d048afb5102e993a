"""The phones of invented people, and where they are."""

from __future__ import annotations

import base64
import math
import string
from typing import Any

from corpus.dice import Dice, luhn, words


def device(dice: Dice) -> dict[str, Any]:
    brand, model, code = dice.choice(words()["models"])
    imei = luhn(dice.choice(words()["tacs"]) + dice.digits(6))
    android = dice.choice("123456789abcdef") + dice.hex(15)
    wifi, apps = dice.mac(), dice.sample(words()["apps"], 9)
    network = {"ssid": f"{dice.choice(words()['ssids'])}{dice.letters(4).upper()}", "bssid": dice.mac("d8:32")}
    scan = [network] + [
        {
            "ssid": f"{dice.choice(words()['ssids'])}{dice.letters(4)}",
            "bssid": dice.mac(),
            "rssi": -dice.randint(40, 90),
        }
        for _ in range(4)
    ]
    mnc = dice.choice((0, 1, 11))
    drm = bytes(dice.getrandbits(8) for _ in range(32))
    mail = f"{dice.choice(words()['western_family']).lower()}{dice.digits(4)}@gmail.com"
    return {
        "id.imei": imei,
        "id.imei:14": imei[:14],
        "id.imei:sv": imei[:14] + "07",
        "id.imei:second": luhn(imei[:8] + dice.digits(6)),
        "id.imsi": f"460{mnc:02}" + dice.digits(10),
        "id.iccid": luhn(f"8986{mnc:02}" + dice.digits(13)),
        "id.serial": dice.letters(dice.choice((8, 12, 16)), "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"),
        "id.mac_wifi": wifi,
        "id.mac_wifi:upper": wifi.upper(),
        "id.mac_wifi:bare": wifi.replace(":", ""),
        "id.mac_wifi:dashed": wifi.replace(":", "-").upper(),
        "id.mac_bluetooth": dice.mac("f4:60"),
        "id.android_id": android,
        "id.oaid": dice.choice((dice.uuid(), dice.hex(16), dice.hex(64))),
        "id.oaid:uuid": dice.uuid(),
        "id.gaid": dice.uuid(),
        "id.installation": dice.letters(22, string.ascii_letters + string.digits + "-_"),
        "id.installation:uuid": dice.uuid(),
        "id.push_token": dice.letters(22) + ":APA91b" + dice.letters(134, string.ascii_letters + string.digits + "-_"),
        "id.push_token:regid": dice.letters(44) + "=",
        "id.drm": drm.hex(),
        "id.drm:b64": base64.b64encode(drm).decode(),
        "id.account": dice.choice("123456789") + dice.digits(8),
        "id.account:open": "o" + dice.letters(27, string.ascii_letters + string.digits + "-_"),
        "id.cookie_session": dice.hex(32),
        "id.ip": ".".join(
            str(part) for part in (dice.choice((36, 58, 101, 113, 180, 222)), *dice.choices(range(2, 250), k=3))
        ),
        "dev.hardware_profile": model,
        "dev.hardware_profile:brand": brand,
        "dev.hardware_profile:code": code,
        "dev.hardware_profile:screen": dice.choice(("1080*2400", "1440x3200", "1080x2340")),
        "dev.os_locale": dice.choice(("zh_CN", "en_US", "zh-Hans-CN")),
        "dev.os_locale:version": dice.choice(("10", "11", "12", "13", "14")),
        "dev.os_locale:zone": dice.choice(("Asia/Shanghai", "Europe/Berlin", "America/New_York")),
        "dev.network_carrier": dice.choice(("中国移动", "中国联通", "CHN-CT", "China Mobile")),
        "dev.network_carrier:type": dice.choice(("WIFI", "4G", "5G", "wifi")),
        "dev.network_carrier:code": f"460{mnc:02}",
        "dev.resource_state": dice.randint(5, 99),
        "dev.resource_state:memory": dice.choice((7_812_345_856, 5_904_412_672, 11_683_254_272)),
        "dev.resource_state:bytes": str(dice.randint(20, 200) * 1_048_576_123),
        "dev.security_state": dice.random() < 0.5,
        "dev.security_state:number": dice.choice((0, 1)),
        "dev.installed_apps": apps,
        "dev.installed_apps:joined": ",".join(apps),
        "dev.installed_apps:objects": [
            {
                "packageName": app,
                "versionName": f"{dice.randint(1, 12)}.{dice.randint(0, 9)}.{dice.randint(0, 40)}",
                "firstInstallTime": 1_600_000_000_000 + dice.randint(0, 10**11),
            }
            for app in apps
        ],
        "dev.running_apps": dice.sample(apps, 5),
        "dev.accounts": [{"name": mail, "type": "com.google"}, {"name": dice.letters(9).lower(), "type": "com.xiaomi"}],
        "loc.wifi_current": {"ssid": network["ssid"], "bssid": network["bssid"]},
        "loc.wifi_current:ssid": network["ssid"],
        "loc.wifi_current:bssid": network["bssid"],
        "loc.wifi_scan": scan,
        "loc.wifi_scan:joined": "|".join(f"{n['bssid']},-{dice.randint(40, 90)},{n['ssid']}" for n in scan),
        "loc.bluetooth_scan": [
            {"name": dice.choice(words()["bluetooth"]), "address": dice.mac().upper(), "rssi": -dice.randint(40, 95)}
            for _ in range(4)
        ],
        "loc.cell": {"mcc": 460, "mnc": mnc, "lac": dice.randint(4000, 60000), "cid": dice.randint(10**6, 2 * 10**8)},
    }


def place(dice: Dice) -> dict[str, Any]:
    name, lat, lon = dice.choice(words()["cities"])
    lat, lon = round(lat + dice.uniform(-0.08, 0.08), 6), round(lon + dice.uniform(-0.08, 0.08), 6)
    track = [
        {
            "lat": round(lat + at * 0.00041, 6),
            "lng": round(lon + at * 0.00037, 6),
            "ts": 1_718_000_000 + 30 * at,
            "speed": round(dice.uniform(0.5, 9), 1),
        }
        for at in range(8)
    ]
    return {
        "loc.precise": {"latitude": lat, "longitude": lon},
        "loc.precise:lat": lat,
        "loc.precise:lon": lon,
        "loc.precise:latlon": f"{lat},{lon}",
        "loc.precise:lonlat": f"{lon},{lat}",
        "loc.precise:lat_text": str(lat),
        "loc.precise:lon_text": str(lon),
        "loc.precise:lat_e6": round(lat * 10**6),
        "loc.precise:lon_e6": round(lon * 10**6),
        **_shifted(lat, lon),
        "loc.coarse": {"lat": round(lat, 2), "lon": round(lon, 2)},
        "loc.coarse:lat": round(lat, 2),
        "loc.coarse:lon": round(lon, 2),
        "loc.coarse:city": name,
        "loc.trajectory": track,
        "loc.lodging_itinerary": f"G{dice.randint(1, 9999)} {name}虹桥-南京南",
    }


def _shifted(lat: float, lon: float) -> dict[str, Any]:
    """Give a place as maps of China show it: GCJ-02 is off by some hundred metres, BD-09 by some more."""
    x, y = lon - 105, lat - 35
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    flat = 1 - 0.00669342162296594323 * math.sin(math.radians(lat)) ** 2
    near_lat = lat + math.degrees(north / (6378245.0 * (1 - 0.00669342162296594323) / (flat * math.sqrt(flat))))
    near_lon = lon + math.degrees(east / (6378245.0 / math.sqrt(flat) * math.cos(math.radians(lat))))
    if not (72 < lon < 138 and 0 < lat < 56):
        near_lat, near_lon = lat, lon
    far = math.hypot(near_lon, near_lat) + 0.00002 * math.sin(near_lat * math.pi * 3000 / 180)
    angle = math.atan2(near_lat, near_lon) + 0.000003 * math.cos(near_lon * math.pi * 3000 / 180)
    baidu = f"{far * math.sin(angle) + 0.006:.6f},{far * math.cos(angle) + 0.0065:.6f}"
    return {
        "loc.precise:gcj_lat": round(near_lat, 6),
        "loc.precise:gcj_lon": round(near_lon, 6),
        "loc.precise:bd_latlon": baidu,
    }
