from __future__ import annotations

import io

import pytest
from rich.console import Console

from analyzer.model.vocabulary import Phase
from analyzer.report.document import ResultDocument
from analyzer.report.labels import Language
from analyzer.report.playback import KEYS, LONGEST_S, Moment, Player, moments
from analyzer.report.sentences import told


class Person:
    """Presses keys, one at each wait; remembers how long each wait would have been."""

    def __init__(self, *presses: str) -> None:
        self.presses = list(presses)
        self.waits: list[float | None] = []

    def __call__(self, seconds: float | None) -> str:
        self.waits.append(seconds)
        if self.presses:
            return self.presses.pop(0)
        assert seconds is not None, "a paused show waits for ever"
        return ""


@pytest.fixture
def phased(document: ResultDocument) -> ResultDocument:
    """The small timeline (0.1, 0.2, 0.51 s) with its last entry after acceptance."""
    *rest, last = document.timeline
    return document.model_copy(update={"timeline": (*rest, last.model_copy(update={"phase": Phase.ACCEPTED}))})


def played(
    document: ResultDocument, *presses: str, speed: float = 1.0, language: Language = "en"
) -> tuple[list[str], Person, bool]:
    out = io.StringIO()
    person = Person(*presses)
    player = Player(Console(file=out, width=200, markup=False), person, speed, language)
    done = player.play(moments(document, language))
    return out.getvalue().splitlines(), person, done


def test_phases_and_personal_data_are_marked(phased: ResultDocument) -> None:
    show = moments(phased)
    assert [one.line.plain.strip() for one in show] == [
        "━━ 1-accept ━━",
        "── Phase: before any choice ──",
        "+0.000 s  event  Example  [id.imei]  Example",
        "+0.100 s  flow   Example  [id.imei]",
        "── Phase: after acceptance ──",
        "+0.410 s  mark   dialog_shown",
    ]
    assert [one.begins for one in show] == [True, True, False, False, True, False]
    assert [str(one.line.style) for one in show[2:4]] == ["bold yellow", "bold red"]
    assert "同意之后" in moments(phased, "zh")[4].line.plain


def test_the_show_takes_as_long_as_the_recording_did(phased: ResultDocument) -> None:
    lines, person, done = played(phased)
    assert (len(lines), done) == (6, True)
    assert sum(wait or 0 for wait in person.waits) == pytest.approx(0.41)
    assert sum(wait or 0 for wait in played(phased, speed=2)[1].waits) == pytest.approx(0.205)


def test_without_speed_all_is_shown_at_once(phased: ResultDocument) -> None:
    lines, person, _ = played(phased, speed=0)
    assert (len(lines), person.waits) == (6, [])


def test_a_long_silence_is_told_and_cut_short(document: ResultDocument) -> None:
    first, second, third = document.timeline
    later = third.model_copy(update={"at_us": third.at_us + 3_600_000_000})
    lines, person, _ = played(document.model_copy(update={"timeline": (first, second, later)}))
    assert any("… 3600.3 s" in line for line in lines)
    assert max(wait or 0 for wait in person.waits) == LONGEST_S


def test_the_person_pauses_and_goes_on(phased: ResultDocument) -> None:
    lines, person, done = played(phased, " ", "", " ")
    assert done
    assert [line for line in lines if line.startswith("[")] == ["[paused]", "[goes on]"]
    assert None in person.waits


def test_what_the_show_says_itself_is_in_the_language_asked_for(phased: ResultDocument) -> None:
    lines, _, _ = played(phased, " ", "", " ", "+", language="zh")
    assert [line for line in lines if line.startswith("[")] == ["[已暂停]", "[继续]", "[速度 2]"]
    assert told(KEYS, "zh").startswith("空格：暂停")


def test_the_person_steps_line_by_line(phased: ResultDocument) -> None:
    lines, person, done = played(phased, *"nnnnnn")
    assert (len(lines), done) == (6, True)
    assert person.waits[1:] == [None] * 5


def test_the_person_jumps_on_to_the_next_phase_without_missing_what_lies_between(phased: ResultDocument) -> None:
    lines, person, _ = played(phased, "", "", "p")
    assert len(lines) == 6
    assert len(person.waits) == 5, "one wait for each line but the one that was hurried over"


def test_the_person_goes_back_to_the_phase_before(phased: ResultDocument) -> None:
    lines, _, done = played(phased, "", "", "", "", "", "b")
    assert done
    assert sum("before any choice" in line for line in lines) == 2


def test_the_person_makes_it_faster_and_slower_within_bounds(phased: ResultDocument) -> None:
    lines, _, _ = played(phased, *"+" * 12, *"-" * 20)
    told = [line for line in lines if line.startswith("[speed")]
    assert told[0] == "[speed 2]"
    assert "[speed 1024]" in told
    assert told[-1] == "[speed 0.0625]"


def test_the_person_ends_it(phased: ResultDocument) -> None:
    lines, _, done = played(phased, "", "q")
    assert (len(lines), done) == (1, False)


def test_hostile_text_stays_in_its_line(hostile_document: ResultDocument) -> None:
    for moment in moments(hostile_document):
        assert isinstance(moment, Moment)
        assert moment.line.plain.isprintable()
