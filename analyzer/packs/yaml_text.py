"""Reads the text of a pack's file fast: with libyaml where it is there."""

from __future__ import annotations

import pickle
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BeforeValidator

from analyzer.packs.problem import PackProblem

_DEEPEST: Final = 64
_MOST_NODES: Final = 1_000_000
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG: Final = "tag:yaml.org,2002:"
_TEXT: Final = f"{_TAG}str"
_SINGLE: Final = frozenset(f"{_TAG}{name}" for name in ("null", "bool", "int", "float", "timestamp"))
"""Tags of values that are made at once; all other tags are left to the library."""


class _OddError(Exception):
    """Something that is no plain data: an alias, a merged mapping, another tag."""


class _PlainLoader(_BASE):  # type: ignore[misc]  # the library has no types
    """The safe loader, by shorter ways where a document has nothing but mappings, lists, texts, numbers and moments."""

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Leave out the rules about places: the safe loader has none."""

    def ascend_resolver(self) -> None:
        """Leave them out."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Give the tag of a node; of a text without quotes that comes again, as before."""
        if kind is yaml.ScalarNode and implicit[0]:
            return _implied(value) or _TEXT
        return super().resolve(kind, value, implicit)

    def construct_document(self, node: Any) -> Any:
        """Make the data of a document."""
        try:
            return self._made(node, set())
        except _OddError:
            made = super().construct_document(node)
            _hold_in_bounds(made)
            return made

    def _made(self, node: Any, seen: set[int]) -> Any:
        tag = node.tag
        if tag == _TEXT and isinstance(node, yaml.ScalarNode):
            return node.value
        if id(node) in seen:
            raise _OddError
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode) and tag == f"{_TAG}seq":
            return [self._made(one, seen) for one in node.value]
        if isinstance(node, yaml.MappingNode) and tag == f"{_TAG}map":
            return self._mapping(node, seen)
        if isinstance(node, yaml.ScalarNode) and tag in _SINGLE:
            return self.yaml_constructors[tag](self, node)
        raise _OddError

    def _mapping(self, node: Any, seen: set[int]) -> dict[Any, Any]:
        made = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise _OddError
            made[self._made(name, seen)] = self._made(value, seen)
        return made


def _hold_in_bounds(made: Any) -> None:
    """Refuse what a few aliases of aliases make endless: whoever reads the data goes through all of it."""
    sizes: dict[int, int] = {}

    def size(part: Any, within: frozenset[int]) -> int:
        if not isinstance(part, dict | list | set | tuple):
            return 1
        if id(part) in within or len(within) > _DEEPEST:
            raise yaml.YAMLError(f"it stands within itself, or deeper than {_DEEPEST} levels")
        if id(part) not in sizes:
            inner = part.values() if isinstance(part, dict) else part
            sizes[id(part)] = 1 + sum(size(one, within | {id(part)}) for one in inner)
        return sizes[id(part)]

    if size(made, frozenset()) > _MOST_NODES:
        raise yaml.YAMLError(f"its aliases stand for more than {_MOST_NODES} values")


@lru_cache(maxsize=16_384)
def _implied(text: str) -> str | None:
    """Give the tag of a text without quotes; `None` where it is only a text."""
    resolvers = _BASE.yaml_implicit_resolvers
    for tag, pattern in (*resolvers.get(text[:1], ()), *resolvers.get(None, ())):
        if pattern.match(text):
            return str(tag)
    return None


class ShallowLoader(yaml.SafeLoader):
    """A safe loader for files that people write: the time it takes grows with the square of how deep brackets stand."""

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:  # noqa: N803 - as the library calls it
        """Begin a list or mapping in brackets; raises `yaml.YAMLError` where too many stand in one another."""
        if self.flow_level >= _DEEPEST:
            raise yaml.YAMLError(f"brackets are nested too deeply: more than {_DEEPEST} in one another")
        super().fetch_flow_collection_start(TokenClass)


def read_text(file: Path) -> str:
    """Read the text of a pack's file; raises `PackProblem` where it is no UTF-8, and `OSError`."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PackProblem(f"{file} is no UTF-8 text (byte {error.start}): save it as UTF-8") from error


def load_safe(text: str | bytes) -> Any:
    """Parse one document, like `yaml.safe_load` and several times faster; raises `yaml.YAMLError`.

    What a bundle carries is mostly what lies here, byte for byte: a text that comes again is not parsed again.
    """
    return pickle.loads(_parsed(text))  # noqa: S301 - made below, in this process


@lru_cache(maxsize=512)
def _parsed(text: str | bytes) -> bytes:
    return pickle.dumps(yaml.load(text, Loader=_PlainLoader))  # noqa: S506 - it is the safe loader


def read_yaml(name: str, text: str) -> object:
    """Parse one document; raises `PackProblem` naming the file."""
    try:
        return load_safe(text)
    except yaml.YAMLError as error:
        raise PackProblem(f"{name} is not YAML: {' '.join(str(error).split())}") from error


def _split(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""A list, or one text with spaces between the words, which is read several times faster."""
