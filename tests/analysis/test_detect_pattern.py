from __future__ import annotations

import json

import pytest
from detection import detect
from unknown import seen, types
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


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        ({"x": "please write to lin.yq@qq.com today"}, {"person.email"}),
        ({"x": "icon@2x.png"}, set()),
        ({"x": "11010519491231002X"}, {"person.national_id"}),
        ({"x": "110105194912310021"}, set()),
        ({"x": "a4:50:46:b1:22:33"}, {"id.mac_wifi"}),
        ({"carrior": "wifi_3c:a6:2f:bc:5e:65@HOME.NET"}, {"loc.wifi_current"}),
        ({"x": "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD"}, set()),
        ({"x": "dGhpc2lzYXRva2Vu:APA91b" + "Ab3_" * 33}, {"id.push_token"}),
        ({"x": "boom\n at com.a.B.c(B.java:3)\n at com.a.D.e(D.java:4)\n"}, {"beh.diagnostics"}),
        ({"support": {"x": "lin.yq@qq.com"}}, set()),
    ],
)
def test_some_shapes_need_no_name(document, kinds):
    assert types(document) == kinds


def test_a_path_segment_is_no_free_text():
    assert seen(b"", target="/v1/icon@2x.png") == []


def test_a_field_without_a_telling_name_holds_an_imei_only_beside_other_facts_of_the_device():
    facts = {"model": "Pixel 6", "android_id": "a774d56d682e549d"}
    assert "id.imei" in types({"9": "867431059238179"} | facts)
    assert "id.imei" not in types({"9": "867431059238178"} | facts)
    assert "id.imei" not in types({"9": "867431059238179"})
    assert "id.imei" not in types({"order_no": "867431059238179"} | facts)
