"""Trouble at random instants, done to the real chain: what is lost is held against the app's own log.

The app of these tests reads an id every 20 ms and sends a request every 60 ms, in two processes, and writes down each.
At most 250 ms of records may be missing, and a gap says so. What counts is the time that is the product's: a call goes
from the app through Frida's host to the analyzer, which writes it; a request from the app to the proxy, which does. For
as long as one of these was ready to run and the machine ran something else, between the first record that is missing
and the fault, no program could have written it, and only that is taken off. What a program itself waits for, sleeps or
works is not.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
from fault_kinds import KILLS, OTHERS, Fault, Victim, clock_environment, missing
from fault_losses import Loss, lost, read_truth
from fault_waits import Waits, now_us
from faults import OURS, ROOT, gone, left_behind, mentioning, ours, run

from analyzer.store.keys import public_hex, workspace_key
from analyzer.store.reader import read_session
from analyzer.store.verify import Signer, verify
from analyzer.workflows.analyze import Lens
from analyzer.workflows.home import Home
from analyzer.workflows.replay import replay

MOST_MS = 250
MOST_OWN_S = 60
"""So long of its own time a command may take to end, the device's and the proxy's end included."""
APP, PROXY, HOST = OURS
SHORT, ALL, EACH = 5, 100, 3
BUILDER = ROOT / "scripts" / "build_lab.py"
KINDS = {**KILLS, **OTHERS}
KILLED = [(list(KILLS)[seed % len(KILLS)], seed) for seed in range(ALL)]
SEEDS = [
    *KILLED[:SHORT],
    *(pytest.param(*one, marks=pytest.mark.long) for one in KILLED[SHORT:]),
    *(pytest.param(kind, seed, marks=pytest.mark.long) for seed in range(EACH) for kind in OTHERS),
]

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def ticking(tmp_path_factory) -> Path:
    sys.path.insert(0, str(BUILDER.parent))
    spec = importlib.util.spec_from_file_location("build_lab", BUILDER)
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    try:
        javac = builder.find_javac()
    except builder.BuildProblem as problem:
        pytest.skip(str(problem))
    jar = tmp_path_factory.mktemp("ticking") / "ticking.jar"
    builder.build_app(javac, ROOT / "tests/lab_apps/ticking", jar, builder.LAB / "lab.jar")
    return jar


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "w"
    folder.mkdir()
    yield folder
    for pid in left_behind(folder):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(("name", "seed"), SEEDS)
def test_trouble_at_any_moment_costs_a_quarter_of_a_second_at_most(
    name, seed, ticking, workspace, warm, record_property
):
    fault, dice = KINDS[name], Random(f"{name} {seed}")
    if lack := missing(fault.needs):
        assert not os.environ.get("CI"), lack
        pytest.skip(lack)
    before = _outside(workspace.parent)
    with ExitStack() as stack:
        if fault.needs == "mount":
            _small_disk(workspace, stack)
        warm(workspace)
        loss, stalled = _suffer(fault, dice, ticking, workspace, stack)
        begun = time.process_time()
        gaps = _reopen(workspace)
        seconds = time.process_time() - begun
    record_property("fault", (name, loss.records, loss.ms, stalled, seconds))
    print(f"{seed:3} {name:24} {loss} of these {stalled:.0f} waited, reopened in {seconds:.1f} s; {sorted(gaps)}")
    assert _outside(workspace.parent) - before <= {"w", "clock", "home", "temporary"}
    assert not list((workspace.parent / "home").rglob("*"))
    if fault.codes != (-signal.SIGKILL,):
        assert not list((workspace.parent / "temporary").rglob("*"))
    if loss.records or loss.later:
        assert fault.gaps & gaps, f"{loss} and only these gaps: {gaps}"
    assert not (fault.lossless and (loss.records or loss.later)), loss
    assert loss.ms - stalled <= MOST_MS, f"{loss}; the machine kept the writers waiting for {stalled:.0f} of these"


def _suffer(fault: Fault, dice: Random, jar: Path, workspace: Path, stack: ExitStack) -> tuple[Loss, float]:
    """Record, do the bad thing at a random instant, let it end, and measure."""
    home, temporary = workspace.parent / "home", workspace.parent / "temporary"
    home.mkdir()
    temporary.mkdir()
    environment = {"HOME": str(home), "TMPDIR": str(temporary), **clock_environment(workspace.parent)}
    command = run(
        workspace, "--apk", jar, "--dwell", "600", "--consent", "ignore", package="com.ticking", env=environment
    )
    stack.callback(command.abandon)
    victim = Victim(command, workspace, dice)
    with Waits(lambda: {command.pid: "analyzer", **ours(workspace)}) as waits:
        _await_ticks(workspace, b'"com.ticking:more"' if fault.second else b'"com.ticking"')
        time.sleep(dice.uniform(0, 3))
        waits.look()
        at_us = now_us()
        fault.do(victim)
        at_us = at_us if fault.stops else max(at_us, now_us() - 1000)
    if not fault.stops:
        time.sleep(1.0)
        command.signal(signal.SIGINT)
    ended = command.end()
    for undo in reversed(victim.undo):
        undo()
    assert ended.code in fault.codes, ended.err
    assert ended.own <= MOST_OWN_S, f"it took {ended.own:.0f} s of its own to end"
    assert "Traceback" not in ended.err
    if ended.code >= 0:
        assert not list(mentioning(str(workspace.parent)))
    (session,) = workspace.glob("sessions/2*")
    (truth,) = workspace.glob("lab/truth/*/*.jsonl")
    found = read_session(session)
    loss = lost(read_truth(truth), found, at_us)
    fault.told(found)
    assert gone(workspace) or ended.code < 0
    through = {APP, *((HOST, "analyzer") if loss.calls else ()), *((PROXY,) if loss.requests else ())}
    return loss, min(loss.ms, waits.between(at_us - round(loss.ms * 1000), at_us, through))


def _await_ticks(workspace: Path, process: bytes, seconds: float = 240) -> None:
    """Wait until a process of the app has written down that it did something."""
    end = time.monotonic() + seconds
    while not any(process in log.read_bytes() for log in workspace.glob("lab/truth/*/*.jsonl")):
        assert time.monotonic() < end, f"{process!r} did nothing"
        time.sleep(0.05)


def _reopen(workspace: Path) -> frozenset[str]:
    """Do what a person would do next: seal and analyse, then verify; gives the kinds of gaps."""
    home = Home(workspace)
    result = replay(home, "latest", Lens()).result
    found = verify(result.path, public_hex(workspace_key(home.workspace.key_file)))
    assert not found.problems
    assert found.signer is not Signer.NOBODY
    return frozenset(gap.kind for gap in result.document.gaps)


def _small_disk(workspace: Path, stack: ExitStack) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "none", workspace], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this needs the right to mount a small file system")
    stack.callback(subprocess.run, ["umount", "-l", workspace], check=True)


def _outside(folder: Path) -> set[str]:
    return {path.relative_to(folder).parts[0] for path in folder.iterdir()}
