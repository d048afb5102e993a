"""Tells values that an answer of the server had given before: they say less of the device that sends them back."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import accumulate, islice
from typing import Final, NamedTuple

from analyzer.analysis.decode_compression import decompress_brotli, decompress_marked
from analyzer.analysis.decode_request import content_encoding
from analyzer.analysis.packed import packed
from analyzer.model.clock import Micros
from analyzer.model.evidence import Body, FlowRecord, Message, Response
from analyzer.model.results import Observation
from analyzer.model.vocabulary import Direction, Method, Where

AT_MOST: Final = 0.7
"""At most so sure is what a name or a shape says of a value that the server gave."""
MOST: Final = 4096
"""So many values of one answer are remembered."""
LARGEST: Final = 1 << 20
"""So many bytes of an answer are looked at; larger bodies lie beside the records, and are not read again."""
_VALUE: Final = re.compile(rb"[0-9A-Za-z_-]{10,128}")
"""What identifiers are made of; shorter ones are the same by chance."""
_MARK: Final = 8
_GIVEN_BY_NATURE: Final = frozenset({"id.account", "id.cookie_session", "id.push_token", "id.ip"})
"""Types of which every value comes from a server."""
_WHY: Final = "an answer had given this value before any request carried it: it may be the server's, not the device's"


class Given(NamedTuple):
    """What one answer gave: when, and short digests of its values, each of eight bytes."""

    at_us: Micros
    marks: bytes


@dataclass(slots=True)
class Answers:
    """What the answers of one recording gave, in few bytes: there are many."""

    times: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    marks: array[int] = field(default_factory=lambda: array("Q"))

    def note(self, given: Given) -> None:
        """Add one answer."""
        self.times.append(given.at_us)
        self.counts.append(len(given.marks) // _MARK)
        self.marks.frombytes(given.marks)

    def add(self, later: Answers) -> None:
        """Add the answers of a later stretch of the recording."""
        self.times += later.times
        self.counts += later.counts
        self.marks += later.marks

    def first(self, wanted: set[int]) -> dict[int, Micros]:
        """Give when each of the wanted values was first given, of those that were."""
        found: dict[int, Micros] = {}
        if wanted.isdisjoint(self.marks):
            return found
        ends = accumulate(self.counts)
        for at_us, count, end in zip(self.times, self.counts, ends, strict=True):
            for mark in wanted.intersection(self.marks[end - count : end]):
                found[mark] = min(at_us, found.get(mark, at_us))
        return found


def given_in(record: FlowRecord, at_us: Micros) -> Given | None:
    """Give the values that an answer gives, in its body or its cookies; `None` for what is no answer."""
    match record:
        case Response():
            cookies = [value for name, value in record.headers if name.lower() == "set-cookie"]
            texts = [*(text.encode("utf-8", "replace") for text in cookies), _text(record.body, record.headers)]
        case Message(direction=Direction.RECEIVED):
            texts = [_text(record.body, ())]
        case _:
            return None
    found = {mark for text in texts if text for mark in islice(_marks(text), MOST)}
    return Given(at_us, b"".join(sorted(found))) if found else None


def trust_less(observations: Sequence[Observation], answers: Mapping[str, Answers]) -> Sequence[Observation]:
    """Make identifiers that a name or a shape tells less sure where an answer had given the value before.

    What the app had sent itself before is its own, though an answer repeats it.
    """
    doubts = Doubts()
    for one in observations:
        doubts.note(one)
    return doubts.told(observations, answers)


class Doubts:
    """Notes the values that an answer may have given, and tells those of which it did; see `trust_less`."""

    def __init__(self) -> None:
        self._values: dict[str, list[int]] = {}

    def note(self, one: Observation) -> None:
        """Note one observation."""
        if _may_be_given(one) and one.value not in self._values:
            self._values[one.value] = _numbers(one.value)

    def told(self, observations: Sequence[Observation], answers: Mapping[str, Answers]) -> Sequence[Observation]:
        """Give the observations, all of which were noted, with those less sure that an answer had given."""
        wanted = {number for numbers in self._values.values() for number in numbers}
        given = {name: found.first(wanted) for name, found in answers.items()}
        if not any(given.values()):
            return observations
        before = _given_first(observations, self._values, given)
        return packed(_trusted(one) if _key(one) in before and _may_be_given(one) else one for one in observations)


def _given_first(
    observations: Sequence[Observation],
    doubted: Mapping[str, Sequence[int]],
    given: Mapping[str, Mapping[int, Micros]],
) -> set[tuple[str, str]]:
    """Give the recordings and values of which an answer had given every part before a request carried the value."""
    spellings = {value.lower() for value in doubted}
    sent: dict[tuple[str, str], Micros] = {}
    for one in observations:
        if one.where is not Where.RESPONSE and one.value.lower() in spellings:
            key = (one.ref.recording, one.value.lower())
            sent[key] = min(one.instant.at_us, sent.get(key, one.instant.at_us))
    before = set()
    for value, numbers in doubted.items():
        for recording, found in given.items():
            times = [found[number] for number in numbers if number in found]
            key = (recording, value.lower())
            if times and len(times) == len(numbers) and key in sent and max(times) < sent[key]:
                before.add((recording, value))
    return before


def _key(one: Observation) -> tuple[str, str]:
    return one.ref.recording, one.value


def _trusted(one: Observation) -> Observation:
    return replace(one, confidence=AT_MOST, reasoning=f"{one.reasoning}; {_WHY}")


def _may_be_given(one: Observation) -> bool:
    identifier = one.data_type.startswith("id.") and one.data_type not in _GIVEN_BY_NATURE
    unknown = one.method is not Method.INDICATOR and one.where is not Where.RESPONSE
    return identifier and unknown and one.confidence > AT_MOST


def _text(body: Body, headers: tuple[tuple[str, str], ...]) -> bytes:
    data = body.data
    opened = decompress_marked(data, LARGEST)
    if opened is not None:
        return opened[1]
    if "br" in content_encoding(headers).lower():
        return decompress_brotli(data, LARGEST) or b""
    return b"" if b"\0" in data[:LARGEST] else data[:LARGEST]


def _marks(text: bytes) -> Iterator[bytes]:
    for value in dict.fromkeys(_VALUE.findall(text)):
        if not value.isalpha():
            yield blake2b(value.lower(), digest_size=_MARK).digest()


def _numbers(value: str) -> list[int]:
    return list(array("Q", b"".join(_marks(value.encode("utf-8", "replace")))))
