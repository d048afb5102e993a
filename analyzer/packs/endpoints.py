"""The endpoint pack: whose host a name is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.purposes import Purpose
from analyzer.packs.sdks import Sdks
from analyzer.packs.yaml_text import Words, read_yaml

MEMORY: Final = "memory"
"""The source of a fact for which nobody opened a document."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A domain with all its subdomains, and the company behind it; `country` is an ISO 3166 code or empty.

    Of `rented` domains anybody can rent a host: the company only runs the machines.
    """

    domain: str
    company: str
    country: str
    purpose: str
    source: str
    rented: bool = False


@dataclass(frozen=True, slots=True)
class Endpoints:
    """All known domains; `groups` says which group a company belongs to, `makers` whose apps a package prefix names."""

    by_domain: Mapping[str, Endpoint]
    groups: Mapping[str, str] = field(default_factory=dict)
    makers: Mapping[str, str] = field(default_factory=dict)

    def find(self, host: str) -> Endpoint | None:
        """Give the entry of the longest domain that a host name lies in."""
        name = host.lower().rstrip(".")
        while name:
            entry = self.by_domain.get(name)
            if entry is not None:
                return entry
            name = name.partition(".")[2]
        return None

    def group(self, company: str) -> str:
        """Give the group of a company: itself where it belongs to none that is known."""
        return self.groups.get(company, company)

    def maker(self, package: str) -> str:
        """Give the company that publishes apps under the longest known prefix of a package name, empty if unknown."""
        while package and package not in self.makers:
            package = package.rpartition(".")[0]
        return self.makers.get(package, "")

    def count(self) -> tuple[int, int, int]:
        """Count the companies, the domains that a document names, and the domains from memory."""
        documented = sum(1 for one in self.by_domain.values() if one.source != MEMORY)
        return len({one.company for one in self.by_domain.values()}), documented, len(self.by_domain) - documented


def read_endpoints(texts: Mapping[str, str], sdks: Sdks) -> Endpoints:
    """Parse the pack's files (name → YAML text) and add the domains that SDKs name themselves.

    An SDK's source names its packages; the domains beside them are from memory. Raises `PackProblem` naming the file
    and the key.
    """
    by_domain: dict[str, Endpoint] = {}
    groups: dict[str, str] = {}
    makers: dict[str, str] = {}
    for name in sorted(texts):
        pack = _read(name, texts[name])
        for endpoint in _endpoints(pack):
            if endpoint.domain in by_domain:
                raise PackProblem(f"{name}: the domain {endpoint.domain} is there twice")
            by_domain[endpoint.domain] = endpoint
        _put(name, "group", groups, ((company, one.name) for one in pack.groups for company in one.companies))
        _put(name, "maker", makers, ((package, one.company) for one in pack.makers for package in one.packages))
    for sdk in sdks.entries:
        for domain in sdk.domains:
            by_domain.setdefault(domain, Endpoint(domain, sdk.company, sdk.country, sdk.category, MEMORY))
    return Endpoints(by_domain, groups, makers)


def _put(name: str, what: str, into: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    for key, value in pairs:
        other = into.setdefault(key, value)
        if other != value:
            raise PackProblem(f"{name}: the {what} of {key} is {other} and {value}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Company(_Strict):
    company: str
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    purpose: Purpose = ""
    source: str
    rented: bool = False
    domains: Words = Field(min_length=1)


class _Group(_Strict):
    name: str
    companies: tuple[str, ...] = Field(min_length=2)


class _Maker(_Strict):
    company: str
    packages: Words = Field(min_length=1)


class _Pack(_Strict):
    version: Literal[1]
    endpoints: tuple[_Company, ...]
    groups: tuple[_Group, ...] = ()
    makers: tuple[_Maker, ...] = ()


def _read(name: str, text: str) -> _Pack:
    try:
        return _Pack.model_validate(read_yaml(name, text))
    except ValidationError as error:
        raise from_validation(name, error) from error


def _endpoints(pack: _Pack) -> list[Endpoint]:
    return [
        Endpoint(domain, entry.company, entry.country, entry.purpose, entry.source, entry.rented)
        for entry in pack.endpoints
        for domain in entry.domains
    ]
