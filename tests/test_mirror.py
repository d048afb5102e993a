"""Tests mirror modules, checked both ways."""

from __future__ import annotations

from house import PACKAGE, ROOMS, ROOT, modules

TESTS = ROOT / "tests"


def test_every_module_has_a_test_of_the_same_name():
    missing = []
    for path in modules():
        relative = path.relative_to(PACKAGE)
        if path.stem.startswith("__") or relative.parts[0] == "model" or "migrations" in relative.parts:
            continue
        if not (TESTS / relative.parent / f"test_{path.stem}.py").exists():
            missing.append(str(relative))
    assert not missing, f"modules without a test: {missing}"


def test_every_test_in_a_room_has_a_module_of_the_same_name():
    orphans = [
        str(path.relative_to(TESTS))
        for room in ROOMS
        for path in (TESTS / room).glob("test_*.py")
        if not (PACKAGE / room / f"{path.stem.removeprefix('test_')}.py").exists()
    ]
    assert not orphans, f"tests without a module: {orphans}"


def test_mocks_are_rare():
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path.name != "test_mirror.py"]
    tests = sum(text.count("\ndef test_") for text in texts)
    mocks = sum(text.count("unittest.mock") + text.count("monkeypatch.setattr") for text in texts)
    assert mocks * 100 <= tests * 5, f"{mocks} mocks for {tests} tests"
