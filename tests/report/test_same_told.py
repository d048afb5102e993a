from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.report.same_told import compare_told


def told(before: Any, after: Any) -> Any:
    return compare_told(json.dumps(before).encode(), json.dumps(after).encode())


def test_what_names_packs_and_versions_is_no_difference_and_said() -> None:
    before = {"session": {"run_id": "a", "judged_by": {"analyzer": "1"}, "id": "s"}}
    after = {"session": {"run_id": "b", "judged_by": {"analyzer": "2"}, "id": "s"}}
    found = told(before, after)
    assert (found.same, found.named, found.lacking) == (True, True, ())
    assert not told(before, before).named


def test_keys_that_only_the_later_form_has_are_lacking_once() -> None:
    before = {"flows": [{"host": "a"}, {"host": "b"}]}
    after = {"flows": [{"host": "a", "tapped": False}, {"host": "b", "tapped": True}], "consents": []}
    found = told(before, after)
    assert (found.same, found.lacking) == (True, ("flows[].tapped", "consents"))


def test_what_no_earlier_form_lacked_was_taken_away_and_so_was_all_in_a_result_of_today() -> None:
    verdict = {"rule": "r.1", "outcome": "violated", "evidence": []}
    after = {"verdicts": [verdict], "gaps": [], "consents": [], "permissions": []}
    before = {"verdicts": [{"rule": "r.1", "outcome": "violated"}], "permissions": []}
    found = told(before, after)
    assert (found.same, found.lacking) == (False, ())
    assert found.differing == tuple(
        f"{place}: missing, though results of its form have it"  # consents are older than permissions
        for place in ("verdicts[].evidence", "gaps", "consents")
    )
    earlier = {"verdicts": [verdict], "gaps": []}
    assert told(earlier, after).same
    data = [json.dumps(one).encode() for one in (earlier, after)]
    assert compare_told(*data, today=True).differing[0].startswith("consents: missing, though")


def test_a_key_that_only_some_entries_lack_was_taken_away() -> None:
    before = {"flows": [{"host": "a"}, {"host": "b", "tapped": True}]}
    after = {"flows": [{"host": "a", "tapped": True}, {"host": "b", "tapped": True}]}
    found = told(before, after)
    assert (found.lacking, found.differing) == ((), ("flows[].tapped: missing in some of them",))


def test_another_value_another_type_another_length_and_a_key_of_the_first_alone_differ() -> None:
    before = {"verdicts": [{"rule": "r.1", "outcome": "violated"}], "a": 1, "b": [1], "gone": "x" * 100}
    after = {"verdicts": [{"rule": "r.1", "outcome": "suspected"}], "a": True, "b": [1, 2]}
    before = {"first": 1, **before}
    after["first"] = 2
    assert told(before, after).differing == (
        "verdicts[r.1].outcome: violated → suspected",
        "first: 1 → 2",
        "a: 1 → true",
        "b: 1 entries → 2 entries",
        f"gone: {'x' * 60}… → nothing",
    )


def test_many_differences_are_bounded_and_none_hides_behind_what_is_lacking() -> None:
    before = {"a": [{"n": 0} for _ in range(3000)], "last": 1}
    after = {"a": [{"n": 1} for _ in range(3000)], "last": 2, "consents": []}
    found = told(before, after)
    assert (len(found.differing), found.lacking) == (1000, ("consents",))
    after["a"] = [{"n": 0} for _ in range(3000)]
    assert told(before, after).differing == ("last: 1 → 2",)


def test_what_is_nested_too_deep_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        compare_told(b"[" * 100_000, b"[]")
