from __future__ import annotations

import hashlib

import pytest
from unknown import found, types

from analyzer.analysis.shape_checks import Context
from analyzer.model.vocabulary import Where

IMEI = "867431059238179"
TOKEN = "9f8e7d6c5b4a3928171605f4e3d2c1b0a9f8e7d6"
UUID = "0f0f0f0f-1111-2222-3333-444455556666"


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        ({"imei": IMEI}, {"id.imei"}),
        ({"did": IMEI}, {"id.imei"}),
        ({"device": {"id": "9774d56d682e549d"}}, {"id.android_id"}),
        ({"device": {"id": UUID}}, {"id.installation"}),
        ({"order": {"id": UUID}}, set()),
        ({"user": {"id": "31415926"}}, {"id.account"}),
        ({"product": {"id": "31415926"}}, set()),
        ({"idfv": UUID}, {"id.installation"}),
        ({"idfa": UUID}, {"id.gaid"}),
        ({"oaid": "a1b2c3d4e5f60718"}, {"id.oaid"}),
        ({"imsi": "460001234567890"}, {"id.imsi"}),
        ({"iccid": "8986012345678901234"}, {"id.iccid"}),
        ({"lac": "28883", "cid": "31415"}, {"loc.cell"}),
        ({"cid": "31415"}, set()),
        ({"heart_rate": "72"}, {"health.body_vitals"}),
        ({"height": "172", "weight": "64", "age": "31"}, {"health.body_vitals", "person.birth_age"}),
        ({"height": "172", "width": "64"}, set()),
        ({"device_model": "Pixel 6", "os_version": "12", "locale": "zh_CN"}, {"dev.hardware_profile", "dev.os_locale"}),
        ({"car_model": "Tesla 3"}, set()),
        ({"brand": ["Xiaomi", "OPPO"], "os": ["Android", "iOS"]}, set()),
        ({"brand": ["Xiaomi"]}, {"dev.hardware_profile"}),
        ({"make": "BMW", "model": "320i", "mileage": 120000}, set()),
        ({"model": "Pixel 6", "price": 12, "osv": "12"}, {"dev.hardware_profile", "dev.os_locale"}),
        ({"mid": UUID, "topic": "news"}, set()),
        ({"mid": UUID, "imei": IMEI}, {"id.installation", "id.imei"}),
        ({"client_id": UUID, "grant_type": "refresh_token"}, set()),
        ({"client_id": UUID}, {"id.installation"}),
        ({"utdid": {"identity": UUID}, "imei": {"identity": IMEI}}, {"id.installation", "id.imei"}),
        ({"wlan": "a4:50:a7:7a:6e:ca"}, {"id.mac_wifi"}),
        ({"uid": "1718000000000-3384857623746523847"}, {"id.installation"}),
        ({"battery_level": "87"}, {"dev.resource_state"}),
        ({"is_rooted": "false"}, {"dev.security_state"}),
        ({"clipboard": "copied words"}, {"misc.clipboard"}),
        ({"tcString": "CPxYQQoAPwAAAGABCENAbEgAP_gAEPgAAqIKZtV9W7dL"}, {"consent.state"}),
        ({"stores": [{"phone": "+49 30 1234567"}]}, set()),
        ({"users": [{"phone": "+49 30 1234567"}]}, {"person.phone"}),
        ({"accelerometer_x": "0.0254"}, {"sens.motion"}),
        ({"attributes": {"$androidId": {"value": "a774d56d682e549d"}}}, {"id.android_id"}),
        ({"identityMap": {"GAID": [{"id": UUID}]}}, {"id.gaid"}),
        ({"header": {"oaid": {"req_id": "12", "id": "a1b2c3d4e5f60718"}}}, {"id.oaid"}),
        ({"city": {"id": "310000"}}, set()),
        ({"profileId": "235"}, set()),
        ({"account": "6225882702044175603"}, {"fin.bank_account"}),
        ({"custId": "11010519491231002X"}, {"person.national_id"}),
        ({"child": True}, {"person.minor"}),
        ({"child": 2}, set()),
        ({"identifier": "lin.yq@qq.com"}, {"person.email"}),
        ({"identity": {"cb_id": UUID}}, {"id.installation"}),
        ({"device": {"session_id": UUID}}, set()),
        ({"device": {"app_id": UUID}}, set()),
        ({"request": {"cb_id": UUID}}, set()),
        ({"s": {"id": TOKEN}}, set()),
        ({"u": {"id": "31415926"}}, {"id.account"}),
        ({"user": {"email": "ab.c@web.de", "name": "Noah Nguyen"}}, {"person.email", "person.name"}),
        ({"wifi_mac": "a4:50:46:b1:22:33", "ssid": "Home-5G"}, {"loc.wifi_current"}),
        ({"wifi_mac": "a4:50:46:b1:22:33"}, {"id.mac_wifi"}),
        ({"data": {"state": "ONBOARDING"}, "location": "x"}, set()),
        ({"recipe": {"calories": 420}}, set()),
        ({"persistent-device-id": "a774d56d682e549d"}, {"id.android_id"}),
        ({"device_uuid": "a774d56d682e549d"}, {"id.android_id"}),
        ({"uuid": "a774d56d682e549d", "imei": "867431059238179"}, {"id.android_id", "id.imei"}),
        ({"distinct_id": "13816049257"}, {"person.phone"}),
        ({"distinct_id": "248741759"}, {"id.account"}),
        ({"publisher_user_id": "248741759"}, {"id.account"}),
        ({"devicetoken": UUID}, {"id.installation"}),
        ({"remote_addr": "101.60.203.61", "mac": "a4:50:46:b1:22:33"}, {"id.ip", "id.mac_wifi"}),
        ({"remote_addr": "101.60.203.61"}, set()),
        ({"vcode": "2898"}, {"fin.auth_secret"}),
        ({"vcode": "2898", "vname": "1.4.2"}, set()),
        ({"displayname": "Pixel Heroes", "vname": "1.4.2"}, set()),
        ({"nc": "北城以北"}, {"person.avatar_nick"}),
        ({"nc": "Telekom"}, set()),
        ({"wm_dtype": "V2229A", "wm_dversion": "23_6.0.1"}, {"dev.hardware_profile"}),
        ({"wm_dtype": "V2229A"}, set()),
        ({"dma": "Xiaomi", "dmo": "M2007J3SC"}, {"dev.hardware_profile"}),
        ({"did": "ANDROID_a774d56d682e549d"}, {"id.android_id"}),
        ({"sys": "ANDROID_9"}, {"dev.os_locale"}),
        ({"dvcId": "a774d56d682e549d", "dvcMdl": "V2229A"}, {"id.android_id", "dev.hardware_profile"}),
        ({"device_id": "android-a774d56d682e549d"}, {"id.android_id"}),
        ({"device_id": "android-2024061012345678"}, {"id.installation"}),
        ({"weiboUid": "248741759"}, {"id.account"}),
        ({"mobtype": "V2229A"}, {"dev.hardware_profile"}),
        ({"accelerometer": "0.44027936x7.256833x6.422336"}, {"sens.motion"}),
        ({"net": "NETWORK_WIFI"}, {"dev.network_carrier"}),
        ({"connectionType": "MOBILE(LTE)"}, {"dev.network_carrier"}),
        ({"qqnetwork": "wifi"}, {"dev.network_carrier"}),
        ({"X-FB-SIM-HNI": "26201"}, {"dev.network_carrier"}),
        ({"locLac": "4219", "locCid": "52407"}, {"loc.cell"}),
        ({"OS-Security-Patch-Level": "2020-09-05"}, {"dev.os_locale"}),
        ({"privacyDisagreed": "0"}, {"consent.state"}),
        ({"event": "PAGE_VIEW"}, {"beh.app_interaction"}),
        ({"event": "SDK_INIT"}, set()),
    ],
)
def test_a_value_is_told_by_its_name_and_its_shape_together(document, kinds):
    assert types(document) == kinds


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("X-Acmegram-Client-DeviceID", "a774d56d682e549d", "id.android_id"),
        ("X-ACMEGRAM-C-DEVICE-MODEL", "V2229A", "dev.hardware_profile"),
        ("bazaarDeviceModel", "V2229A", "dev.hardware_profile"),
    ],
)
def test_the_name_of_the_recipient_or_the_app_in_a_field_name_says_nothing(name, value, kind):
    context = Context("api.acmegram.example", "/v1", "POST", "org.bazaar.app")
    assert types({name: value}, context) == {kind}
    assert types({name: value}, Context("api.other.example", "/v1", "POST", "org.other.app")) == set()


