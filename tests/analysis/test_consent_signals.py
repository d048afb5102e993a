import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.consent_signals import PURPOSES, find_signals
from analyzer.analysis.placement import place_session
from analyzer.model.vocabulary import HookKind, Phase

KINDS = {"store.text": HookKind.STORE, "read.text": HookKind.READ}


def signals(tape):
    session = tape.session()
    return [signal.phase for signal in find_signals(resolve_calls(session, place_session(session)), KINDS)]


@pytest.mark.parametrize(
    ("bits", "phase"),
    [
        ("1" * 10, [Phase.ACCEPTED]),
        ("1" * 24, [Phase.ACCEPTED]),
        ("0" * 10, [Phase.REFUSED]),
        ("0" * 10 + "1", [Phase.REFUSED]),
        ("1011111111", [Phase.UNKNOWN]),
        ("111", [Phase.UNKNOWN]),
        ("", []),
        ("CPXxRfAPXxRfA", []),
    ],
)
def test_the_purposes_say_what_was_consented_to(tape, bits, phase):
    assert signals(tape.write("store.text", 1, PURPOSES, bits)) == phase


def test_other_keys_and_readings_are_no_signal(tape):
    tape.write("store.text", 1, "IABTCF_VendorConsents", "1111111111").write("read.text", 2, PURPOSES, "1" * 10)
    assert signals(tape) == []
