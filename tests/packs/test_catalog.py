from __future__ import annotations

import json
import re
from collections import defaultdict
from importlib import resources
from pathlib import Path

import pytest
from shipped import catalog

from analyzer.model.vocabulary import HookKind
from analyzer.packs.catalog import load_catalog
from analyzer.packs.problem import PackProblem
from analyzer.packs.resources import hooks_folder
from analyzer.packs.taxonomy import read_taxonomy

CATALOG = catalog()
LEVELS = json.loads((Path(__file__).parents[1] / "data" / "api_levels.json").read_text(encoding="utf-8"))["levels"]
ENTRY = """family: one
hooks:
  - id: one.imei
    kind: read
    target: {class: a.B, method: c}
    returns: id.imei
    reasoning: because
    source: memory
"""


def catalog_of(folder: Path, text: str, name: str = "one.yaml"):
    (folder / name).write_text(text, encoding="utf-8")
    return load_catalog(folder)


def test_the_shipped_catalog_covers_350_apis_and_60_data_types():
    hooks = CATALOG.hooks.values()
    assert len({hook.target.name for hook in hooks}) >= 350
    assert len({hook.target.name for hook in hooks if hook.where is not None}) >= 210
    assert len({one for hook in hooks for one in hook.data_types()}) >= 60


def test_every_data_type_stands_in_the_taxonomy():
    text = (resources.files("analyzer.packs") / "data" / "taxonomy.yaml").read_text(encoding="utf-8")
    known = set(read_taxonomy(text).types)
    unknown = {hook.id: hook.data_types() - known for hook in CATALOG.hooks.values() if hook.data_types() - known}
    assert not unknown


def test_every_public_android_api_exists_with_the_levels_that_are_claimed():
    facts = defaultdict(list)
    for signature, level in LEVELS.items():
        facts[signature[: signature.index("(")]].append(level)
    wrong = {}
    for hook in CATALOG.hooks.values():
        if hook.public.startswith("android."):
            claims = facts.get(hook.public, [])
            real = (min(first for first, _ in claims), max(last for _, last in claims)) if claims else None
            if real != hook.level or hook.public != hook.target.name:
                wrong[hook.id] = (hook.level, real)
    assert not wrong
    assert sum(hook.public.startswith("android.") for hook in CATALOG.hooks.values()) >= 200


def test_every_android_hook_is_public_or_says_that_it_is_not():
    silent = [
        hook.id
        for hook in CATALOG.hooks.values()
        if hook.target.name.startswith("android.") and not hook.public and hook.source != "memory"
        if "hidden" not in hook.reasoning and "lack the package" not in hook.source
    ]
    assert not silent


def test_every_extractor_and_handler_that_the_catalog_names_is_in_the_agent():
    agent = hooks_folder() / "agent"
    extractors = set(re.findall(r"^  (\w+): \[", (agent / "extractors.ts").read_text(encoding="utf-8"), re.MULTILINE))
    specials = set(re.findall(r"^  (\w+): [A-Z_]+,", (agent / "specials.ts").read_text(encoding="utf-8"), re.MULTILINE))
    taps = re.search(r"TAPS = new Set\((.*)\)", (agent / "tap_java.ts").read_text(encoding="utf-8"))
    specials |= set(json.loads(taps[1]))
    for hook in CATALOG.hooks.values():
        assert {hook.extractor, hook.receiver or "auto"} <= extractors, hook.id
        if not hook.target.export:
            assert hook.special in specials | {""}, hook.id


def test_hooks_that_end_the_process_report_before_it_ends():
    ending = [hook for hook in CATALOG.hooks.values() if hook.ends]
    assert {"process.exit", "process.kill", "process.halt"} <= {hook.id for hook in ending}
    assert all(hook.report == "before" for hook in ending)


def test_signals_that_set_off_other_calls_are_reported_before_them():
    late = [
        h.id for h in CATALOG.hooks.values() if h.kind in (HookKind.UI, HookKind.LIFECYCLE) and h.report != "before"
    ]
    assert not late


def test_an_entry_is_read(tmp_path):
    hook = catalog_of(tmp_path, ENTRY).hooks["one.imei"]
    assert hook.target.name == "a.B.c"
    assert hook.target.overloads is None
    assert hook.data_types() == {"id.imei"}


def test_the_digest_changes_with_the_files(tmp_path):
    first = catalog_of(tmp_path, ENTRY).digest
    assert first == load_catalog(tmp_path).digest
    assert first != catalog_of(tmp_path, ENTRY.replace("because", "therefore")).digest


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("kind: read", "kind: guess", r"one\.yaml: hooks\.0\.kind \(one\.imei\)"),
        ("source: memory", "origin: memory", r"one\.yaml: hooks\.0\.source \(one\.imei\)"),
        ("returns: id.imei", "returns: id.imei\n    asks: id.imsi", "only one of"),
        ("target: {class: a.B, method: c}", "special: connect", "name either `target` or `native`"),
        (
            "source: memory",
            "source: memory\n    select: {argument: 0, match: path, cases: {/a/*/b/*: id.imei}}",
            "at most one `\\*` stands in a path",
        ),
        ("family: one", "family: two", "family: must be one"),
        ("family: one", "family: [", "not YAML"),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path, before, after, expected):
    with pytest.raises(PackProblem, match=expected):
        catalog_of(tmp_path, ENTRY.replace(before, after))


def test_an_id_is_used_once(tmp_path):
    catalog_of(tmp_path, ENTRY)
    with pytest.raises(PackProblem, match=r"two\.yaml: id: one\.imei is used twice, also in one\.yaml"):
        catalog_of(tmp_path, ENTRY.replace("family: one", "family: two"), "two.yaml")


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [("", "", True), (", overloads: [[int]]", "", True), (", overloads: [[int]]", ", overloads: [[int, long]]", False)],
)
def test_a_method_has_one_hook_for_each_overload(tmp_path, first, second, clash):
    def entry(overloads: str, name: str) -> str:
        return ENTRY.replace("method: c", f"method: c{overloads}").replace("one", name)

    catalog_of(tmp_path, entry(first, "one"))
    if clash:
        with pytest.raises(PackProblem, match=r"two\.yaml: two\.imei: a\.B\.c has a hook already, one\.imei"):
            catalog_of(tmp_path, entry(second, "two"), "two.yaml")
    else:
        assert len(catalog_of(tmp_path, entry(second, "two"), "two.yaml").hooks) == 2


def test_an_empty_folder_is_no_catalog(tmp_path):
    with pytest.raises(PackProblem, match="no hooks"):
        load_catalog(tmp_path)
