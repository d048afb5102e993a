"""A leaf: one value at one place of a record, all encodings around it undone."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.model.vocabulary import Where


@dataclass(slots=True, unsafe_hash=True)
class Leaf:
    """One value at one place of a record.

    `path` leads to it (`json:$.a`, `query:d>json:$.imei`), `encodings` are the layers that were undone, outermost
    first, `key` is the field name that carries it. `data` are its bytes, UTF-8 where it is text. A `container` was also
    taken apart: what is found in it and in one of its parts is the part's. `steps` are path and encodings in one line:
    every container that was opened and every encoding that was undone, from the outside in.

    Nobody changes a leaf: records that say the same share it, and within one record it stands only once. It is not
    frozen because there are so many that freezing each would cost a third of decoding.
    """

    where: Where
    path: str
    key: str
    data: bytes
    encodings: tuple[str, ...] = ()
    textual: bool = True
    container: bool = False
    steps: tuple[str, ...] = ()
