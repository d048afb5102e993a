"""Lint of the lists of SDKs and recipients: a fact about the wrong company convicts the wrong company."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from analyzer.packs.endpoints import MEMORY, Endpoints
from analyzer.packs.sdks import Sdks

_SHARED_PREFIXES: Final = """
android androidx cn co com com.alibaba com.android com.bytedance com.github com.google com.google.android com.huawei
com.samsung com.samsung.android com.taobao com.tencent com.xiaomi de io java javax kotlin net org ru
"""
"""Prefixes under which too many unlike things live to be one SDK's."""
_SHARED: Final = frozenset(_SHARED_PREFIXES.split())
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+")
_PACKAGE: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def check_owners(sdks: Sdks, endpoints: Endpoints, sources: Collection[str]) -> list[str]:
    """Give every problem as one sentence that names the entry; an empty list when there is none."""
    return [*_packages(sdks), *_domains(endpoints), *_companies(sdks, endpoints), *_sources(sdks, endpoints, sources)]


def _packages(sdks: Sdks) -> Iterator[str]:
    for package, sdk in sdks.by_package.items():
        if package in _SHARED:
            yield f"sdk {sdk.id}: many unlike things live under {package}, name a longer prefix"
        if not _PACKAGE.fullmatch(package):
            yield f"sdk {sdk.id}: {package} is no package prefix"
        outer = sdks.find(package.rpartition(".")[0])
        if outer is not None and outer.company != sdk.company:
            yield f"sdk {sdk.id}: {package} lies in a package of {outer.id}, of another company ({outer.company})"


def _domains(endpoints: Endpoints) -> Iterator[str]:
    for domain, endpoint in endpoints.by_domain.items():
        if not _DOMAIN.fullmatch(domain):
            yield f"endpoint {domain}: is no domain name in small letters"
        outer = endpoints.find(domain.partition(".")[2])
        if outer is not None and endpoints.group(outer.company) != endpoints.group(endpoint.company):
            yield f"endpoint {domain}: lies in {outer.domain} of another company ({outer.company})"


def _companies(sdks: Sdks, endpoints: Endpoints) -> Iterator[str]:
    spellings: dict[str, str] = {}
    countries: dict[str, str] = {}
    owners = [(one.company, one.country) for one in sdks.entries]
    owners += [(one.company, one.country) for one in endpoints.by_domain.values()]
    for company, country in owners:
        other = spellings.setdefault(_letters(company), company)
        if other != company:
            yield f"company {company}: is also spelt {other}"
        if countries.setdefault(company, country) != country:
            yield f"company {company}: has the countries {countries[company] or 'none'} and {country or 'none'}"
    known = set(countries)
    for company in (*endpoints.groups, *endpoints.makers.values()):
        if company not in known:
            yield f"company {company}: no SDK and no domain is known of it"


def _sources(sdks: Sdks, endpoints: Endpoints, sources: Collection[str]) -> Iterable[str]:
    told = {one.source for one in sdks.entries} | {one.source for one in endpoints.by_domain.values()}
    return (f"source {source}: is not in sources.yaml" for source in sorted(told - {MEMORY, *sources}))


def _letters(company: str) -> str:
    return "".join(letter for letter in company.lower() if letter.isalnum())