def test_a_recipient_called_by_the_word_for_a_thing_leaves_things_things():
    assert types({"shop_phone": "13816049257"}, Context("api.shop.example", "/v1", "POST")) == set()


@pytest.mark.parametrize(
    "document",
    [
        {"cards": ["4111111111111111"]},
        {"birthdays": ["2020-01-01"]},
        {"passports": ["E12345678"]},
    ],
)
def test_a_list_of_several_may_be_anybodys_and_supports_no_sure_verdict(document):
    (one,) = found(document)
    assert one.confidence < 0.8
    assert "a list may be anybody's" in one.reasoning


@pytest.mark.parametrize(
    ("document", "sure"),
    [
        ({"imei": "867431059238179"}, True),
        ({"imei": "86743105923817"}, False),
        ({"imei": "a1b2c3d4e5f607"}, False),
        ({"mac": "a4:50:46:b1:22:33"}, True),
        ({"mac": "a45046b12233"}, False),
        ({"phone": "+1 202-555-0123"}, True),
        ({"phone": "138 1604 9257"}, True),
        ({"phone": "2025550123", "country": "US"}, True),
        ({"phone": "2025550123"}, False),
        ({"phone": "138****9257"}, False),
        ({"email": "lin@gmail.com"}, True),
        ({"email": "l***n@gmail.com"}, False),
    ],
)
def test_a_name_is_not_believed_for_a_value_that_may_be_anything(document, sure):
    one = next(one for one in found(document) if one.path == f"json:$.{next(iter(document))}")
    assert (one.confidence >= 0.8) is sure
    assert sure or one.confidence == 0.75


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        ({"genders": ["male", "female"]}, set()),
        ({"brands": ["Apple", "Samsung"], "models": ["iPhone 15", "Galaxy S24"]}, set()),
        ({"carriers": ["Verizon", "T-Mobile"]}, set()),
        (
            {
                "usernames": ["adminuser", "moderator"],
                "nicknames": ["Boss", "Chief"],
                "serials": ["SN10001", "SN10002"],
            },
            set(),
        ),
        ({"serials": ["SN10001"]}, {"id.serial"}),
        ({"images_local": ["/storage/emulated/0/DCIM/Camera/IMG_1.jpg"]}, {"media.photos_videos"}),
    ],
)
def test_a_list_of_what_everybody_has_one_of_is_there_to_choose_from(document, kinds):
    assert types(document) == kinds


