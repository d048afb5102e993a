"""The size of files and functions: medians of the best code in the field."""

from __future__ import annotations

import ast
import statistics

from house import ROOT, modules, tree


def _functions():
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}"


def test_files_stay_small():
    sizes = sorted(
        (len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(ROOT))) for path in modules()
    )
    print("\nlongest files:", *reversed(sizes[-5:]), sep="\n  ")
    assert statistics.median(size for size, _ in sizes) <= 130
    assert sizes[-1][0] <= 400


def test_functions_stay_small():
    sizes = sorted(_functions())
    print("\nlongest functions:", *reversed(sizes[-5:]), sep="\n  ")
    lengths = [size for size, _ in sizes]
    assert statistics.median(lengths) <= 10
    assert lengths[int(len(lengths) * 0.95)] <= 45
    assert lengths[-1] <= 80
