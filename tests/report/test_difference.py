from __future__ import annotations

from analyzer.model.vocabulary import Outcome, Tier
from analyzer.report.difference import differences
from analyzer.report.document import ResultDocument


def changed(document: ResultDocument, **verdict: object) -> ResultDocument:
    first, *rest = document.verdicts
    return document.model_copy(update={"verdicts": (first.model_copy(update=verdict), *rest)})


def test_equal_results_have_no_differences(document: ResultDocument) -> None:
    assert differences(document, document) == []


def test_another_outcome_is_told_first_and_in_both_languages(document: ResultDocument) -> None:
    after = changed(document, outcome=Outcome.INCONCLUSIVE, reasons=("a gap",), evidence=())
    (line,) = differences(document, after)
    assert line.startswith("cn.191.3.1 三(一) ")
    assert line.endswith("violated → inconclusive, evidence 2 → 0 (a gap)")


def test_a_difference_is_told_in_chinese_to_its_last_reason(document: ResultDocument) -> None:
    why = ("an indication that a person has to look at", "a name of its own")
    after = changed(document, outcome=Outcome.SUSPECTED, reasons=why, evidence=())
    (line,) = differences(document, after, "zh")
    assert line.endswith("：违反 → 涉嫌违反，证据 2 → 0 (属于线索，须人工核查; a name of its own)")
    (line,) = differences(document, changed(document, evidence=("o1",), reasons=why), "zh")
    assert line.endswith("：仍为违反，证据 2 → 1、理由有变 (属于线索，须人工核查; a name of its own)")


def test_the_same_outcome_on_other_grounds_is_told(document: ResultDocument) -> None:
    after = changed(document, evidence=("o1",), tier=Tier.ACCESSED, reasons=("why",))
    (line,) = differences(document, after)
    assert "still violated, evidence 2 → 1, tier sent to a third party → accessed, other reasons (why)" in line


def test_rules_that_came_and_went_are_told(document: ResultDocument) -> None:
    fewer = document.model_copy(update={"verdicts": document.verdicts[1:]})
    assert differences(document, fewer) == ["cn.191.3.1: was violated, is no longer judged"]
    (line,) = differences(fewer, document)
    assert line.endswith("newly judged, violated")


def test_personal_data_that_came_and_went_is_told_with_its_place(document: ResultDocument) -> None:
    fewer = document.model_copy(update={"observations": document.observations[:1], "links": ()})
    assert differences(document, fewer) == [
        "id.imei: no longer seen in query Example of 1-accept/flows/1",
        "links: 1 → 0",
    ]
    assert differences(fewer, document)[0] == "id.imei: newly seen in query Example of 1-accept/flows/1"


def test_other_phases_are_told(document: ResultDocument) -> None:
    after = document.model_copy(update={"phases": document.phases[:1]})
    assert differences(document, after) == ["phases of consent: initial, accepted → initial"]
    moved = document.phases[0].model_copy(update={"end_us": 1})
    later = document.model_copy(update={"phases": (moved, *document.phases[1:])})
    assert differences(document, later) == ["phases begin or end elsewhere"]


def test_very_many_differences_are_cut(document: ResultDocument) -> None:
    many = tuple(document.observations[0].model_copy(update={"data_type": f"x.{number:03}"}) for number in range(99))
    lines = differences(document, document.model_copy(update={"observations": (*document.observations, *many)}))
    assert len(lines) == 21
    assert lines[-1] == "79 more data types: newly seen"
