# ruff: noqa: INP001 - a script, in no package
"""Draws up `tests/data/android_methods.json` and `api_levels.json` from the TypeScript declarations of Android's API.

The source is the npm package `@nativescript/types-android` (Apache-2.0), of which 8.9.0 declares the API levels 17 to
35 and 9.1.1 level 37:

    npm pack @nativescript/types-android@8.9.0 @nativescript/types-android@9.1.1
    python scripts/android_methods.py nativescript-types-android-*.tgz

The declarations write every numeric type as `number`, `String`, `CharSequence` and `char` as `string`, and some
types that they do not know as `any`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from class_file import read_jar  # noqa: E402 - what the tests read jars with

from analyzer.packs.catalog import load_catalog  # noqa: E402

_PLATFORM = re.compile(r"@?[\w/.-]*/android-platform-(\d+)\.d\.ts")
_OPENING = re.compile(r"(?:declare|export) (?:module|abstract class|class) ([\w.$]+)")
_METHOD = re.compile(r"(?:public|protected) (?:static )?(\w+)\((.*)\)(?:: .*)?;")
_GENERIC = re.compile(r"([\w.]+)<([^<>]*)>")
LEVELS = "first and last API level per overload; 17 stands for 17 and older, 37 is the newest"
Declared = Mapping[str, set[tuple[str, str]]]
"""The methods of each class (as Java writes it) with the types of their parameters."""
LISTED = (
    "Every overload whose class and method name occur in lab.jar, there or further down, from those type declarations "
    "without generics and nullability; their types: number is any numeric type, string is String, CharSequence or "
    "char, any is Object or a type that the declarations do not know"
)


def declared(lines: Iterable[str]) -> Declared:
    """Read what the classes of one API level declare."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    blocks: list[str] = []
    for line in map(str.strip, lines):
        opening = _OPENING.match(line)
        method = None if opening else _METHOD.fullmatch(line)
        if method and "" not in blocks and method[1] != "constructor":
            found[".".join(blocks)].add((method[1], method[2]))
        if line.startswith("}"):
            blocks.pop()
        if line.endswith("{"):
            blocks.append(opening[1] if opening else "")
    return found


def levels_of(archives: Iterable[Path]) -> Iterator[tuple[int, Declared]]:
    """Read every API level that the packages declare."""
    for path in archives:
        with tarfile.open(path) as archive:
            for member in archive:
                platform = _PLATFORM.fullmatch(member.name)
                content = archive.extractfile(member) if platform else None
                if platform and content:
                    yield int(platform[1]), declared(content.read().decode().splitlines())


def plain(parameters: str) -> str:
    """Write parameters as their types alone, without generics and nullability."""
    text = re.sub(r"/\*.*?\*/|\s*\|\s*null", "", parameters)
    while _GENERIC.search(text):
        text = _GENERIC.sub(lambda one: f"{one[2]}[]" if one[1] == "androidNative.Array" else one[1], text)
    return ", ".join(one.partition(":")[2].strip() for one in text.split(",") if one)


def methods_of(levels: Mapping[int, Declared]) -> dict[str, dict[str, list[str]]]:
    """List the overloads of what the lab's classes have, as they are declared there and in the classes above."""
    classes = read_jar(ROOT / "analyzer" / "capture" / "lab_device" / "lab.jar")
    wanted: dict[str, set[str]] = defaultdict(set)
    for name, each in classes.items():
        names = {method.name for method in each.methods if not method.name.startswith("<")}
        above = [name]
        while above:
            line = above.pop()
            wanted[line.replace("$", ".")] |= names
            above += classes[line].parents if line in classes else ()
    listed = {}
    for owner, names in sorted(wanted.items()):
        found: dict[str, set[str]] = defaultdict(set)
        for level in levels.values():
            for name, parameters in level.get(owner, ()):
                if name in names and owner.startswith("android"):
                    found[name].add(plain(parameters))
        if found:
            listed[owner] = {name: _precise(found[name]) for name in sorted(found)}
    return listed


def _precise(overloads: set[str]) -> list[str]:
    """Leave out what says `any` where another level names the type."""
    split = {overload: overload.split(", ") for overload in overloads}

    def named(vague: list[str], other: list[str]) -> bool:
        pairs = list(zip(vague, other, strict=False))
        return len(vague) == len(other) and vague != other and all(one in {two, "any"} for one, two in pairs)

    return sorted(each for each in split if not any(named(split[each], other) for other in split.values()))


def levels_of_catalog(levels: Mapping[int, Declared]) -> dict[str, list[int]]:
    """Give the first and the last level of every overload that a hook of the catalog calls public."""
    spans: dict[str, list[int]] = {}
    for public in {hook.public for hook in load_catalog().hooks.values() if hook.public.startswith("android.")}:
        owner, _, name = public.rpartition(".")
        for level, classes in sorted(levels.items()):
            for one, parameters in classes.get(owner.replace("$", "."), ()):
                if one == name:
                    spans.setdefault(f"{public}({plain(parameters)})", [level, level])[1] = level
    return {signature: spans[signature] for signature in sorted(spans)}


def main() -> None:
    """Write both lists."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+", type=Path, metavar="TGZ", help="what `npm pack` made")
    levels = dict(levels_of(parser.parse_args().archives))
    span = f"API {min(levels)}-{sorted(levels)[-2]}" if len(levels) > 1 else "API"
    source = f"@nativescript/types-android 8.9.0 ({span}) and 9.1.1 (API {max(levels)}), Apache-2.0"
    _write("android_methods.json", {"source": source, "note": LISTED, "methods": methods_of(levels)})
    _write("api_levels.json", {"source": f"{source}: {LEVELS}", "levels": levels_of_catalog(levels)})


def _write(name: str, content: object) -> None:
    (DATA / name).write_text(json.dumps(content, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
