import pytest

from analyzer.analysis.placement import place_session
from analyzer.analysis.scene import set_scenes
from analyzer.analysis.walked_policy import walked_policy
from analyzer.model.vocabulary import MarkKind

LONG = "我们会收集您的手机号码用于登录。" * 20


@pytest.fixture
def walked(phrases):
    def find(tape):
        session = tape.session()
        return walked_policy(set_scenes(session, place_session(session), phrases, tape.read_blob))

    return find


def test_the_text_of_the_page_at_which_the_walk_arrived_serves_line_by_line(walked, tape, screens):
    page = screens.of(["隐私政策", LONG, "友盟SDK：IMEI"], [])
    policy = walked(tape.screen(screens.of([LONG], ["设置"]), 1).screen(page, 5).mark(MarkKind.POLICY_REACHED, 6))
    assert policy is not None
    assert policy.lines == ("隐私政策", LONG, "友盟SDK：IMEI")
    assert (policy.name, policy.ref.source, policy.ref.line) == ("1-accept/screens/2", "screens", 2)


def test_a_page_without_text_and_a_search_without_success_give_none(walked, tape, screens):
    assert walked(tape.screen(screens.of(["隐私政策"], []), 1).mark(MarkKind.POLICY_REACHED, 2)) is None
    assert walked(tape.screen(screens.of([LONG], []), 3).mark(MarkKind.POLICY_NOT_FOUND, 4)) is None
