"""Whose an imported request is: the importer's app's, unless the request itself names another app."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from analyzer.model.evidence import Request
from analyzer.model.vocabulary import Owner

_NAMING: Final = frozenset({"x-requested-with", "x-android-package", "user-agent"})
_LENGTHS: Final = frozenset(map(len, _NAMING))
_PACKAGE: Final = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
_SYSTEM: Final = re.compile(r"(com\.(?:google\.)?android\.[\w.]+)/")


def owned(request: Request, package: str) -> Request:
    """Give the request, `other`'s where it names another app as its sender (a web view, a key check, the system)."""
    for name, value in request.headers:
        if len(name) in _LENGTHS and name.lower() in _NAMING and _names_other(name.lower(), value, package):
            return replace(request, owner=Owner.OTHER)
    return request


def _names_other(name: str, value: str, package: str) -> bool:
    if name == "user-agent":
        match = _SYSTEM.match(value)
        return match is not None and match[1] != package
    return value != package and _PACKAGE.fullmatch(value) is not None
