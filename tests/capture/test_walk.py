from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from scripted_device import ScriptedDevice, SeenArea, texts

from analyzer.capture import walk
from analyzer.capture.journal import Journal
from analyzer.capture.operator import Operator
from analyzer.capture.walk import Walk
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import GapKind, MarkKind, Strategy

LONG = "隐私政策 " + "我们保护您的信息。" * 40
POLICIES = {"隐私政策", "法律与隐私政策"}
PATHS = {"设置", "关于", "我的", "通用", "法律"}


class Phone(ScriptedDevice):
    """A scripted device with a way back."""

    def __init__(self, screens, moves) -> None:
        super().__init__(screens, moves)
        self.current = "main"
        self.way = []

    def tap(self, x, y) -> None:
        before = self.current
        super().tap(x, y)
        if self.current != before:
            self.way.append(before)

    def back(self) -> None:
        self.current = self.way.pop()


class OneWay(ScriptedDevice):
    """A scripted device without a way back."""

    def __init__(self, screens, moves) -> None:
        super().__init__(screens, moves)
        self.current = "main"


@dataclass(frozen=True)
class Link:
    label: str
    bounds: SeenArea
    policy: bool


@dataclass(frozen=True)
class Page:
    text: str
    links: list[Link] = field(default_factory=list)
    asks: bool = False
    names_policy: bool = False


def read(xml: str) -> Page:
    words = texts(xml)
    links = [
        Link(word, SeenArea((50, row * 100 + 50)), word in POLICIES)
        for row, word in enumerate(words)
        if word in PATHS | POLICIES
    ]
    links.sort(key=lambda link: not link.policy)
    return Page(" ".join(words), links, "同意" in words, any("隐私政策" in word for word in words))


@pytest.fixture(autouse=True)
def _fast(monkeypatch) -> None:
    monkeypatch.setattr(walk, "LOADING_S", 0.05)
    monkeypatch.setattr(walk, "LOOK_AGAIN_S", 0.01)


def walked(sink, read_screen, device, alive=lambda: True):
    journal = Journal(sink)
    Walk(device, Operator(device, journal, read_screen, Strategy.ACCEPT), journal, read, alive).go()
    kinds = (MarkKind.POLICY_REACHED, MarkKind.POLICY_NOT_FOUND)
    marked = [(mark.kind, mark.details) for mark in sink.of(Mark) if mark.kind in kinds]
    return marked + [(gap.kind, {"why": gap.why}) for gap in sink.of(Gap) if gap.kind is GapKind.WALK_INCOMPLETE]


def chain(*labels, end=LONG):
    """An app whose pages follow one another, each with one link beside something else to touch."""
    names = ["main", *(f"page{number}" for number in range(1, len(labels))), "end"]
    screens = {name: ("购买", label) for name, label in zip(names, labels, strict=False)} | {"end": (end,)}
    return screens, dict(zip(labels, names[1:], strict=True))


def test_the_operations_of_the_way_are_counted_and_the_app_is_put_back(sink, read_screen):
    device = Phone(*chain("设置", "关于", "隐私政策"))
    ((kind, details),) = walked(sink, read_screen, device)
    assert (kind, details["operations"], details["way"]) == (MarkKind.POLICY_REACHED, "3", "设置 > 关于 > 隐私政策")
    assert int(details["characters"]) > 200
    assert device.current == "main"
    assert "购买" not in device.taps


def test_a_near_way_is_found_before_a_far_one(sink, read_screen):
    screens = {
        "main": ("我的", "设置"), "我的": ("通用",), "通用": ("关于",), "关于": ("法律",), "法律": ("隐私政策",),
        "设置": ("隐私政策",), "end": (LONG,),
    }  # fmt: skip
    moves = {name: name for name in screens} | {"隐私政策": "end"}
    ((kind, details),) = walked(sink, read_screen, Phone(screens, moves))
    assert (kind, details["way"]) == (MarkKind.POLICY_REACHED, "设置 > 隐私政策")


def test_a_way_of_more_than_four_operations_is_found_and_counted(sink, read_screen):
    ((kind, details),) = walked(sink, read_screen, Phone(*chain("我的", "设置", "通用", "关于", "法律", "隐私政策")))
    assert (kind, details["operations"]) == (MarkKind.POLICY_REACHED, "6")


