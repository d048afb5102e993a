from __future__ import annotations

import pytest
import yaml
from unknown import found, leaves, types
from wire import DATA, taxonomy

from analyzer.analysis.detect_unknown import detect_unknown
from analyzer.packs.clues import NO_CLUES
from analyzer.packs.taxonomy import Taxonomy

LOOK_ALIKES = [
    (entry["what"], example)
    for entry in yaml.safe_load((DATA / "clues.yaml").read_text(encoding="utf-8"))["look_alikes"]
    for example in entry["examples"]
]


@pytest.mark.parametrize(("what", "example"), LOOK_ALIKES, ids=lambda one: str(one)[:50])
def test_a_look_alike_of_the_pack_is_not_reported(what, example):
    assert found(example) == [], what


def test_a_place_is_not_reported_besides_as_its_parts():
    assert types({"lat": "31.230416", "lng": "121.473701"}) == {"loc.precise"}


def test_without_clues_nothing_is_found():
    assert detect_unknown(leaves({"imei": "867431059238179"}), Taxonomy({}, "", NO_CLUES)) == []
    assert detect_unknown([], taxonomy()) == []


def test_both_gates_open_in_one_pass_each_for_its_own_values():
    people = [{"a": name, "b": number} for name, number in (("陈雨芳", "13370224174"), ("李雷", "+8613800138471"))]
    assert types({"u": "anna@example.org"}) == {"person.email"}
    assert "comm.contacts" in types({"d": [*people, {"a": "Anna Schmidt", "b": "+4915557543434"}]})


def test_many_different_names_in_one_part_are_all_read():
    document = {f"field{number}": "1" for number in range(200)} | {"imei": "867431059238179"}
    assert types(document) == {"id.imei"}
    assert types({"n" * 200: "1", "imei": "867431059238179"}) == {"id.imei"}
