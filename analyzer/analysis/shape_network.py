"""Checks of addresses: of hardware, and of the internet."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from analyzer.analysis.shape_numbers import varied

_RESOLVERS: Final = frozenset(
    {"8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "114.114.114.114", "114.114.115.115", "223.5.5.5"}
    | {"223.6.6.6", "119.29.29.29", "180.76.76.76", "208.67.222.222", "208.67.220.220", "1.2.4.8", "210.2.4.8"}
    | {"1.2.3.4", "2001:4860:4860::8888", "2001:4860:4860::8844", "182.254.116.116", "119.28.28.28"}
)
"""Public name servers, and 1.2.3.4, which people write as an example: they are no user's address."""
_DOCUMENTED: Final = tuple(ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
_GROUP: Final = 0x01
_SMALL: Final = 20
"""Four numbers that are all smaller look like a version."""


def mac(text: str) -> bool:
    """Say whether hex digits are the address of one device: unicast, no constant."""
    bare = re.sub(r"[:-]", "", text.lower())
    if not varied(bare) or bare.startswith(("020000000000", "000000")) or bare in _SEQUENCES:
        return False
    return not int(bare[:2], 16) & _GROUP and (bare != text or not bare.isdigit())


_SEQUENCES: Final = frozenset({"123456789abc", "0123456789ab", "001122334455", "112233445566", "aabbccddeeff"})


def public_ip(text: str) -> bool:
    """Say whether a text is an address that somebody has on the public internet."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if text in _RESOLVERS:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        if any(address in net for net in _DOCUMENTED):  # examples of people, and of people who test
            return True
        if all(part < _SMALL for part in address.packed):
            return False
    return address.is_global and not address.is_multicast


def private_ip(text: str) -> bool:
    """Say whether a text is an address of a device at home; the first and last of a net are no device's."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return (
        address.is_private
        and not address.is_loopback
        and address.packed[3] not in {0, 1, 255}
        and address.packed[0] != 0
    )
