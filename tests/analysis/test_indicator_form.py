from __future__ import annotations

from analyzer.analysis.indicator_form import Form, Spelling


def test_a_form_is_strong_and_free_in_its_letters_unless_it_says_otherwise():
    form = Form(b"x")
    assert (form.exact, form.weak, form.more) == (False, False, 0)


def test_digests_are_taken_of_a_spelling_unless_it_says_otherwise():
    assert Spelling("", "x").hashed
    assert not Spelling("", "x").partial
