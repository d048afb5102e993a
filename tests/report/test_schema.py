from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from analyzer.report.document import ResultDocument, to_bytes
from analyzer.report.schema import schema_bytes

SCHEMA = json.loads(schema_bytes())


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from objects(item)


def test_the_shipped_schema_is_the_one_that_the_models_give() -> None:
    shipped = files("analyzer.report").joinpath("data", "result.schema.json").read_bytes()
    assert shipped == schema_bytes()


def test_every_key_of_every_object_is_described() -> None:
    missing = [
        f"{node.get('title')}.{name}"
        for node in objects(SCHEMA)
        for name, key in node.get("properties", {}).items()
        if isinstance(key, dict) and node.get("type") == "object" and not key.get("description")
    ]
    assert missing == []


def test_every_object_is_closed_and_every_key_is_required() -> None:
    for node in (SCHEMA, *SCHEMA["$defs"].values()):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert sorted(node["required"]) == sorted(node["properties"])


def test_outcomes_are_a_closed_list_without_a_word_for_innocence() -> None:
    assert SCHEMA["$defs"]["Outcome"]["enum"] == [
        "violated",
        "suspected",
        "not_observed",
        "inconclusive",
        "not_tested",
        "not_decidable",
    ]


def test_documents_validate_however_hostile_their_texts(hostile_document: ResultDocument) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(to_bytes(hostile_document)))


@pytest.mark.parametrize(("path", "value"), [("outcome", "compliant"), ("more", 1)])
def test_the_schema_refuses_what_the_models_refuse(document: ResultDocument, path: str, value: object) -> None:
    data = json.loads(to_bytes(document))
    data["verdicts"][0][path] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)
