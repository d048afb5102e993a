"""The reports of a bundle are made again; what is stated of versions explains little and excuses less."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.codec.bundle import decode_environment
from analyzer.packs.loader import load_besides_rules
from analyzer.report.document import ResultDocument
from analyzer.store.bag import Bag, open_bag
from analyzer.workflows.reports_again import hold_reports

PAGE, SUMMARY, READ_ME = "result/report.en.html", "result/summary.zh.md", "READ-ME.txt"
CAUTION = "CAUTION: said to be made by another analyzer, so nothing but their verdicts was compared"


@pytest.fixture
def bag(bundle, tmp_path) -> Bag:
    return open_bag(bundle, tmp_path)


def held(bag: Bag, *libraries: str, types: bool = True, earlier: bool = False, **stated: str) -> tuple[list[str], bool]:
    """Hold the reports of a bag against its result, with other versions stated than are true."""
    made = decode_environment(bag.read("data/result/environment.json"))
    made = replace(made, libraries={**made.libraries, **dict.fromkeys(libraries, "0.1")}, **stated)
    document = ResultDocument.model_validate_json(bag.read("data/result/result.json"))
    names = load_besides_rules().taxonomy.types if types else {}
    return hold_reports(bag, bag.folder / "data" / "session", document, made, names, earlier=earlier)


def change(bag: Bag, name: str, old: bytes, new: bytes) -> None:
    path: Path = bag.folder / "data" / name
    data = path.read_bytes()
    assert old in data
    path.chmod(0o600)
    path.write_bytes(data.replace(old, new))


def test_reports_as_they_were_made_say_what_the_result_says(bag):
    lines, differ = held(bag)
    assert (lines[0], differ) == ("the reports say what the result says, byte for byte", False)


def test_another_python_and_another_library_excuse_no_other_word(bag):
    change(bag, PAGE, b"</h1>", b"</h1><p>No violation found</p>")
    change(bag, SUMMARY, b"# ", b"# Nothing: ")
    change(bag, READ_ME, b"This is a bag", b"Trust the report. This is a bag")
    lines, differ = held(bag, "brotli", python="3.12.1")
    assert (lines[-1], differ) == (f"NOT what the result gives: {PAGE}, {SUMMARY}, {READ_ME}", True)


@pytest.mark.parametrize("stated", [{"analyzer": "0.0.9"}, {"earlier": True}])
def test_of_another_analyzer_the_verdicts_are_compared_and_that_no_more_was_is_said_aloud(bag, stated):
    change(bag, PAGE, b"</h1>", b"</h1><p>laid out otherwise</p>")
    change(bag, READ_ME, b"This is a bag", b"Here is a bag")
    lines, differ = held(bag, **stated)
    assert not differ
    assert lines[-1].startswith(CAUTION)
    assert lines[-1].endswith(f"alone: {PAGE}, {READ_ME}")
    change(bag, PAGE, b'<article class="card o-violated"', b'<article class="card o-not_observed"')
    change(bag, SUMMARY, "**违反**".encode(), "未发现".encode())
    lines, differ = held(bag, **stated)
    assert (lines[-1], differ) == (f"NOT what the result gives: {PAGE}, {SUMMARY}", True)


def test_a_report_that_shows_no_verdicts_is_another_whoever_made_it(bag):
    (bag.folder / "data" / PAGE).write_bytes(b"<html><body><h1>No violation found</h1></body></html>")
    lines, differ = held(bag, analyzer="0.0.9")
    assert (lines[-1], differ) == (f"NOT what the result gives: {PAGE}", True)


def test_of_another_maker_of_pictures_the_pictures_alone_may_be_others(bag):
    change(bag, PAGE, b";base64,", b";base64,AAAA")
    lines, differ = held(bag, "pillow")
    assert (lines[-1], differ) == (
        f"but for small pictures, by another pillow, these are what the result gives: {PAGE}",
        False,
    )
    assert held(bag)[1]
    change(bag, PAGE, b"</h1>", b"</h1><p>No violation found</p>")
    assert held(bag, "pillow")[1]


def test_types_of_data_are_named_as_the_packs_of_the_bundle_name_them(bag):
    lines, differ = held(bag, types=False)
    assert (lines[-1], differ) == ("NOT what the result gives: result/report.en.html, result/report.zh.html", True)
