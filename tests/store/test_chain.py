from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from analyzer.store.chain import genesis, join, link, split

PAYLOAD = b'{"v":1,"record":"mark"}'
DIGEST = "ab" * 32


def test_the_chain_is_what_the_format_says() -> None:
    assert genesis("s", "1-accept", "marks.jsonl") == sha256(b"s/1-accept/marks.jsonl").hexdigest()
    assert link(DIGEST, PAYLOAD) == sha256(DIGEST.encode() + PAYLOAD).hexdigest()


@given(st.binary().map(lambda inner: b"{" + inner + b"}"))
def test_what_is_joined_can_be_split(payload: bytes) -> None:
    line = join(payload, DIGEST)
    assert line.endswith(b"\n")
    assert split(line[:-1]) == (payload, DIGEST)


def test_a_line_torn_at_any_byte_is_not_taken_for_a_whole_one() -> None:
    line = join(PAYLOAD, DIGEST)[:-1]
    assert [size for size in range(len(line) + 1) if split(line[:size])] == [len(line)]


def test_a_digest_in_another_spelling_is_none() -> None:
    assert split(join(PAYLOAD, DIGEST.upper())[:-1]) is None


@given(st.lists(st.binary(max_size=20), min_size=2, max_size=6), st.data())
def test_a_changed_swapped_or_missing_line_changes_the_head(lines: list[bytes], data: st.DataObject) -> None:
    def head(payloads: list[bytes]) -> str:
        digest = genesis("s", "r", "f")
        for payload in payloads:
            digest = link(digest, payload)
        return digest

    at = data.draw(st.integers(0, len(lines) - 1))
    assert head(lines[:at] + lines[at + 1 :]) != head(lines)
    assert head([*lines[:at], lines[at] + b"x", *lines[at + 1 :]]) != head(lines)
    turned = lines[::-1]
    assert (head(turned) == head(lines)) == (turned == lines)
