from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_apps import DESCRIPTION, parse_properties, read_app

GOOD = """# an app
package=org.stranger.app
label: Stranger
versionName = 2.1
versionCode 17
targetSdk=28
application=org.stranger.App
activity=org.stranger.Main
permissions=READ_CONTACTS, \\
    android.permission.CAMERA
process.remote=org.stranger.Remote
"""


def jar(folder: Path, description: str | None, name: str = "app.jar") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Empty.class", b"")
        if description is not None:
            archive.writestr(DESCRIPTION, description)
    return path


def test_an_app_is_known_by_its_description_alone(tmp_path: Path) -> None:
    app = read_app(jar(tmp_path, GOOD))
    assert app.facts.package == "org.stranger.app"
    assert app.facts.label == "Stranger"
    assert (app.facts.version_name, app.facts.version_code, app.facts.target_sdk) == ("2.1", "17", 28)
    assert app.facts.permissions == ("READ_CONTACTS", "android.permission.CAMERA")
    assert len(app.facts.sha256) == 64
    assert app.processes == {"remote": "org.stranger.Remote"}
    assert (app.application, app.activity) == ("org.stranger.App", "org.stranger.Main")


def test_properties_are_read_as_java_writes_them() -> None:
    text = "a\\ b=1\n! no\n  c = \\u4f60\\u597d \nd:x=y\ne\nf=one\\\n   two\ng=back\\\\\nh=1"
    assert parse_properties(text) == {
        "a b": "1", "c": "你好", "d": "x=y", "e": "", "f": "onetwo", "g": "back\\", "h": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (GOOD.replace("org.stranger.app", "../../etc"), "`package`, not '../../etc'"),
        (GOOD.replace("package=org.stranger.app\n", ""), "`package`, not ''"),
        (GOOD.replace("activity=org.stranger.Main", "activity=-Dx"), "valid `activity`"),
        (GOOD.replace("targetSdk=28", "targetSdk=new"), "targetSdk"),
        (GOOD.replace("process.remote=org", "process.a/b=org"), "process.a/b"),
        (GOOD + "#" * 100_001, "longer than"),
        (None, "is no lab app"),
    ],
)
def test_a_broken_description_is_refused_by_jar_and_key(tmp_path: Path, broken: str | None, complaint: str) -> None:
    path = jar(tmp_path, broken)
    with pytest.raises(EnvironmentProblem) as refusal:
        read_app(path)
    assert str(path) in str(refusal.value)
    assert complaint in str(refusal.value)


def test_what_is_no_archive_or_is_missing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.jar").write_text("hello")
    for name in ("text.jar", "absent.jar"):
        with pytest.raises(EnvironmentProblem, match=name):
            read_app(tmp_path / name)
