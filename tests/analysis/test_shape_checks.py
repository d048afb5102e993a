from __future__ import annotations

from unknown import around, leaf
from wire import taxonomy

from analyzer.analysis.shape_checks import CHECKS, Around, Context, text_of

NEAR = {"phone", "chinese_name"}


def test_every_check_that_the_pack_names_exists_and_none_is_idle():
    named = {shape.check for clue in taxonomy().clues.clues for shape in clue.shapes if shape.check}
    assert named - NEAR <= set(CHECKS)
    assert set(CHECKS) <= named


def test_a_number_is_read_in_the_country_that_stands_beside_it():
    shape = next(one for clue in taxonomy().clues.clues for one in clue.shapes if one.id == "phone")
    assert around({"country": "NO"}).fits(shape, "40612345")
    assert not around({"country": "CN"}).fits(shape, "40612345")


def test_neighbours_that_are_asked_for_must_be_there():
    cell = next(one for one in taxonomy().clues.clues if one.data_type == "loc.cell")
    assert around({"lac": "1", "cid": "2"}).allows(cell, leaf("cid", "2"))
    assert not around({"cid": "2"}).allows(cell, leaf("cid", "2"))


def test_a_sibling_stands_in_the_same_container_and_an_address_has_a_word_also_in_the_plural():
    clue = next(one for one in taxonomy().clues.clues if one.siblings)
    one = next(iter(clue.siblings))
    near, far = leaf("x", "1", "json:$.a.x"), leaf("x", "1", "json:$.b.x")
    here = Around([near, leaf(one, "2", f"json:$.a.{one}")], taxonomy().clues, Context())
    assert here.allows(clue, near)
    assert not here.allows(clue, far)
    assert {"v1", "comments", "comment"} <= around(context=Context(path="/v1/comments?mail=1")).address
    assert "mail" not in around(context=Context(path="/v1/comments?mail=1")).address


def test_the_text_of_a_leaf_is_without_its_margins():
    assert text_of(leaf("a", " b ")) == "b"


def test_what_stands_around_counts_for_a_value_that_was_judged_elsewhere_before():
    shape = next(one for clue in taxonomy().clues.clues for one in clue.shapes if one.id == "phone")
    for _ in range(2):
        assert around({"country": "NO"}).fits(shape, "40612345")
        assert not around({"country": "CN"}).fits(shape, "40612345")
