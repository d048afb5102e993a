from __future__ import annotations

from mitmproxy.connection import Server

from analyzer.capture.relay_door import NOWHERE, divert


def test_only_what_has_no_destination_is_diverted_and_no_longer_refused() -> None:
    lost, known = Server(address=(NOWHERE, 5222)), Server(address=("a.example", 443))
    lost.error = "refused"
    divert(lost, ("127.0.0.1", 7))
    divert(known, ("127.0.0.1", 7))
    assert (lost.address, lost.error) == (("127.0.0.1", 7), None)
    assert known.address == ("a.example", 443)