@pytest.mark.parametrize(
    ("cookie", "kinds"),
    [
        ("MUSIC_U=00b7e2d51a3c94f86d0e2b9a7c5f1e3d8b6a4c20", {"id.cookie_session"}),
        ("csrf_token=00b7e2d51a3c94f86d0e2b9a7c5f1e3d8b6a4c20", set()),
        ("ab_test=00b7e2d51a3c94f86d0e2b9a7c5f1e3d8b6a4c20", set()),
        ("page=12", set()),
        ("SSID=A_mrp5cpjfkd72x04", {"id.cookie_session"}),
        ("request=ba3b8beb-9fa5-410a-ab0f-8f5072f7c18e", set()),
        ("wifi_ssid=Home-5G", {"loc.wifi_current"}),
    ],
)
def test_a_cookie_with_a_long_key_tells_a_browser_unless_its_name_says_otherwise(cookie, kinds):
    assert types(b"", headers=(("Cookie", cookie),)) == kinds


@pytest.mark.parametrize(
    ("document", "target", "kinds"),
    [
        ({"token": TOKEN}, "/v2/refresh", {"id.cookie_session"}),
        ({"token": TOKEN, "uid": "31415926"}, "/v2/feed", {"id.cookie_session", "id.account"}),
        ({"token": TOKEN}, "/v2/feed", set()),
        ({"token": TOKEN, "distinct_id": "31415926", "mp_lib": "android"}, "/track", {"id.account"}),
        ({"message": "Your order has left the warehouse"}, "/orders/status", set()),
        ({"title": "Ten tips for a better sleep tonight"}, "/article/view", set()),
        ({"content": "the road is closed today", "title": "News"}, "/articles", {"beh.ugc"}),
        ({"banner": {"url": "https://www.acme.com/sale/now", "title": "Sale"}}, "/banner", set()),
    ],
)
def test_what_a_text_or_a_token_is_depends_on_where_it_is_sent(document, target, kinds):
    assert types(document, Context(path=target)) == kinds


