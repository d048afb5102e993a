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
        ({"dinfo": "867431059238179,x,13"}, {"id.imei"}),
        ({"dinfo": "867431059238178,x,13"}, set()),
        ({"order": "867431059238179,x,13"}, set()),
        ({"current": [{"id": "a4:50:46:b1:22:33", "level": -48}]}, {"loc.wifi_current"}),
        ({"x": "IMEI 867431059238179 is what we read"}, {"id.imei"}),
        ({"x": "手机IMEI号：867431059238179手机型号：MI 5"}, {"id.imei"}),
        ({"x": "[imei->867431059238178][n->3]"}, set()),
        ({"x": "IMSI: 460001234567890 ICCID: 89860123456789012343"}, {"id.imsi", "id.iccid"}),
        ({"x": "Android ID: a774d56d682e549d, next"}, {"id.android_id"}),
        ({"x": "android-2024061012345678"}, set()),
        ({"x": "gaid is 0f0f0f0f-1111-2222-3333-444455556666"}, set()),
        ({"x": "gaid -> 0f0f0f0f-1111-2222-3333-444455556666"}, {"id.gaid"}),
        ({"x": 'a:1:{s:4:"oaid";s:16:"a774d56d682e549d";}'}, {"id.oaid"}),
        ({"support": {"x": "IMEI 867431059238179 is what we read"}}, set()),
        ({"x": "BEGIN:VCARD\nFN:A B\nEND:VCARD\nBEGIN:VCARD\nFN:C D\nEND:VCARD"}, {"comm.contacts"}),
    ],
)
def test_some_shapes_need_no_name(document, kinds):
    assert types(document) == kinds


def test_a_path_segment_is_no_free_text():
    assert seen(b"", target="/v1/icon@2x.png") == []
    assert [kind for kind, _ in seen(b"", target="/v1/users/13912345678/orders")] == ["person.phone"]
    assert seen(b"", target="/v1/goods/13912345678/orders") == []


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        ({"content": "你好，我的电话是13912345678，明天上午送到"}, {"person.phone"}),
        ({"x": "please call me on +49 1512 3456789 or later"}, {"person.phone"}),
        ({"x": "+8613912345678"}, {"person.phone"}),
        ({"fax": "+86-21-64242838"}, set()),
        ({"x": "您的订单13912345678已发货"}, set()),
        ({"x": "build +20240611123456 of main"}, set()),
        ({"x": "build number 15012345678 finished"}, set()),
        ({"x": "my number 15012345678, text me"}, {"person.phone"}),
        ({"x": "the call took 13800138000 ms"}, set()),
        ({"x": "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"}, {"consent.state"}),
        ({"x": "CPXxRfAAAAAAAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"}, set()),
    ],
)
def test_a_sentence_may_hold_a_number_and_a_string_of_consent_shows_itself(document, kinds):
    assert types(document) == kinds


def test_what_somebody_wrote_is_told_and_so_is_the_number_in_it():
    both = types({"feedback": "call me on +49 1512 3456789, please"}, target="/feedback")
    assert both == {"beh.ugc", "person.phone"}
