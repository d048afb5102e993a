from __future__ import annotations

import pytest
from wire import taxonomy

from analyzer.analysis.shape_key import is_foreign, names_of, words_of


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("deviceIMEI_md5", ["device", "imei", "md5"]),
        ("$os_version", ["os", "version"]),
        ("user[phone.number]", ["user", "phone", "number"]),
        ("IPAddress", ["ip", "address"]),
        ("X-Device-Id", ["x", "device", "id"]),
        ("手机号", ["手机号"]),
    ],
)
def test_a_field_name_is_split_into_words(key, words):
    assert words_of(key) == words


@pytest.mark.parametrize(
    ("key", "data_type"),
    [
        ("imei", "id.imei"),
        ("deviceIMEI", "id.imei"),
        ("imei_2", "id.imei"),
        ("imei_number", "id.imei"),
        ("androidIds", "id.android_id"),
        ("status", ""),
        ("userphonenumber", "person.phone"),
        ("ios_advertiser_id", "id.gaid"),
        ("手机号", "person.phone"),
        ("X-Android-Id", "id.android_id"),
        ("order_id", ""),
        ("trace_id", ""),
        ("driverPhone", "person.phone"),
        ("guardianIdNo", "person.national_id"),
        ("buyer_email", "person.email"),
        ("contact-mobile", "person.phone"),
        ("parentname", "person.name"),
        ("hzsjh", "person.phone"),
        ("driverImei2", "id.imei"),
        ("mblNo", "person.phone"),
        ("swrve.sim_operator.name", "dev.network_carrier"),
        ("shop.phone", ""),
        ("countries", "dev.os_locale"),
        ("bookerFirstname", "person.name"),
        ("brthDt", "person.birth_age"),
        ("device_hash", "id.installation"),
        ("shopMblNo", ""),
        ("shop_phone", ""),
        ("shopDriverPhone", ""),
        ("driverVersion", ""),
        ("billNumber", ""),
        ("courier_phone", ""),
        ("pricing_model", ""),
        ("sdk_version", ""),
        ("format", ""),
        ("", ""),
        ("x" * 200, ""),
    ],
)
def test_a_name_gives_its_clues_and_a_look_alike_none(key, data_type):
    assert {one.clue.data_type for one in names_of(key, taxonomy().clues)} >= ({data_type} if data_type else set())
    assert bool(names_of(key, taxonomy().clues)) == bool(data_type)


def test_a_name_that_declares_a_digest_says_which():
    assert {one.digest for one in names_of("imei_md5", taxonomy().clues)} == {"md5"}
    assert {one.digest for one in names_of("sha1_email", taxonomy().clues)} == {"sha1"}
    assert not names_of("model_md5", taxonomy().clues)


def test_a_container_of_things_is_foreign():
    assert is_foreign("shopInfo", taxonomy().clues)
    assert not is_foreign("userInfo", taxonomy().clues)


def test_a_role_before_the_name_is_told():
    named = names_of("stuBirth", taxonomy().clues)
    assert [one.role for one in named] == ["stu"] * len(named)
    assert all(one.role == "" for one in names_of("birth", taxonomy().clues))
