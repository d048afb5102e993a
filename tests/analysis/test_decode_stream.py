from __future__ import annotations

from analyzer.analysis.decode_stream import join_segments


def test_segments_are_joined_up_to_the_bound_and_never_cut():
    segments = [(3, b"ab"), (5, b"cd"), (6, b"efgh"), (9, b"i")]
    assert join_segments(segments, 4) == [(3, b"abcd", 2), (6, b"efgh", 1), (9, b"i", 1)]
    assert join_segments(segments) == [(3, b"abcdefghi", 4)]
    assert join_segments([]) == []
