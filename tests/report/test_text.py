from __future__ import annotations

import json
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from analyzer.report.text import KEPT, bounded, json_visible, json_visible_bytes, shown, shown_lines

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
@example("\udfff")
@example("\u202b\u2067\u2028")
def test_shown_text_has_no_control_format_or_surrogate_character_that_moves_or_hides_others(text: str) -> None:
    result = shown(text)
    assert not [c for c in result if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not [c for c in result if unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI"}]


@given(ANY_TEXT)
def test_bounded_text_can_always_be_written_as_utf8(text: str) -> None:
    assert bounded(text).encode("utf-8").decode("utf-8") == bounded(text)


def test_bounded_text_says_how_much_it_left_out() -> None:
    cut = bounded("x" * (KEPT + 5))
    assert cut == "x" * (KEPT - 24) + "…(+29)"
    assert bounded(cut) == cut


def test_bounded_text_keeps_ordinary_text_of_any_language_as_it_is() -> None:
    assert bounded("隐私政策 <b>é 🙂") == "隐私政策 <b>é 🙂"


def test_shown_text_spells_out_what_would_drive_a_terminal() -> None:
    assert shown("a\x1b[31m\n\u202eb\x00") == "a\\x1b[31m\\n\\u202eb\\x00"


def test_shown_text_is_cut_before_it_is_spelled_out() -> None:
    assert shown("x" * 1000, 10) == "x" * 10 + "…"


def test_lines_stay_lines_and_controls_are_spelled_out(hostile: str) -> None:
    text = shown_lines(f"first\r\n{hostile}\nlast")
    assert text.startswith("first\n")
    assert text.endswith("\nlast")
    assert all(line.isprintable() for line in text.split("\n"))


def test_json_means_the_same_with_its_own_escapes() -> None:
    text = "a\x9b\u202e\u2028\U000e0041隐私"
    line = json_visible(json.dumps({"a": text}, ensure_ascii=False))
    assert json.loads(line) == {"a": text}
    assert line == '{"a": "a\\u009b\\u202e\\u2028\\udb40\\udc41隐私"}'


def test_bytes_of_json_mean_the_same_with_its_own_escapes() -> None:
    text = "隐私 é\x7f" + "".join(chr(code) for code in range(0x80, 0x11000) if not 0xD800 <= code < 0xE000)
    text += "".join(chr(code) for code in range(0xDFFF0, 0xE1010))
    data = json.dumps({"a": text}, ensure_ascii=False).encode()
    assert json.loads(json_visible_bytes(data)) == {"a": text}
    assert json_visible_bytes(data) == json_visible(data.decode()).encode()


def test_bytes_without_anything_odd_are_given_as_they_are() -> None:
    data = json.dumps({"a": "隐私"}, ensure_ascii=False).encode()
    assert json_visible_bytes(data) == data
