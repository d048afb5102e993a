from __future__ import annotations

import hashlib

import pytest

from analyzer.capture.android_packages import AndroidPackages, remove_copies
from analyzer.capture.android_shell import AndroidShell, Said
from analyzer.capture.device import EnvironmentProblem

CAMERA, CONTACTS = "android.permission.CAMERA", "android.permission.READ_CONTACTS"
FACTS = {"permissions": [CAMERA, CONTACTS], "version": "3.2", "version_code": 302, "target_sdk": 31}


@pytest.fixture
def double(android):
    double = android()
    double.add_package("com.example", activity="com.example.MainActivity", **FACTS)
    return double


@pytest.fixture
def packages(double):
    return AndroidPackages(AndroidShell(double.serial, double.server))


def test_an_installed_app_is_described(packages, double):
    facts = packages.facts("com.example")
    assert (facts.version_name, facts.version_code, facts.target_sdk) == ("3.2", "302", 31)
    assert facts.permissions == (CAMERA, CONTACTS)
    assert packages.uid("com.example") == double.read("packages", "com.example", "uid")


@pytest.mark.parametrize("api", [29, 36])
def test_the_user_id_is_read_under_its_name_in_every_version(api, android):
    double = android(api=api)
    uid = double.add_package("its.name")
    assert AndroidPackages(AndroidShell(double.serial, double.server)).uid("its.name") == uid


def test_a_user_that_other_apps_share_is_known_and_one_of_androids_own_is_refused(double, packages):
    assert not packages.shares_user("com.example")
    double.add_package("com.example.tied", shared_user="com.example.together")
    assert packages.shares_user("com.example.tied")
    double.change("packages", "com.example.tied", "uid", to=1000)
    with pytest.raises(EnvironmentProblem, match=r"com\.example\.tied runs as user 1000 .*Android's own"):
        packages.uid("com.example.tied")


HOSTILE = """Activity Resolver Table:
  Non-Data Actions:
      android.intent.action.MAIN:
        9a2b3c4 its.name/.Main filter 1f2e3d
          Action: "x
    userId=10057
    sharedUser=SharedUserSetting{{1 x/10057}}
    requested permissions:
      a.b
      android.permission.CAMERA: granted=true
{more}"

Packages:
  Package [its.name] (deadbee):
    userId=10123
    pkg=Package{{1 its.name}}
    versionCode=7 minSdk=21 targetSdk=30
    versionName=1
    userId=10058
    requested permissions:
      android.permission.INTERNET

Shared users:
  SharedUser [x] (1):
    userId=10059
"""


class Dumped:
    """A device that says what it is told to: a dump of packages, and a list of them."""

    serial = "s1"

    def __init__(self, more: str = "", listed: str = "") -> None:
        self._dump, self._listed = HOSTILE.format(more=more), listed

    def run(self, *words: str) -> Said:
        return Said(
            0,
            {"dumpsys": self._dump, "pm": self._listed if "-U" in words else "package:/a.apk\n"}.get(words[0], ""),
            "",
        )


@pytest.mark.parametrize("listed", ["", "package:its.name.other uid:10001\npackage:its.name uid:10123,1010123\n"])
def test_strings_of_the_app_in_what_the_device_says_are_not_taken_for_its_user(listed):
    packages = AndroidPackages(Dumped(listed=listed))  # type: ignore[arg-type]
    assert packages.uid("its.name") == 10_123
    assert not packages.shares_user("its.name")
    assert packages.permissions("its.name") == {}
    facts = packages.facts("its.name")
    assert (facts.version_code, facts.target_sdk, facts.permissions) == ("7", 30, ("android.permission.INTERNET",))


@pytest.mark.parametrize(
    ("more", "listed", "said"),
    [
        ("\nPackages:\n  Package [its.name] (1):\n    userId=10057\n", "", "cannot be told from strings"),
        ("", "package:its.name uid:10124\n", r"user 10123 \(dumpsys\) and as 10124 \(pm\)"),
    ],
)
def test_a_user_on_which_the_device_contradicts_itself_is_refused(more, listed, said):
    with pytest.raises(EnvironmentProblem, match=said):
        AndroidPackages(Dumped(more, listed)).uid("its.name")  # type: ignore[arg-type]


