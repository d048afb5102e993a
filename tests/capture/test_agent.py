from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import frida
import pytest

from analyzer.capture.agent import Agent
from analyzer.capture.agent_build import build_agent
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_java import find_java
from analyzer.model.evidence import Event, Gap, HookState, Process, Stack
from analyzer.model.vocabulary import Ending, GapKind, HookKind, HookStatus
from analyzer.packs.catalog import load_catalog
from analyzer.packs.catalog_entries import Catalog, Hook, Target

PROGRAMS = Path(__file__).parents[1] / "lab_programs" / "programs.jar"
METHODS = [
    "flag",
    "small",
    "shorter",
    "letter",
    "number",
    "wide",
    "single",
    "fraction",
    "mixed",
    "twice",
    "touch",
    "touchQuietly",
    "factorial",
    "depth",
    "over",
    "echo",
    "same",
    "sorted",
    "objects",
    "fill",
    "bytes",
    "join",
    "list",
    "generic",
    "length",
    "fails",
    "count",
    "holds",
    "<init>",
]
END_SECONDS = 30
JAVA = str(find_java().home / "bin" / "java") if platform.machine() in ("x86_64", "AMD64") else ""

pytestmark = [pytest.mark.lab, pytest.mark.skipif(not JAVA, reason="the lab's JVM needs an x86-64 machine")]


class ListSink:
    """Keeps the records of one run that many tests look at."""

    def __init__(self) -> None:
        self.records = []

    def append(self, record) -> None:
        self.records.append(record)

    def of(self, kind: type) -> list:
        return [record for record in self.records if isinstance(record, kind)]


def target_hook(method: str) -> Hook:
    name = f"target.{method.strip('<>').lower()}"
    return Hook(name, "target", HookKind.READ, Target(("program.Target",), method))


class Run:
    """One program under the agent, from its gate to its end."""

    def __init__(self, sink, bundle: str, catalog: Catalog, program: str) -> None:
        self.output = bytearray()
        self.ended = threading.Event()
        self.seen = []
        device = frida.get_local_device()
        agent = Agent(bundle, catalog, sink, self.seen.append)
        device.on("output", self._on_output)
        pid = device.spawn([JAVA, "-cp", str(PROGRAMS), f"program.{program}"], stdio="pipe")
        self.process = Process(pid, "program")
        try:
            agent.attach(device, self.process)
            self.clock = agent.sample_clock(self.process, 1)
            device.resume(pid)
            end = time.monotonic() + END_SECONDS
            while agent.processes() and time.monotonic() < end:
                time.sleep(0.02)
            self.alive = bool(agent.processes())
        finally:
            agent.close()
            device.off("output", self._on_output)
            if self.alive:
                device.kill(pid)
        self.events = sink.of(Event)
        self.gaps = sink.of(Gap)
        self.stacks = {stack.id: stack.frames for stack in sink.of(Stack)}
        self.states = {state.hook: state for state in sink.of(HookState)}

    def _on_output(self, pid: int, fd: int, data: bytes) -> None:
        if pid == self.process.pid and fd == 1:
            self.output += data

    def of(self, hook: str) -> list[Event]:
        return [event for event in self.events if event.hook == hook]

    alive = False
    process = Process(0, "")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> str:
    return build_agent(tmp_path_factory.mktemp("agent")).source


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    hooks = [*load_catalog().hooks.values(), *map(target_hook, METHODS)]
    return Catalog({hook.id: hook for hook in hooks})


@pytest.fixture(scope="module")
def calls(bundle, catalog) -> Run:
    return Run(ListSink(), bundle, catalog, "Calls")


def plain(program: str) -> str:
    command = [JAVA, "-cp", str(PROGRAMS), f"program.{program}"]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).stdout.decode()


def test_the_app_sees_no_difference_and_ends_by_itself(calls):
    assert calls.output.decode() == plain("Calls")
    assert not calls.alive
    assert len(calls.events) > 200


def test_the_first_instruction_is_seen_and_every_hook_answers(calls, catalog):
    first = calls.of("target.init")[0]
    assert [value.text for value in first.arguments] == ["first"]
    assert set(calls.states) == {hook.id for hook in catalog.hooks.values() if hook.family != "tap"}
    assert calls.states["target.echo"].status is HookStatus.ARMED
    assert calls.states["telephony.imei"].status is HookStatus.CLASS_ABSENT
    assert calls.clock.offset_us == 0


