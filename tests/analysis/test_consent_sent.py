from urllib.parse import quote

import pytest

from analyzer.analysis.pipeline import analyze
from analyzer.model.vocabulary import GapKind, MarkKind, Outcome, Owner
from analyzer.packs.loader import load_packs

REFUSED = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"
AD_ID = "38400000-8cf0-11bd-b23e-10b96e40000d"


@pytest.fixture(scope="module")
def packs():
    return load_packs(("iab-tcf",))


def analysed(tape, packs):
    return analyze(tape.session(), packs, tape.read_blob)


def sent(analysis):
    return [(state.key, state.purposes, state.flow_index) for state in analysis.consents]


def unread(analysis):
    return [gap.subject for gap in analysis.gaps if gap.kind is GapKind.CONSENT_UNREADABLE]


def test_the_string_of_a_query_and_of_a_body_is_decoded(tape, packs):
    tape.request("ads.adnova.test", 1, b"{}", target=f"/bid?gdpr=1&gdpr_consent={REFUSED}")
    tape.request("ads.adnova.test", 2, f'{{"user": {{"consent": "{REFUSED}"}}}}'.encode())
    analysis = analysed(tape, packs)
    assert sent(analysis) == [("gdpr_consent", (), 0), ("consent", (), 1)]
    assert not unread(analysis)
    assert {state.says for state in analysis.consents} == {None}


@pytest.mark.parametrize(
    "query",
    [
        f"gdpr=0&gdpr_consent={REFUSED}",
        "gdpr=1&gdpr_consent=1",
        "gdpr_consent=",
        "gdpr_consent=" + quote("${GDPR_CONSENT_755}"),
        "consent_id=CPXxRfAPXx",
    ],
)
def test_what_does_not_apply_or_is_not_filled_in_says_nothing(tape, packs, query):
    analysis = analysed(tape.request("ads.adnova.test", 1, b"{}", target=f"/bid?{query}"), packs)
    assert (sent(analysis), unread(analysis)) == ([], [])


@pytest.mark.parametrize("text", ["CPXxRfAPXxRfAAfKABENB", "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA", "not+a+string"])
def test_a_string_that_cannot_be_read_is_a_gap(tape, packs, text):
    analysis = analysed(tape.request("ads.adnova.test", 1, b"{}", target=f"/bid?gdpr_consent={text}"), packs)
    assert (sent(analysis), unread(analysis)) == ([], ["gdpr_consent"])


@pytest.mark.parametrize(
    ("target", "body"),
    [
        (f"/bid?gdpr=0&gpp=DBACNY~{REFUSED}~1YYN", b"{}"),
        ("/bid", f'{{"regs": {{"gpp": "DBACNY~{REFUSED}~1YYN"}}}}'.encode()),
        ("/bid", f"IABGPP_HDR_GppString=DBACNY~{REFUSED}~1YYN".encode()),
    ],
)
def test_the_sections_of_a_gpp_string_are_decoded_in_queries_and_bodies(tape, packs, target, body):
    analysis = analysed(tape.request("ads.adnova.test", 1, body, target=target), packs)
    states = [(state.framework, state.purposes, state.sale_refused, state.says) for state in analysis.consents]
    assert states == [("tcf", (), None, None), ("us_privacy", (), True, None)]
    assert not unread(analysis)


def test_a_section_that_nothing_reads_is_a_gap_of_its_own(tape, packs):
    tape.request("ads.adnova.test", 1, b"{}", target=f"/bid?gpp=DBACMM~{REFUSED}~BAAA")
    analysis = analysed(tape, packs)
    assert (len(analysis.consents), unread(analysis)) == (1, ["GPP section 7"])


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ('{"user": {"gdpr_consent": "CPXx_unreadable"}}', "gdpr_consent"),
        ("tcString=BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA", "tcString"),
        ('{"regs": {"gpp": "DBACNY~onlyone"}}', "gpp"),
        ('{"gpp_string": "neither-one"}', "gpp_string"),
    ],
)
def test_a_text_of_a_body_that_cannot_be_read_is_a_gap(tape, packs, body, key):
    analysis = analysed(tape.request("ads.adnova.test", 1, body.encode()), packs)
    assert (sent(analysis), unread(analysis)) == ([], [key])


@pytest.mark.parametrize(
    "body", ['{"gdpr": 0, "gdpr_consent": "CPXx_unreadable"}', '{"gdpr_consent": "${GDPR_CONSENT_755}"}']
)
def test_a_body_that_says_that_the_law_does_not_apply_or_fills_nothing_in_has_no_gap(tape, packs, body):
    assert unread(analysed(tape.request("ads.adnova.test", 1, body.encode()), packs)) == []


def test_what_other_apps_send_says_nothing(tape, packs):
    tape.request("ads.adnova.test", 1, b"{}", Owner.OTHER, target=f"/bid?gdpr_consent={REFUSED}")
    tape.request("ads.adnova.test", 1, b"{}", Owner.OTHER, target="/bid?gdpr_consent=not+a+string")
    analysis = analysed(tape, packs)
    assert (sent(analysis), unread(analysis)) == ([], [])


@pytest.mark.parametrize(
    ("consent", "outcome"), [(REFUSED, Outcome.SUSPECTED), ("CPXx_unreadable", Outcome.INCONCLUSIVE)]
)
def test_an_identifier_beside_a_refusing_string_is_suspected_and_nothing_is_known_beside_an_unreadable_one(
    tape, packs, consent, outcome
):
    tape.mark(MarkKind.APP_STARTED, 0).mark(MarkKind.RECORDING_ENDED, 60)
    tape.hook("preferences.put_string").write("preferences.put_string", 1, "theme", "dark")
    body = f'{{"gaid": "{AD_ID}"}}'.encode()
    tape.request("googleads.g.doubleclick.net", 2, body, target=f"/bid?gdpr_consent={consent}")
    verdicts = {verdict.rule: verdict for verdict in analysed(tape, packs).verdicts}
    assert verdicts["iab.tcf.signal_vs_traffic"].outcome is outcome, verdicts["iab.tcf.signal_vs_traffic"]
