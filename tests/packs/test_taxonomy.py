from __future__ import annotations

import pytest
from wire import taxonomy

from analyzer.packs.problem import PackProblem
from analyzer.packs.taxonomy import Shape, normal_key, read_taxonomy

ENTRY = "{id: id.imei, label: {zh: a, en: b}, group: g, observable: true, sensitive: {gbt35273: 'no', pipl28: 'no'}}"


def test_the_shipped_taxonomy_has_all_types_with_both_labels():
    types = taxonomy().types
    assert len(types) == 81
    assert all(one.label["zh"] and one.label["en"] and one.group for one in types.values())
    assert types["loc.precise"].shape is Shape.PAIR
    assert types["dev.installed_apps"].needed == 3


def test_a_field_name_is_compared_without_case_and_separators():
    assert normal_key("Android-ID") == "androidid"
    assert taxonomy().named_by("id.imei", "device_IMEI")
    assert not taxonomy().named_by("id.mac_wifi", "format")
    assert not taxonomy().named_by("id.imei", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"version: 1\nsource: s\ntypes: [{ENTRY}, {ENTRY}]", "twice"),
        ("version: 2\nsource: s\ntypes: []", "version"),
        (f"version: 1\nsource: s\ntypes: [{ENTRY.replace('group', 'gruop')}]", "gruop"),
        ("version: [", "YAML"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_key(text, words):
    with pytest.raises(PackProblem, match=words) as caught:
        read_taxonomy(text, "mine.yaml")
    assert "mine.yaml" in str(caught.value)


def test_a_long_field_name_is_read_like_a_short_one_and_not_kept_in_memory():
    assert normal_key("Device-IMEI_" * 20) == "deviceimei" * 20
    assert normal_key("设备_ID.") == "设备id"
