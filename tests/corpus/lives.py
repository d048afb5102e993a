"""Who invented people are, and what is on their phones."""

from __future__ import annotations

import base64
from typing import Any

from corpus.dice import Dice, chinese_name, luhn, mobile_number, words

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _resident_id(dice: Dice, birth: tuple[int, int, int], *, male: bool) -> str:
    order = dice.randint(0, 49) * 2 + (1 if male else 0)
    body = dice.choice(words()["regions"]) + "{:04}{:02}{:02}".format(*birth) + f"{dice.randint(0, 9)}{order:02}"
    total = sum(int(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def identity(dice: Dice) -> dict[str, Any]:
    male = dice.random() < 0.5
    year, month, day = birth = dice.day(1962, 2004)
    phone, abroad = mobile_number(dice), dice.choice(words()["foreign_numbers"]) + dice.digits(6)
    western = f"{dice.choice(words()['western_given'])} {dice.choice(words()['western_family'])}"
    handle = western.lower().replace(" ", dice.choice((".", "_", ""))) + dice.digits(3)
    home = dice.choice(words()["districts"]) + dice.choice(words()["roads"])
    home += f"{dice.randint(2, 3000)}号{dice.randint(1, 30)}栋{dice.randint(101, 3302)}室"
    return {
        "person.name": chinese_name(dice),
        "person.name:western": western,
        "person.name:given": western.split(maxsplit=1)[0],
        "person.name:family": western.split()[1],
        "person.birth_age": f"{year}-{month:02}-{day:02}",
        "person.birth_age:compact": f"{year}{month:02}{day:02}",
        "person.birth_age:age": 2024 - year,
        "person.gender": "男" if male else "女",
        "person.gender:word": "male" if male else "female",
        "person.gender:code": 1 if male else 2,
        "person.ethnicity_nationality": dice.choice(("汉族", "回族", "满族", "维吾尔族", "壮族")),
        "person.address": home,
        "person.address:western": f"{dice.randint(2, 9000)} {dice.choice(words()['western_roads'])}",
        "person.phone": "+86" + phone,
        "person.phone:national": phone,
        "person.phone:country": "86" + phone,
        "person.phone:head": phone[:3],
        "person.phone:tail": phone[3:],
        "person.phone:spaced": f"{phone[:3]} {phone[3:7]} {phone[7:]}",
        "person.phone:dashed": f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
        "person.phone:abroad": abroad,
        "person.phone:zeros": "0086" + phone,
        "person.email": f"{handle}@{dice.choice(words()['mail_domains'])}",
        "person.avatar_nick": dice.choice(words()["nicks"]) + dice.digits(2),
        "person.avatar_nick:url": f"https://thirdwx.qlogo.cn/mmopen/vi_32/{dice.letters(86)}/132",
        "person.national_id": _resident_id(dice, birth, male=male),
        "person.family_marital": dice.choice(("已婚", "未婚", "离异")),
        "person.belief": dice.choice(("佛教", "基督教", "伊斯兰教", "Catholic")),
        "person.sexual_orientation": dice.choice(("heterosexual", "homosexual", "bisexual")),
        "person.criminal_record": dice.choice(("无犯罪记录", "2016年盗窃罪")),
        "person.employment_education": dice.choice(("本科", "硕士研究生", "大专", "中学教师", "软件工程师")),
        "person.minor": True,
    }


def life(dice: Dice) -> dict[str, Any]:
    people = [{"name": chinese_name(dice), "phone": "+86" + mobile_number(dice)} for _ in range(5)] + [
        {
            "name": f"{dice.choice(words()['western_given'])} {dice.choice(words()['western_family'])}",
            "phone": mobile_number(dice),
        }
    ]
    image = base64.b64encode(_jpeg(dice)).decode()
    card = luhn(dice.choice(words()["card_ranges"]) + dice.digits(12))
    return {
        "comm.contacts": people,
        "comm.contacts:renamed": [{"displayName": p["name"], "phoneNumbers": [p["phone"]]} for p in people],
        "comm.contacts:short": [{"n": p["name"], "p": p["phone"]} for p in people],
        "comm.social_graph": [str(dice.randint(10**8, 10**9)) for _ in range(6)],
        "comm.call_log": [
            {
                "number": dice.choice(people)["phone"],
                "type": dice.randint(1, 3),
                "date": 1_718_000_000_000 + dice.randint(0, 10**9),
                "duration": dice.randint(0, 900),
            }
            for _ in range(5)
        ],
        "comm.sms": [
            {"address": sender, "body": body, "date": 1_718_000_000_000 + dice.randint(0, 10**9), "type": 1}
            for sender, body in dice.sample(words()["sms"], 3)
        ],
        "comm.email_content": dice.choice(words()["mails"]),
        "comm.im_content": dice.choice(words()["chats"]),
        "fin.bank_account": card,
        "fin.bank_account:spaced": " ".join(card[at : at + 4] for at in range(0, len(card), 4)),
        "fin.bank_account:western": luhn(dice.choice(("4532", "4916", "5425", "5110")) + dice.digits(11)),
        "fin.bank_account:iban": _iban(dice),
        "fin.auth_secret": dice.choice(("Tz", "qW", "Lm")) + dice.letters(7) + "#" + dice.digits(2),
        "fin.auth_secret:code": dice.digits(6),
        "fin.transactions": [
            {
                "orderNo": dice.digits(18),
                "amount": dice.randint(100, 99999) / 100,
                "payTime": "2024-06-11 12:40:09",
                "merchant": "盒马鲜生",
            }
            for _ in range(3)
        ],
        "fin.assets_income": dice.choice((8000, 12500, 23000)),
        "fin.credit": dice.randint(550, 830),
        "health.medical": dice.choice(words()["diagnoses"]),
        "health.body_vitals": dice.randint(58, 120),
        "health.body_vitals:height": dice.randint(150, 195),
        "health.body_vitals:weight": round(dice.uniform(45, 98), 1),
        "health.fitness": dice.randint(900, 23000),
        "person.id_document_image": image,
        "bio.face": image,
        "bio.face:vector": base64.b64encode(bytes(dice.getrandbits(8) for _ in range(512))).decode(),
        "bio.voiceprint": base64.b64encode(
            b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(dice.getrandbits(8) for _ in range(90))
        ).decode(),
        "bio.other": base64.b64encode(bytes(dice.getrandbits(8) for _ in range(256))).decode(),
        "sens.motion": [
            [round(dice.gauss(0, 0.4), 4), round(dice.gauss(0.1, 0.4), 4), round(dice.gauss(9.79, 0.1), 4)]
            for _ in range(5)
        ],
        "sens.camera": image,
        "sens.microphone": base64.b64encode(b"#!AMR\n" + bytes(dice.getrandbits(8) for _ in range(90))).decode(),
        "sens.screen": image,
        "media.photos_videos": [
            f"/storage/emulated/0/DCIM/Camera/IMG_{dice.randint(20240110, 20240128)}_{dice.digits(6)}.jpg"
            for _ in range(4)
        ],
        "media.files": [
            f"/storage/emulated/0/{dice.choice(('Download', 'Documents'))}/{name}"
            for name in dice.sample(words()["files"], 3)
        ],
        "misc.clipboard": f"{dice.letters(9)} 复制这段描述打开淘宝 {dice.digits(5)}",
        "misc.calendar": [
            {"title": title, "dtstart": 1_719_000_000_000 + dice.randint(0, 10**9), "eventLocation": "上海"}
            for title in dice.sample(words()["appointments"], 3)
        ],
        "misc.notifications_accessibility": [
            {"pkg": "com.tencent.mm", "title": people[0]["name"], "text": dice.choice(words()["chats"])}
        ],
        "beh.app_interaction": dice.choice(("btn_buy_click", "page_view", "tab_home_tap", "item_exposure")),
        "beh.browsing": f"https://www.dianping.com/shop/{dice.letters(12)}",
        "beh.search": dice.choice(words()["searches"]),
        "beh.profile": dice.sample(words()["tags"], 3),
        "beh.ad_attribution": f"utm_source=google-play&utm_medium=organic&gclid={dice.letters(24)}",
        "beh.diagnostics": words()["crash"],
        "beh.ugc": dice.choice(words()["comments"]),
        "consent.state": "CP"
        + dice.letters(5)
        + "APwAAAGABCENAbEgAP_gAEPgAAqIKZtV9W7dLXlnoXpnAZNkYQYV3VkQ"
        + dice.letters(8),
    }


def _iban(dice: Dice) -> str:
    account = dice.choice(("37040044", "10010010", "50010517")) + dice.digits(10)
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}"


def _jpeg(dice: Dice) -> bytes:
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00C\x00"
    return head + bytes(dice.getrandbits(8) for _ in range(900)) + b"\xff\xd9"
