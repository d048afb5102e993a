from __future__ import annotations

import contextlib
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from apk_tools import MANIFEST, make_apk, need_tools

from analyzer.capture.apk_manifest import LARGEST, ManifestBroken, read_manifest


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    need_tools()
    with zipfile.ZipFile(make_apk(tmp_path_factory.mktemp("manifest") / "a.apk")) as apk:
        return apk.read("AndroidManifest.xml")


def test_names_of_attributes_that_were_taken_away_are_known_by_their_ids(binary: bytes) -> None:
    plain = read_manifest(binary)
    obscured = binary
    for word in ("versionName", "exported", "targetSdkVersion"):
        for code in ("utf-8", "utf-16-le"):
            obscured = obscured.replace(word.encode(code), ("x" * len(word)).encode(code))
    assert obscured != binary
    assert read_manifest(obscured) == plain
    assert plain.version_name == "4.2 beta"


@pytest.mark.parametrize(
    ("manifest", "exported"),
    [
        (MANIFEST.replace('targetSdkVersion="29"', 'targetSdkVersion="16"').replace('"24"', '"14"'), True),
        (MANIFEST, False),
    ],
)
def test_a_provider_that_says_nothing_is_exported_on_old_levels_only(
    tmp_path: Path, manifest: str, exported: bool
) -> None:
    need_tools()
    with zipfile.ZipFile(make_apk(tmp_path / "a.apk", manifest)) as apk:
        found = read_manifest(apk.read("AndroidManifest.xml"))
    assert [one.exported for one in found.components if one.kind == "provider"] == [exported]


def test_texts_that_share_their_bytes_cannot_grow_without_bound() -> None:
    count, letters = 50_000, 0x7FFF
    offsets = struct.pack("<I", 0) * count
    pool = struct.pack("<HHIIIIII", 1, 28, 0, count, 0, 0, 28 + len(offsets), 0) + offsets
    data = struct.pack("<HHI", 3, 8, 0) + pool + struct.pack("<H", letters) + b"a\0" * letters
    started = time.process_time()
    with pytest.raises(ManifestBroken, match="longer than those of any app"):
        read_manifest(data)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "too short"),
        (b"<manifest/>" * 10, "claims more texts|damaged|names no package"),
        (bytes(LARGEST + 1), "larger than 4 MB"),
        (struct.pack("<HHIHHIIIIII", 3, 8, 0, 1, 28, 0, 1 << 31, 0, 0, 1 << 31, 0), "claims more texts"),
    ],
)
def test_what_is_no_manifest_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(ManifestBroken, match=why):
        read_manifest(data)


def test_loading_the_library_leaves_the_log_as_it_was() -> None:
    check = """
import logging
from analyzer.capture import apk_manifest
from analyzer.cli.main import app
import typer
list(typer.main.get_command(app).commands.values())
assert apk_manifest._library().ManifestStruct
assert not logging.root.handlers and logging.root.level == logging.WARNING
"""
    subprocess.run([sys.executable, "-c", check], check=True)


def test_damage_is_a_sentence_or_a_manifest_and_never_takes_long(binary: bytes) -> None:
    dice = random.Random(7)
    started = time.process_time()
    for _ in range(300):
        damaged = bytearray(binary)
        for _ in range(dice.randint(1, 6)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        with contextlib.suppress(ManifestBroken):
            read_manifest(bytes(damaged[: dice.randrange(len(damaged))] if dice.random() < 0.2 else damaged))
    assert time.process_time() - started < 30
