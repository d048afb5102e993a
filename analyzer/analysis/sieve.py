"""The sieve: tells of a document, by a look at its bytes, that nearly all of its values can be passed over.

What passes nowhere is not made into leaves. It holds back whatever any way of knowing looks at: bytes that may belong
to a known value, shapes, telling names, and what stands in the containers that tell something.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import re2

from analyzer.analysis.decode_field import Field, Passed
from analyzer.analysis.detect_holder import holders_of
from analyzer.analysis.detect_place import axis_of
from analyzer.analysis.detect_rows import is_named_apart
from analyzer.analysis.indicators import Indicators
from analyzer.analysis.shape_checks import REGION_KEYS
from analyzer.analysis.shape_key import reader_of
from analyzer.model.vocabulary import Where
from analyzer.packs.taxonomy import Taxonomy, normal_key

NAME: Final = 81
"""Letters of a field name that are looked at: one more than any name that tells something has."""
PATH: Final = 400
"""Letters of a path in which containers are looked for."""
_SHAPES: Final = re2.compile(
    rb"[=\t\n]|[0-9]{17}[0-9Xx]|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|@[\w-]{1,63}\.[A-Za-z]|:APA91b|at [\w.$<>]+\("
    rb"|[^0-9A-Za-z](?:\+\d{8,15}|(?:86)?1[3-9]\d{9}|[0-9A-Fa-f]{12})[^0-9A-Za-z]|[0-9A-Fa-f]{2}[,;|]-\d\d"
)
"""All that the gates of detection look for, wherever it stands; lines and pairs, too, which have gates of their own."""
_LEAST: Final = 256
"""Shorter documents are read as they are."""
_MOST: Final = 1 << 20
_NUMBERS: Final = (11, 14, 15)
"""How long those numbers are that count without a name."""


class Sieve:
    """Sifts the documents of one session."""

    def __init__(self, indicators: Indicators, taxonomy: Taxonomy) -> None:
        self._indicators = indicators
        self._taxonomy = taxonomy
        self._telling: Callable[[str], bool] = reader_of(taxonomy.clues).telling
        self._names: dict[Passed, Passed] = {}
        self._holder = holders_of(taxonomy.clues).find

    def may_sift(self, data: bytes, where: Where) -> bool:
        """Say whether the dull values of a document may be passed over; `data` are all its bytes."""
        if not _LEAST <= len(data) <= _MOST or b"\\" in data:
            return False
        if where is not Where.RESPONSE and _SHAPES.search(data):
            return False
        return not self._indicators.may_be_in(data)

    def is_dull(self, field: Field) -> bool:
        """Say whether a plain value in a field says nothing, as nearly all do; remembered in the field."""
        if field.dull is None:
            field.dull = self._is_dull(field)
        return field.dull

    def _is_dull(self, field: Field) -> bool:
        key = field.key
        if self._indicators.named(key, self._taxonomy):
            return False
        if field.where is Where.RESPONSE:
            return True
        found = self._holder(field.path) if len(field.path) <= PATH else None
        if is_named_apart(key, self._taxonomy.clues):
            return False
        if found is not None and (found[1].media or not found[1].needed):
            return False
        name = key[:NAME]
        if self._telling(name) or axis_of(name) or normal_key(key) in REGION_KEYS:
            return False
        passed = Passed(field.where, key, found[0] if found else "")
        field.name = self._names.setdefault(passed, passed)
        return True

    def stands_out(self, value: str) -> bool:
        """Say whether a value counts in any field: as the name of a package, as a number that needs no name."""
        if "." in value:
            return not value.replace(".", "", 1).isdigit()
        return len(value) in _NUMBERS and (value.isdigit() or value[0] == "+")
