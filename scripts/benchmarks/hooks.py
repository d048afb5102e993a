# ruff: noqa: INP001, T201 - a script, in no package; what it prints is the answer
"""Measures what the agent's hooks cost an app, against a hook that only calls through; see --help."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import frida

from analyzer.capture import agent_config
from analyzer.capture.agent import Agent
from analyzer.capture.agent_build import build_agent
from analyzer.capture.lab_java import find_java
from analyzer.model.evidence import Event, Gap, HookState, Process, Record, Stack
from analyzer.model.vocabulary import GapKind, HookKind, HookStatus
from analyzer.packs.catalog_entries import Catalog, Hook, Target

PROGRAMS = Path(__file__).resolve().parents[2] / "tests" / "lab_programs" / "programs.jar"
BRIDGE_ENDS = "const Java = bridge;\n"
BARE = """
{
  const plain = Java.performNow;
  let done = false;
  const gettime = new NativeFunction(Module.getGlobalExportByName("clock_gettime"), "int", ["int", "pointer"]);
  const time = Memory.alloc(16);
  const cpu = () => gettime(2, time) || time.readLong() * 1e3 + time.add(8).readLong() / 1e6;
  Java.performNow = (work) => plain.call(Java, () => {
    const begin = Date.now();
    const used = cpu();
    work();
    if (done) return;
    done = true;
    const method = Java.use("program.Bench").bare;
    method.implementation = function (key) { return method.call(this, key); };
    Script.nextTick(() => {
      const d = `${cpu() - used} ${Date.now() - begin}`;
      send({ t: "batch", n: 0, r: [{ k: "hook", h: "bench.up", st: "armed", d, s: 0, m: 0, w: begin * 1000 }] });
    });
  });
}
"""
"""A hook that calls through, in the script of the agent; it tells how long arming took from the VM's start."""

UP = "bench.up"
NO_LIMIT = 10**9
LIMITS = {"repeated-6": 1.3, "repeated-30": 1.3, "first-14": 4.0}
NAMES = {
    "repeated-6": "recorded event, its stack known, 6 calls deep",
    "repeated-30": "recorded event, its stack known, 30 calls deep",
    "first-14": "recorded event with a stack never seen before",
}
ARMED_MS = 400


@dataclass
class Counting:
    """Keeps what the tables need of each record, and not the record."""

    events: Counter[str] = field(default_factory=Counter)
    calls: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    sampled: Counter[str] = field(default_factory=Counter)
    stacks: int = 0
    armed: int = 0
    arming_ms: list[float] = field(default_factory=list)

    def append(self, record: Record) -> None:
        """Take one record."""
        if isinstance(record, Event):
            words = record.arguments[0].text.split() if record.arguments else [""]
            self.events[record.hook] += 1
            if len(words) > 1:
                self.calls[f"{record.hook} {words[0]}"].append(int(words[1]))
        elif isinstance(record, Stack):
            self.stacks += 1
        elif isinstance(record, HookState) and record.hook == UP:
            self.arming_ms = [float(word) for word in record.detail.split()]
        elif isinstance(record, HookState):
            self.armed += record.status is HookStatus.ARMED
        elif isinstance(record, Gap) and record.kind is GapKind.EVENTS_SAMPLED:
            self.sampled[record.subject] += int(record.why.split()[0])
        elif isinstance(record, Gap):
            raise SystemExit(f"the agent left a gap: {record.why}")


def options(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench hooks", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=40, help="rounds of 100 calls of each kind; the table shows medians"
    )
    parser.add_argument("--threads", type=int, default=8, help="threads that call at once")
    parser.add_argument("--calls", type=int, default=100_000, help="calls of each of these threads")
    parser.add_argument("--flood", type=int, default=50_000, help="calls of a flood")
    parser.add_argument("--armings", type=int, default=5, help="times that 350 hooks are armed; the fastest counts")
    return parser.parse_args(words)


def hook(name: str, class_name: str, method: str) -> Hook:
    """Make an entry like those of the catalog that read a value."""
    return Hook(name, "bench", HookKind.READ, Target((class_name,), method))


READS = {name: hook(f"bench.{name}", "program.Bench", name) for name in ("recorded", "quiet")}
MANY = [hook(f"many.{c.lower()}{m}", f"program.Many${c}", f"m{m}") for c in "ABCDEFG" for m in range(50)]


