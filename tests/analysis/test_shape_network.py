from __future__ import annotations

import pytest

from analyzer.analysis import shape_network as shape


@pytest.mark.parametrize(
    ("check", "text", "good"),
    [
        (shape.mac, "a4:50:46:11:22:33", True),
        (shape.mac, "A4-50-46-11-22-33", True),
        (shape.mac, "a45046b122c3", True),
        (shape.mac, "02:00:00:00:00:00", False),
        (shape.mac, "ff:ff:ff:ff:ff:ff", False),
        (shape.mac, "01:00:5e:00:00:fb", False),
        (shape.mac, "123456789012", False),
        (shape.public_ip, "39.156.66.10", True),
        (shape.public_ip, "2003:dd:af1c:ab00:cc6:9a3a:7bf5:90d7", True),
        (shape.public_ip, "203.0.113.7", True),
        (shape.public_ip, "192.168.1.7", False),
        (shape.public_ip, "8.8.8.8", False),
        (shape.public_ip, "1.2.3.4", False),
        (shape.public_ip, "6.17.0.1", False),
        (shape.public_ip, "fe80::1", False),
        (shape.public_ip, "300.1.1.1", False),
        (shape.private_ip, "10.0.0.83", True),
        (shape.private_ip, "192.168.1.1", False),
        (shape.private_ip, "39.156.66.10", False),
        (shape.private_ip, "x", False),
    ],
)
def test_addresses_are_told_from_constants_servers_and_versions(check, text, good):
    assert getattr(shape, check.__name__)(text) is good, "asked of the module, where the mutation test switches it off"
