from __future__ import annotations

import json
import tracemalloc

import pytest

from analyzer.report.document import ResultDocument, to_bytes
from analyzer.report.open_document import BATCH, InMemory, open_document

MANY = ("gaps", "marks", "timeline", "events", "flows", "observations", "links")


def large(document: ResultDocument, times: int) -> ResultDocument:
    return document.model_copy(update={name: getattr(document, name) * times for name in MANY})


@pytest.mark.parametrize("times", [0, 1, BATCH, BATCH + 1])
def test_an_opened_document_is_the_one_that_was_written(document: ResultDocument, times: int) -> None:
    whole = large(document, times)
    opened = open_document(InMemory(to_bytes(whole)))
    assert to_bytes(opened) == to_bytes(whole)
    for name in MANY:
        entries, expected = getattr(opened, name), getattr(whole, name)
        assert (len(entries), tuple(entries), tuple(entries)) == (len(expected), expected, expected)
    assert opened.session == whole.session


def test_entries_are_found_by_their_place_as_in_a_tuple(document: ResultDocument) -> None:
    whole = large(document, 200)
    entries, expected = open_document(InMemory(to_bytes(whole))).timeline, whole.timeline
    for at in (0, 1, 599, -1, -600):
        assert entries[at] == expected[at]
    for part in (
        slice(0),
        slice(3),
        slice(250, 270),
        slice(-2, None),
        slice(None),
        slice(None, None, 7),
        slice(700, 9),
    ):
        assert tuple(entries[part]) == expected[part]
    for at in (600, -601):
        with pytest.raises(IndexError):
            entries[at]
    assert entries
    assert not entries[:0]


def test_texts_of_an_app_do_not_look_like_the_edge_of_an_entry(document: ResultDocument) -> None:
    title = '\n  }\n  {\n ]\n "events": [\n  {"a": 1}'
    timeline = tuple(one.model_copy(update={"title": title}) for one in document.timeline)
    whole = document.model_copy(update={"timeline": timeline})
    assert tuple(open_document(InMemory(to_bytes(whole))).timeline) == timeline


def test_a_line_longer_than_a_piece_is_read(document: ResultDocument) -> None:
    verdict = document.verdicts[0].model_copy(update={"reasons": ("x" * 4000,) * 300})
    whole = document.model_copy(update={"verdicts": (verdict,) * 3})
    data = to_bytes(whole).replace(b'",\n    "xx', b'", "xx')  # no line end between them
    assert max(map(len, data.split(b"\n"))) > 1 << 20
    assert to_bytes(open_document(InMemory(data))) == to_bytes(whole)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"timeline": [\n  {', b'"timeline": [\n  7,\n  {'),
        (b'"timeline": [\n  {', b'"timeline": [\n  {},\n  {'),
        (b'"timeline": [\n  {', b'"timeline": [\n  {\n  {'),
        (b'"kind": "mark"', b'"kind": "mark", "more": 1'),
        (b'\n "links": [', b'\n "links": [],\n "links": ['),
        (b"\n  },\n  {", b"\n  };\n  {"),
        (b"\n  },\n  {", b"\n  },,\n  {"),
        (b"\n  },\n  {", b"\n  },\n  1,\n  {"),
        (b'"schema": "analyzer.result/1"', b'"schema": "analyzer.result/9"'),
        (b"\n}\n", b"\n"),
    ],
)
def test_what_is_no_document_of_this_form_is_refused(document: ResultDocument, old: bytes, new: bytes) -> None:
    data = to_bytes(document)
    assert old in data
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic's, and our own
        open_document(InMemory(data.replace(old, new, 1)))


def test_a_document_on_one_line_is_not_taken_for_an_empty_one(document: ResultDocument) -> None:
    flat = json.dumps(json.loads(to_bytes(document))).encode()
    assert len(open_document(InMemory(flat)).timeline) == len(document.timeline)


def most_held(document: ResultDocument, times: int) -> int:
    data = to_bytes(large(document, times))
    tracemalloc.start()
    try:
        for _ in open_document(InMemory(data)).observations:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_of_entries_that_are_gone_through_only_their_places_are_held(document: ResultDocument) -> None:
    most_held(document, 1)
    some, more = most_held(document, 150), most_held(document, 450)  # 1 MB and 3 MB, with more than one batch each
    assert more < some * 2
