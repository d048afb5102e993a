from __future__ import annotations

from wire import Wire, text

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.placement import place_session


def test_calls_come_in_the_order_of_time_with_their_stacks_and_ids():
    wire = Wire()
    wire.call("b", 2, text("x"), frames=("com.a.B.c(B.java:1)",))
    wire.call("a", 1)
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    assert [call.id for call in calls] == ["1-accept/events/3", "1-accept/events/2"]
    assert [call.frames for call in calls] == [None, ("com.a.B.c(B.java:1)",)]
