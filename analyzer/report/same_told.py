"""Hold a result against one that was made again, also where its form is an earlier one that tells less."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from analyzer.report.result_forms import lackable
from analyzer.report.text import shown

NAMES: Final = frozenset({"session.run_id", "session.judged_by"})
"""Places that tell by what a result was made, and nothing of what was seen."""

_MOST: Final = 1000
_LONG: Final = 60
_OUTCOME: Final = re.compile(r"verdicts\[[^\]]*\]\.outcome: ")


@dataclass(frozen=True, slots=True)
class Told:
    """What two results tell: `lacking` names the places that only a later form has, `differing` says the rest.

    Each has at most a thousand entries. `named` says that they name other packs or versions, or another run.
    """

    lacking: tuple[str, ...]
    differing: tuple[str, ...]
    named: bool

    @property
    def same(self) -> bool:
        """Say whether all that the first tells is told by the second, but for what made them."""
        return not self.differing


def compare_told(before: bytes, after: bytes, *, today: bool = False) -> Told:
    """Hold a result against one that was made again; raises `ValueError` for what is no JSON.

    Only what an earlier form really had not is lacking, and nothing in a result that is said to be made `today`, by
    what makes it again: all else that is missing was taken away, and differs.
    """
    try:
        walk = _Walk()
        walk.through("", "", json.loads(before), json.loads(after))
    except RecursionError as problem:
        raise ValueError("it is nested too deep") from problem
    may = frozenset[str]() if today else lackable(walk.there)
    taken = [_taken(place, some=place in walk.there) for place in walk.lacking if place not in may]
    lacking = [place for place in walk.lacking if place in may]
    walk.differing.sort(key=lambda line: not _OUTCOME.match(line))  # the gravest first, the others as they stand
    return Told(tuple(lacking[:_MOST]), (*taken, *walk.differing)[:_MOST], walk.named)


class _Walk:
    """Goes through two trees at once; places have the labels of entries in them, `whole` ones have not."""

    def __init__(self) -> None:
        self.lacking: dict[str, None] = {}
        self.there: set[str] = set()
        self.differing: list[str] = []
        self.named = False

    def through(self, place: str, whole: str, old: Any, new: Any) -> None:
        """Go through a place of both trees and all that is under it."""
        if isinstance(old, dict) and isinstance(new, dict):
            for key in [*old, *(key for key in new if key not in old)]:
                self._key(f"{place}.{key}" if place else key, f"{whole}.{key}" if whole else key, key, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            if len(old) != len(new):
                self._differ(place, f"{len(old)} entries", f"{len(new)} entries")
                return
            for number, (first, second) in enumerate(zip(old, new, strict=True)):
                self.through(f"{place}[{_label(first, number)}]", f"{whole}[]", first, second)
        elif type(old) is not type(new) or old != new:
            self._differ(place, old, new)

    def _key(self, place: str, whole: str, key: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        if key not in old:
            self.lacking[whole] = None
            return
        self.there.add(whole)
        if whole in NAMES:
            self.named = self.named or old[key] != new.get(key)
        elif key not in new:
            self._differ(place, old[key], "nothing")
        else:
            self.through(place, whole, old[key], new[key])

    def _differ(self, place: str, old: Any, new: Any) -> None:
        if len(self.differing) < _MOST:
            self.differing.append(f"{shown(place)}: {_words(old)} → {_words(new)}")


def _taken(place: str, *, some: bool) -> str:
    return f"{place}: missing in some of them" if some else f"{place}: missing, though results of its form have it"


def _label(entry: Any, number: int) -> str:
    name = entry.get("rule") or entry.get("id") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else str(number)


def _words(value: Any) -> str:
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _LONG)
