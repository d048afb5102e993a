from __future__ import annotations

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import Hit, Indicator, Known
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where


def test_a_hit_gives_the_bytes_as_they_stand():
    leaf = Leaf(EvidenceRef("r", Source.FLOWS, 1), Where.BODY, "$.a", "a", b"x=PLK7;")
    hit = Hit(leaf, 2, 6, Indicator(Known("id.serial", "plk7"), "", "plk7", b"plk7"))
    assert hit.found == b"PLK7"
