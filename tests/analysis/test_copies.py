from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.analysis.copies import copier
from analyzer.model.clock import Instant, Stamp


def test_a_copy_is_what_replace_gives():
    one = Instant(1, "agent", 2, 3)
    assert copier(Instant, "seq")(one, 9) == replace(one, seq=9)
    assert copier(Instant, "uncertainty_us", "at_us")(one, 9, 8) == replace(one, at_us=8, uncertainty_us=9)
    assert copier(Stamp, "mono_us", "wall_us")(Stamp(1, 2, "x"), 3, 4) == Stamp(3, 4, "x")
    assert one == Instant(1, "agent", 2, 3)


def test_a_field_that_is_not_there_is_refused():
    with pytest.raises(TypeError, match="Instant has not all of"):
        copier(Instant, "sequence")


def test_each_copy_names_all_its_values():
    with pytest.raises(ValueError, match="argument"):
        copier(Instant, "seq")(Instant(1, "agent", 2))
