"""What the lab device says of an app's permissions, as `dumpsys package` does on Android."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzer.model.evidence import AppFacts

GRANTS: Final = "runtime-permissions.txt"
"""Where the lab keeps the grants of an app, in the app's folder."""
RUNTIME_PERMISSIONS: Final = 23
"""Apps that are made for an older level are granted what they declare when they are installed."""
_LARGEST: Final = 100_000
_PREFIX: Final = "android.permission."
ASKED_FOR: Final = frozenset(
    {"READ_PHONE_STATE", "READ_PHONE_NUMBERS", "CALL_PHONE", "READ_CALL_LOG", "WRITE_CALL_LOG", "ACCESS_FINE_LOCATION",
     "ACCESS_COARSE_LOCATION", "ACCESS_BACKGROUND_LOCATION", "READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS",
     "READ_CALENDAR", "WRITE_CALENDAR", "READ_SMS", "RECEIVE_SMS", "SEND_SMS", "CAMERA", "RECORD_AUDIO", "BODY_SENSORS",
     "READ_EXTERNAL_STORAGE", "WRITE_EXTERNAL_STORAGE", "ACTIVITY_RECOGNITION"})  # fmt: skip
"""The permissions that the lab asks for in a window, as its `Permissions` has them; all others are granted at once."""


def read_permissions(app: AppFacts, folder: Path) -> dict[str, bool]:
    """Give which of the permissions that an app declares it has; `folder` is the app's own, and need not be there."""
    declared = [name if "." in name else _PREFIX + name for name in app.permissions]
    file = folder / GRANTS
    fresh = app.target_sdk < RUNTIME_PERMISSIONS and not file.exists()
    granted = set(declared) if fresh else set(_lines(file))
    return {name: name in granted or name.removeprefix(_PREFIX) not in ASKED_FOR for name in declared}


def _lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            return stream.read(_LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
