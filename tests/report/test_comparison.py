from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from analyzer.model.comparison import Comparison, Difference, Side, Standing
from analyzer.model.vocabulary import Change, Channel, Outcome, Phase, Subject, Tier
from analyzer.report.comparison import changes, comparison_bytes, comparison_schema_bytes

SCHEMA = json.loads(comparison_schema_bytes())


def make_comparison(foreign: str = "Example") -> Comparison:
    rule = Difference(
        Subject.RULE,
        "cn.191.3.1",
        Change.FIXED,
        Standing(Outcome.VIOLATED, Tier.ACCESSED, 3, 1_500_000),
        Standing(Outcome.NOT_OBSERVED, None, 0),
        clause="三.1",
        title={"zh": "同意前", "en": foreign},
    )
    flow = Difference(
        Subject.FLOW,
        f"id.imei → {foreign} (initial)",
        Change.INCONCLUSIVE,
        Standing(None, Tier.TRANSMITTED, 1, 2),
        None,
        (foreign,),
        data_type="id.imei",
        who=foreign,
        channel=Channel.NETWORK,
        phase=Phase.INITIAL,
    )
    same = Difference(Subject.RULE, "cn.191.3.3", Change.UNCHANGED, None, None)
    before = Side("s1", "com.example", foreign, watched={(Phase.INITIAL, "accept"): 5})
    return Comparison(before, Side("s2", "com.example", "2"), (foreign,), (rule, same, flow))


def test_the_document_says_what_became_of_each_thing():
    document = json.loads(comparison_bytes(make_comparison()))
    assert document["schema"] == "analyzer.comparison/1"
    assert document["before"]["phases"] == ["initial"]
    assert document["tally"] == {"rule": {"fixed": 1, "unchanged": 1}, "flow": {"inconclusive": 1}}
    assert document["differences"][0]["before"] == {
        "outcome": "violated",
        "tier": "accessed",
        "count": 3,
        "first_us": 1_500_000,
    }
    assert document["differences"][2]["after"] is None


def test_the_shipped_schema_is_the_one_that_the_models_give():
    shipped = files("analyzer.report").joinpath("data", "comparison.schema.json").read_bytes()
    assert shipped == comparison_schema_bytes()


def test_documents_validate_however_hostile_their_texts(hostile: str):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(comparison_bytes(make_comparison(hostile))))


def test_the_schema_is_closed_and_knows_no_word_for_innocence():
    document = json.loads(comparison_bytes(make_comparison()))
    document["differences"][0]["change"] = "compliant"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_changes_are_counted_per_kind_of_thing():
    assert changes(make_comparison(), Subject.RULE) == {Change.FIXED: 1, Change.UNCHANGED: 1}
    assert changes(make_comparison(), Subject.SDK) == {}
