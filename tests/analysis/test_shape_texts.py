from __future__ import annotations

import hashlib

import pytest

from analyzer.analysis import shape_texts as shape


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (shape.email, "lin@mail.co.uk", "icon@2x.png"),
        (shape.email, "lin.yq+a@qq.com", "noreply@qq.com"),
        (shape.email, "jo@example.com", "test@example.com"),
        (shape.random_hex, "9774d56d682e549d", "1234567890123456"),
        (shape.random_hex, "a774d56d682e549d", "9774d56d682e549c"),
        (shape.digest, hashlib.md5(b"867431059238179").hexdigest(), hashlib.md5(b"").hexdigest()),
        (shape.digest, hashlib.sha1(b"x").hexdigest(), hashlib.sha1(b"unknown").hexdigest()),
        (shape.opaque, "KI1624129683T1EF", "1.2.3.4"),
        (shape.opaque, "t94QjjLaS6eD2Y9", "iphone_release"),
        (shape.opaque, "AXDQiLlpLxVLBUSuFcgFnOvNuBDUemxisms=", "SelectedChannelOfTheDay"),
        (shape.account, "user_31", "true"),
        (shape.ssid, '"MyHome-5G"', "wifi"),
        (shape.person_name, "陈雨芳", "陈雨芳今天去哪里了"),
        (shape.person_name, "Noah Nguyen", "settings"),
        (shape.nickname, "小鱼儿~", "12345"),
        (shape.birth_date, "1991-11-27", "2091-11-27"),
        (shape.birth_date, "19911127", "19911327"),
        (shape.birth_date, "27.11.1991", "27.13.1891"),
        (shape.age, "33", "330"),
        (shape.address, "上海市浦东新区世纪大道100号", "我的地址"),
        (shape.address, "12 Main Street, Springfield", "https://x.com/12 a"),
        (shape.street, "Schreinerweg 7", "0123456789abcdef"),
        (shape.place_name, "Braunschweig", "true"),
        (shape.word, "driver", "0123456789abcdef"),
        (shape.brand, "HUAWEI", "1.2.3"),
        (shape.model, "SM-G991B", "288aed6817a35f1f474999b001568ca8"),
        (shape.model, "moto g power 5G", "Enter your mail address"),
        (shape.model, "SAMSUNG-SM-G991BXYZ-21", "TX6Awsv2mxftf99B82h-7B"),
        (shape.tc_string, "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA", "CPDNZ3VAPwAAAGABCENAbEgAP_gAEPgAAqIKZtV9"),
        (shape.has_digit, "RQ3A.210805.001", "c4f41370-b9a3-11eb-9bdf-296d19676092"),
        (shape.locale, "zh-Hans-CN", "xx-YY"),
        (shape.country, "DE", "XQ"),
        (shape.timezone, "28800", "12345"),
        (shape.carrier, "China Mobile", "wifi"),
        (shape.pixels, "1080", "48"),
        (shape.positive, "12.5", "0"),
        (shape.phrase, "red shoes", "0123456789abcdef01"),
        (shape.secret, "hunter2!", "***"),
    ],
)
def test_a_check_takes_the_real_one_and_refuses_its_look_alike(check, good, bad):
    check = getattr(shape, check.__name__)  # asked of the module, where the mutation test switches it off
    assert check(good)
    assert not check(bad)
