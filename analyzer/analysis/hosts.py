"""Reads host names: what kind of name it is, and which part of it somebody registered."""

from __future__ import annotations

import encodings.idna
import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import tldextract

RESERVED: Final = ("example", "test", "invalid", "localhost")
"""Top-level names that RFC 2606 keeps for tests: whatever stands before them is somebody's own domain."""
_LOCAL: Final = frozenset({"local", "lan", "home", "internal", "intranet", "localdomain", "corp", "arpa", "onion"})
"""Last labels that no public name has."""
_LOCAL_NETWORKS: Final = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
"""RFC 1918, RFC 6598 and RFC 4193; what else `ipaddress` calls private is reserved, and in nobody's house."""
_DOCUMENTED: Final = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"))
)
"""RFC 5737, RFC 3849 and RFC 9637."""
_ITSELF: Final = "is the device itself"
_DOTS: Final = str.maketrans("。．｡", "...")

_split: Final = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=RESERVED)
_split("first.use.example")  # reads the list that travels with the library now, so that no analysis opens a file
encodings.idna.ToASCII("é")  # loads the codec behind it for the same reason


@lru_cache(maxsize=4096)
def plain_host(host: str) -> str:
    """Give a host name in small ASCII letters, without brackets and trailing dots; unchanged if it cannot be."""
    name = host.strip().lower().translate(_DOTS).rstrip(".")
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    if name.isascii():
        return name
    try:
        return b".".join(encodings.idna.ToASCII(label) for label in name.split(".")).decode("ascii")
    except UnicodeError:
        return name


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """Give the part of a host name that somebody registered; the host itself where there is none (addresses)."""
    return _registered(plain_host(host), private=False)


@lru_cache(maxsize=4096)
def tenant_domain(host: str) -> str:
    """Give the part of a host name that one customer of a hoster has (`shop.github.io`); else what is registered."""
    return _registered(plain_host(host), private=True)


@lru_cache(maxsize=4096)
def no_public_name(host: str) -> str:
    """Say in words why a host is no name on the internet: an address, this device, the local network; else empty."""
    name = plain_host(host)
    if not name:
        return "no host was named"
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return _local_name(name)
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback or address.is_unspecified:
        return f"{name} {_ITSELF}"
    if address.is_link_local or _in(address, _LOCAL_NETWORKS):
        return f"{name} is an address of the local network"
    if _in(address, _DOCUMENTED):
        return f"{name} is an address that is kept for documentation"
    return "a bare address does not say whose it is"


def is_this_device(host: str) -> bool:
    """Say whether a host is the device itself: what is sent there, nobody receives."""
    return no_public_name(host).endswith(_ITSELF)


def _in(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> bool:
    return any(address in network for network in networks)


def _local_name(name: str) -> str:
    last = name.rpartition(".")[2]
    if last == "localhost":
        return f"{name} {_ITSELF}"
    if last == name or last in _LOCAL:
        return f"{name} is no name of the public internet, so it does not say whose it is"
    return ""


def _registered(name: str, *, private: bool) -> str:
    found = _split(name, include_psl_private_domains=private)
    return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else name
