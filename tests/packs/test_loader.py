import shutil

import pytest

from analyzer.packs.loader import DATA, digest_files, load_packs, shipped_packs
from analyzer.packs.problem import PackProblem


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "small.yaml").write_text(
        "family: small\nhooks: [{id: small.imei, kind: read, target: {class: a.B, method: c}, returns: id.imei,"
        " reasoning: r, source: s}]\n"
    )
    return folder


def test_all_shipped_packs_are_loaded_by_default_with_their_digests(hooks):
    packs = load_packs(hooks=hooks)
    assert [pack.id for pack in packs.rule_packs] == ["cn-191-2019", "eu-eprivacy"]
    assert set(packs.digests) == {
        "taxonomy", "catalog", "sdks", "endpoints", "consent_phrases", "app_types", "policy_words", "profile",
        "rules/cn-191-2019", "rules/eu-eprivacy",
    }  # fmt: skip
    assert all(len(digest) == 64 for digest in packs.digests.values())


def test_all_packs_that_ship_are_judged_by_where_that_is_asked(hooks):
    every = load_packs(["all"], hooks=hooks)
    assert len(every.rule_packs) == len([folder for folder in (DATA / "rules").iterdir() if folder.is_dir()]) >= 27
    assert sum(len(pack.rules) for pack in every.rule_packs) == 203
    assert [pack.id for pack in every.rule_packs if pack.by_default] == ["cn-191-2019", "eu-eprivacy"]


@pytest.mark.parametrize(("line", "judges"), [("by_default:   no", False), ("by_default: true", True), ("", True)])
def test_the_head_of_a_pack_says_whether_it_judges_by_default(tmp_path, line, judges):
    head = tmp_path / "rules" / "mine" / "pack.yaml"
    head.parent.mkdir(parents=True)
    head.write_text(f"id: mine\n{line}\n", encoding="utf-8")
    assert shipped_packs(tmp_path) == {"mine": judges}


def test_a_pack_is_selected_by_name_or_by_folder(hooks, tmp_path):
    mine = shutil.copytree(DATA / "rules" / "eu-eprivacy", tmp_path / "mine")
    by_name = load_packs(["eu-eprivacy"], hooks=hooks)
    by_folder = load_packs([str(mine)], hooks=hooks)
    assert by_name.rule_packs == by_folder.rule_packs
    assert by_name.digests["rules/eu-eprivacy"] == by_folder.digests["rules/mine"]


def test_the_digests_name_every_pack_whose_conditions_judge(hooks):
    packs = load_packs(["uk-pecr"], hooks=hooks)
    assert [pack.id for pack in packs.rule_packs] == ["uk-pecr"]
    assert {name for name in packs.digests if name.startswith("rules/")} == {"rules/uk-pecr", "rules/eu-eprivacy"}


def test_an_unknown_pack_or_profile_is_refused_with_what_there_is(hooks):
    with pytest.raises(PackProblem, match="cn-191-2019"):
        load_packs(["gdpr-2099"], hooks=hooks)
    with pytest.raises(PackProblem, match="standard"):
        load_packs(profile="loose", hooks=hooks)


def test_the_same_rule_from_two_packs_is_refused(hooks, tmp_path):
    mine = shutil.copytree(DATA / "rules" / "eu-eprivacy", tmp_path / "mine")
    head = mine / "pack.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("id: eu-eprivacy", "id: mine"), encoding="utf-8")
    with pytest.raises(PackProblem, match=r"eu\.eprivacy\.5\.3"):
        load_packs(["eu-eprivacy", str(mine)], hooks=hooks)


def test_a_digest_changes_with_any_byte_and_any_name(tmp_path):
    one, two = tmp_path / "a.yaml", tmp_path / "b.yaml"
    one.write_text("x")
    two.write_text("y")
    digest = digest_files([one, two])
    assert digest == digest_files([two, one])
    two.write_text("z")
    assert digest_files([one, two]) != digest


def test_packs_are_read_once_while_no_file_changes(hooks, tmp_path):
    mine = shutil.copytree(DATA / "rules" / "eu-eprivacy", tmp_path / "mine")
    before = load_packs([str(mine)], hooks=hooks)
    assert load_packs([str(mine)], hooks=hooks) is before
    head = mine / "pack.yaml"
    head.write_text(head.read_text(encoding="utf-8") + "\n# later\n", encoding="utf-8")
    after = load_packs([str(mine)], hooks=hooks)
    assert after.digests != before.digests


def test_what_is_wrong_with_a_pack_is_told_each_time(hooks, tmp_path):
    (tmp_path / "pack.yaml").write_text("id: [", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PackProblem, match="YAML"):
            load_packs([str(tmp_path)], hooks=hooks)


def test_a_name_that_is_mistyped_is_told_with_the_one_that_was_meant():
    with pytest.raises(PackProblem, match=r"named cn-191-2091; did you mean cn-191-2019\?; shipped packs: "):
        load_packs(("cn-191-2091",))
    with pytest.raises(PackProblem, match=r"named standart; did you mean standard\?; shipped profiles: standard"):
        load_packs(profile="standart")


def test_a_folder_that_is_mistyped_is_told_with_the_one_beside_it(tmp_path, monkeypatch):
    (tmp_path / "my-pack").mkdir()
    (tmp_path / "my-pack" / "pack.yaml").touch()
    monkeypatch.chdir(tmp_path)
    for name in ("my-pak", "./my-pak"):
        with pytest.raises(PackProblem, match=rf"named {name}; did you mean my-pack\?"):
            load_packs((name,))
