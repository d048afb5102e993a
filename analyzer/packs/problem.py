"""The one error of the packs room: our own data file is wrong, and the message names file and key."""

from __future__ import annotations

from pydantic import ValidationError


class PackProblem(ValueError):  # noqa: N818 - it is a problem of a pack, in words for its author
    """A pack cannot be used; the message is one sentence that names the file and the key."""


def from_validation(file: str, error: ValidationError) -> PackProblem:
    """Turn a validation error into a problem with the file and the keys that are wrong."""
    places = (f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
    return PackProblem(f"{file} is not a valid pack: {'; '.join(places)}")
