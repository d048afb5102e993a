"""The words of the page in English and Chinese: those of all reports, and those that only the page needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files

from analyzer.report.labels import Language, words


def page_words() -> dict[str, dict[str, tuple[str, str]]]:
    """Give every word of the page by table and key, English first."""
    own: dict[str, dict[str, list[str]]] = json.loads(
        files("analyzer.report").joinpath("data", "page_words.json").read_text("utf-8")
    )
    tables: dict[str, dict[str, tuple[str, str]]] = {
        name: dict(words(name)) for name in ("outcome", "tier", "phase", "party", "claim", "heading")
    }
    for table, entries in own.items():
        found = tables.setdefault(table, {})
        for key, (english, chinese) in entries.items():
            if key in found:
                raise ValueError(f"page_words.json: {table}.{key} is a word of all reports already")
            found[key] = (english, chinese)
    return tables


def spoken(tables: Mapping[str, Mapping[str, tuple[str, str]]], table: str, key: str, language: Language) -> str:
    """Give one word; raises `KeyError` for one that there is not."""
    english, chinese = tables[table][key]
    return chinese if language == "zh" else english
