"""Names the recipient of a flow: registrable domain, company, and whether it is the app's own maker."""

from __future__ import annotations

import ipaddress
from typing import Final

import tldextract

from analyzer.analysis.stacks import organisation
from analyzer.model.results import Recipient, Sdk
from analyzer.model.vocabulary import Party
from analyzer.packs.endpoints import Endpoint, Endpoints
from analyzer.packs.sdks import Sdks

RESERVED: Final = ("example", "test", "invalid", "localhost")
"""Top-level names that RFC 2606 keeps for tests: whatever stands before them is somebody's own domain."""
_GENERIC: Final = frozenset({"com", "org", "net", "app", "apps", "android", "mobile", "www", "api", "client", "main"})

_split: Final = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=RESERVED)
_split("first.use.example")  # reads the list that travels with the library now, so that no analysis opens a file


def registrable_domain(host: str) -> str:
    """Give the part of a host name that somebody registered; the host itself where there is none (addresses)."""
    found = _split(host.lower().rstrip("."))
    return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else host.lower()


def name_recipient(host: str, package: str, sdks: Sdks, endpoints: Endpoints, caller: Sdk | None) -> Recipient:
    """Give who received what was sent to a host, seen from the app; `caller` is the code that opened the flow."""
    domain = registrable_domain(host)
    if _is_address(host):
        return Recipient(host, domain, "", "", Party.UNKNOWN, "a bare address does not say whose it is")
    endpoint = endpoints.find(host)
    company, country = (endpoint.company, endpoint.country) if endpoint else ("", "")
    own = _own_reason(domain, package, endpoint, sdks, endpoints)
    if own:
        return Recipient(host, domain, company, country, Party.FIRST, own)
    if endpoint is not None:
        why = f"{endpoint.domain} belongs to {company} (source: {endpoint.source}), which did not make {package}"
        return Recipient(host, domain, company, country, Party.THIRD, why)
    return _stranger(host, domain, package, caller)


def _stranger(host: str, domain: str, package: str, caller: Sdk | None) -> Recipient:
    differs = f"{domain} differs from the domains that the package name {package} points to"
    if caller is None or caller.id == "unknown":
        return Recipient(host, domain, "", "", Party.UNKNOWN, f"{differs}, and it was not seen whose code opened it")
    if caller.id == "app":
        why = f"{differs}, but the app's own code opened it: it may be the maker's or somebody else's"
        return Recipient(host, domain, "", "", Party.UNKNOWN, why)
    whose = "obfuscated code" if caller.id == "obfuscated" else f"third-party code ({caller.name})"
    return Recipient(host, domain, caller.company, "", Party.THIRD, f"{differs}, and {whose} opened it")


def _own_reason(domain: str, package: str, endpoint: Endpoint | None, sdks: Sdks, endpoints: Endpoints) -> str:
    labels = organisation(package).split(".")
    if ".".join(reversed(labels)) == domain:
        return f"{domain} is the package name {package} read backwards"
    name = domain.partition(".")[0]
    if name in set(package.split(".")) - _GENERIC:
        return f"the name {name} stands in the app's package {package}"
    maker = sdks.find(package)
    home = endpoints.find(".".join(reversed(labels)))
    company = maker.company if maker else home.company if home else ""
    if endpoint is not None and company and endpoint.company == company:
        return f"{company} owns {endpoint.domain} and made {package}"
    return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
