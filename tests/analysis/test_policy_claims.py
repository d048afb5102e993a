from __future__ import annotations

import pytest

from analyzer.analysis.policy_claims import compare_with_policy
from analyzer.analysis.policy_statements import PolicyReader
from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Observation, Recipient, Sdk
from analyzer.model.vocabulary import Channel, ClaimStatus, Method, Party, Phase, Source, Tier, Where
from analyzer.packs.loader import load_packs

UMENG = Recipient("a.umeng.com", "umeng.com", "Umeng", "CN", Party.THIRD, "")
OWN = Recipient("api.example.com", "example.com", "", "", Party.FIRST, "")
STRANGER = Recipient("x.example.org", "example.org", "", "", Party.UNKNOWN, "")

STATFLOW = Recipient("collect.statflow.example", "statflow.example", "", "", Party.THIRD, "")


@pytest.fixture(scope="module")
def reader():
    packs = load_packs()
    return PolicyReader(packs.policy_words, packs.sdks, {"Umeng", "Getui"})


def sent(data_type, recipient, number=1, phase=Phase.ACCEPTED, confidence=0.9, **rest):
    return Observation(
        id=f"o{number}",
        ref=EvidenceRef("1-accept", Source.FLOWS, number),
        instant=Instant(number, "proxy", number),
        data_type=data_type,
        channel=rest.get("channel", Channel.NETWORK),
        where=Where.BODY,
        path="",
        encodings=(),
        value="v",
        method=Method.INDICATOR,
        tier=rest.get("tier", Tier.TRANSMITTED),
        confidence=confidence,
        reasoning="",
        phase=phase,
        recipient=recipient,
        sdk=rest.get("sdk"),
    )


def statuses(reader, lines, *observations):
    claims = compare_with_policy(observations, reader.read(lines))
    return {(claim.data_type, claim.recipient): claim.status for claim in claims}


ROW = "友盟SDK | IMEI | 统计"


@pytest.mark.parametrize(
    ("lines", "recipient", "status"),
    [
        (["我们收集IMEI。"], OWN, ClaimStatus.DECLARED),
        (["我们收集设备信息。"], OWN, ClaimStatus.BROADLY),
        (["我们收集手机号。"], OWN, ClaimStatus.UNDECLARED),
        (["我们不会收集IMEI。"], OWN, ClaimStatus.DENIED),
        (["我们不会收集IMEI。", "我们收集IMEI。"], OWN, ClaimStatus.DECLARED),
        ([ROW], UMENG, ClaimStatus.DECLARED),
        (["友盟SDK | 设备信息 | 统计"], UMENG, ClaimStatus.BROADLY),
        (["我们收集IMEI。"], UMENG, ClaimStatus.UNDECLARED),
        (["我们收集IMEI。", *["其他内容。"] * 9, "我们接入了友盟。"], UMENG, ClaimStatus.UNDECLARED),
        (["我们收集IMEI。"], STRANGER, ClaimStatus.DECLARED),
        (["我们会向 Statflow 提供 IMEI。"], STRANGER, ClaimStatus.UNDECLARED),
        (["我们会向 Statflow 提供设备信息。"], STRANGER, ClaimStatus.UNDECLARED),
        (["我们会将 IMEI 提供给 Statflow。"], STRANGER, ClaimStatus.UNDECLARED),
        (["We share your IMEI with Statflow."], STRANGER, ClaimStatus.UNDECLARED),
        ([ROW], STRANGER, ClaimStatus.UNDECLARED),
        (["我们会向 Statflow 提供 IMEI。"], STATFLOW, ClaimStatus.DECLARED),
        (["我们会向 Statflow 提供 IMEI。", "我们收集IMEI。"], STRANGER, ClaimStatus.DECLARED),
        (["我们接入了友盟。", "我们会向 Statflow 提供 IMEI。"], UMENG, ClaimStatus.UNDECLARED),
        (["我们会向第三方提供 IMEI。"], STRANGER, ClaimStatus.DECLARED),
        (["我们会向 Statflow 提供 IMEI。"], OWN, ClaimStatus.DECLARED),
        (["我们收集IMEI。"], STATFLOW, ClaimStatus.UNDECLARED),
        (["We collect your IMEI."], STATFLOW, ClaimStatus.UNDECLARED),
        (["我们会向合作伙伴提供 IMEI。"], STATFLOW, ClaimStatus.DECLARED),
        (["We share your IMEI with our partners."], STATFLOW, ClaimStatus.DECLARED),
    ],
)
def test_each_pair_gets_what_the_policy_says_of_it(reader, lines, recipient, status):
    (found,) = statuses(reader, lines, sent("id.imei", recipient)).values()
    assert found is status


def test_a_promise_is_broken_only_by_what_was_seen_before_the_choice(reader):
    lines = ["在您同意隐私政策前，我们不会收集任何个人信息。", ROW]
    assert statuses(reader, lines, sent("id.imei", UMENG)) == {("id.imei", "Umeng"): ClaimStatus.DECLARED}
    early = sent("id.imei", UMENG, phase=Phase.INITIAL)
    assert statuses(reader, lines, early) == {("id.imei", "Umeng"): ClaimStatus.DENIED}


