"""Work that an app has another thread do keeps the stack of whoever asked for it."""

from __future__ import annotations

import pytest
from agent_rig import NEEDS_JVM, Observed, command, without_agent

from analyzer.capture.agent_build import build_agent
from analyzer.model.vocabulary import HookKind
from analyzer.packs.catalog import load_catalog
from analyzer.packs.catalog_entries import Hook, Target

pytestmark = [*NEEDS_JVM]
ECHO = Hook("target.echo", "target", HookKind.READ, Target(("program.Target",), "echo"))


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Observed:
    hooks = [ECHO, *(hook for hook in load_catalog().hooks.values() if hook.special in ("hands", "takes"))]
    return Observed(build_agent(tmp_path_factory.mktemp("agent")).source, hooks, command("Threads"))


def frames_of(run: Observed, text: str, number: int = 0) -> list[str]:
    event = [event for event in run.events if event.arguments[0].text == text][number]
    return [frame.partition("(")[0] for frame in run.stacks[event.stack]]


def test_the_app_notices_nothing(seen):
    assert seen.lines == without_agent(command("Threads"))
    assert seen.gaps == []


@pytest.mark.parametrize(("text", "who"), [("for the first", "first"), ("for the second", "second")])
def test_a_task_of_a_pool_is_that_of_whoever_handed_it_in_not_of_who_made_the_thread(seen, text, who):
    frames = frames_of(seen, text)
    handed = frames.index("java.util.concurrent.ThreadPoolExecutor.execute")
    assert "java.util.concurrent.ThreadPoolExecutor.runWorker" in frames[:handed]
    assert f"program.Threads.{who}" in frames[handed:]
    assert {"program.Threads.first", "program.Threads.second"} & set(frames) == {f"program.Threads.{who}"}


def test_a_thread_keeps_the_stack_that_started_it(seen):
    frames = frames_of(seen, "alone")
    assert "program.Threads.alone" in frames[frames.index("java.lang.Thread.start") :]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("soon", "soon"),
        ("often", "often"),
        ("posted", "posts"),
        ("sent", "sends"),
        ("relayed", "relays"),
        ("launched", "launches"),
    ],
)
def test_what_is_scheduled_posted_or_launched_is_that_of_whoever_asked_for_it(seen, text, who):
    frames = frames_of(seen, text)
    assert "rx.Work.run" in frames
    assert {frame for frame in frames if frame.startswith("program.Threads.")} - {"program.Threads.main"} == {
        f"program.Threads.{who}"
    }


def test_what_is_scheduled_again_and_again_keeps_its_origin(seen):
    assert "program.Threads.often" in frames_of(seen, "often", 1)


def test_a_timer_works_for_anybody_and_has_no_origin(seen):
    assert "program.Threads.main" not in frames_of(seen, "by a timer")
