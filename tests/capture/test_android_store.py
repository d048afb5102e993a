from __future__ import annotations

import pytest
from cryptography import x509

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import KIND, MODULE_STORE, STORE, WRITTEN, TrustStore, subject_hash
from analyzer.capture.certificate import ensure_authority
from analyzer.capture.device import EnvironmentProblem


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return ensure_authority(tmp_path_factory.mktemp("authority"))


def ready(double):
    """Give the store of a plugged-in double, as root."""
    root = double.kind.root
    if root == "adbd":
        double.become_root()
    return TrustStore(AndroidShell(double.serial, double.server), root)


def ignore(kind, facts):
    pass


def test_the_file_is_named_as_mitmproxy_documents_it(authority):
    # https://docs.mitmproxy.org/stable/howto/install-system-trusted-ca-android/
    assert subject_hash(x509.load_pem_x509_certificate(authority.read_bytes())) == "c8750f0d"


@pytest.mark.parametrize(("api", "root"), [(21, "magisk"), (24, "adbd"), (29, "su"), (34, "magisk"), (36, "adbd")])
def test_every_app_trusts_the_authority_and_afterwards_the_device_is_as_before(api, root, android, authority):
    double = android(api=api, root=root)
    store = ready(double)
    before = double.snapshot()
    trusted = double.trusted("com.android.systemui")
    noted = []
    store.trust(authority, lambda *change: noted.append(change))
    assert noted == [(KIND, {"root": root})]
    for package in ("com.android.systemui", double.start("com.example")):
        assert double.trusted(package) - trusted == {f"{authority.read_text().strip()}"}
        assert trusted <= double.trusted(package)
    changed = {name for name, value in double.snapshot().items() if value != before[name]}
    assert changed <= {"files", "mounts", "processes", "packages", "extra"}
    double.end("com.example")
    store.remove()
    assert double.snapshot() == before


def test_what_is_laid_over_the_store_looks_like_the_store(android, authority):
    double = android(api=34, root="magisk")
    before = double.snapshot()["files"]
    ready(double).trust(authority, ignore)
    after = double.snapshot()["files"]
    new = {path for path in after if path not in before}
    assert new == {f"{STORE}/c8750f0d.0", f"{MODULE_STORE}/c8750f0d.0"}
    assert {path for path in before if before[path] != after.get(path)} == set()
    neighbour = next(path for path in before if path.startswith(f"{STORE}/"))
    for path in new:
        assert after[path].split()[:3] == after[neighbour].split()[:3]


def test_doing_it_again_changes_nothing_and_another_authority_takes_its_place(android, authority, tmp_path):
    double = android(api=34, root="magisk")
    store = ready(double)
    store.trust(authority, ignore)
    once = double.snapshot()
    noted = []
    store.trust(authority, lambda *change: noted.append(change))
    assert (noted, double.snapshot()) == ([], once)
    other = ensure_authority(tmp_path / "other")
    store.trust(other, ignore)
    shown = double.trusted("com.android.systemui")
    assert other.read_text().strip() in shown
    assert authority.read_text().strip() not in shown


def test_a_store_that_has_another_authority_of_the_same_name_keeps_it(android, authority, tmp_path):
    other = ensure_authority(tmp_path / "other")
    double = android(api=29, root="magisk", more_authorities={"c8750f0d.0": other.read_text()})
    ready(double).trust(authority, ignore)
    assert {other.read_text().strip(), authority.read_text().strip()} <= double.trusted("com.android.systemui")


def test_what_forbids_it_is_told_with_what_to_do(android, authority):
    double = android(api=34, root="magisk", denied=("mount",))
    before = double.snapshot()
    store = ready(double)
    with pytest.raises(EnvironmentProblem, match="SELinux or the root manager forbids it"):
        store.trust(authority, ignore)
    store.remove()
    assert double.snapshot() == before


def test_a_root_shell_with_mounts_of_its_own_works_on_those_of_the_device(android, authority):
    double = android(api=34, root="magisk", lonely_su=True)
    ready(double).trust(authority, ignore)
    assert authority.read_text().strip() in double.trusted("com.android.systemui")


def test_a_root_manager_that_keeps_mounts_to_itself_is_told(android, authority):
    double = android(api=29, root="magisk", private_mounts=True, absent=("nsenter",))
    store = ready(double)
    with pytest.raises(EnvironmentProblem, match="could not be bound over the old one"):
        store.trust(authority, ignore)


@pytest.mark.parametrize("root", ["adbd", "magisk"])
def test_before_android_10_it_is_written_into_the_system_where_nothing_can_be_laid_over_it(root, android, authority):
    double = android(api=24, root=root, absent=("nsenter",), private_mounts=True)
    store = ready(double)
    before = double.snapshot()
    noted = []
    store.trust(authority, lambda *change: noted.append(change))
    assert [kind for kind, _ in noted] == [KIND, WRITTEN]
    assert noted[1][1]["read_only"] is True
    assert authority.read_text().strip() in double.trusted("com.android.systemui")
    after = double.snapshot()
    assert {path for path in after["files"] if path not in before["files"]} == {f"{STORE}/c8750f0d.0"}
    assert after["mounts"] == before["mounts"]
    for _ in range(2):
        store.unwrite(noted[1][1])
        assert double.snapshot() == before


def test_a_system_that_stays_read_only_is_told_with_both_reasons(android, authority):
    double = android(api=24, root="magisk", private_mounts=True, absent=("nsenter",), read_only_system=True)
    store = ready(double)
    before = double.snapshot()
    noted = []
    with pytest.raises(EnvironmentProblem, match=r"could not be bound over the old one.* Nor could it be written"):
        store.trust(authority, lambda *change: noted.append(change))
    store.unwrite(noted[1][1])
    assert double.snapshot() == before


def test_no_other_file_is_taken_away(android):
    double = android(api=24, root="magisk")
    before = double.snapshot()
    ready(double).unwrite({"file": "/system/build.prop", "point": "/system", "read_only": True})
    assert double.snapshot() == before
