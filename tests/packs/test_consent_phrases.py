import pytest

from analyzer.packs.consent_phrases import read_phrases
from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem

SHIPPED = sorted((DATA / "consent_phrases").glob("*.yaml"))


def test_the_languages_are_joined_and_name_their_sources():
    phrases = read_phrases(SHIPPED)
    assert phrases.languages == ("en", "zh")
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
