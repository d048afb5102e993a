from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.consent_signals import find_signals
from analyzer.analysis.consent_states import PURPOSES, TC_STRING, read_consents
from analyzer.analysis.placement import place_session
from analyzer.model.vocabulary import HookKind, Phase

REFUSED = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"


def signals(tape):
    session = tape.session()
    calls = resolve_calls(session, place_session(session))
    return find_signals(read_consents(calls, {"store.text": HookKind.STORE})[0])


def test_keys_that_are_written_in_one_go_and_agree_are_one_signal(tape):
    tape.write("store.text", 1, PURPOSES, "0" * 10).write("store.text", 1.2, TC_STRING, REFUSED)
    (signal,) = signals(tape)
    assert (signal.phase, signal.instant.at_us) == (Phase.REFUSED, 1_200_000)
    assert PURPOSES in signal.reasoning
    assert TC_STRING in signal.reasoning


def test_keys_that_contradict_each_other_say_nothing(tape):
    (signal,) = signals(tape.write("store.text", 1, PURPOSES, "1" * 10).write("store.text", 1.2, TC_STRING, REFUSED))
    assert signal.phase is Phase.UNKNOWN
    assert "contradicts" in signal.reasoning


def test_a_default_that_is_overwritten_at_once_does_not_count(tape):
    (signal,) = signals(tape.write("store.text", 1, PURPOSES, "0" * 10).write("store.text", 1.2, PURPOSES, "1" * 10))
    assert signal.phase is Phase.ACCEPTED


def test_what_is_written_later_is_a_signal_of_its_own(tape):
    tape.write("store.text", 1, PURPOSES, "1" * 10).write("store.text", 9, TC_STRING, REFUSED)
    assert [signal.phase for signal in signals(tape)] == [Phase.ACCEPTED, Phase.REFUSED]


def test_vendors_alone_are_no_signal(tape):
    assert signals(tape.write("store.text", 1, "IABTCF_VendorConsents", "1111")) == ()
