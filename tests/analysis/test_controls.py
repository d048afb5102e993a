import pytest

from analyzer.analysis.controls import classify
from analyzer.model.vocabulary import Control


@pytest.mark.parametrize(
    ("label", "control"),
    [
        ("同意", Control.ACCEPT), ("同意并继续", Control.ACCEPT), ("我已阅读并同意", Control.ACCEPT),
        ("同意 (5s)", Control.ACCEPT),
        ("不同意", Control.REFUSE), ("仍不同意", Control.REFUSE), ("暂不使用", Control.REFUSE),
        ("仅浏览", Control.REFUSE),
        ("不同意并退出", Control.QUIT), ("退出应用", Control.QUIT), ("《隐私政策》", Control.POLICY),
        ("AGREE", Control.ACCEPT), ("I agree", Control.ACCEPT), ("Accept & continue", Control.ACCEPT),
        ("Disagree", Control.REFUSE), ("Don\u2019t agree", Control.REFUSE), ("No, thanks", Control.REFUSE),
        ("Disagree and exit", Control.QUIT), ("Manage options", Control.SETTINGS), ("Privacy Policy", Control.POLICY),
    ],
)  # fmt: skip
def test_a_label_has_the_meaning_that_a_person_reads(label, control, phrases):
    assert classify(label, phrases) == (control, True)


@pytest.mark.parametrize("label", ["OK", "我知道了", "Continue", "好的"])
def test_acknowledging_is_accepting_only_by_implication(label, phrases):
    assert classify(label, phrases) == (Control.ACCEPT, False)


@pytest.mark.parametrize(
    ("label", "control"),
    [("Agree, start now", Control.ACCEPT), ("同意，开始使用", Control.ACCEPT), ("Not now, my dear", Control.REFUSE)],
)
def test_a_label_of_several_clauses_is_read_clause_by_clause(label, control, phrases):
    assert classify(label, phrases) == (control, True)


@pytest.mark.parametrize("label", ["I agree, see you tomorrow!", "我同意，明天见", "Согласен, до завтра!"])
def test_a_message_that_agrees_is_no_button(label, phrases):
    assert classify(label, phrases) is None


@pytest.mark.parametrize("label", ["Accept friend request", "Agreement history", "退出登录", "", "Acceptable use"])
def test_a_label_that_only_looks_like_consent_means_nothing(label, phrases):
    assert classify(label, phrases) is None
