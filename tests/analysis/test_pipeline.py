from dataclasses import replace

import pytest

from analyzer.analysis import packed
from analyzer.analysis.pipeline import analyze
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Body, Connection, Peer
from analyzer.model.vocabulary import FlowKind, GapKind, MarkKind, Outcome, Owner, Phase, Strategy, Tier
from analyzer.packs.loader import load_packs
from analyzer.packs.problem import PackProblem
from analyzer.report.document import document_pieces

IMEI = "490154203237518"
SENT = b'{"device":{"imei":"490154203237518"}}'
CATALOG = """
family: small
hooks:
  - {id: small.imei, kind: read, target: {class: a.Telephony, method: getImei}, returns: id.imei, reasoning: r,
     source: s}
  - {id: small.click, kind: ui, target: {class: a.View, method: performClick}, reasoning: r, source: s}
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "small.yaml").write_text(CATALOG)
    return load_packs(hooks=folder)


@pytest.fixture
def run(packs):
    def analyse(tape, **named):
        return analyze(tape.session(), packs, tape.read_blob, tool_version="1", libraries={"x": "1"}, **named)

    return analyse


@pytest.fixture
def consent(screens):
    return screens.of(["Please read our Privacy Policy. If you agree, tap Agree."], ["Decline", "Agree"])


@pytest.fixture
def watched(tape, consent, screens):
    """An app that was watched for 70 s, then accepted, and that the agent and the proxy saw all the time."""
    tape.mark(MarkKind.RECORDING_STARTED, 0).mark(MarkKind.APP_STARTED, 0.1).hook("small.imei").hook("small.click")
    tape.screen(consent, 1).mark(MarkKind.DWELL_ENDED, 69).mark(MarkKind.TAPPED, 70, x="540", y="560")
    tape.call("small.click", 70.1, text="Agree").screen(screens.of(["Home"], ["Search"]), 71)
    return tape.mark(MarkKind.RECORDING_ENDED, 90)


def outcomes(analysis):
    return {verdict.rule: verdict.outcome for verdict in analysis.verdicts}


def test_reading_and_sending_before_the_choice_breaks_three_rules(run, watched):
    watched.call("small.imei", 2, result=IMEI).request("t.graph.facebook.com", 3, SENT)
    analysis = run(watched)
    broken = {rule for rule, outcome in outcomes(analysis).items() if outcome is Outcome.VIOLATED}
    assert broken == {"cn.191.3.1", "cn.191.5.1", "eu.eprivacy.5.3"}
    assert {item.phase for item in analysis.observations} == {Phase.INITIAL}
    first = next(verdict for verdict in analysis.verdicts if verdict.rule == "cn.191.3.1")
    assert first.evidence == ("o1", "o2")
    assert first.tier is Tier.TRANSMITTED_THIRD_PARTY
    assert [finding.rule for finding in analysis.findings][:1] == ["cn.191.3.1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_what_is_sent_to_the_device_itself_breaks_no_rule(run, watched, host):
    analysis = run(watched.request(host, 3, SENT))
    assert Outcome.VIOLATED not in outcomes(analysis).values()
    assert "nobody may have received it" in analysis.observations[0].reasoning


def test_a_request_of_nobody_known_that_names_another_app_accuses_nobody(run, watched):
    watched.request("t.graph.facebook.com", 3, SENT, Owner.UNKNOWN)
    watched.flows[-1] = replace(watched.flows[-1], headers=(("X-Requested-With", "com.other.app"),))
    analysis = run(watched)
    assert [item.owner for item in analysis.observations] == [Owner.OTHER]
    assert {Outcome.VIOLATED, Outcome.SUSPECTED}.isdisjoint(outcomes(analysis).values())


def test_another_apps_traffic_convicts_nobody_and_that_of_nobody_known_only_raises_suspicion(run, watched):
    watched.request("t.graph.facebook.com", 3, SENT, Owner.OTHER)
    by_other = run(watched)
    assert [item.owner for item in by_other.observations] == [Owner.OTHER]
    assert {Outcome.VIOLATED, Outcome.SUSPECTED}.isdisjoint(outcomes(by_other).values())
    watched.flows.clear()
    by_unknown = run(watched.request("t.graph.facebook.com", 3, SENT, Owner.UNKNOWN))
    assert Outcome.VIOLATED not in outcomes(by_unknown).values()
    assert outcomes(by_unknown)["cn.191.5.1"] is Outcome.SUSPECTED


def upload(tape, start, end, **changed):
    """Send a body that begins at one time and ends at another."""
    tape.request("t.graph.facebook.com", start, SENT)
    ended = replace(tape.flows[-1].stamp, mono_us=int(end * 1e6))
    tape.flows[-1] = replace(tape.flows[-1], end=ended, **changed)
    return tape


def test_an_upload_that_lasts_over_the_choice_convicts_nobody_and_clears_nobody(run, watched):
    analysis = run(upload(watched, 60, 80))
    assert [item.phase for item in analysis.observations] == [Phase.UNKNOWN]
    assert "took 20.0 s, in which the phase of consent changed: it is unknown" in analysis.observations[0].reasoning
    assert Outcome.VIOLATED not in outcomes(analysis).values()
    assert outcomes(analysis)["cn.191.3.1"] is Outcome.INCONCLUSIVE
    assert outcomes(analysis)["cn.191.5.1"] is Outcome.INCONCLUSIVE
    (verdict,) = (verdict for verdict in analysis.verdicts if verdict.rule == "cn.191.3.1")
    assert any(reason.startswith("o1 may be meant: its phase") for reason in verdict.reasons)


@pytest.fixture
def declined(tape, consent, screens):
    """An app that was refused at 20 s and watched until 99 s."""
    tape.mark(MarkKind.RECORDING_STARTED, 0).mark(MarkKind.APP_STARTED, 0.1).hook("small.imei").hook("small.click")
    tape.screen(consent, 1).mark(MarkKind.DWELL_ENDED, 19).mark(MarkKind.TAPPED, 20, x="540", y="410")
    tape.call("small.click", 20.1, text="Decline").screen(screens.of(["Home"], ["Search"]), 21)
    return tape.mark(MarkKind.RECORDING_ENDED, 99)


def test_a_refusal_does_not_hide_what_an_upload_from_before_it_carries(run, declined):
    assert outcomes(run(declined))["cn.191.3.2a"] is Outcome.NOT_OBSERVED
    assert outcomes(run(upload(declined, 10, 80)))["cn.191.3.2a"] is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("end", "outcome"), [(15, Outcome.NOT_OBSERVED), (99, Outcome.INCONCLUSIVE)])
def test_a_body_that_was_not_kept_is_a_gap_as_long_as_it_was_sent(run, declined, end, outcome):
    analysis = run(upload(declined, 10, end, body=Body(0, b"", truncated=True)))
    assert outcomes(analysis)["cn.191.3.2a"] is outcome
    (gap,) = (gap for gap in analysis.gaps if gap.kind == GapKind.BODY_TRUNCATED)
    assert gap.why == "the body did not end, and no bytes of it were kept"


def test_a_tunnel_that_was_passed_on_unread_is_a_gap_to_the_end(run, declined):
    opening = Connection(0, "proxy", Stamp(int(1e7), int(1e7)), "t", FlowKind.TLS, "left.example", 443, Peer("", 1))
    declined.flows.append(opening)
    assert outcomes(run(declined))["cn.191.3.2a"] is Outcome.INCONCLUSIVE


def test_the_path_of_an_upload_went_at_its_start(run, watched):
    upload(watched, 60, 80, target=f"/v1/collect?imei={IMEI}")
    phases = {(item.where.value, item.phase) for item in run(watched).observations}
    assert phases == {("query", Phase.INITIAL), ("body", Phase.UNKNOWN)}


def test_the_same_after_the_choice_breaks_none(run, watched):
    watched.call("small.imei", 72, result=IMEI).request("t.graph.facebook.com", 73, SENT)
    analysis = run(watched)
    assert {item.phase for item in analysis.observations} == {Phase.ACCEPTED}
    assert Outcome.VIOLATED not in outcomes(analysis).values()
    assert outcomes(analysis)["cn.191.3.1"] is Outcome.NOT_OBSERVED
    assert outcomes(analysis)["cn.191.3.2a"] is Outcome.NOT_TESTED
    assert outcomes(analysis)["cn.191.3.3"] is Outcome.NOT_DECIDABLE


@pytest.mark.parametrize("answer", ["02:00:00:00:00:00", "unknown", "000000000000000", ""])
def test_what_was_tried_and_gave_only_a_constant_is_suspected_and_not_violated(run, watched, answer):
    analysis = run(watched.call("small.imei", 2, result=answer))
    assert [item.tier for item in analysis.observations] == [Tier.ATTEMPTED]
    assert outcomes(analysis)["cn.191.3.1"] is Outcome.SUSPECTED
    verdict = next(verdict for verdict in analysis.verdicts if verdict.rule == "cn.191.3.1")
    assert (verdict.tier, verdict.evidence) == (Tier.ATTEMPTED, ("o1",))


def test_a_pinned_host_forbids_not_observed(run, watched):
    analysis = run(watched.refuse("pinned.example", 5))
    assert outcomes(analysis)["cn.191.3.1"] is Outcome.INCONCLUSIVE
    assert outcomes(analysis)["cn.191.5.1"] is Outcome.INCONCLUSIVE
    verdict = next(verdict for verdict in analysis.verdicts if verdict.rule == "cn.191.5.1")
    assert any("pinned.example" in reason for reason in verdict.reasons)
    assert analysis.coverage.opaque_hosts == ("pinned.example",)
    assert [gap.kind for gap in analysis.gaps] == ["tls_refused"]


def test_a_pinned_host_does_not_excuse_what_was_seen(run, watched):
    watched.call("small.imei", 2, result=IMEI).refuse("pinned.example", 5)
    assert outcomes(run(watched))["cn.191.3.1"] is Outcome.VIOLATED


def test_an_agent_that_never_fired_proves_nothing(run, watched):
    watched.events = [record for record in watched.events if not hasattr(record, "ending")]
    assert outcomes(run(watched))["cn.191.3.1"] is Outcome.INCONCLUSIVE


def test_a_stubborn_app_collects_after_the_refusal_and_asks_at_every_start(run, tape, consent):
    tape.strategy = Strategy.REFUSE
    tape.mark(MarkKind.RECORDING_STARTED, 0).mark(MarkKind.APP_STARTED, 0.1).hook("small.imei").screen(consent, 1)
    tape.mark(MarkKind.TAPPED, 10, x="540", y="410").call("small.imei", 10.5, result=IMEI)
    tape.mark(MarkKind.APP_EXITED, 11)
    for start in (20, 40):
        tape.mark(MarkKind.RELAUNCHED, start).mark(MarkKind.APP_STARTED, start + 0.1).screen(consent, start + 1)
        tape.mark(MarkKind.TAPPED, start + 10, x="540", y="410")
    found = outcomes(run(tape.mark(MarkKind.RECORDING_ENDED, 60)))
    assert [found[rule] for rule in ("cn.191.3.2a", "cn.191.3.2b", "cn.191.4.2")] == [Outcome.VIOLATED] * 3


def test_equal_arguments_give_an_equal_result(run, watched):
    watched.call("small.imei", 2, result=IMEI).request("t.graph.facebook.com", 3, SENT)
    assert run(watched) == run(watched)


def test_the_run_is_named_by_evidence_packs_versions_and_app_type(run, watched, packs):
    names = {
        run(watched).run_id,
        run(watched, app_type="browser").run_id,
        analyze(watched.session(), packs, watched.read_blob, tool_version="2").run_id,
        analyze(replace(watched.session(), digest="e" * 64), packs, watched.read_blob).run_id,
    }
    assert len(names) == 4


def test_an_unknown_app_type_is_refused_with_the_known_ones(run, watched):
    with pytest.raises(PackProblem, match="map_navigation"):
        run(watched, app_type="spaceship")


def test_gaps_are_numbered_and_stand_on_the_timeline(run, watched):
    analysis = run(watched.gap(GapKind.AGENT_LOST, 80, "com.example"))
    assert [gap.id for gap in analysis.gaps] == ["g1"]
    assert [entry.title for entry in analysis.timeline if entry.kind == "gap"] == [
        "not seen: agent lost com.example: because"
    ]
    assert [entry.instant for entry in analysis.timeline] == sorted(entry.instant for entry in analysis.timeline)


@pytest.mark.parametrize("few", [1, 3])
def test_many_records_give_the_same_analysis_and_document_as_few(run, watched, monkeypatch, few):
    watched.call("small.imei", 2, result=IMEI)
    for at in (3, 80, 4, 75, 3):
        watched.request("t.graph.facebook.com", at, SENT).request("plain.example", at, b"imei=490154203237518")
    session = watched.session()
    whole = run(watched)
    monkeypatch.setattr(packed, "FEW", few)
    parts = run(watched)
    assert len(whole.observations) > len(whole.flows) > 5
    assert isinstance(whole.observations, tuple)
    assert not any(isinstance(many, tuple) for many in (parts.observations, parts.flows, parts.timeline))
    assert parts == whole
    assert b"".join(document_pieces(session, parts)) == b"".join(document_pieces(session, whole))
