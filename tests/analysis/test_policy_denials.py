from __future__ import annotations

import time

import pytest

from analyzer.analysis.policy_denials import Bounds, DenialReader, Kind
from analyzer.packs.loader import load_packs


@pytest.fixture(scope="module")
def reader():
    return DenialReader(load_packs().policy_words.denials)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("we do not collect or sell it", [({Kind.COLLECTING, Kind.SELLING}, True)]),
        ("我们收集位置,但不会出售", [({Kind.COLLECTING}, False), ({Kind.SELLING}, True)]),
        ("不同产品收集不同信息", [({Kind.COLLECTING}, False)]),
        ("we collect no contacts", [({Kind.COLLECTING}, True)]),
        ("我们不得不收集", [({Kind.COLLECTING}, False)]),
    ],
)
def test_verbs_that_share_their_negation_are_one_group(reader, text, kinds):
    assert [(set(group.kinds), group.negated) for group in reader.groups(text, {})] == kinds


def test_a_word_for_data_is_no_verb(reader):
    text = "我们从不收集通话记录"
    assert len(reader.groups(text, {6: 10})) == 1


def test_a_condition_takes_a_denial_back_and_leave_makes_it_a_declaration(reader):
    text = "我们不会收集通讯录"
    data = {6: 9}
    assert reader.read(text, data, (), Bounds()).denied == {6}
    assert reader.read(text, data, (), Bounds(conditional=True)).denied == frozenset()
    assert reader.read(text, data, (), Bounds(permitting=(0,))).declared == {6}


@pytest.mark.parametrize(
    "text",
    [
        *("not " * 20_000 + "collect", "不会" * 20_000 + "收集", "not " + "ly" * 20_000, "any, " * 20_000),
        *("我们不收集" + "不会" * 34 + "呃收集位置信息", "we do not " + "only " * 14 + "x collect"),
    ],
)
def test_a_sentence_without_end_costs_no_more_than_its_length(reader, text):
    begun = time.process_time()
    reader.read(text, {}, (), Bounds())
    assert time.process_time() - begun < 5


def test_a_sentence_of_many_denials_costs_no_more_than_its_length(reader):
    unit = "我们不会收集通话记录、"
    text = unit * 6000
    data = {at * len(unit) + unit.index("通话"): at * len(unit) + unit.index("、") for at in range(6000)}
    begun = time.process_time()
    assert len(reader.read(text, data, (), Bounds()).denied) > 0
    assert time.process_time() - begun < 10
