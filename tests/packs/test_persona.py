from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.packs.persona import Persona, PersonaProblem, load_persona, parse_persona, shipped_persona


def luhn_holds(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def strings(persona: Persona) -> Iterator[str]:
    for values in persona.values.values():
        for value in values:
            yield from ([value] if isinstance(value, str) else [str(part) for part in value.values()])


def test_the_shipped_identity_is_valid_where_its_formats_have_check_digits() -> None:
    texts = shipped_persona().texts()
    assert all(luhn_holds(imei) and len(imei) == 15 for imei in texts["id.imei"])
    assert luhn_holds(texts["id.iccid"][0])
    assert texts["id.iccid"][0].startswith("8986")
    assert texts["id.imsi"][0].startswith("46000")
    assert len(texts["id.imsi"][0]) == 15
    assert int(texts["id.android_id"][0], 16).bit_length() <= 64
    assert ipaddress.ip_address(texts["id.ip"][0]).is_private
    assert texts["person.phone"] == ("+8613816049257",)


def test_the_shipped_identity_has_what_the_lab_device_answers_with() -> None:
    persona = shipped_persona()
    assert len(persona.values["comm.contacts"]) == 5
    assert len(persona.values["dev.installed_apps"]) == 12
    assert persona.first("loc.precise") == {"lat": 31.230437, "lon": 121.473719}
    assert persona.first("health.medical") is None


def test_no_identifier_of_the_shipped_identity_is_contained_in_another() -> None:
    texts = shipped_persona().texts()
    identifiers = {text for kind, many in texts.items() if kind.startswith("id.") for text in many}
    assert [(a, b) for a in identifiers for b in identifiers if a != b and a in b] == []


def test_values_with_parts_become_canonical_json_in_the_manifest() -> None:
    persona = parse_persona('persona: x\nvalues: {loc.precise: [{lon: 121.5, lat: 31}], id.imei: ["1"]}', "x.yaml")
    assert persona.texts() == {"loc.precise": ('{"lat":31,"lon":121.5}',), "id.imei": ("1",)}


def test_chinese_text_stays_readable_in_the_manifest() -> None:
    assert "周慕白" in shipped_persona().texts()["comm.contacts"][0]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("persona: x\nvalues: {id.imei: [490154203237518]}", "values.id.imei.0: 490154203237518 is a number; put"),
        ("persona: x\nvalues: {id.imei: []}", "values.id.imei: is empty"),
        ("persona: x\nvalues: {id.imei: ['']}", "values.id.imei.0: is empty"),
        ("persona: x\nvalues: {loc.precise: [{lat: 91, lon: 0}]}", "values.loc.precise[0].lat must be a number of deg"),
        ("persona: x\nvalues: {loc.precise: [{lat: '31', lon: 0}]}", "values.loc.precise[0].lat must be a number"),
        ("persona: x\nvalues: {loc.precise: [{lat: 31}]}", "values.loc.precise[0] lacks lon"),
        ("persona: x\nvalues: {comm.contacts: ['Ann']}", "values.comm.contacts[0] is a plain text; write it with name"),
        (
            "persona: x\nvalues: {id.imie: ['1']}",
            "values.id.imie is no data type (`analyzer hooks list` shows those that",
        ),
        ("persona: x\nvalues: {id.imeii: ['1']}", "; did you mean id.imei?"),
        ("persona: x\nvalues: {id.imei: [true]}", "values.id.imei.0: true is no text; put values in quotes"),
        (
            "values: {id.imei: ['1']}",
            "persona: is missing; write a name for the device there, as in `persona: my-phone`",
        ),
        ("persona: x\nvalues: {}\nextra: 1", "extra: is no key that is known here"),
        ("persona: x\nvalue: {}", "values: is missing"),
        ("[1, 2", "is not YAML"),
        ("just words", "the document: must hold keys with values"),
        ("[" * 5000, "nested too deeply"),
        ("!!python/object/apply:os.getcwd []", "is not YAML: could not determine a constructor"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_key(text: str, complaint: str) -> None:
    with pytest.raises(PersonaProblem) as refusal:
        parse_persona(text, "mine.yaml", {"id.imei", "loc.precise", "comm.contacts"})
    assert str(refusal.value).startswith("mine.yaml: ")
    assert complaint in str(refusal.value)


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text('persona: mine\nvalues: {id.imei: ["490154203237518"]}', encoding="utf-8")
    assert load_persona(file).name == "mine"


def test_a_missing_a_huge_and_a_binary_file_are_refused_by_name(tmp_path: Path) -> None:
    huge, binary = tmp_path / "huge.yaml", tmp_path / "binary.yaml"
    huge.write_bytes(b"#" * 1_000_001)
    binary.write_bytes(b"\xff\xfe\x00")
    for file in (tmp_path / "absent.yaml", huge, binary):
        with pytest.raises(PersonaProblem, match=file.name):
            load_persona(file)
