from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from analyzer.report.result_forms import added, lackable
from analyzer.report.schema import schema_bytes

FIRST = "32a2f391acb2ba79e642793ed8140381f268a062d6be6d699ebcd450094e4475"
"""Sha256 over the places that every form has: what the document got since its first form is named in the data."""


def places(schema: dict[str, Any]) -> set[str]:
    """Give every place of a document that its schema names."""
    found: set[str] = set()

    def go(node: dict[str, Any], at: str, within: frozenset[str]) -> None:
        name = node.get("$ref", "").rpartition("/")[2]
        if name and name not in within:
            go(schema["$defs"][name], at, within | {name})
        for one in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
            go(one, at, within)
        for key, inner in node.get("properties", {}).items():
            place = f"{at}.{key}" if at else key
            found.add(place)
            go(inner, place, within)
        if isinstance(node.get("items"), dict):
            go(node["items"], f"{at}[]", within)

    go(schema, "", frozenset())
    return found


def test_every_place_that_the_document_got_since_its_first_form_is_named() -> None:
    there, later = places(json.loads(schema_bytes())), added()
    assert later.keys() <= there
    within = tuple(f"{place}{sign}" for place in later for sign in (".", "[]."))
    first = sorted(place for place in there - later.keys() if not place.startswith(within))
    assert sha256("\n".join(first).encode()).hexdigest() == FIRST, (
        "a place that is new in the result is a new form at the end of result_forms.json; "
        "one that is gone or has another name makes results of before unlike: then this digest is another"
    )


def test_a_form_lacks_all_that_came_after_it_and_nothing_else() -> None:
    assert "claims" in lackable({"schema", "session.redaction"})
    assert lackable({"consents"}) >= {"frequencies", "permissions", "session.judged_by"}
    assert not lackable({"consents"}) & {"claims", "policy", "consents"}
    assert lackable({"session.judged_by"}) == frozenset()
    never = {"verdicts[].outcome", "verdicts[].evidence", "verdicts[].reasons", "observations", "findings", "gaps"}
    assert not lackable(()) & {*never, "coverage", "links", "flows", "marks", "phases", "timeline"}
