import pytest

from analyzer.analysis.screens import Bounds, UnreadableHierarchy, read_hierarchy


def test_nodes_come_in_document_order_with_their_containers(screens):
    nodes = read_hierarchy(screens.of(["Hello"], ["OK"]))
    assert [(node.label, node.parent) for node in nodes] == [("", None), ("Hello", 0), ("OK", 0)]
    assert nodes[2].clickable
    assert nodes[2].bounds.center == (540, 410)


@pytest.mark.parametrize("text", ["", "ERROR: null root node returned by the bridge.", "<hierarchy>", "\x00"])
def test_what_is_no_hierarchy_is_unreadable(text):
    with pytest.raises(UnreadableHierarchy):
        read_hierarchy(text)


def test_a_document_type_is_refused_before_anything_can_expand():
    bomb = '<!DOCTYPE h [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><hierarchy><node text="&b;"/></hierarchy>'
    with pytest.raises(UnreadableHierarchy, match="document type"):
        read_hierarchy(bomb)


def test_a_hierarchy_deeper_than_any_screen_is_refused():
    with pytest.raises(UnreadableHierarchy, match="larger"):
        read_hierarchy("<node>" * 5_000 + "</node>" * 5_000)


def test_broken_bounds_give_an_empty_rectangle():
    (node,) = read_hierarchy('<hierarchy><node text="a" bounds="[1,2][x"/></hierarchy>')
    assert node.bounds == Bounds()
    assert node.bounds.area == 0
