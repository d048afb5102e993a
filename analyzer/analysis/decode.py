"""Decodes the outbound and inbound bytes of a flow into leaves, through every layer, by content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from analyzer.analysis.decode_budget import MAX_LEAVES, Budget, Child, Layer, Opened
from analyzer.analysis.decode_charset import as_text
from analyzer.analysis.decode_compression import decompress_brotli
from analyzer.analysis.decode_mask import is_masked
from analyzer.analysis.decode_open import is_plain, open_binary, open_text
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Where

__all__ = ["MAX_DEPTH", "MAX_LEAVES", "Budget", "Leaf", "Part", "Trail", "as_text"]
__all__ += ["decode", "decode_content", "decode_parts", "trace_parts"]

MAX_DEPTH: Final = 12
_LIKELY: Final = 4
"""Fewer letters may come out of anything by chance."""


_SURE: Final = Layer("", b"")
_ANSWER: Final = Where.RESPONSE


class _Node(NamedTuple):
    path: str
    key: str
    encodings: tuple[str, ...]
    steps: tuple[str, ...]
    depth: int


class Leaf(Struct, frozen=True, gc=False):
    """One value at one place of a record.

    `path` leads to it (`json:$.a`, `query:d>json:$.imei`), `encodings` are the layers that were undone, outermost
    first, `key` is the field name that carries it. `data` are its bytes, UTF-8 where it is text. A `container` was also
    taken apart: what is found in it and in one of its parts is the part's. `steps` are path and encodings in one line:
    every container that was opened and every encoding that was undone, from the outside in.

    There are so many that they are made by a library in C, and left out of the search for cycles: they hold none.
    """

    ref: EvidenceRef
    where: Where
    path: str
    key: str
    data: bytes
    encodings: tuple[str, ...] = ()
    textual: bool = True
    container: bool = False
    steps: tuple[str, ...] = ()


def decode(root: Leaf, budget: Budget) -> Iterator[Leaf]:
    """Give the leaves under a root; containers that were taken apart completely are not repeated themselves."""
    walk = _Walk(root.ref, root.where, budget, [])
    if root.data:
        walk.visit(_Node(root.path, root.key, root.encodings, root.steps, 0), root.data, None, _SURE)
    return iter(walk.found)


Part: TypeAlias = tuple[Where, str, str, str | bytes, str]
"""One part of a record that can carry data: where, path, key, value, and what its Content-Encoding claims."""


class Sought(Protocol):
    """What is looked for in answers: nothing else about them counts."""

    def none_in(self, data: bytes) -> bool:
        """Say whether no value that is looked for whatever its name may stand in these bytes."""

    def named(self, key: str) -> bool:
        """Say whether values are looked for under this name that would not be otherwise."""

    def joined_in(self, text: str) -> bool:
        """Say whether a text is a digest of several values at once."""


def decode_parts(ref: EvidenceRef, parts: Iterable[Part], budget: Budget, sought: Sought | None = None) -> list[Leaf]:
    """Decode the parts of one record, which share a budget; of answers, leave out what holds nothing that is sought."""
    found: list[Leaf] = []
    walk = _Walk(ref, Where.BODY, budget, found, sought)
    for where, path, key, value, content_encoding in parts:
        walk.where = where
        if not value:
            continue
        if path and isinstance(value, str) and value.isprintable() and is_plain(value):
            data = value.encode()
            if budget.pay(len(data)):
                found.append(Leaf(ref, where, path, key, data, (), True, False, (path,)))
            continue
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        if content_encoding:
            root = _believed(Leaf(ref, where, "", "", data), content_encoding, budget)
            if root.data:
                walk.visit(_Node(root.path, root.key, root.encodings, root.steps, 0), root.data, None, _SURE)
        else:
            walk.visit(_Node(path, key, (), (path,) if path else (), 0), data, None, _SURE)
    return found


def decode_content(root: Leaf, content_encoding: str, budget: Budget) -> Iterator[Leaf]:
    """Decode a body; its Content-Encoding is only believed for brotli, which has no mark of its own."""
    return decode(_believed(root, content_encoding, budget), budget)


def _believed(root: Leaf, content_encoding: str, budget: Budget) -> Leaf:
    if "br" in content_encoding.lower().replace(" ", "").split(","):
        opened = decompress_brotli(root.data, budget.bytes_left)
        if opened is not None:
            return replace(root, data=opened, encodings=(*root.encodings, "br"), steps=(*root.steps, "br"))
    return root


Trail: TypeAlias = dict[tuple[Where, tuple[str, ...]], bytes]
"""What lies at every step of a record, by part and the steps that lead to it."""


def trace_parts(ref: EvidenceRef, parts: Iterable[Part], budget: Budget) -> Trail:
    """Decode the parts of one record as `decode_parts` does, but give what was met on the way too."""
    trail: Trail = {}
    walk = _Trace(ref, Where.BODY, budget, [], trail)
    for where, path, key, value, content_encoding in parts:
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        if not data:
            continue
        walk.where = where
        steps = (path,) if path else ()
        trail.setdefault((where, steps), data)
        root = _believed(Leaf(ref, where, path, key, data, steps=steps), content_encoding, budget)
        walk.visit(_Node(root.path, root.key, root.encodings, root.steps, 0), root.data, None, _SURE)
    for leaf in walk.found:
        trail.setdefault((leaf.where, leaf.steps), leaf.data)
    return trail


class _Walk:
    """Collects the leaves under one root, in the order of the record."""

    __slots__ = ("budget", "found", "ref", "sought", "where")

    def __init__(
        self, ref: EvidenceRef, where: Where, budget: Budget, found: list[Leaf], sought: Sought | None = None
    ) -> None:
        self.ref = ref
        self.where = where
        self.budget = budget
        self.found = found
        self.sought = sought

    def visit(self, node: _Node, data: bytes, text: str | None, layer: Layer) -> bool:
        """Collect what is in a value; false when it is a wrong guess and was left out."""
        budget = self.budget
        if text is None:
            text = as_text(data)
        if layer.guess and text is not None and len(text) < _LIKELY:
            return False
        if not budget.pay(len(data)):
            return self._give_up(node, data, text)
        if node.depth >= MAX_DEPTH:
            budget.spent = True
            self._keep(node, data, text is not None, container=False)
            return True
        opened = open_binary(data, budget, layer.hint) if text is None else open_text(text, data, budget)
        if opened is None:
            if layer.guess and not layer.opaque and text is None:
                return False
            self._keep(node, data, text is not None, container=False)
            return True
        return self._open(node, data, text, opened, layer)

    def _open(self, node: _Node, data: bytes, text: str | None, opened: Opened, layer: Layer) -> bool:
        begin = len(self.found)
        quiet = text is not None and self._is_quiet(opened.children, data, text)
        if not opened.whole or self.budget.spent or len(opened.children) > self.budget.leaves_left:
            self._keep(node, data, text is not None, container=bool(opened.children))
        if opened.children:
            self.children(node, opened.children, quiet=quiet)
        good = bool(opened.children) or text is not None
        for one in opened.layers:
            if one.value not in (data, text):
                good = self._under(node, one) or any(self._under(node, other) for other in one.otherwise) or good
        if not good and layer.guess and not layer.opaque:
            del self.found[begin:]
            return False
        if opened.whole and len(self.found) == begin and not quiet:
            self._keep(node, data, text is not None, container=False)
        return True

    def _under(self, node: _Node, layer: Layer) -> bool:
        names = tuple(layer.encoding.split(">"))
        inner = _Node(node.path, node.key, node.encodings + names, node.steps + names, node.depth + 1)
        if isinstance(layer.value, str):
            return self.visit(inner, layer.value.encode("utf-8", "surrogatepass"), None, layer)
        return self.visit(inner, layer.value, None, layer)

    def _is_quiet(self, children: list[Child], data: bytes, text: str) -> bool:
        """Say whether the values of an answer stand in it as they are, and none of them is sought."""
        if self.sought is None or self.where is not _ANSWER or not children:
            return False
        return children[0][0].startswith("json:") and "\\" not in text and self.sought.none_in(data)

    def children(self, node: _Node, children: list[Child], *, quiet: bool = False) -> None:
        """Collect what is in the parts of a container; with `quiet`, plain values only under names that are sought."""
        if children[0][0].startswith("protobuf:"):
            self._numbered(node, children)
            return
        budget, found, ref, where = self.budget, self.found, self.ref, self.where
        encodings, steps, sought = node.encodings, node.steps, self.sought
        prefix = f"{node.path}>" if node.path else ""
        loud: set[str] | None = None
        if quiet and sought is not None:
            loud = {key for key in {child[1] for child in children} if sought.named(key or node.key)}
        outer = node.key
        for step, key, value in children:
            if not value:
                continue
            if isinstance(value, str) and is_plain(value):
                if loud is not None and sought is not None and key not in loud and not sought.joined_in(value):
                    budget.pay(len(value) if value.isascii() else len(value.encode()))
                    continue
                data = value.encode("utf-8", "surrogatepass")
                size = len(data)
                if budget.leaves_left and size <= budget.bytes_left:
                    budget.leaves_left -= 1
                    budget.bytes_left -= size
                    textual = value.isprintable() or as_text(data) is not None
                    place = (*steps, step)
                    found.append(Leaf(ref, where, prefix + step, key or outer, data, encodings, textual, False, place))
                else:
                    budget.spent = True
            else:
                inner = _Node(prefix + step, key or node.key, encodings, (*steps, step), node.depth + 1)
                self._value(inner, value)

    def _numbered(self, node: _Node, children: list[Child]) -> None:
        """Collect the fields of a message; those of a message in a field are written as one step with it."""
        merged = bool(node.steps) and node.steps[-1].startswith("protobuf:")
        shallow = node.depth + 1 < MAX_DEPTH
        for step, _, value in children:
            number = step.removeprefix("protobuf:")
            if merged:
                path, steps = f"{node.path}.{number}", (*node.steps[:-1], f"{node.steps[-1]}.{number}")
            else:
                path, steps = f"{node.path}>{step}" if node.path else step, (*node.steps, step)
            if not value:
                continue
            text = value if isinstance(value, str) else as_text(value)
            data = value.encode() if isinstance(value, str) else value
            if text is None or not shallow or is_masked(data) or not is_plain(text):
                inner = _Node(path, node.key, node.encodings, steps, node.depth + 1)
                self.visit(inner, data, text, _SURE)
            elif self.budget.pay(len(data)):
                self.found.append(Leaf(self.ref, self.where, path, node.key, data, node.encodings, True, False, steps))

    def _value(self, node: _Node, value: str | bytes) -> None:
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        self.visit(node, data, None, _SURE)

    def _keep(self, node: _Node, data: bytes, textual: bool, *, container: bool) -> None:  # noqa: FBT001 - hot
        path = node.path or "raw"
        self.found.append(
            Leaf(self.ref, self.where, path, node.key, data, node.encodings, textual, container, node.steps)
        )

    def _give_up(self, node: _Node, data: bytes, text: str | None) -> bool:
        """Keep the outermost value even when it is too large to be opened: known values are looked for in it."""
        if node.depth == 0:
            self._keep(node, data, text is not None, container=False)
        return True


class _Trace(_Walk):
    """Also notes what it opens on the way."""

    __slots__ = ("trail",)

    def __init__(self, ref: EvidenceRef, where: Where, budget: Budget, found: list[Leaf], trail: Trail) -> None:
        super().__init__(ref, where, budget, found)
        self.trail = trail

    def visit(self, node: _Node, data: bytes, text: str | None, layer: Layer) -> bool:
        """Note a value, then collect what is in it."""
        self.trail.setdefault((self.where, node.steps), data)
        return super().visit(node, data, text, layer)
