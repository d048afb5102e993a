"""Screens for the tests of the analysis, built as uiautomator writes them."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from tape import Tape

import analyzer.packs
from analyzer.packs.consent_phrases import Phrases, read_phrases

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"


class Screens:
    """Writes hierarchies: a column of texts and buttons, one below the other."""

    def node(self, text: str, *, row: int, kind: str = "TextView", package: str = "com.example", **flags: str) -> str:
        top = 200 + row * 150
        attributes = {
            "index": str(row),
            "text": text,
            "resource-id": "",
            "class": f"android.widget.{kind}",
            "package": package,
            "content-desc": "",
            "checkable": "false",
            "checked": "false",
            "clickable": "false",
            "password": "false",
            "bounds": f"[100,{top}][980,{top + 120}]",
        } | {name.replace("_", "-"): value for name, value in flags.items()}
        return "<node " + " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items()) + "/>"

    def of(self, texts: list[str], buttons: list[str], *extra: str, package: str = "com.example") -> str:
        rows = [self.node(text, row=row, package=package) for row, text in enumerate(texts)]
        rows += [
            self.node(label, row=len(texts) + row, kind="Button", package=package, clickable="true")
            for row, label in enumerate(buttons)
        ]
        frame = f'<node text="" class="android.widget.FrameLayout" package="{package}" bounds="[0,0][1080,2400]">'
        return f'{HEAD}<hierarchy rotation="0">{frame}{"".join(rows)}{"".join(extra)}</node></hierarchy>'


@pytest.fixture(scope="session")
def screens() -> Screens:
    return Screens()


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    folder = Path(analyzer.packs.__file__).parent / "data" / "consent_phrases"
    return read_phrases(sorted(folder.glob("*.yaml")))


@pytest.fixture
def tape() -> Tape:
    return Tape()
