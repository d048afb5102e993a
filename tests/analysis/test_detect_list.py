from __future__ import annotations

import pytest
from unknown import seen, types

from analyzer.analysis.shape_checks import Context

APPS = ["com.tencent.mm", "com.eg.android.AlipayGphone", "com.taobao.taobao", "com.ss.android.ugc.aweme"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"apps": APPS}, [("dev.installed_apps", "json:$.apps")]),
        (
            {"app_list": [{"pkg": name, "n": at} for at, name in enumerate(APPS)]},
            [("dev.installed_apps", "json:$.app_list")],
        ),
        ({"al": ",".join(APPS)}, [("dev.installed_apps", "json:$.al")]),
        ({"runningProcesses": APPS}, [("dev.running_apps", "json:$.runningProcesses")]),
        ({"apps": APPS[:2]}, []),
        ({"package": "com.example.app"}, []),
        ({"sdks": APPS}, []),
        ({"apps": [f"com.example.module{at}" for at in range(9)]}, []),
        ({"whatever": APPS}, []),
        ({"hosts": ["api.tencent.com", "cn.bing.com", "com.example.com", "org.example.net"]}, []),
    ],
)
def test_apps_are_a_list_of_packages_of_several_makers(document, expected):
    assert seen(document) == expected


def test_the_app_itself_is_no_item():
    assert types({"apps": APPS[:3]}, Context(package=APPS[0])) == set()


PEOPLE = [{"name": "陈雨芳", "phone": "13370224174"}, {"name": "李雷", "phone": "13800138471"}]


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"contacts": PEOPLE}, "comm.contacts"),
        ({"call_log": [{"number": "13370224174", "phone": "13370224174", "duration": 3}]}, "comm.call_log"),
        ({"sms": [{"phone": "13370224174", "body": "hello there"}]}, "comm.sms"),
        ({"data": [{"type": "contacts", "phone_numbers": ["+4915557543434"]}]}, "comm.contacts"),
    ],
)
def test_numbers_of_people_in_a_list_are_told_by_what_stands_beside_them(document, kind):
    kinds = types(document)
    assert kind in kinds
    assert "person.phone" not in kinds


def test_a_single_number_is_no_address_book():
    assert "comm.contacts" not in types({"user": {"phone": "13370224174", "name": "x"}})
    one = {"first_name": "Noah", "email": "ab.c@web.de", "phone": "+8613370224174", "mobile": "+8613370224175"}
    assert "comm.contacts" not in types([one])


def test_two_networks_in_a_list_are_those_around():
    scan = [{"ssid": "Home", "bssid": "a4:50:46:11:22:33"}, {"ssid": "Office", "bssid": "a4:50:46:11:22:44"}]
    assert types({"wifi_list": scan}) == {"loc.wifi_scan"}
    assert types({"wifi": scan[0]}) == {"loc.wifi_current"}
    beacons = [{"bluetooth_mac": "a4:50:46:11:22:33"}, {"bluetooth_mac": "a4:50:46:11:22:44"}]
    assert types({"bt": beacons}) == {"loc.bluetooth_scan"}
