from __future__ import annotations

from dataclasses import replace

from analyzer.model.evidence import Session
from analyzer.model.results import Analysis
from analyzer.model.vocabulary import Outcome, Owner, Party, Phase, Tier, Where
from analyzer.report.document import ResultDocument, build_document
from analyzer.report.document_evidence import ProcessEntry
from analyzer.report.summary import (
    Strongest,
    Watched,
    by_instrument,
    by_recipient,
    by_sdk,
    by_severity,
    first_hooks,
    first_us,
    instants,
    named,
    read_phases,
    since_start,
    start_us,
    tally,
    watched,
)

START = 1_790_000_000_000_000


def test_time_starts_with_the_first_recording_else_with_the_session(document: ResultDocument, session: Session) -> None:
    assert start_us(document) == START
    empty = build_document(replace(session, recordings=()), Analysis("r"))
    assert start_us(empty) == session.info.created_us


def test_an_instant_counts_from_its_recording_which_is_named_where_there_are_several(document: ResultDocument) -> None:
    one = document.recordings[0]
    assert since_start(document.model_copy(update={"recordings": (one,)}), one.start_us + 1_500_000) == "+1.500 s"
    second = one.model_copy(update={"name": "2-refuse", "start_us": one.end_us + 10, "end_us": one.end_us + 9_000_000})
    both = document.model_copy(update={"recordings": (one, second)})
    assert since_start(both, second.start_us + 2_000_000) == "+2.000 s of 2-refuse"
    assert since_start(both, second.end_us + 1).startswith("+"), "outside of both: from the session's start"


def test_the_first_instant_of_evidence_is_the_earliest_that_is_known(document: ResultDocument) -> None:
    names = ("o2", "o1", "1-accept/marks/1", "1-accept/flows/5", "g1", "nothing")
    verdict = document.verdicts[0].model_copy(update={"evidence": names})
    known = instants(document.model_copy(update={"verdicts": (verdict,)}))
    assert set(known) == {*names} - {"nothing"}
    assert first_us(["o2", "o1", "nothing"], known) == START + 100_000
    assert first_us(["1-accept/marks/1"], known) == START + 510_000
    assert first_us(["1-accept/flows/5"], known) == START + 250_000
    assert first_us(["g1"], known) == START + 250_000
    assert first_us(["nothing"], known) is None


def test_the_strongest_evidence_is_the_highest_tier_not_the_earliest(document: ResultDocument) -> None:
    carrying = Strongest(document)
    seen = carrying.of(document.verdicts[0])
    assert seen is not None
    assert seen.id == "o2"
    assert carrying.of(document.verdicts[1]) is None
    assert [one.id for one in carrying.first(document.verdicts[0], 1)] == ["o1"], "in the order in which they are named"


def test_reads_are_grouped_by_sdk_and_sends_by_recipient(document: ResultDocument) -> None:
    (read,) = by_sdk(document)
    (sent,) = by_recipient(document)
    assert (read.data_types, read.count, read.tier) == (("id.imei",), 1, Tier.TRANSMITTED_THIRD_PARTY), (
        "it sent what it read"
    )
    seen, gone = document.observations
    later = gone.model_copy(update={"phase": Phase.ACCEPTED})
    (read,) = by_sdk(document.model_copy(update={"observations": (seen, later)}))
    assert (read.count, read.tier) == (1, Tier.ACCESSED), "what it sent in another phase is another row's"
    assert read_phases(document) == {("1-accept", "id.imei", "Example"): (Phase.INITIAL,)}
    assert (sent.count, sent.tier) == (1, Tier.TRANSMITTED_THIRD_PARTY)
    assert (named(read, "en"), named(sent, "en"), named(sent, "zh")) == (
        "Example", "Example (third party)", "Example (第三方)",
    )  # fmt: skip


