"""Gives the values in plain texts their names: tables with a line of names, and pairs within lines of a log."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.detect_place import axis_of
from analyzer.analysis.shape_key import Reader, reader_of
from analyzer.model.vocabulary import Where
from analyzer.packs.clues import Clues

_SHORTEST: Final = 20
_LONGEST: Final = 1 << 16
_ROWS: Final = 500
_PAIRS: Final = 200
_CELLS: Final = 3
_COLUMNS: Final = 100
_SEPARATORS: Final = ("\t", ",", ";", "|")
_MARKS: Final = re.compile(rb"[\n\t;|]")
_NAME: Final = re.compile(r'[^\W\d][\w .$"-]{0,40}')
_PAIR: Final = re.compile(r"""(?<![\w.$=/?&%-])([A-Za-z_$][\w.$-]{1,40})=([^\s&;,|"'<>=]{2,128})(?![\w=])""")
_NOTED: Final = re.compile(r"(?:^|(?<=[;|]))\s*([A-Za-z_][\w.-]{1,40}):([^;|{}\"]{2,128})(?=[;|]|$)")
"""Names and values as programs of brokers join them: `MAC:…;IMEI:…`."""
_JOINED: Final = re.compile(r"(?:^|\s)[?&]?[\w.$-]{1,40}=[^\s&=]{0,128}(?:&[\w.$-]{1,40}=[^\s&=]{0,128})+")
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://\S*+")


def cells_of(leaves: Sequence[Leaf], clues: Clues, over: set[str]) -> list[Leaf]:
    """Give a leaf per cell of a table and per named value in a line; none for nearly every part.

    The paths go on from those of the texts: `csv:$[0].imei`, `pairs:imei`. Cells of lines without names have no key.
    The bounds that were reached are added to `over`, in words.
    """
    reader = reader_of(clues)
    return [
        cell
        for leaf in leaves
        if len(leaf.data) >= _SHORTEST and _may_hold(leaf, over)
        for cell in _in_text(leaf, reader, over)
    ]


def may_hold_cells(joined: bytes, parts: int) -> bool:
    """Say whether one of so many values, joined by ends of lines, has lines, tabs or pairs itself."""
    return b"=" in joined or b"\t" in joined or joined.count(b"\n") >= parts > 0 or b"|" in joined or b";" in joined


def _may_hold(leaf: Leaf, over: set[str]) -> bool:
    data = leaf.data
    if not leaf.textual or leaf.where is Where.URL:
        return False
    if not (_MARKS.search(data) or (b"=" in data and (b" " in data or b"&" in data))):
        return False
    if len(data) > _LONGEST:
        over.add(f"texts of more than {_LONGEST} bytes were not read as tables or logs")
        return False
    return True


def _in_text(leaf: Leaf, reader: Reader, over: set[str]) -> Iterator[Leaf]:
    text = leaf.data.decode("utf-8", "replace")
    lines = text.strip("\ufeff\r\n").splitlines()[: _ROWS + 1]
    separator = _separator_of(lines[0]) if lines else ""
    rows = list(csv.reader(lines, delimiter=separator)) if separator and '"' not in lines[0][1:-1] else []
    noted = list(_noted(leaf, text, reader)) if len(lines) == 1 and b":" in leaf.data else []
    table = [] if noted else list(_table(leaf, rows, reader))
    yield from noted
    if table:
        if len(lines) > _ROWS:
            over.add(f"of tables the first {_ROWS} rows were read")
        yield from table
    elif b"=" in leaf.data:
        yield from _pairs(leaf, text, reader, over)


def _separator_of(line: str) -> str:
    return max(_SEPARATORS, key=line.count) if any(one in line for one in _SEPARATORS) else ""


def _table(leaf: Leaf, rows: Sequence[Sequence[str]], reader: Reader) -> Iterator[Leaf]:
    """Give the cells of rows that are all as long as the first one: by its names, or without any."""
    if not rows or not 1 < len(rows[0]) <= _COLUMNS or any(len(row) != len(rows[0]) for row in rows if row):
        return
    heads = [name.strip(' "') for name in rows[0]]
    named = all(_NAME.fullmatch(name) for name in heads) and any(reader.telling(name) for name in heads)
    if not named and ((leaf.key and len(rows) > 1) or len(heads) < _CELLS or b"=" in leaf.data or b": " in leaf.data):
        return
    body = [row for row in (rows[1:] if named else rows) if row]
    for at, row in enumerate(body):
        for column, value in enumerate(row):
            if value.strip():
                name = heads[column] if named else ""
                yield _cell(leaf, f"csv:$[{at}].{name}" if named else f"csv:$[{at}][{column}]", name, value)


def _pairs(leaf: Leaf, text: str, reader: Reader, over: set[str]) -> Iterator[Leaf]:
    plain = _ADDRESS.sub(" ", text)
    apart = _JOINED.sub(lambda found: found[0].replace("&", " "), plain)
    for at, pair in enumerate(_PAIR.finditer(apart)):
        if at >= _PAIRS:
            over.add(f"of lines with names and values the first {_PAIRS} pairs were read")
            return
        if reader.telling(pair[1]) or axis_of(pair[1]):
            yield _cell(leaf, f"pairs:{pair[1]}", pair[1], pair[2])


def _noted(leaf: Leaf, text: str, reader: Reader) -> Iterator[Leaf]:
    pairs = [pair for pair in _NOTED.finditer(text) if reader.telling(pair[1])]
    for pair in pairs[:_PAIRS] if len(pairs) > 1 else ():
        yield _cell(leaf, f"pairs:{pair[1]}", pair[1], pair[2])


def _cell(leaf: Leaf, step: str, key: str, value: str) -> Leaf:
    path = step if leaf.path == "raw" else f"{leaf.path}>{step}"
    return Leaf(
        leaf.ref, leaf.where, path, key, value.strip().encode(), leaf.encodings, True, False, (*leaf.steps, step)
    )
