"""What reports show of the evidence, gathered from the shipped session."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from analyzer.model.evidence import EvidenceRef
from analyzer.model.exhibits import Picture
from analyzer.report.redacted_flow import FlowRedactor
from analyzer.report.seen import by_flow
from analyzer.store.reader import blob_reader
from analyzer.workflows import exhibits as gathering
from analyzer.workflows.analyze import Result, stored
from analyzer.workflows.exhibits import exhibits
from analyzer.workflows.home import Home
from analyzer.workflows.redaction import redacted, redactor
from analyzer.workflows.traffic import open_encoded


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def result(home) -> Result:
    return stored(home, "shipped")


def found_in(made) -> set[str]:
    return {
        find
        for excerpt in made.excerpts.values()
        for passage in excerpt.passages
        for piece in passage.pieces
        for find in piece.finds
    }


def test_every_request_with_finds_shows_them_in_place(result):
    made = exhibits(result.path, result.document)
    sent = {one.id: one for one in result.document.observations if one.flow_index is not None}
    missing = set(sent) - found_in(made)
    assert {sent[one].value for one in missing} == {"31.230437,121.473719"}  # doubles, in eight bytes each
    assert made.data_types["id.imei"]["zh"]


def test_each_screen_has_a_small_picture_and_equal_ones_share_it(result):
    made = exhibits(result.path, result.document)
    shots = [item.ref for item in result.document.timeline if item.kind == "screen"]
    assert set(made.screens) == {EvidenceRef(ref.recording, ref.source, ref.line) for ref in shots}
    assert set(made.screens.values()) == set(made.pictures)
    assert len(made.pictures) < len(made.screens)


def test_what_has_no_finds_is_left_out_first_when_there_is_no_room(result, monkeypatch):
    sent = {one.flow_index for one in result.document.observations if one.flow_index is not None}
    monkeypatch.setattr(gathering, "FLOWS", len(sent))
    assert set(exhibits(result.path, result.document).excerpts) == sent
    monkeypatch.setattr(gathering, "CHARACTERS", 1)
    assert len(exhibits(result.path, result.document).excerpts) == 1


def test_texts_that_hold_a_value_are_painted_over_on_the_pictures(result):
    plain = exhibits(result.path, result.document)
    copy = exhibits(result.path, result.document, lambda flow: flow, lambda text: "隐私" in text)
    assert copy.screens.keys() == plain.screens.keys()
    assert copy.withheld == 0
    changed = [key for key in copy.pictures if key not in plain.pictures]
    assert changed
    for key in changed:
        assert dark(copy.pictures[key]) > dark(plain.pictures[key.split(" ")[0]]) + 0.02


def dark(picture: Picture) -> float:
    grey = Image.open(io.BytesIO(picture.data)).convert("L")
    return sum(grey.histogram()[:30]) / (grey.width * grey.height)


def test_a_copy_without_personal_values_shows_neither_values_nor_texts_on_screens(home, result):
    names = redactor(home.workspace, result)
    copy = redacted(home.workspace, result.document, names)
    copies, seen = FlowRedactor(names, blob_reader(result.path), open_encoded), by_flow(result.document)
    made = exhibits(result.path, copy, lambda flow: copies.flow(flow, seen.get(flow.index, ())))
    text = repr(made)
    assert not [one.value for one in result.document.observations if one.value in text and len(one.value) > 8]
    assert "[id.imei#" in text
    assert found_in(made)
    assert made.pictures
    assert all(" (" in key for key in made.pictures), "every text is painted over where nobody says which may stay"
    assert len(made.screens) + made.withheld == result.document.recordings[0].screens
