from __future__ import annotations

import pytest
from unknown import found, types

IMEI, IMSI, ICCID = "867431059238179", "460012119674934", "89860107942303557108"


def test_a_field_without_a_telling_name_holds_an_imei_only_beside_other_facts_of_the_device():
    facts = {"model": "Pixel 6", "android_id": "a774d56d682e549d"}
    assert "id.imei" in types({"9": "867431059238179"} | facts)
    assert "id.imei" not in types({"9": "867431059238178"} | facts)
    assert "id.imei" not in types({"9": "867431059238179"})
    assert "id.imei" not in types({"order_no": "867431059238179"} | facts)


def test_an_imei_alone_under_a_letter_or_two_is_told_as_less_sure():
    alone = found({"m1": IMEI})
    assert [(one.data_type, one.confidence) for one in alone] == [("id.imei", 0.4)]
    assert (
        types({"m1": "867431059238178"}) == types({"id": IMEI}) == types({"q": IMEI}) == types({"m123": IMEI}) == set()
    )
    assert types({"m1": "490154203237518"}) == set()


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        ({"b": [IMEI], "d": IMSI}, {"id.imei", "id.imsi"}),
        ({"b": IMEI, "c": ICCID}, {"id.imei", "id.iccid"}),
        ({"p": f"{IMEI}|{IMSI}|a4:50:46:b1:22:33|x"}, {"id.imei", "id.imsi", "id.mac_wifi"}),
        ({"d": IMSI}, set()),
        ({"c": ICCID}, set()),
        ({"b": "490154203237519", "d": "860012119674934"}, set()),
        ({"batch": IMEI, "order": IMSI}, set()),
    ],
)
def test_numbers_of_device_and_card_vouch_for_each_other(document, kinds):
    assert types(document) == kinds
