from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from analyzer.analysis.decode import Leaf
from analyzer.analysis.sighting import Sighting
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Method, Source, Where


def test_a_sighting_does_not_change():
    one = Sighting("id.imei", "raw", (), (), "1", Method.KEY, 0.5, "because")
    with pytest.raises(FrozenInstanceError):
        one.value = "2"


def _leaf(*steps: str) -> Leaf:
    path = ">".join(step for step in steps if ":" in step)
    return Leaf(EvidenceRef("r", Source.FLOWS, 1), Where.BODY, path or "raw", "k", b"v", steps=steps)


def _steps(path: str, *leaves: Leaf, inner: tuple[str, ...] = ()) -> tuple[str, ...]:
    return Sighting("id.imei", path, leaves, (), "1", Method.KEY, 0.5, "because", inner=inner).steps()


def test_the_steps_are_those_of_the_leaf_and_then_those_inside_it():
    leaf = _leaf("gzip", "json:$.d", "base64", "protobuf:3.2")
    assert _steps(leaf.path, leaf, inner=("md5",)) == ("gzip", "json:$.d", "base64", "protobuf:3.2", "md5")
    assert _steps("raw", _leaf()) == ()


def test_the_steps_to_a_pair_end_at_its_container():
    pair = _leaf("form:d", "base64", "json:$.loc.lat"), _leaf("form:d", "base64", "json:$.loc.lon")
    assert _steps("form:d>json:$.loc", *pair) == ("form:d", "base64", "json:$.loc")
    assert _steps("form:d", *pair) == ("form:d", "base64")
