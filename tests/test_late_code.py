"""Code that comes in while an app runs: its classes are armed before they are handed out, whichever way they come."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

import pytest
from agent_rig import NEEDS_JVM, Observed, command, without_agent

from analyzer.capture.agent_build import build_agent
from analyzer.model.evidence import Event, HookState
from analyzer.model.vocabulary import GapKind, HookKind
from analyzer.packs.catalog import load_catalog
from analyzer.packs.catalog_entries import Hook, Target

pytestmark = [*NEEDS_JVM]
ECHO = Hook("target.echo", "target", HookKind.READ, Target(("program.Target",), "echo"))


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Observed:
    bundle = build_agent(tmp_path_factory.mktemp("agent")).source
    return Observed(bundle, [*load_catalog().hooks.values(), ECHO], command("Loaded"))


def said(run: Observed) -> list[str]:
    return [event.arguments[0].text for event in run.events if event.hook == ECHO.id]


def armed_before(run: Observed, text: str) -> set[str]:
    """Give the hooks that were armed late between the call before one of our own and that call."""
    late: set[str] = set()
    for record in run.records:
        if isinstance(record, HookState) and record.detail.startswith("late: "):
            late.add(record.hook)
        if isinstance(record, Event) and record.hook == ECHO.id:
            if record.arguments[0].text == text:
                return late
            late = set()
    raise AssertionError(f"nobody said {text}")


def test_the_app_notices_nothing_and_the_agent_meets_no_problem(seen):
    assert seen.lines == without_agent(command("Loaded"))
    assert seen.gaps == []


def test_every_call_in_code_that_came_late_is_seen(seen):
    assert said(seen) == [
        "a loader was made",
        "from Android's loader",
        "from a quiet loader",
        "asked by a guest",
        "a second application was attached",
        "from behind a shell",
    ]
    assert "device.adjust" in {event.hook for event in seen.events}


def test_the_classes_of_a_loader_of_androids_are_armed_when_it_is_made(seen):
    # Android finds classes in its own loaders without a call in Java, so a later moment would be too late there.
    assert {ECHO.id, "device.adjust"} <= armed_before(seen, "a loader was made")
    assert armed_before(seen, "from Android's loader") == set()


def test_a_class_that_a_loader_defines_itself_is_armed_although_its_own_method_hands_it_out(seen):
    assert armed_before(seen, "from a quiet loader") == {ECHO.id}


def test_the_classes_behind_a_shell_are_armed_when_the_real_application_is_attached(seen):
    assert {ECHO.id, "device.adjust"} <= armed_before(seen, "a second application was attached")


def test_loading_code_is_told_with_its_place_and_the_code_that_asked(seen):
    (made,) = [event for event in seen.events if event.hook == "code.dex_loader"]
    assert "programs.jar" in made.arguments[0].text
    assert any(frame.startswith("program.Loaded.dex(") for frame in seen.stacks[made.stack])


PACKED = """
import ctypes, sys
for path in sys.argv[1:]:
    ctypes.CDLL(path)
print("loaded", flush=True)
"""


def test_the_library_of_a_packer_is_told_once_with_a_gap_that_says_what_it_hides(tmp_path):
    bundle = build_agent(tmp_path / "agent").source
    code = Path(str(sysconfig.get_config_var("DESTSHARED")))
    paths = [tmp_path / "libjiagu_64.so", tmp_path / "libjiagu_x86.so", tmp_path / "libexecinfo.so"]
    for source, path in zip(sorted(code.glob("_*.so")), paths, strict=False):
        shutil.copy(source, path)
    natives = [hook for hook in load_catalog().hooks.values() if hook.target.export]
    run = Observed(bundle, natives, [sys.executable, "-I", "-c", PACKED, *map(str, paths)])
    assert run.lines == ["loaded"]
    assert [event.arguments[0].text for event in run.events if event.hook == "code.packer"] == ["libjiagu_64.so"]
    (gap,) = run.gaps
    assert gap.kind is GapKind.CODE_UNSEEN
    assert "the app is packed (libjiagu_64.so" in gap.why
