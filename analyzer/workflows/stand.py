"""Where recordings are made: which device it is, and what surrounds it while a session is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from analyzer.capture.android import ListedDevice, adb_server, list_devices, server_in_use
from analyzer.capture.android_device import NOBODY, AndroidDevice, AndroidSettings, Way
from analyzer.capture.android_doubts import Errands
from analyzer.capture.android_facts import find_lacks, read_facts
from analyzer.capture.android_redirect import CLASSES
from analyzer.capture.android_rootless import RootlessDevice
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_tunnel import Answer
from analyzer.capture.android_ui_server import find_program
from analyzer.capture.android_values import with_own_values
from analyzer.capture.beside import Beside
from analyzer.capture.device import Device, EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.capture.lab import SERIAL, LabDevice, LabSettings
from analyzer.capture.lab_internet import LabInternet
from analyzer.capture.lab_routes import LabRoutes
from analyzer.capture.machine_locks import device_in_use
from analyzer.capture.proxy_messages import SocketSeen
from analyzer.capture.relay import Relay
from analyzer.capture.relay_door import Door
from analyzer.capture.relay_hints import SocketHints
from analyzer.capture.wireguard import Listen, WireGuard
from analyzer.model.calibration import Proof
from analyzer.model.evidence import Record
from analyzer.model.vocabulary import GapKind, MarkKind, Owner, TrafficWay
from analyzer.packs.persona import Persona, shipped_persona
from analyzer.workflows.calibrated import Calibrated, calibrated, citation
from analyzer.workflows.home import Home
from analyzer.workflows.lab_folder import lab_folder
from analyzer.workflows.listener import hold_listener

LAB_DWELL_S: Final = 5.0
DWELL_S: Final = 30.0

_LAB_PACKETS: Final = (
    "packets of the lab device are not kept: they never leave this machine, and to read them takes its administrator's "
    "rights; record on an Android device, or capture the loopback with a tool of your own"
)
_UI_SERVER: Final = (
    "uiautomator2's server was to read the screen (marks `screen_reader` say whether it did); while it ran, apps saw "
    "accessibility switched on"
)
_LAB_VIDEO: Final = "the lab device has no video of its screen; a picture of it is kept at every change"
_LED: Final = {
    TrafficWay.REDIRECT: (
        "TCP connections of the app's user id were redirected to the proxy; its IPv6 and QUIC were refused"
    ),
    TrafficWay.PROXY: "the device's proxy setting led to the proxy: every app of the device that heeds it used it",
    TrafficWay.WIREGUARD: (
        "a WireGuard tunnel, which the device's user switched on, led every app of the device to the proxy; QUIC was "
        "refused"
    ),
}
_ROOTLESS: Final = "without root: nothing was hooked, and no certificate was installed"
_LONGEST_WHY: Final = 500
_READY: Final = "device"
_STATES: Final = {
    "unauthorized": "does not trust this computer: unlock it and allow USB debugging in its dialog",
    "offline": "is offline: unplug it and plug it in again, or restart it",
    "recovery": "is in recovery: start Android on it",
    "bootloader": "is in its bootloader: start Android on it",
    "sideload": "waits for a sideload: start Android on it",
    "no permissions": "may not be opened by this user: see `adb devices -l` for what to do",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run says about its app and device; an empty `serial` leaves the choice to us."""

    package: str
    serial: str = ""
    files: tuple[Path, ...] = ()
    persona: Persona | None = None
    server: Path | None = None
    traffic: TrafficWay = TrafficWay.REDIRECT
    listen: Listen | None = None
    rootless: bool = False


class Stand(Protocol):
    """A device to record on, with everything around it."""

    @property
    def persona(self) -> Persona:
        """The values that are planted on the device."""

    @property
    def dwell_s(self) -> float:
        """How long a dialog is left alone unless told otherwise."""

    @property
    def routes(self) -> LabRoutes | None:
        """Where the device's internet is; `None` for the real one."""

    @property
    def clients(self) -> Owner:
        """Whose a connection to the proxy is when nothing proves it."""

    @property
    def interventions(self) -> tuple[str, ...]:
        """What is changed on the device for a recording, in sentences."""

    @property
    def not_planted(self) -> tuple[str, ...]:
        """What of the persona is not on the device, in sentences; known after a recording."""

    @property
    def not_restored(self) -> str:
        """Why the device is not as it was before; empty where it is."""

    def install(self, files: Sequence[Path]) -> str:
        """Install the app from its files, and give its package name."""

    def way(self, journal: Journal, beside: Beside, answer: Answer) -> AbstractContextManager[Door | None]:
        """Hold the way of the app's traffic to the proxy for one recording; gives the proxy's door, if it has one.

        `answer` takes whose a connection is that `met` was told of.
        """

    def met(self, seen: SocketSeen) -> None:
        """Take that the proxy was reached through a tunnel; must not block."""

    def see(self, record: Record) -> None:
        """Take each record as it is written."""

    def device(self, truth: Path | None = None) -> Device:
        """Give the device for one recording; `truth` takes the app's own account where the device can give one."""


