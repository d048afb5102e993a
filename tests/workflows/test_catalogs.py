from __future__ import annotations

import pytest

from analyzer.packs.loader import load_packs
from analyzer.packs.problem import PackProblem
from analyzer.workflows import catalogs


def test_hooks_are_listed_by_data_type_with_target_kind_and_levels():
    rows = catalogs.hooks()
    assert rows == sorted(rows)
    assert ("id.imei", "android.telephony.TelephonyManager.getImei") in {(row[0], row[2]) for row in rows}
    assert {len(row) for row in rows} == {5}


def test_the_number_of_hooks_and_of_data_types_is_told():
    hooks, types = (int(word) for word in catalogs.hook_counts()[0].split() if word.isdigit())
    assert hooks >= 60
    assert types >= 20


def test_hooks_that_nothing_exercises_are_named():
    (line,) = [line for line in catalogs.hook_counts() if "no test exercises" in line]
    assert line.startswith(f"{len(catalogs.unexercised())} hooks")
    assert "native.open64" in catalogs.unexercised()
    assert set(catalogs.unexercised()) <= {row[1] for row in catalogs.hooks()}


def test_the_shipped_hooks_and_packs_are_in_order():
    assert catalogs.check_hooks() == []
    assert catalogs.check_packs(()) == []


def test_packs_have_a_title_in_each_language():
    english, chinese = catalogs.list_packs("en"), catalogs.list_packs("zh")
    assert [row[:3] for row in english] == [row[:3] for row in chinese]
    assert english != chinese


def test_a_pack_is_shown_with_text_source_and_confidence_of_every_rule():
    for name, _, rules, *_ in catalogs.list_packs("en"):
        text = catalogs.show_pack(name, "en")
        assert text.count("source:") == int(rules)
        assert text.count("wording:") == int(rules)


def test_what_the_lists_of_owners_know_is_counted_apart_by_source():
    said = catalogs.owner_counts()
    sdks, domains = ([int(word) for word in line.split() if word.isdigit()] for line in said)
    assert sdks[0] == sdks[1] + sdks[2] >= 550
    assert domains[0] == domains[2] + domains[3] >= 1_200


def test_the_lists_of_sdks_and_recipients_are_shown_with_their_sources():
    assert "umeng.push  Umeng Push, 友盟推送, U-Push  Umeng CN  push" in catalogs.show_pack("sdks", "en")
    assert "cloudfront.net  Amazon US  cloud, rented  source: trackercontrol" in catalogs.show_pack("endpoints", "en")


def test_what_the_options_for_app_types_and_profiles_take_is_shown():
    types = catalogs.show_pack("app-types", "zh").splitlines()
    assert [line.split()[0] for line in types] == list(load_packs().app_types)
    assert types[0] == "map_navigation  地图导航类  loc.precise"
    assert catalogs.show_pack("profiles", "en").startswith("standard  ")


def test_an_unknown_pack_is_refused_by_name():
    with pytest.raises(PackProblem, match="xx-1"):
        catalogs.show_pack("xx-1", "en")


@pytest.mark.parametrize(("name", "list_"), [("profile", "profiles"), ("apptypes", "app-types"), ("sdk", "sdks")])
def test_a_list_that_is_mistyped_is_told_with_the_one_that_was_meant(name, list_):
    with pytest.raises(PackProblem, match=rf"named {name}; did you mean {list_}\?"):
        catalogs.show_pack(name, "en")
