"""Consent dialogs of eleven languages are recognised, and ordinary screens with the same words are not."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import pytest
import yaml

from analyzer.analysis.consent import ASKING, recognise
from analyzer.model.vocabulary import Control, ScreenKind
from analyzer.packs.consent_phrases import Phrases, read_phrases
from analyzer.packs.loader import DATA

SCREENS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "data" / "screens").glob("*.yaml"))
}
LANGUAGES = sorted(SCREENS)
AT_LEAST = 0.95


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return read_phrases(sorted((DATA / "consent_phrases").glob("*.yaml")))


def node(text: str, row: int, kind: str = "TextView", **flags: str) -> str:
    shown = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    attributes = " ".join(f'{name}="{value}"' for name, value in flags.items())
    bounds = f"[60,{120 + row * 130}][1020,{230 + row * 130}]"
    drawn = f'class="android.widget.{kind}" package="com.example" bounds="{bounds}"'
    return f'<node text="{shown}" {drawn} {attributes}></node>'


def hierarchy(texts: list[str], buttons: list[str], *, fields: bool = False, rows: bool = False) -> str:
    nodes = [node(text, row, clickable=str(rows).lower()) for row, text in enumerate(texts)]
    nodes += [node("", len(texts) + row, "EditText") for row in range(2 * fields)]
    nodes += [node(text, len(nodes) + row, "Button", clickable="true") for row, text in enumerate(buttons)]
    return f'<?xml version="1.0" encoding="UTF-8"?><hierarchy rotation="0">{"".join(nodes)}</hierarchy>'


def dialogs(screens):
    """Give every dialog as texts, buttons, fields and the kinds that it may be called."""
    asked = {ScreenKind.CONSENT, ScreenKind.RETENTION}
    for texts, pair in product(screens["consent"], screens["pairs"]):
        yield texts, pair, False, asked
        yield texts, pair[::-1], False, asked
    for texts, buttons in product(screens["cmp_banner"], screens["banner_buttons"]):
        yield texts, buttons, False, {ScreenKind.CMP_BANNER, ScreenKind.CONSENT}
    for texts, pair in product(screens["retention"], screens["pairs"]):
        yield texts, pair, False, asked
    for line, button in screens["login_wall"]:
        yield [line], [button], True, {ScreenKind.LOGIN_WALL}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dialogs_of_a_language_are_found_with_their_answers(language, phrases):
    asked = list(dialogs(SCREENS[language]))
    missed: Counter[str] = Counter()
    for texts, buttons, fields, kinds in asked:
        reading = recognise(hierarchy(texts, buttons, fields=fields), phrases)
        if reading.kind not in kinds or (not fields and reading.control(Control.ACCEPT) is None):
            missed[f"{reading.kind.value}: {texts[0][:40]} {buttons}"] += 1
    assert sum(missed.values()) <= (1 - AT_LEAST) * len(asked), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_accepting_and_refusing_are_told_apart(language, phrases):
    screens = SCREENS[language]
    for texts, (accept, refuse) in product(screens["consent"][:2], screens["pairs"]):
        reading = recognise(hierarchy(texts, [refuse, accept]), phrases)
        found = {control.label: control.control for control in reading.controls}
        assert found.get(accept) is Control.ACCEPT
        assert found.get(refuse) in {Control.REFUSE, Control.QUIT}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_ordinary_screen_is_taken_for_a_dialog(language, phrases):
    screens = SCREENS[language]
    listed = [text for texts, _ in screens["ordinary"][1:-1] for text in texts]
    for number, (texts, buttons) in enumerate(screens["ordinary"]):
        others = [listed[(number * 7 + step * 3) % len(listed)] for step in range(6)]
        for shown, rows in product((texts, texts + others[:2], [*others, *texts]), (False, True)):
            reading = recognise(hierarchy(shown, buttons, rows=rows), phrases)
            assert reading.kind not in ASKING, (shown, buttons, reading.reasoning)
