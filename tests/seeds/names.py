"""Invented names: packages, classes, hosts and field names that stand in no list of the product."""

from __future__ import annotations

from random import Random

ONSETS = (
    "b",
    "br",
    "d",
    "dr",
    "f",
    "g",
    "gl",
    "h",
    "k",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "qu",
    "r",
    "s",
    "sk",
    "t",
    "tr",
    "v",
    "w",
    "z",
)
VOWELS = ("a", "e", "i", "o", "u", "ai", "eo", "ou")
ENDS = ("", "l", "n", "r", "s", "x", "th", "nd", "rk")
VERBS = ("Collect", "Gather", "Report", "Track", "Sync", "Probe", "Beacon", "Upload", "Flush", "Push")
NOUNS = ("Agent", "Core", "Worker", "Engine", "Client", "Session", "Kit", "Center", "Impl", "Service")


def word(random: Random, syllables: int = 2) -> str:
    """Invent a pronounceable word of lower-case letters."""
    return "".join(random.choice(ONSETS) + random.choice(VOWELS) + random.choice(ENDS) for _ in range(syllables))


def class_name(random: Random) -> str:
    """Invent a class name in one of two styles."""
    if random.random() < 0.3:
        return word(random, 2).capitalize() + random.choice(NOUNS)
    return random.choice(VERBS) + random.choice(NOUNS)


def app_package(random: Random, seed: int) -> str:
    """Invent the package name of an app."""
    maker = f"{word(random, 2)}{seed}"
    return random.choice(
        (f"com.{maker}.{word(random, 1)}app", f"cn.{maker}.android", f"org.{maker}.{word(random, 2)}.mobile")
    )


def sdk_package(random: Random, seed: int, style: str) -> tuple[str, str]:
    """Invent an SDK: the prefix that names its maker, and the package that its inner classes live in."""
    maker = f"{word(random, 2)}{seed}{random.choice('abcdefgh')}"
    if style == "flat":
        prefix = f"com.{maker}.{word(random, 1)}sdk"
        return prefix, prefix
    if style == "deep":
        prefix = f"cn.{maker}.client"
        return prefix, f"{prefix}.core.{random.choice(('internal', 'net', 'impl'))}"
    if style == "io":
        prefix = f"io.{maker}.sdk"
        return prefix, f"{prefix}.{random.choice(('analytics', 'push', 'core'))}"
    prefix = f"com.{maker}.sdk"
    return prefix, f"{prefix}.{random.choice('abcdefg')}.{random.choice('abc')}"


def nameless_package(seed: int) -> tuple[str, str]:
    """Give an SDK that obfuscation left without a name: single letters, others for each seed."""
    prefix = f"{chr(97 + seed // 26 % 26)}.{chr(97 + seed % 26)}"
    return prefix, f"{prefix}.a"


STYLES = ("flat", "deep", "io", "obfuscated")
