from __future__ import annotations

import base64
import json
import unicodedata

import pytest
from detection import detect
from wire import IMEI, Wire

from analyzer.analysis.indicator_form import Spelling
from analyzer.analysis.indicator_veils import veiled_forms

MAIL = "yanqiu.lin@mail.example"


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def test_full_width_letters_are_those_that_compatibility_undoes():
    forms = {form.pattern.decode() for form in veiled_forms(Spelling("", MAIL), weak=False) if "full" in form.chain[0]}
    assert forms == {_wide(MAIL), _wide("yanqiu") + "." + _wide("lin") + "@" + _wide("mail") + "." + _wide("example")}
    assert {unicodedata.normalize("NFKC", form) for form in forms} == {MAIL}


def test_alphabets_of_85_signs_are_found_as_the_library_writes_them():
    found = {form.chain: form.pattern for form in veiled_forms(Spelling("", MAIL), weak=False)}
    assert base64.a85decode(found["ascii85",]) == base64.b85decode(found["base85",]) == MAIL.encode()
    (hello,) = [form for form in veiled_forms(Spelling("", "Hello123"), weak=True) if form.chain == ("z85",)]
    assert (hello.pattern[:5], hello.exact, hello.weak) == (b"nm=QN", True, True)


@pytest.mark.parametrize(
    ("veiled", "encodings"),
    [
        (_wide(IMEI), ("full width",)),
        ("".join(chr(0x660 + int(digit)) for digit in IMEI), ("arabic digits",)),
        (base64.b85encode(IMEI.encode()).decode(), ("base85",)),
        (base64.a85encode(IMEI.encode(), adobe=True).decode(), ("ascii85",)),
        (IMEI.encode().hex(), ("hex",)),
        (f"{int(IMEI):X}", ()),
        (f"0x{int(IMEI):x}", ()),
    ],
)
def test_a_value_is_found_behind_every_veil(veiled, encodings):
    for text in (veiled, f"id: {veiled} end"):
        wire = Wire(persona={"id.imei": (IMEI,)})
        wire.request(1, json.dumps({"q": text}, ensure_ascii=False).encode())
        (one,) = detect(wire).sent
        assert (one.data_type, one.encodings, one.value) == ("id.imei", encodings, IMEI)


@pytest.mark.parametrize(
    "spelling",
    [
        Spelling("", "short"),
        Spelling("", "x" * 65),
        Spelling("in part", "given name", partial=True),
        Spelling("", "turned round", chain=("reversed",)),
        Spelling("with a version", "12345678901234", more=2),
    ],
)
def test_words_texts_and_parts_have_no_such_forms(spelling):
    assert list(veiled_forms(spelling, weak=False)) == []
