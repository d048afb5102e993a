"""What an app's files say of it, without a device: one APK, a base with its splits, or a set (`.apks`, `.xapk`)."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from analyzer.capture.apk_archive import ApkArchive, ApkUnreadable, by_name, unpack_set
from analyzer.capture.apk_manifest import Manifest, ManifestBroken, read_manifest
from analyzer.capture.apk_signature import Signers, read_signers
from analyzer.model.evidence import AppFacts

_LIBRARY: Final = re.compile(r"lib/([A-Za-z0-9_-]{1,30})/([^/]{1,200}\.so)")
_MOST_LIBRARIES: Final = 5000


class _Read(NamedTuple):
    path: Path
    manifest: Manifest
    signers: Signers
    libraries: tuple[tuple[str, str], ...]


def read_apk_facts(files: Sequence[Path]) -> AppFacts:
    """Read all files of one app; raises `ApkUnreadable` with a sentence for whatever cannot be one app."""
    with tempfile.TemporaryDirectory(prefix="apk-set-") as folder:
        read = [_read(path) for path in expand(files, Path(folder))]
        bases = [one for one in read if not one.manifest.split]
        if len(bases) != 1:
            found = ", ".join(one.path.name for one in bases) or "none"
            raise ApkUnreadable(f"An app has one base APK beside its splits; of these files, bases are: {found}.")
        _check_together(bases[0], read)
        return _facts(bases[0], read)


def expand(files: Sequence[Path], folder: Path) -> list[Path]:
    """Give the APK files among these files and inside of their sets, which are unpacked into a folder."""
    found: list[Path] = []
    for number, path in enumerate(files):
        place = folder / str(number)
        place.mkdir(exist_ok=True)
        found += unpack_set(path, place)
    return found


def _read(path: Path) -> _Read:
    try:
        with path.open("rb") as file:
            apk = ApkArchive(file, path.name)
            try:
                manifest = read_manifest(apk.read("AndroidManifest.xml"))
            except KeyError:
                raise apk.trouble("it has no AndroidManifest.xml") from None
            except ManifestBroken as broken:
                raise apk.trouble(f"of its manifest, {broken}") from broken
            libraries = [found.groups() for name in apk.names if (found := _LIBRARY.fullmatch(name))]
            return _Read(path, manifest, read_signers(apk), tuple((abi, name) for abi, name in libraries))
    except OSError as error:
        raise ApkUnreadable(f"{path} cannot be read: {error.strerror}.") from error


def _check_together(base: _Read, read: Sequence[_Read]) -> None:
    for one in read:
        if one.manifest.package != base.manifest.package:
            names = f"{base.manifest.package} and {one.manifest.package}"
            raise ApkUnreadable(f"{base.path.name} and {one.path.name} are of different apps: {names}.")
        if one.manifest.version_code != base.manifest.version_code:
            raise ApkUnreadable(f"{base.path.name} and {one.path.name} are of different versions of the app.")
        if set(one.signers.certificates) != set(base.signers.certificates):
            raise ApkUnreadable(f"{base.path.name} and {one.path.name} are signed by different certificates.")


def _facts(base: _Read, read: Sequence[_Read]) -> AppFacts:
    manifest = base.manifest
    files = by_name([one.path for one in read])
    libraries = sorted({library for one in read for library in one.libraries})
    return AppFacts(
        package=manifest.package,
        version_name=manifest.version_name,
        version_code=manifest.version_code,
        label=manifest.label,
        sha256=files[base.path.name],
        target_sdk=manifest.target_sdk,
        permissions=tuple(dict.fromkeys(name for one in read for name in one.manifest.permissions)),
        min_sdk=manifest.min_sdk,
        signers=base.signers.certificates,
        signature_schemes=base.signers.schemes,
        abis=tuple(dict.fromkeys(abi for abi, _ in libraries)),
        native_libraries=tuple(dict.fromkeys(name for _, name in libraries))[:_MOST_LIBRARIES],
        components=tuple(dict.fromkeys(part for one in read for part in one.manifest.components)),
        files=files,
    )
