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


NATIVE = """
  - id: unpin.{name}
    native: {native}
    {way}
    reference: https://example.com/
    reasoning: "so it is"
    source: memory
"""


def test_native_code_is_named_by_what_it_exports_or_by_its_bytes(tmp_path):
    exported = NATIVE.format(name="one", native="{function: check}", way="nulls: [1, 2]")
    by_bytes = "{function: hidden, libraries: [a.so], holds: {x64: [bf 10 00 00 00 31 f6 b?]}}"
    first, second = read(
        tmp_path, exported, NATIVE.format(name="two", native=by_bytes, way="skips: true\n    gives: zero")
    ).entries
    assert (first.target.name, first.nulls, first.found) == ("check", (1, 2), None)
    assert (second.target.export, second.skips, second.gives) == ("hidden", True, "zero")
    assert second.found.libraries == ("a.so",)
    assert (second.found.begins, second.found.holds) == ({}, {"x64": ("bf 10 00 00 00 31 f6 b?",)})


LIBRARY = "{{function: f, libraries: [a.so], {}}}"


@pytest.mark.parametrize(
    ("native", "way", "sentence"),
    [
        ("{function: f}", "skips: true", "gives `zero`"),
        ("{function: f}", "nulls: [1]\n    gives: zero", "`gives` goes with `skips`"),
        ("{function: f}", "skips: true\n    gives: receiver", "`receiver` of a method"),
        ("{function: f}", "skips: true\n    gives: zero\n    calls: {argument: 1, method: a}", "`skips` and `target`"),
        ("{function: f, libraries: [a.so]}", "nulls: [1]", "`libraries` go with `begins` or `holds`"),
        ("{function: f, holds: {x64: [bf 10 00 00 00 31 f6 b?]}}", "nulls: [1]", "`libraries` go with"),
        (LIBRARY.format("holds: {arm: [bf 10 00 00 00 31 f6 b?]}"), "nulls: [1]", "on 32-bit ARM"),
        (LIBRARY.format("holds: {x64: [bf 10]}"), "nulls: [1]", "holds.x64.0: "),
        (LIBRARY.format("holds: {mips: [bf 10 00 00 00 31 f6 b?]}"), "nulls: [1]", "holds.mips"),
        ("{function: f}", "nulls: [1]\n    target: {class: a.B, method: c}", "either `target` or `native`"),
    ],
)
def test_a_mistake_about_native_code_is_told_with_its_place(native, way, sentence, tmp_path):
    with pytest.raises(PackProblem, match=r"unpin.yaml: .*") as problem:
        read(tmp_path, NATIVE.format(name="one", native=native, way=way))
    assert sentence in str(problem.value)


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
