"""Finds numbers of devices and people in fields whose names say nothing (`9`, `i`), by what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from analyzer.analysis import shape_numbers
from analyzer.analysis.decode import Leaf
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method, Where

_IMEI: Final = 15
_MUTE: Final = 3
"""A field name of so few letters says nothing."""
_SILENT: Final = re.compile(r"[A-Za-z]?\d*")
_MOBILE: Final = re.compile(r"(?:\+86)?1[3-9]\d{9}")
_OPAQUE: Final = re.compile(r"(?i)(?!id|no|nr|sn|on|tn|ts|st|et|t$|s$|q$)[a-z]{1,2}\d{0,2}")
"""A name of a letter or two that does not say identifier, number or time."""
_PHONES: Final = re.compile(r"35\d{13}|86\d{13}")
"""IMEIs of the two bodies that give out nearly all codes of telephones today."""
_IMSI: Final = re.compile(r"460(?:0[0-9]|1[1-5]|20)\d{10}")
"""Numbers of subscribers of the Chinese networks."""
_ICCID: Final = re.compile(r"8986\d{15,16}")
_SIZES: Final = (11, 14, _IMEI, 19, 20)
_KILO: Final = 1024
"""What has eleven digits and is a multiple of it is a size of memory."""
_BESIDE: Final = ("id.", "dev.", "person.")
_BESIDE_PHONE: Final = ("id.", "person.")
_WORDS: Final = {
    "id.imei": "fifteen digits with a valid check digit and a plausible type allocation",
    "id.imsi": "fifteen digits that begin with the code of a Chinese network",
    "id.iccid": "the number of a Chinese SIM card with a valid check digit",
    "person.phone": "the eleven digits of a Chinese mobile number",
}
_FACTS: Final = 2
_ALONE: Final = 0.4
"""How sure an IMEI is with nothing beside it: of other numbers of its length one in five hundred looks like one."""
_CONFIDENCE: Final = {"id.imei": 0.5, "id.imsi": 0.5, "id.iccid": 0.5, "person.phone": 0.45}


def detect_unnamed(leaves: Sequence[Leaf], found: Sequence[Sighting]) -> list[Sighting]:
    """Give numbers in fields whose names say nothing, where other facts stand beside.

    Two facts, one of them sure; for an IMEI of a telephone, an IMSI or a SIM card another number of the kind does.
    An IMEI of a telephone whose name is no word for any other number is given alone too, as less sure.
    """
    kinds = [(leaf, kind) for leaf in leaves if len(leaf.data) in _SIZES and (kind := _unnamed(leaf))]
    if not kinds:
        return []
    sure = {one.data_type for one in found if one.data_type.startswith(_BESIDE)}
    sightings = []
    for leaf, kind in kinds:
        text = leaf.data.decode()
        beside = sorted(sure | {other for _, other in kinds if other != kind})
        telling = any(one.startswith(_BESIDE_PHONE if kind == "person.phone" else _BESIDE) for one in sure)
        enough = telling and len(beside) >= _FACTS
        if kind != "person.phone" and (kind != "id.imei" or _PHONES.fullmatch(text)):
            enough = any(one.startswith("id.") for one in beside)
        if enough:
            why = f"{_WORDS[kind]}, beside {', '.join(beside[:4])}"
            sightings.append(_sighting(leaf, kind, text, why))
        elif kind == "id.imei" and _PHONES.fullmatch(text) and _OPAQUE.fullmatch(leaf.key):
            sightings.append(_sighting(leaf, kind, text, f"{_WORDS[kind]}, with nothing beside it", _ALONE))
    return sightings


def _unnamed(leaf: Leaf) -> str:
    """Say what digits under a name that says nothing may be: the data type, or nothing."""
    if not leaf.textual or leaf.where is Where.URL or not leaf.data.isascii():
        return ""
    text = leaf.data.decode()
    if len(text) >= _IMEI:
        return _of_device(text) if len(leaf.key) <= _MUTE and text.isdigit() else ""
    own = _MOBILE.fullmatch(text) and _SILENT.fullmatch(leaf.key) and int(text) % _KILO
    return "person.phone" if own and shape_numbers.phone(text) else ""


def _of_device(text: str) -> str:
    if len(text) > _IMEI:
        return "id.iccid" if _ICCID.fullmatch(text) and shape_numbers.iccid(text) else ""
    if _IMSI.fullmatch(text) and shape_numbers.imsi(text):
        return "id.imsi"
    return "id.imei" if shape_numbers.imei(text) else ""


def _sighting(leaf: Leaf, data_type: str, value: str, why: str, confidence: float = 0.0) -> Sighting:
    place = f"the field name '{leaf.key}' does not say it" if leaf.key else "it stands in no named field"
    return Sighting(
        data_type,
        leaf.path,
        (leaf,),
        leaf.encodings,
        value,
        Method.PATTERN,
        confidence or _CONFIDENCE[data_type],
        f"{why}; {place}",
    )
