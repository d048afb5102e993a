"""Values that are no personal data, made as real systems make them; the makers' names stand in the look-alike data."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from corpus.dice import Dice, luhn

EPOCH: Final = 1_718_000_000


def noise(name: str, dice: Dice) -> Any:
    """Make one value of a kind; raises `KeyError` for a kind that there is not."""
    return MAKERS[name](dice)


def _moment(dice: Dice) -> dt.datetime:
    return dt.datetime.fromtimestamp(EPOCH + dice.randint(0, 40_000_000), tz=dt.UTC)


def _isbn(dice: Dice) -> str:
    return _ean("9787" + dice.digits(8))


def _ean(body: str) -> str:
    total = sum(int(char) * (3 if at % 2 else 1) for at, char in enumerate(body))
    return body + str(-total % 10)


def _uscc(dice: Dice) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91" + dice.choice(("310115", "110108", "440305")) + dice.letters(9, alphabet)
    total = sum(alphabet.index(char) * pow(3, at, 31) for at, char in enumerate(body))
    return body + alphabet[-total % 31]


def _no_resident(dice: Dice) -> str:
    """Make an order number that has the shape of a resident id, with the wrong check character."""
    body = f"{dice.choice(('310115', '110105'))}2024{dice.randint(1, 12):02}{dice.randint(1, 28):02}{dice.digits(3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    right = "10X98765432"[sum(int(char) * weight for char, weight in zip(body, weights, strict=True)) % 11]
    return body + dice.choice([char for char in "0123456789" if char != right])


def _not_luhn(dice: Dice, start: str, count: int) -> str:
    right = luhn(start + dice.digits(count - 1 - len(start)))
    return right[:-1] + str((int(right[-1]) + dice.randint(1, 9)) % 10)


def _version(dice: Dice, parts: int = 3) -> str:
    return ".".join(str(dice.randint(0, 20)) for _ in range(parts))


def _stock(dice: Dice) -> str:
    return dice.choice(("600519", "000001", "300750", "00700.HK", "AAPL", "601398.SH"))


def _vin(dice: Dice) -> str:
    return "LSV" + dice.letters(14, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789")


MAKERS: Final[Mapping[str, Callable[[Dice], Any]]] = {
    "ts": lambda dice: EPOCH + dice.randint(0, 40_000_000),
    "ts_ms": lambda dice: (EPOCH + dice.randint(0, 40_000_000)) * 1000 + dice.randint(0, 999),
    "ts_ms_text": lambda dice: str((EPOCH + dice.randint(0, 40_000_000)) * 1000 + dice.randint(0, 999)),
    "ts_us": lambda dice: (EPOCH + dice.randint(0, 40_000_000)) * 10**6 + dice.randint(0, 999_999),
    "ts_ns": lambda dice: (EPOCH + dice.randint(0, 40_000_000)) * 10**9 + dice.randint(0, 999_999_999),
    "ts_float": lambda dice: EPOCH + dice.randint(0, 40_000_000) + dice.randint(0, 999) / 1000,
    "iso": lambda dice: _moment(dice).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    "compact_time": lambda dice: _moment(dice).strftime("%Y%m%d%H%M%S"),
    "compact_time_ms": lambda dice: _moment(dice).strftime("%Y%m%d%H%M%S") + dice.digits(3),
    "date": lambda dice: _moment(dice).strftime("%Y-%m-%d"),
    "date_compact": lambda dice: _moment(dice).strftime("%Y%m%d"),
    "old_date": lambda dice: f"{dice.randint(1965, 2003)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
    "http_date": lambda dice: _moment(dice).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    "order": lambda dice: _moment(dice).strftime("%Y%m%d%H%M%S") + dice.digits(dice.choice((4, 6, 8))),
    "order15": lambda dice: _not_luhn(dice, dice.choice(("86", "35", "24", "10")), 15),
    "order15_luhn": lambda dice: luhn(dice.choice(("24", "10", "77")) + dice.digits(12)),
    "order16": lambda dice: _not_luhn(dice, dice.choice(("62", "45", "20", "30")), 16),
    "order16_luhn": lambda dice: luhn(dice.choice(("20", "10", "77", "90")) + dice.digits(13)),
    "order19": lambda dice: _not_luhn(dice, dice.choice(("62", "20")), 19),
    "order18": _no_resident,
    "snowflake": lambda dice: str(1_790_000_000_000_000_000 + dice.randint(0, 10**17)),
    "eleven": lambda dice: dice.choice(("10", "11", "12", "20", "35", "90")) + dice.digits(9),
    "eleven_mobile": lambda dice: dice.choice(("138", "159", "186")) + dice.digits(8),
    "hotline": lambda dice: dice.choice(("400-", "800-", "400")) + dice.digits(3) + "-" + dice.digits(4),
    "short_number": lambda dice: dice.choice(("95588", "95555", "10086", "10010", "12306", "12315", "110")),
    "service_sender": lambda dice: "1069" + dice.digits(9),
    "fax": lambda dice: f"+86-21-{dice.randint(5, 6)}{dice.digits(7)}",
    "uuid": lambda dice: dice.uuid(),
    "uuid_upper": lambda dice: dice.uuid().upper(),
    "uuid_bare": lambda dice: dice.hex(32),
    "hex8": lambda dice: dice.hex(8),
    "hex12": lambda dice: dice.hex(12),
    "hex16": lambda dice: dice.hex(16),
    "hex32": lambda dice: dice.hex(32),
    "hex32_upper": lambda dice: dice.hex(32).upper(),
    "hex40": lambda dice: dice.hex(40),
    "hex64": lambda dice: dice.hex(64),
    "b64_16": lambda dice: base64.b64encode(bytes(dice.getrandbits(8) for _ in range(16))).decode(),
    "b64_32": lambda dice: base64.b64encode(bytes(dice.getrandbits(8) for _ in range(32))).decode(),
    "b64_long": lambda dice: base64.b64encode(bytes(dice.getrandbits(8) for _ in range(240))).decode(),
    "etag": lambda dice: f'W/"{dice.hex(4)}-{dice.letters(27)}"',
    "traceparent": lambda dice: f"00-{dice.hex(32)}-{dice.hex(16)}-01",
    "sentry_trace": lambda dice: f"{dice.hex(32)}-{dice.hex(16)}-1",
    "isbn": _isbn,
    "isbn10": lambda dice: f"7-{dice.digits(3)}-{dice.digits(5)}-{dice.digits(1)}",
    "ean": lambda dice: _ean("69" + dice.digits(10)),
    "uscc": _uscc,
    "old_org_code": lambda dice: f"{dice.digits(8)}-{dice.digits(1)}",
    "tax15": lambda dice: dice.choice(("310115", "440305")) + dice.digits(9),
    "vat_de": lambda dice: "DE" + dice.digits(9),
    "cnaps": lambda dice: dice.choice(("102", "103", "308")) + dice.digits(9),
    "bic": lambda dice: dice.choice(("ICBKCNBJSHI", "BKCHCNBJ300", "DEUTDEFF", "COBADEFFXXX")),
    "bin": lambda dice: dice.choice(("622202", "621700", "453201", "622848")),
    "parcel": lambda dice: dice.choice(("SF", "YT", "JDVC", "ZTO")) + dice.digits(13),
    "parcel_bare": lambda dice: dice.choice(("77", "43", "98")) + dice.digits(12),
    "part": lambda dice: f"{dice.letters(1, 'ABDK')}{dice.digits(5)}",
    "plate_like": lambda dice: f"{dice.choice(('A3-', 'B7-', 'K9-'))}{dice.letters(5, 'ABCDEFGH0123456789')}",
    "vin": _vin,
    "asset_at": lambda dice: f"{dice.choice(('banner', 'icon_home', 'btn_ok', 'splash'))}@{dice.choice((2, 3))}x.png",
    "npm_at": lambda dice: (
        f"@{dice.choice(('vue', 'tarojs', 'react'))}/{dice.choice(('core', 'runtime', 'dom'))}@{_version(dice)}"
    ),
    "email_like_host": lambda dice: f"git@{dice.choice(('github.com', 'gitlab.com'))}:acme/shop.git",
    "support_mail": lambda dice: dice.choice(
        ("support@acme-shop.com", "noreply@acme-shop.com", "kefu@acme-shop.com", "privacy@acme-shop.com")
    ),
    "sentry_dsn": lambda dice: f"https://{dice.hex(32)}@o{dice.digits(6)}.ingest.sentry.io/{dice.digits(7)}",
    "version": _version,
    "version4": lambda dice: _version(dice, 4),
    "build": lambda dice: dice.randint(100_000, 9_000_000),
    "price": lambda dice: dice.randint(99, 99_999) / 100,
    "price_text": lambda dice: f"{dice.randint(99, 99_999) / 100:.2f}",
    "rating": lambda dice: round(dice.uniform(1, 5), 1),
    "percent": lambda dice: round(dice.uniform(0, 100), 2),
    "screen_x": lambda dice: round(dice.uniform(0, 1080), 2),
    "screen_y": lambda dice: round(dice.uniform(0, 2400), 2),
    "small_float": lambda dice: round(dice.uniform(0, 1), 6),
    "latency": lambda dice: dice.randint(3, 180),
    "latency_float": lambda dice: round(dice.uniform(3, 180), 3),
    "bounds": lambda dice: (
        f"[{dice.randint(0, 500)},{dice.randint(0, 900)}][{dice.randint(500, 1080)},{dice.randint(900, 2400)}]"
    ),
    "server_ip": lambda dice: (
        f"{dice.choice((47, 120, 203, 8))}.{dice.randint(1, 250)}.{dice.randint(1, 250)}.{dice.randint(1, 250)}"
    ),
    "resolver": lambda dice: dice.choice(("8.8.8.8", "114.114.114.114", "223.5.5.5", "1.1.1.1", "119.29.29.29")),
    "private_ip": lambda dice: dice.choice(("127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.251")),
    "colour": lambda dice: "#" + dice.hex(dice.choice((6, 8))),
    "digits6": lambda dice: dice.digits(6),
    "digits8": lambda dice: dice.digits(8),
    "digits10": lambda dice: str(dice.randint(1, 9)) + dice.digits(9),
    "digits12": lambda dice: str(dice.randint(1, 9)) + dice.digits(11),
    "small": lambda dice: dice.randint(0, 100),
    "flag": lambda dice: dice.choice((0, 1)),
    "bucket": lambda dice: dice.randint(0, 9999),
    "sku": lambda dice: dice.digits(dice.choice((10, 11, 12, 13))),
    "tile": lambda dice: f"{dice.randint(10, 18)}/{dice.randint(1000, 220000)}/{dice.randint(1000, 120000)}",
    "bbox": lambda dice: "73.4997,18.1535,134.7754,53.5610",
    "adcode": lambda dice: dice.choice(("310000", "110000", "440100", "330100")),
    "currency": lambda dice: round(dice.uniform(0.5, 9), 4),
    "stock": _stock,
    "zero_mac": lambda dice: dice.choice(("02:00:00:00:00:00", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff")),
    "zero_uuid": lambda dice: "00000000-0000-0000-0000-000000000000",
    "zero_imei": lambda dice: dice.choice(("000000000000000", "unknown", "null", "")),
    "bad_android_id": lambda dice: dice.choice(("9774d56d682e549c", "0000000000000000", "unknown")),
    "own_package": lambda dice: "com.acme.shop",
    "class_name": lambda dice: dice.choice(
        ("com.acme.shop.ui.MainActivity", "com.acme.shop.SplashActivity", "android.app.Application")
    ),
    "sdk_list": lambda dice: [
        "com.umeng.analytics",
        "com.tencent.bugly",
        "com.squareup.okhttp3",
        "androidx.core",
        "com.facebook.react",
    ],
    "permission_list": lambda dice: [
        "android.permission.INTERNET",
        "android.permission.CAMERA",
        "android.permission.READ_CONTACTS",
    ],
    "asset_list": lambda dice: [f"chunk-{dice.hex(8)}.js" for _ in range(4)],
    "masked_phone": lambda dice: "138****" + dice.digits(4),
    "masked_id": lambda dice: "310***********" + dice.digits(4),
    "placeholder_name": lambda dice: dice.choice(("未登录", "guest", "anonymous", "null", "undefined")),
    "company": lambda dice: dice.choice(("上海极光科技有限公司", "Acme Shop Ltd.", "北京字节跳动科技有限公司")),
    "product": lambda dice: dice.choice(
        ("可口可乐330ml*24", "iPhone 15 Pro Max 手机壳", "王老吉凉茶", "李宁跑步鞋男款", "张小泉剪刀")
    ),
    "shop_address": lambda dice: "上海市浦东新区世纪大道8号国金中心商场L1-23号店",
    "template_text": lambda dice: dice.choice(
        ("请输入手机号", "请输入您的姓名", "Enter your e-mail", "身份证号码格式不正确")
    ),
    "mime": lambda dice: dice.choice(("image/webp", "application/json", "video/mp4")),
    "cron": lambda dice: "0 0 12 * * ?",
    "phone_format": lambda dice: r"^1[3-9]\d{9}$",
    "cdn_url": lambda dice: f"https://img{dice.randint(1, 9)}.acme-cdn.com/p/{dice.hex(32)}.jpg",
    "font": lambda dice: dice.choice(("PingFangSC-Regular", "Roboto-Medium")),
}
