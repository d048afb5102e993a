"""An emulator or a rooted phone as a `Device`, through adb, frida-server and Android's own tools."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import frida

from analyzer.capture.android import ListedDevice
from analyzer.capture.android_clock import AndroidClock
from analyzer.capture.android_doubts import find_doubts
from analyzer.capture.android_facts import DeviceFacts as ReadFacts
from analyzer.capture.android_facts import find_lacks, read_build, read_facts
from analyzer.capture.android_packages import INSTALLING, AndroidPackages, remove_copies
from analyzer.capture.android_packets import Packets
from analyzer.capture.android_plain_run import PlainRun
from analyzer.capture.android_planting import Planting
from analyzer.capture.android_presence import Presence
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_run import AppRun, users_of
from analyzer.capture.android_screen import LOOK_FILE, SCREEN, AndroidScreen, DumpedHierarchies
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import TrustStore
from analyzer.capture.android_traffic import AndroidTraffic, TellGap
from analyzer.capture.android_trust_check import TrustSeen, check_trust
from analyzer.capture.android_tunnel import ACT_FOR_OTHERS, AndroidTunnel, Answer, Users
from analyzer.capture.android_ui_server import BY_DUMP, BY_SERVER, PreferredHierarchies, TellReader, UiServer
from analyzer.capture.android_undo import ADB_ROOT, FRIDA_SERVER, USAP, USAP_PROPERTY, undo_as_root, undo_changes
from analyzer.capture.android_values import collect_values
from analyzer.capture.android_video import Video
from analyzer.capture.apk_facts import expand, read_apk_facts
from analyzer.capture.beside import Beside
from analyzer.capture.changes import ChangeJournal
from analyzer.capture.device import EnvironmentProblem, OnAppEvent, OnGated, ScreenDump
from analyzer.capture.frida_release import find_server
from analyzer.capture.frida_server import FridaServer
from analyzer.capture.relay import Relay
from analyzer.capture.wireguard import WireGuard
from analyzer.model.evidence import AppFacts, DeviceFacts, Process
from analyzer.model.vocabulary import TrafficWay
from analyzer.packs.persona import Persona

_UPTIME_STEP_US: Final = 10_000
"""The step of `/proc/uptime`."""
_PROXY_PACKETS: Final = (
    "what the app sends by the device's proxy setting stays on its loopback, and is not among the packets"
)


def _tell_nobody(_by: str, _why: str) -> None:
    """Leave untold what reads the screen."""


NOBODY: Final = Persona("none", {})
"""The persona of a device on which nothing is planted."""


@dataclass(frozen=True, slots=True)
class AndroidSettings:
    """What an Android device is given: the app, the workspace that notes changes, a frida-server if one is named.

    `persona` is planted for each recording; it is empty unless somebody names one. `traffic` is how the app's traffic
    comes to the proxy. `ui_program` is uiautomator2's server, if it is to read the screen.
    """

    package: str
    workspace: Path
    server: Path | None = None
    persona: Persona = NOBODY
    traffic: TrafficWay = TrafficWay.REDIRECT
    ui_program: Path | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The way of the app's traffic: the relay with its ports by class, and where gaps are told.

    `prepared` is called once the device is prepared. `beside` says what is kept beside the records, if anything is.
    `wireguard` is the listener that the device comes to, where it does, and `answer` takes whose connections are.
    `tell_reader` hears what reads the screen, where that is not `uiautomator dump` from the start.
    """

    relay: Relay
    ports: Mapping[int, int]
    tell_gap: TellGap
    prepared: Callable[[], object] = int
    beside: Beside | None = None
    wireguard: WireGuard | None = None
    answer: Answer = lambda _number, _owner: None
    tell_reader: TellReader = _tell_nobody


