"""Gives values their names where a record keeps both apart: name and value, columns, arrays with fixed positions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace

from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import text_of
from analyzer.analysis.shape_key import names_of
from analyzer.analysis.shape_path import container_of, name_of
from analyzer.packs.clues import Clues, Layout

_NAMES: Final = frozenset(
    {"name", "key", "k", "n", "field", "attr", "param", "code", "label", "fieldname", "attribute"}
)
_SELDOM: Final = frozenset({"id", "type", "kind"})
"""What names a value only where it says something: `{type: email, value: …}`, while `{type: home, …}` has another."""
_TYPED: Final = frozenset({"string", "int", "double", "bool", "bytes", "array", "long", "float"})
"""How a value says what it is made of: `stringValue`."""
_VALUES: Final = frozenset({"value", "values", "val", "v", "data", "content", "text", "fieldvalue"}) | {
    f"{kind}{joint}value" for kind in _TYPED for joint in ("", "_")
}
_DEEPEST: Final = 3
"""How many containers called as values are stand between a value and its name: `{key, value: {stringValue}}`."""
_KIND: Final = re.compile(r"(?i)(.*id|ifa)_?type")
"""The field beside an identifier that says of which kind it is: `deviceIdType: gaid`."""
_HEADS: Final = frozenset({"keys", "columns", "fields", "names", "headers", "cols", "header", "schema"})
_ROWS: Final = frozenset({"values", "vals", "rows", "data", "items", "value", "records"})
_LAST_INDEX: Final = re.compile(r"\[(\d+)\]$")
_LONGEST: Final = 60
_USUAL: Final = 64
"""More names than this do not come again all together."""


def name_values(leaves: Sequence[Leaf], keys: frozenset[str], clues: Clues) -> Sequence[Leaf]:
    """Give the leaves, those renamed whose field name stands in another field; the same where there are none."""
    few = len(keys) <= _USUAL and max(map(len, keys), default=0) <= _LONGEST
    said = (_usual_said if few else _said)(keys, clues)
    if said is None:
        return leaves
    if said.kinds:
        leaves = _by_kind(leaves, said.kinds, clues)
    paired, columns, layouts = said.paired, said.columns, said.layouts
    if not (paired or columns or layouts):
        return leaves
    names = _pair_names(leaves, clues) if paired else {}
    heads = _column_names(leaves) if columns else {}
    firsts = _firsts(leaves) if layouts else {}
    return [_renamed(leaf, names, heads, layouts, firsts) for leaf in leaves]


class _Said(NamedTuple):
    """What field names say together: of pairs, columns, arrays with fixed positions, and kinds of identifiers."""

    paired: bool
    columns: bool
    layouts: Mapping[str, Layout]
    kinds: Mapping[str, str]


def _said(keys: frozenset[str], clues: Clues) -> _Said | None:
    low = {key.lower() for key in keys if len(key) <= _LONGEST}
    paired = not (_NAMES | _SELDOM).isdisjoint(low) and not _VALUES.isdisjoint(low)
    columns = not _HEADS.isdisjoint(keys) and not _ROWS.isdisjoint(keys)
    layouts = {one.key: one for one in clues.layouts if one.key in keys}
    kinds = {match[1].lower(): key for key in sorted(keys) if len(key) <= _LONGEST and (match := _KIND.fullmatch(key))}
    kinds = {} if low.isdisjoint(kinds) else kinds
    return _Said(paired, columns, layouts, kinds) if paired or columns or layouts or kinds else None


_usual_said: Final = lru_cache(maxsize=1024)(_said)
"""The names of one part of a record come again in the next of the same kind."""


def _firsts(leaves: Sequence[Leaf]) -> Mapping[str, str]:
    """Give what stands first in every array, by the path of the array."""
    return {leaf.path[:-3]: text_of(leaf)[:_LONGEST] for leaf in leaves if leaf.path.endswith("[0]")}


def _by_kind(leaves: Sequence[Leaf], kinds: Mapping[str, str], clues: Clues) -> Sequence[Leaf]:
    """Give the leaves, the identifiers renamed whose kind stands beside them."""
    told = {
        (container_of(leaf.path), leaf.key): text
        for leaf in leaves
        if leaf.key in kinds.values() and _is_identifier(text := text_of(leaf)[:_LONGEST], clues)
    }
    if not told:
        return leaves
    named = (told.get((container_of(leaf.path), kinds.get(leaf.key.lower(), ""))) for leaf in leaves)
    return [replace(leaf, key=name) if name else leaf for leaf, name in zip(leaves, named, strict=True)]


def _is_identifier(name: str, clues: Clues) -> bool:
    return any(one.clue.data_type.startswith("id.") for one in names_of(name, clues))


def _pair_names(leaves: Sequence[Leaf], clues: Clues) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for leaf in leaves:
        key = leaf.key.lower()
        if (key in _NAMES or key in _SELDOM) and leaf.textual and len(text := text_of(leaf)) <= _LONGEST:
            place = container_of(leaf.path)
            if key in _NAMES or (place not in names and names_of(text, clues)):
                names[place] = text
    return names


def _name_of_pair(leaf: Leaf, names: Mapping[str, str]) -> str:
    """Give the name that stands beside a value, or beside a container of it that is called as values are."""
    place = container_of(leaf.path)
    for _ in range(_DEEPEST):
        if place in names:
            return names[place]
        if name_of(place).lower() not in _VALUES:
            return ""
        place = container_of(place)
    return ""


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
    if names and leaf.key.lower() in _VALUES:
        name = _name_of_pair(leaf, names)
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
