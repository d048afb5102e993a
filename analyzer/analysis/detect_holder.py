"""Finds what is told by the container: records of calls, payments, appointments, notifications, and media in bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import text_of
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method
from analyzer.packs.clues import Clues, Holder
from analyzer.packs.taxonomy import normal_key

_NAME: Final = re.compile(r"""[^.>:\[\]$"#/]+""")
_LONGEST: Final = 400
_IMAGE: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"/9j/", b"iVBORw0KGgo", b"R0lGOD", b"data:image/")
_SOUND: Final = (
    b"#!AMR",
    b"OggS",
    b"ID3",
    b"\xff\xf1",
    b"\xff\xfb",
    b"fLaC",
    b"IyFBTVI",
    b"T2dnUw",
    b"SUQz",
    b"data:audio/",
)
_RIFF: Final = {b"WAVE": "sound", b"WEBP": "image"}
_SMALLEST: Final = 48


class Holders:
    """Looks containers up by their names, and remembers the answers for containers and last names, which come again."""

    def __init__(self, clues: Clues) -> None:
        self.index = {key: holder for holder in clues.holders for key in holder.keys}
        self._tail = lru_cache(maxsize=16_384)(self._in_tail)
        self._above = lru_cache(maxsize=16_384)(self._find)

    def find(self, path: str) -> tuple[str, Holder] | None:
        """Give the outermost container of a path that tells, with its path."""
        return self._find(path) if len(path) <= _LONGEST else None

    def holding(self, leaves: Sequence[Leaf]) -> list[Leaf]:
        """Give the leaves that stand in a container that tells."""
        held: list[Leaf] = []
        last, inside = "", False
        for leaf in leaves:
            path = leaf.path
            if len(path) > _LONGEST:
                continue
            cut = path.rfind(".")
            if cut <= 0:
                if self._tail(path) is not None:
                    held.append(leaf)
                continue
            if (above := path[:cut]) != last:
                last, inside = above, self._above(above) is not None
            if inside or self._tail(path[cut:]) is not None:
                held.append(leaf)
        return held

    def _find(self, path: str) -> tuple[str, Holder] | None:
        cut = path.rfind(".")
        if cut <= 0:
            found, cut = self._tail(path), 0
        elif (held := self._above(path[:cut])) is not None:
            return held
        else:
            found = self._tail(path[cut:])
        return (path[: cut + found[0]], found[1]) if found is not None else None

    def _in_tail(self, tail: str) -> tuple[int, Holder] | None:
        for name in _NAME.finditer(tail):
            holder = self.index.get(normal_key(name[0]))
            if holder is not None:
                return name.end(), holder
        return None


@lru_cache(maxsize=8)
def holders_of(clues: Clues) -> Holders:
    """Give the containers of a pack: the same object for the same pack."""
    return Holders(clues)


def held_by(path: str, clues: Clues) -> tuple[str, Holder] | None:
    """Give the container on the way to a value that tells what it is, with its path; none for nearly every path."""
    return holders_of(clues).find(path)


def detect_held(leaves: Sequence[Leaf], clues: Clues) -> list[Sighting]:
    """Give one sighting per container of a known kind that holds what such a container does."""
    groups: dict[str, tuple[Holder, list[Leaf]]] = {}
    find = holders_of(clues).find
    for leaf in leaves:
        found = find(leaf.path)
        if found is not None:
            groups.setdefault(found[0], (found[1], []))[1].append(leaf)
    return [one for path, (holder, held) in groups.items() for one in _held(path, holder, held)]


def _held(path: str, holder: Holder, leaves: Sequence[Leaf]) -> Iterator[Sighting]:
    if holder.media:
        yield from _media(holder, leaves)
        return
    names = {normal_key(leaf.key) for leaf in leaves}
    met = names & holder.holds
    values = {leaf.data for leaf in leaves if leaf.textual and len(leaf.data) > 1}
    if len(met) < holder.needed or len(values) < max(2, holder.needed):
        return
    shown = ", ".join(text_of(leaf)[:60] for leaf in leaves[:4])
    beside = f" with {', '.join(sorted(met)[:5])}" if met else f" of {len(values)} items"
    why = f"a container that is called by it{beside}: {holder.reasoning}"
    yield Sighting(
        holder.data_type, path, tuple(leaves), leaves[0].encodings, shown, Method.KEY, holder.confidence, why
    )


def _media(holder: Holder, leaves: Sequence[Leaf]) -> Iterator[Sighting]:
    by_path: dict[str, Leaf] = {}
    for leaf in leaves:
        if len(leaf.data) >= _SMALLEST and media_of(leaf.data) == holder.media:
            by_path.setdefault(leaf.path, leaf)
    for path, leaf in by_path.items():
        why = f"the bytes of {'a picture' if holder.media == 'image' else 'a sound'} under the name '{leaf.key}'"
        value = f"{holder.media}, {len(leaf.data)} bytes"
        yield Sighting(
            holder.data_type,
            path,
            (leaf,),
            leaf.encodings,
            value,
            Method.PATTERN,
            holder.confidence,
            f"{why}: {holder.reasoning}",
        )


def media_of(data: bytes) -> str:
    """Say whether bytes begin as a picture (`image`) or a sound (`sound`) does, plain or in base64."""
    if data.startswith(_IMAGE):
        return "image"
    if data.startswith(_SOUND):
        return "sound"
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12], "")
    if data.startswith(b"UklGR"):
        return (
            "sound"
            if b"XQVZF" in data[:20] or b"V0FWR" in data[:24] or b"dBVk" in data[:24] or b"AV0FW" in data[:24]
            else "image"
        )
    return "sound" if data[4:11] in {b"ftypM4A", b"ftyp3gp"} else ""
