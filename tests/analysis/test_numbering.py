from __future__ import annotations

from detection import detect
from wire import IMEI, Wire, text

from analyzer.analysis.numbering import number_observations


def test_observations_are_numbered_by_time_whatever_order_they_come_in():
    wire = Wire()
    wire.call("telephony.imei", 5, text(IMEI))
    wire.request(3, f"a={IMEI}&b={IMEI}".encode())
    numbered = detect(wire).observations
    assert [(one.id, one.path) for one in numbered] == [("o1", "form:a"), ("o2", "form:b"), ("o3", "telephony.imei()")]
    assert number_observations(reversed(numbered)) == numbered
