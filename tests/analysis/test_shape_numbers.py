from __future__ import annotations

import random

import phonenumbers
import pytest
from stdnum import luhn
from stdnum.cn import ric

from analyzer.analysis import shape_numbers as shape

DICE = random.Random(20)


def _digits(count: int) -> str:
    return "".join(DICE.choice("0123456789") for _ in range(count))


def _with_luhn(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)


def _resident(place: str, birth: str) -> str:
    front = f"{place}{birth}{_digits(3)}"
    return front + ric.calc_check_digit(front + "0")


@pytest.mark.parametrize("at", range(20))
def test_an_imei_needs_a_reporting_body_and_the_check_digit(at):
    good = _with_luhn(DICE.choice(["35", "86", "01"]) + _digits(12))
    assert shape.imei(good)
    assert not shape.imei(good[:-1] + str((int(good[-1]) + 1 + at % 8) % 10))
    assert not shape.imei(_with_luhn("77" + good[2:-1]))


@pytest.mark.parametrize("at", range(20))
def test_a_resident_identity_number_needs_region_date_and_check_digit(at):
    good = _resident(DICE.choice(["110105", "310104", "440305"]), f"19{60 + at}0{1 + at % 9}1{at % 9}")
    assert shape.resident_id(good)
    assert not shape.resident_id(good[:-1] + ("0" if good[-1] != "0" else "1"))
    assert not shape.resident_id(_resident("990105", "19800101"))


@pytest.mark.parametrize(
    ("digits", "good"),
    [
        ("4111111111111111", True),
        ("5500005555555559", True),
        ("378282246310005", True),
        (_with_luhn("622202123456789012"), True),
        ("4111111111111112", False),
        (_with_luhn("700000123456789"), False),
        ("4111 1111 1111 1111", True),
    ],
)
def test_a_card_needs_an_issuer_and_the_check_digit(digits, good):
    assert shape.card(digits) is good


@pytest.mark.parametrize("region", ["CN", "DE", "US", "IN", "BR", "GB", "FR", "JP", "KR", "ID", "NG", "EG", "AU"])
def test_the_sample_number_of_every_region_is_a_telephone_number(region):
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert shape.phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    assert shape.phone(str(number.national_number), (region,)) or region in {"AU", "GB", "FR", "DE", "EG", "NG"}
    assert shape.phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL), (region,))


@pytest.mark.parametrize(
    "text", ["1700000000123", "1700000000", "11111111111", "12345", "20231115123456", "00000000000"]
)
def test_times_and_placeholders_are_no_telephone_numbers(text):
    assert not shape.phone(text)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (shape.imsi, "460001234567890", "999001234567890"),
        (shape.imsi, "310260123456789", "001011234567890"),
        (shape.mcc, "262", "000"),
        (shape.mccmnc, "46001", "99901"),
        (shape.iccid, "8986012345678901234", "8900000000000000000"),
        (shape.iccid, _with_luhn("894411000000000000"), _with_luhn("894411000000000000")[:-1] + "x"),
        (shape.valid_iban, "DE89370400440532013000", "DE89370400440532013001"),
        (shape.number_id, "1693749273918273645", "1700000000123"),
        (shape.cell_id, "28883", "65535"),
        (shape.imei_short, "86743105923817", "77743105923817"),
        (shape.is_time, "1700000000123", "9700000000123"),
        (shape.varied, "867431059238179", "000000000000000"),
    ],
)
def test_a_check_takes_the_real_one_and_refuses_its_look_alike(check, good, bad):
    check = getattr(shape, check.__name__)  # asked of the module, where the mutation test switches it off
    assert check(good)
    assert not check(bad)


@pytest.mark.parametrize(
    "number", ["400-545-7070", "4005457070", "400602-5399", "8006628583", "+864001234567", "95588", "+18005551234"]
)
def test_hotlines_and_service_numbers_are_no_persons_numbers(number):
    assert not shape.phone(number)


def test_the_country_that_is_named_decides_before_all_others():
    assert shape.phone("8006628583", ("IN",))
    assert shape.phone("+4915557543434")
