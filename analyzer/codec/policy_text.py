"""Reads the text of a privacy policy from HTML, PDF or plain text: a line per paragraph, and per row of a table."""

from __future__ import annotations

import io
import logging
import re
from typing import Final

from bs4 import BeautifulSoup, Tag

LARGEST: Final = 20_000_000
"""Bytes of a policy's file; longer ones are no policies."""
_PAGES: Final = 500
_CHARACTERS: Final = 2_000_000
_CELL: Final = " | "
_HTML_SIGNS: Final = (b"<!doctype", b"<html", b"<head", b"<body", b"<p>", b"<p ", b"<div", b"<table")
_BLOCKS: Final = (
    *("p", "div", "li", "br", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"),
    *("dt", "dd", "ul", "ol", "pre", "blockquote"),
)

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_UNSEEN_STYLE: Final = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|(?:font-size|opacity)\s*:\s*(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?)\s*(?:!\s*important\s*)?(?:;|$)",
    re.IGNORECASE,
)
"""What an element's own style hides; style sheets, positions and colours are not read."""
_LENIENT: Final = "gb18030"
_COMMON: Final = frozenset(
    "的一是不了在人有我他这中大来上个国们到说时要就出会可也你对生能以用信息您集收本为或和与使将户务提供服应同意权私隐政策個們說時這為與將務應權隱"
)
_LEAST_COMMON: Final = 0.05
_ENOUGH: Final = 20
"""So many Chinese letters hold some of the commonest, whatever they speak of."""


class PolicyUnreadable(ValueError):  # noqa: N818 - it says what is wrong with a file, for the one who gave it
    """The file holds no text that can be read; the message is a sentence that says why and what to do."""


def read_policy_lines(data: bytes, name: str) -> tuple[str, ...]:
    """Give the lines of a policy in order, white space folded; cells of a table's row are joined by ` | `.

    What the file is decides its content, not its name. Raises `PolicyUnreadable`.
    """
    if len(data) > LARGEST:
        raise PolicyUnreadable(f"{name} is larger than {LARGEST} bytes: save the policy's text alone")
    if data.startswith(b"%PDF"):
        lines = _pdf(data, name)
    else:
        text = _text(data, name)
        head = data[:4096].lower()
        lines = _html(text) if any(sign in head for sign in _HTML_SIGNS) else text.splitlines()
    found = tuple(folded for line in lines if (folded := " ".join(line.split())))
    if not found:
        raise PolicyUnreadable(f"{name} holds no text: a scan or an empty page; save the policy as text")
    return found


def _text(data: bytes, name: str) -> str:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or (encoding == _LENIENT and _is_garbled(text)):
            continue
        if len(text) > _CHARACTERS:
            raise _too_long(name)
        return text
    raise PolicyUnreadable(f"{name} is neither HTML, PDF nor text in UTF-8, UTF-16 or GB 18030: save it as UTF-8")


def _too_long(name: str) -> PolicyUnreadable:
    """Refuse what would be read in part only: what stands in the rest would count as not declared."""
    return PolicyUnreadable(f"{name} has over {_CHARACTERS} characters or {_PAGES} pages: save the policy's text alone")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", _LENIENT)


def _is_garbled(text: str) -> bool:
    """Say whether another encoding was read as GB 18030, which takes nearly everything, such as Big5 and Shift JIS."""
    chinese = [letter for letter in text if "\u4e00" <= letter <= "\u9fff"]
    common = sum(letter in _COMMON for letter in chinese)
    unused = any("\ue000" <= letter <= "\uf8ff" for letter in text)
    return unused or (len(chinese) >= _ENOUGH and common < _LEAST_COMMON * len(chinese))


def _html(text: str) -> list[str]:
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup(["script", "style", "noscript", "template", "svg", "head"]):
        tag.decompose()
    for tag in list(soup.find_all(_unseen)):
        if not tag.decomposed:
            tag.decompose()
    for row in soup.find_all("tr"):
        if isinstance(row, Tag) and row.find("tr") is None:
            cells = [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["td", "th"])]
            row.string = "\n" + _CELL.join(cells) + "\n"
    for block in soup.find_all(_BLOCKS):
        block.insert_before("\n")
        block.append("\n")
    return soup.get_text("").splitlines()


def _unseen(tag: Tag) -> bool:
    """Say whether no reader sees an element, by its own attributes: what is written there declares nothing."""
    style = str(tag.get("style") or "")
    until_found = str(tag.get("hidden")).lower() == "until-found"  # found by a search on the page, and shown then
    return (tag.has_attr("hidden") and not until_found) or _UNSEEN_STYLE.search(_COMMENT.sub("", style)) is not None


def _pdf(data: bytes, name: str) -> list[str]:
    from pypdf import PdfReader  # noqa: PLC0415 - most policies are no PDF, and it takes a third of a second to load
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every flaw that it works around
    lines: list[str] = []
    size = 0
    try:
        for number, page in enumerate(PdfReader(io.BytesIO(data)).pages):
            text = page.extract_text()
            size += len(text)
            if number >= _PAGES or size > _CHARACTERS:
                raise _too_long(name)
            lines += _joined(text.splitlines())
    except PolicyUnreadable:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as problem:
        raise PolicyUnreadable(f"{name} is a PDF that cannot be read ({problem!s:.100}): save it as text") from problem
    return lines


def _joined(lines: list[str]) -> list[str]:
    """Join the lines of a printed paragraph: a line that ends no sentence goes on in the next one."""
    joined: list[str] = []
    for line in (line.strip() for line in lines):
        if joined and joined[-1] and line and not joined[-1].endswith(_ENDS) and len(joined[-1]) < _PARAGRAPH:
            joined[-1] += ("" if joined[-1][-1:] > "\u2e80" else " ") + line
        else:
            joined.append(line)
    return joined


_ENDS: Final = (".", "。", "!", "?", ":", ";", "：", "；", "！", "？")
_PARAGRAPH: Final = 1_000
