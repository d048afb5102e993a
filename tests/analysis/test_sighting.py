from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method


def test_a_sighting_does_not_change():
    one = Sighting("id.imei", "raw", (), (), "1", Method.KEY, 0.5, "because")
    with pytest.raises(FrozenInstanceError):
        one.value = "2"