def test_what_was_seen_after_the_choice_breaks_no_promise_about_the_time_before(reader):
    lines = ["在您同意隐私政策前，我们不会收集任何个人信息。", ROW]
    seen = [sent("id.imei", UMENG, 1, phase=Phase.INITIAL), sent("id.imei", UMENG, 2)]
    claims = compare_with_policy(seen, reader.read(lines))
    assert [(claim.status, claim.observations) for claim in claims] == [
        (ClaimStatus.DENIED, ("o1",)),
        (ClaimStatus.DECLARED, ("o2",)),
    ]


@pytest.mark.parametrize(
    ("lines", "recipient", "status"),
    [
        (["我们不会向第三方共享您的IMEI。"], OWN, ClaimStatus.UNDECLARED),
        (["我们不会向第三方共享您的IMEI。"], UMENG, ClaimStatus.DENIED),
        (["我们不会向第三方共享您的IMEI。", "我们收集IMEI。"], UMENG, ClaimStatus.DENIED),
        (["我们不会向第三方共享您的IMEI。", ROW], UMENG, ClaimStatus.DECLARED),
        (["我们不会向友盟共享您的IMEI。"], UMENG, ClaimStatus.DENIED),
        (["我们不会向个推共享您的IMEI。"], UMENG, ClaimStatus.UNDECLARED),
        (["我们不会向第三方出售您的IMEI。"], UMENG, ClaimStatus.UNDECLARED),
        (["We will not sell your IMEI.", "We collect your IMEI."], OWN, ClaimStatus.DECLARED),
        (["我们不会上传您的IMEI。"], OWN, ClaimStatus.DENIED),
        (["我们不会上传您的IMEI。", "我们收集IMEI。"], OWN, ClaimStatus.DECLARED),
    ],
)
def test_a_denial_of_giving_speaks_of_those_who_get_it_and_one_of_selling_of_nothing_that_is_seen(
    reader, lines, recipient, status
):
    (claim,) = compare_with_policy([sent("id.imei", recipient)], reader.read(lines))
    assert claim.status is status
    if status is ClaimStatus.DENIED:
        assert claim.confidence == 0.6


def test_code_of_others_that_reads_is_not_given_what_a_policy_does_not_share(reader):
    read = sent("id.imei", None, channel=Channel.API, tier=Tier.ACCESSED, sdk=Sdk("umeng", "Umeng", "Umeng"))
    (claim,) = compare_with_policy([read], reader.read(["我们不会向第三方共享您的IMEI。"]))
    assert claim.status is ClaimStatus.UNDECLARED


def test_observations_of_one_pair_are_one_claim_with_its_sentence_and_no_more_confidence_than_they_have(reader):
    seen = [sent("id.imei", UMENG, number, confidence=0.4) for number in (1, 2)]
    (claim,) = compare_with_policy(seen, reader.read(["前言。", ROW]))
    assert (claim.id, claim.observations, claim.sentence, claim.confidence) == ("p1", ("o1", "o2"), ROW, 0.4)


def test_what_a_recipient_of_the_same_policy_may_get_says_nothing_of_another(reader):
    getui = Recipient("sdk.getui.com", "getui.com", "Getui", "CN", Party.THIRD, "")
    found = statuses(reader, [ROW], sent("id.imei", UMENG), sent("id.imei", getui, 2))
    assert found == {("id.imei", "Umeng"): ClaimStatus.DECLARED, ("id.imei", "Getui"): ClaimStatus.UNDECLARED}


def test_a_reading_counts_for_the_company_whose_code_read_and_an_attempt_does_not(reader):
    sdk = Sdk("umeng", "Umeng", "Umeng")
    read = sent("id.imei", None, channel=Channel.API, tier=Tier.ACCESSED, sdk=sdk)
    assert statuses(reader, [ROW], read) == {("id.imei", "Umeng"): ClaimStatus.DECLARED}
    assert statuses(reader, [ROW], sent("id.imei", None, channel=Channel.API, tier=Tier.ATTEMPTED, sdk=sdk)) == {}


def test_of_a_policy_that_was_not_read_whole_nothing_is_surely_undeclared(reader):
    (claim,) = compare_with_policy([sent("id.imei", OWN)], reader.read(["a。" * 60_000]))
    assert (claim.status, claim.confidence) == (ClaimStatus.UNDECLARED, 0.5)
    assert "longer than" in claim.why


def test_the_gravest_come_first(reader):
    seen = [sent("id.imei", OWN, 1), sent("comm.sms", OWN, 2), sent("loc.precise", OWN, 3)]
    claims = compare_with_policy(seen, reader.read(["我们收集IMEI，不会收集短信。"]))
    assert [claim.data_type for claim in claims] == ["comm.sms", "loc.precise", "id.imei"]


@pytest.mark.parametrize("recipient", [STATFLOW, STRANGER, UMENG])
def test_what_is_given_to_a_company_with_an_unknown_chinese_name_may_be_this_recipient_or_not(reader, recipient):
    lines = ["我们会向北京云测数据科技有限公司提供您的IMEI。"]
    (claim,) = compare_with_policy((sent("id.imei", recipient),), reader.read(lines))
    assert (claim.status, claim.confidence) == (ClaimStatus.UNDECLARED, 0.5)
    assert claim.sentence == lines[0]
    assert "北京云测数据科技有限公司" in claim.why


def test_it_hides_nothing_that_it_does_not_name(reader):
    lines = ["我们会向北京云测数据科技有限公司提供您的IMEI。"]
    (claim,) = compare_with_policy((sent("person.phone", STATFLOW),), reader.read(lines))
    assert claim.confidence == 0.7