def run(bundle: str, hooks: list[Hook], *words: str) -> tuple[Counting, dict[str, list[str]]]:
    """Run the lab program under the agent; give what was counted, and what it printed, by the first word of a line."""
    printed = bytearray()
    ended = threading.Event()
    device = frida.get_local_device()

    def listen(pid: int, fd: int, data: bytes) -> None:
        if pid == process.pid and fd == 1:
            printed.extend(data)
            if not data:
                ended.set()

    counting = Counting()
    agent = Agent(bundle, Catalog({one.id: one for one in hooks}), counting)
    java = str(find_java().home / "bin" / "java")
    process = Process(device.spawn([java, "-cp", str(PROGRAMS), "program.Bench", *words], stdio="pipe"), "bench")
    device.on("output", listen)
    agent.attach(device, process)
    device.resume(process.pid)
    ended.wait()
    while agent.processes():
        time.sleep(0.05)
    agent.close()
    device.off("output", listen)
    lines = [line.split() for line in printed.decode().splitlines()]
    return counting, {" ".join(line[:-2]) if line[0] == "time" else line[0]: line[1:] for line in lines}


def row(name: str, *cells: str) -> None:
    """Print one line of a table."""
    print(f"{name:<52}" + "".join(f"{cell:>14}" for cell in cells))


def verdict(kept: bool) -> str:  # noqa: FBT001 - it is the question
    """Say whether a limit was kept."""
    return "kept" if kept else "NOT kept"


def costs(bundle: str, rounds: int) -> None:
    """Print what one call costs, by kind, against the hook that only calls through."""
    agent_config.LIMITS["callsPerSecond"] = NO_LIMIT
    _, said = run(bundle, list(READS.values()), "times", str(rounds))
    row("cost of a call", "median µs", "9 of 10 µs", "times bare", "limit", "")
    for kind, limit in LIMITS.items():
        bare = int(said[f"time {kind} bare"][-2])
        for name, title in (("free", "no hook"), ("bare", "a hook that only calls through"), ("recorded", NAMES[kind])):
            median, most = (int(figure) for figure in said[f"time {kind} {name}"][-2:])
            ratio = median / bare
            judged = (f"{limit:.1f}", verdict(ratio <= limit)) if name == "recorded" else ("", "")
            row(title, f"{median / 1000:.2f}", f"{most / 1000:.2f}", f"{ratio:.2f}", *judged)


def promises(bundle: str, wanted: argparse.Namespace) -> None:
    """Print whether calls are lost, put out of order or starved, and how long arming takes."""
    agent_config.LIMITS["callsPerSecond"] = NO_LIMIT
    print()
    row("what must hold", "wanted", "found", "")
    crowd, said = run(bundle, list(READS.values()), "threads", str(wanted.threads), str(wanted.calls))
    total, recorded = wanted.threads * wanted.calls, crowd.events["bench.recorded"]
    row(f"calls of {wanted.threads} threads recorded", str(total), str(recorded), verdict(total == recorded))
    disorder = sum(calls != list(range(wanted.calls)) for calls in crowd.calls.values())
    row("threads with a call out of order or lost", "0", str(disorder), verdict(disorder == 0))
    row("calls per second", "", f"{total / (int(said['took'][0]) / 1e9):.0f}", "")
    tries = [run(bundle, [*READS.values(), *MANY], "threads", "1", "1")[0] for _ in range(wanted.armings)]
    busy, took = (min(one.arming_ms[which] for one in tries) for which in (0, 1))
    row(
        f"ms from the VM's start to armed, fastest of {wanted.armings}",
        f"<= {ARMED_MS}",
        f"{took:.0f}",
        verdict(took <= ARMED_MS),
    )
    row("  CPU ms of the whole process meanwhile", "", f"{busy:.0f}", "")
    many = tries[0]
    row("hooks armed", str(len(MANY) + 2), str(many.armed), verdict(many.armed == len(MANY) + 2))
    agent_config.LIMITS["callsPerSecond"] = DEFAULT
    flood, said = run(bundle, list(READS.values()), "flood", str(wanted.flood))
    beside = int(said["beside"][0])
    seen = flood.events["bench.recorded"] + flood.sampled["bench.recorded"]
    row("calls of a flood recorded or counted in a gap", str(wanted.flood + beside), str(seen), "")
    row("  of these recorded", "", str(flood.events["bench.recorded"]), verdict(seen == wanted.flood + beside))
    for name, calls in (
        ("another caller's calls of the same API recorded", flood.calls["bench.recorded other"]),
        ("calls of another API meanwhile recorded", flood.calls["bench.quiet quiet"]),
    ):
        row(name, str(beside), str(len(calls)), verdict(calls == list(range(beside))))


DEFAULT = agent_config.LIMITS["callsPerSecond"]


def main(words: list[str]) -> None:
    """Run the lab program in each way, and print the two tables."""
    wanted = options(words)
    with tempfile.TemporaryDirectory(prefix="analyzer-bench-") as folder:
        bundle = build_agent(Path(folder)).source.replace(BRIDGE_ENDS, BRIDGE_ENDS + BARE, 1)
        costs(bundle, wanted.rounds)
        promises(bundle, wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
