"""Takes a HAR apart into its entries, a piece of text at a time, and past its damage."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from analyzer.codec.foreign import GUARD
from analyzer.codec.foreign_stream import PlainStream

ENTRY_LIMIT: Final = 128 * 1024 * 1024
"""An entry with more characters is not read."""
_WASTE_LIMIT: Final = 256 * 1024 * 1024
"""After so many characters were read in vain, the rest of a file counts as broken: nobody can make us read for ever."""
_BALANCE_LIMIT: Final = 100_000
_DEPTH_LIMIT: Final = 200
_TAIL: Final = 256
_MOST_DIGITS: Final = 4300
_BEHIND: Final = 8192
_WRAPPERS: Final = 3
"""How many objects may stand around the list of entries."""
_ENTRY_KEYS: Final = frozenset({"startedDateTime", "time", "request", "response", "_webSocketMessages"})
_SPACE: Final = re.compile(r"[\s,\x00]*")
_CLOSING: Final = re.compile(r"[);\s]+|/\*.*?\*/|//[^\n]*", re.DOTALL)
_BRACKET: Final = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*"?', re.DOTALL)
_LIST: Final = re.compile(r'"entries"\s*:\s*\[')
_NEXT: Final = re.compile(
    r'\{\s*"(?:startedDateTime|pageref|connection|serverIPAddress|cache|timings|request|response|time|_[A-Za-z_]+)"\s*:'
)
_UNFINISHED: Final = "Unterminated"


def _number(digits: str) -> int | str:
    """Read a whole number; one that has more digits than Python reads stays a text."""
    return int(digits) if len(digits) < _MOST_DIGITS else digits


_LENIENT: Final = json.JSONDecoder(strict=False, parse_int=_number)


class Element(NamedTuple):
    """An element of the list of entries: where it stands, and its value or why it could not be read."""

    place: str
    value: Any
    why: str = ""


class _EndOfText(Exception):  # noqa: N818 - it is no error
    """The text ended."""


class _Malformed(Exception):  # noqa: N818 - it is what the file is
    """A value is no JSON."""


def scan_entries(stream: PlainStream) -> Iterator[Element]:
    """Give the elements of `log.entries`, of `entries` or of a list, in order; raises `OSError` only."""
    scanner = _Scanner(stream)
    try:
        yield from scanner.roots()
    except _EndOfText:
        why = scanner.problem or "the file ends in the middle of it"
        yield Element(scanner.place, None, why)
    except _Malformed as problem:
        yield Element(scanner.place, None, str(problem))


class _Scanner:
    """Walks the text from `at` on; `place` is where it is in the document."""

    def __init__(self, stream: PlainStream) -> None:
        self.place = "log"
        self._stream = stream
        self._pieces = iter(self._stream)
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._json = json.JSONDecoder(strict=False)
        self._text = ""
        self._at = 0
        self._ended = False
        self._found = 0
        self._wasted = 0
        self._found_any = False

    @property
    def problem(self) -> str:
        """Say why the bytes of the file ended early."""
        return self._stream.problem

    def roots(self) -> Iterator[Element]:
        """Walk one document after the other; most files have one."""
        number = 0
        while self._peek():
            if self._peek() == "[":
                self._at += 1
                yield from self._elements("")
            elif self._peek() == "{":
                yield from self._members("", number)
            elif not self._past_guard():
                raise _Malformed("it begins like no HAR")
            number += 1
        if self.problem:
            raise _EndOfText
        if not self._found_any:
            raise _Malformed("no list of entries is in it")

    def _past_guard(self) -> bool:
        """Go behind what stands before the document, or behind the call around it; says whether there was any."""
        found = (_CLOSING if self._found_any else GUARD).match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found is not None

    def _members(self, path: str, number: int = 0, depth: int = 0) -> Iterator[Element]:
        """Walk an object: the list of entries opens, everything else is jumped over."""
        self._at += 1
        entry: dict[str, Any] = {}
        while self._need() != "}":
            try:
                key = self._value()
                self._colon()
                self.place = f"{path}{key}"[:60] if isinstance(key, str) else path
                opening = self._need()
                if key == "entries" and opening == "[":
                    self._at += 1
                    yield from self._elements(self.place)
                elif opening == "{" and depth < _WRAPPERS and key not in _ENTRY_KEYS:
                    yield from self._members(f"{self.place}.", depth=depth + 1)
                else:
                    value = self._value()
                    if not path and isinstance(key, str) and key in _ENTRY_KEYS:
                        entry[key] = value
            except _Malformed as problem:
                yield Element(self.place, None, str(problem))
                if not self._find(_LIST):
                    return
                self.place = f"{path or 'log.'}entries"
                yield from self._elements(self.place)
        self._at += 1
        if "request" in entry:
            self._found_any = True
            yield Element(f"[{number}]", entry)

    def _elements(self, path: str) -> Iterator[Element]:
        self._found_any = True
        number = 0
        while True:
            self.place = f"{path}[{number}]"
            if self._need() == "]":
                self._at += 1
                return
            try:
                yield Element(self.place, self._value())
            except _Malformed as problem:
                yield Element(self.place, None, str(problem))
                self._recover()
            number += 1

    # -- values

    def _value(self) -> Any:
        """Read the value at `at`; raises `_Malformed` and `_EndOfText`."""
        self._need()
        while True:
            try:
                value, self._at = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as problem:
                self._more_or_malformed(problem)
            except RecursionError:
                self._waste(self._at + _TAIL)
                raise _Malformed("it nests too deep") from None
            except ValueError as problem:
                if self._json is _LENIENT:
                    self._waste(self._at + _TAIL)
                    raise _Malformed(f"it is no JSON: {problem}") from problem
                self._json = _LENIENT
            else:
                if self._at == len(self._text) and not self._ended:
                    self._fill()  # a number could go on
                return value

    def _more_or_malformed(self, problem: json.JSONDecodeError) -> None:
        if problem.pos < len(self._text) - _TAIL and not problem.msg.startswith(_UNFINISHED):
            self._waste(problem.pos)
            raise _Malformed(f"it is no JSON: {problem.msg} at its character {problem.pos - self._at}")
        if self._ended:
            if problem.pos < len(self._text) - 1 and not problem.msg.startswith(_UNFINISHED):
                self._waste(problem.pos)
                raise _Malformed(f"it is no JSON: {problem.msg} at its character {problem.pos - self._at}")
            raise _EndOfText
        if len(self._text) - self._at > ENTRY_LIMIT:
            self._waste(len(self._text))
            raise _Malformed(f"it has more than {ENTRY_LIMIT} characters")
        self._fill(len(self._text) - self._at)

    def _waste(self, until: int) -> None:
        self._wasted += until - self._at
        if self._wasted > _WASTE_LIMIT:
            self._ended, self._text, self._at = True, "", 0
            raise _EndOfText

    def _recover(self) -> None:
        """Go on behind a malformed element: where its brackets close, or where another entry begins before that."""
        if self._at > _BEHIND:
            self._text, self._at = self._text[self._at :], 0  # the decoder counts all lines before an error
        end = self._balanced()
        while end < 0 and not self._ended:
            self._fill(len(self._text) - self._at)
            end = self._balanced()
        end = max(end, 0)
        match = _NEXT.search(self._text, self._at + 1, end or len(self._text))
        if match:
            self._at = match.start()
        elif end:
            self._at = end
        elif self._find(_NEXT):
            self._at -= self._found
        else:
            raise _EndOfText

    def _find(self, pattern: re.Pattern[str]) -> bool:
        """Go behind the next match of a pattern, however far it is."""
        self._at += 1
        while True:
            match = pattern.search(self._text, self._at)
            if match:
                self._at = match.end()
                self._found = match.end() - match.start()
                return True
            if self._ended:
                self._at = len(self._text)
                return False
            self._at = max(self._at, len(self._text) - _TAIL)
            self._fill()

    def _balanced(self) -> int:
        """Give the end of the brackets that open at `at`: -1 where the text ends before, 0 where that is too far."""
        depth = 0
        for count, match in enumerate(_BRACKET.finditer(self._text, self._at)):
            sign = match[0]
            depth += (sign in "[{") - (sign in "]}")
            if depth <= 0 and sign in "]}":
                return match.end()
            if depth > _DEPTH_LIMIT or count > _BALANCE_LIMIT:
                self._wasted += _BALANCE_LIMIT
                return 0
        return -1

    # -- text

    def _peek(self) -> str:
        """Give the next character that is neither space nor comma; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill()

    def _need(self) -> str:
        return self._peek() or self._end()

    def _end(self) -> str:
        raise _EndOfText

    def _colon(self) -> None:
        if self._need() != ":":
            raise _Malformed("a colon is missing behind its name")
        self._at += 1

    def _fill(self, size: int = 1) -> None:
        """Add at least `size` characters to the text, and drop what lies behind."""
        parts = [self._text[self._at :]]
        while size > 0 and not self._ended:
            piece = next(self._pieces, b"")
            self._ended = not piece
            parts.append(self._decoder.decode(piece, self._ended))
            size -= len(parts[-1])
        self._text, self._at = "".join(parts), 0
