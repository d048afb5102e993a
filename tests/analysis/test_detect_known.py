from __future__ import annotations

from detection import detect
from wire import IMEI, Wire, text


def test_origins_are_the_reads_before_the_send_nearest_first():
    wire = Wire()
    for at in (1, 2, 9):
        wire.call("telephony.imei", at, text(IMEI))
    wire.request(3, f"x={IMEI}".encode())
    one = detect(wire).sent[0]
    assert one.origins == ("1-accept/events/2", "1-accept/events/1")
    assert "hooked call returned before" in one.reasoning


def test_a_value_that_was_never_read_is_known_from_the_device():
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.request(3, f"x={IMEI}".encode())
    one = detect(wire).sent[0]
    assert one.origins == ()
    assert 0.95 <= one.confidence < 0.99