class AndroidDevice:
    """A `Device` behind adb; see the protocol for every method.

    Every change of the device is noted on the disk before it is made; `restore` takes all of them back, and the next
    `prepare` those that a killed process left.
    """

    def __init__(self, listed: ListedDevice, server: tuple[str, int], settings: AndroidSettings) -> None:
        self.serial = listed.serial
        self._kind, self._settings = listed.kind, settings
        self._shell = AndroidShell(listed.serial, server)
        self._ports = ReversePorts(listed.serial, server)
        self._presence = Presence(listed.serial, server)
        self._packages = AndroidPackages(self._shell)
        self._screen = AndroidScreen(self._shell, DumpedHierarchies(self._shell))
        self._facts: ReadFacts | None = None
        self._way: Way | None = None
        self._frida: frida.Device | None = None
        self._tunnel: AndroidTunnel | None = None
        self._run: AppRun | PlainRun | None = None
        self._prepared = ExitStack()
        self._changes: ChangeJournal | None = None
        self._clock: AndroidClock | None = None
        self.not_planted: tuple[str, ...] = ()
        """What of the persona is not on the device, in sentences; known once it is prepared."""
        self.trust = TrustSeen("untried", "the device is not prepared")
        """Whether a TLS connection from the device trusts the proxy's authority; known once it is prepared."""
        self.not_restored = ""
        """Why the device is not as it was before; empty while it is, or will be."""

    @property
    def clock_domain(self) -> str:
        """Name the device's boot clock."""
        return f"device:{self.serial}"

    @property
    def clock_step_us(self) -> int:
        """Give the step of `/proc/uptime`."""
        return _UPTIME_STEP_US

    def facts(self) -> DeviceFacts:
        """Describe the device."""
        read = self._read_facts()
        return DeviceFacts(self.serial, self._kind, read.model, read.release, read.api, read.abi)

    def install(self, files: Sequence[Path]) -> str:
        """Install an APK, a base with its splits, or a set of them, and give its package name.

        An app of another name than the one that is to run here is named only.
        """
        facts = read_apk_facts(files)
        if facts.package != self._settings.package:
            return facts.package
        with (
            tempfile.TemporaryDirectory(prefix="apk-set-") as folder,
            ChangeJournal(self._settings.workspace, self.serial) as journal,
        ):
            single = expand(files, Path(folder))
            copies = {"files": len(single)}
            number = journal.note(INSTALLING, copies)
            try:
                self._packages.install(single)
            finally:
                remove_copies(self._shell, copies)
                journal.undone(number)
        return facts.package

    def app_facts(self, package: str) -> AppFacts:
        """Describe an installed app."""
        return self._packages.facts(package)

    def permissions(self, package: str) -> Mapping[str, bool]:
        """Give which permissions the app has and which it has not."""
        return self._packages.permissions(package)

    def lead(self, way: Way) -> None:
        """Take the way that the app's traffic is to go; for the next `prepare`."""
        self._way = way

    def prepare(self, proxy: tuple[str, int], ca_certificate: Path) -> None:
        """Start frida-server, make the device trust the proxy's authority, and send the app's traffic to the proxy."""
        with ExitStack() as stack:
            journal = stack.enter_context(ChangeJournal(self._settings.workspace, self.serial))
            undo = undo_changes(self._shell, self._ports)
            undo_as_root(self._shell, self._ports, journal)  # what a killed process left
            stack.callback(journal.undo_all, undo)
            facts = self._become_root(journal)
            self._start_frida(journal, facts, stack)
            TrustStore(self._shell, facts.root).trust(ca_certificate, journal.note)
            self.trust = check_trust(self._shell, self._ports, journal, ca_certificate)
            self._plant(journal, facts)
            self._start_ui(journal, facts, stack)
            self._lead_traffic(journal, facts, proxy, stack)
            self._clock = AndroidClock(self._shell, facts.root, journal.note)
            self._prepared, self._changes = stack.pop_all(), journal

    def clear_data(self, package: str) -> None:
        """Reset the app's data, permissions and processes."""
        self._packages.clear(package)

    def launch(self, package: str, on_gated: OnGated, on_event: OnAppEvent) -> None:
        """Start the app under spawn gating; a run that is still going on is ended first."""
        if self._frida is None:
            raise EnvironmentProblem(f"frida-server does not run on {self.serial}; prepare the device first.")
        self.stop(package)
        self._screen.light()
        uid = None if self._packages.shares_user(package) else self._packages.uid(package)
        root = self._read_facts().root
        if self._tunnel is not None:
            self._tunnel.resume()
        self._run = run = AppRun(self._frida, self._shell, package, uid, on_event, root)
        run.start(on_gated, lambda: self._packages.start(package))

    def screen(self) -> ScreenDump:
        """Read the hierarchy, with a picture of it."""
        return self._screen.look()

    def tap(self, x: int, y: int) -> None:
        """Touch a point in pixels."""
        self._screen.tap(x, y)

    def back(self) -> None:
        """Press BACK."""
        self._screen.back()

    def background(self) -> None:
        """Press HOME."""
        self._screen.home()

    def sleep(self) -> None:
        """Switch the screen off with the app left as it is; `restore` switches it on at the latest."""
        if self._changes is None:
            raise EnvironmentProblem(f"{self.serial} is not prepared; prepare the device first.")
        self._changes.note(SCREEN, {})
        self._screen.sleep()

    def wake(self) -> None:
        """Switch the screen on and put the lock screen away."""
        self._screen.wake()

    def set_ahead(self, seconds: int) -> None:
        """Set the device's clock ahead, with the network's time off; `restore` takes both back."""
        if self._clock is None:
            raise EnvironmentProblem(f"{self.serial} is not prepared; prepare the device first.")
        self._clock.set_ahead(seconds)

    def foreground(self, package: str) -> None:
        """Bring the running app back to the front."""
        self._packages.start(package)

    def stop(self, package: str) -> None:
        """End every process of the app."""
        run, self._run = self._run, None
        if run is not None:
            run.stopping()
        try:
            self._packages.stop(package)
        finally:
            if run is not None:
                run.close()
            if self._tunnel is not None:
                self._tunnel.rest()

    def running(self, package: str) -> list[Process]:
        """List the app's live processes, the main one first."""
        return self._run.running() if self._run is not None and self._run.package == package else []

    def monotonic_us(self) -> int:
        """Read the boot clock, in steps of ten milliseconds: the middle of the step."""
        word = self._shell.run("cat", "/proc/uptime").out.split(" ")[0]
        try:
            return round(float(word) * 1_000_000) + _UPTIME_STEP_US // 2
        except ValueError:
            raise EnvironmentProblem(f"{self.serial} does not tell its boot clock: {word[:50]!r}.") from None

    def lost(self) -> str:
        """Say that adb has lost the device, and what to do."""
        return self._presence.lost()

    def restore(self) -> None:
        """End what runs and take back every change, the newest first; what cannot be is kept in `not_restored`."""
        prepared, self._prepared = self._prepared, ExitStack()
        self._frida = self._facts = self._changes = self._clock = self._tunnel = None
        try:
            with prepared:
                if self._run is not None:
                    self.stop(self._run.package)
        except EnvironmentProblem as problem:
            self.not_restored = str(problem)
            raise

    def _become_root(self, journal: ChangeJournal) -> ReadFacts:
        facts = self._read_facts()
        if facts.root == "none" and facts.adbd_may_root:
            journal.note(ADB_ROOT, {})
            self._shell.become_root()
            self._facts = facts = read_facts(self._shell)
        lacks = find_lacks(facts)
        if lacks:
            raise EnvironmentProblem(f"{self.serial} cannot record: {lacks[0].sentence}; {lacks[0].remedy}.")
        return facts

    def _start_frida(self, journal: ChangeJournal, facts: ReadFacts, stack: ExitStack) -> None:
        program = find_server(facts.abi, self._settings.workspace / "cache", self._settings.server)
        server = FridaServer(self._shell, facts.root)
        journal.note(FRIDA_SERVER, {"root": facts.root, "place": server.place})
        stack.callback(server.stop)
        self._frida = server.start(program)
        before = self._shell.run("getprop", USAP_PROPERTY).out
        if before == "true":
            journal.note(USAP, {"root": facts.root, "before": before})
            self._shell.run_as_root(facts.root, "setprop", USAP_PROPERTY, "false")

    def _lead_traffic(self, journal: ChangeJournal, facts: ReadFacts, proxy: tuple[str, int], stack: ExitStack) -> None:
        way = self._way
        if way is None:
            raise EnvironmentProblem(f"No way for the traffic of {self.serial} was given; this is a mistake of ours.")
        traffic = AndroidTraffic(self._shell, facts.root, self._ports, journal, way.tell_gap)
        stack.callback(traffic.restore)
        way.relay.lead(proxy)
        package = self._settings.package
        if self._packages.shares_user(package):
            way.relay.doubt_owner()
        for doubt in find_doubts(self._packages, package, facts.abi, self.trust):
            traffic.doubt(*doubt)
        users = users_of(self._packages.uid(package))
        if way.wireguard is not None:
            traffic.note_proxy()
            told = (self._whose(users), way.answer, way.tell_gap)
            self._tunnel = AndroidTunnel(self._shell, facts.root, way.wireguard, *told)
            stack.callback(self._tunnel.restore)
            self._tunnel.start()
        elif self._settings.traffic is TrafficWay.PROXY:
            traffic.use_proxy(proxy[1])
        else:
            traffic.lead(users, way.ports)
        if way.beside is not None and way.beside.packets:
            if self._settings.traffic is TrafficWay.PROXY:
                way.beside.missing("packets", _PROXY_PACKETS)
            packets = Packets(self._shell, facts.root, journal, way.beside)
            stack.callback(packets.stop)
            packets.start(users)
        if way.beside is not None and way.beside.video:
            video = Video(self._shell, journal, way.beside)
            stack.callback(video.stop)
            video.start()
        way.prepared()

    def _whose(self, users: tuple[int, ...]) -> Users:
        """Say which users' sockets are the app's, and which users also act for other apps."""
        helpers = frozenset(self._packages.listed_uids(ACT_FOR_OTHERS).values())
        return Users(users, not self._packages.shares_user(self._settings.package), helpers)

    def _start_ui(self, journal: ChangeJournal, facts: ReadFacts, stack: ExitStack) -> None:
        """Have hierarchies read by uiautomator2's server where its program is here; where it fails, as ever."""
        dumped = DumpedHierarchies(self._shell)
        self._screen = AndroidScreen(self._shell, dumped)
        journal.note(LOOK_FILE, {})
        if self._settings.ui_program is None:
            return
        server = UiServer(self._shell, facts.root, journal.note)
        stack.callback(server.stop)
        tell = self._way.tell_reader if self._way is not None else _tell_nobody
        try:
            server.start(self._settings.ui_program)
        except EnvironmentProblem as problem:
            server.stop()
            tell(BY_DUMP, str(problem))
        else:
            tell(BY_SERVER, "")
            self._screen = AndroidScreen(self._shell, PreferredHierarchies(server, dumped, tell))

    def build(self) -> str:
        """Read the name of the system's build."""
        return read_build(self._shell)

    def own_values(self) -> dict[str, tuple[str, ...]]:
        """Read the device's own identifying values, by data type."""
        return collect_values(self._shell, self._read_facts().root)

    def _plant(self, journal: ChangeJournal, facts: ReadFacts) -> None:
        persona = self._settings.persona
        if persona.values:
            planting = Planting(self._shell, facts.root, facts.api, journal.note)
            planting.plant(persona)
            self.not_planted = tuple(planting.left_out)

    def _read_facts(self) -> ReadFacts:
        if self._facts is None:
            self._facts = read_facts(self._shell)
        return self._facts
