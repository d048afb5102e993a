"""Composes screens from texts: dialogs that ask for consent, and ordinary screens with the same words in them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parent / "data" / "consent_corpus.yaml"
WIDTH = 1080


@dataclass
class Sheet:
    """A hierarchy in the making: views one below the other, some of them side by side."""

    nodes: list[str] = field(default_factory=list)
    top: int = 120

    def view(
        self, text: str, kind: str = "TextView", *, left: int = 60, right: int = WIDTH - 60, **flags: object
    ) -> None:
        self.nodes.append(self._node(text, kind, left, right, flags) + "</node>")
        self.top += 110

    def row(self, text: str) -> None:
        """A row of a list: what can be touched is the box around the words."""
        inner = self._node(text, "TextView", 100, WIDTH - 100, {}) + "</node>"
        self.nodes.append(self._node("", "LinearLayout", 0, WIDTH, {"clickable": "true"}) + inner + "</node>")
        self.top += 130

    def side_by_side(self, labels: list[str]) -> None:
        wide = (WIDTH - 120) // len(labels)
        for place, label in enumerate(labels):
            left = 60 + place * wide
            self.nodes.append(self._node(label, "Button", left, left + wide - 20, {"clickable": "true"}) + "</node>")
        self.top += 130

    def _node(self, text: str, kind: str, left: int, right: int, flags: dict[str, object]) -> str:
        more = "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in flags.items())
        bounds = f"[{left},{self.top}][{right},{self.top + 100}]"
        words = escape(text, quote=True)
        return f'<node text="{words}" class="android.widget.{kind}" package="com.example" bounds="{bounds}"{more}>'

    def xml(self) -> str:
        frame = f'<node text="" class="android.widget.FrameLayout" package="com.example" bounds="[0,0][{WIDTH},2400]">'
        return f'<?xml version="1.0"?><hierarchy rotation="0">{frame}{"".join(self.nodes)}</node></hierarchy>'


def texts() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(CORPUS.read_text(encoding="utf-8")))


def dialogs(words: dict[str, Any], *, held_out: bool) -> Iterator[tuple[str, list[str], str, str]]:
    """Give hierarchy, texts, the label that accepts and the one that refuses, for every text with every pair."""
    for number, said in enumerate(words["dialogs"]):
        for place, (accept, refuse) in enumerate(words["answers"]):
            if (number % 2 == 1 or place % 2 == 1) is not held_out:
                continue
            for arrangement in range(4):
                yield _dialog(said, accept, refuse, arrangement, words), said, accept, refuse


def _dialog(said: list[str], accept: str, refuse: str, arrangement: int, words: dict[str, Any]) -> str:
    sheet = Sheet()
    for text in said:
        sheet.view(text)
    if arrangement == 0:
        sheet.side_by_side([refuse, accept])
    elif arrangement == 1:
        sheet.view(accept, "Button", clickable="true")
        sheet.view(refuse, "TextView", clickable="true")
    elif arrangement == 2:
        sheet.view(next(row for row in words["rows"] if row == words["rows"][3]), clickable="true")
        sheet.side_by_side([accept, refuse])
    else:
        sheet.row(accept)
        sheet.row(refuse)
    return sheet.xml()


def ordinary(words: dict[str, Any], seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Give the kind and the hierarchy of so many ordinary screens; equal seeds give equal screens."""
    dice = random.Random(seed)
    kinds = (_settings, _chat, _article, _legal, _shop, _login, _question, _tutorial, _menu)
    for number in range(count):
        make = kinds[number % len(kinds)]
        sheet = Sheet()
        make(sheet, words, dice)
        yield make.__name__.strip("_"), sheet.xml()


def _some(dice: random.Random, items: list[Any], least: int, most: int) -> list[Any]:
    return dice.sample(items, min(len(items), dice.randint(least, most)))


def _settings(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    for label in _some(dice, words["rows"], 5, 14):
        sheet.row(label)
    if dice.random() < 0.5:
        sheet.view(dice.choice(words["buttons"]), "Button", clickable="true")


def _menu(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    for label in _some(dice, words["rows"], 2, 5):
        sheet.view(label, "Button", clickable="true")


def _chat(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    for message in _some(dice, words["chats"], 3, 8):
        sheet.view(message, clickable=str(dice.random() < 0.3).lower())
    sheet.view("", "EditText")
    sheet.view(dice.choice(words["buttons"]), "Button", clickable="true")


def _article(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    for text in _some(dice, words["paras"], 1, 3):
        sheet.view(text)
    sheet.side_by_side(_some(dice, words["buttons"], 2, 3))


def _legal(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    sheet.view(words["rows"][3])
    for text in words["paras"][:3]:
        sheet.view(text)
    if dice.random() < 0.6:
        sheet.view(words["buttons"][7], "Button", clickable="true")


def _shop(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    sheet.view(dice.choice(words["paras"][-2:]))
    sheet.view(f"{dice.randint(3, 900)},99 €")
    sheet.side_by_side(words["buttons"][:2])
    for label in _some(dice, words["rows"], 0, 3):
        sheet.view(label, clickable="true")


def _login(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    name, password, remember, offers, *_ = words["fields"]
    for label in (name, password):
        sheet.view(label)
        sheet.view("", "EditText", password=str(label == password).lower())
    for label in _some(dice, [remember, offers], 1, 2):
        sheet.view(label, "CheckBox", clickable="true", checkable="true")
    sheet.view(words["buttons"][9], "Button", clickable="true")


def _question(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    text, *answers = dice.choice(words["asks"])
    sheet.view(text)
    if dice.random() < 0.3:
        sheet.view(dice.choice(words["chats"]))
    dice.shuffle(answers)
    sheet.side_by_side(answers)


def _tutorial(sheet: Sheet, words: dict[str, Any], dice: random.Random) -> None:
    sheet.view(words["paras"][-1])
    sheet.side_by_side(words["buttons"][5:7])
