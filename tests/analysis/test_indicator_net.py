from __future__ import annotations

import time

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import Indicator, Known
from analyzer.analysis.indicator_net import weave
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

REF = EvidenceRef("r", Source.FLOWS, 1)
KNOWN = Known("id.serial", "x")


def _leaf(data: bytes, path: str = "raw") -> Leaf:
    return Leaf(REF, Where.BODY, path, "", data)


def _one(pattern: bytes, *chain: str, exact: bool = False) -> Indicator:
    return Indicator(KNOWN, "", "x", pattern, chain, exact=exact)


def _found(indicator: Indicator, *data: bytes) -> list[tuple[int, int, int]]:
    leaves = [_leaf(one) for one in data]
    net = weave([indicator])
    assert net is not None
    return [(leaves.index(hit.leaf), hit.start, hit.end) for hit in net.scan(leaves)]


def test_nothing_to_find_makes_no_net():
    assert weave([]) is None
    assert weave([_one(b"")]) is None


def test_letters_are_found_in_either_case_unless_the_bytes_are_exact():
    assert _found(_one(b"plk7q2x94m1t"), b"..PLK7q2X94M1T") == [(0, 2, 14)]
    assert _found(_one(b"plk7q2x9", exact=True), b"PLK7Q2X9", b"plk7q2x9") == [(1, 0, 8)]


def test_a_form_that_only_begins_alike_is_not_found():
    digest = b"0123456789abcdef0123456789abcdef"
    assert _found(_one(digest, "md5"), digest[:31] + b"0", digest) == [(1, 0, 32)]
    assert _found(_one(digest, "md5"), digest[:16], digest[16:]) == []


def test_forms_with_the_same_head_are_told_apart():
    one, two = _one(b"01234567aaaaaaaa", "md5-16"), _one(b"01234567bbbbbbbb", "md5-16")
    net = weave([one, two])
    assert net is not None
    assert [hit.indicator for hit in net.scan([_leaf(two.pattern)])] == [two]


def test_large_leaves_are_searched_in_windows_without_a_seam():
    value = b"PLK7Q2X94M1T"
    for before in ((1 << 20) - 5, (1 << 20) - 12, 1 << 20, (2 << 20) - 1):
        assert _found(_one(value), b"." * before + value) == [(0, before, before + len(value))]


def test_a_body_full_of_hits_costs_no_more_than_its_length():
    net = weave([_one(b"PLK7Q2X94M1T")])
    assert net is not None
    started = time.process_time()
    assert len(list(net.scan([_leaf(b"PLK7Q2X94M1T " * 100_000)]))) == 4
    assert time.process_time() - started < 5


def test_every_leaf_tells_its_own_hits():
    leaves = [_leaf(b"PLK7Q2X94M1T", f"[{at}]") for at in range(3000)]
    net = weave([_one(b"PLK7Q2X94M1T")])
    assert net is not None
    assert len(list(net.scan(leaves))) == 3000


def test_one_form_that_comes_often_hides_no_other_that_begins_like_it():
    often, *others = [_one(b"com.example.longer." + name) for name in (b"first", b"second", b"third")]
    net = weave([often, *others])
    assert net is not None
    names = [often.pattern] * 6 + [one.pattern for one in others]
    hits = [hit.indicator for hit in net.scan([_leaf(b",".join(names))])]
    assert hits == [often] * 4 + others
