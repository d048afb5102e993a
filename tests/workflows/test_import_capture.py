from __future__ import annotations

import gzip
import json

import pytest
import traffic

from analyzer.capture.interruption import Interrupted, Stop
from analyzer.model.evidence import Mark
from analyzer.model.vocabulary import GapKind, Outcome, Owner, Party, Phase, SessionKind, Strategy
from analyzer.packs.persona import PersonaProblem
from analyzer.store.problems import EvidenceRefused
from analyzer.store.reader import read_session
from analyzer.store.verify import verify
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.import_capture import ImportOrder, import_captures
from analyzer.workflows.import_statement import Statement, state

T0 = "2026-01-31T12:00:"
THIRD = "open.e.kuaishou.com"


class Said(list[str]):
    """A view that keeps what it is told."""

    def file(self, name: str, size: int) -> None:
        self.append(f"file {name} {size}")

    def at(self, position: int, records: int) -> None:
        self.append(f"at {position} {records}")

    def message(self, text: str) -> None:
        self.append(text)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "workspace")


@pytest.fixture
def bring(home, tmp_path):
    def bring(*contents: bytes, names=("a.har", "b.jsonl", "c.har"), said=None, stop=None, **order):
        files = []
        for name, content in zip(names, contents, strict=False):
            files.append(tmp_path / name)
            files[-1].write_bytes(content)
        order = {"package": "com.example", "statement": Statement(), "persona": traffic.persona(tmp_path)} | order
        return import_captures(
            home, ImportOrder(tuple(files), **order), Said() if said is None else said, stop or Stop()
        )

    return bring


def phases(home, session):
    return [one.phase for one in analyze(home, session, Lens()).document.observations if one.channel == "network"]


def test_an_import_is_a_sealed_session_with_its_originals(home, bring):
    data = traffic.har(traffic.told(1))
    session = bring(data, case="K-1", operator="me")
    path = home.workspace.sessions_folder / session
    read = read_session(path)
    assert (read.info.kind, read.info.device.kind, read.sealed) == (SessionKind.IMPORTED, "none", True)
    assert (read.info.case, read.info.operator, read.recordings[0].strategy) == ("K-1", "me", Strategy.IMPORT)
    assert (path / "originals" / "1-a.har").read_bytes() == data
    assert read.info.persona["id.imei"] == (traffic.IMEI,)
    assert not list(home.workspace.path.glob(".import-*"))


def test_a_changed_original_is_found(home, bring):
    path = home.workspace.sessions_folder / bring(traffic.har(traffic.told(1)))
    assert verify(path).intact
    original = path / "originals" / "1-a.har"
    original.write_bytes(original.read_bytes() + b" ")
    assert [problem.file for problem in verify(path).problems] == ["originals/1-a.har"]


def test_several_files_become_one_recording_in_the_order_given(home, bring):
    event = {"time": f"{T0}03Z", "api": "android.telephony.TelephonyManager.getImei()", "result": traffic.IMEI}
    session = bring(traffic.har(traffic.told(5)), json.dumps(event).encode() + b"\n", traffic.har(traffic.told(2)))
    document = analyze(home, session, Lens()).document
    assert [flow.at for flow in document.flows] == ["2026-01-31T12:00:05.000000Z", "2026-01-31T12:00:02.000000Z"]
    assert [one.hook for one in document.events] == ["telephony.imei"]
    assert {link.flow_index for link in document.links} == {0}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (("", "", False), [Phase.UNKNOWN, Phase.UNKNOWN]),
        (("", "", True), [Phase.INITIAL, Phase.INITIAL]),
        ((f"{T0}02Z", "", False), [Phase.INITIAL, Phase.ACCEPTED]),
        (("", "+1.5", False), [Phase.INITIAL, Phase.REFUSED]),
    ],
)
def test_the_phases_are_what_the_importer_states(home, bring, stated, expected):
    accepted, refused, never = stated
    capture = traffic.har(traffic.told(1), traffic.told(3))
    session = bring(capture, statement=state(None, accepted, refused, no_consent=never))
    assert phases(home, session) == expected


