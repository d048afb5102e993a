from __future__ import annotations

import pytest

from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import TrustStore
from analyzer.capture.android_trust_check import TrustSeen, check_trust
from analyzer.capture.certificate import ensure_authority
from analyzer.capture.changes import ChangeJournal
from analyzer.capture.device import EnvironmentProblem


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return ensure_authority(tmp_path_factory.mktemp("authority"))


def look(double, authority, folder):
    shell, ports = AndroidShell(double.serial, double.server), ReversePorts(double.serial, double.server)
    with ChangeJournal(folder, double.serial) as journal:
        seen = check_trust(shell, ports, journal, authority)
        assert journal.changes() == []
        return seen


@pytest.mark.parametrize("api", [29, 34])
def test_the_device_trusts_the_authority_once_it_was_put_there_and_not_before(api, android, authority, tmp_path):
    double = android(api=api, root="magisk")
    before = double.snapshot()
    seen = look(double, authority, tmp_path)
    assert seen.outcome == "refused"
    assert "certificate" in seen.why
    assert double.snapshot() == before
    store = TrustStore(AndroidShell(double.serial, double.server), "magisk")
    store.trust(authority, lambda *_: None)
    assert look(double, authority, tmp_path) == TrustSeen("trusted")
    assert look(double, ensure_authority(tmp_path / "other"), tmp_path).outcome == "refused"
    store.remove()


def test_a_device_without_curl_leaves_it_untried(android, authority, tmp_path):
    assert look(android(api=24), authority, tmp_path) == TrustSeen("untried", "the device has no curl")


def test_where_every_port_is_taken_it_is_untried(android, authority, tmp_path):
    double = android(api=34)
    (taken,) = ReversePorts(double.serial, double.server).plan(1)[0]
    others = [double.listen(port) for port in range(taken, taken + 601, 200)]
    seen = look(double, authority, tmp_path)
    for other in others:
        other.close()
    assert seen == TrustSeen("untried", "adb opens no port on the device")


def test_a_key_that_is_gone_is_told(android, tmp_path, authority):
    alone = tmp_path / "alone.pem"
    alone.write_bytes(authority.read_bytes())
    with pytest.raises(EnvironmentProblem, match="The proxy's key beside"):
        look(android(), alone, tmp_path)