@pytest.mark.parametrize(
    ("document", "sure"),
    [
        ({"adId": UUID}, False),
        ({"advertisementId": UUID}, False),
        ({"gaid": UUID}, True),
        ({"deviceGaid": UUID}, True),
        ({"bannerGaid": UUID}, False),
        ({"registrationId": "VR-2026-118734"}, False),
        ({"ssid": "checkout7"}, False),
        ({"lampMac": "3c:71:bf:12:9a:40"}, False),
        ({"mac": "3c:71:bf:12:9a:40"}, True),
        ({"dpoEmail": "dpo@example-news.de"}, False),
        ({"email": "dpo@example-news.de"}, True),
        ({"pharmacy": {"phone": "+49 30 901820"}}, False),
        ({"user": {"phone": "+49 30 901820"}}, True),
        ({"androidId": "9774d56d682e549d"}, True),
    ],
)
def test_what_may_be_somebody_elses_or_another_thing_supports_no_sure_verdict(document, sure):
    assert [one.confidence >= 0.8 for one in found(document)] in ([sure], [] if not sure else [True])


def test_the_name_of_a_system_of_rights_is_no_identifier():
    assert found({"drm": "edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"}) == []


def test_a_digest_counts_where_its_name_declares_it():
    md5 = hashlib.md5(IMEI.encode()).hexdigest()
    one = found({"imei_md5": md5})[0]
    assert (one.data_type, one.encodings, one.inner) == ("id.imei", ("md5",), ("md5",))
    assert one.confidence < found({"imei": IMEI})[0].confidence
    assert found({"imei_md5": "12345"}) == []
    assert found({"file_md5": md5}) == []
    assert found({"imei_md5": hashlib.md5(b"").hexdigest()}) == []


def test_what_every_client_sends_in_its_headers_is_left_out():
    agent = "Mozilla/5.0 (Linux; Android 11; Pixel 4 Build/RQ3A) AppleWebKit/537.36"
    assert types(b"", headers=(("User-Agent", agent), ("Accept-Language", "en-US"))) == set()
    assert types({"ua": agent}) == {"dev.hardware_profile"}


def test_a_search_counts_in_the_query_of_a_search():
    assert {
        (one.data_type, one.leaves[0].where)
        for one in found(b"", Context(path="/search?q=shoes"), target="/search?q=red+shoes")
    } == {("beh.search", Where.QUERY)}
    assert types(b"", Context(path="/v1?q=shoes"), target="/v1?q=red+shoes") == set()


@pytest.mark.parametrize(
    ("key", "value", "data_type", "role"),
    [
        ("driverPhone", "13370224174", "person.phone", "driver"),
        ("stuBirth", "1991-11-27", "person.birth_age", "stu"),
        ("AcName", "陈雨芳", "person.name", "ac"),
        ("receiver_name_text", "陈雨芳", "person.name", ""),
        ("buyer_email", "li.lei@qq.com", "person.email", "buyer"),
        ("passenger_nm", "Anna Schmidt", "person.name", "passenger"),
    ],
)
def test_a_role_before_the_name_makes_it_a_little_less_sure_and_is_told(key, value, data_type, role):
    (one,) = found({key: value})
    assert one.data_type == data_type
    assert (f"of somebody as '{role}'" in one.reasoning) == bool(role)
    plain = found({{"person.phone": "phone", "person.email": "email"}.get(data_type, "none"): value})
    assert not plain or one.confidence < plain[0].confidence


@pytest.mark.parametrize(
    "document",
    [
        {"driverPhone": "7021"},
        {"driverPhone": "400-123-4567"},
        {"stuBirth": "3021-11-27"},
        {"AcName": "Savings"},
        {"buyer_email": "icon@2x.png"},
        {"driver_version": "13370224174"},
        {"order_driver_shop_phone": "13370224174"},
    ],
)
def test_a_role_alone_makes_no_value_personal(document):
    assert found(document) == []
