from __future__ import annotations

import io
import struct

import pytest

from analyzer.capture.pcap import PcapCopy

PACKETS = [b"first", b"", b"the third packet"]


def pcap(order: str = "<", magic: int = 0xA1B2C3D4, packets: list[bytes] = PACKETS) -> bytes:
    records = [struct.pack(f"{order}4I", 1, 2, len(one), len(one)) + one for one in packets]
    return struct.pack(f"{order}I2H4I", magic, 2, 4, 0, 0, 262144, 239) + b"".join(records)


def copied(data: bytes, most: int = 1000, piece: int = 7) -> tuple[PcapCopy, bytes]:
    copy = PcapCopy(out := io.BytesIO(), most)
    for at in range(0, len(data), piece):
        copy.take(data[at : at + piece])
    return copy, out.getvalue()


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D])
def test_a_stream_in_any_pieces_is_copied_as_it_is_and_counted(order: str, magic: int) -> None:
    whole = pcap(order, magic)
    for piece in (1, 16, 1000):
        copy, out = copied(whole, piece=piece)
        assert out == whole
        assert (copy.packets, copy.size, copy.over) == (3, len(whole), "")


def test_of_a_stream_that_was_cut_only_whole_packets_are_kept() -> None:
    whole = pcap()
    copy, out = copied(whole[:-1])
    assert out == pcap(packets=PACKETS[:2])
    assert copy.packets == 2
    assert not copied(whole[:23])[0].begun


def test_at_the_bound_the_file_ends_with_a_whole_packet() -> None:
    copy, out = copied(pcap(), most=len(pcap()) - 1)
    assert out == pcap(packets=PACKETS[:2])
    assert "bound of 0 MB" in copy.over
    copy.take(pcap())
    assert copy.packets == 2


def test_what_is_no_pcap_ends_the_copy() -> None:
    copy, out = copied(b"tcpdump: nflog:7411: No such device exists")
    assert out == b""
    assert "no pcap: tcpdump: nflog" in copy.over
    copy, out = copied(pcap() + struct.pack("<4I", 1, 2, 1 << 30, 1))
    assert out == pcap()
    assert copy.over == "what followed is no packet"
