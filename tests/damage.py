"""Damages the bytes of a valid file in the ways that disks, networks and enemies do."""

from __future__ import annotations

from hypothesis import strategies as st

NASTY = (
    b"\x00",
    b"\xff\xfe",
    b"\\ud800",
    b"\\u0000",
    b"1e999",
    b"NaN",
    b"-1",
    b"9" * 40,
    b"[" * 3000,
    b'{"a":' * 3000,
    b'"',
    b"\\",
    b"\n",
    b"}",
    b"]",
    b",",
    b"null",
    b"999999999:",
    b"-5:",
    b"0:",
    b"4:abcd,",
)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Cut, overwrite, double, drop or insert something in one to four places."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        size = draw(st.integers(0, 40))
        match draw(st.sampled_from(("cut", "flip", "drop", "double", "insert"))):
            case "cut":
                data = data[:at]
            case "flip":
                data = data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at + 1 :]
            case "drop":
                data = data[:at] + data[at + size :]
            case "double":
                data = data[: at + size] + data[at:]
            case _:
                data = data[:at] + draw(st.sampled_from(NASTY)) + data[at:]
    return data
