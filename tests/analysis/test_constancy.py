from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import repeat
from uuid import UUID

from detection import detect
from wire import Wire

from analyzer.model.results import Observation
from analyzer.model.vocabulary import Owner, Tier


def _uuids(count: int) -> list[str]:
    return [str(UUID(int=0x7C41E9D0B35F4286A7C1D2E3F4A5B6C7 * (at + 3) % (1 << 128))) for at in range(count)]


def _sent(bodies: Iterable[object], owners: Iterable[Owner] = repeat(Owner.APP)) -> list[Observation]:
    wire = Wire()
    for at, (body, owner) in enumerate(zip(bodies, owners, strict=False), 1):
        wire.request(at, json.dumps(body).encode(), host="log.statflow.example", owner=owner)
    return [one for one in detect(wire).sent if one.data_type == "id.installation"]


def _kinds(bodies: Iterable[object]) -> list[str]:
    return [one.data_type for one in _sent(bodies) if one.tier is not Tier.DECLARED]


def test_the_numbers_of_log_entries_are_no_identifiers_of_the_installation():
    entries = [{"uuid": one, "level": "info", "text": "started"} for one in _uuids(4)]
    assert _kinds([{"entries": entries}]) == []
    assert _kinds([{"uuid": one, "text": "started"} for one in _uuids(4)]) == []


def test_a_value_of_two_records_counts_whatever_else_stands_in_its_field():
    stays, *others = _uuids(24)
    sent = _sent([{"uuid": one} for one in (stays, *others[:3], stays)])
    assert [one.value for one in sent if one.tier is not Tier.DECLARED] == [stays] * 2
    decoys = [[{"uuid": one} for one in (stays, *others[at : at + 2])] for at in range(0, 20, 2)]
    assert [one.value for one in _sent(decoys) if one.tier is not Tier.DECLARED] == [stays] * 10
    assert len(_kinds([[{"uuid": one} for one in others[:3]]] * 10)) == 30


def test_what_does_not_count_is_told_once_and_why():
    (told,) = _sent([{"uuid": one, "text": "started"} for one in _uuids(4)])
    assert told.tier is Tier.DECLARED
    assert "4 different values" in told.reasoning


def test_what_other_apps_send_says_nothing_of_the_apps_own_identifier():
    bodies = [{"uuid": one} for one in _uuids(4)]
    owners = [Owner.APP, *[Owner.OTHER] * 3]
    kept = [one.owner for one in _sent(bodies, owners) if one.tier is not Tier.DECLARED]
    assert kept == [Owner.APP]


def test_a_name_that_says_installation_or_device_is_believed_whatever_its_values_are():
    for name in ("install_id", "installationId", "device_id", "deviceUuid"):
        assert len(_kinds([{name: one} for one in _uuids(5)])) == 5


def test_an_identifier_that_stays_is_told_at_every_occurrence_and_so_is_one_that_was_made_anew():
    first, second = _uuids(2)
    assert len(_kinds([{"uuid": first}] * 5)) == 5
    assert len(_kinds([{"uuid": first}, {"uuid": first}, {"uuid": second}])) == 3
    assert len(_kinds([{"uuid": first}, {"uuid": second}])) == 2


def test_one_field_says_nothing_of_another():
    stays, *changing = _uuids(10)
    entries = [[{"uuid": one, "text": "started"} for one in changing[at : at + 3]] for at in (0, 3, 6)]
    assert len(_kinds([{"device": {"uuid": stays}, "entries": some} for some in entries])) == 3


def test_a_known_value_stays_wherever_it_stands():
    known = _uuids(4)
    wire = Wire(persona={"id.installation": tuple(known)})
    for at, one in enumerate(known, 1):
        wire.request(at, json.dumps({"uuid": one}).encode())
    assert [one.data_type for one in detect(wire).sent] == ["id.installation"] * 4
