"""Takes XML apart (documents, SOAP, property lists, preferences), without entities of its own and within bounds."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from analyzer.analysis.decode_budget import Budget, Child

_DEEPEST: Final = 64
_BEGIN: Final = re.compile(r"\ufeff?\s*<(?:[A-Za-z_][\w:.-]*[\s/>]|\?xml|!--|!DOCTYPE)")
_NAMING: Final = ("name", "key", "id", "k", "n")
"""Attributes that say what an element holds, where all elements are called alike."""
_VALUED: Final = frozenset({"value", "val", "v", "content"})


class _RefusedError(Exception):
    pass


def open_xml(text: str, budget: Budget) -> list[Child] | None:
    """Give the texts and attributes of an XML document; of a cut one those before the end."""
    if not _BEGIN.match(text) or not budget.work(len(text)):
        return None
    reader = _Reader(budget)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.refuse
    parser.buffer_text = True
    try:
        parser.Parse(re.sub(r"^\ufeff?\s*(?:<\?xml[^>]*\?>)?", "", text).encode("utf-8", "replace"), True)
    except expat.ExpatError:
        if not reader.children or not reader.is_tagged():
            return None
    except _RefusedError:
        budget.spent = True
        return None
    return reader.children or None


class _Reader:
    """Collects what expat tells."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.most = budget.most
        self.children: list[Child] = []
        self.names: list[str] = []
        self.keys: list[str] = []
        self.texts: list[list[str]] = []
        self.pending_key = ""
        self.closed = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element; its attributes are values, and may say what it is called."""
        if len(self.names) >= _DEEPEST or len(self.children) > self.most:
            raise _RefusedError
        local = name.rpartition(":")[2]
        named = next((attributes[word] for word in _NAMING if attributes.get(word)), "")
        key = self.pending_key or named or local
        self.pending_key = ""
        step = f'{local}["{key}"]' if key != local else local
        self.names.append(step)
        self.keys.append(key)
        self.texts.append([])
        for attribute, value in attributes.items():
            if len(self.children) > self.most:
                break
            if value and not attribute.startswith("xmlns") and value != named:
                where = attribute.rpartition(":")[2]
                self.children.append((f"{self._path()}/@{where}", key if where in _VALUED else where, value))

    def end(self, _name: str) -> None:
        """Close an element; its text is a value, or the name of the next one in a property list."""
        text = "".join(self.texts.pop()).strip()
        key = self.keys.pop()
        if text and self.names[-1] == "key":
            self.pending_key = text
        elif text:
            self.children.append((self._path(), key, text))
        self.names.pop()
        self.closed += 1

    def text(self, data: str) -> None:
        """Take text inside the open element."""
        if self.texts:
            self.texts[-1].append(data)

    def refuse(self, *_declared: object) -> None:
        """Refuse a document that declares entities."""
        raise _RefusedError

    def is_tagged(self) -> bool:
        """Say whether enough was read to call it XML, although it never ended."""
        return self.closed > 1

    def _path(self) -> str:
        return "xml:/" + "/".join(self.names)
