from __future__ import annotations

from pathlib import Path

from analyzer.capture.lab_fonts import Fonts, find_wide_font


def test_the_packaged_font_has_chinese_letters() -> None:
    path = find_wide_font()
    assert path is not None
    assert "paperang" in str(path)
    font = Fonts(path).of("同意并继续", 20)
    assert font is not None
    assert 90 <= font.getlength("同意并继续") <= 110


def test_latin_needs_no_font_file() -> None:
    font = Fonts(None).of("Agree é", 20)
    assert font is not None
    assert font.getlength("Agree") > 20


def test_letters_that_no_font_has_are_told_apart() -> None:
    assert Fonts(None).of("同意", 20) is None


def test_a_font_is_loaded_once_per_size() -> None:
    fonts = Fonts(find_wide_font())
    assert fonts.of("同", 20) is fonts.of("意", 20)
    assert fonts.of("同", 21) is not fonts.of("同", 20)


def test_a_found_font_is_a_file() -> None:
    assert isinstance(find_wide_font(), Path)
