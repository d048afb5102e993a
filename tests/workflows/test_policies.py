from __future__ import annotations

import pytest
import traffic

from analyzer.capture.interruption import Stop
from analyzer.model.vocabulary import ClaimStatus
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.bundle import write_bundle
from analyzer.workflows.check import check
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.import_capture import ImportOrder, import_captures
from analyzer.workflows.import_statement import Statement
from analyzer.workflows.policies import keep_policy, kept_policy, read_policy
from analyzer.workflows.unbundle import check_bundle

POLICY = "<html><body><p>我们不会收集您的IMEI。</p></body></html>"


class Silent:
    def file(self, name, size): ...

    def at(self, position, records): ...

    def message(self, text): ...


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "workspace")


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.html"
    path.write_text(POLICY, encoding="utf-8")
    return path


def test_a_policy_is_read_and_kept_under_its_digest(home, policy):
    text = read_policy(policy)
    assert text.lines == ("我们不会收集您的IMEI。",)
    kept = keep_policy(home, policy)
    assert kept == kept_policy(home, text.sha256, text.name)
    kept.write_text("another", encoding="utf-8")
    assert kept_policy(home, text.sha256, text.name) is None


def test_what_is_no_policy_is_a_wrong_word(tmp_path):
    (tmp_path / "empty.txt").touch()
    for name, why in (("none.html", "cannot be read"), ("empty.txt", "holds no text")):
        with pytest.raises(UsageProblem, match=why):
            read_policy(tmp_path / name)


def test_a_session_is_compared_with_a_policy_and_the_result_comes_out_again(home, policy, tmp_path):
    capture = tmp_path / "a.har"
    capture.write_bytes(traffic.har(traffic.told(1)))
    order = ImportOrder((capture,), "com.example", Statement(), traffic.persona(tmp_path))
    session = import_captures(home, order, Silent(), Stop())
    document = analyze(home, session, Lens(policy=policy)).document
    denied = [claim for claim in document.claims if claim.status is ClaimStatus.DENIED]
    assert [claim.data_type for claim in denied] == ["id.imei"]
    assert denied[0].sentence == "我们不会收集您的IMEI。"
    assert set(denied[0].observations) <= {one.id for one in document.observations}
    policy.unlink()
    found = check(home, session)
    assert found.intact
    assert "the same result, byte for byte" in found.lines[-1]


def test_a_bundle_carries_the_policy_and_is_judged_again_with_it(home, policy, tmp_path):
    capture = tmp_path / "a.har"
    capture.write_bytes(traffic.har(traffic.told(1)))
    session = import_captures(home, ImportOrder((capture,), "com.example", Statement()), Silent(), Stop())
    analyze(home, session, Lens(policy=policy))
    bundle = tmp_path / "b.zip"
    with bundle.open("wb") as file:
        write_bundle(home, session, file)
    found = check_bundle(Home(tmp_path / "elsewhere"), bundle)
    assert found.intact
    assert any("the same result, byte for byte" in line for line in found.lines)


def test_a_copy_that_an_interrupted_run_left_half_is_made_whole(home, tmp_path):
    file = tmp_path / "policy.html"
    file.write_text(POLICY)
    place = keep_policy(home, file)
    place.write_text(POLICY[:10])
    assert keep_policy(home, file).read_text() == POLICY
    assert place.stat().st_mode & 0o777 == 0o600
