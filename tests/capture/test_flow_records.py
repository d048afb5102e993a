from __future__ import annotations

import time

import pytest

from analyzer.capture.flow_records import (
    BODY_LIMIT,
    INLINE_LIMIT,
    Content,
    ErrorSeen,
    MessageSeen,
    Moment,
    Tee,
    body,
    bounded,
    headers,
    whole,
)
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob
from analyzer.model.vocabulary import Direction


def _keep(data: bytes) -> Blob:
    return Blob("bodies/x", "x", len(data))


def _never(data: bytes) -> Blob:
    raise AssertionError(f"{len(data)} bytes were kept beside the record")


def test_wall_times_are_mapped_by_the_offset_of_the_moment() -> None:
    moment = Moment(mono_us=5_000_000, wall_us=1_700_000_005_000_000)
    assert moment.at(1_700_000_003.5) == Stamp(3_500_000, 1_700_000_003_500_000)
    assert moment.stamp() == Stamp(5_000_000, 1_700_000_005_000_000)


@pytest.mark.parametrize("absent", [None, 0.0])
def test_without_a_time_the_moment_itself_counts(absent: float | None) -> None:
    assert Moment(7, 9).at(absent) == Stamp(7, 9)


def test_nothing_is_stamped_with_the_future() -> None:
    assert Moment(1_000_000, 2_000_000).at(60.0).mono_us == 1_000_000


def test_a_moment_reads_the_boot_clock() -> None:
    before = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
    assert before <= Moment.read().mono_us <= time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


def test_a_body_is_inline_up_to_the_limit_and_beside_the_record_above() -> None:
    assert body(whole(b"a" * INLINE_LIMIT), _never).data == b"a" * INLINE_LIMIT
    large = body(whole(b"a" * (INLINE_LIMIT + 1)), _keep)
    assert (large.data, large.size, large.truncated) == (b"", INLINE_LIMIT + 1, False)
    assert large.blob == Blob("bodies/x", "x", INLINE_LIMIT + 1)


def test_a_body_above_the_hard_limit_is_cut_and_says_so() -> None:
    cut = body(whole(bytes(BODY_LIMIT + 1)), _keep)
    assert cut.blob is not None
    assert (cut.size, cut.blob.size, cut.truncated) == (BODY_LIMIT + 1, BODY_LIMIT, True)


def test_an_incomplete_content_is_a_truncated_body() -> None:
    assert body(Content(b"ab", 9, complete=False), _never).truncated
    assert not body(whole(b"ab"), _never).truncated


def test_a_tee_hands_on_everything_and_keeps_the_first_bytes() -> None:
    tee = Tee(limit=5)
    assert [tee(chunk) for chunk in (b"abc", b"def", b"ghi", b"")] == [b"abc", b"def", b"ghi", b""]
    assert tee.content(ended=True) == Content(b"abcde", 9, complete=False)


def test_a_tee_is_complete_only_when_the_body_has_ended() -> None:
    tee = Tee(limit=5)
    tee(b"abc")
    assert tee.content(ended=True).complete
    assert not tee.content(ended=False).complete


def test_every_byte_of_a_header_survives() -> None:
    ((name, value),) = headers(((b"X", bytes(range(256))),))
    assert (name, value.encode("latin-1")) == ("X", bytes(range(256)))


def test_foreign_text_is_cut_and_made_writable() -> None:
    assert bounded("a\udcffb" + "c" * 900, 5) == "a?bcc"
    assert bounded(None) == ""


def test_a_message_knows_its_direction() -> None:
    message = MessageSeen("f", whole(b"x"), from_client=False, text=True, stamp=Stamp(1, 2))(4, _never)
    assert (message.seq, message.source, message.direction, message.text) == (4, "proxy", Direction.RECEIVED, True)


def test_an_error_is_bounded() -> None:
    assert len(ErrorSeen("f", "x" * 10_000, Stamp(1, 2))(0, _never).error) == 500
