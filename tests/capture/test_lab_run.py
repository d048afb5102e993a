from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analyzer.capture.device import AppEvent, EnvironmentProblem, GivenUp
from analyzer.capture.lab_run import LabRun, LaunchPlan
from analyzer.capture.lab_watch import started_at
from analyzer.model.evidence import Process

STAND_IN = Path(__file__).parent / "stand_in.py"
PATIENCE = 60.0


class Story:
    """What a run told, in order, and the processes that were held for the agent."""

    def __init__(self) -> None:
        self.told: list[AppEvent] = []
        self.held: list[Process] = []
        self.news = threading.Condition()

    def on_gated(self, _device: object, process: Process) -> None:
        self.held.append(process)

    def on_event(self, event: AppEvent) -> None:
        with self.news:
            self.told.append(event)
            self.news.notify_all()

    def kinds(self, kind: str) -> list[str]:
        return [event.detail for event in self.told if event.kind == kind]

    def wait_for(self, kind: str, count: int = 1) -> list[str]:
        with self.news:
            assert self.news.wait_for(lambda: len(self.kinds(kind)) >= count, PATIENCE), self.told
        return self.kinds(kind)


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def run(story: Story, tmp_path: Path) -> Iterator[Callable[[str], LabRun]]:
    runs: list[LabRun] = []

    def start(wish: str) -> LabRun:
        def command(name: str, control: str, token: str) -> list[str]:
            return [sys.executable, str(STAND_IN), control, token, name, wish]

        plan = LaunchPlan("org.a", command, {"LANG": "C.UTF-8"}, tmp_path, tmp_path / "log" / "a.log")
        runs.append(LabRun(plan, story.on_gated, story.on_event))
        runs[-1].start("org.a")
        return runs[-1]

    yield start
    pids = [process.pid for made in runs for process in made.running()]
    for made in runs:
        made.stop()
        made.stop()
    assert [pid for pid in pids if started_at(pid)] == []
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lab-")] == []


def test_a_process_is_held_until_the_agent_is_in_place(
    story: Story, run: Callable[[str], LabRun], tmp_path: Path
) -> None:
    seen: list[str] = []

    def arm_slowly(_device: object, process: Process) -> None:
        time.sleep(0.5)  # an ordinary start takes a tenth of this
        seen.append(f"{process.name} {story.kinds('resumed')} {(tmp_path / 'log' / 'a.log').read_text()}")

    story.on_gated = arm_slowly  # type: ignore[method-assign]
    run("live")
    assert seen == ["org.a [] "]
    story.wait_for("resumed")
    assert [event.kind for event in story.told] == ["process_started", "resumed"]


def test_the_main_process_does_what_it_is_asked(run: Callable[[str], LabRun]) -> None:
    assert run("live").ask("tap", x=540) == {"did": "tap", "x": 540}


def test_a_second_process_is_started_once_and_held_too(story: Story, run: Callable[[str], LabRun]) -> None:
    running = run("second")
    story.wait_for("resumed", 2)
    assert [process.name for process in story.held] == ["org.a", "org.a:remote"]
    assert [process.name for process in running.running()] == ["org.a", "org.a:remote"]
    running.stop()
    assert sorted(story.kinds("process_ended")) == ["org.a", "org.a:remote"]
    assert story.kinds("exited") == []


@pytest.mark.parametrize(("problem", "crashes"), [(EnvironmentProblem, 1), (GivenUp, 0)])
def test_a_second_process_that_is_given_up_by_who_stops_did_not_crash(story, run, problem, crashes) -> None:
    held = threading.Event()

    def refuse_second(_device: object, process: Process) -> None:
        if process.name != "org.a":
            held.set()
            raise problem("no agent")

    story.on_gated = refuse_second  # type: ignore[method-assign]
    running = run("second")
    assert held.wait(PATIENCE)
    running.stop()
    assert len(story.kinds("crashed")) == crashes


def test_a_crash_brings_its_trace_before_the_end(story: Story, run: Callable[[str], LabRun]) -> None:
    run("crash")
    story.wait_for("process_ended")
    assert story.kinds("crashed") == ["java.lang.IllegalStateException: boom"]
    assert story.told[-1].kind == "process_ended"


def test_an_app_that_ends_itself_has_exited_and_not_crashed(story: Story, run: Callable[[str], LabRun]) -> None:
    run("exit")
    story.wait_for("process_ended")
    assert story.kinds("exited") == ["ended by itself"]
    assert story.kinds("crashed") == []


@pytest.mark.parametrize("wish", ["vanish", "die-early"])
def test_a_process_that_ends_without_a_word_crashed(story: Story, run: Callable[[str], LabRun], wish: str) -> None:
    running = run(wish)
    story.wait_for("process_ended")
    assert story.kinds("crashed")[0].startswith("org.a ended without a word; it last printed: org.a wishes")
    with pytest.raises(EnvironmentProblem):
        running.ask("hierarchy")


def test_a_process_that_cuts_its_line_is_ended(story: Story, run: Callable[[str], LabRun]) -> None:
    run("cut")
    assert story.wait_for("process_ended") == ["org.a"]


def test_a_process_that_hangs_is_ended_by_force(story: Story, run: Callable[[str], LabRun]) -> None:
    running = run("hang")
    story.wait_for("resumed")
    (process,) = running.running()
    running.stop()
    assert started_at(process.pid) == ""
    assert story.kinds("process_ended") == ["org.a"]


def test_a_process_whose_agent_fails_never_runs(story: Story, run: Callable[[str], LabRun], tmp_path: Path) -> None:
    def refuse(_device: object, _process: Process) -> None:
        raise ValueError("no agent")

    story.on_gated = refuse  # type: ignore[method-assign]
    with pytest.raises(ValueError, match="no agent"):
        run("live")
    story.wait_for("process_ended")
    assert (tmp_path / "log" / "a.log").read_bytes() == b""


def test_what_the_app_prints_is_kept(story: Story, run: Callable[[str], LabRun], tmp_path: Path) -> None:
    run("live")
    story.wait_for("resumed")
    end = time.monotonic() + PATIENCE
    while b"org.a wishes live" not in (tmp_path / "log" / "a.log").read_bytes():  # it comes by another way
        assert time.monotonic() < end
        time.sleep(0.02)
