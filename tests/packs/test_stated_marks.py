from __future__ import annotations

import pytest

from analyzer.model.vocabulary import MarkKind
from analyzer.packs.stated_marks import MarksProblem, StatedMark, load_marks, parse_marks

EXPECTED = (
    StatedMark(MarkKind.DIALOG_SHOWN, "+1.5", {}),
    StatedMark(MarkKind.ACCEPTED, "2026-01-31T12:00:05+08:00", {"button": "同意", "x": "3", "sure": "true"}),
)


CHOICE = "time: 2026-01-31T12:00:05+08:00, details: {button: 同意, x: 3, sure: true}}"
JSON = (
    '{"kind": "dialog_shown", "time": "+1.5"}',
    '{"kind": "accepted", "time": "2026-01-31T12:00:05+08:00", "details": {"button": "同意", "x": 3, "sure": true}}',
)


@pytest.mark.parametrize(
    "text",
    [
        f"- {{kind: dialog_shown, time: +1.5}}\n- {{kind: accepted, {CHOICE}\n",
        f"marks:\n- {{kind: dialog_shown, time: '+1.5'}}\n- {{kind: accepted, {CHOICE}\n",
        f"{JSON[0]}\n\n{JSON[1]}\n",
        f"[{JSON[0]}, {JSON[1]}]",
        f"{JSON[0]}\n{JSON[1]}".replace('"kind"', '"mark"'),
    ],
)
def test_marks_are_read_from_yaml_and_from_json_lines(text):
    assert parse_marks(text, "m") == EXPECTED


def test_a_number_is_a_time_as_well():
    assert [mark.time for mark in parse_marks("- {kind: refused, time: 1769860805.5}", "m")] == ["1769860805.5"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no marks"),
        ("[]", "holds no marks"),
        ("hello", "holds no marks"),
        ("- {kind: agreed, time: '+1'}", "mark 1: kind: 'agreed' is none of"),
        ("- {kind: acepted, time: '+1'}", "did you mean accepted"),
        ("- {kind: accepted}", "mark 1: time: is missing"),
        ("- {kind: accepted, time: '+1', when: 2}", "mark 1: when: is no key that is known here"),
        ("- accepted", "mark 1: it: must hold keys with values"),
        ("- [", "neither YAML nor"),
        ('{"kind": }', "neither YAML nor"),
    ],
)
def test_a_mistake_is_named(text, why):
    with pytest.raises(MarksProblem, match=why):
        parse_marks(text, "marks.yaml")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"- \xff")
    for name, why in (("none.yaml", "cannot be read"), ("latin.yaml", "UTF-8")):
        with pytest.raises(MarksProblem, match=why):
            load_marks(tmp_path / name)