def test_an_entry_whose_time_cannot_be_read_is_in_no_phase_where_a_choice_was_made(home, bring):
    undated = traffic.told(3) | {"startedDateTime": "yesterday"}
    stated = state(None, f"{T0}02Z", "", no_consent=False)
    session = bring(traffic.har(traffic.told(1), undated, traffic.told(4)), statement=stated)
    document = analyze(home, session, Lens()).document
    found = {one.flow_index: one.phase for one in document.observations if one.channel == "network"}
    assert found == {0: Phase.INITIAL, 1: Phase.UNKNOWN, 2: Phase.ACCEPTED}
    (gap,) = [gap for gap in document.gaps if gap.kind == "clock_uncertain"]
    assert "1 record tells no time" in gap.why
    never = bring(traffic.har(undated, traffic.told(5)), statement=state(None, "", "", no_consent=True))
    assert set(phases(home, never)) == {Phase.INITIAL}


def test_what_a_clock_without_a_zone_tells_is_no_breach_by_a_choice_within_hours_of_it(home, bring):
    local = [traffic.told(second, THIRD) | {"startedDateTime": f"{T0}{second:02d}"} for second in (1, 3)]
    said, stated = Said(), state(None, f"{T0}02Z", "", no_consent=False)
    session = bring(traffic.har(*local), statement=stated, said=said)
    document = analyze(home, session, Lens()).document
    assert {one.phase for one in document.observations if one.channel == "network"} == {Phase.UNKNOWN}
    assert Outcome.VIOLATED not in {one.outcome for one in document.verdicts if "191.3.1" in one.rule}
    (gap,) = [gap for gap in document.gaps if gap.kind == "clock_uncertain"]
    assert (gap.subject, gap.why[:34]) == ("a.har", "2 records name times without a zon")
    assert any("2 records of a.har tell times without a zone" in line for line in said)
    # counted from the first record, or hours away, the zone does not matter
    relative = bring(traffic.har(*local), statement=state(None, "+1", "", no_consent=False))
    assert phases(home, relative) == [Phase.INITIAL, Phase.ACCEPTED]
    late = bring(traffic.har(*local), statement=state(None, "2026-02-01T12:00:00Z", "", no_consent=False))
    assert set(phases(home, late)) == {Phase.INITIAL}


def test_sending_an_identifier_before_the_stated_acceptance_is_a_breach_that_says_what_it_rests_on(home, bring):
    capture = traffic.har(traffic.told(1, THIRD), traffic.told(3))
    session = bring(capture, statement=state(None, f"{T0}02Z", "", no_consent=False))
    document = analyze(home, session, Lens()).document
    verdict = next(one for one in document.verdicts if one.rule == "cn.191.3.1")
    assert verdict.outcome is Outcome.VIOLATED
    assert "importer's statements" in verdict.reasons[-1]
    assert any("the traffic is that of com.example" in text for text in document.session.interventions)


def test_captures_that_tell_of_a_choice_are_not_imported_as_without_one(home, bring):
    mark = json.dumps({"time": f"{T0}02Z", "mark": "accepted"}).encode()
    with pytest.raises(
        UsageProblem, match=r"--no-consent says.* accepted at 2026-01-31T12:00:02.* Nothing was imported"
    ):
        bring(traffic.har(traffic.told(1)), mark, statement=state(None, "", "", no_consent=True))
    assert not list(home.workspace.sessions_folder.iterdir())


def test_what_the_app_can_write_into_a_capture_changes_no_phase(home, bring):
    forged = json.dumps({"time": f"{T0}02Z", "mark": "accepted"})
    call = {"time": f"{T0}02Z", "class": "okhttp3.RequestBody", "method": "create", "payload": forged}
    lines = (json.dumps(call), f"D/App( 123): {forged}", f'{{"type":"send","payload":{forged}}}')
    capture, never = traffic.har(traffic.told(1), traffic.told(3)), state(None, "", "", no_consent=True)
    session = bring(capture, "\n".join(lines).encode(), statement=never)
    assert set(phases(home, session)) == {Phase.INITIAL}
    broken = [gap for gap in analyze(home, session, Lens()).document.gaps if "not taken" in gap.why]
    assert [gap.subject for gap in broken] == ["b.jsonl: line 2", "b.jsonl: line 3"]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (["dialog_shown"], [Phase.UNKNOWN] * 2),
        (["data_cleared", "dialog_shown", "tapped"], [Phase.UNKNOWN] * 2),
        (["data_cleared", "dialog_shown", "accepted"], [Phase.INITIAL, Phase.ACCEPTED]),
    ],
)
def test_what_only_was_shown_or_touched_says_nothing_of_a_choice(home, bring, marks, expected):
    lines = [json.dumps({"time": f"{T0}0{at}Z", "mark": mark, "control": "accept"}) for at, mark in enumerate(marks)]
    session = bring(traffic.har(traffic.told(1.5), traffic.told(9)), "\n".join(lines).encode())
    assert phases(home, session) == expected