class LabStand:
    """The embedded lab device in a folder of its own, with an internet of its own."""

    dwell_s = LAB_DWELL_S
    clients = Owner.APP
    interventions = ()
    not_planted = ()
    not_restored = ""

    def __init__(self, folder: Path, persona: Persona, routes: LabRoutes) -> None:
        self.folder, self.persona, self.routes = folder, persona, routes
        self._files: Sequence[Path] = ()

    def install(self, files: Sequence[Path]) -> str:
        """Check the files; every device of this stand has the app then."""
        self._files = files
        return LabDevice(LabSettings(self.folder, self.persona)).install(files)

    def met(self, seen: SocketSeen) -> None:
        """Know no tunnel."""

    def way(
        self,
        journal: Journal,  # noqa: ARG002 - one way only
        beside: Beside,
        answer: Answer,  # noqa: ARG002
    ) -> AbstractContextManager[Door | None]:
        """Need nothing: the lab's apps use the proxy."""
        if beside.packets:
            beside.missing("packets", _LAB_PACKETS)
        if beside.video:
            beside.missing("video", _LAB_VIDEO)
        return nullcontext()

    def see(self, record: Record) -> None:
        """Need no record."""

    def device(self, truth: Path | None = None) -> LabDevice:
        """Give a fresh lab device."""
        device = LabDevice(LabSettings(self.folder, self.persona, truth))
        if self._files:
            device.install(self._files)
        return device


class AndroidStand:
    """A phone or an emulator, in the real world."""

    dwell_s = DWELL_S
    clients = Owner.UNKNOWN
    routes = None

    def __init__(
        self,
        device: AndroidDevice,
        persona: Persona,
        calibrated: Calibrated | None = None,
        traffic: TrafficWay = TrafficWay.REDIRECT,
        wireguard: WireGuard | None = None,
        *,
        rootless: bool = False,
    ) -> None:
        self._device, self.persona, self._calibrated = device, persona, calibrated or Calibrated()
        self._wireguard = wireguard
        self._hints: SocketHints | None = None
        self._errands: Errands | None = None
        self._redirects = traffic is TrafficWay.REDIRECT
        self.interventions: tuple[str, ...] = (
            "frida-server ran on the device as root, and the app's processes carried the agent",
            _LED[traffic],
            "the proxy's authority was laid over the device's trust store",
        )
        if rootless:
            self.interventions = (_LED[traffic], _ROOTLESS)

    @property
    def not_planted(self) -> tuple[str, ...]:
        """Say what of the persona is not on the device."""
        return self._device.not_planted

    @property
    def not_restored(self) -> str:
        """Say why the device is not as it was before."""
        return self._device.not_restored

    @contextmanager
    def way(self, journal: Journal, beside: Beside, answer: Answer) -> Iterator[Door]:
        """Carry what the device redirects to the proxy, with its destinations."""
        claim = partial(journal.mark, MarkKind.HOST_CLAIMED, None)
        relay = Relay(journal.gap, CLASSES, tell_claim=lambda host: claim(host=host))
        door, ports = relay.start()
        try:
            self._hints, self._errands = relay.hints, Errands(journal.gap) if self._redirects else None
            prepared, tunnel = (lambda: self._prepared(journal)), self._wireguard
            reader = partial(_tell_reader, journal)
            self._device.lead(Way(relay, ports, journal.gap, prepared, beside, tunnel, answer, reader))
            yield replace(door, mode=tunnel.mode) if tunnel is not None else door
        finally:
            self._hints = self._errands = None
            relay.stop()

    def met(self, seen: SocketSeen) -> None:
        """Have the device say whose the connection is."""
        if self._wireguard is not None:
            self._wireguard.seen.put(seen)

    def _prepared(self, journal: Journal) -> None:
        self._tell_trust(journal)
        self._cite(journal)

    def _tell_trust(self, journal: Journal) -> None:
        """Note what became of a TLS connection from the device."""
        outcome, why = self._device.trust
        journal.mark(MarkKind.TRUST_CHECKED, None, outcome=outcome, **({"why": why} if why else {}))

    def _cite(self, journal: Journal) -> None:
        """Note what the calibration of this device proved; a call that it missed is a gap, and so is one unread."""
        if self._calibrated.unreadable:
            journal.gap(GapKind.CALIBRATION_UNREADABLE, "", self._calibrated.unreadable)
        found = self._calibrated.calibration
        if found is None:
            return
        journal.mark(MarkKind.DEVICE_CALIBRATED, None, **citation(found))
        for check in found.checks:
            if check.kind == "hook" and check.proof is Proof.MISSED:
                why = f"calibrating this device ({found.session}) missed it: {check.detail}"
                journal.gap(GapKind.HOOK_NOT_ARMED, check.name, why)

    def see(self, record: Record) -> None:
        """Learn destinations from the sockets that the agent tells, and what others send for the app."""
        if self._hints is not None:
            self._hints.see(record)
        if self._errands is not None:
            self._errands.see(record)

    def install(self, files: Sequence[Path]) -> str:
        """Install the app on the device."""
        return self._device.install(files)

    def device(self, truth: Path | None = None) -> AndroidDevice:  # noqa: ARG002 - no app on Android accounts for itself
        """Give the device behind adb, the same each time."""
        return self._device


