from __future__ import annotations

import pytest
from wire import endpoints

from analyzer.packs.endpoints import read_endpoints
from analyzer.packs.problem import PackProblem
from analyzer.packs.sdks import SdkEntry, Sdks

NO_SDKS = Sdks((), {})


def test_at_least_sixty_domains_have_a_company():
    known = endpoints().by_domain
    assert len(known) >= 60
    assert all(one.company and one.source for one in known.values())


def test_a_host_belongs_to_the_longest_domain_it_lies_in():
    found = endpoints().find("log.bugly.qq.com.")
    assert found is not None
    assert found.domain == "bugly.qq.com"
    assert endpoints().find("notqq.com") is None


def test_the_domains_that_sdks_name_are_added():
    sdk = SdkEntry("a", "A", "Acme", "DE", "ads", ("com.acme",), ("acme.example",), "memory")
    found = read_endpoints({}, Sdks((sdk,), {})).find("x.acme.example")
    assert found is not None
    assert (found.company, found.country) == ("Acme", "DE")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version: 1\nendpoints: [{company: c, source: s, domains: [a.b, a.b]}]", "twice"),
        ("version: 1\nendpoints: [{company: c, source: s, domains: []}]", "domains"),
        ("{", "YAML"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_key(text, words):
    with pytest.raises(PackProblem, match=words) as caught:
        read_endpoints({"mine.yaml": text}, NO_SDKS)
    assert "mine.yaml" in str(caught.value)