def test_events_carry_values_exceptions_threads_and_stacks(calls):
    threw = [event for event in calls.of("target.fails") if event.ending is Ending.THREW]
    assert threw[0].exception == "java.lang.Exception: checked"
    mixed = calls.of("target.mixed")[0]
    assert [v.text for v in mixed.arguments] == ["1", "2", "3.5", "4.25", "five", "6", "true", "99", ""]
    assert mixed.result.text == "1 2 3.5 4.25 five 6 true c null"
    assert mixed.thread.name == "main"
    assert calls.stacks[mixed.stack][1].startswith("program.Calls.plain(Calls.java:")
    names = {event.thread.name for event in calls.of("target.count")} - {"main"}
    assert names, "the threads that were not sampled away carry their own names"
    assert names <= {f"Thread-{number}" for number in range(4)}


def test_values_are_bounded(calls):
    longest = max(calls.of("target.echo"), key=lambda event: len(event.arguments[0].text))
    assert len(longest.arguments[0].text) == 8192
    assert longest.arguments[0].truncated


def test_sequence_numbers_follow_the_calls_of_a_thread(calls):
    numbers = [record.seq for record in calls.events]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(numbers)
    assert calls.seen == calls.events


def test_a_flood_of_one_caller_is_sampled_and_the_rest_is_counted(calls):
    gaps = [gap for gap in calls.gaps if gap.kind is GapKind.EVENTS_SAMPLED and gap.subject == "target.count"]
    left = sum(int(gap.why.split()[0]) for gap in gaps)
    assert left > 0
    assert left + len(calls.of("target.count")) == 1001
    lost = gaps[0].stamp.mono_us
    recorded = [event.stamp.mono_us for event in calls.of("target.count") if event.stamp.mono_us <= lost]
    assert len(recorded) >= 200
    assert lost - recorded[-200] < 1_000_000, "it stands at the first call lost, in the second of those recorded"
    assert calls.of("target.count")[0].stamp.mono_us < gaps[0].stamp.mono_us


def test_reflection_fires_the_hook_of_the_method_itself(calls):
    assert "reflected" in [event.arguments[0].text for event in calls.of("target.echo")]
    assert "made" in [event.arguments[0].text for event in calls.of("target.init") if event.arguments]


def test_digests_macs_and_ciphers_report_input_output_and_key(calls):
    identifier = b"490154203237518"
    digests = [dict(event.this.fields) for event in calls.of("crypto.digest")]
    assert [fields["input"].data for fields in digests] == [identifier] * 5
    outputs = {event.result.data for event in calls.of("crypto.digest")}
    assert sorted(len(output) for output in outputs) == [32, 64]
    (mac,) = calls.of("crypto.mac")
    assert dict(mac.this.fields)["key"].data == b"a key"
    first, whole, back, streamed, long = [
        event for event in calls.of("crypto.cipher") if event.ending is Ending.RETURNED
    ]
    assert dict(first.this.fields)["input"].data == bytes(20) + identifier
    assert len(first.result.data) == 48
    assert dict(whole.this.fields)["operation"].text == "encrypt"
    assert back.result.data == identifier
    assert dict(back.this.fields)["operation"].text == "decrypt"
    assert (dict(streamed.this.fields)["input"].data, streamed.result.data) == (identifier, whole.result.data)
    assert [len(dict(event.this.fields)["input"].data) for event in (whole, long)] == [len(identifier), 65536]
    assert [dict(event.this.fields)["input"].truncated for event in (whole, long)] == [False, True]


def test_a_connection_tells_both_ends(calls):
    connected, refused = calls.of("network.connect")
    assert connected.arguments[1].text == "127.0.0.1"
    assert int(dict(connected.this.fields)["local_port"].text) > 0
    assert connected.result.text == "0"
    assert refused.arguments[2].text == "1"
    assert any(frame.startswith("program.Calls.sockets(") for frame in calls.stacks[connected.stack])


TLS_CLIENT = """
import ssl
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
context = ssl.create_default_context()
for name in ("one.example", "two.example"):
    client = context.wrap_bio(incoming, outgoing, server_hostname=name)
    for _ in range(2):
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            pass
    print(outgoing.read()[11:43].hex(), flush=True)
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).wrap_bio(incoming, outgoing, server_side=True)
try:
    server.do_handshake()
except ssl.SSLError:
    pass
"""


