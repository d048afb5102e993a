from __future__ import annotations

import re
from collections import Counter

import pytest


def test_hooks_list_names_data_type_target_and_levels(analyzer):
    said = analyzer("hooks", "list")
    assert said.code == 0
    assert any(
        "id.imei" in row and "android.telephony.TelephonyManager.getImei" in row and "26" in row for row in said.rows
    )
    assert "hooks over" in said.err


def test_hooks_check_finds_the_shipped_catalog_in_order(analyzer):
    said = analyzer("hooks", "check")
    assert (said.code, said.out) == (0, b"")


def test_hooks_list_counts_its_own_rows_by_data_type_and_by_level(analyzer):
    said = analyzer("hooks", "list")
    rows = said.out.decode().splitlines()
    types = Counter(row.split()[0] for row in rows)
    levels = {row.split()[1]: row.split()[-1] for row in rows}
    at_30 = sum(int(first) <= 30 <= int(last) for first, last in re.findall(r"(\d+)–(\d+)", " ".join(levels.values())))
    assert re.search(rf"by data type:.* id\.imei {types['id.imei']},", said.err)
    assert re.search(rf"by level:.* 30: {at_30},", said.err)


def test_hooks_check_tells_the_counts_too(analyzer):
    listed, checked = analyzer("hooks", "list").err, analyzer("hooks", "check").err
    assert "of public APIs with their levels" in listed
    assert checked.endswith(listed)


def test_packs_list_speaks_both_languages(analyzer):
    english, chinese = analyzer("packs", "list"), analyzer("packs", "list", "--language", "zh")
    assert "cn-191-2019" in english.out.decode()
    assert "from memory" in english.err
    assert "个人信息" in chinese.out.decode()
    assert "个人信息" not in english.out.decode()


def test_packs_show_gives_clause_text_and_source_of_every_rule(analyzer):
    said = analyzer("packs", "show", "cn-191-2019")
    assert said.code == 0
    assert "cn.191.3.1" in said.out.decode()
    assert "source:" in said.out.decode()


def test_packs_show_of_an_unknown_pack_names_it(analyzer):
    said = analyzer("packs", "show", "xx-1")
    assert said.code == 2
    assert "xx-1" in said.err


def test_packs_check_finds_the_shipped_packs_in_order(analyzer):
    said = analyzer("packs", "check")
    assert (said.code, said.out) == (0, b"")


def test_packs_check_names_file_and_key_of_what_is_wrong(analyzer, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pack.yaml").write_text("pack: mine\nrulez: []\n")
    said = analyzer("packs", "check", "--pack", folder)
    assert said.code in {2, 4}
    assert "mine" in said.err + said.out.decode()


@pytest.mark.parametrize("group", ["hooks", "packs", "sessions"])
def test_a_group_without_a_command_shows_its_help(analyzer, group):
    said = analyzer(group)
    assert said.code in {0, 2}
    assert "list" in said.out.decode() + said.err


def test_what_is_said_of_the_hooks_is_chinese_where_that_was_asked_for(analyzer):
    said = analyzer("hooks", "check", "--language", "zh")
    assert "挂钩目录无误" in said.err
    assert not [line for line in said.err.splitlines() if "hooks" in line]
