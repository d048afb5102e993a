"""What differs between the Android versions that the double can be."""

from __future__ import annotations

from typing import NamedTuple


class Level(NamedTuple):
    """One version: release, month of its patches, and whether `/system` is part of a read-only file system.

    That curl is there from Android 9 on is from memory.
    """

    release: str
    patch: str
    read_only_system: bool
    apex: bool
    store_in_apex: bool
    path: str
    curl: bool = True


_OLD_PATH = "/sbin:/vendor/bin:/system/sbin:/system/bin:/system/xbin"
_Q_PATH = "/product/bin:/apex/com.android.runtime/bin:/system/bin:/system/xbin:/odm/bin:/vendor/bin:/vendor/xbin"
_NEW_PATH = (
    "/product/bin:/apex/com.android.runtime/bin:/apex/com.android.art/bin:/system_ext/bin:/system/bin:/system/xbin"
    ":/odm/bin:/vendor/bin:/vendor/xbin"
)
LEVELS = {
    21: Level("5.0.2", "2015-11-01", False, False, False, _OLD_PATH, curl=False),
    24: Level("7.0", "2017-09-05", False, False, False, _OLD_PATH, curl=False),
    28: Level("9", "2019-08-05", False, False, False, _OLD_PATH),
    29: Level("10", "2020-09-05", True, True, False, _Q_PATH),
    33: Level("13", "2023-02-05", True, True, False, _NEW_PATH),
    34: Level("14", "2024-03-05", True, True, True, _NEW_PATH),
    36: Level("16", "2025-07-05", True, True, True, _NEW_PATH),
}

PACKAGES = {
    "android": 1000,
    "com.android.settings": 1000,
    "com.android.systemui": 10080,
    "com.android.shell": 2000,
    "com.android.webview": 10090,
}
"""The apps that every device has, with their uids."""

RUNNING = {"com.android.systemui": 10080}
"""The apps that run from the start, as children of the zygote."""

GROUPS = (1004, 1007, 1011, 1015, 1028, 3001, 3002, 3003, 3006, 3009)
"""Those of the shell user: input, log, adb, sdcard_rw, sdcard_r, net_bt_admin, net_bt, inet, net_bw_stats, readproc."""


def properties(api: int, abi: str, build_type: str, model: str, serial: str) -> dict[str, str]:
    """Give what `getprop` knows from the start."""
    level = LEVELS[api]
    abis = {"x86_64": "x86_64,x86", "arm64-v8a": "arm64-v8a,armeabi-v7a,armeabi"}.get(abi, abi)
    return {
        "ro.product.model": model,
        "ro.product.name": "double",
        "ro.product.device": "double",
        "ro.product.brand": "double",
        "ro.product.manufacturer": "Double",
        "ro.product.cpu.abi": abi,
        "ro.product.cpu.abilist": abis,
        "ro.product.locale": "en-US",
        "ro.build.version.sdk": str(api),
        "ro.build.version.release": level.release,
        "ro.build.version.security_patch": level.patch,
        "ro.build.type": build_type,
        "ro.build.tags": "release-keys" if build_type == "user" else "dev-keys",
        "ro.build.fingerprint": f"double/double/double:{level.release}/DOUBLE/1:{build_type}/release-keys",
        "ro.build.characteristics": "nosdcard",
        "ro.debuggable": "0" if build_type == "user" else "1",
        "ro.secure": "1",
        "ro.zygote": "zygote64_32" if abi in {"x86_64", "arm64-v8a"} else "zygote32",
        "ro.serialno": serial,
        "ro.hardware": "double",
        "ro.boot.verifiedbootstate": "orange",
        "sys.boot_completed": "1",
        "dev.bootcomplete": "1",
        "init.svc.adbd": "running",
        "init.svc.zygote": "running",
        "persist.sys.timezone": "GMT",
    }
