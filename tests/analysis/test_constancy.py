from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from detection import detect
from wire import Wire


def _uuids(count: int) -> list[str]:
    return [str(UUID(int=0x7C41E9D0B35F4286A7C1D2E3F4A5B6C7 * (at + 3) % (1 << 128))) for at in range(count)]


def _kinds(bodies: Iterable[object], host: str = "log.statflow.example") -> list[str]:
    wire = Wire()
    for at, body in enumerate(bodies, 1):
        wire.request(at, json.dumps(body).encode(), host=host)
    return [one.data_type for one in detect(wire).sent if one.data_type == "id.installation"]


def test_the_numbers_of_log_entries_are_no_identifiers_of_the_installation():
    entries = [{"uuid": one, "level": "info", "text": "started"} for one in _uuids(4)]
    assert _kinds([{"entries": entries}]) == []
    assert _kinds([{"uuid": one, "text": "started"} for one in _uuids(4)]) == []


def test_numbers_that_are_sent_again_after_a_failure_are_none_either():
    first, second, third, fourth = _uuids(4)
    assert _kinds([{"uuid": one} for one in (first, second, second, third, fourth)]) == []


def test_an_identifier_that_stays_is_told_at_every_occurrence_and_so_is_one_that_was_made_anew():
    first, second = _uuids(2)
    assert len(_kinds([{"uuid": first}] * 5)) == 5
    assert len(_kinds([{"uuid": first}, {"uuid": first}, {"uuid": second}])) == 3
    assert len(_kinds([{"uuid": first}, {"uuid": second}])) == 2


def test_one_field_says_nothing_of_another():
    stays, *changing = _uuids(5)
    entries = [{"uuid": one, "text": "started"} for one in changing]
    assert len(_kinds([{"device": {"uuid": stays}, "entries": entries}] * 3)) == 3


def test_a_known_value_stays_wherever_it_stands():
    known = _uuids(4)
    wire = Wire(persona={"id.installation": tuple(known)})
    for at, one in enumerate(known, 1):
        wire.request(at, json.dumps({"uuid": one}).encode())
    assert [one.data_type for one in detect(wire).sent] == ["id.installation"] * 4
