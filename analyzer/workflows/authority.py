"""Ask a time stamp authority over HTTP (RFC 3161, section 3.4)."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from analyzer.workflows.home import UsageProblem

_LARGEST: Final = 1024 * 1024
_SECONDS: Final = 30


class AuthorityProblem(Exception):  # noqa: N818 - what is wrong lies outside, and the sentence says what to do
    """An authority gave no answer."""


def ask_authority(url: str, question: bytes) -> bytes:
    """Send a request for a time stamp and give the answer; raises `UsageProblem`, `AuthorityProblem`."""
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise UsageProblem(f"{url!r:.200} is no address of an authority: write --tsa https://….")
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(url, question, headers)  # noqa: S310 - the scheme was checked
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            data: bytes = answer.read(_LARGEST)
    except (urllib.error.URLError, HTTPException, OSError) as problem:
        why = getattr(problem, "reason", "") or str(problem)
        raise AuthorityProblem(
            f"the time stamp authority {url:.200} gave no answer ({why}): try again, or leave --tsa away"
        ) from problem
    return data


def read_roots(file: Path | None) -> bytes:
    """Read the certificates (PEM) that a time stamp has to lead to; raises `UsageProblem`."""
    try:
        return file.read_bytes() if file else b""
    except OSError as problem:
        why = f"{file} cannot be read ({problem.strerror or problem})"
        raise UsageProblem(f"{why}: name the file of the authority's certificates.") from problem
