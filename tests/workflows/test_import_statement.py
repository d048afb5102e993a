from __future__ import annotations

import pytest

from analyzer.codec.foreign import stamp
from analyzer.model.evidence import Mark
from analyzer.model.vocabulary import MarkKind, Phase
from analyzer.packs.stated_marks import StatedMark
from analyzer.workflows.home import UsageProblem
from analyzer.workflows.import_statement import Statement, read_moment, state

NOON_US = 1_769_860_805_000_000


@pytest.mark.parametrize(
    ("text", "us", "relative", "zoned"),
    [
        ("2026-01-31T12:00:05Z", NOON_US, False, True),
        ("2026-01-31T20:00:05+08:00", NOON_US, False, True),
        ("2026-01-31 12:00:05", NOON_US, False, False),
        ("1769860805", NOON_US, False, True),
        ("1769860805.25", NOON_US + 250_000, False, True),
        ("+12.5", 12_500_000, True, True),
        ("+0", 0, True, True),
    ],
)
def test_a_time_is_read_in_every_documented_spelling(text, us, relative, zoned):
    moment = read_moment(text)
    assert (moment.us, moment.relative, moment.zoned) == (us, relative, zoned)


@pytest.mark.parametrize("text", ["soon", "", "+", "+x", "12:00", "2026-13-01T00:00:00Z", "-5", "nan"])
def test_what_is_no_time_is_a_wrong_word(text):
    with pytest.raises(UsageProblem, match="is no time"):
        read_moment(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "9999999999999999999",
            r"stands for 2286-11-20T17:46:40\.000000Z, before the first Android or more than a year",
        ),
        ("99999999999", "stands for 5138-11-16"),
        ("100000000000", "stands for 1973-03-03"),
        ("0999-01-31T12:00:05Z", "is no time"),
        ("2001-01-31", "before the first Android"),
        ("9998-12-31T23:59:59Z", "a year ahead"),
        ("+999999999", "more than a year after the first record"),
    ],
)
def test_a_time_at_which_nobody_can_have_chosen_is_a_wrong_word(text, why):
    with pytest.raises(UsageProblem, match=why):
        state(None, "", text, no_consent=False)


def test_a_relative_time_counts_from_the_first_record():
    (mark,) = state(None, "+2", "", no_consent=False).records(10_000_000)
    assert (mark.kind, mark.stamp.wall_us, mark.source) == (MarkKind.ACCEPTED, 12_000_000, "importer")


def test_two_statements_do_not_go_together():
    with pytest.raises(UsageProblem, match=r"--accepted-at and --no-consent do not go together.*--marks"):
        state(None, "+1", "", no_consent=True)


@pytest.mark.parametrize(
    ("kinds", "details", "expected"),
    [
        ([], {}, Phase.UNKNOWN),
        (["accepted"], {}, Phase.INITIAL),
        (["refused", "accepted"], {}, Phase.INITIAL),
        (["withdrawn"], {}, Phase.UNKNOWN),
        (["dialog_shown"], {}, Phase.UNKNOWN),
        (["data_cleared"], {}, Phase.UNKNOWN),
        (["data_cleared", "dialog_shown", "accepted"], {}, Phase.INITIAL),
        (["tapped"], {}, Phase.UNKNOWN),
        (["recording_started", "accepted"], {"keep_data": "true"}, Phase.UNKNOWN),
    ],
)
def test_the_phase_before_the_first_choice_follows_from_the_marks(kinds, details, expected):
    marks = [Mark(1, "m", stamp(1), MarkKind(kind), details) for kind in kinds]
    assert Statement().first_phase(marks) is expected
    moment = read_moment("+1")
    stated = Statement(tuple((StatedMark(MarkKind(kind), "+1", details), moment) for kind in kinds))
    assert stated.first_phase() is expected


def test_the_earliest_choice_counts_in_whatever_order_the_marks_are_written():
    later, earlier = read_moment("+9"), read_moment("+1")
    accepted, withdrawn = StatedMark(MarkKind.ACCEPTED, "+9"), StatedMark(MarkKind.WITHDRAWN, "+1")
    assert Statement(((accepted, later), (withdrawn, earlier))).first_phase() is Phase.UNKNOWN
    assert Statement(((withdrawn, later), (accepted, earlier))).first_phase() is Phase.INITIAL
    marks = [Mark(1, "m", stamp(5_000_000), MarkKind.WITHDRAWN)]
    assert Statement(((accepted, later),)).first_phase(marks, first_us=0) is Phase.UNKNOWN
    assert Statement(((accepted, earlier),)).first_phase(marks, first_us=0) is Phase.INITIAL


def test_a_statement_is_told_in_words(tmp_path):
    path = tmp_path / "marks.yaml"
    path.write_text("- {kind: tapped, time: +1}\n- {kind: accepted, time: +2}\n", encoding="utf-8")
    assert state(path, "", "", no_consent=False).words() == "accepted at +2, 1 other marks"
    assert state(None, "", "", no_consent=True).words().startswith("nobody chose")
    assert state(None, "", "", no_consent=False).words() == "nothing of the user's choice beyond what the files say"


def test_a_choice_in_the_captures_contradicts_the_statement_that_there_was_none():
    marks = [Mark(1, "hook_lines-1", stamp(NOON_US), MarkKind(kind), {}) for kind in ("dialog_shown", "accepted")]
    words = Statement(no_consent=True).contradiction(marks)
    assert "mark in hook_lines-1 says accepted at 2026-01-31T12:00:05.000000Z" in words
    assert Statement(no_consent=True).contradiction(marks[:1]) == Statement().contradiction(marks) == ""
