"""Finds values that are not known, by their shape: validated, and only under a field name that says what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import re2
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator_forms import parse_phone
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method
from analyzer.packs.taxonomy import Taxonomy

LONGEST: Final = 256
"""A value of these shapes is short; long texts are not searched for them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of value: a pattern that the whole text must have, and a check that look-alikes fail."""

    data_type: str
    pattern: str
    valid: Callable[[str], bool]
    words: str


def detect_patterns(leaves: Sequence[Leaf], taxonomy: Taxonomy) -> list[Sighting]:
    """Give one sighting per leaf that has the shape and the name of a data type."""
    return [found for leaf in leaves for found in _in_leaf(leaf, taxonomy)]


def _in_leaf(leaf: Leaf, taxonomy: Taxonomy) -> Iterator[Sighting]:
    if not leaf.textual or not leaf.key or len(leaf.data) > LONGEST:
        return
    text = leaf.data.decode().strip()
    for at in _PREFILTER.Match(text.encode()) or ():
        shape = SHAPES[at]
        if taxonomy.named_by(shape.data_type, leaf.key) and shape.valid(text):
            reasoning = f"{shape.words}, under the field name '{leaf.key}'; the value itself was not known before"
            yield Sighting(
                shape.data_type, leaf.path, (leaf,), leaf.encodings, text, Method.PATTERN, shape_confidence(), reasoning
            )


def shape_confidence() -> float:
    """Give the confidence of a validated shape under a fitting name."""
    return 0.7


def _imei(text: str) -> bool:
    return luhn.is_valid(text) and len(set(text)) > 2  # noqa: PLR2004 - 000000000000000 is a placeholder


def _mac(text: str) -> bool:
    return len(set(re.sub(r"[:-]", "", text.lower()))) > 2 and not text.startswith("02:00:00:00")  # noqa: PLR2004


def _phone(text: str) -> bool:
    return parse_phone(text) is not None


def _identity_card(text: str) -> bool:
    try:
        ric.validate(text)
    except ValidationError:
        return False
    return True


def _uuid(text: str) -> bool:
    return len(set(text.replace("-", ""))) > 2  # noqa: PLR2004 - all zeros means that it was deleted


def _any(_: str) -> bool:
    return True


_UUID: Final = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
SHAPES: Final = (
    Shape("id.imei", r"\d{15}", _imei, "fifteen digits with a valid check digit"),
    Shape("id.mac_wifi", r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}", _mac, "a hardware address"),
    Shape("id.mac_bluetooth", r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}", _mac, "a hardware address"),
    Shape("person.email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", _any, "an e-mail address"),
    Shape("person.phone", r"\+?[\d ()-]{8,20}", _phone, "a valid telephone number"),
    Shape("person.national_id", r"\d{17}[\dXx]", _identity_card, "a resident identity number with a valid check digit"),
    Shape("id.gaid", _UUID, _uuid, "an UUID"),
    Shape("id.oaid", rf"{_UUID}|[0-9a-fA-F]{{16,64}}", _uuid, "an advertising identifier"),
    Shape("id.android_id", r"[0-9a-fA-F]{16}", _uuid, "sixteen hex digits"),
    Shape("id.imsi", r"460\d{12}", _any, "fifteen digits with the country code of China"),
    Shape("id.iccid", r"89\d{17,18}", luhn.is_valid, "a SIM card number with a valid check digit"),
)


def _prefilter() -> re2.Set:
    patterns = re2.Set.FullMatchSet()
    for shape in SHAPES:
        patterns.Add(shape.pattern)
    patterns.Compile()
    return patterns


_PREFILTER: Final = _prefilter()
