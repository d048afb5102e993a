"""Names the recipient of a flow: registrable domain, company, and whether it is the app's own maker.

All that is looked at are names: a tracker that hides behind a name of the app's own domain is not told apart.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from analyzer.analysis.hosts import no_public_name, plain_host, registrable_domain, tenant_domain
from analyzer.analysis.stacks import organisation
from analyzer.model.results import Recipient, Sdk
from analyzer.model.vocabulary import Party
from analyzer.packs.endpoints import Endpoint, Endpoints
from analyzer.packs.sdks import Sdks

_COMMON_WORDS: Final = """
ads alpha android api app apps auth bank base beta book books browser buy calendar camera car cars chat china client
cloud com cool core data demo dev doctor download driver edu fast file files finance fit food free fun game games
global go health hello help home hotel house http image info institute job jobs kids lab launcher learn lib life
light lite live loan log login love mail main mall manager map maps market media medical mini mobile money movie
movies music my net news note notes novel office online open org pay phone photo photos play player plus prime pro
push radio reader sdk search secure security service services shop shopping smart social sport sports stat static
store student super system teacher team test tool tools top track tracker travel tv ui update user video videos
voice wallet watch weather web wifi work world www
"""
"""Words that many unrelated apps and domains have in their names."""
_COMMON: Final = frozenset(_COMMON_WORDS.split())
_SHORTEST: Final = 3
_CLAIMED: Final = "only the Host header of its requests names it, and an app can write that itself"
_PARTS: Final = re.compile(r"[^a-z0-9]+")


class RecipientNames:
    """The recipients of the flows of one app, each host and opener of flows looked at once."""

    def __init__(self, package: str, sdks: Sdks, endpoints: Endpoints) -> None:
        self._packs = (package, sdks, endpoints)
        self._known: dict[tuple[str, Sdk | None, bool], Recipient] = {}

    def of(self, host: str, caller: Sdk | None, *, claimed: bool = False) -> Recipient:
        """Give who received what was sent to a host; `caller` is the code that opened the flow.

        Of one that only a request's own header names (`claimed`) nobody knows whose it is.
        """
        recipient = self._known.get((host, caller, claimed))
        if recipient is None:
            recipient = name_recipient(host, *self._packs, caller)
            if claimed:
                recipient = replace(recipient, party=Party.UNKNOWN, reasoning=f"{_CLAIMED}: {recipient.reasoning}")
            self._known[host, caller, claimed] = recipient
        return recipient


def name_recipient(host: str, package: str, sdks: Sdks, endpoints: Endpoints, caller: Sdk | None) -> Recipient:
    """Give who received what was sent to a host, seen from the app; `caller` is the code that opened the flow."""
    nobody = no_public_name(host)
    if nobody:
        return Recipient(host, registrable_domain(host), "", "", Party.UNKNOWN, nobody)
    endpoint = endpoints.find(plain_host(host))
    if endpoint is None:
        return _unlisted(host, tenant_domain(host), package, caller)
    maker = _maker(package, sdks, endpoints)
    domain = tenant_domain(host) if endpoint.rented else registrable_domain(host)
    company, country = endpoint.company, endpoint.country
    party, why = _party(host, domain, package, endpoint, maker, endpoints)
    if party is Party.UNKNOWN and endpoint.rented and caller is not None and caller.company not in ("", company):
        why = f"{why}; third-party code ({caller.name}) opened it"
        return Recipient(host, domain, caller.company, "", Party.THIRD, why)
    return Recipient(host, domain, company, country, party, why)


def _party(
    host: str, domain: str, package: str, endpoint: Endpoint, maker: str, endpoints: Endpoints
) -> tuple[Party, str]:
    company = endpoint.company
    if ".".join(reversed(organisation(package).split("."))) == domain:
        return Party.FIRST, f"{domain} is the package name {package} read backwards"
    if maker == company:
        return Party.FIRST, f"{company} owns {endpoint.domain} and made {package}"
    if endpoint.rented:
        return _rented(host, package, endpoint)
    if _label(domain) == _own_label(package) and _tells(_label(domain)):
        return Party.FIRST, f"{domain} has the name of the organisation in the app's package {package}"
    group = endpoints.group(company)
    if maker and endpoints.group(maker) == group:
        why = f"{endpoint.domain} belongs to {company}, of the same group ({group}) as {maker}, which made {package}"
        return Party.UNKNOWN, f"{why}: whether they decide together is not seen"
    why = f"{endpoint.domain} belongs to {company} (source: {endpoint.source}), which did not make {package}"
    return Party.THIRD, why


def _rented(host: str, package: str, endpoint: Endpoint) -> tuple[Party, str]:
    tenant = plain_host(host).removesuffix(endpoint.domain)
    named = sorted(set(_PARTS.split(tenant)) & _own_names(package))
    if named:
        why = (
            f"{named[0]} stands in the name of a host rented from {endpoint.company} and in the app's package {package}"
        )
        return Party.FIRST, why
    why = (
        f"a bucket or host rented from {endpoint.company}, which only runs {endpoint.domain}: who rents it is not known"
    )
    return Party.UNKNOWN, why


def _unlisted(host: str, domain: str, package: str, caller: Sdk | None) -> Recipient:
    if ".".join(reversed(organisation(package).split("."))) == domain:
        return Recipient(host, domain, "", "", Party.FIRST, f"{domain} is the package name {package} read backwards")
    label = _label(domain)
    if label in _own_names(package):
        whose = "organisation" if label == _own_label(package) else "app"
        why = f"the name {label} of the {whose} stands in the app's package {package}"
        return Recipient(host, domain, "", "", Party.FIRST, why)
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


def _maker(package: str, sdks: Sdks, endpoints: Endpoints) -> str:
    """Give the company that made an app, by its package name; empty where it is not known."""
    named = endpoints.maker(package)
    if named:
        return named
    home = endpoints.find(".".join(reversed(organisation(package).split("."))))
    if home is not None and not home.rented:
        return home.company
    sdk = sdks.find(package)
    return sdk.company if sdk and not sdk.wrapper else ""


def _own_names(package: str) -> set[str]:
    return {label for label in package.lower().split(".") if _tells(label)}


def _own_label(package: str) -> str:
    return organisation(package).lower().rpartition(".")[2]


def _tells(label: str) -> bool:
    return len(label) >= _SHORTEST and label not in _COMMON


def _label(domain: str) -> str:
    return domain.partition(".")[0]