def test_the_random_of_each_client_hello_is_told_once_also_by_a_library_that_is_loaded_later(sink, bundle):
    """OpenSSL and BoringSSL export the same functions; Python stands for an app with its own copy of them."""
    catalog = load_catalog()
    natives = Catalog({name: hook for name, hook in catalog.hooks.items() if hook.target.export})
    output = bytearray()
    device, agent = frida.get_local_device(), Agent(bundle, natives, sink)
    pid = device.spawn([sys.executable, "-I", "-c", TLS_CLIENT], stdio="pipe")

    def listen(source: int, descriptor: int, data: bytes) -> None:
        if (source, descriptor) == (pid, 1):
            output.extend(data)

    device.on("output", listen)
    try:
        agent.attach(device, Process(pid, "program"))
        device.resume(pid)
        end = time.monotonic() + 60
        while agent.processes() and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        agent.close()
        device.off("output", listen)
    told = [dict(event.this.fields) for event in sink.of(Event) if event.hook == "network.tls_handshake"]
    assert [fields["client_random"].data.hex() for fields in told] == output.decode().split()
    assert len(told) == 2
    assert all("ssl" in fields["library"].text for fields in told)


def test_no_gap_is_left_by_an_app_that_ends_by_itself(calls):
    assert {gap.kind for gap in calls.gaps} <= {GapKind.EVENTS_SAMPLED}


def test_a_class_of_a_foreign_loader_is_hooked_before_it_is_handed_out(sink, bundle, catalog):
    # A hooked constructor makes the VM initialise its class; no other hook does.
    quiet = Catalog({name: hook for name, hook in catalog.hooks.items() if name != "target.init"})
    run = Run(sink, bundle, quiet, "Late")
    assert run.output.decode() == plain("Late")
    assert [event.arguments[0].text for event in run.of("target.echo")] == [
        "from a foreign loader",
        "from our own loader",
    ]
    assert any(state.detail.startswith("late:") for state in sink.of(HookState))
    assert run.events[-1].hook in ("process.exit", "process.halt")


def test_a_killed_process_leaves_a_gap(sink, bundle, catalog):
    device = frida.get_local_device()
    agent = Agent(bundle, catalog, sink)
    pid = device.spawn([JAVA, "-cp", str(PROGRAMS), "program.Calls"], stdio="pipe")
    agent.attach(device, Process(pid, "program"))
    device.kill(pid)
    end = time.monotonic() + 60
    while agent.processes() and time.monotonic() < end:
        time.sleep(0.02)
    agent.close()
    assert [gap.kind for gap in sink.of(Gap)] == [GapKind.AGENT_LOST]


def _threads(pid):
    return [file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/stat")]


def test_a_process_that_is_frozen_keeps_nobody_waiting(sink, bundle):
    """Android freezes apps that are out of sight; the agent in them answers nothing then."""
    device, agent = frida.get_local_device(), Agent(bundle, Catalog({}), sink, domain="frozen")
    process = Process(device.spawn([sys.executable, "-I", "-c", "import time; time.sleep(600)"], stdio="pipe"), "p")
    agent.attach(device, process)
    device.resume(process.pid)
    assert agent.sample_clock(process, 1) is not None
    os.kill(process.pid, signal.SIGSTOP)
    until = time.monotonic() + 60
    while any(
        state.rpartition(")")[2].split()[0] != "T" for state in _threads(process.pid)
    ):  # the kernel stops one thread after another
        assert time.monotonic() < until
        time.sleep(0.01)
    agent.flush(0.3)
    assert agent.sample_clock(process, 2) is None
    agent.close()
    os.kill(process.pid, signal.SIGKILL)


def test_a_missing_process_is_said_in_one_sentence(sink, bundle, catalog):
    agent = Agent(bundle, catalog, sink)
    with pytest.raises(EnvironmentProblem, match="could not be loaded into process gone"):
        agent.attach(frida.get_local_device(), Process(2**22 - 1, "gone"))
    agent.close()


def test_an_arming_that_is_given_up_says_so_and_does_not_blame_the_clock(sink, bundle, catalog):
    device, agent = frida.get_local_device(), Agent(bundle, catalog, sink)
    process = Process(device.spawn([sys.executable, "-I", "-c", "pass"], stdio="pipe"), "p")
    agent.cancel()
    with pytest.raises(EnvironmentProblem, match="stopped before the agent was in process p"):
        agent.attach(device, process)
    agent.close()
    device.kill(process.pid)


def test_a_full_disk_is_raised_by_the_next_flush(sink, bundle, catalog):
    device = frida.get_local_device()
    agent = Agent(bundle, catalog, sink)
    pid = device.spawn([JAVA, "-cp", str(PROGRAMS), "program.Late"], stdio="pipe")
    sink.full = True
    agent.attach(device, Process(pid, "program"))
    device.resume(pid)
    end = time.monotonic() + 60
    while agent.processes() and time.monotonic() < end:
        time.sleep(0.02)
    with pytest.raises(OSError, match="No space left"):
        agent.flush()
    with pytest.raises(OSError, match="No space left"):
        agent.close()
