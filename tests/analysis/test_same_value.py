from __future__ import annotations

import json

import pytest
from detection import detect
from wire import Wire

GAID, OTHER = "7c41e9d0-b35f-4286-a7c1-d2e3f4a5b6c7", "0f0f0f0f-1111-2222-3333-444455556666"


def _sent(*bodies: object) -> list[tuple[str, str]]:
    wire = Wire()
    for at, body in enumerate(bodies, 1):
        wire.request(at, json.dumps(body).encode(), host="log.statflow.example")
    return [(one.data_type, one.value) for one in detect(wire).sent if one.data_type.startswith("id.")]


def test_an_identifier_without_a_telling_name_is_what_another_request_calls_it():
    assert _sent({"deviceId": GAID}, {"gaid": GAID.upper()}) == [("id.gaid", GAID), ("id.gaid", GAID.upper())]


@pytest.mark.parametrize(
    "elsewhere",
    [{}, {"gaid": OTHER}, {"gaid": GAID, "oaid": GAID}, {"request_id": GAID}, {"gaid": GAID, "install_id": GAID}],
)
def test_it_stays_what_it_was_where_nothing_or_two_things_are_said_of_it(elsewhere):
    assert ("id.installation", GAID) in _sent({"deviceId": GAID}, elsewhere)


def test_the_reasoning_names_the_other_place_and_the_confidence_has_a_bound():
    wire = Wire()
    for at, body in enumerate(({"deviceId": GAID}, {"gaid": GAID}), 1):
        wire.request(at, json.dumps(body).encode(), host="log.statflow.example")
    told = next(one for one in detect(wire).sent if "deviceId" in one.path)
    assert "json:$.gaid of another request" in told.reasoning
    assert told.confidence == 0.8


def test_a_short_value_is_the_same_by_chance():
    assert ("id.installation", "12345678901234") in _sent({"deviceId": "12345678901234"}, {"imei": "12345678901234"})
