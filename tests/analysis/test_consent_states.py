from dataclasses import replace

import pytest

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.consent_states import GPP_STRING, MOST_STRINGS, PURPOSES, TC_STRING, US_STRING, read_consents
from analyzer.analysis.placement import place_session
from analyzer.model.vocabulary import GapKind, HookKind, Phase

KINDS = {"store.text": HookKind.STORE, "read.text": HookKind.READ}
REFUSED = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"


def consents(tape):
    session = tape.session()
    return read_consents(resolve_calls(session, place_session(session)), KINDS)


@pytest.mark.parametrize(
    ("bits", "phase"),
    [
        ("1" * 10, Phase.ACCEPTED),
        ("1" * 24, Phase.ACCEPTED),
        ("0" * 10, Phase.REFUSED),
        ("0" * 11 + "1", Phase.REFUSED),
        ("1011111111", Phase.UNKNOWN),
        ("111", Phase.UNKNOWN),
    ],
)
def test_the_purposes_say_what_was_consented_to(tape, bits, phase):
    (state,), _ = consents(tape.write("store.text", 1, PURPOSES, bits))
    assert (state.says, state.parts) == (phase, ("purposes",))


def test_a_consent_string_says_it_alone_or_inside_of_a_gpp_string(tape):
    tape.write("store.text", 1, TC_STRING, REFUSED).write("store.text", 2, GPP_STRING, f"DBACNY~{REFUSED}~1YYN")
    tape.write("store.text", 3, "IABGPP_2_String", REFUSED).write("store.text", 4, US_STRING, "1YNN")
    states, gaps = consents(tape)
    said = [(state.framework, state.says, state.cmp, state.sale_refused) for state in states]
    tcf, sold = ("tcf", Phase.REFUSED, 31, None), ("us_privacy", None, None, True)
    assert (said, gaps) == ([tcf, tcf, sold, tcf, ("us_privacy", None, None, False)], ())


def test_sections_that_nothing_reads_are_told_and_those_beside_them_are_read(tape):
    tape.write("store.text", 1, GPP_STRING, f"DBACMM~{REFUSED}~BAAA").write("store.text", 2, "IABGPP_8_String", "BAAA")
    states, gaps = consents(tape)
    assert [state.says for state in states] == [Phase.REFUSED]
    assert [(gap.kind, gap.subject) for gap in gaps] == [
        (GapKind.CONSENT_UNREADABLE, "GPP section 7"),
        (GapKind.CONSENT_UNREADABLE, "GPP section 8"),
    ]


def test_vendors_are_kept_but_say_nothing_of_the_whole(tape):
    (state,), _ = consents(tape.write("store.text", 1, "IABTCF_VendorConsents", "0101"))
    assert (state.vendors, state.says) == ((2, 4), None)


def test_other_keys_readings_and_cleared_keys_are_no_consent(tape):
    tape.write("store.text", 1, "theme", "1111111111").write("read.text", 2, PURPOSES, "1" * 10)
    assert consents(tape.write("store.text", 3, PURPOSES, "")) == ((), ())


def test_what_cannot_be_read_is_a_gap_each_time(tape):
    for second, text in enumerate(["CPXx", "yes", "CPXx"]):
        tape.write("store.text", second, TC_STRING, text)
    states, gaps = consents(tape)
    assert states == ()
    assert [(gap.kind, gap.subject) for gap in gaps] == [(GapKind.CONSENT_UNREADABLE, TC_STRING)] * 3


def test_an_app_that_writes_ever_new_strings_is_read_up_to_a_bound(tape):
    for number in range(MOST_STRINGS + 2):
        tape.write("store.text", number, PURPOSES, f"{number:012b}")
    tape.write("store.text", 99, PURPOSES, f"{0:012b}")
    states, gaps = consents(tape)
    assert (len(states), len(gaps)) == (MOST_STRINGS + 1, 2)


def test_keys_that_nothing_reads_and_other_recordings_leave_the_bound_to_a_consent(tape):
    for number in range(MOST_STRINGS):
        tape.write("store.text", number, "IABTCF_PublisherConsent", f"{number:012b}")
        tape.write("store.text", number, "IABGPP_\u0662_String", f"{number:012b}")
        tape.write("store.text", number, PURPOSES, f"{number:012b}")
    session = tape.session()
    (first,) = session.recordings
    session = replace(session, recordings=(first, replace(first, name="2-refuse")))
    states, gaps = read_consents(resolve_calls(session, place_session(session)), KINDS)
    assert (len(states), gaps) == (2 * MOST_STRINGS, ())