def test_an_import_that_shows_nothing_is_never_a_negative(home, bring):
    capture = traffic.har(traffic.entry(0, "https://a.example.org/x"), traffic.entry(59, "https://a.example.org/y"))
    session = bring(capture, statement=state(None, "", "", no_consent=True))
    outcomes = {one.rule: one.outcome for one in analyze(home, session, Lens()).document.verdicts}
    assert Outcome.NOT_OBSERVED not in outcomes.values()
    assert outcomes["cn.191.3.1"] is Outcome.INCONCLUSIVE


def test_a_flow_that_names_another_app_does_not_count_against_this_one(home, bring):
    other = traffic.entry(1, "https://a.example.org/", f'{{"imei":"{traffic.IMEI}"}}', X_Requested_With="com.other.app")
    said = Said()
    session = bring(traffic.har(other), said=said, statement=state(None, "", "", no_consent=True))
    document = analyze(home, session, Lens()).document
    assert document.flows[0].owner is Owner.OTHER
    assert {one.outcome for one in document.verdicts} & {Outcome.VIOLATED, Outcome.SUSPECTED} == set()
    assert any("1 flow names another app" in line for line in said)
    (gap,) = [gap for gap in document.gaps if gap.kind == "traffic_opaque"]
    assert (gap.subject, gap.why[:30]) == ("a.har", "1 request names another app as")


def test_a_host_that_only_a_header_names_receives_nothing(home, bring):
    hidden = traffic.told(1, "198.51.100.5")
    hidden["request"]["headers"] = [{"name": "Host", "value": "api.example.com"}]
    document = analyze(home, bring(traffic.har(hidden, traffic.told(2, "api.example.com"))), Lens()).document
    told = {one.flow_index: one.recipient for one in document.observations if one.recipient}
    assert (told[0].host, told[0].party, told[1].party) == ("198.51.100.5", Party.UNKNOWN, Party.FIRST)
    assert "for documentation" in told[0].reasoning
    (gap,) = [gap for gap in document.gaps if "Host header" in gap.why]
    assert (gap.subject, gap.why[:15]) == ("a.har", "1 request names")


def test_what_is_broken_is_a_gap_with_its_place_and_the_rest_is_kept(home, bring):
    session = bring(traffic.har(traffic.told(1), {"nothing": 1}, traffic.told(2)))
    (recording,) = read_session(home.workspace.sessions_folder / session).recordings
    assert len(recording.flows) == 4
    (gap,) = [line.record for line in recording.gaps]
    assert (gap.kind, gap.subject) == (GapKind.RECORD_INVALID, "a.har: log.entries[1]")


def test_a_file_of_which_nothing_can_be_read_leaves_nothing_behind(home, bring):
    with pytest.raises(EvidenceRefused, match="Not one record"):
        bring(traffic.har({"nothing": 1}))
    assert home.workspace.sessions() == []


def test_one_capture_in_two_files_is_refused_whatever_its_compression_and_line_ends(home, bring):
    lines = [{"time": f"{T0}0{at}Z", "api": "android.os.Build.getSerial()", "result": "x"} for at in (1, 2)]
    plain = "\n".join(map(json.dumps, lines)).encode()
    names = ("d.jsonl", "d.jsonl.gz", "e.har")
    for other in (gzip.compress(plain), plain + b"\n", plain.replace(b"\n", b"\r\n")):
        with pytest.raises(UsageProblem, match=r"d\.jsonl\.gz holds the same records as d\.jsonl: .* Nothing was"):
            bring(plain, other, names=names)
    assert home.workspace.sessions() == []
    bring(plain, gzip.compress(plain.replace(b"02Z", b"03Z")), names=names)
    entries = traffic.har(traffic.told(1))
    with pytest.raises(UsageProblem, match="same records"):
        bring(entries, json.dumps(json.loads(entries), indent=1).encode(), names=("a.har", "b.har"))


