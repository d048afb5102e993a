"""The endpoint pack: whose host a name is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.sdks import Sdks


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A domain with all its subdomains, and the company behind it; `country` is an ISO 3166 code or empty."""

    domain: str
    company: str
    country: str
    purpose: str
    source: str


@dataclass(frozen=True, slots=True)
class Endpoints:
    """All known domains."""

    by_domain: Mapping[str, Endpoint]

    def find(self, host: str) -> Endpoint | None:
        """Give the entry of the longest domain that a host name lies in."""
        labels = host.lower().rstrip(".").split(".")
        for start in range(len(labels)):
            entry = self.by_domain.get(".".join(labels[start:]))
            if entry is not None:
                return entry
        return None


def read_endpoints(texts: Mapping[str, str], sdks: Sdks) -> Endpoints:
    """Parse the pack's files (name → YAML text) and add the domains that SDKs name themselves.

    Raises `PackProblem` naming the file and the key.
    """
    by_domain: dict[str, Endpoint] = {}
    for name in sorted(texts):
        for endpoint in _endpoints(name, texts[name]):
            if endpoint.domain in by_domain:
                raise PackProblem(f"{name}: the domain {endpoint.domain} is there twice")
            by_domain[endpoint.domain] = endpoint
    for sdk in sdks.entries:
        for domain in sdk.domains:
            by_domain.setdefault(domain, Endpoint(domain, sdk.company, sdk.country, sdk.category, sdk.source))
    return Endpoints(by_domain)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Company(_Strict):
    company: str
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    purpose: str = ""
    source: str
    domains: tuple[str, ...] = Field(min_length=1)


class _Pack(_Strict):
    version: Literal[1]
    endpoints: tuple[_Company, ...]


def _endpoints(name: str, text: str) -> list[Endpoint]:
    try:
        pack = _Pack.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise PackProblem(f"{name} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise from_validation(name, error) from error
    return [
        Endpoint(domain, entry.company, entry.country, entry.purpose, entry.source)
        for entry in pack.endpoints
        for domain in entry.domains
    ]
