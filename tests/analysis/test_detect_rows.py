from __future__ import annotations

import pytest
from unknown import seen

IMEI = "867431059238179"
UUID = "0f0f0f0f-1111-2222-3333-444455556666"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([{"name": "imei", "value": IMEI}, {"name": "x", "value": "y"}], [("id.imei", "json:$[0].value")]),
        ({"p": [{"k": "gaid", "v": "0f0f0f0f-1111-2222-3333-444455556666"}]}, [("id.gaid", "json:$.p[0].v")]),
        ({"keys": ["a", "imei"], "values": ["b", IMEI]}, [("id.imei", "json:$.values[1]")]),
        ({"columns": ["a", "imei"], "rows": [["b", IMEI]]}, [("id.imei", "json:$.rows[0][1]")]),
        ([{"name": "order_no", "value": IMEI}], []),
        (
            {"a": [{"key": "device.imei", "value": {"stringValue": IMEI}}]},
            [("id.imei", "json:$.a[0].value.stringValue")],
        ),
        ({"a": [{"Key": "imei", "Value": IMEI}]}, [("id.imei", "json:$.a[0].Value")]),
        ({"a": [{"id": "imei", "values": [IMEI]}]}, [("id.imei", "json:$.a[0].values[0]")]),
        ({"a": [{"id": "4711", "values": [IMEI]}]}, []),
        ({"phones": [{"type": "home", "value": "+8613912345678"}]}, [("person.phone", "json:$.phones[0].value")]),
    ],
)
def test_a_value_is_told_by_a_name_that_stands_elsewhere(document, expected):
    assert seen(document) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"deviceId": UUID, "deviceIdType": "gaid"}, [("id.gaid", "json:$.deviceId")]),
        ({"deviceid": UUID, "deviceidtype": "GAID"}, [("id.gaid", "json:$.deviceid")]),
        ({"deviceId": UUID, "deviceIdType": "random"}, [("id.installation", "json:$.deviceId")]),
        ({"user_id": "a1b2c3", "user_id_type": "phone"}, [("id.account", "json:$.user_id")]),
        ([{"deviceId": UUID}, {"deviceIdType": "gaid"}], [("id.installation", "json:$[0].deviceId")]),
    ],
)
def test_an_identifier_is_of_the_kind_that_stands_beside_it(document, expected):
    assert seen(document) == expected


def test_the_positions_of_a_device_array_have_names():
    array = [
        "a2",
        "com.example",
        "1",
        "1.0",
        "11",
        "Pixel 4",
        "en_US",
        "GMT+2",
        "T-Mobile",
        "1080",
        "2160",
        "2.75",
        "8",
    ]
    kinds = {path: kind for kind, path in seen({"extinfo": array})}
    assert kinds["json:$.extinfo[4]"] == "dev.os_locale"
    assert kinds["json:$.extinfo[5]"] == "dev.hardware_profile"
    assert kinds["json:$.extinfo[8]"] == "dev.network_carrier"
    assert "json:$.extinfo[1]" not in kinds
    assert seen({"extinfo": ["b9", *array[1:]]}) == []
