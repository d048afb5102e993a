from __future__ import annotations

import json

import pytest
from detection import detect
from wire import Wire

from analyzer.model.vocabulary import Method


@pytest.mark.parametrize(
    ("key", "value", "data_type"),
    [
        ("imei", "490154203237518", "id.imei"),
        ("imei", "490154203237519", ""),
        ("imei", "000000000000000", ""),
        ("order", "490154203237518", ""),
        ("wifi_mac", "a4:50:46:11:22:33", "id.mac_wifi"),
        ("mac", "02:00:00:00:00:00", ""),
        ("email", "somebody@mail.example", "person.email"),
        ("phone", "+8613912345678", "person.phone"),
        ("phone", "12345678", ""),
        ("gaid", "0f0f0f0f-1111-2222-3333-444455556666", "id.gaid"),
        ("gaid", "00000000-0000-0000-0000-000000000000", ""),
        ("request_id", "0f0f0f0f-1111-2222-3333-444455556666", ""),
        ("id_card", "11010519491231002X", "person.national_id"),
        ("id_card", "110105194912310021", ""),
    ],
)
def test_an_unknown_value_counts_by_valid_shape_and_name_together(key, value, data_type):
    wire = Wire()
    wire.request(1, json.dumps({key: value}).encode())
    sent = detect(wire).sent
    assert [one.data_type for one in sent] == ([data_type] if data_type else [])
    assert all(one.method is Method.PATTERN and one.confidence < 0.95 for one in sent)
