"""Gives values their names where a record keeps both apart: name and value, columns, arrays with fixed positions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import text_of
from analyzer.analysis.shape_path import container_of
from analyzer.packs.clues import Clues, Layout

_NAMES: Final = frozenset(
    {"name", "key", "k", "n", "field", "attr", "param", "code", "label", "fieldName", "attribute"}
)
_VALUES: Final = frozenset(
    {"value", "val", "v", "data", "content", "text", "fieldValue", "string_value", "stringValue"}
)
_HEADS: Final = frozenset({"keys", "columns", "fields", "names", "headers", "cols", "header", "schema"})
_ROWS: Final = frozenset({"values", "vals", "rows", "data", "items", "value", "records"})
_LAST_INDEX: Final = re.compile(r"\[(\d+)\]$")
_LONGEST: Final = 60


def name_values(leaves: Sequence[Leaf], keys: frozenset[str], clues: Clues) -> Sequence[Leaf]:
    """Give the leaves, those renamed whose field name stands in another field; the same where there are none."""
    paired = not _NAMES.isdisjoint(keys) and not _VALUES.isdisjoint(keys)
    columns = not _HEADS.isdisjoint(keys) and not _ROWS.isdisjoint(keys)
    layouts = {one.key: one for one in clues.layouts if one.key in keys}
    if not (paired or columns or layouts):
        return leaves
    names = _pair_names(leaves) if paired else {}
    heads = _column_names(leaves) if columns else {}
    firsts = _firsts(leaves) if layouts else {}
    return [_renamed(leaf, names, heads, layouts, firsts) for leaf in leaves]


def _firsts(leaves: Sequence[Leaf]) -> Mapping[str, str]:
    """Give what stands first in every array, by the path of the array."""
    return {leaf.path[:-3]: text_of(leaf)[:_LONGEST] for leaf in leaves if leaf.path.endswith("[0]")}


def _pair_names(leaves: Sequence[Leaf]) -> Mapping[str, str]:
    return {
        container_of(leaf.path): text
        for leaf in leaves
        if leaf.key in _NAMES and leaf.textual and len(text := text_of(leaf)) <= _LONGEST
    }


def _column_names(leaves: Sequence[Leaf]) -> Mapping[str, Sequence[str]]:
    """Give the names of columns by the path of what holds the table."""
    columns: dict[str, list[str]] = defaultdict(list)
    for leaf in leaves:
        if leaf.key in _HEADS and _LAST_INDEX.search(leaf.path):
            columns[container_of(container_of(leaf.path))].append(text_of(leaf)[:_LONGEST])
    return columns


def _renamed(
    leaf: Leaf,
    names: Mapping[str, str],
    heads: Mapping[str, Sequence[str]],
    layouts: Mapping[str, Layout],
    firsts: Mapping[str, str],
) -> Leaf:
    if leaf.key in _VALUES and names:
        name = names.get(container_of(leaf.path))
        return replace(leaf, key=name) if name else leaf
    at = _LAST_INDEX.search(leaf.path)
    if at is None:
        return leaf
    number = int(at[1])
    if leaf.key in _ROWS and heads:
        row = container_of(leaf.path)
        for table in (container_of(row), container_of(container_of(row))):
            if number < len(heads.get(table, ())):
                return replace(leaf, key=heads[table][number])
    layout = layouts.get(leaf.key)
    if layout is not None and number in layout.names and firsts.get(leaf.path[: at.start()]) in layout.first:
        return replace(leaf, key=layout.names[number])
    return leaf