def test_what_came_before_a_choice_is_told_apart_from_what_came_after(document: ResultDocument) -> None:
    read, sent = document.observations
    later = sent.model_copy(update={"phase": Phase.ACCEPTED, "data_type": "id.oaid"})
    other = sent.recipient.model_copy(update={"company": "Other", "party": Party.UNKNOWN}) if sent.recipient else None
    seen = (later, later, sent.model_copy(update={"recipient": other}), read, sent)
    shares = by_recipient(document.model_copy(update={"observations": seen}))
    assert [(named(one, "en"), one.phase.value, one.data_types, one.count) for one in shares] == [
        ("Example (third party)", "initial", ("id.imei",), 1),
        ("Example (third party)", "accepted", ("id.oaid",), 2),
        ("Other (party unknown)", "initial", ("id.imei",), 1),
    ]


def test_what_another_app_sent_is_none_of_what_this_app_sent(document: ResultDocument) -> None:
    others = [seen.model_copy(update={"owner": Owner.OTHER}) for seen in document.observations]
    assert by_recipient(document.model_copy(update={"observations": others})) == []


def test_data_in_a_response_was_not_received_by_anybody(session: Session, analysis: Analysis) -> None:
    answered = tuple(replace(seen, where=Where.RESPONSE, tier=Tier.DECLARED) for seen in analysis.observations)
    assert by_recipient(build_document(session, replace(analysis, observations=answered))) == []


def test_what_was_in_view_is_counted_for_each_recording(document: ResultDocument) -> None:
    assert watched(document) == [Watched("1-accept", armed=1, proven=1, asked=2, flows_read=1, flows_opaque=1)]


def test_what_was_met_comes_first_and_the_order_of_clauses_is_kept_within(document: ResultDocument) -> None:
    first, second = document.verdicts[:2]
    shuffled = (
        first.model_copy(update={"rule": "a", "outcome": Outcome.NOT_TESTED}),
        second.model_copy(update={"rule": "b", "outcome": Outcome.INCONCLUSIVE}),
        first.model_copy(update={"rule": "c", "outcome": Outcome.VIOLATED}),
        first.model_copy(update={"rule": "d", "outcome": Outcome.VIOLATED}),
    )
    ordered = by_severity(document.model_copy(update={"verdicts": shuffled}))
    assert [verdict.rule for verdict in ordered] == ["c", "d", "b", "a"]


def test_verdicts_are_counted_by_outcome_the_gravest_first(document: ResultDocument) -> None:
    violated, open_ = document.verdicts[0], document.verdicts[1]
    three = document.model_copy(update={"verdicts": (open_, violated, violated)})
    assert tally(three) == [("violated", 2), ("inconclusive", 1)]


def test_each_instrument_tells_its_outcomes_its_evidence_and_when_it_was_first_met(document: ResultDocument) -> None:
    first, *_ = by_instrument(document)
    verdicts = [verdict for verdict in document.verdicts if verdict.pack == first.pack]
    met = [verdict for verdict in verdicts if verdict.outcome.value in {"violated", "suspected"}]
    assert sum(count for _, count in first.outcomes) == len(verdicts)
    assert dict(first.outcomes)["violated"] == sum(verdict.outcome.value == "violated" for verdict in verdicts)
    assert first.evidence == len({name for verdict in met for name in verdict.evidence})
    assert first.first_us == min(instants(document)[name] for verdict in met for name in verdict.evidence)
    assert first.tier is max((verdict.tier for verdict in met), key=lambda tier: tier.rank)


def test_the_time_to_the_first_hook_names_its_recording_where_there_are_several(document: ResultDocument) -> None:
    process = ProcessEntry(recording="1-accept", process="a.b", pid=7, first_hook_us=400_000)
    coverage = document.coverage.model_copy(update={"processes": (process,)})
    one = document.model_copy(update={"coverage": coverage, "recordings": document.recordings[:1]})
    assert first_hooks(one) == ["a.b 0.400 s"]
    assert first_hooks(one.model_copy(update={"recordings": one.recordings * 2})) == ["1-accept a.b 0.400 s"]
