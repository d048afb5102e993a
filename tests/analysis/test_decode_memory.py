from __future__ import annotations

from collections.abc import Iterable

import pytest
from wire import missing, taxonomy

from analyzer.analysis.decode_budget import MAX_BYTES, MAX_LEAVES, MAX_WORK, Budget
from analyzer.analysis.decode_flow import decode_record
from analyzer.analysis.decode_memory import Came, Memory, ValueAt, is_ample
from analyzer.analysis.indicators import compile_indicators
from analyzer.analysis.listening import Listening
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Body, EvidenceRef, Peer, Request
from analyzer.model.vocabulary import Source, Where

AGENT = ValueAt(Where.HEADER, "header:user-agent", "user-agent", b"Mozilla/5.0 (Linux; Android 14; wv)")
HEADERS = (
    ("user-agent", "Mozilla/5.0 (Linux; Android 14; wv)"),
    ("authorization", "Bearer eyJpbWVpIjoiODY3NDMxMDU5MjM4MTc5In0"),
    ("cookie", "a=eyJpbWVpIjoiODY3NDMxMDU5MjM4MTc5In0; b=x=1&y=2"),
    ("x-twice", "k1=v1;k2=v2"),
    ("x-twice", "k1=v1;k2=v2"),
)


def _request(at: int, headers: Iterable[tuple[str, str]] = HEADERS) -> Request:
    peer, body, when = Peer("127.0.0.1", 4000), Body(0), Stamp(at, at)
    where = "GET", "https", "h.example", 443, "/v1?d=a%3Db%26c%3Dd&e=x%2Cy", "HTTP/1.1"
    return Request(at, "proxy", when, when, "f1", *where, tuple(headers), body, peer)


def _ref(line: int) -> EvidenceRef:
    return EvidenceRef("1-accept", Source.FLOWS, line)


def test_what_comes_from_memory_is_what_opening_gives_in_every_record():
    listening = Listening(compile_indicators([]), taxonomy())
    for line in range(1, 6):
        found = decode_record(_ref(line), _request(line), missing, listening, spare=True)
        assert found.leaves == decode_record(_ref(line), _request(line), missing).leaves
        assert {leaf.ref.line for leaf in found.leaves} == {line}
        assert len({id(leaf) for leaf in found.leaves}) == len(found.leaves)
    assert listening.memory.recall(AGENT) is not None


def test_a_value_is_remembered_from_the_second_time_on():
    memory: Memory[str] = Memory()
    came = Came(("leaf",), 10, 1, 20)
    memory.note(AGENT, came)
    assert memory.recall(AGENT) is None
    memory.note(AGENT, came)
    assert memory.recall(AGENT) == came
    assert memory.recall(AGENT._replace(path="header:x")) is None


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("analyzer.analysis.decode_memory._MOST", 50)
    monkeypatch.setattr("analyzer.analysis.decode_memory._ROOM", 10_000)
    memory: Memory[str] = Memory()
    values = [AGENT._replace(data=b"%d" % at) for at in range(200)]
    for value in values:
        memory.note(value, Came(("leaf",), 10, 1, 20))
        memory.note(value, Came(("leaf",), 10, 1, 20))
    assert 0 < sum(memory.recall(value) is not None for value in values) < 30
    large = AGENT._replace(path="header:large")
    memory.note(large, Came((), 1 << 20, 1, 0))
    memory.note(large, Came((), 1 << 20, 1, 0))
    assert memory.recall(large) is None


@pytest.mark.parametrize(
    "budget",
    [
        Budget(spent=True),
        Budget(bytes_left=MAX_BYTES // 2),
        Budget(leaves_left=MAX_LEAVES // 2),
        Budget(work_left=MAX_WORK // 2),
    ],
    ids=str,
)
def test_near_a_bound_nothing_comes_from_memory(budget):
    assert is_ample(Budget())
    assert not is_ample(budget)
