from __future__ import annotations

import re

import pytest

from analyzer.capture.lab import lab_files
from analyzer.capture.lab_permissions import ASKED_FOR, GRANTS, read_permissions
from analyzer.model.evidence import AppFacts

CONTACTS, INTERNET = "android.permission.READ_CONTACTS", "android.permission.INTERNET"


def told(folder, target: int) -> dict[str, bool]:
    app = AppFacts("its.name", target_sdk=target, permissions=("READ_CONTACTS", INTERNET))
    return read_permissions(app, folder)


@pytest.mark.parametrize(("target", "granted"), [(22, True), (23, False)])
def test_before_its_first_start_an_app_for_old_levels_has_what_it_declares_and_others_have_to_ask(
    tmp_path, target, granted
):
    assert told(tmp_path / "none", target) == {CONTACTS: granted, INTERNET: True}


@pytest.mark.parametrize(("text", "granted"), [(f"{CONTACTS}\n", True), ("a.b.C\n", False), ("\xff\x00", False)])
def test_what_the_lab_noted_counts_and_what_was_never_declared_does_not(tmp_path, text, granted):
    (tmp_path / GRANTS).write_bytes(text.encode("latin-1"))
    for target in (22, 28):
        assert told(tmp_path, target) == {CONTACTS: granted, INTERNET: True}


def test_the_permissions_that_are_asked_for_are_those_of_the_lab():
    source = (lab_files() / "src/lab/runtime/Permissions.java").read_text("utf-8")
    listed = source[source.index("DANGEROUS = ") : source.index("SYSTEM_ONLY")]
    assert set(re.findall(r'"([A-Z_]{4,})"', listed)) == ASKED_FOR
    assert f'"{GRANTS}"' in source
