"""The one error of the packs room: our own data file is wrong, and the message names file and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

_SHOWN: Final = 60
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "is missing",
        "extra_forbidden": "is no key that is known here",
        "string_type": "must be a text",
        "string_too_short": "is empty",
        "too_short": "is empty",
        "list_type": "must be a list",
        "dict_type": "must hold keys with values",
        "model_type": "must hold keys with values",
        "model_attributes_type": "must hold keys with values",
        "int_type": "must be a whole number",
        "float_type": "must be a number",
        "bool_type": "must be true or false",
    }
)


class PackProblem(ValueError):  # noqa: N818 - it is a problem of a pack, in words for its author
    """A pack cannot be used; the message is one sentence that names the file and the key."""


def from_validation(file: str, error: ValidationError) -> PackProblem:
    """Turn a validation error into a problem with the file and the keys that are wrong."""
    places = (f"{'.'.join(str(part) for part in item['loc'])}: {in_words(item)}" for item in error.errors())
    return PackProblem(f"{file} is not a valid pack: {'; '.join(places)}")


def in_words(detail: Mapping[str, Any], keys: Iterable[str] = ()) -> str:
    """Say what is wrong with one value, for whoever wrote the file; `keys` are those that may stand beside it."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in {"enum", "literal_error"}:
        choices = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        return f"{_shown(detail['input'])} is none of {', '.join(choices)}{meant(detail['input'], choices)}"
    if kind == "extra_forbidden":
        return _WORDS[kind] + meant(detail["loc"][-1], keys)
    if kind in {"string_too_long", "too_long"}:
        return f"is longer than {context.get('max_length', 'allowed')}"
    said = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return _WORDS.get(kind) or said[:1].lower() + said[1:]


def meant(word: Any, choices: Iterable[str]) -> str:
    """Name the choice that a word was meant for, if one is near."""
    near = get_close_matches(str(word)[:_SHOWN].lower(), list(choices), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
