"""Decodes the outbound and inbound bytes of a flow into leaves, through every layer, by content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from analyzer.analysis.decode_compression import decompress_blind, decompress_brotli, decompress_marked
from analyzer.analysis.decode_protobuf import strip_grpc
from analyzer.analysis.decode_structure import (
    Child,
    open_form,
    open_json,
    open_multipart,
    open_protobuf,
    open_url,
)
from analyzer.analysis.decode_text import decode_text, decode_wide, is_base64
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Where

MAX_DEPTH: Final = 12
MAX_LEAVES: Final = 50_000
MAX_BYTES: Final = 32 << 20
_CONTROLS: Final = dict.fromkeys((9, 10, 13))


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value at one place of a record.

    `path` leads to it (`json:$.a`, `query:d>json:$.imei`), `encodings` are the layers that were undone, outermost
    first, `key` is the field name that carries it. `data` are its bytes, UTF-8 where it is text. A `container` was also
    taken apart: what is found in it and in one of its parts is the part's. `steps` are path and encodings in one line:
    every container that was opened and every encoding that was undone, from the outside in.
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


@dataclass(slots=True)
class Budget:
    """What one record may cost: bytes and leaves made; `spent` once a bound was reached."""

    bytes_left: int = MAX_BYTES
    leaves_left: int = MAX_LEAVES
    spent: bool = False

    @property
    def most(self) -> int:
        """Give how many children a container may have: one more than can be paid, so that the bound is noticed."""
        return self.leaves_left + 1

    def pay(self, size: int) -> bool:
        """Take the price of one leaf of `size` bytes; false, and remembered, when it cannot be paid."""
        if self.leaves_left <= 0 or size > self.bytes_left:
            self.spent = True
            return False
        self.leaves_left -= 1
        self.bytes_left -= size
        return True


def decode(root: Leaf, budget: Budget) -> Iterator[Leaf]:
    """Give the leaves under a root; containers that were taken apart completely are not repeated themselves."""
    pending: list[tuple[Leaf, int]] = [(root, 0)]
    while pending:
        leaf, depth = pending.pop()
        if not budget.pay(len(leaf.data)):
            return
        if depth > MAX_DEPTH:
            budget.spent = True
            yield leaf
            continue
        opened, keep = _open(leaf, budget)
        if keep:
            yield _described(leaf, opened)
        pending += [(child, depth + 1) for child in reversed(opened)]


def decode_content(root: Leaf, content_encoding: str, budget: Budget) -> Iterator[Leaf]:
    """Decode a body; its Content-Encoding is only believed for brotli, which has no mark of its own."""
    if "br" in content_encoding.lower().replace(" ", "").split(","):
        opened = decompress_brotli(root.data, budget.bytes_left)
        if opened is not None:
            root = replace(root, data=opened, encodings=(*root.encodings, "br"), steps=(*root.steps, "br"))
    return decode(root, budget)


def as_text(data: bytes) -> str | None:
    """Give the text of bytes that are printable UTF-8."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() or text.translate(_CONTROLS).lstrip("\ufeff").isprintable() else None


def _open(leaf: Leaf, budget: Budget) -> tuple[list[Leaf], bool]:
    """Open one layer: the leaves inside, and whether the leaf itself still says something."""
    if not leaf.data:
        return [], False
    text = as_text(leaf.data)
    if text is None:
        return _open_binary(leaf, budget)
    children = _open_text(text, leaf.data, budget.most)
    if children:
        return _children(leaf, children), False
    decoded = [_unwrapped(leaf, name, data) for name, data in decode_text(text) if data != leaf.data]
    return decoded + _children(leaf, open_url(text) or []), True


def _open_binary(leaf: Leaf, budget: Budget) -> tuple[list[Leaf], bool]:
    marked = decompress_marked(leaf.data, budget.bytes_left)
    if marked:
        budget.spent = budget.spent or len(marked[1]) >= budget.bytes_left
        return [_unwrapped(leaf, *marked)], False
    children = open_multipart(leaf.data, budget.most)
    if children:
        return _children(leaf, children), False
    wide = decode_wide(leaf.data)
    if wide:
        return [_unwrapped(leaf, *wide)], False
    blind = decompress_blind(leaf.data, budget.bytes_left)
    if blind and as_text(blind[1]) is not None:
        return [_unwrapped(leaf, *blind)], True
    children = open_protobuf(strip_grpc(leaf.data) or leaf.data, budget.most)
    if blind and not children and open_protobuf(blind[1], budget.most):
        return [_unwrapped(leaf, *blind)], True
    return _children(leaf, children or []), True


def _open_text(text: str, data: bytes, most: int) -> list[Child] | None:
    children = open_json(text, most) or open_multipart(data, most)
    return children or (None if is_base64(text) else open_form(text))


def _unwrapped(leaf: Leaf, encoding: str, data: bytes) -> Leaf:
    return replace(leaf, data=data, encodings=(*leaf.encodings, encoding), steps=(*leaf.steps, encoding))


def _children(leaf: Leaf, children: list[Child]) -> list[Leaf]:
    return [_child(leaf, child) for child in children]


def _child(leaf: Leaf, child: Child) -> Leaf:
    data = child.value.encode("utf-8", "surrogatepass") if isinstance(child.value, str) else child.value
    nested = child.step.startswith("protobuf:") and "protobuf:" in leaf.path.rpartition(">")[2]
    path = f"{leaf.path}.{child.step[9:]}" if nested else f"{leaf.path}>{child.step}".lstrip(">")
    numbered = child.step.startswith("protobuf:")
    steps = (
        (*leaf.steps[:-1], f"{leaf.steps[-1]}.{child.step[9:]}") if nested and leaf.steps else (*leaf.steps, child.step)
    )
    return replace(leaf, steps=steps, path=path, key=leaf.key if numbered else (child.key or leaf.key), data=data)


def _described(leaf: Leaf, opened: list[Leaf]) -> Leaf:
    textual = as_text(leaf.data) is not None
    return replace(
        leaf, path=leaf.path or "raw", textual=textual, container=any(part.path != leaf.path for part in opened)
    )
