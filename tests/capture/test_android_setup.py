from __future__ import annotations

import pytest

from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_setup import restore, set_up
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.certificate import ensure_authority
from analyzer.capture.changes import ChangeJournal
from analyzer.capture.device import EnvironmentProblem

# adbutils leaves the socket of a refused transport to the garbage collector.


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return ensure_authority(tmp_path_factory.mktemp("authority"))


def reach(double):
    return AndroidShell(double.serial, double.server), ReversePorts(double.serial, double.server)


LEVELS, ROOTS = (24, 29, 34, 36), ("adbd", "magisk", "su")
LONG = [pytest.param(api, root, marks=pytest.mark.long) for api in LEVELS for root in ROOTS]


@pytest.mark.parametrize(("api", "root"), [(34, "magisk"), (29, "adbd"), *LONG])
def test_set_up_twice_and_restored_the_device_is_as_before_byte_for_byte(api, root, android, authority, tmp_path):
    double = android(api=api, root=root)
    before = double.snapshot()
    for _ in range(2):
        with ChangeJournal(tmp_path, double.serial) as journal:
            set_up(*reach(double), journal, authority)
            assert all(change.kept for change in journal.changes())
    assert authority.read_text().strip() in double.trusted("com.android.systemui")
    with ChangeJournal(tmp_path, double.serial) as journal:
        assert restore(*reach(double), journal) == (2 if root == "adbd" else 1)
    with ChangeJournal(tmp_path, double.serial) as journal:
        assert restore(*reach(double), journal) == 0
    assert double.snapshot() == before


def test_where_adbd_lost_its_root_it_gets_it_for_the_time_of_the_restoring(android, authority, tmp_path):
    double = android(api=34, root="adbd")
    before = double.snapshot()
    with ChangeJournal(tmp_path, double.serial) as journal:
        set_up(*reach(double), journal, authority)
    AndroidShell(double.serial, double.server).end_root()
    with ChangeJournal(tmp_path, double.serial) as journal:
        restore(*reach(double), journal)
    assert double.snapshot() == before


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [({}, "no root"), ({"root": "magisk", "denied": ("mount",)}, "SELinux or the root manager forbids it")],
)
def test_where_it_fails_nothing_stays_and_the_sentence_says_what_to_do(kind, sentence, android, authority, tmp_path):
    double = android(api=34, **kind)
    before = double.snapshot()
    with ChangeJournal(tmp_path, double.serial) as journal:
        with pytest.raises(EnvironmentProblem, match=sentence):
            set_up(*reach(double), journal, authority)
        assert journal.changes() == []
    assert double.snapshot() == before
