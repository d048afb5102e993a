from __future__ import annotations

import pytest
from unknown import seen

IMEI = "867431059238179"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([{"name": "imei", "value": IMEI}, {"name": "x", "value": "y"}], [("id.imei", "json:$[0].value")]),
        ({"p": [{"k": "gaid", "v": "0f0f0f0f-1111-2222-3333-444455556666"}]}, [("id.gaid", "json:$.p[0].v")]),
        ({"keys": ["a", "imei"], "values": ["b", IMEI]}, [("id.imei", "json:$.values[1]")]),
        ({"columns": ["a", "imei"], "rows": [["b", IMEI]]}, [("id.imei", "json:$.rows[0][1]")]),
        ([{"name": "order_no", "value": IMEI}], []),
    ],
)
def test_a_value_is_told_by_a_name_that_stands_elsewhere(document, expected):
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
