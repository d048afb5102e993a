from __future__ import annotations

import pytest
from wire import taxonomy

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import Hit, Indicator, Known
from analyzer.analysis.indicator_words import noun_of, tell_form
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where


def _told(found: str, pattern: str, chain: tuple[str, ...] = (), note: str = "", layers: tuple[str, ...] = ()) -> str:
    leaf = Leaf(EvidenceRef("r", Source.FLOWS, 1), Where.BODY, "$.a", "a", found.encode(), layers)
    return tell_form(Hit(leaf, 0, len(found), Indicator(Known("id.x", "x"), "", "x", pattern.encode(), chain)), note)


def test_a_form_is_told_with_its_letters_and_layers():
    assert _told("abc", "abc") == "plain text"
    assert _told("ABC", "abc", note="in E.164") == "plain text (in E.164), in upper case"
    assert _told("0A1B", "0a1b", ("md5",), "the MD5 of the value") == "the MD5 of the value, in upper-case hex"
    assert _told("31.2", "31.2", ("gcj-02",), layers=("gzip", "base64")) == "gcj-02, inside base64 in gzip"


@pytest.mark.parametrize(
    ("data_type", "noun"),
    [
        ("id.imei", "the IMEI"),
        ("person.phone", "the phone number"),
        ("id.android_id", "the Android ID"),
        ("id.mac_wifi", "the Wi-Fi MAC address"),
        ("no.such", "the value"),
    ],
)
def test_data_types_have_names_for_sentences(data_type, noun):
    assert noun_of(data_type, taxonomy()) == noun
