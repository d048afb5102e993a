from __future__ import annotations

import pytest
import yaml
from wire import DATA

from analyzer.packs.clues import LATER, Prefix, read_clues
from analyzer.packs.clues import WORDS as LISTS
from analyzer.packs.problem import PackProblem

SHIPPED = (DATA / "clues.yaml").read_text(encoding="utf-8")
WORDS = {name: ["x"] for name in LISTS}
SHAPE = {"id": "digits", "pattern": r"\d+", "words": "digits", "reference": "memory", "reasoning": "for a test"}
CLUE = {
    "type": "id.imei",
    "keys": ["imei"],
    "shapes": ["digits"],
    "confidence": 0.5,
    "reference": "memory",
    "reasoning": "for a test",
}
HOLDER = {
    "type": "id.imei",
    "keys": ["phones"],
    "confidence": 0.5,
    "reference": "memory",
    "reasoning": "for a test",
}
LOOK_ALIKE = {"what": "times", "separates": "they are times", "examples": [{"ts": "1"}]}


def _pack(**changes) -> str:
    whole = {
        "version": 1,
        "words": WORDS,
        "shapes": [SHAPE],
        "clues": [CLUE],
        "layouts": [],
        "look_alikes": [LOOK_ALIKE],
    }
    return yaml.safe_dump(whole | changes, allow_unicode=True)


def test_a_pack_gives_clues_with_their_shapes_in_order():
    clues = read_clues(_pack(clues=[CLUE, CLUE | {"prefix": "free", "confidence": 0.6}]), {"id.imei"})
    assert [one.prefix for one in clues.clues] == [Prefix.SAFE, Prefix.FREE]
    assert clues.clues[0].shapes[0].pattern == r"\d+"
    assert clues == read_clues(_pack(clues=[CLUE, CLUE | {"prefix": "free", "confidence": 0.6}]), {"id.imei"})
    assert clues != read_clues(_pack(), {"id.imei"})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"clues": [CLUE | {"type": "id.imie"}]}, "id.imie"),
        ({"clues": [CLUE | {"shapes": ["digit"]}]}, "digit"),
        ({"clues": [CLUE | {"keys": ["device_imei"]}]}, "device_imei"),
        ({"clues": [CLUE | {"reasoning": ""}]}, "reasoning"),
        ({"clues": [CLUE | {"confidence": 1.0}]}, "confidence"),
        ({"shapes": [SHAPE, SHAPE]}, "twice"),
        ({"shapes": [SHAPE | {"pattern": "("}]}, "digits"),
        ({"words": {}}, "missing"),
        ({"holders": [HOLDER | {"type": "x.y"}]}, "x.y"),
        ({"holders": [HOLDER | {"media": "smell"}]}, "media"),
        ({"version": 2}, "version"),
    ],
)
def test_a_wrong_pack_is_refused_by_file_and_entry(changes, words):
    with pytest.raises(PackProblem, match=words) as caught:
        read_clues(_pack(**changes), {"id.imei"}, "mine.yaml")
    assert "mine.yaml" in str(caught.value)


def test_lists_that_packs_of_earlier_bundles_lack_are_empty_there_and_full_in_what_ships():
    earlier = read_clues(_pack(), {"id.imei"})
    assert {earlier.words[name] for name in LATER} == {frozenset()}
    assert all(yaml.safe_load(SHIPPED)["words"][name] for name in LATER)


def test_text_that_is_no_yaml_is_refused():
    with pytest.raises(PackProblem, match="YAML"):
        read_clues("version: [", set())


def test_every_shipped_shape_is_used_and_every_entry_names_its_source():
    pack = yaml.safe_load(SHIPPED)
    used = {shape for clue in pack["clues"] for shape in clue["shapes"]}
    assert {shape["id"] for shape in pack["shapes"]} == used
    assert all(entry["reference"] for part in ("shapes", "clues", "layouts", "holders") for entry in pack[part])
