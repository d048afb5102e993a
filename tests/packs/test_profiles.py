import pytest

from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem
from analyzer.packs.profiles import read_profile


def test_every_threshold_says_why_and_by_what_source():
    profile = read_profile(DATA / "profiles" / "standard.yaml")
    assert profile.value("reprompts") == 2
    assert all(threshold.source and threshold.reasoning for threshold in profile.thresholds.values())


def test_a_threshold_that_is_not_there_is_named():
    with pytest.raises(PackProblem, match="nothing_like_it"):
        read_profile(DATA / "profiles" / "standard.yaml").value("nothing_like_it")


def test_a_figure_without_reasoning_is_refused(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("id: mine\ntitle: {en: Mine}\nthresholds: {reprompts: {value: 3}}\n")
    with pytest.raises(PackProblem, match=r"mine\.yaml.*reprompts\.reasoning"):
        read_profile(file)
