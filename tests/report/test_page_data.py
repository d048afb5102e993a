from __future__ import annotations

from analyzer.model.exhibits import Excerpt, Exhibits, Passage, Picture, Piece, Step
from analyzer.report import page_data as writing
from analyzer.report.document import ResultDocument
from analyzer.report.page_data import both, page_data, page_details

EXHIBITS = Exhibits(
    excerpts={0: Excerpt((Passage(1, "body", (Piece("a="), Piece("1", ("o2",)), Piece("", (), 7)), ("gzip",)),),
                         {"o2": (Step("gzip", "a=1"),)})},
    pictures={"aa": Picture("image/webp", b"RIFF", 3, 4)},
    data_types={"id.imei": {"en": "IMEI", "zh": "设备识别码"}},
    withheld=2,
)  # fmt: skip


def test_instants_are_distances_from_the_start_of_the_session(document: ResultDocument) -> None:
    data = page_data(document, EXHIBITS)
    assert [one["t"] for one in data["timeline"]] == [100_000, 200_000, 510_000]
    assert [(one["from"], one["to"]) for one in data["phases"]] == [(0, 900_000), (900_000, 2_000_000)]


def test_an_entry_of_the_timeline_has_the_strongest_tier_of_what_was_seen_in_it(document: ResultDocument) -> None:
    tiers = {one["kind"]: one["tier"] for one in page_data(document, EXHIBITS)["timeline"]}
    assert tiers == {"event": "accessed", "flow": "transmitted_third_party", "mark": ""}


def test_data_types_are_named_in_both_languages_and_by_their_id_without_a_name(document: ResultDocument) -> None:
    assert page_data(document, EXHIBITS)["types"] == {"id.imei": ["IMEI", "设备识别码"]}
    assert page_data(document, Exhibits())["types"] == {"id.imei": ["id.imei", "id.imei"]}
    assert both({"zh": "只有"}, "x") == ["只有", "只有"]


def test_more_entries_than_the_page_holds_are_counted(document: ResultDocument, monkeypatch) -> None:
    monkeypatch.setattr(writing, "ENTRIES", 1)
    data = page_data(document, EXHIBITS)
    assert len(list(data["timeline"])) == len(list(data["flows"])) == 1
    assert (data["totals"]["timeline"], data["totals"]["flows"], data["totals"]["events"]) == (3, 2, 1)


def test_details_hold_calls_requests_and_pictures(document: ResultDocument) -> None:
    details = page_details(document, EXHIBITS)
    ((_, call),) = details["events"]
    assert call["result"]["text"] == "490154203237518"
    assert list(details["stacks"])[call["stack"]][-1] == "com.a.B.c(B.java:1)"
    assert details["excerpts"][0]["passages"][0]["pieces"] == ["a=", ["1", "o2"], 7]
    assert details["pictures"]["aa"]["data"] == "data:image/webp;base64,UklGRg=="