def test_the_digest_is_that_of_the_installed_file(packages, double):
    shell = AndroidShell(double.serial, double.server)
    shell.run("sh", "-c", "echo an app >/data/local/tmp/base.apk")
    double.change("packages", "com.example", "path", to="/data/local/tmp/base.apk")
    assert packages.facts("com.example").sha256 == hashlib.sha256(b"an app\n").hexdigest()


def test_a_missing_app_is_a_sentence_that_lists_what_there_is(packages):
    with pytest.raises(EnvironmentProblem, match=r"has no app org\.nothing; it has: com\.example\. Install one"):
        packages.facts("org.nothing")
    with pytest.raises(EnvironmentProblem, match="has no app"):
        packages.uid("org.nothing")


def test_permissions_are_read_and_changed_and_cleared_with_the_data(packages):
    assert packages.permissions("com.example") == {CAMERA: False, CONTACTS: False}
    packages.set_permission("com.example", CAMERA, granted=True)
    assert packages.permissions("com.example") == {CAMERA: True, CONTACTS: False}
    packages.clear("com.example")
    assert packages.permissions("com.example") == {CAMERA: False, CONTACTS: False}
    with pytest.raises(EnvironmentProblem, match="has not requested permission"):
        packages.set_permission("com.example", "android.permission.INTERNET", granted=True)


def test_clearing_what_is_not_there_says_what_to_do(packages):
    with pytest.raises(EnvironmentProblem, match="--keep-data"):
        packages.clear("org.nothing")


def test_an_app_is_started_and_stopped(packages, double):
    packages.start("com.example")
    assert any(one["package"] == "com.example" for one in double.read("processes").values())
    packages.stop("com.example")
    assert not any(one["package"] == "com.example" for one in double.read("processes").values())
    with pytest.raises(EnvironmentProblem, match="could not be started"):
        packages.start("org.nothing")


def known(double, tmp_path, **files):
    """Make files that the device's package manager takes for parts of an app, as `facts` say; gives their paths."""
    paths, apks = [], {}
    for name, facts in files.items():
        path = tmp_path / f"{name}.apk"
        path.write_bytes(name.encode() * 5000)
        apks[hashlib.sha256(path.read_bytes()).hexdigest()] = {"package": "its.name", **facts}
        paths.append(path)
    double.change("extra", "apks", to=apks)
    return paths


def test_one_file_or_a_base_with_its_splits_is_installed_and_leaves_nothing_behind(packages, double, tmp_path):
    base, split = known(double, tmp_path, base={"needs": "config.x86_64"}, split={"split": "config.x86_64"})
    packages.install([base, split])
    remove_copies(AndroidShell(double.serial, double.server), {"files": 2})
    assert packages.paths("its.name") == [
        "/data/app/its.name-1/base.apk",
        "/data/app/its.name-1/split_config.x86_64.apk",
    ]
    assert AndroidShell(double.serial, double.server).run("ls", "-A", "/data/local/tmp").out == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"needs": "config.de"}, "a split of the app is missing"),
        ({"refused": "INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries, res=-113"}, "of its ABI"),
        ({"refused": "INSTALL_FAILED_UPDATE_INCOMPATIBLE: Package signatures do not match"}, "uninstall it first"),
        ({"refused": "INSTALL_PARSE_FAILED_NOT_APK"}, "the file is no APK"),
        ({"refused": "INSTALL_FAILED_SOMETHING_NEW: words of a later Android"}, "words of a later Android"),
    ],
)
def test_what_the_device_refuses_is_said_in_words(facts, words, packages, double, tmp_path):
    with pytest.raises(EnvironmentProblem, match=words):
        packages.install(known(double, tmp_path, base=facts))


def test_an_installation_of_splits_that_is_not_finished_is_given_up_on_the_device_too(packages, double, tmp_path):
    files = known(double, tmp_path, base={"refused": "INSTALL_FAILED_NO_MATCHING_ABIS: none"}, split={"split": "x"})
    asked = []
    double.watch(lambda service: asked.append(service) or "install-write" in service)
    try:
        with pytest.raises(EnvironmentProblem):
            packages.install(files)
    finally:
        double.watch(None)
    assert asked[-1].startswith("shell,v2:pm install-abandon ")
