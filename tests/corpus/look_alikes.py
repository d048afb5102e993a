"""Values that look like personal data and are none, in requests as apps send them, each with the reason."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from corpus.dice import DATA, Dice
from corpus.encode import BODY, WRAP, flat
from corpus.exchange import Exchange, LookAlike
from corpus.noise import noise

from analyzer.packs.yaml_text import load_safe

TOGETHER: Final = 6
"""How many look-alikes share a request."""

HOSTS: Final = ("api.acme-shop.example", "log.vendor.example", "cdn.vendor.example", "gw.acme.example")


@cache
def families(file: str = "look_alikes") -> list[dict[str, Any]]:
    """Give the families of a file: `family`, `maker` (see noise), `keys`, `reason`."""
    return load_safe((DATA / f"{file}.yaml").read_text(encoding="utf-8"))


def look_alikes(dice: Dice, rounds: int = 2, file: str = "look_alikes") -> list[Exchange]:
    """Put every family, under each of its names in turn, into requests of a few values each."""
    made = []
    for _ in range(rounds):
        drawn = [(one, key) for one in families(file) for key in dice.sample(one["keys"], min(3, len(one["keys"])))]
        dice.shuffle(drawn)
        for start in range(0, len(drawn), TOGETHER):
            made.append(_request(drawn[start : start + TOGETHER], dice, len(made)))
    return made


def _request(drawn: list[tuple[dict[str, Any], str]], dice: Dice, at: int) -> Exchange:
    content: dict[str, Any] = {}
    inside = []
    for one, key in drawn:
        if key not in content:
            content[key] = noise(one["maker"], dice)
            text = content[key] if isinstance(content[key], str) else json.dumps(content[key], ensure_ascii=False)
            inside.append(LookAlike(one["family"], key, text, one["reason"]))
    form = dice.choice(("json", "json", "json", "form", "query", "json text", "msgpack"))
    headers: tuple[tuple[str, str], ...] = ()
    host, target, body = dice.choice(HOSTS), f"/v{dice.randint(1, 4)}/report", b""
    if form == "query":
        target += "?" + BODY["form"][1](content).decode()
    else:
        written = (
            {"body": json.dumps(content, ensure_ascii=False), "sig": dice.hex(32)} if form == "json text" else content
        )
        stated, write = BODY["form" if form in {"form", "json text"} else form]
        body, headers = write(flat(written) if form == "form" else written), (("Content-Type", stated),)
        for layer in dice.choice(((), (), (), ("gzip",), ("gzip", "base64"), ("zlib",))):
            body = WRAP[layer](body)
    method = "POST" if body else "GET"
    return Exchange(f"look-alikes {at} ({form})", host, method, target, headers, body, (), tuple(inside))
