"""Seeded sources of the raw stuff that identifiers are made of."""

from __future__ import annotations

import random
import string
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.packs.yaml_text import load_safe

DATA = Path(__file__).parent / "data"


@cache
def words() -> dict[str, Any]:
    return load_safe((DATA / "words.yaml").read_text(encoding="utf-8"))


def luhn(digits: str) -> str:
    """Append the check digit of Luhn."""
    total = 0
    for at, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if at % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return digits + str(-total % 10)


class Dice(random.Random):
    """A seeded source of the raw stuff that identifiers are made of."""

    def digits(self, count: int) -> str:
        return "".join(self.choices(string.digits, k=count))

    def hex(self, count: int) -> str:
        return "".join(self.choices("0123456789abcdef", k=count))

    def letters(self, count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
        return "".join(self.choices(alphabet, k=count))

    def uuid(self) -> str:
        text = self.hex(32)
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{self.choice('89ab')}{text[17:20]}-{text[20:]}"

    def mac(self, start: str = "") -> str:
        pairs = [start or self.choice(("3c:7a", "8c:ec", "a4:50", "f4:60", "48:2c", "64:a2"))]
        return ":".join(pairs + [self.hex(2) for _ in range(4)])

    def day(self, first: int, last: int) -> tuple[int, int, int]:
        return self.randint(first, last), self.randint(1, 12), self.randint(1, 28)


def mobile_number(dice: Dice) -> str:
    return dice.choice(words()["mobile_prefixes"]) + dice.digits(8)


def chinese_name(dice: Dice) -> str:
    given = dice.sample(words()["given"], dice.choice((1, 2, 2)))
    return dice.choice(words()["surnames"]) + "".join(given)
