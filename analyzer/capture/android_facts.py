"""What a connected Android device is, and what it lacks for a recording."""

from __future__ import annotations

from typing import Final, NamedTuple

from analyzer.capture.android_shell import AndroidShell

_OLDEST, _NEWEST = 21, 36
_ABIS: Final = {"arm64-v8a", "armeabi-v7a", "x86_64", "x86"}
_UNKNOWN: Final = "unknown"
_BY_HAND: Final = ("magisk", "su")


class DeviceFacts(NamedTuple):
    """A device as its own properties tell: `api` is 0 when it does not say, `root` is `adbd | magisk | su | none`.

    `adbd_may_root` says whether `adb root` is allowed on this build; `selinux` is
    `enforcing | permissive | disabled | unknown`.
    """

    serial: str
    model: str
    abi: str
    api: int
    release: str
    patch: str
    build_type: str
    root: str
    adbd_may_root: bool
    selinux: str


class Lack(NamedTuple):
    """One thing that is missing on the device, and what to do about it."""

    sentence: str
    remedy: str


def read_facts(shell: AndroidShell) -> DeviceFacts:
    """Ask the device for its facts; changes nothing on it. A root manager may ask its user for leave."""
    build_type = _property(shell, "ro.build.type")
    api = _property(shell, "ro.build.version.sdk")
    return DeviceFacts(
        serial=shell.serial,
        model=_property(shell, "ro.product.model"),
        abi=_property(shell, "ro.product.cpu.abi"),
        api=int(api) if api.isascii() and api.isdigit() and len(api) < 4 else 0,  # noqa: PLR2004
        release=_property(shell, "ro.build.version.release"),
        patch=_property(shell, "ro.build.version.security_patch"),
        build_type=build_type,
        root=_root(shell),
        adbd_may_root=_property(shell, "ro.debuggable") == "1",
        selinux=_selinux(shell),
    )


def read_build(shell: AndroidShell) -> str:
    """Read the name that the system gives its own build: it changes with every update."""
    return (
        _property(shell, "ro.build.fingerprint") or f"patch level {_property(shell, 'ro.build.version.security_patch')}"
    )


def find_lacks(facts: DeviceFacts, *, rootless: bool = False) -> list[Lack]:
    """Say what stands in the way of recording on this device, or of doing so without root."""
    found = []
    if not _OLDEST <= facts.api <= _NEWEST:
        has = f"API level {facts.api}" if facts.api else "no known API level"
        found.append(Lack(has, f"use a device with Android API level {_OLDEST} to {_NEWEST}"))
    if rootless:
        return found
    if facts.abi not in _ABIS:
        found.append(Lack(f"no frida-server for its ABI {facts.abi or _UNKNOWN}", "use an ARM or x86 device"))
    if facts.root == "none" and facts.adbd_may_root:
        found.append(Lack("adbd does not run as root", f"run: adb -s {facts.serial} root"))
    elif facts.root == "none":
        found.append(
            Lack(
                "no root",
                "root it with Magisk or KernelSU and allow Shell there, or use an emulator without Google Play",
            )
        )
    return found


def describe(facts: DeviceFacts) -> str:
    """Put the facts into one line."""
    return (
        f"{facts.model or _UNKNOWN}, Android {facts.release or _UNKNOWN} (API {facts.api or _UNKNOWN}, "
        f"patch {facts.patch or _UNKNOWN}), {facts.abi or _UNKNOWN}, {facts.build_type or _UNKNOWN} build, "
        f"root: {facts.root}, SELinux {facts.selinux}"
    )


def _property(shell: AndroidShell, name: str) -> str:
    """Read one property as a printable line: the device is not trusted to keep to one."""
    said = shell.run("getprop", name)
    return "".join(letter if letter.isprintable() else " " for letter in said.out)[:100].strip()


def _root(shell: AndroidShell) -> str:
    if shell.run("id", "-u").out == "0":
        return "adbd"
    for kind in _BY_HAND:
        if shell.run_as_root(kind, "id", "-u").out == "0":
            return kind
    return "none"


def _selinux(shell: AndroidShell) -> str:
    word = shell.run("getenforce").out.lower()
    return word if word in {"enforcing", "permissive", "disabled"} else _UNKNOWN
