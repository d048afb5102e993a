from __future__ import annotations

import plistlib

import pytest

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_xml import open_xml


def _open(text: str):
    return open_xml(text, Budget())


def test_elements_attributes_and_character_data_are_given():
    text = '<?xml version="1.0" encoding="gbk"?>\n<s:E xmlns:s="urn:x"><s:B t="1"><imei>8&amp;7</imei>'
    text += '<![CDATA[{"a": 1}]]></s:B></s:E>'
    assert _open(text) == [
        ("xml:/E/B/@t", "t", "1"),
        ("xml:/E/B/imei", "imei", "8&7"),
        ("xml:/E/B", "B", '{"a": 1}'),
    ]


def test_names_are_taken_from_attributes_and_keys_where_all_elements_are_called_alike():
    assert _open('<map><string name="imei">1</string><item key="mac" value="2"/></map>') == [
        ('xml:/map/string["imei"]', "imei", "1"),
        ('xml:/map/item["mac"]/@value', "mac", "2"),
    ]
    found = _open(plistlib.dumps({"imei": "867", "d": {"lat": "1.5"}}, sort_keys=False).decode())
    assert [(key, value) for _, key, value in found[1:]] == [("imei", "867"), ("lat", "1.5")]


def test_a_cut_document_gives_what_came_before_its_end():
    assert _open("<a><b>1</b><c>2</c><d>")[:2] == [("xml:/a/b", "b", "1"), ("xml:/a/c", "c", "2")]


@pytest.mark.parametrize("text", ["<no xml", "a < b", "<", "<br>text", "{}"])
def test_other_texts_are_none(text):
    assert _open(text) is None


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        "<a>" * 1000 + "x" + "</a>" * 1000,
    ],
)
def test_entities_and_endless_nesting_are_refused_and_noted(text):
    budget = Budget()
    assert open_xml(text, budget) is None
    assert budget.spent
