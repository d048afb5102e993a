from __future__ import annotations

import pytest
from wire import endpoints, sdks

from analyzer.analysis.recipients import name_recipient, registrable_domain
from analyzer.model.results import Sdk
from analyzer.model.vocabulary import Party

STRANGER = Sdk("com.statflow", "com.statflow", "", "")
OWN = Sdk("app", "com.example", "", "")


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.statflow.example", "statflow.example"),
        ("x.y.co.uk", "y.co.uk"),
        ("log.umeng.com", "umeng.com"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_the_registrable_domain_is_found_without_any_network(host, domain):
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("host", "package", "caller", "party"),
    [
        ("api.example.com", "com.example.shop", OWN, Party.FIRST),
        ("api.shop.test", "com.acme.shop", OWN, Party.FIRST),
        ("log.umeng.com", "com.example", OWN, Party.THIRD),
        ("log.qq.com", "com.tencent.mm", OWN, Party.FIRST),
        ("c.statflow.example", "com.example", STRANGER, Party.THIRD),
        ("c.statflow.example", "com.example", OWN, Party.UNKNOWN),
        ("c.statflow.example", "com.example", None, Party.UNKNOWN),
        ("203.0.113.7", "com.example", STRANGER, Party.UNKNOWN),
    ],
)
def test_the_party_follows_from_domain_company_and_caller(host, package, caller, party):
    recipient = name_recipient(host, package, sdks(), endpoints(), caller)
    assert recipient.party is party
    assert recipient.reasoning
