"""Finds the frida-server for a device: a file that was named, the cache, or the official release, checked by digest."""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import frida

from analyzer.capture.device import EnvironmentProblem

ARCHITECTURES: Final = {"arm64-v8a": "arm64", "armeabi-v7a": "arm", "x86_64": "x86_64", "x86": "x86"}
"""Android's ABIs in the words of Frida's releases."""

_MACHINES: Final = {"arm64": 183, "arm": 40, "x86_64": 62, "x86": 3}
"""`e_machine` of ELF (System V gABI)."""
_ELF: Final = b"\x7fELF"
_XZ: Final = b"\xfd7zXZ\x00"
_LARGEST: Final = 400_000_000
_LONGEST_INDEX: Final = 20_000_000
_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class ReleaseSite:
    """Where releases are: `index` describes one as JSON with the digest of each file, `files` holds them."""

    index: str = "https://api.github.com/repos/frida/frida/releases/tags/{version}"
    files: str = "https://github.com/frida/frida/releases/download/{version}/{name}"


def server_name(version: str, architecture: str) -> str:
    """Give the name of the release's file."""
    return f"frida-server-{version}-android-{architecture}.xz"


def kept_server(cache: Path, version: str, architecture: str) -> tuple[Path, Path]:
    """Give where the release's program lies in the cache once it is there, unpacked and packed."""
    kept = cache / server_name(version, architecture).removesuffix(".xz")
    return kept, kept.with_name(kept.name + ".xz")


def find_server(abi: str, cache: Path, given: Path | None = None, site: ReleaseSite | None = None) -> Path:
    """Give the executable for a device of this ABI, of exactly the version that is installed here.

    Raises `EnvironmentProblem` that names the address of the file and where to put it.
    """
    architecture = ARCHITECTURES.get(abi)
    if architecture is None:
        raise EnvironmentProblem(f"There is no frida-server for the ABI {abi or 'unknown'}; use an ARM or x86 device.")
    version = frida.__version__
    kept, packed = kept_server(cache, version, architecture)
    if given is not None:
        return _unpacked(given, kept.with_name(kept.name + "-given"), architecture)
    if kept.is_file():
        return _checked(kept, architecture)
    if not packed.is_file():
        _download(site or ReleaseSite(), version, packed)
    return _unpacked(packed, kept, architecture)


def _download(site: ReleaseSite, version: str, packed: Path) -> None:
    address = site.files.format(version=version, name=packed.name)
    try:
        wanted = _published(site.index.format(version=version), packed.name)
        data = _fetch(address, _LARGEST)
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise EnvironmentProblem(
            f"frida-server {version} could not be downloaded ({error}); download {address} elsewhere and put it into "
            f"{packed.parent.absolute()}, or name it with --frida-server."
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != wanted:
        raise EnvironmentProblem(
            f"{address} is not the published file: its sha256 is {found}, published is {wanted}; try again later."
        )
    _write(packed, data)


def _published(index: str, name: str) -> str:
    """Read the digest of one file from the description of the release."""
    release: Any = json.loads(_fetch(index, _LONGEST_INDEX))
    assets = release.get("assets", []) if isinstance(release, dict) else []
    for asset in assets:
        if isinstance(asset, dict) and asset.get("name") == name:
            kind, _, digest = str(asset.get("digest") or "").partition(":")
            if kind == "sha256" and len(digest) == hashlib.sha256().digest_size * 2:
                return digest.lower()
    raise ValueError(f"{index} tells no digest of {name}")


def _fetch(address: str, most: int) -> bytes:
    with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - the addresses are our own
        data: bytes = answer.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{address} is larger than {most} bytes")
    return data


def _unpacked(source: Path, target: Path, architecture: str) -> Path:
    """Give the executable itself; a packed one is unpacked beside the others."""
    try:
        with source.open("rb") as file:
            if file.read(len(_XZ)) != _XZ:
                return _checked(source, architecture)
        with lzma.open(source) as packed:
            data = packed.read(_LARGEST + 1)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise EnvironmentProblem(f"{source} cannot be read as a frida-server ({error}); download it again.") from error
    if len(data) > _LARGEST:
        raise EnvironmentProblem(f"{source} unpacks to more than {_LARGEST} bytes, so it is no frida-server.")
    _write(target, data)
    return _checked(target, architecture)


def _checked(path: Path, architecture: str) -> Path:
    with path.open("rb") as file:
        head = file.read(20)
    machine = int.from_bytes(head[18:20], "little")
    if head.startswith(_ELF) and machine != _MACHINES[architecture]:
        is_for = next((name for name, number in _MACHINES.items() if number == machine), f"machine {machine}")
        wanted = server_name(frida.__version__, architecture)
        raise EnvironmentProblem(f"{path} is for {is_for}, the device needs {architecture}: take {wanted}.")
    return path


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be written ({error}); free some space.") from error
