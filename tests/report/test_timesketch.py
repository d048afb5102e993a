from __future__ import annotations

import csv
import io
import json
from datetime import datetime

from analyzer.report.document import ResultDocument
from analyzer.report.timesketch import COLUMNS, MANDATORY, timesketch_csv, timesketch_events, timesketch_jsonl

START = 1_790_000_000_000_000
IMEI = "490154203237518"


def events(document: ResultDocument) -> list[dict[str, object]]:
    return [json.loads(line) for line in b"".join(timesketch_jsonl(document)).decode().splitlines()]


def rows(document: ResultDocument) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(timesketch_csv(document)).decode(), newline=""), strict=True))


def accept(event: dict[str, object]) -> None:
    """Ask of an event what Timesketch's importer asks: its three texts, and one time said twice."""
    for name in MANDATORY:
        assert isinstance(event[name], str)
        assert event[name]
    moment = datetime.fromisoformat(str(event["datetime"]))
    assert moment.tzinfo is not None
    told = int(str(event["timestamp"]))
    assert round(moment.timestamp() * 1_000_000) == told


def test_every_event_has_what_timesketch_asks_for(document: ResultDocument) -> None:
    for event in (*events(document), *rows(document)):
        accept(event)


def test_every_timeline_entry_and_observation_is_one_event(document: ResultDocument) -> None:
    assert [event["kind"] for event in events(document)] == ["event", "flow", "mark", "observation", "observation"]
    assert len(rows(document)) == len(events(document))


def test_an_event_says_what_was_seen_where_and_in_which_phase(document: ResultDocument) -> None:
    read = events(document)[3]
    assert (read["data_type"], read["value"], read["tier"], read["phase"]) == ("id.imei", IMEI, "accessed", "initial")
    assert read["timestamp"] == START + 100_000
    assert read["evidence"] == "1-accept/events/2"
    assert read["tag"] == ["personal_data", "accessed"]


def test_the_table_begins_with_what_is_mandatory(document: ResultDocument) -> None:
    assert list(rows(document)[0]) == list(COLUMNS)
    assert COLUMNS[:3] == MANDATORY
    assert not b"".join(timesketch_csv(document)).startswith(b"\xef\xbb\xbf")


def test_an_instant_outside_of_the_calendar_is_tagged(document: ResultDocument) -> None:
    first = document.timeline[0].model_copy(update={"at_us": 10**18, "at": None})
    broken = document.model_copy(update={"timeline": (first,)})
    event = next(timesketch_events(broken))
    accept(event)
    assert "time_unknown" in event["tag"]


def test_hostile_text_stays_inside_of_its_line_and_never_computes(hostile_document: ResultDocument) -> None:
    assert len(events(hostile_document)) == 5
    for row in rows(hostile_document):
        for cell in row.values():
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
            assert cell.isprintable()
