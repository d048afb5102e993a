from __future__ import annotations

import base64

import pytest
from unknown import REF, seen, types
from wire import taxonomy

from analyzer.analysis.decode import Leaf
from analyzer.analysis.detect_holder import detect_held, held_by, holders_of, media_of
from analyzer.model.vocabulary import Where

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + bytes(range(200))
AMR = b"#!AMR\n" + bytes(range(200))


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (
            {"callLog": [{"number": "13370224174", "duration": "31"}, {"number": "10086", "duration": "5"}]},
            "comm.call_log",
        ),
        ({"smsList": [{"address": "95588", "body": "您尾号1234的卡"}]}, "comm.sms"),
        (
            {"bills": [{"amount": "31.5", "merchant": "盒马鲜生"}, {"amount": "2.5", "merchant": "x"}]},
            "fin.transactions",
        ),
        ({"events": [{"title": "Dentist", "dtstart": "1719000000000"}]}, "misc.calendar"),
        ({"notifications": [{"pkg": "com.tencent.mm", "text": "see you"}]}, "misc.notifications_accessibility"),
        ({"friends": ["31415926", "27182818"]}, "comm.social_graph"),
        ({"itinerary": {"flightNo": "MU5101", "from": "上海", "to": "北京"}}, "loc.lodging_itinerary"),
    ],
)
def test_a_container_tells_what_it_holds(document, kind):
    assert kind in types(document)


@pytest.mark.parametrize(
    "document",
    [
        {"events": [{"name": "purchase_done", "time": "1719000000"}]},
        {"calls": ["31", "32"]},
        {"transactions": [{"id": "1"}]},
        {"friends": ["31415926"]},
    ],
)
def test_a_container_without_what_belongs_in_it_tells_nothing(document):
    assert not {kind for kind, _ in seen(document)} & {
        "misc.calendar",
        "comm.call_log",
        "fin.transactions",
        "comm.social_graph",
    }


@pytest.mark.parametrize(
    ("key", "data", "kind"),
    [
        ("screenshot", JPEG, ["sens.screen"]),
        ("camera_photo", base64.b64encode(JPEG), ["sens.camera"]),
        ("audioData", AMR, ["sens.microphone"]),
        ("voiceprint", base64.b64encode(AMR), ["bio.voiceprint"]),
        ("icon", JPEG, []),
        ("screenshot", AMR, []),
        ("screenshot", b"none" * 20, []),
    ],
)
def test_a_picture_or_a_sound_is_told_by_its_bytes_and_its_name(key, data, kind):
    leaf = Leaf(REF, Where.BODY, f"json:$.{key}", key, data, textual=data.isascii())
    assert [one.data_type for one in detect_held([leaf], taxonomy().clues)] == kind


def test_bytes_are_told_by_how_they_begin():
    assert media_of(b"RIFF\x24\x08\x00\x00WAVEfmt ") == "sound"
    assert media_of(base64.b64encode(b"RIFF\x24\x08\x00\x00WAVEfmt ")) == "sound"
    assert media_of(base64.b64encode(b"RIFF\x24\x08\x00\x00WEBPVP8 ")) == "image"
    assert media_of(b"hello") == ""


def test_the_container_is_found_on_the_way():
    found = held_by("form:d>json:$.a.callLog[3].number", taxonomy().clues)
    assert found is not None
    assert found[0] == "form:d>json:$.a.callLog"
    assert held_by("json:$.a.b", taxonomy().clues) is None


def test_the_leaves_that_stand_in_a_telling_container_are_those_whose_paths_are_found():
    clues = taxonomy().clues
    paths = (
        "json:$.callLog[0].number", "json:$.callLog[0].duration", "json:$.events[3].title", "json:$.x.y", "callLog",
        "json:$.a.smsList", "json:$.a.smsList[1]", "json:$.a.b", "form:bills", "." * 500 + "callLog", "", ".callLog",
    )  # fmt: skip
    leaves = [Leaf(REF, Where.BODY, path, "", b"1") for path in paths]
    held = [leaf.path for leaf in holders_of(clues).holding(leaves)]
    assert held == [path for path in paths if held_by(path, clues) is not None]
    assert "json:$.callLog[0].duration" in held
    assert "json:$.x.y" not in held
