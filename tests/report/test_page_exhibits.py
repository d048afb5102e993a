from __future__ import annotations

from analyzer.model.exhibits import Excerpt, Passage, Piece, Step
from analyzer.report.document import ResultDocument
from analyzer.report.page_exhibits import VALUE, event_details, excerpt_details


def test_equal_stacks_are_kept_once(document: ResultDocument) -> None:
    (event,) = document.events
    other = event.model_copy(update={"id": "1-accept/events/9", "stack": None})
    made = event_details((event, event.model_copy(update={"id": "1-accept/events/8"}), other), ["1-accept"], 0)
    assert [call["stack"] for _, call in made["events"]] == [0, 0, None]
    assert len(list(made["stacks"])) == 1


def test_hostile_texts_are_visible_and_bounded(hostile: str, hostile_document: ResultDocument) -> None:
    made = event_details(hostile_document.events, ["1-accept"], 0)
    ((_, call),) = made["events"]
    assert call["api"].isprintable()
    assert all(frame.isprintable() for stack in made["stacks"] for frame in stack)
    assert all(len(value["text"]) <= VALUE + 1 for value in call["args"])
    assert call["args"][1]["cut"] == (len(hostile) > VALUE)


def test_pieces_keep_their_lines_and_show_controls(hostile: str) -> None:
    passage = Passage(3, "body", (Piece(f"a\n{hostile}"), Piece("b\r\nc", ("o1", "o2")), Piece("", (), 5)), binary=True)
    made = excerpt_details(Excerpt((passage,), {"o1": (Step("base64", hostile),)}))
    first, second, third = made["passages"][0]["pieces"]
    assert first.startswith("a\n")
    assert first.replace("\n", "").isprintable()
    assert second == ["b\nc", "o1", "o2"]
    assert third == 5
    ((name, text),) = made["ways"]["o1"]
    assert name == "base64"
    assert text.isprintable()
    assert len(text) <= VALUE + 1
