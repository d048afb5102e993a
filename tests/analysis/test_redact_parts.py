from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis.redact_parts import SHORTEST, Parts, is_identifier

IMEI = "867431059238179"
PARTS = Parts([IMEI, "02:1a:5e:10:7b:fe", "9774d56d-682e-549c", "+86 138-1604-9257", "Ada Lovelace", "1795457700123"])


@pytest.mark.parametrize(
    ("text", "value", "part"),
    [
        ("t=16049257&", "+86 138-1604-9257", "16049257"),
        ("t=138-1604-92&", "+86 138-1604-9257", "138-1604-92"),
        ("imei=8674310592381", IMEI, "8674310592381"),
        ("5E107BFE".lower(), "02:1a:5e:10:7b:fe", "5e107bfe"),
        ("a 5e:10:7b:fe b", "02:1a:5e:10:7b:fe", "5e:10:7b:fe"),
        ("id/9774d56d-682e", "9774d56d-682e-549c", "9774d56d-682e"),
        (f"x{IMEI[3:]}y", IMEI, IMEI[3:]),
    ],
)
def test_a_part_is_found_as_long_as_it_goes(text, value, part):
    (found,) = PARTS.find(text.encode())
    assert (text[found.start : found.end], found.value) == (part, value)


@pytest.mark.parametrize(
    "text", ["1059238", "lovelace", "1795457700", "17954577", "id=12345678", "9774d56", "8674310 59238179"[:15]]
)
def test_what_is_shorter_or_of_no_identifier_stays(text):
    assert list(PARTS.find(text.encode())) == []


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        (IMEI, True), ("+8613816049257", True), ("R58M123ABCD", True), ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", True),
        ("yan.qiu1990@mail.example", False), ("31.230437,121.473719", False), ("com.a1, com.b2", False),
        ("1795457700", False), ("1795457700123456", False), ("com.example.weather", False), ("林砚秋12345678", False),
        ("12345678", False), ("1" * 65, False), ("", False),
    ],
)  # fmt: skip
def test_identifiers_are_told_from_words_places_lists_and_times(value, is_one):
    assert is_identifier(value) == is_one


@given(st.integers(0, len(IMEI) - SHORTEST), st.integers(SHORTEST, len(IMEI)), st.text("abcxyz =&", max_size=9))
def test_no_part_of_eight_digits_or_more_comes_through(first, length, around):
    part = IMEI[first : first + length]
    text = f"{around}{part}{around}"
    found = list(PARTS.find(text.encode()))
    assert [text[one.start : one.end] for one in found] == [part] * (len(part) >= SHORTEST)


def test_a_text_that_is_made_to_take_long_takes_no_time():
    before = time.process_time()
    alike = Parts("1" * length for length in range(9, 65))
    assert [part.end for part in alike.find(b"1" * 300_000)][-1] > 300_000 - SHORTEST
    for text in (IMEI * 20_000, "867431" * 50_000, "5e:10:7b:f" * 30_000):
        list(PARTS.find(text.encode()))
    assert time.process_time() - before < 2
