from analyzer.analysis.leaf import Leaf
from analyzer.model.vocabulary import Where


def test_leaves_that_say_the_same_are_equal():
    one, other = (Leaf(Where.BODY, "json:$.a", "a", b"1", steps=("json:$.a",)) for _ in range(2))
    assert one == other
    assert len({one, other}) == 1


def test_a_leaf_of_another_part_of_the_record_is_another():
    assert Leaf(Where.BODY, "json:$.a", "a", b"1") != Leaf(Where.RESPONSE, "json:$.a", "a", b"1")
