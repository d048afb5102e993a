"""Whose an imported request is, and whom it went to, as far as the request itself says otherwise."""

from __future__ import annotations

from dataclasses import replace

from analyzer.analysis.owners import names_other_app
from analyzer.codec.foreign_hosts import is_name, other_host
from analyzer.model.evidence import Request
from analyzer.model.vocabulary import Owner


def owned(request: Request, package: str) -> Request:
    """Give the request, `other`'s where it names another app as its sender."""
    return replace(request, owner=Owner.OTHER) if names_other_app(request, package) else request


def names_other_host(request: Request) -> bool:
    """Say whether the Host header names another host than the one that the request went to."""
    named = next((value for name, value in request.headers if name.lower() == "host"), "")
    return bool(other_host(named, request.host))


def goes_by_other_handshake(request: Request) -> bool:
    """Say whether the TLS handshake of the connection names another host than the one that the request went to."""
    return is_name(request.host) and bool(other_host(request.peer.sni, request.host))