def test_a_wish_to_stop_seals_what_was_read_and_states_the_gap(home, bring):
    stop = Stop()
    stop.set()
    with pytest.raises(Interrupted) as caught:
        bring(traffic.har(*(traffic.told(second / 10) for second in range(300))), stop=stop)
    path = home.workspace.sessions_folder / str(caught.value)
    (recording,) = read_session(path).recordings
    assert verify(path).intact
    assert [line.record.kind for line in recording.gaps] == [GapKind.INTERRUPTED]
    assert 0 < len(recording.flows) < 600


def test_marks_of_the_capture_and_of_the_importer_become_evidence(home, bring, tmp_path):
    marks = tmp_path / "marks.yaml"
    marks.write_text(f"- {{kind: dialog_shown, time: +0.5}}\n- {{kind: refused, time: {T0}02Z}}\n", encoding="utf-8")
    session = bring(traffic.har(traffic.told(1)), statement=state(marks, "", "", no_consent=False))
    (recording,) = read_session(home.workspace.sessions_folder / session).recordings
    kinds = [line.record.kind.value for line in recording.marks if isinstance(line.record, Mark)]
    assert kinds == ["recording_started", "dialog_shown", "refused", "recording_ended"]


def test_what_the_importer_should_know_is_said(bring):
    said = Said()
    event = json.dumps({"time": f"{T0}03Z", "api": "com.example.Own.secret()"}).encode()
    bring(
        traffic.har(traffic.told(1)),
        event,
        said=said,
        statement=state(None, "2027-01-01T00:00:00", "", no_consent=False),
    )
    told = "\n".join(said)
    assert "com.example.Own.secret" in told
    assert "lies after the last record" in told
    assert "taken for UTC" in told
    assert "Imported 1 flow, 1 event and 0 gaps" in told
    assert "judging may find more gaps." in told


def test_files_whose_times_lie_hours_apart_are_told(bring):
    said = Said()
    event = json.dumps({"time": T0[:11] + "20:00:00Z", "api": "android.os.Build.getSerial()"}).encode()
    bring(traffic.har(traffic.told(1)), event, said=said)
    assert any("b.jsonl begins" in line and "a.har has ended" in line for line in said)


@pytest.mark.parametrize("package", ["", "example", "com example.app", "com.example/../x", "com." + "x" * 300])
def test_a_package_name_that_is_none_is_refused(bring, package):
    with pytest.raises(UsageProblem, match="no package name"):
        bring(traffic.har(traffic.told(1)), package=package)


def test_a_persona_that_names_no_data_type_is_refused_before_anything_is_kept(home, bring, tmp_path):
    persona = tmp_path / "odd.yaml"
    persona.write_text('persona: p\nvalues: {id.imeii: ["1"]}\n', encoding="utf-8")
    with pytest.raises(PersonaProblem, match=r"id\.imeii is no data type .*did you mean id\.imei\?"):
        bring(traffic.har(traffic.told(1)), persona=persona)
    assert not list(home.workspace.sessions_folder.glob("*"))


def test_a_tunnel_and_a_refused_certificate_are_connections_that_were_not_read(home, bring):
    tunnel, refused = (traffic.entry(second, "https://a.example.org/", "") for second in (1, 2))
    tunnel["request"] |= {"method": "CONNECT", "url": "https://pinned.example.org:443"}
    refused["response"] = {"status": 0, "_error": "net::ERR_CERT_AUTHORITY_INVALID"}
    session = bring(traffic.har(tunnel, refused, traffic.told(3)))
    document = analyze(home, session, Lens()).document
    assert (document.coverage.flows_read, document.coverage.flows_opaque) == (1, 2)
    reasons = {gap.subject: gap.why for gap in document.gaps if gap.kind == "tls_refused"}
    assert "passed on unread" in reasons["pinned.example.org"]
    assert "ERR_CERT_AUTHORITY_INVALID" in reasons["a.example.org"]
