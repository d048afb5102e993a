"""The graph is held against the ontology by CASE's own validator."""

from __future__ import annotations

import json

import pytest
from case_utils.case_validate import validate
from rdflib import Graph

from analyzer.model.vocabulary import Outcome
from analyzer.report.case_uco import CONTEXT, case_pieces
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import DecisionEntry

INSTANT = "2026-11-23T00:00:00.000000Z"


def decided(document: ResultDocument) -> ResultDocument:
    why = DecisionEntry(rule="cn.191.3.1", outcome=Outcome.SUSPECTED, why="x", operator="Li", at_us=0, at=INSTANT)
    return document.model_copy(update={"decisions": (why, why)})


def graph(document: ResultDocument) -> dict[str, dict[str, object]]:
    parsed = json.loads(b"".join(case_pieces(document)))
    assert parsed["@context"] == CONTEXT
    nodes = {node["@id"]: node for node in parsed["@graph"]}
    assert len(nodes) == len(parsed["@graph"])
    return nodes


def test_the_ontology_is_obeyed(document: ResultDocument, tmp_path) -> None:
    file = tmp_path / "case.jsonld"
    file.write_bytes(b"".join(case_pieces(decided(document))))
    done = validate([str(file)], case_version="case-1.4.0")
    assert done.conforms, done.text
    assert len(Graph().parse(file)) > 50


def test_calls_flows_links_and_verdicts_are_nodes(document: ResultDocument) -> None:
    kinds = [str(node["@type"]).partition(":")[2] for node in graph(document).values()]
    assert kinds.count("ObservableAction") == 1
    assert kinds.count("NetworkConnection") == 1
    assert kinds.count("ObservableRelationship") == 1
    assert kinds.count("Assertion") == 2 + 3


def test_an_analysts_decision_is_a_node_of_its_own_that_names_the_verdict(document: ResultDocument) -> None:
    nodes = graph(decided(document))
    made = [node for node in nodes.values() if str(node["@id"]).startswith("kb:decision-")]
    assert [node["analyzer:outcome"] for node in made] == ["suspected", "suspected"]
    on = made[0]["analyzer:on"]
    assert isinstance(on, dict)
    assert nodes[on["@id"]]["analyzer:outcome"] == "violated"


def test_every_reference_names_a_node(document: ResultDocument) -> None:
    nodes = graph(document)

    def references(value: object) -> list[str]:
        if isinstance(value, list):
            return [found for one in value for found in references(one)]
        if isinstance(value, dict):
            inner = [found for one in value.values() for found in references(one)]
            return inner + ([value["@id"]] if set(value) == {"@id"} else [])
        return []

    named = {name for node in nodes.values() for name in references(node)}
    assert named
    assert named <= nodes.keys()


@pytest.mark.parametrize("key", ["core", "observable", "action"])
def test_no_key_is_empty(document: ResultDocument, key: str) -> None:
    for node in graph(document).values():
        for name, value in node.items():
            assert not name.startswith(f"uco-{key}:") or value not in ("", [], None)


def test_hostile_text_stays_text(hostile_document: ResultDocument) -> None:
    nodes = graph(hostile_document)
    assert all(name.startswith("kb:") for name in nodes)
    Graph().parse(data=b"".join(case_pieces(hostile_document)), format="json-ld")
