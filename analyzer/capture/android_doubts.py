"""What hides something of one app on one device for a whole recording, and what the app has others send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from analyzer.capture.android_packages import AndroidPackages
from analyzer.capture.android_trust_check import TrustSeen
from analyzer.codec.foreign_hosts import split_url
from analyzer.model.evidence import Event, Record
from analyzer.model.vocabulary import GapKind

Doubt = tuple[GapKind, str, str]
"""The kind of a gap, its subject, and why."""

_SHARED_USER: Final = (
    "other apps may run as the app's user: a redirected connection is the app's only where the agent saw it, "
    "and processes that do not carry the app's name were not observed"
)
_NOT_TRUSTED: Final = (
    "a TLS connection from the device did not trust the proxy's certificate, so the app's may not either; restart the "
    "device and record again"
)
_TRANSLATED: Final = (
    "the app's libraries are for {libraries} and this device is {device}, so that they run translated, and hooks of "
    "native code do not see what they do; record on a device of that kind"
)
_DOWNLOAD: Final = "network.download"
_BY_ANDROID: Final = (
    "the app had Android's DownloadManager fetch something from there, which sends as another user of the device: that "
    "request did not come to the proxy"
)
_MOST_HOSTS: Final = 200


def find_doubts(packages: AndroidPackages, package: str, abi: str, trust: TrustSeen) -> list[Doubt]:
    """Give what is in doubt for as long as the recording lasts; `abi` is the device's own."""
    found: list[Doubt] = []
    if packages.shares_user(package):
        found.append((GapKind.TRAFFIC_OPAQUE, "the app's user id", _SHARED_USER))
    if trust.outcome == "refused":
        found.append((GapKind.TRAFFIC_OPAQUE, "the proxy's certificate", f"{_NOT_TRUSTED}: {trust.why}"))
    libraries = packages.libraries(package)
    if abi.startswith("x86") and libraries.startswith("arm"):
        found.append((GapKind.CODE_UNSEEN, "native code", _TRANSLATED.format(libraries=libraries, device=abi)))
    return found


class Errands:
    """Tells, once for each host, what the app has Android fetch: it is not redirected, for it is not the app's user."""

    def __init__(self, tell_gap: Callable[[GapKind, str, str], object]) -> None:
        self._tell_gap = tell_gap
        self._told: set[str] = set()

    def see(self, record: Record) -> None:
        """Take each record as it is written."""
        if not isinstance(record, Event) or record.hook != _DOWNLOAD:
            return
        fields = [field for value in record.arguments for field in value.fields]
        host = split_url(next((value.text for name, value in fields if name == "url"), "")).host or "an address unknown"
        if host not in self._told and len(self._told) < _MOST_HOSTS:
            self._told.add(host)
            self._tell_gap(GapKind.TRAFFIC_BYPASSED, host, _BY_ANDROID)
