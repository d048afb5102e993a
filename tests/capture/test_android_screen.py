from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from analyzer.capture import android_screen
from analyzer.capture.android_screen import AndroidScreen, DumpedHierarchies
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem

XML = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\"><node text=\"{}\" "
    'class="android.widget.TextView" package="com.example" clickable="true" bounds="[0,0][100,100]" /></hierarchy>'
)


class Shown:
    """An app that shows one text and notes what was touched."""

    def __init__(self, double):
        double.add_package("com.example")
        double.screens["com.example"] = self.ask
        self.text, self.asked, self.busy, self.behind = "同意 & ≤ 'x'", [], False, ""
        picture = io.BytesIO()
        Image.new("RGB", (9, 9), "red").save(picture, "PNG")
        self.png = picture.getvalue()

    def ask(self, question):
        self.asked.append({key: value for key, value in question.items() if key not in {"event", "package"}})
        if question["what"] == "hierarchy":
            return {"busy": self.busy, "xml": XML.format(self.text.replace("&", "&amp;")), "activity": ".MainActivity"}
        if question["what"] == "back":
            self.text = self.behind or self.text
        return {"png": base64.b64encode(self.png).decode()}

    def count(self, what):
        return sum(question["what"] == what for question in self.asked)


@pytest.fixture(scope="module")
def device(shared_android):
    return shared_android()


@pytest.fixture
def double(device):
    """Lend the file's device to one test, which leaves it as it was, byte for byte."""
    before = lasting(device)
    yield device
    if "com.example" in device.read("packages"):
        device.end("com.example")
    device.change("extra", to={})
    assert lasting(device) == before


def lasting(double) -> dict:
    """Leave out what runs: the double's own programs take their time to end."""
    return {part: seen for part, seen in double.snapshot().items() if part not in {"processes", "mounts"}}


@pytest.fixture
def shown(double):
    return Shown(double)


@pytest.fixture
def screen(double, shown):
    shell = AndroidShell(double.serial, double.server)
    shell.run("am", "start", "-n", "com.example/.MainActivity")
    return AndroidScreen(shell, DumpedHierarchies(shell))


def test_a_look_gives_hierarchy_picture_package_and_activity(screen, shown):
    look = screen.look()
    assert "同意 &amp; ≤" in look.hierarchy
    assert look.screenshot == shown.png
    assert (look.package, look.activity) == ("com.example", "com.example.MainActivity")


def test_a_picture_is_taken_only_where_the_screen_has_changed(screen, shown):
    first = screen.look()
    assert screen.look() == first
    assert shown.count("picture") == 1
    shown.text = "另一个"
    assert screen.look() != first
    assert shown.count("picture") == 2


def test_a_window_that_forbids_pictures_gives_none(screen, shown):
    shown.png = b"not a picture"
    assert screen.look().screenshot == b""


def test_a_screen_that_does_not_rest_is_one_sentence_and_leaves_no_file(screen, shown, double):
    shown.busy = True
    with pytest.raises(EnvironmentProblem, match="could not get idle state"):
        screen.look()
    assert AndroidShell(double.serial, double.server).run("ls", "-A", "/data/local/tmp").out == ""


def test_touches_and_keys_arrive(screen, shown):
    screen.tap(540, 1200)
    assert shown.asked[-1] == {"what": "tap", "x": 540, "y": 1200}
    screen.home()
    assert shown.asked[-1] == {"what": "home"}
    assert screen.look().package == "com.android.launcher3"


def test_back_is_over_when_another_screen_is_shown(screen, shown):
    shown.behind = "设置"
    screen.back()
    assert {"what": "back"} in shown.asked
    assert "设置" in screen.look().hierarchy


def test_back_in_an_app_that_stays_as_it_is_comes_to_an_end(screen, shown, monkeypatch):
    monkeypatch.setattr(android_screen, "_LEAVES_WITHIN_S", 0.0)
    before = screen.look()
    screen.back()
    assert screen.look() == before


@pytest.mark.parametrize("dark", ["Asleep", "Dozing"])
def test_the_screen_goes_off_and_on_and_a_lock_without_a_secret_away(screen, double, dark):
    double.change("extra", "lock", to="swipe")
    double.change("extra", "dark", to=dark)
    screen.sleep()
    assert (double.read("extra", "screen"), double.read("extra", "locked")) == ("off", True)
    screen.wake()
    assert double.read("extra", "screen") == "on"
    assert "locked" not in double.snapshot()["extra"]


def test_a_screen_that_does_not_go_off_is_said_and_one_that_does_not_go_on_too(screen, double, monkeypatch):
    monkeypatch.setattr(android_screen, "_SWITCHES_WITHIN_S", 0.0)
    double.change("extra", "stuck", to=True)
    with pytest.raises(EnvironmentProblem, match="does not go off"):
        screen.sleep()
    double.change("extra", "screen", to="off")
    with pytest.raises(EnvironmentProblem, match="does not go on"):
        screen.wake()


def test_a_screen_whose_lock_asks_for_a_secret_is_left_on(screen, double):
    double.change("extra", "says_secure", to=True)
    with pytest.raises(EnvironmentProblem, match="asks for a PIN, a pattern or a password"):
        screen.sleep()
    assert "screen" not in double.snapshot()["extra"]


def test_a_lock_that_comes_back_is_said_with_what_to_do_and_the_screen_is_on(screen, double, monkeypatch):
    double.change("extra", "lock", to="secure")
    screen.sleep()
    monkeypatch.setattr(android_screen, "_SWITCHES_WITHIN_S", 0.0)
    with pytest.raises(EnvironmentProblem, match="only its owner can open it; unlock it"):
        screen.wake()
    assert double.read("extra", "screen") == "on"
