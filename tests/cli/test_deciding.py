from __future__ import annotations


def test_a_decision_is_said_and_shown_with_the_result(analyzer):
    said = analyzer("decide", "shipped", "cn.191.4.1", "--outcome", "violated", "--why", "no function needs it")
    assert said.code == 0
    assert "cn.191.4.1" in said.err
    assert "not tested" in said.err
    shown = analyzer("replay", "shipped").out.decode()
    assert "no function needs it" in shown


def test_an_unknown_rule_ends_with_what_was_meant(analyzer):
    said = analyzer("decide", "shipped", "cn.191.4", "--outcome", "violated", "--why", "x")
    assert said.code == 2
    assert "did you mean" in said.err


def test_a_decision_is_said_in_the_readers_words(analyzer):
    said = analyzer("decide", "shipped", "cn.191.4.1", "--outcome", "not_decidable", "--why", "x", "--language", "zh")
    assert "的 cn.191.4.1：无法判定。" in said.err
    assert "工具的结论保留在旁：未测试。" in said.err
