from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from analyzer.model.vocabulary import Phase
from analyzer.report import json_pieces
from analyzer.report.json_pieces import BATCH, entry_bytes, object_pieces, raw
from analyzer.report.text import KEPT


def written(**members: bytes | Iterable[bytes]) -> str:
    return b"".join(object_pieces(members.items())).decode()


@pytest.mark.parametrize("count", [0, 1, BATCH - 1, BATCH, BATCH + 1])
def test_pieces_make_what_a_whole_writer_makes(count: int) -> None:
    entries = [{"at": at, "none": None, "list": [], "map": {}, "text": 'ü"\n'} for at in range(count)]
    whole = {"first": {"a": 1, "b": [1, 2]}, "many": entries, "last": []}
    text = written(first=b'{"a":1,"b":[1,2]}', many=map(entry_bytes, entries), last=())
    assert text == json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def test_no_more_than_a_batch_is_held() -> None:
    asked: list[int] = []

    def entries() -> Iterable[bytes]:
        for at in range(BATCH * 3):
            asked.append(at)
            yield b"{}"

    pieces = object_pieces([("many", entries())])
    for _ in range(3):
        next(pieces)
    assert len(asked) == BATCH


@pytest.mark.parametrize(
    ("text", "kept"),
    [("x" * KEPT, "x" * KEPT), ("x" * (KEPT + 1), "…(+25)"), ("ü" * KEPT, "ü" * KEPT), ("\ud800", "\\ud800")],
)
def test_texts_are_bounded_however_deep_they_stand(text: str, kept: str) -> None:
    entry = {"a": text, "b": ({"c": [text]},), "d": {text: Phase.INITIAL}, "e": raw({"f": text}), "g": 2**70}
    found = json.loads(entry_bytes(entry))
    assert all(value.endswith(kept) for value in (found["a"], found["b"][0]["c"][0], *found["d"], found["e"]["f"]))
    assert all(len(value) <= KEPT for value in (found["a"], found["b"][0]["c"][0], *found["d"], found["e"]["f"]))
    assert (*found["d"].values(), found["g"]) == ("initial", 2**70)


def test_only_what_may_be_too_long_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "_bounded", None)
    assert entry_bytes({"a": "x" * 4000, "b": 1}) == b'{"a":"%b","b":1}' % (b"x" * 4000)
