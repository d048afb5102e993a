import pytest

from analyzer.analysis.consent import recognise
from analyzer.analysis.policy_page import describe_page

SIMPLIFIED = "隐私政策。我们会收集您的设备信息，并且对这些数据采取保护措施。" * 10
TRADITIONAL = "隱私權政策。我們會收集您的設備資訊，並且對這些數據採取保護措施。" * 10
ENGLISH = "Privacy Policy. We collect identifiers of your device and protect them. " * 10
JAPANESE = "プライバシーポリシー。当社は端末の識別子を収集し、適切に保護します。個人情報の取扱いについて。" * 10


class White:
    def contrast(self, bounds):
        return 1.5 if bounds.area else None


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        (SIMPLIFIED, True),
        (SIMPLIFIED + ENGLISH, True),
        (TRADITIONAL, False),
        (ENGLISH, False),
        (ENGLISH + "隐私政策", False),
        (JAPANESE, False),
    ],
)
def test_the_script_of_the_text_is_told(text, simplified, screens, phrases):
    page = describe_page(recognise(screens.of([text], []), phrases), lambda: None)
    assert (page.simplified, page.contrast) == (simplified, None)
    assert page.characters > 200


def test_of_a_short_page_only_the_length_is_told(screens, phrases):
    page = describe_page(recognise(screens.of(["隐私政策", "加载中"], []), phrases), White)
    assert page.characters < 20
    assert (page.simplified, page.contrast) == (None, None)


def test_the_letters_of_the_longest_text_are_measured_on_the_picture(screens, phrases):
    page = describe_page(recognise(screens.of(["隐私政策", SIMPLIFIED], []), phrases), White)
    assert page.contrast == 1.5
