from __future__ import annotations

from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import ConsentState
from analyzer.model.vocabulary import Phase, Source
from analyzer.report.document import ResultDocument
from analyzer.report.result_entries import consent_entry


def test_an_observation_tells_where_and_how_the_value_was_seen(document: ResultDocument) -> None:
    sent = document.observations[1]
    assert (sent.flow_index, sent.where.value, sent.encodings) == (0, "query", ("base64", "md5"))
    assert sent.sdk is not None
    assert (sent.sdk.id, sent.origins) == ("acme.ads", ("1-accept/events/2",))


def test_links_findings_and_phases_keep_their_references(document: ResultDocument) -> None:
    assert document.links[0].event == document.events[0].id
    assert document.findings[0].evidence == ("o1", "o2")
    assert document.phases[0].evidence[0].line == 1


def test_a_verdict_keeps_the_whole_explanation(document: ResultDocument) -> None:
    verdict = document.verdicts[0]
    assert list(verdict.title) == ["en", "zh"]
    assert verdict.explanation.children[0].truth.value == "yes"


def test_the_timeline_keeps_the_order_of_the_analysis(document: ResultDocument) -> None:
    assert [item.kind for item in document.timeline] == ["event", "flow", "mark"]


def test_a_state_of_consent_tells_only_what_its_text_holds() -> None:
    ref = EvidenceRef("1-accept", Source.EVENTS, 3)
    vendors = (1, 2, 3, 9, *range(20, 2000, 2))
    state = ConsentState(ref, Instant(5, 0, 0), "c", "IABTCF_TCString", "tcf", Phase.REFUSED, ("purposes", "vendors"),
                         vendors=vendors)  # fmt: skip
    entry = consent_entry(state)
    assert (entry.purposes, entry.interests, entry.vendor_interests) == ((), None, None)
    assert entry.vendors is not None
    assert entry.vendors.startswith("1-3, 9, 20, 22, ")
    assert entry.vendors.endswith(", …")
