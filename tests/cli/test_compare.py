from __future__ import annotations

import json

import pytest


@pytest.fixture
def home(recorded, analyzer):
    """A workspace with the recorded session and the shipped one of the same app."""
    analyzer("replay", "shipped", "--workspace", recorded.workspace)
    return recorded


def test_compare_says_per_rule_what_became_of_it(analyzer, home):
    said = analyzer("compare", "shipped", home.session.name, "--workspace", home.workspace)
    assert said.code == 0
    text = said.out.decode()
    assert "cn.191.3.1" in text
    assert "still there" in text


def test_compare_gives_json_and_nothing_else(analyzer, home):
    said = analyzer("compare", "shipped", home.session.name, "--json", "--workspace", home.workspace)
    document = json.loads(said.out)
    assert document["schema"] == "analyzer.comparison/1"
    assert document["after"]["session"] == home.session.name


def test_fail_on_new_ends_with_5_only_where_something_is_new(analyzer, home):
    words = ("shipped", home.session.name, "--fail-on", "new", "--json", "--workspace", home.workspace)
    said = analyzer("compare", *words)
    new = [one for one in json.loads(said.out)["differences"] if one["change"] == "new"]
    assert said.code == (5 if new else 0)


def test_an_unknown_session_is_a_usage_error(analyzer, home):
    assert analyzer("compare", "latest", "nosuch", "--workspace", home.workspace).code == 2
