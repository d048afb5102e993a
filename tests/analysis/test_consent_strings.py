import time

import pytest

from analyzer.analysis.consent_strings import (
    MOST_CHARACTERS,
    UnreadableError,
    bits_set,
    opted_out,
    read_gpp_string,
    read_tc_string,
)

ALL_REFUSED = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"  # the specification's own example
THREE_PURPOSES = (
    "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBA"
    "AgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw"
)


def test_purposes_and_vendors_are_told_one_by_one():
    read = read_tc_string(THREE_PURPOSES)
    assert (read.cmp, read.policy_version, read.purposes, read.interests) == (27, 2, (1, 2, 3), ())
    assert (read.vendors, read.vendor_interests) == ((2, 6, 8), (2, 6, 8))
    assert read_tc_string(ALL_REFUSED).purposes == ()


@pytest.mark.parametrize("cut", range(0, len(ALL_REFUSED) - 10, 3))
def test_a_string_that_ends_early_is_not_read_as_refusals(cut):
    with pytest.raises(UnreadableError):
        read_tc_string(ALL_REFUSED[:cut])


@pytest.mark.parametrize("text", ["", "accepted", "C!", "同意", "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA", "C" * 9000, "."])
def test_what_is_no_string_of_version_two_is_not_read(text):
    with pytest.raises(UnreadableError):
        read_tc_string(text)


def test_the_longest_strings_made_to_keep_us_busy_are_read_or_refused_at_once():
    started = time.process_time()
    for char in "A_/-w4":
        head = ALL_REFUSED[:35]
        for text in (head + char * (MOST_CHARACTERS - len(head)), f"{head}.{'I' + '_' * 4000}"):
            try:
                read_tc_string(text)
            except UnreadableError:
                continue
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("header", "numbers"), [("DBABM", [2]), ("DBACNY", [2, 6]), ("DBABjw", [5, 6])]
)  # the specification's own examples
def test_the_header_names_the_sections(header, numbers):
    text = "~".join([header, *("x" for _ in numbers)])
    assert list(read_gpp_string(text)) == numbers


@pytest.mark.parametrize("text", ["", "DBABM", "DBABM~a~b", "CBABM~a", "DBD___~a", "D~a", "DBABM~" + "a" * 5000])
def test_a_header_that_does_not_fit_its_sections_is_refused(text):
    with pytest.raises(UnreadableError):
        read_gpp_string(text)


def test_the_us_string_says_whether_the_sale_is_refused():
    assert [opted_out(text) for text in ("1YNN", "1YYN", "1---", "1yyn")] == [False, True, None, True]
    with pytest.raises(UnreadableError):
        opted_out("2YNN")


def test_bit_texts_are_counted_from_one():
    assert bits_set("0110", 3) == (2, 3)
    with pytest.raises(UnreadableError):
        bits_set("0120", 4)
