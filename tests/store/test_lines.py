from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from analyzer.store.lines import RawLine, read_lines


@given(st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"\n", b"")), max_size=6), st.booleans())
def test_lines_come_back_with_their_numbers(lines: list[bytes], ended: bool) -> None:
    data = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    found = list(read_lines(io.BytesIO(data)))
    assert b"".join(line.data + b"\n" * line.ended for line in found) == data
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    assert all(line.ended for line in found[:-1])


def test_a_line_longer_than_the_limit_is_counted_and_not_held() -> None:
    data = b"a" * 5_000_000 + b"\nok\n" + b"b" * 11
    assert list(read_lines(io.BytesIO(data), 10)) == [
        RawLine(1, b"", ended=True, oversized=True),
        RawLine(2, b"ok", ended=True),
        RawLine(3, b"", ended=False, oversized=True),
    ]


def test_a_line_of_exactly_the_limit_is_read() -> None:
    assert [line.oversized for line in read_lines(io.BytesIO(b"x" * 10 + b"\n" + b"x" * 10), 10)] == [False, False]


def test_a_long_line_is_put_together_from_its_parts() -> None:
    data = bytes(range(11, 256)) * 20_000
    assert [line.data for line in read_lines(io.BytesIO(data + b"\n"))] == [data]
