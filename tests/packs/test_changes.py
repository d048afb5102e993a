from __future__ import annotations

import pytest

from analyzer.packs.catalog import load_catalog
from analyzer.packs.changes import load_unpinning
from analyzer.packs.problem import PackProblem

ENTRY = """
  - id: unpin.{name}
    target: {{class: a.B, method: c}}
    {way}
    reference: https://example.com/
    reasoning: "so it is"
    source: memory
"""


def read(folder, *entries):
    path = folder / "unpin.yaml"
    path.write_text("changes:" + "".join(entries))
    return load_unpinning(path)


def test_what_ships_names_each_check_once_and_none_that_the_catalog_looks_at():
    changes = load_unpinning()
    assert {"unpin.ssl_context", "unpin.okhttp", "unpin.config_pins", "unpin.conscrypt", "unpin.web_view"} <= {
        change.id for change in changes.entries
    }
    seen = {(name, hook.target.method) for hook in load_catalog().hooks.values() for name in hook.target.classes}
    changed = [(name, change.target.method) for change in changes.entries for name in change.target.classes]
    assert not seen & set(changed), "of two hooks on one overload the agent sets only the later one"
    assert len(changed) == len(set(changed))
    assert len(changes.digest) == 64


def test_an_entry_says_what_is_changed(tmp_path):
    calls = ENTRY.format(name="two", way="skips: true\n    calls: {argument: 1, method: proceed}")
    first, second = read(tmp_path, ENTRY.format(name="one", way="nulls: [1]"), calls).entries
    assert (first.target.name, first.nulls, first.skips, first.calls) == ("a.B.c", (1,), False, None)
    assert (second.nulls, second.skips, second.calls) == ((), True, (1, "proceed"))


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("skips: false", "name either `nulls` or `skips`"),
        ("nulls: [1]\n    skips: true", "name either `nulls` or `skips`"),
        ("nulls: [1]\n    calls: {argument: 1, method: a}", "it needs `skips`"),
        ("nulls: [99]", "changes.0.nulls.0: "),
        ("nulls: [", "not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(way, sentence, tmp_path):
    with pytest.raises(PackProblem, match=r"unpin.yaml: .*") as problem:
        read(tmp_path, ENTRY.format(name="one", way=way))
    assert sentence in str(problem.value)


def test_an_id_is_used_once(tmp_path):
    with pytest.raises(PackProblem, match=r"used twice: unpin\.one"):
        read(tmp_path, *[ENTRY.format(name="one", way="nulls: [1]")] * 2)
