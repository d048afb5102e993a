"""Renders the held-out screens as the hierarchies that views, Compose, Flutter and web views give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent / "data" / "held_out_screens.yaml"
_FIELDS = (
    "手机号登录",
    "登入",
    "Anmelden",
    "Connexion",
    "Iniciar sesión",
    "Accedi",
    "Entrar",
    "ログイン",
    "로그인",
    "Вход",
)
"""Titles of screens that have input fields."""


def held_out() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def render(form: str, texts: Sequence[str], labels: Sequence[str]) -> str:
    """Give the hierarchy of a screen in a form; a title of a login screen has fields under it."""
    nodes, top = [], 200
    fields = 2 * any(text in _FIELDS for text in texts)
    shown = [(text, False) for text in texts] + [("", False)] * fields + [(label, True) for label in labels if label]
    for text, clickable in shown:
        nodes.append("".join(_nodes(form, text, top, clickable=clickable, field=not text)))
        top += 140
    holder = '<node text="" class="android.webkit.WebView" package="com.example" bounds="[0,0][1080,2400]">'
    inner = "".join(nodes)
    inner = f"{holder}{inner}</node>" if form == "web" else inner
    frame = '<node text="" class="android.widget.FrameLayout" package="com.example" bounds="[0,0][1080,2400]">'
    return f'<?xml version="1.0"?><hierarchy rotation="0">{frame}{inner}</node></hierarchy>'


def _nodes(form: str, text: str, top: int, *, clickable: bool, field: bool) -> Iterator[str]:
    words, touch = escape(text, quote=True).replace("\n", "&#10;"), str(clickable).lower()
    place = f'package="com.example" bounds="[60,{top}][1020,{top + 120}]"'
    if field:
        yield f'<node text="" class="android.widget.EditText" {place} clickable="true"></node>'
    elif form == "flutter":
        yield f'<node text="" content-desc="{words}" class="android.view.View" {place} clickable="{touch}"></node>'
    elif form == "compose" and clickable:
        yield f'<node text="" class="android.view.View" {place} clickable="true">'
        yield f'<node text="{words}" class="android.widget.TextView" {place} clickable="false"></node></node>'
    else:
        kind = "Button" if clickable else "TextView" if form == "views" else "View"
        room = "view" if kind == "View" else "widget"
        yield f'<node text="{words}" class="android.{room}.{kind}" {place} clickable="{touch}"></node>'
