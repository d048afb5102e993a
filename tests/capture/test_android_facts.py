from __future__ import annotations

import pytest
from adb_wire import PHONE, Phone, plugged_in, real_adb_server

from analyzer.capture.android_facts import describe, find_lacks, read_facts
from analyzer.capture.android_shell import AndroidShell


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with real_adb_server(tmp_path_factory.mktemp("adb")) as address:
        yield address


@pytest.fixture
def facts(server, tmp_path):
    def of(root="none", selinux="Enforcing", **properties):
        known = PHONE | {name.replace("__", "."): value for name, value in properties.items()}
        with plugged_in(Phone(tmp_path / "phone", known, root=root, selinux=selinux), server) as serial:
            return read_facts(AndroidShell(serial, server))

    return of


@pytest.mark.parametrize("root", ["adbd", "magisk", "su"])
def test_each_kind_of_root_is_told_and_nothing_is_lacking(root, facts):
    found = facts(root)
    assert found.root == root
    assert find_lacks(found) == []


def test_the_facts_of_a_phone_are_read_and_put_into_one_line(facts):
    line = describe(facts("magisk"))
    assert line == (
        "Pixel 6, Android 14 (API 34, patch 2024-03-05), arm64-v8a, user build, root: magisk, SELinux enforcing"
    )


def test_a_phone_without_root_is_told_from_a_build_that_adb_root_mends(facts, tmp_path):
    assert [lack.sentence for lack in find_lacks(facts())] == ["no root"]


def test_a_debuggable_build_is_mended_by_adb_root(facts):
    (lack,) = find_lacks(facts(ro__debuggable="1"))
    assert lack.remedy.startswith("run: adb -s 127.0.0.1:")


def test_a_foreign_abi_and_level_are_named(facts):
    found = facts("adbd", "nonsense", ro__product__cpu__abi="riscv64", ro__build__version__sdk="19")
    assert found.selinux == "unknown"
    assert [lack.sentence for lack in find_lacks(found)] == ["API level 19", "no frida-server for its ABI riscv64"]


def test_properties_that_lie_are_one_printable_line_and_no_number(facts):
    found = facts("adbd", ro__product__model="a\x1b[31m\nb", ro__build__version__sdk="²⁴")
    assert (found.api, found.model) == (0, "a [31m b")