def _tell_reader(journal: Journal, by: str, why: str) -> None:
    """Note what reads the screen from now on."""
    journal.mark(MarkKind.SCREEN_READER, None, by=by, **({"why": why[:_LONGEST_WHY]} if why else {}))


def choose(wanted: Wanted, say: Callable[[str], None]) -> ListedDevice | None:
    """Choose the device and say which it is; `None` stands for the lab device.

    Raises `EnvironmentProblem` for a device that is not there or not usable, and where several are.
    """
    if wanted.serial == SERIAL:
        return None
    if wanted.serial:
        return _named(wanted.serial, rootless=wanted.rootless)
    if any(file.suffix == ".jar" for file in wanted.files):
        say(f"Running on the embedded lab device (--device {SERIAL}), which is what takes a jar.")
        return None
    found = list_devices()
    hindrances = {device.serial: _hindrance(device, rootless=wanted.rootless) for device in found}
    ready = [device for device in found if not hindrances[device.serial]]
    if len(ready) > 1:
        names = ", ".join(device.serial for device in ready)
        raise EnvironmentProblem(f"Several devices are ready: {names}, {SERIAL}; choose one with --device.")
    if ready:
        say(f"Running on {ready[0].serial} ({ready[0].model or ready[0].kind}), the only device that is ready.")
        return ready[0]
    why = "; ".join(f"{serial} {why}" for serial, why in hindrances.items()) or "adb shows no Android device"
    say(f"Running on the embedded lab device (--device {SERIAL}): {why}.")
    return None


def _named(serial: str, *, rootless: bool) -> ListedDevice:
    found = {device.serial: device for device in list_devices(start_server=True)}
    device = found.get(serial)
    if device is None:
        there = ", ".join(sorted(found)) or "none"
        raise EnvironmentProblem(
            f"adb shows no device {serial} (connected: {there}); plug it in, or `adb connect` it, or run with "
            f"--device {SERIAL}."
        )
    if device.state != _READY:
        raise EnvironmentProblem(f"{serial} {_STATES.get(device.state, f'is not usable ({device.state})')}.")
    if hindrance := _hindrance(device, rootless=rootless):
        raise EnvironmentProblem(f"{serial} cannot record: it {hindrance}.")
    return device


def _hindrance(device: ListedDevice, *, rootless: bool = False) -> str:
    """Say why a device cannot be used; empty where it can."""
    if device.state != _READY:
        return _STATES.get(device.state, f"is not usable ({device.state})")
    try:
        facts = read_facts(AndroidShell(device.serial, adb_server()))
    except EnvironmentProblem as problem:
        return str(problem)
    by_itself = facts.root == "none" and facts.adbd_may_root  # a recording has adbd start again as root
    lacks = find_lacks(facts._replace(root="adbd") if by_itself else facts, rootless=rootless)
    return f"has {lacks[0].sentence} ({lacks[0].remedy})" if lacks else ""


@contextmanager
def open_stand(
    home: Home,
    wanted: Wanted,
    chosen: ListedDevice | None,
    say: Callable[[str], None] = lambda _text: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Stand]:
    """Hold what the chosen device needs around it while the block lasts; `stopped` says whether to give up waiting."""
    if chosen is not None:
        with (
            server_in_use(),
            device_in_use(chosen.serial),
            hold_listener(home, wanted.listen, chosen, say, stopped) as wireguard,
        ):
            persona = wanted.persona or NOBODY
            settings = AndroidSettings(
                *(wanted.package, home.workspace.path, wanted.server, persona),
                traffic=wanted.traffic,
                ui_program=None if wanted.rootless else find_program(),
            )
            device = (RootlessDevice if wanted.rootless else AndroidDevice)(chosen, adb_server(), settings)
            known = Calibrated() if wanted.rootless else calibrated(home, chosen.serial, device.build())
            values = with_own_values(persona, device.own_values())
            stand = AndroidStand(device, values, known, wanted.traffic, wireguard, rootless=wanted.rootless)
            if settings.ui_program is not None:
                stand.interventions += (_UI_SERVER,)
            yield stand
        return
    with lab_folder(home) as folder:
        internet = LabInternet(folder / "internet")
        try:
            addresses = internet.start()
            routes = LabRoutes(http=addresses.http, https=addresses.https, tcp=addresses.tcp)
            yield LabStand(folder, wanted.persona or shipped_persona(), routes)
        finally:
            internet.stop()
