from __future__ import annotations

import pytest

from analyzer.packs.endpoints import Endpoints, read_endpoints
from analyzer.packs.lint_owners import check_owners
from analyzer.packs.loader import DATA
from analyzer.packs.sdks import read_sdks
from analyzer.packs.sources import read_sources

SOURCES = ("paper",)


def problems(sdks: str = "", endpoints: str = "", rest: str = "") -> list[str]:
    known = read_sdks({"s.yaml": f"version: 1\nsdks: [{sdks}]"})
    return check_owners(
        known, read_endpoints({"e.yaml": f"version: 1\nendpoints: [{endpoints}]\n{rest}"}, known), SOURCES
    )


def sdk(name: str, packages: str, company: str = "Acme", more: str = "source: paper") -> str:
    return f"{{id: {name}, name: n, company: {company}, packages: {packages}, {more}}}"


def domain(names: str, company: str = "Acme", more: str = "source: paper") -> str:
    return f"{{company: {company}, domains: {names}, {more}}}"


def test_the_shipped_lists_have_nothing_to_complain_about():
    files = {
        kind: {file.name: file.read_text("utf-8") for file in (DATA / kind).glob("*.yaml")}
        for kind in ("sdks", "endpoints")
    }
    known = read_sdks(files["sdks"])
    sources = read_sources((DATA / "sources.yaml").read_text(encoding="utf-8"))
    assert check_owners(known, read_endpoints(files["endpoints"], known), sources) == []


def test_what_is_in_order_is_not_complained_about():
    assert problems(sdk("a", "com.acme com.acme.ads"), domain("acme.com log.acme.com")) == []
    assert check_owners(read_sdks({}), Endpoints({}), SOURCES) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (problems(sdk("a", "com.google")), "sdk a: many unlike things live under com.google"),
        (problems(sdk("a", "com.acme.")), "sdk a: com.acme. is no package prefix"),
        (problems(f"{sdk('a', 'com.acme')}, {sdk('b', 'com.acme.x', 'Other')}"), "lies in a package of a"),
        (problems("", domain("Acme.com")), "endpoint Acme.com: is no domain name"),
        (problems("", domain("https://acme.com")), "is no domain name"),
        (problems("", f"{domain('acme.com')}, {domain('x.acme.com', 'Other')}"), "lies in acme.com of another"),
        (problems(sdk("a", "com.acme"), domain("acme.com", "ACME")), "company ACME: is also spelt Acme"),
        (
            problems(sdk("a", "com.acme"), domain("a.com", more="country: DE, source: paper")),
            "has the countries none and DE",
        ),
        (problems("", domain("acme.com", more="source: hearsay")), "source hearsay: is not in sources.yaml"),
        (problems("", "", "groups: [{name: G, companies: [A, B]}]"), "company A: no SDK and no domain"),
        (problems("", "", "makers: [{company: M, packages: com.m}]"), "company M: no SDK and no domain"),
    ],
)
def test_what_is_wrong_is_said_with_the_entry(found, words):
    assert any(words in problem for problem in found), found
