"""Invented people and their phones: every value valid by the rules of its format, and another one for every seed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from corpus.devices import device, place
from corpus.dice import DATA, Dice
from corpus.lives import identity, life

from analyzer.packs.yaml_text import load_safe


@cache
def plan() -> dict[str, Any]:
    """Give what a tester plants (`planted`: type → spellings), and what cannot be derived from it (`underivable`)."""
    return load_safe((DATA / "planted.yaml").read_text(encoding="utf-8"))


@dataclass
class Person:
    """All values of one invented person; `value(type, variant)` gives one of them in one spelling."""

    seed: int
    dice: Dice = field(init=False)
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = Dice(f"person {self.seed}")
        self.facts = {**identity(self.dice), **device(self.dice), **place(self.dice), **life(self.dice)}

    def value(self, data_type: str, variant: str = "") -> Any:
        """Give a value in the spelling `variant`; raises `KeyError` for one that the corpus does not know."""
        return self.facts[f"{data_type}:{variant}" if variant else data_type]

    def variants(self, data_type: str) -> list[str]:
        return [name.partition(":")[2] for name in self.facts if name.partition(":")[0] == data_type]

    def persona(self) -> dict[str, tuple[str, ...]]:
        """Give what a tester would have planted: data type → texts, values with parts as JSON."""
        return {
            name: tuple(_text(one) for one in (value if isinstance(value, tuple) else (value,)))
            for name, value in _planted(self).items()
        }


def _planted(person: Person) -> dict[str, Any]:
    facts = person.facts
    planted: dict[str, Any] = {
        name: tuple(person.value(name, variant) for variant in variants) for name, variants in plan()["planted"].items()
    }
    planted["loc.precise"] = {"lat": facts["loc.precise:lat"], "lon": facts["loc.precise:lon"]}
    planted["loc.wifi_current"] = facts["loc.wifi_current"]
    planted["loc.wifi_scan"] = tuple({"ssid": n["ssid"], "bssid": n["bssid"]} for n in facts["loc.wifi_scan"])
    planted["loc.cell"] = facts["loc.cell"]
    planted["comm.contacts"] = tuple(facts["comm.contacts"])
    planted["dev.installed_apps"] = tuple(facts["dev.installed_apps"])
    planted["dev.accounts"] = tuple({"name": a["name"], "type": a["type"]} for a in facts["dev.accounts"])
    return planted


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
