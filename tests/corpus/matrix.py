"""The systematic part: every data type under every name that apps give it, in every carrier and some layers."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from corpus.dice import DATA, Dice

from analyzer.packs.yaml_text import load_safe

TEXT_ONLY: Final = frozenset({"percent", "percent2", "utf16", "lines", "in_array"})
"""Layers that only lie around JSON."""


@cache
def stock() -> dict[str, Any]:
    """Give what is drawn from: carriers, layers, forms, the types that travel disguised, and the background."""
    return load_safe((DATA / "matrix.yaml").read_text(encoding="utf-8"))


@cache
def names() -> dict[str, dict[str, list[str]]]:
    return load_safe((DATA / "keys.yaml").read_text(encoding="utf-8"))


def matrix(dice: Dice, *, known: bool) -> list[dict[str, Any]]:
    """Make one template for every type, variant and a share of its names; with `known` also the derived forms."""
    made = []
    for data_type, variants in names().items():
        spelled = [(variant, key) for variant, keys in variants.items() for key in keys]
        for variant, key in dice.sample(spelled, min(5, len(spelled))):
            place = f"<{data_type}{':' if variant else ''}{variant}>"
            made.append(_carry(f"{data_type} as {key}", key, place, dice))
    for name in stock()["disguised"] if known else ():
        for form in dice.sample(stock()["forms"], 3):
            key = dice.choice(("a", "p1", "x", "data1"))
            made.append(_carry(f"{name} in {form}", key, f"<{name}|{form}>", dice))
    return made


def _carry(name: str, key: str, place: str, dice: Dice) -> dict[str, Any]:
    carrier = dice.choice(stock()["carriers"])
    plain_key = key.isascii() and key.replace("_", "").isalnum()
    if carrier in {"header", "cookie", "xml"} and (not plain_key or name.startswith(tuple(stock()["lists"]))):
        carrier = "json"
    template: dict[str, Any] = {"name": f"{name} ({carrier})", "host": "api.vendor.example", "target": "/v1/report"}
    background = stock()["background"]
    some = {one: background[one] for one in dice.sample(sorted(background), 4)}
    content: dict[str, Any] = {**some, key: place}
    if carrier in {"query", "header", "cookie"}:
        part = {"query": "query", "header": "headers", "cookie": "cookies"}[carrier]
        template[part] = {key.replace("_", "-") if carrier == "header" else key: place}
        template["json" if dice.random() < 0.5 else "form"] = some
        return template
    if carrier == "json text":
        template["form"] = {"body": {"#json": content}, "sig": "<~hex32>"}
        return template
    if carrier == "json deep":
        content = {"common": some, "payload": {"items": [{"info": {key: place}}]}}
    form = carrier.split()[0]
    template[form] = content
    template["wrap"] = _layers(form, dice)
    return template


def _layers(form: str, dice: Dice) -> list[str]:
    """Draw layers that a sender could lay around this format."""
    layers = dice.choice(stock()["layers"]).split()
    if form != "json" and TEXT_ONLY & set(layers):
        return []
    return layers
