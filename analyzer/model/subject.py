"""What is investigated: the app and the device that it runs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Component:
    """A part of an app that the system can start: `kind` is `activity | service | receiver | provider`.

    `exported` says whether other apps may; `permission` is what they need for it, `process` the name of its process
    where it is not the app's own.
    """

    kind: str
    name: str
    exported: bool
    permission: str = ""
    process: str = ""


@dataclass(frozen=True, slots=True)
class AppFacts:
    """What is known of the app under test without running it; empty texts where it is not known.

    `sha256` is that of the base APK, `files` that of every file by its name. `signers` are the sha256 of the signing
    certificates and `signature_schemes` the schemes (`v1`, `v2`, `v3`) that name them; neither was verified here.
    """

    package: str
    version_name: str = ""
    version_code: str = ""
    label: str = ""
    sha256: str = ""
    target_sdk: int = 0
    permissions: tuple[str, ...] = ()
    min_sdk: int = 0
    signers: tuple[str, ...] = ()
    signature_schemes: tuple[str, ...] = ()
    abis: tuple[str, ...] = ()
    native_libraries: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """The device that the app ran on; `kind` is `lab`, `emulator`, `phone` or `none` (imports)."""

    serial: str
    kind: str
    model: str = ""
    android_version: str = ""
    api_level: int = 0
    abi: str = ""
