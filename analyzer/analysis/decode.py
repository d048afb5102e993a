"""Decodes the outbound and inbound bytes of a flow into leaves, through every layer, by content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from analyzer.analysis.decode_budget import MAX_LEAVES, Budget, Child, Layer, Opened
from analyzer.analysis.decode_charset import as_text
from analyzer.analysis.decode_compression import decompress_brotli
from analyzer.analysis.decode_field import LONGEST_KEPT, Before, Field, Memory
from analyzer.analysis.decode_json import ROOT, is_odd, walk
from analyzer.analysis.decode_mask import is_masked
from analyzer.analysis.decode_open import is_plain, open_binary, open_text
from analyzer.analysis.leaf import Leaf
from analyzer.model.vocabulary import Where

__all__ = ["MAX_DEPTH", "MAX_LEAVES", "Budget", "Leaf", "Part", "Trail", "as_text"]
__all__ += ["decode", "decode_content", "decode_parts", "trace_parts"]

MAX_DEPTH: Final = 12
_LIKELY: Final = 4
"""Fewer letters may come out of anything by chance."""
_SHORT: Final = 8
"""Shorter words are nothing but themselves."""
_NUMBER: Final = 16
"""Longer numbers may be something else."""
_NESTED: Final = 64
"""Deeper inside a document its fields are not remembered."""


_SURE: Final = Layer("", b"")


def decode(root: Leaf, budget: Budget) -> Iterator[Leaf]:
    """Give the leaves under a root; containers that were taken apart completely are not repeated themselves."""
    walk_ = _Walk(budget, [], Memory())
    if root.data:
        field = Field(walk_.memory, root.where, root.path, root.key, root.encodings, root.steps, 0, root.path)
        walk_.visit(field, root.data, None, _SURE)
    return iter(walk_.found)


Part: TypeAlias = tuple[Where, str, str, str | bytes, str]
"""One part of a record that can carry data: where, path, key, value, and what its Content-Encoding claims."""


def decode_parts(parts: Iterable[Part], budget: Budget, memory: Memory | None = None) -> list[Leaf]:
    """Decode the parts of one record, which share a budget; `memory` makes it quick to see the same again.

    Where the memory has a sieve, what it passes over is no leaf; `memory.passed` are the names of those fields.
    """
    memory = memory or Memory()
    memory.begin()
    walk_ = _Walk(budget, [], memory)
    for where, path, key, value, content_encoding in parts:
        if not value:
            continue
        opened = _claimed(value, content_encoding, budget) if content_encoding and isinstance(value, bytes) else None
        if opened:
            walk_.value(memory.root(where, path, key, "br"), opened)
        elif opened is None and path and isinstance(value, str) and value.isprintable():
            walk_.text(memory.root(where, path, key), value)
        elif opened is None:
            walk_.value(memory.root(where, path, key), value)
    return walk_.found


def decode_content(root: Leaf, content_encoding: str, budget: Budget) -> Iterator[Leaf]:
    """Decode a body; its Content-Encoding is only believed for brotli, which has no mark of its own."""
    opened = _claimed(root.data, content_encoding, budget)
    if opened is not None:
        root = replace(root, data=opened, encodings=(*root.encodings, "br"), steps=(*root.steps, "br"))
    return decode(root, budget)


def _claimed(data: bytes, content_encoding: str, budget: Budget) -> bytes | None:
    if "br" in content_encoding.lower().replace(" ", "").split(","):
        return decompress_brotli(data, budget.bytes_left)
    return None


Trail: TypeAlias = dict[tuple[Where, tuple[str, ...]], bytes]
"""What lies at every step of a record, by part and the steps that lead to it."""


def trace_parts(parts: Iterable[Part], budget: Budget) -> Trail:
    """Decode the parts of one record as `decode_parts` does, but give what was met on the way too."""
    trail: Trail = {}
    walk_ = _Trace(budget, [], Memory(), trail)
    walk_.memory.begin()
    for where, path, key, value, content_encoding in parts:
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        if not data:
            continue
        trail.setdefault((where, (path,) if path else ()), data)
        opened = _claimed(data, content_encoding, budget)
        field = walk_.memory.root(where, path, key, "" if opened is None else "br")
        walk_.value(field, data if opened is None else opened)
    for leaf in walk_.found:
        trail.setdefault((leaf.where, leaf.steps), leaf.data)
    return trail


class _Walk:
    """Collects the leaves of one record, in its order."""

    __slots__ = ("again", "budget", "found", "memory", "over", "sifts")

    def __init__(self, budget: Budget, found: list[Leaf], memory: Memory) -> None:
        self.budget = budget
        self.found = found
        self.memory = memory
        self.again = False
        self.sifts = False
        self.over = 0

    def text(self, field: Field, value: str) -> None:
        """Collect what is in a text, which nearly always is only itself."""
        leaf = field.leaves.get(value)
        memory = self.memory
        if leaf is not None and field.record != memory.record and not self.again:
            field.record = memory.record
            if self.budget.pay(len(leaf.data)):
                self.found.append(leaf)
        elif _is_word(value) or is_plain(value):
            data = value.encode("utf-8", "surrogatepass")
            if self.budget.pay(len(data)):
                textual = value.isprintable() or as_text(data) is not None
                leaf = Leaf(field.where, field.path, field.key, data, field.encodings, textual, False, field.steps)
                self.found.append(leaf)
                if field.record != memory.record and not self.again:
                    field.keep_leaf(value, leaf)
        else:
            self.value(field, value)

    def value(self, field: Field, value: str | bytes) -> None:
        """Collect what is in a value, or what came out of it when it stood here before."""
        memory, budget = self.memory, self.budget
        if self.again or field.record == memory.record:
            again, self.again = self.again, True
            self._visit(field, value)
            self.again = again
            return
        field.record = memory.record
        if len(value) > LONGEST_KEPT:
            self._visit(field, value)
            return
        before = field.opened.get(value)
        if before is not None and not budget.spent and budget.pay_again(before.made, before.size, before.work):
            self.found += before.leaves
            memory.passed |= before.passed
            return
        passed, memory.passed = memory.passed, set()
        begin, left, spent = len(self.found), (budget.leaves_left, budget.bytes_left, budget.work_left), budget.spent
        self._visit(field, value)
        if not spent and not budget.spent:
            count, size, work = left[0] - budget.leaves_left, left[1] - budget.bytes_left, left[2] - budget.work_left
            field.keep_opened(value, Before(tuple(self.found[begin:]), count, size, work, frozenset(memory.passed)))
        memory.passed |= passed

    def _visit(self, field: Field, value: str | bytes) -> None:
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        self.visit(field, data, None, _SURE)

    def visit(self, field: Field, data: bytes, text: str | None, layer: Layer) -> bool:
        """Collect what is in a value; false when it is a wrong guess and was left out."""
        budget = self.budget
        if text is None:
            text = as_text(data)
        if layer.guess and text is not None and len(text) < _LIKELY:
            return False
        if not budget.pay(len(data)):
            return self._give_up(field, data, text)
        if field.depth >= MAX_DEPTH:
            budget.spent = True
            self._keep(field, data, text is not None, container=False)
            return True
        opened = open_binary(data, budget, layer.hint) if text is None else open_text(text, data, budget, apart=False)
        if opened is None:
            if layer.guess and not layer.opaque and text is None:
                return False
            self._keep(field, data, text is not None, container=False)
            return True
        return self._open(field, data, text, opened, layer)

    def _open(self, field: Field, data: bytes, text: str | None, opened: Opened, layer: Layer) -> bool:
        begin, over = len(self.found), self.over
        if not opened.whole or self.budget.spent or len(opened.children) > self.budget.leaves_left:
            self._keep(field, data, text is not None, container=bool(opened.children))
        if opened.document is not None:
            sieve, sifts = self.memory.sieve, self.sifts
            self.sifts = sieve is not None and sieve.may_sift(data, field.where)
            self._document(field.child(ROOT, ""), opened.document, 0)
            self.sifts = sifts
        elif opened.children:
            self.children(field, opened.children)
        good = bool(opened.children) or text is not None
        for one in opened.layers:
            if one.value not in (data, text):
                good = self._under(field, one) or any(self._under(field, other) for other in one.otherwise) or good
        if not good and layer.guess and not layer.opaque:
            del self.found[begin:]
            return False
        if opened.whole and len(self.found) == begin and self.over == over:
            self._keep(field, data, text is not None, container=False)
        return True

    def _under(self, field: Field, layer: Layer) -> bool:
        inner = field.under(layer.encoding)
        if isinstance(layer.value, str):
            return self.visit(inner, layer.value.encode("utf-8", "surrogatepass"), None, layer)
        return self.visit(inner, layer.value, None, layer)

    def children(self, field: Field, children: list[Child]) -> None:
        """Collect what is in the parts of a container."""
        if children[0][0].startswith("protobuf:"):
            self._numbered(field, children)
            return
        for step, key, value in children:
            if not value:
                continue
            if isinstance(value, str):
                self.text(field.child(step, key), value)
            else:
                self.value(field.child(step, key), value)

    def _numbered(self, field: Field, children: list[Child]) -> None:
        """Collect the fields of a message."""
        for step, _, value in children:
            if not value:
                continue
            inner = field.numbered(step)
            if isinstance(value, str) and inner.depth < MAX_DEPTH and _is_word(value) and not is_masked(value.encode()):
                self.text(inner, value)
            else:
                self.value(inner, value)

    def _document(self, field: Field, node: Any, depth: int) -> None:
        """Collect what is in a part of a document: a tuple (object), a list, a text."""
        kind = type(node)
        if depth > _NESTED:
            self._deep(field, node)
        elif kind is tuple:
            members = field.members
            try:
                fields = [members[name] for name, _ in node]
            except KeyError:
                fields = [field.member(name) for name, _ in node]
            if field.odd:
                self._names(field, [name for name, _ in node if is_odd(name)])
            (self._sifted if self.sifts else self._parts)(fields, [value for _, value in node], depth)
        elif kind is list:
            (self._sifted if self.sifts else self._parts)(field.up_to(len(node)), node, depth)
        else:
            self._parts([field], [node], depth)

    def _parts(self, fields: Sequence[Field], values: Sequence[Any], depth: int) -> None:
        for field, value in zip(fields, values, strict=False):
            if type(value) is str:
                if value:
                    self.text(field, value)
            elif type(value) is bool:
                self.text(field, "true" if value else "false")
            elif value:
                self._document(field, value, depth + 1)

    def _sifted(self, fields: Sequence[Field], values: Sequence[Any], depth: int) -> None:
        """Collect what the sieve holds back of the parts of a document."""
        budget, passed, sieve = self.budget, self.memory.passed, self.memory.sieve
        if sieve is None:
            return
        for field, one in zip(fields, values, strict=False):
            if not one and one is not False:
                continue
            kind = type(one)
            if kind is not str and kind is not bool:
                self._document(field, one, depth + 1)
                continue
            value = one if kind is str else "true" if one else "false"
            dull = sieve.is_dull(field) if field.dull is None else field.dull
            if dull and (_is_word(value) or is_plain(value)) and not sieve.stands_out(value):
                if field.name:
                    passed.add(field.name)
                self.over += 1
                budget.pay(len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass")))
            else:
                sifts, self.sifts = self.sifts, False
                self.text(field, value)
                self.sifts = sifts

    def _names(self, field: Field, names: list[str]) -> None:
        for name in names:
            if name:
                self.text(field.names(), name)

    def _deep(self, field: Field, node: Any) -> None:
        opener = field.parent or field
        for step, key, value in walk(node, ROOT, self.budget, field.step, field.key):
            if value:
                self.text(opener.child(step, key), str(value))

    def _keep(self, field: Field, data: bytes, textual: bool, *, container: bool) -> None:  # noqa: FBT001 - hot
        path = field.path or "raw"
        self.found.append(Leaf(field.where, path, field.key, data, field.encodings, textual, container, field.steps))

    def _give_up(self, field: Field, data: bytes, text: str | None) -> bool:
        """Keep the outermost value even when it is too large to be opened: known values are looked for in it."""
        if field.depth == 0:
            self._keep(field, data, text is not None, container=False)
        return True


class _Trace(_Walk):
    """Also notes what it opens on the way."""

    __slots__ = ("trail",)

    def __init__(self, budget: Budget, found: list[Leaf], memory: Memory, trail: Trail) -> None:
        super().__init__(budget, found, memory)
        self.trail = trail

    def text(self, field: Field, value: str) -> None:
        """Note a number of a message, which is not visited."""
        if field.step.startswith("protobuf:"):
            self.trail.setdefault((field.where, field.steps), value.encode())
        super().text(field, value)

    def visit(self, field: Field, data: bytes, text: str | None, layer: Layer) -> bool:
        """Note a value, then collect what is in it."""
        self.trail.setdefault((field.where, field.steps), data)
        return super().visit(field, data, text, layer)


def _is_word(value: str) -> bool:
    """Say at once of most short texts that they are plain."""
    return value.isalnum() and (len(value) < _SHORT or (len(value) < _NUMBER and value.isdigit()))
