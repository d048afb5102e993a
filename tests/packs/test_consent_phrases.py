import pytest

from analyzer.packs.consent_phrases import read_phrases
from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem

SHIPPED = sorted((DATA / "consent_phrases").glob("*.yaml"))


def test_the_languages_are_joined_and_name_their_sources():
    phrases = read_phrases(SHIPPED)
    assert set(phrases.languages) == {"de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh", "zh-Hant"}
    assert "隐私政策" in phrases.policy
    assert "privacy policy" in phrases.policy
    assert len(phrases.source) > 4


def test_an_unknown_key_is_refused_with_file_and_key(tmp_path):
    file = tmp_path / "xx.yaml"
    file.write_text(SHIPPED[0].read_text(encoding="utf-8") + "\nacept: []\n", encoding="utf-8")
    with pytest.raises(PackProblem, match=r"xx\.yaml.*acept"):
        read_phrases([file])


def test_without_any_file_nothing_can_be_recognised():
    with pytest.raises(PackProblem, match="reinstall"):
        read_phrases([])


def test_a_word_that_yaml_takes_for_a_truth_value_is_refused(tmp_path):
    file = tmp_path / "xx.yaml"
    text = SHIPPED[0].read_text(encoding="utf-8").replace("exact: [", "exact: [no, ", 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackProblem, match="put yes, no, on and off in quotes"):
        read_phrases([file])