def test_an_app_without_a_way_is_searched_and_put_back(sink, read_screen):
    device = Phone({"main": ("设置",), "page": ("关于", "购买"), "end": ("版本 1",)}, {"设置": "page", "关于": "end"})
    ((kind, details),) = walked(sink, read_screen, device)
    assert (kind, device.current, details["touches"]) == (MarkKind.POLICY_NOT_FOUND, "main", "4")


def test_a_link_whose_page_stays_empty_is_noted_with_its_length(sink, read_screen):
    ((kind, details),) = walked(sink, read_screen, Phone(*chain("隐私政策", end="加载中")))
    assert (kind, details["characters"]) == (MarkKind.POLICY_REACHED, "3")


@pytest.mark.parametrize("about", ["服务条款", "本页列出各项条款。" * 40])
def test_a_page_that_leads_on_to_the_policy_is_not_the_policy(sink, read_screen, about):
    screens = {"main": ("购买", "法律与隐私政策"), "hub": (about, "隐私政策"), "end": (LONG,)}
    ((kind, details),) = walked(sink, read_screen, Phone(screens, {"法律与隐私政策": "hub", "隐私政策": "end"}))
    assert (kind, details["way"]) == (MarkKind.POLICY_REACHED, "法律与隐私政策 > 隐私政策")
    assert details["characters"] == str(len(LONG.strip()))


@pytest.mark.parametrize("text", [LONG, LONG * 4])
def test_a_policy_that_links_to_itself_is_the_policy(sink, read_screen, text):
    device = Phone({"main": ("法律与隐私政策",), "end": (text, "隐私政策")}, {"法律与隐私政策": "end"})
    ((kind, details),) = walked(sink, read_screen, device)
    assert (kind, details["operations"]) == (MarkKind.POLICY_REACHED, "1")
    assert len(device.taps) == (2 if text == LONG else 1)


def test_a_question_in_the_way_ends_the_search_untouched(sink, read_screen):
    device = Phone({"main": ("设置",), "asks": ("同意", "不同意")}, {"设置": "asks"})
    ((kind, details),) = walked(sink, read_screen, device)
    assert (kind, device.taps) == (GapKind.WALK_INCOMPLETE, ["设置"])
    assert "question" in details["why"]


def test_a_device_without_a_way_back_still_finds_what_lies_ahead(sink, read_screen):
    ((kind, _),) = walked(sink, read_screen, OneWay(*chain("设置", "隐私政策")))
    assert kind is MarkKind.POLICY_REACHED


def test_an_app_that_ends_ends_the_search(sink, read_screen):
    ((kind, details),) = walked(sink, read_screen, Phone(*chain("设置", "隐私政策")), alive=lambda: False)
    assert kind is GapKind.WALK_INCOMPLETE
    assert "the app ended" in details["why"]


def test_an_endless_app_is_given_up(sink, read_screen, monkeypatch):
    monkeypatch.setattr(walk, "MOST_TOUCHES", 5)
    names = [f"p{number}" for number in range(9)]
    screens = {"main": ("设置", "关于")} | {name: ("设置", "关于", name) for name in names}

    class Endless(Phone):
        def tap(self, x, y):
            super().tap(x, y)
            self.way.append(self.current)
            self.current = names[len(self.way) % len(names)]

    device = Endless(screens, {})
    ((kind, _),) = walked(sink, read_screen, device)
    assert (kind, len(device.taps)) == (GapKind.WALK_INCOMPLETE, 5)


EXPLAINS = ("权限说明", "需要您的位置权限，用于显示附近的天气。", "以后再说", "知道了")


def test_a_dialog_that_explains_a_permission_is_closed_before_the_search(sink, read_screen):
    device = Phone({"main": EXPLAINS, "home": ("隐私政策",), "page": (LONG,)}, {"以后再说": "home", "隐私政策": "page"})
    walked(sink, read_screen, device)
    assert device.taps[:2] == ["以后再说", "隐私政策"]
    assert MarkKind.POLICY_REACHED in [mark.kind for mark in sink.of(Mark)]
    assert sink.of(Gap) == []


@pytest.mark.parametrize("stays", [EXPLAINS, ("个人信息保护提示", "同意", "不同意")])
def test_a_window_that_stays_in_the_way_is_a_gap_and_no_silence(sink, read_screen, stays):
    walked(sink, read_screen, Phone({"main": stays}, {}))
    (gap,) = sink.of(Gap)
    assert gap.kind is GapKind.WALK_INCOMPLETE
    assert "lies over the app's screen" in gap.why
