"""The schemas say what the models say, of every pack that ships and of what authors get wrong."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
import yaml

from analyzer.packs.lint import check
from analyzer.packs.loader import DATA, load_packs
from analyzer.packs.schema import pack_schema_bytes, rules_schema_bytes
from analyzer.packs.yaml_text import load_safe, read_text
from analyzer.workflows.catalogs import check_packs

RULES = jsonschema.Draft202012Validator(json.loads(rules_schema_bytes()))
PACK = jsonschema.Draft202012Validator(json.loads(pack_schema_bytes()))
GUIDE = (DATA.parent / "WRITING_RULES.md").read_text(encoding="utf-8")


def blocks() -> dict[str, str]:
    """Give the files that the guide writes out, by the name in their first line."""
    found = re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", GUIDE, re.DOTALL)
    return dict(found)


def test_the_shipped_schemas_are_those_that_the_models_give():
    assert (DATA / "rules.schema.json").read_bytes() == rules_schema_bytes()
    assert (DATA / "pack.schema.json").read_bytes() == pack_schema_bytes()
    for schema in (RULES.schema, PACK.schema):
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("folder", sorted((DATA / "rules").iterdir()), ids=lambda folder: folder.name)
def test_every_shipped_pack_is_what_the_schemas_say(folder):
    for file in folder.glob("*.yaml"):
        schema = PACK if file.name == "pack.yaml" else RULES
        assert [error.message for error in schema.iter_errors(load_safe(read_text(file)))] == [], file


def _changed(change: Any) -> Any:
    rules = yaml.safe_load(blocks()["my-pack/rules.yaml"])
    change(rules["rules"][0])
    return rules


@pytest.mark.parametrize(
    "change",
    [
        lambda rule: rule.update(more=1),
        lambda rule: rule.pop("examples"),
        lambda rule: rule.update(same_as="eu-eprivacy/eu.eprivacy.5.3"),
        lambda rule: rule["violated_when"].update(call={"hook": ["a"]}),
        lambda rule: rule.update(violated_when={}),
        lambda rule: rule.update(violated_when={"observation": {"phase": ["initail"]}}),
        lambda rule: rule.update(confidence=2),
        lambda rule: rule.update(ceiling="compliant"),
    ],
)
def test_the_schema_refuses_what_the_models_refuse(change):
    assert list(RULES.iter_errors(_changed(change)))
    assert not list(RULES.iter_errors(_changed(deepcopy)))


def test_the_pack_in_the_guide_is_in_order_and_its_examples_behave(tmp_path):
    for name, text in blocks().items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert set(blocks()) == {"my-pack/pack.yaml", "my-pack/rules.yaml"}
    assert check_packs((str(tmp_path / "my-pack"),)) == []
    assert check(load_packs((str(tmp_path / "my-pack"),))) == []


def test_the_guide_names_every_kind_of_condition_and_every_need():
    kinds = RULES.schema["$defs"]["Condition"]["properties"]
    needs = RULES.schema["$defs"]["Needs"]["properties"]
    assert [name for name in (*kinds, *needs) if f"`{name}`" not in GUIDE] == []
