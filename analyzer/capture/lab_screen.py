"""The picture of the lab device's screen: drawn from the UI hierarchy and the colours that the app chose."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias
from xml.etree import ElementTree as ET

from PIL import Image, ImageDraw

from analyzer.capture.lab_fonts import Font, Fonts, find_wide_font

SIZE: Final = (540, 1200)
"""The picture's width and height; the screen's own pixels are twice as many each way."""

_SCALE: Final = 2
_LARGEST_HIERARCHY: Final = 8_000_000
_MOST_NODES: Final = 2_000
_LONGEST_TEXT: Final = 4_000
_MOST_LETTERS: Final = 20_000
"""Letters of a whole picture; an app that shows more than fits any screen must not hold up whoever watches it."""
_BOUNDS: Final = re.compile(r"\[(-?\d{1,6}),(-?\d{1,6})\]\[(-?\d{1,6}),(-?\d{1,6})\]")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_TEXT_SIZE: Final = 42.0
_PAPER: Final = "#fafafa"
_INK: Final = "#202124"
_DIMMED: Final = "#8a8a8a"
_LINE: Final = "#9aa0a6"
_BUTTON: Final = "#dadce0"
_LEADING: Final = 1.35
_SMALLEST, _LARGEST = 8, 60

_Box: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """One node as it is drawn: its box in picture pixels, class, text, colours (empty for the usual) and text size."""

    box: _Box
    kind: str
    text: str
    checkable: bool
    checked: bool
    background: str = ""
    ink: str = ""
    size: int = 21


def load_formats() -> None:
    """Load what the first picture would; done while an app runs, it would hold up the evidence of that app."""
    Image.preinit()


def draw_screen(hierarchy: str, style: Mapping[str, Any] | None = None) -> bytes:
    """Draw a uiautomator hierarchy as PNG; gives no bytes when the hierarchy cannot be read.

    `style` is what the app's process tells of colours: `{"nodes": [{bounds, class, text, background, text_colour,
    text_size}], "dim": bool}`. Anything unexpected in it is ignored, it comes from the app.
    """
    nodes = list(read_nodes(hierarchy, style or {}))
    if not nodes:
        return b""
    dimmed = bool((style or {}).get("dim"))
    picture = Image.new("RGB", SIZE, _DIMMED if dimmed else _PAPER)
    brush, fonts = ImageDraw.Draw(picture), Fonts(find_wide_font())
    if dimmed:
        brush.rectangle(nodes[0].box, fill=_PAPER)
    room = _MOST_LETTERS
    for node in nodes:
        _draw(brush, fonts, replace(node, text=node.text[:room]))
        room = max(0, room - len(node.text))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def read_nodes(hierarchy: str, style: Mapping[str, Any]) -> Iterator[DrawnNode]:
    """Read what is to be drawn, in the order of drawing; nothing from a hierarchy that is too large or not XML."""
    styles = _styles(style)
    for count, element in enumerate(_elements(hierarchy)):
        if count >= _MOST_NODES:
            return
        match = _BOUNDS.fullmatch(element.get("bounds", ""))
        if match is None:
            continue
        left, top, right, bottom = (int(group) for group in match.groups())
        kind, text = element.get("class", ""), element.get("text", "")
        look = styles.get((left, top, right, bottom, kind), {})
        yield DrawnNode(
            box=_scaled((left, top, right, bottom)),
            kind=kind.rpartition(".")[2],
            text=text[:_LONGEST_TEXT],
            checkable=element.get("checkable") == "true",
            checked=element.get("checked") == "true",
            background=_colour(look.get("background")),
            ink=_colour(look.get("text_colour")),
            size=_text_size(look.get("text_size")),
        )


def _elements(hierarchy: str) -> Iterator[ET.Element]:
    """Parse without entities: a hierarchy never declares any, an attack does."""
    if len(hierarchy) > _LARGEST_HIERARCHY or "<!" in hierarchy:
        return
    try:
        root = ET.fromstring(hierarchy)  # noqa: S314 - no declaration passes the line above, so nothing expands
    except (ET.ParseError, ValueError):
        return
    yield from root.iter("node")


def _styles(style: Mapping[str, Any]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    nodes = style.get("nodes")
    found = [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
    return {
        (*node["bounds"], str(node.get("class"))): node
        for node in found
        if isinstance(node.get("bounds"), list) and all(isinstance(side, int) for side in node["bounds"])
    }


def _scaled(bounds: _Box) -> _Box:
    """Fit a box into the picture; an inverted one becomes empty."""
    left, top = (min(max(at // _SCALE, 0), end - 1) for at, end in zip(bounds[:2], SIZE, strict=True))
    right, bottom = (min(max(at // _SCALE, 0), end) for at, end in zip(bounds[2:], SIZE, strict=True))
    return left, top, max(right - 1, left), max(bottom - 1, top)


def _draw(brush: ImageDraw.ImageDraw, fonts: Fonts, node: DrawnNode) -> None:
    left, top, right, bottom = node.box
    button = node.kind.endswith("Button") and not node.checkable
    fill = node.background or (_BUTTON if button else "")
    if button:
        brush.rounded_rectangle(node.box, radius=6, fill=fill, outline=_LINE)
    elif fill:
        brush.rectangle(node.box, fill=fill)
    elif node.kind in {"EditText", "ImageView"}:
        brush.rectangle(node.box, outline=_LINE)
    inner = left + 4
    if node.checkable:
        side = min(22, bottom - top)
        box = (left + 2, top + 2, left + side, top + side)
        brush.rectangle(box, outline=_INK, fill=_INK if node.checked else None)
        inner += side
    if node.text.strip():
        _write(brush, fonts, node, (inner, top + 2, right - 2, bottom), centred=button)


def _write(brush: ImageDraw.ImageDraw, fonts: Fonts, node: DrawnNode, box: _Box, *, centred: bool) -> None:
    left, top, right, bottom = box
    font = fonts.of(node.text, node.size)
    lines = list(_lines(node.text, font, node.size, right - left))
    step = round(node.size * _LEADING)
    if centred:
        top = max(top, (top + bottom - step * len(lines)) // 2)
    for number, line in enumerate(lines):
        y = top + number * step
        if number and y + node.size > bottom:
            return
        wide = sum(_width(letter, font, node.size) for letter in line) if centred else 0.0
        indent = max(0, int(right - left - wide) // 2) if centred else 0
        _write_line(brush, (left + indent, y), line, font, node)


def _write_line(brush: ImageDraw.ImageDraw, at: tuple[int, int], line: str, font: Font | None, node: DrawnNode) -> None:
    if font is not None:
        brush.text(at, line, fill=node.ink or _INK, font=font)
        return
    for number, letter in enumerate(line):
        if not letter.isspace():
            x, y = at[0] + number * node.size, at[1]
            brush.rectangle((x + 1, y + 1, x + node.size - 2, y + node.size - 2), outline=node.ink or _INK)


def _lines(text: str, font: Font | None, size: int, width: int) -> Iterator[str]:
    """Break lines where the width ends: at a blank if there is one, between any two letters otherwise."""
    wide = {letter: _width(letter, font, size) for letter in set(text)}
    for paragraph in text.splitlines():
        line, used = "", 0.0
        for word in re.findall(r"[\x21-\u024f]+|.", paragraph):
            whole = sum(wide[letter] for letter in word)
            if line and used + whole > width:
                yield line
                line, used = "", 0.0
            for part in word if whole > width else (word,):
                step = wide[part] if len(part) == 1 else whole
                if line and used + step > width:
                    yield line
                    line, used = "", 0.0
                line, used = line + part, used + step
        yield line


def _width(letter: str, font: Font | None, size: int) -> float:
    """Measure one letter; one without a width counts a little, so that no line is endless."""
    return max(font.getlength(letter) if font is not None else size, 0.5)


def _colour(text: object) -> str:
    return text if isinstance(text, str) and _COLOUR.fullmatch(text) else ""


def _text_size(pixels: object) -> int:
    wanted = float(pixels) if isinstance(pixels, int | float) and math.isfinite(pixels) else _TEXT_SIZE
    return round(min(max(wanted / _SCALE, _SMALLEST), _LARGEST))
