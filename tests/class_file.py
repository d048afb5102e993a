"""Reads from Java class files what they declare: names, access, parents, methods. Nothing else is needed here."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PUBLIC, STATIC, BRIDGE, SYNTHETIC = 0x0001, 0x0008, 0x0040, 0x1000
_SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
_PLAIN = {"B": "byte", "C": "char", "D": "double", "F": "float", "I": "int", "J": "long", "S": "short", "Z": "boolean"}
_TYPE = re.compile(r"(\[*)(?:L([^;]+);|([BCDFIJSZ]))")


@dataclass(frozen=True)
class Method:
    name: str
    access: int
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class JavaClass:
    name: str
    access: int
    parents: tuple[str, ...]
    methods: tuple[Method, ...]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.constants: dict[int, bytes] = {}

    def number(self, size: int = 2) -> int:
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at], "big")

    def pool(self) -> None:
        index, count = 1, self.number()
        while index < count:
            tag = self.number(1)
            size = self.number() if tag == 1 else _SIZES[tag]
            self.constants[index] = self.data[self.at : self.at + size]
            self.at += size
            index += 2 if tag in {5, 6} else 1  # long and double take two places

    def text(self, index: int) -> str:
        return self.constants[index].decode("utf-8", "replace")

    def class_name(self) -> str:
        index = self.number()
        return self.text(struct.unpack(">H", self.constants[index])[0]).replace("/", ".") if index else ""

    def members(self) -> Iterator[Method]:
        for _ in range(self.number()):
            access, name, descriptor = self.number(), self.text(self.number()), self.text(self.number())
            for _ in range(self.number()):
                self.number()
                size = self.number(4)
                self.at += size
            yield Method(name, access, tuple(parameters(descriptor)) if descriptor.startswith("(") else ())


def parameters(descriptor: str) -> Iterator[str]:
    """Give the parameter types of a method descriptor as Java writes them, inner classes with a dot."""
    for arrays, name, plain in _TYPE.findall(descriptor[1 : descriptor.index(")")]):
        yield (name.replace("/", ".").replace("$", ".") or _PLAIN[plain]) + "[]" * len(arrays)


def read_class(data: bytes) -> JavaClass:
    reader = _Reader(data)
    assert reader.number(4) == 0xCAFEBABE
    reader.number(4)
    reader.pool()
    access, name, parent = reader.number(), reader.class_name(), reader.class_name()
    interfaces = [reader.class_name() for _ in range(reader.number())]
    list(reader.members())  # the fields
    return JavaClass(name, access, tuple(filter(None, (parent, *interfaces))), tuple(reader.members()))


def read_jar(path: Path) -> dict[str, JavaClass]:
    with zipfile.ZipFile(path) as jar:
        found = [read_class(jar.read(name)) for name in jar.namelist() if name.endswith(".class")]
    return {each.name: each for each in found}
