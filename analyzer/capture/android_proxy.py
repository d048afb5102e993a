"""The device's global proxy: the way for the traffic where a kernel cannot redirect it, or nobody wants that.

Android copies `http_proxy` into further settings when it takes effect (`ConnectivityService`, from memory), so all of
them are put back: to what they were, or away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.capture.android_shell import AndroidShell, Said
from analyzer.capture.device import EnvironmentProblem

SETTINGS: Final = (
    "http_proxy",
    "global_http_proxy_host",
    "global_http_proxy_port",
    "global_http_proxy_exclusion_list",
    "global_proxy_pac_url",
)
_ABSENT: Final = "null"
_NONE: Final = ":0"
"""What Android takes for “no proxy” at once; taking the setting away alone works only after a restart."""


def read_proxy(shell: AndroidShell) -> dict[str, str]:
    """Read the settings as they are; one that is absent reads `null`."""
    return {name: _settings(shell, "get", name).out for name in SETTINGS}


def set_proxy(shell: AndroidShell, port: int) -> None:
    """Send what heeds the proxy setting to a port of the device's own loopback."""
    _settings(shell, "put", "http_proxy", f"127.0.0.1:{port}")


def restore_proxy(shell: AndroidShell, before: Mapping[str, str]) -> None:
    """Put the settings back; safe to do twice."""
    if before.get("http_proxy", _ABSENT) == _ABSENT:
        _settings(shell, "put", "http_proxy", _NONE)
    for name in SETTINGS:
        value = before.get(name, _ABSENT)
        if value == _ABSENT:
            _settings(shell, "delete", name)
        else:
            _settings(shell, "put", name, value)


def _settings(shell: AndroidShell, verb: str, *words: str) -> Said:
    said = shell.run("settings", verb, "global", *words)
    if said.code:
        why = (said.err or said.out).strip()[:300] or "no reason given"
        raise EnvironmentProblem(
            f"The proxy setting of the device {shell.serial} cannot be used ({why}); "
            "allow USB debugging (Security settings) in the developer options, or leave --traffic proxy away."
        )
    return said
