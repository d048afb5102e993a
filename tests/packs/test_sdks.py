from __future__ import annotations

import pytest
from wire import sdks

from analyzer.packs.problem import PackProblem
from analyzer.packs.sdks import read_sdks

ENTRY = "{{id: {id}, name: n, company: c, packages: [{package}], source: memory}}"


def _file(*entries: tuple[str, str]) -> str:
    return f"version: 1\nsdks: [{', '.join(ENTRY.format(id=name, package=package) for name, package in entries)}]"


def test_at_least_five_hundred_real_sdks_are_shipped_each_with_company_and_source():
    entries = sdks().entries
    documented, memory = sdks().count()
    assert documented + memory == len(entries) >= 550
    assert documented >= 400
    assert all(one.company and one.packages and one.source and one.category for one in entries)
    assert sum(1 for one in entries if one.country == "CN") >= 300
    assert sum(1 for one in entries if one.country != "CN") >= 300


def test_the_longest_prefix_of_whole_labels_wins():
    found = {name: sdks().find(name) for name in ("com.umeng.message.X", "com.umeng.x.Y", "com.umengfake.Z")}
    assert [one.id if one else None for one in found.values()] == ["umeng.push", "umeng.analytics", None]
    assert sdks().prefix("com.umeng.message.X") == "com.umeng.message"
    assert sdks().prefix("nobody.at.All") == ""


def test_an_sdk_is_known_by_the_names_of_privacy_policies():
    names = {alias: one.id for one in sdks().entries for alias in one.aliases}
    assert (names["极光推送"], names["穿山甲"], names["闪验"]) == ("jiguang.push", "bytedance.pangle", "shanyan")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_file(("a", "com.a"), ("a", "com.b")), "twice"),
        (_file(("a", "com.a"), ("b", "com.a")), "com.a belongs to a and to b"),
        (_file(("app", "com.a")), "reserved"),
        ("version: 1\nsdks: [{id: a}]", "packages"),
        ("{", "YAML"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_key(text, words):
    with pytest.raises(PackProblem, match=words) as caught:
        read_sdks({"mine.yaml": text})
    assert "mine.yaml" in str(caught.value)
