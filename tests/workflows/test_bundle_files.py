from __future__ import annotations

import pytest

from analyzer.workflows.analyze import stored
from analyzer.workflows.bundle_files import made_from, strange
from analyzer.workflows.home import Home


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("READ-ME.txt", True),
        ("result/report.zh.html", True),
        ("packs/rules/eu-gdpr/pack.yaml", True),
        ("packs/taxonomy.yaml", True),
        ("session/recordings/1-accept/bodies/a", True),
        ("result/report.fr.html", False),
        ("result/session/a", False),
        ("packs/rules/a.txt", False),
        ("policy/a/b", False),
        ("READ-ME.txt\n", False),
    ],
)
def test_only_what_a_bundle_is_made_of_is_known(name, known):
    assert strange([name]) == ([] if known else [name])


def test_the_files_for_people_are_made_equal_from_equal_results_and_are_no_strangers(tmp_path):
    result = stored(Home(tmp_path), "shipped")
    files = dict(made_from(result.path, result.document))
    assert dict(made_from(result.path, result.document)) == files
    assert strange(files) == []
    violated = result.document.model_copy(update={"verdicts": result.document.verdicts[:1]})
    other = dict(made_from(result.path, violated))
    assert {name for name in files if files[name] != other[name]} == {
        f"result/{name}" for name in ("report.en.html", "report.zh.html", "summary.en.md", "summary.zh.md")
    }
