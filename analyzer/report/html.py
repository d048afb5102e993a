"""Write the document as one HTML file that needs no network, runs only its own script and can be printed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import islice
from typing import Any, Final, TypeVar

from jinja2 import BytecodeCache, DictLoader, Environment, StrictUndefined
from jinja2.bccache import Bucket

from analyzer.model.exhibits import Exhibits
from analyzer.report.collection_entries import drawn
from analyzer.report.document import ResultDocument
from analyzer.report.first_screen import glance, groups
from analyzer.report.instants import rfc3339
from analyzer.report.kept_files import kept_files
from analyzer.report.labels import Language, counts
from analyzer.report.page_data import both, page_data, page_details
from analyzer.report.page_script import script_pieces
from analyzer.report.page_words import page_words, spoken
from analyzer.report.sentences import pair, told
from analyzer.report.summary import (
    by_instrument,
    by_recipient,
    by_sdk,
    read_phases,
    since_start,
    start_us,
    tally,
    watched,
)
from analyzer.report.text import shown, shown_lines

ROWS: Final = 1000
"""How many rows a table has where scripts do not run; the page says when there are more."""

REASON: Final = 1000
"""How many characters of one reason are shown."""

LIBRARY: Final = "vendor/uplot"
SCRIPTS: Final = ("words", "dom", "evidence", "filters", "lanes", "drawing", "chart", "details", "tables", "main")
"""The parts of the page's script, in the order in which they stand in it."""

TEMPLATES: Final = {"report": "report", "collection": "report_collection"}
"""The page, and its tables of what was counted, by the names that they call each other by."""

BATCH: Final = 256
"""So many rows of the script's are written at once."""

_HERE: Final = "\0here\0"
"""Where the data of the script go; no text on the page holds this, for the page shows no controls."""

_T = TypeVar("_T")


class _Compiled(BytecodeCache):
    """Keeps the templates compiled as long as the process lives: compiling them costs several times a page."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()


class Whole(str):
    """A text of ours that is shown whole: every sign of it visible already, and no markup."""

    __slots__ = ()


def write_html(document: ResultDocument, language: Language = "en", exhibits: Exhibits | None = None) -> bytes:
    """Give the report page as UTF-8 bytes; a pure function of the document and of what is shown of its evidence."""
    return b"".join(html_pieces(document, language, exhibits))


def html_pieces(
    document: ResultDocument, language: Language = "en", exhibits: Exhibits | None = None
) -> Iterator[bytes]:
    """Give the report page as `write_html` does, piece by piece: what its script works on is never held whole."""
    exhibits = exhibits or Exhibits()
    words = page_words()
    style = _data(f"{LIBRARY}/uPlot.min.css") + "\n" + _data("report.css")
    library, script = _data(f"{LIBRARY}/uPlot.iife.min.js"), page_script()
    page = (
        _environment(document, language, words, exhibits)
        .get_template("report")
        .render(
            document=document,
            language=language,
            style=style,
            library=library,
            script=script,
            policy=_policy(style, library, script),
            origin=json.loads(_data(f"{LIBRARY}/ORIGIN.json")),
            licence=_data(f"{LIBRARY}/LICENSE"),
            data=_HERE,
            details=_HERE,
            groups=groups(document),
            glance=glance(document),
            tally=tally(document),
            instruments=by_instrument(document),
            sdks=by_sdk(document),
            recipients=by_recipient(document),
            views=watched(document),
            read_phases=read_phases(document),
            zero=_zero(document),
            files=kept_files(document),
            limit=ROWS,
        )
    )
    before, between, after = page.split(_HERE)
    yield before.encode("utf-8")
    yield from _encoded(script_pieces({**page_data(document, exhibits), "words": words}))
    yield between.encode("utf-8")
    yield from _encoded(script_pieces(page_details(document, exhibits)))
    yield after.encode("utf-8")


def _zero(document: ResultDocument) -> str:
    """Give the instant from which times count, to the millisecond; empty where nothing was recorded."""
    return (rfc3339(start_us(document)) or "")[:23].replace("T", " ") if document.recordings else ""


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    waiting = iter(pieces)
    while some := "".join(islice(waiting, BATCH)):
        yield some.encode("utf-8")


def page_script() -> str:
    """Give the page's own script: its parts in a scope of their own."""
    parts = "\n".join(_data(f"page/{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _policy(style: str, library: str, script: str) -> str:
    """Give the Content-Security-Policy: the style and the scripts of this page, and no way to make others."""
    scripts = " ".join(f"'{_hash(text)}'" for text in (library, script))
    return (
        f"default-src 'none'; script-src {scripts}; style-src '{_hash(style)}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _environment(
    document: ResultDocument, language: Language, words: Mapping[str, Mapping[str, tuple[str, str]]], exhibits: Exhibits
) -> Environment:
    environment = Environment(
        loader=DictLoader({name: _data(f"{file}.html.j2") for name, file in TEMPLATES.items()}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
        bytecode_cache=_COMPILED,
    )
    environment.filters["whole"] = lambda text: Whole(shown_lines(text))
    environment.filters["spaced"] = lambda word: word.replace("_", " ")
    environment.filters["since"] = lambda at_us: since_start(document, at_us, " · ")
    environment.globals["plain"] = lambda table, key: spoken(words, table, key, language)
    environment.globals["pair"] = lambda table, key: words[table][key]
    environment.globals["named"] = lambda name: both(exhibits.data_types.get(name, {}), name)
    environment.globals["titled"] = both
    environment.globals["drawn"] = drawn
    environment.globals["said"] = lambda text: [Whole(shown(one, REASON)) for one in pair(text)]
    environment.globals["told"] = lambda text: told(text, language)
    environment.globals["counted"] = counts
    environment.globals["rows"] = _rows
    return environment


def _visible(value: Any) -> Any:
    """Spell out control and bidi characters of every plain text that the template prints; markup is left alone."""
    return shown(value) if type(value) is str else value


def _rows(entries: Sequence[_T]) -> Sequence[_T]:
    return entries[:ROWS]


def _data(name: str) -> str:
    return files("analyzer.report").joinpath("data", *name.split("/")).read_text("utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
