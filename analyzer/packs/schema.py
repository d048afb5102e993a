"""The JSON Schemas of a rule pack's files, for editors; the copies under `data/` are what others read."""

from __future__ import annotations

import json
from typing import Any, Final

from analyzer.packs.rule_files import TAKEN
from analyzer.packs.rules import Rule, RulePack

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def pack_schema_bytes() -> bytes:
    """Give the schema of `pack.yaml`, the head of a pack, as UTF-8, ending in a newline."""
    schema = RulePack.model_json_schema(by_alias=True)
    del schema["properties"]["rules"], schema["$defs"]
    schema["required"].remove("rules")
    return _bytes({**schema, "title": "pack.yaml", "$schema": DRAFT})


def rules_schema_bytes() -> bytes:
    """Give the schema of the rule files beside it, as UTF-8, ending in a newline."""
    rule = Rule.model_json_schema(by_alias=True)
    defs: dict[str, Any] = rule.pop("$defs")
    _one_key(defs["Condition"])
    rule["required"].remove("examples")
    rule["if"] = {"required": ["same_as"]}
    rule["then"] = {"not": {"anyOf": [{"required": [key]} for key in TAKEN]}}
    rule["else"] = {"required": ["examples"]}
    schema = {
        "$schema": DRAFT,
        "title": "Rules of a pack",
        "description": "A file of rules beside `pack.yaml`; `definitions` is for anchors (&name), which * repeats.",
        "type": "object",
        "properties": {
            "definitions": {"type": "object"},
            "rules": {"type": "array", "items": {"$ref": "#/$defs/Rule"}},
        },
        "required": ["rules"],
        "$defs": {**defs, "Rule": rule},
    }
    return _bytes(schema)


def _one_key(condition: dict[str, Any]) -> None:
    """Say of a condition that exactly one of its keys stands there: no key may be empty, as it may in the model."""
    for key in condition["properties"].values():
        key["anyOf"] = [kind for kind in key["anyOf"] if kind != {"type": "null"}]
        key.pop("default", None)
    condition |= {"minProperties": 1, "maxProperties": 1}


def _bytes(schema: dict[str, Any]) -> bytes:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True).encode("utf-8") + b"\n"
