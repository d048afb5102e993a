from __future__ import annotations

import time

import pytest
import tldextract
from wire import endpoints

from analyzer.packs.endpoints import read_endpoints
from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem
from analyzer.packs.sdks import SdkEntry, Sdks, read_sdks

NO_SDKS = Sdks((), {})
COUNTRIES = """
AE AT AU BE BR CA CH CN CR CY CZ DE DK EE ES FI FR GB GR HK ID IE IL IN IT JP KR LU MT NL NO NZ PA PL RU SE SG
SI TR TW US VN HU IR UY
"""


def test_many_companies_and_domains_are_known_and_what_is_from_memory_is_counted_apart():
    companies, documented, memory = endpoints().count()
    assert companies >= 400
    assert documented >= 500
    assert documented + memory >= 1_200
    assert all(one.company and one.source for one in endpoints().by_domain.values())


def test_every_domain_is_one_that_can_be_registered_or_lies_in_one():
    split = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    found = {domain: split(domain) for domain in endpoints().by_domain}
    assert [domain for domain, parts in found.items() if not (parts.domain and parts.suffix)] == []


def test_every_country_is_one_and_few_companies_have_none():
    countries = {one.company: one.country for one in endpoints().by_domain.values()}
    assert set(countries.values()) - {""} <= set(COUNTRIES.split())
    assert sum(1 for country in countries.values() if not country) <= 5


def test_a_host_belongs_to_the_longest_domain_it_lies_in():
    found = endpoints().find("log.bugly.qq.com.")
    assert found is not None
    assert (found.domain, found.purpose) == ("bugly.qq.com", "crash")
    assert endpoints().find("notqq.com") is None
    assert endpoints().find("") is None


@pytest.mark.parametrize(
    ("host", "company", "purpose", "rented"),
    [
        ("ulogs.umeng.com", "Umeng", "analytics", False),
        ("b.oss-cn-hangzhou.aliyuncs.com", "Alibaba", "cloud", True),
        ("open.e.189.cn", "China Telecom", "telecom", False),
        ("x.cloudfront.net", "Amazon", "cloud", True),
        ("api2.branch.io", "Branch Metrics", "attribution", False),
        ("cdn.cookielaw.org", "OneTrust", "consent", False),
        ("c.gdt.qq.com", "Tencent", "advertising", False),
        ("api.gotinder.com", "Match Group", "social", False),
        ("public-data-api.miyoushe.com", "miHoYo", "game", False),
        ("app.adjust.cn", "Adjust", "attribution", False),
        ("browser-intake-us5-datadoghq.com", "Datadog", "performance", False),
    ],
)
def test_well_known_hosts_have_their_owner(host, company, purpose, rented):
    found = endpoints().find(host)
    assert found is not None
    assert (found.company, found.purpose, found.rented) == (company, purpose, rented)


def test_the_domains_that_sdks_name_are_added_as_from_memory():
    sdk = SdkEntry("a", "A", "Acme", "DE", "push", ("com.acme",), ("acme.example",), "paper")
    found = read_endpoints({}, Sdks((sdk,), {})).find("x.acme.example")
    assert found is not None
    assert (found.company, found.country, found.source) == ("Acme", "DE", "memory")


def test_groups_and_makers_are_read():
    groups, makers = "[{name: G, companies: [A, B]}]", "[{company: A, packages: com.a de.a}]"
    text = f"version: 1\nendpoints: []\ngroups: {groups}\nmakers: {makers}"
    found = read_endpoints({"mine.yaml": text}, NO_SDKS)
    assert (found.group("B"), found.group("C")) == ("G", "C")
    assert (found.maker("com.a.shop"), found.maker("com.ab"), found.maker("")) == ("A", "", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version: 1\nendpoints: [{company: c, source: s, domains: [a.b, a.b]}]", "twice"),
        ("version: 1\nendpoints: [{company: c, source: s, domains: []}]", "domains"),
        ("version: 1\nendpoints: [{company: c, source: s, domains: a.b, purpose: fun}]", "fun is no purpose"),
        ("version: 1\nendpoints: []\ngroups: [{name: G, companies: [A, B]}, {name: H, companies: [A, C]}]", "G and H"),
        ("version: 1\nendpoints: []\nmakers: [{company: A, packages: a}, {company: B, packages: a}]", "A and B"),
        ("{", "YAML"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_key(text, words):
    with pytest.raises(PackProblem, match=words) as caught:
        read_endpoints({"mine.yaml": text}, NO_SDKS)
    assert "mine.yaml" in str(caught.value)


def test_the_lists_are_read_fast():
    texts = {
        kind: {file.name: file.read_text("utf-8") for file in (DATA / kind).glob("*.yaml")}
        for kind in ("sdks", "endpoints")
    }
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        read_endpoints(texts["endpoints"], read_sdks(texts["sdks"]))
        best = min(best, time.process_time() - start)
    assert best < 0.4, "several times what it takes on the slowest machine so far"
