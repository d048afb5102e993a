"""Labelled exchanges: a template with placeholders becomes a request and the list of what it carries, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from corpus.dice import Dice
from corpus.encode import BODY, ONE_WAY, VALUE, WRAP, flat
from corpus.noise import noise
from corpus.people import Person, plan

PLACEHOLDER: Final = re.compile(r"<(~?[\w.]+)([?!]?)(?::(\w+))?(?:=([^|>]*))?((?:\|\w+)*)>")
"""`<type>`, `<type?>` (may be found, need not), `<type!>` (must be found where it is known), `<type:variant>`,
`<type=literal>`, `<type|md5>`; `<~name>` is noise."""


@dataclass(frozen=True)
class Label:
    """The claim that an exchange carries a data type: in which part, under which name, through which encodings.

    `known` says that the persona of the session has the value; `required` that it must be found.
    """

    data_type: str
    where: str
    key: str
    chain: tuple[str, ...]
    known: bool
    required: bool
    text: str = ""


@dataclass(frozen=True)
class LookAlike:
    """A value that is no personal data, what it might be taken for, and the reason why it is none."""

    family: str
    key: str
    text: str
    reason: str


@dataclass(frozen=True)
class Exchange:
    """One labelled request; `answer` is the body of its response."""

    name: str
    host: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    labels: tuple[Label, ...]
    look_alikes: tuple[LookAlike, ...] = ()
    answer: bytes = b""


@dataclass
class Setting:
    """What a template is filled from: a person, dice for the noise, and the types that the session's persona has."""

    person: Person
    dice: Dice
    known: frozenset[str] = frozenset()
    labels: list[Label] = field(default_factory=list)


def render(template: Mapping[str, Any], setting: Setting) -> Exchange:
    """Fill a template and label what it carries; `also` names types that its literal values carry."""
    setting.labels = []
    wrap = tuple(template.get("wrap", ()))
    target = "".join(
        quote(str(_fill(part, setting, "url", "", ())), safe="/:@,.")
        for part in re.split(r"(?=/)", template.get("target", "/"))
    )
    if query := template.get("query"):
        pairs = {key: _fill(value, setting, "query", str(key), ()) for key, value in query.items()}
        target += "?" + urlencode(flat(pairs))
    headers = [
        (key, _as_header(_fill(value, setting, "header", key, ())))
        for key, value in template.get("headers", {}).items()
    ]
    if cookies := template.get("cookies"):
        pairs = {key: _fill(value, setting, "cookie", key, ()) for key, value in cookies.items()}
        headers.append(("Cookie", "; ".join(f"{key}={_as_header(value)}" for key, value in flat(pairs).items())))
    body = b""
    for name, (stated, write) in BODY.items():
        if name in template:
            body = write(_fill(template[name], setting, "body", "", wrap))
            headers.append(("Content-Type", template.get("type", stated)))
    for layer in wrap:
        body = WRAP[layer](body)
        if layer in {"gzip", "brotli", "zstd"} and template.get("announced", False):
            headers.append(("Content-Encoding", {"brotli": "br"}.get(layer, layer)))
    setting.labels += [Label(name, "", "", (), known=False, required=False) for name in template.get("also", ())]
    labels = [] if "aes" in wrap else setting.labels
    method = template.get("method", "POST" if body else "GET")
    answer = json.dumps(_fill(template.get("answer", {}), replace(setting, labels=[]), "", "", ())).encode()
    return Exchange(template["name"], template["host"], method, target, tuple(headers), body, tuple(labels), (), answer)


def _as_header(value: Any) -> str:
    """Write a value as HTTP libraries demand it: what is no ASCII goes percent-encoded."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isascii() else quote(text)


def _fill(value: Any, setting: Setting, where: str, key: str, wrap: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return _fill_table(value, setting, where, key, wrap)
    if isinstance(value, list):
        return [_fill(one, setting, where, key, wrap) for one in value]
    if not isinstance(value, str):
        return value
    whole = PLACEHOLDER.fullmatch(value)
    if whole:
        return _one(whole, setting, where, key, wrap)
    return PLACEHOLDER.sub(lambda found: str(_one(found, setting, where, key, wrap)), value)


def _fill_table(value: dict[Any, Any], setting: Setting, where: str, key: str, wrap: tuple[str, ...]) -> Any:
    """Fill a table; `{'#json': …}` is a text of it, `{'#base64': …}` the one text in it under a filter."""
    if "#json" in value:
        inner = _fill(value["#json"], setting, where, key, ("json-string", *wrap))
        return json.dumps(inner, ensure_ascii=False)
    if layer := next((name for name in VALUE if f"#{name}" in value), ""):
        return VALUE[layer](_fill(value[f"#{layer}"], setting, where, key, (layer, *wrap)))
    upload = "file" in value and "base64" in value
    return {name: _fill(one, setting, where, key if upload else str(name), wrap) for name, one in value.items()}


def _one(found: re.Match[str], setting: Setting, where: str, key: str, wrap: tuple[str, ...]) -> Any:
    name, optional, variant, literal, layers = found.groups()
    if name.startswith("~"):
        return noise(name[1:], setting.dice)
    value = setting.person.value(name, variant or "") if literal is None else literal
    filters = tuple(layers.split("|")[1:])
    for layer in filters:
        value = VALUE[layer](value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    known = name in setting.known and literal is None and f"{name}:{variant}" not in plan()["underivable"]
    required = optional != "?" and (known or not (optional or ONE_WAY & set(filters)))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    chain = tuple(reversed(wrap)) + tuple(reversed(filters))
    setting.labels.append(Label(name, where, key, chain, known, required, text[:120]))
    return value


def types_of(template: Any) -> Iterator[str]:
    """Name the data types that a template has placeholders for."""
    for found in PLACEHOLDER.finditer(json.dumps(template, ensure_ascii=False)):
        if not found[1].startswith("~"):
            yield found[1]
