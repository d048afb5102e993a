"""Calibrations to their JSON file and back, and the lab app's own account of what it did, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from analyzer.codec.canonical import read_document, write_document
from analyzer.model.calibration import Calibration, Said

_KIND: Final = "calibration"
_LONGEST: Final = 200
_MOST: Final = 10_000


def encode_calibration(calibration: Calibration) -> bytes:
    """Write a calibration as an indented, canonical JSON file; raises `FormatProblem`."""
    return write_document(_KIND, calibration)


def decode_calibration(data: bytes) -> Calibration:
    """Read a calibration; raises `FormatProblem` for anything that `encode_calibration` did not write."""
    return read_document(_KIND, Calibration, data)


def read_account(lines: Iterable[str]) -> tuple[tuple[Said, ...], int]:
    """Read the app's account; gives it, and how many of its lines could not be read (a log cuts long ones off)."""
    told: list[Said] = []
    unread = 0
    for line in lines:
        said = _said(line)
        if said is None or len(told) >= _MOST:
            unread += 1
        else:
            told.append(said)
    return tuple(told), unread


def _said(line: str) -> Said | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("what") not in {"read", "send"}:
        return None
    encodings = entry.get("encodings", [])
    return Said(
        entry["what"],
        _text(entry, "data_type"),
        _text(entry, "api"),
        _text(entry, "host"),
        _text(entry, "carrier"),
        tuple(str(one)[:_LONGEST] for one in encodings[:10]) if isinstance(encodings, list) else (),
        entry.get("delivered", True) is True,
    )


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name, "")
    return value[:_LONGEST] if isinstance(value, str) else ""
