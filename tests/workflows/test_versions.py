from __future__ import annotations

import sys
from importlib.metadata import version

from house import PACKAGE, imported

from analyzer.model.results import JudgedBy
from analyzer.workflows.versions import LIBRARIES, TOOLS, unlike, versions


def test_the_installed_versions_are_told_and_what_is_missing_is_called_so():
    assert versions(["frida", "no-such-thing"]) == {"frida": version("frida"), "no-such-thing": "missing"}


def test_nothing_that_the_product_depends_on_is_missing_here():
    assert "missing" not in versions((*LIBRARIES, *TOOLS)).values()


def test_every_library_that_detection_imports_is_part_of_a_runs_identity():
    names = {"PIL": "pillow", "iab_tcf": "iab-tcf-bitarray", "re2": "google-re2", "stdnum": "python-stdnum"}
    used = {name.split(".")[0] for path in (PACKAGE / "analysis").rglob("*.py") for _, name in imported(path)}
    foreign = used - sys.stdlib_module_names - {"analyzer"}
    assert "ahocorasick_rs" in foreign
    assert {names.get(name, name) for name in foreign} <= set(LIBRARIES)


def test_what_is_another_here_than_there_has_a_line_each():
    there = JudgedBy("1.0", {"x": "1", "gone": "2"}, {"catalog": "a" * 64})
    here = JudgedBy("1.1", {"x": "1"}, {"catalog": "b" * 64, "rules/new": "c" * 64})
    assert unlike(there, there) == []
    assert unlike(there, here) == [
        "made with analyzer 1.0, here 1.1",
        "library gone: 2 there, none here",
        f"packs catalog: {'a' * 16} there, {'b' * 16} here",
        f"packs rules/new: none there, {'c' * 16} here",
    ]
