from __future__ import annotations

import pytest

from analyzer.analysis.indicator_spellings import spellings


def _texts(data_type: str, value: str) -> set[str]:
    return {one.text for one in spellings(data_type, value)}


@pytest.mark.parametrize(
    ("data_type", "value", "spelled"),
    [
        ("id.mac_wifi", "00:00:5e:00:53:1d", ["00-00-5E-00-53-1D", "00005e00531d", "0000.5e00.531d", "1577079581"]),
        ("loc.wifi_current", "00:00:5e:00:53:1d", ["200:5eff:fe00:531d", "00005E00531D"]),
        ("id.gaid", "b83fd216-7a09-4c5e-8e41-2d96f07ac3b5", ["B83FD2167A094C5E8E412D96F07AC3B5"]),
        ("id.gaid", "b83fd216-7a09-4c5e-8e41-2d96f07ac3b5", ["{b83fd216-7a09-4c5e-8e41-2d96f07ac3b5}"]),
        (
            "id.gaid",
            "b83fd216-7a09-4c5e-8e41-2d96f07ac3b5",
            ["-5170182853219496866", "-8196219720534670411", "5e4c097a16d23fb8"],
        ),
        ("id.oaid", "b83fd2167a094c5e8e412d96f07ac3b5", ["b83fd216-7a09-4c5e-8e41-2d96f07ac3b5"]),
        (
            "id.imei",
            "867431059238179",
            ["86743105923817", "867431-059238-179", "86-743105-923817-9", "8674 3105 9238 179"],
        ),
        ("id.imei", "86743105923817", ["867431059238179"]),
        ("id.imei", "8674310592381702", ["867431059238179", "86743105923817"]),
        ("id.imei", "867431059238179", ["8.67431059238179E14"]),
        ("id.iccid", "89860021934756182040", ["8986 0021 9347 5618 2040"]),
        ("id.android_id", "8000000000000001", ["9223372036854775809", "-9223372036854775807"]),
        ("id.android_id", "0c41e9d0b35fa286", ["c41e9d0b35fa286"]),
        (
            "person.email",
            " Yan.Lin+shop@GMail.com",
            ["yan.lin+shop@gmail.com", "yanlin@gmail.com", "yan.lin@gmail.com"],
        ),
        ("person.national_id", "11010519491231002X", ["11010519491231002x", "110105-19491231-002X"]),
        ("fin.bank_account", "6222021234567890128", ["6222 0212 3456 7890 128", "622202*********0128"]),
        ("person.name", "Odalys Brennecke", ["Brennecke Odalys", "Brennecke, Odalys", "OdalysBrennecke"]),
        ("person.name", "林砚秋", ["砚秋 林"]),
        ("loc.wifi_current", "Lin-Home", ['"Lin-Home"', "LIN-HOME"]),
        ("dev.hardware_profile", "1080x2400", ["1080*2400", "2400x1080", "1080,2400"]),
        ("dev.hardware_profile", "Pixel 6", ["Pixel_6", "Pixel6"]),
        ("dev.os_locale", "zh-CN", ["zh_CN"]),
        ("person.birth_age", "1990-05-17", ["19900517", "17.05.1990", "05/17/1990", "1990年5月17日"]),
        ("id.ip", "192.168.43.7", ["3232246535", "-1062720761", "120301760"]),
        ("id.ip", "2001:db8::1", ["2001:0db8:0000:0000:0000:0000:0000:0001"]),
        ("id.serial", "PLK7Q2X94M1T", ["T1M49X2Q7KLP", "plk7q2x94m1t"]),
    ],
)
def test_the_spellings_that_apps_use_are_known(data_type, value, spelled):
    assert set(spelled) <= _texts(data_type, value)


def test_no_spelling_comes_twice_and_the_value_comes_first():
    texts = [one.text for one in spellings("id.mac_wifi", "00:00:5e:00:53:1d")]
    assert texts[0] == "00:00:5e:00:53:1d"
    assert len(texts) == len(set(texts))


def test_numbers_of_other_kinds_are_no_imei():
    assert "46000731829465" not in _texts("id.imsi", "460007318294650")


def test_what_hides_a_part_says_so():
    partial = {one.text for one in spellings("fin.bank_account", "6222021234567890128") if one.partial}
    assert partial == {"622202*********0128"}


@pytest.mark.parametrize("data_type", ["id.imei", "id.iccid", "fin.bank_account", "person.national_id"])
@pytest.mark.parametrize("count", range(12, 21))
def test_nothing_but_zeros_is_a_number_too(data_type, count):
    assert "0" * count in _texts(data_type, "0" * count)
