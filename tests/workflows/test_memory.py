from __future__ import annotations

import pytest

from analyzer.workflows.memory import MemoryShort, check_room

TOLD = "MemTotal:  8000000 kB\nMemAvailable:  1000000 kB\nSwapFree:        100000 kB\n"


@pytest.fixture
def told(tmp_path):
    path = tmp_path / "meminfo"
    path.write_text(TOLD)
    return path


def test_a_result_that_would_not_fit_is_said_to_be_too_large_before_it_is_read(told):
    with pytest.raises(MemoryShort, match=r"has 160 MB, and takes some 1\.8 GB .* 1\.1 GB are free: .*--format json"):
        check_room("s", 160_000_000, told)


def test_what_fits_and_what_is_small_is_read_and_so_is_all_where_nobody_says_what_is_free(told, tmp_path):
    check_room("s", 100_000_000, told)
    told.write_text("MemAvailable:  1 kB\n")
    check_room("s", 1_000_000, told)
    check_room("s", 10**12, tmp_path / "none")
    told.write_text("nothing of that kind")
    check_room("s", 10**12, told)
