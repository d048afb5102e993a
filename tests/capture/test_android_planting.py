from __future__ import annotations

import json

import pytest

from analyzer.capture.android_planting import ACCOUNT, PLACE, Planting, planting_undo
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem
from analyzer.packs.persona import Persona, parse_persona

PERSONA = parse_persona(
    """
persona: planted
values:
  comm.contacts:
    - {name: "周慕白", phone: "+8613800138471"}
    - {name: "O'Dalys \\"B\\"; $x", phone: "+49301", email: "o@b.example"}
  comm.call_log: ["+8613800138592", "+8613800138593"]
  comm.sms: ["your code: 7-3-9461; rm -rf $HOME"]
  misc.calendar: ["dentist, 周三"]
  loc.precise: [{lat: 31.230437, lon: 121.473719}]
  id.imei: ["867431059238179"]
""",
    "planted.yaml",
)


def _planting(double, root: str, api: int = 34):
    notes: list[tuple[str, dict]] = []

    def note(kind: str, facts) -> int:
        notes.append((kind, json.loads(json.dumps(facts))))
        return len(notes)

    return Planting(AndroidShell(double.serial, double.server), root, api, note), notes


def _undo(double, notes) -> None:
    undo = planting_undo(AndroidShell(double.serial, double.server))
    for kind, facts in reversed(notes):
        undo[kind](facts)


def test_the_persona_is_on_the_device_and_gone_again(android):
    double = android(root="magisk")
    before = double.snapshot()
    planting, notes = _planting(double, "magisk")
    kept = planting.plant(PERSONA)
    assert kept == {name: texts for name, texts in PERSONA.texts().items() if name != "id.imei"}
    assert planting.left_out == []
    tables = double.read("extra", "content")
    assert {row["account_name"] for row in tables["raw_contacts"]} == {ACCOUNT}
    assert [row["data1"] for row in tables["data"]] == [
        "周慕白", "+8613800138471", "O'Dalys \"B\"; $x", "+49301", "o@b.example",
    ]  # fmt: skip
    assert [row["number"] for row in tables["calls"]] == ["+8613800138592", "+8613800138593"]
    assert tables["sms"][0]["body"] == "your code: 7-3-9461; rm -rf $HOME"
    assert tables["events"][0]["title"] == "dentist, 周三"
    assert double.read("extra", "place")["location"] == "31.230437,121.473719"
    _undo(double, notes)
    _undo(double, notes)
    assert double.snapshot() == before


def test_a_second_planting_after_a_crash_plants_nothing_twice(android):
    double = android(root="magisk")
    _planting(double, "magisk")[0].plant(PERSONA)
    once = {name: len(rows) for name, rows in double.read("extra", "content").items()}
    _planting(double, "magisk")[0].plant(PERSONA)
    assert {name: len(rows) for name, rows in double.read("extra", "content").items()} == once


def test_what_the_device_does_not_take_is_said_and_not_looked_for(android):
    double = android(api=29)
    planting, notes = _planting(double, "none", 29)
    kept = planting.plant(PERSONA)
    assert set(kept) == {"comm.contacts", "comm.call_log", "misc.calendar"}
    assert planting.left_out == [
        "comm.sms could not be planted on this device",
        "loc.precise could not be planted on this device",
    ]
    assert PLACE not in [kind for kind, _ in notes]


def test_rows_of_the_devices_owner_are_left_alone(android):
    double = android(root="magisk")
    shell = AndroidShell(double.serial, double.server)
    mine = ("--bind", "number:s:110", "--bind", "date:l:1577836800000")
    shell.run("content", "insert", "--uri", "content://call_log/calls", *mine)
    before = double.snapshot()
    planting, notes = _planting(double, "magisk")
    planting.plant(PERSONA)
    _undo(double, notes)
    assert double.snapshot() == before


def test_rows_that_stay_are_said(android):
    double = android(root="magisk")
    planting, notes = _planting(double, "magisk")
    planting.plant(PERSONA)
    facts = next(facts for kind, facts in notes if "sms" in str(facts.get("table")))
    double.change("extra", "content", "sms", to=[{"_id": 7, "date": 1_577_836_800_123}])
    shell = AndroidShell(double.serial, double.server)
    with pytest.raises(EnvironmentProblem, match="are still on"):
        planting_undo(_Deaf(shell))["planted_rows"](facts)


class _Deaf:
    """A shell whose deletions do nothing."""

    def __init__(self, shell: AndroidShell) -> None:
        self._shell, self.serial = shell, shell.serial

    def run_as_root(self, root: str, *words: str):
        return self._shell.run_as_root(root, *(("true",) if "delete" in words else words))


def test_what_no_command_sets_is_said_with_what_to_do_by_hand(android):
    planting, notes = _planting(android(root="magisk"), "magisk")
    assert planting.plant(Persona("mine", {"misc.clipboard": ("a text",), "dev.accounts": ("me@example.com",)})) == {}
    said = dict(line.split(" could not be planted on this device ") for line in planting.left_out)
    assert said.keys() == {"misc.clipboard", "dev.accounts"}
    assert all("by hand before the run" in why for why in said.values())
    assert notes == []
