import pytest

from analyzer.analysis.links import read_page

POLICY = "Please read our Privacy Policy. If you agree, tap Agree."


@pytest.mark.parametrize(
    ("buttons", "found"),
    [
        (["设置", "清除缓存", "退出登录"], [("设置", False)]),
        (["关于", "《隐私政策》", "用户协议"], [("《隐私政策》", True), ("关于", False)]),
        (["Settings", "Privacy Policy", "Delete account"], [("Privacy Policy", True), ("Settings", False)]),
        (["Buy now", "Send"], []),
        (["Einstellungen", "Datenschutzerklärung"], [("Datenschutzerklärung", True), ("Einstellungen", False)]),
    ],
)
def test_the_views_that_lead_to_the_policy_are_found_those_that_name_it_first(buttons, found, screens, phrases):
    page = read_page(screens.of(["Home"], buttons), phrases)
    assert [(link.label, link.policy) for link in page.links] == found
    assert not page.asks


def test_a_sentence_that_cannot_be_touched_is_no_link(screens, phrases):
    page = read_page(screens.of(["设置", "隐私政策"], []), phrases)
    assert (page.links, page.names_policy) == ((), True)


def test_a_question_must_be_answered_first(screens, phrases):
    assert read_page(screens.of([POLICY], ["Decline", "Agree"]), phrases).asks


@pytest.mark.parametrize("broken", ["", "<hierarchy", "no xml"])
def test_a_screen_that_cannot_be_read_has_no_links(broken, phrases):
    page = read_page(broken, phrases)
    assert (page.links, page.text, page.asks) == ((), "", False)
