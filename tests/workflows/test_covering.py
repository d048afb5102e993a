from __future__ import annotations

import hashlib
from xml.sax.saxutils import quoteattr

import pytest

from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, Screen
from analyzer.workflows.covering import regions

IMEI = "867431059238179"
AT = "[10,20][300,60]"


def node(text: str = "", bounds: str = AT, **more: str) -> str:
    attributes = {"text": text, "bounds": bounds, **{name.replace("_", "-"): value for name, value in more.items()}}
    return "<node " + " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items()) + "/>"


def covered(*nodes: str, hierarchy: str | None = None):
    text = f'<hierarchy><node bounds="[0,0][1080,2400]">{"".join(nodes)}</node></hierarchy>'
    data = (text if hierarchy is None else hierarchy).encode()
    blob = Blob("screens/x.xml", hashlib.sha256(data).hexdigest(), len(data))
    screen = Screen(1, "recorder", Stamp(0, 0), "test", "com.example", "", True, blob)
    return regions("1-accept", screen, lambda _recording, _blob: data, lambda text: IMEI in text)


def test_only_texts_with_personal_values_are_covered_with_what_is_said_of_them():
    found = covered(node("Hello"), node(f"IMEI: {IMEI}"), node("", "[0,100][9,200]", content_desc=IMEI))
    assert found.boxes == ((10, 20, 300, 60), (0, 100, 9, 200))
    assert found.frame == (1080, 2400)


def test_a_password_is_covered_whatever_it_is():
    assert covered(node("hunter2", password="true")).boxes == ((10, 20, 300, 60),)


def test_a_screen_without_any_such_text_is_shown_as_it_is():
    assert covered(node("Hello")).boxes == ()


def test_a_window_on_the_screen_gives_no_frame():
    window = f'<hierarchy><node bounds="[40,80][90,99]">{node(IMEI)}</node></hierarchy>'
    assert covered(hierarchy=window).frame == (0, 0)


@pytest.mark.parametrize("hierarchy", ["", "<hierarchy/>", "no xml", "<!DOCTYPE x><hierarchy/>"])
def test_a_screen_whose_texts_are_not_known_is_not_shown(hierarchy):
    assert covered(hierarchy=hierarchy) is None


def test_a_value_without_a_place_keeps_the_whole_screen_back():
    assert covered(node(IMEI, "")) is None
    assert covered(node(IMEI, "[5,5][5,9]")) is None


def test_a_screen_without_a_hierarchy_or_with_a_missing_one_is_not_shown():
    def missing(_recording, _blob):
        raise KeyError

    bare = Screen(1, "recorder", Stamp(0, 0), "test", "com.example", "", False)
    assert regions("1-accept", bare, missing, lambda _: False) is None
    lost = Screen(1, "recorder", Stamp(0, 0), "test", "com.example", "", True, Blob("screens/x.xml", "0" * 64, 1))
    assert regions("1-accept", lost, missing, lambda _: False) is None
