from __future__ import annotations

from adb_double import adb_server

from analyzer.capture.android import list_devices, server_answers

TWO = (
    b"0123456789ABCDEF       device usb:1-1 product:raven model:Pixel_6_Pro device:raven transport_id:1\n"
    b"emulator-5554          offline transport_id:2\n"
)


def test_connected_devices_are_listed_with_their_state() -> None:
    with adb_server(b"OKAY" + b"%04x" % len(TWO) + TWO) as address:
        found = list_devices(server=address)
    assert [tuple(device) for device in found] == [
        ("0123456789ABCDEF", "phone", "Pixel 6 Pro", "device"),
        ("emulator-5554", "emulator", "", "offline"),
    ]


def test_a_server_that_refuses_or_talks_nonsense_lists_nothing() -> None:
    for answer in (b"FAIL0004nope", b"", b"OKAYzzzz", b"HTTP/1.1 400 Bad Request"):
        with adb_server(answer) as address:
            assert list_devices(server=address) == []


def test_no_server_means_no_devices_and_none_is_started() -> None:
    with adb_server(b"") as address:
        pass
    assert not server_answers(address)
    assert list_devices(server=address) == []
    assert not server_answers(address)
