from __future__ import annotations

from wire import taxonomy

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicators import Known, compile_indicators, derive
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

REF = EvidenceRef("r", Source.FLOWS, 1)
SERIAL = Known("id.serial", "PLK7Q2X94M1T")


def _leaf(data: bytes) -> Leaf:
    return Leaf(REF, Where.BODY, "raw", "", data)


def test_all_leaves_are_searched_in_one_pass_and_hits_stay_inside_their_leaf():
    indicators = compile_indicators(derive(SERIAL))
    leaves = [_leaf(b"PLK7Q2"), _leaf(b"X94M1T"), _leaf(b"x=PLK7Q2X94M1T;"), _leaf(b"")]
    hits = list(indicators.search(leaves, taxonomy()))
    assert [(hits[0].leaf is leaves[2], hits[0].start, hits[0].end)] == [(True, 2, 14)]
    assert len(hits) == 1


def test_values_with_zero_bytes_do_not_match_across_leaves():
    indicators = compile_indicators(derive(Known("id.mac_wifi", "61:00:62:63:64:65")))
    assert not list(indicators.search([_leaf(b"a"), _leaf(b"bcde")], taxonomy()))


def test_short_and_common_values_need_a_field_name():
    needs = {
        text: next(derive(Known(kind, text))).needs_key
        for kind, text in (("id.ip", "1.2.3"), ("id.imei", "867431059238179"))
    }
    assert needs == {"1.2.3": True, "867431059238179": False}
    assert next(derive(Known("dev.network_carrier", "China Mobile Lab"))).needs_key


def test_nothing_known_is_nothing_found():
    assert list(compile_indicators([]).search([_leaf(b"x")], taxonomy())) == []
