from __future__ import annotations

import pytest

from analyzer.capture.refusals import Refusals
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import GapKind, MarkKind

SECOND = 1_000_000
AT = Stamp(1, 1)


def _mark(kind: MarkKind) -> Mark:
    return Mark(0, "host", AT, kind, {})


ENDS = [
    *(_mark(kind) for kind in (MarkKind.PROCESS_ENDED, MarkKind.APP_EXITED, MarkKind.APP_CRASHED)),
    Gap(0, "host", AT, GapKind.DEVICE_LOST, "", ""),
    Gap(0, "host", AT, GapKind.APP_CRASHED, "", ""),
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.kind.value)
def test_a_handshake_that_ended_with_its_process_is_no_refusal(end):
    seen = Refusals()
    seen.refused("alert.example")
    for host, at in (("with.example", 10), ("before.example", 4), ("long.example", 15)):
        seen.closed(host, at * SECOND)
    assert seen.hosts() == ["alert.example", "before.example", "long.example", "with.example"]
    seen.see(end, 12 * SECOND)
    assert seen.hosts() == ["alert.example", "before.example", "long.example"]


def test_a_host_that_closed_another_time_too_refused():
    seen = Refusals()
    seen.closed("pinned.example", 10 * SECOND)
    seen.see(_mark(MarkKind.PROCESS_ENDED), 11 * SECOND)
    seen.see(_mark(MarkKind.TAPPED), 30 * SECOND)
    seen.closed("pinned.example", 30 * SECOND)
    assert seen.hosts() == ["pinned.example"]
