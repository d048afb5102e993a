"""Whose an imported request is: the importer's app's, unless the request itself names another app."""

from __future__ import annotations

from dataclasses import replace

from analyzer.analysis.owners import names_other_app
from analyzer.model.evidence import Request
from analyzer.model.vocabulary import Owner


def owned(request: Request, package: str) -> Request:
    """Give the request, `other`'s where it names another app as its sender."""
    return replace(request, owner=Owner.OTHER) if names_other_app(request, package) else request
