from __future__ import annotations

import pytest

from analyzer.packs.loader import DATA, load_packs
from analyzer.packs.policy_words import read_policy_words
from analyzer.packs.problem import PackProblem

FILE = DATA / "policy_words.yaml"


def test_every_type_that_can_be_observed_has_words():
    packs = load_packs()
    named = {data_type for types in packs.policy_words.named.values() for data_type in types}
    assert {one.id for one in packs.taxonomy.types.values() if one.observable} <= named


def test_a_word_may_stand_for_several_types_and_an_umbrella_for_a_family():
    words = load_packs().policy_words
    assert {"loc.precise", "loc.coarse"} <= words.named["位置信息"]
    assert {"id.imei", "dev.os_locale"} <= words.covered["设备信息"]


def test_every_company_that_has_other_names_is_one_of_the_lists():
    packs = load_packs()
    known = {one.company for one in packs.endpoints.by_domain.values()} | {one.company for one in packs.sdks.entries}
    assert set(packs.policy_words.companies) <= known


def test_what_is_no_data_type_is_named(tmp_path):
    file = tmp_path / "words.yaml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("  id.imei:", "  id.imie:"), encoding="utf-8")
    with pytest.raises(PackProblem, match=r"words\.yaml: id\.imie is no data type"):
        read_policy_words(file, load_packs().taxonomy.types)


def test_an_unknown_key_is_named(tmp_path):
    file = tmp_path / "words.yaml"
    file.write_text(FILE.read_text(encoding="utf-8") + "\nnames: []\n", encoding="utf-8")
    with pytest.raises(PackProblem, match="names"):
        read_policy_words(file, load_packs().taxonomy.types)
