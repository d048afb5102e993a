"""Public things say what they are, and the README tells the truth about the command line."""

from __future__ import annotations

import ast

import pytest
from house import PACKAGE, ROOT, modules, tree

IDS = [str(path.relative_to(PACKAGE)) for path in modules()]


@pytest.mark.parametrize("path", modules(), ids=IDS)
def test_every_module_and_public_class_says_what_it_is_in_one_sentence(path):
    module = tree(path)
    if path.name == "__init__.py" and not module.body:
        return
    assert ast.get_docstring(module), f"{path} has no docstring"
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            first = (ast.get_docstring(node) or "").strip().splitlines()[:1]
            assert first, f"{path}:{node.lineno}: {node.name} has no docstring"
            assert first[0].rstrip().endswith((".", "?")), f"{path}:{node.lineno}: {node.name}: {first[0]}"


def test_the_top_level_holds_what_the_design_names_and_nothing_else():
    allowed = {
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "docker-compose.yml",
        "analyzer",
        "hooks",
        "scripts",
        "tests",
        "analyzer-workspace",
    }
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= allowed
