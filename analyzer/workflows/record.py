"""Record a session: choose the device, make one recording per strategy, seal."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from analyzer import __version__
from analyzer.analysis.consent import recognise
from analyzer.analysis.links import Page, read_page
from analyzer.capture.agent import Agent
from analyzer.capture.agent_build import build_agent
from analyzer.capture.agent_config import NO_CHANGES
from analyzer.capture.beside import Beside
from analyzer.capture.certificate import ensure_authority
from analyzer.capture.clock_sync import now
from analyzer.capture.device import Device, EnvironmentProblem
from analyzer.capture.interruption import Interrupted, Stop
from analyzer.capture.journal import Journal, ObservedSink
from analyzer.capture.lab import SERIAL
from analyzer.capture.operator import Operator
from analyzer.capture.proxy import Proxy
from analyzer.capture.proxy_messages import CLOSED, REFUSED, FlowSeen, ProxyLost, SocketSeen
from analyzer.capture.recorder import Plan, Recorder
from analyzer.capture.refusals import Refusals
from analyzer.capture.wireguard import Listen
from analyzer.model.evidence import Event, Gap, Mark, Record, SessionInfo, Stack
from analyzer.model.vocabulary import PASSED, GapKind, MarkKind, SessionKind, Strategy, TrafficWay
from analyzer.packs.changes import UNPINNED, load_unpinning
from analyzer.packs.loader import Packs, load_packs
from analyzer.packs.persona import load_persona
from analyzer.store.session import SessionWriter
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.lab_folder import alone
from analyzer.workflows.preview import ChoicePreview, EventPreview
from analyzer.workflows.sealing import seal_session
from analyzer.workflows.stand import Stand, Wanted, choose, open_stand
from analyzer.workflows.versions import LIBRARIES, TOOLS, versions

MANUAL_S: Final = 300.0
TLS_KEYS: Final = "tls_keys.log"
_MOST_PASSED: Final = 200


class View(Protocol):
    """Shows a recording while it runs; called from several threads, with foreign text."""

    def phase(self, name: str) -> None:
        """Show the phase of consent."""

    def event(self, api: str, data_type: str = "", sdk: str = "") -> None:
        """Show one hooked call."""

    def flow(self, host: str, method: str = "", data_types: Iterable[str] = ()) -> None:
        """Show one flow."""

    def gap(self, kind: str, subject: str) -> None:
        """Show something that could not be seen."""

    def message(self, text: str) -> None:
        """Say something."""


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What to record; times in seconds, `None` for the device's default."""

    package: str
    strategies: tuple[Strategy, ...]
    files: tuple[Path, ...] = ()
    device: str = ""
    dwell: float | None = None
    duration: float | None = None
    background: float | None = None
    silent: float | None = None
    later: bool = False
    keep_data: bool = False
    persona: Path | None = None
    case: str = ""
    operator: str = ""
    server: Path | None = None
    traffic: TrafficWay = TrafficWay.REDIRECT
    wireguard_listen: str = ""
    without_root: bool = False
    unpin: bool = False
    pass_refused: bool = False
    tls_keys: bool = False
    pcap: bool = False
    video: bool = False


class NotRestored(EnvironmentProblem):
    """The session is sealed, but the device is not as it was before; the message says what to do."""

    def __init__(self, session_id: str, why: str) -> None:
        super().__init__(why)
        self.session_id = session_id


def record(home: Home, order: RunOrder, view: View, stop: Stop) -> str:
    """Record a session, seal it, and give its id.

    Raises `EnvironmentProblem` before anything is written when the app or the device is not there, and `Interrupted`
    with the session's id after a person's wish to stop; what was recorded until then is sealed in every case.
    `NotRestored` comes after a whole recording.
    """
    if order.background is not None and (order.silent or 0.0) > order.background:
        raise UsageProblem("--silent is the last part of --background: give it no more seconds than that has.")
    packs = load_packs()
    persona = load_persona(order.persona, packs.taxonomy.types) if order.persona else None
    listen = _listen(order)
    _check_way(order)
    wanted = Wanted(
        order.package, order.device, order.files, persona, order.server, order.traffic, listen, order.without_root
    )
    chosen = choose(wanted, view.message)
    if chosen is not None and listen is not None and listen.loopback and chosen.kind != "emulator":
        raise UsageProblem(f"{chosen.serial} cannot reach {listen}: name an address of this computer in its network.")
    if chosen is None and order.traffic is not TrafficWay.REDIRECT:
        view.message("--traffic has no effect on the lab device: its apps use its own proxy.")
    with open_stand(home, wanted, chosen, view.message, stop.is_set) as stand:
        authority = home.folder("mitmproxy")
        with alone(authority):  # two proxies that start at once would make two authorities
            ensure_authority(authority)
        stop.check()
        return _Stage(home, order, packs, stand, view, stop).record()


def _listen(order: RunOrder) -> Listen | None:
    """Read where the tunnel is to be listened for; only who asks for a tunnel names that, and who does has to."""
    text = order.wireguard_listen
    if order.traffic is not TrafficWay.WIREGUARD:
        if text:
            raise UsageProblem("--wireguard-listen belongs to --traffic wireguard: give both, or none.")
        return None
    if not text:
        if order.device == SERIAL:  # no traffic of the lab's can be led, which is told
            return None
        raise UsageProblem(
            "--traffic wireguard needs --wireguard-listen ADDRESS:PORT: an address of this computer that the device "
            "reaches, and a UDP port; nothing listens beyond this computer unless you say where."
        )
    try:
        return Listen.parse(text)
    except ValueError as problem:
        raise UsageProblem(f"--wireguard-listen: {problem}.") from problem


def _check_way(order: RunOrder) -> None:
    """Refuse what needs root where somebody wants to do without, and what a way for the traffic cannot tell."""
    if order.pass_refused and order.traffic is TrafficWay.PROXY:
        raise UsageProblem(
            "--pass-refused needs to know which hosts the app itself refused, and --traffic proxy does not tell: use "
            "another way for the traffic."
        )
    if not order.without_root:
        return
    if order.traffic is not TrafficWay.PROXY:
        raise UsageProblem("--without-root leaves one way for the traffic: say --traffic proxy, too.")
    needs = {"--unpin": order.unpin, "--later": order.later}
    if wanted := [name for name, given in needs.items() if given]:
        raise UsageProblem(f"{' and '.join(wanted)} cannot be had with --without-root.")


class _Stage:
    """One session in the making."""

    def __init__(
        self,
        home: Home,
        order: RunOrder,
        packs: Packs,
        stand: Stand,
        view: View,
        stop: Stop,
    ) -> None:
        self._home = home
        self._order = order
        self._packs = packs
        self._stand = stand
        self._view = view
        self._stop = stop
        self._preview = EventPreview(order.package, packs)
        self._choice = ChoicePreview()
        self._agent = build_agent(home.folder("cache"))
        self._refusals = Refusals()
        self._changes = load_unpinning() if order.unpin else NO_CHANGES

    def record(self) -> str:
        """Make every recording, seal, and give the session's id."""
        workspace = self._home.workspace
        self._install()
        info = self._describe(self._stand.device())
        self._stop.check()
        try:
            with SessionWriter.create(workspace, info) as writer:
                for strategy in self._order.strategies:
                    self._view.message(f"Recording {info.app.package}: {strategy.value}")
                    if strategy is Strategy.MANUAL:
                        self._tell_manual(info.device.kind)
                    self._record_one(writer, info, strategy)
                if self._order.pass_refused:
                    self._record_passing(writer, info)
        except Interrupted as interrupted:
            raise Interrupted(info.id) from interrupted
        except EnvironmentProblem as problem:
            if self._stop.is_set():  # it was given up because somebody asked to stop
                raise Interrupted(info.id) from problem
            raise EnvironmentProblem(f"{problem}{self._way_back(str(problem), info)}") from problem
        finally:
            self._seal(info)
        if self._stop.is_set():  # the wish came while it was being sealed
            raise Interrupted(info.id)
        for sentence in self._stand.not_planted:
            self._view.message(f"{sentence}, so no request with it can come from there.")
        if self._stand.not_restored:
            raise NotRestored(info.id, self._stand.not_restored)
        return info.id

    def _seal(self, info: SessionInfo) -> None:
        workspace = self._home.workspace
        seal_session(workspace, workspace.sessions_folder / info.id)
        if self._stop.is_set() and (way_back := self._way_back("", info)):
            self._view.message(way_back.strip())

    def _way_back(self, told: str, info: SessionInfo) -> str:
        """Say what takes the changes of a device back that is not as it was before, unless that is told already."""
        if not self._stand.not_restored or "analyzer device restore" in told:
            return ""
        return (
            f" {info.device.serial} is not as it was before: once it is there again, run `analyzer device restore "
            f"--device {info.device.serial}`."
        )

    def _describe(self, device: Device) -> SessionInfo:
        order, created = self._order, time.time_ns() // 1000
        return SessionInfo(
            id=self._home.workspace.new_id(order.package, created),
            kind=SessionKind.RECORDED,
            created_us=created,
            app=device.app_facts(order.package),
            device=device.facts(),
            tool_version=__version__,
            python_version=platform.python_version(),
            agent_sha256=self._agent.sha256,
            libraries=versions((*LIBRARIES, *TOOLS)),
            packs=self._packs.digests,
            persona_name=self._stand.persona.name,
            persona=self._stand.persona.texts(),
            case=order.case,
            operator=order.operator,
            keep_data=order.keep_data,
            interventions=(*self._stand.interventions, *self._unpinned()),
        )

    def _unpinned(self) -> tuple[str, ...]:
        digest = self._changes.digest[:12]
        return (f"{UNPINNED} (--unpin, hooks/changes/unpin.yaml {digest})",) if digest else ()

    def _install(self) -> None:
        if self._order.files:
            package = self._stand.install(self._order.files)
            if package != self._order.package:
                raise UsageProblem(f"The file holds {package}, not {self._order.package}: correct --package or --apk.")

    def _record_passing(self, writer: SessionWriter, info: SessionInfo) -> None:
        """Record once more, as at first, with the hosts that refused the proxy passed through unread."""
        hosts = self._refusals.hosts()[:_MOST_PASSED]
        if not hosts:
            self._view.message("No host refused the proxy, so there is nothing to pass through.")
            return
        strategy = self._order.strategies[0]
        self._view.message(f"Recording {info.app.package}: {strategy.value}, with {', '.join(hosts)} passed through")
        self._record_one(writer, info, strategy, hosts)

    def _record_one(
        self, writer: SessionWriter, info: SessionInfo, strategy: Strategy, untouched: Sequence[str] = ()
    ) -> None:
        recording = writer.add_recording(strategy)
        sink = ObservedSink(recording, self._observe)
        journal = Journal(sink)
        stand = self._stand
        truth = self._home.workspace.path / "lab" / "truth" / info.id / f"{recording.path.name}.jsonl"
        device = stand.device(truth)
        proxy = Proxy(lambda message: self._hear(message, journal))
        beside = Beside(recording.path, journal, packets=self._order.pcap, video=self._order.video)
        with ExitStack() as stack:
            door = stack.enter_context(stand.way(journal, beside, proxy.own))
            stack.callback(proxy.stop)
            with self._stop.waking(proxy.cancel):
                confdir = self._home.folder("mitmproxy")
                keys = recording.path / TLS_KEYS if self._order.tls_keys else None
                begin = partial(proxy.start, recording.path, confdir, stand.routes, clients=stand.clients)
                begin(door=door, untouched=untouched, keys=keys)
            for host in untouched:
                journal.gap(GapKind.TRAFFIC_OPAQUE, host, PASSED)
            on_tap = proxy.tap if untouched else None
            agent = Agent(
                self._agent.source, self._packs.catalog, sink, None, device.clock_domain, self._changes, on_tap
            )
            operator = Operator(device, journal, lambda xml: recognise(xml, self._packs.phrases), strategy)
            self._view.phase("initial")
            Recorder(device, proxy, agent, operator, journal, self._stop, self._read_page).record(self._plan(strategy))

    def _read_page(self, xml: str) -> Page:
        return read_page(xml, self._packs.phrases)

    def _tell_manual(self, device_kind: str) -> None:
        """Say how a person may choose, and until when; nobody can touch the lab's screen."""
        plan = self._plan(Strategy.MANUAL)
        how = "Choose on the device itself"
        if device_kind == SERIAL:
            how = "Nobody can touch the lab device's screen, so nothing will be chosen"
        seconds = plan.dwell + plan.duration
        self._view.message(
            f"{how}; the recording ends some {seconds:g} s after the app's start (--duration), or at Ctrl-C."
        )

    def _plan(self, strategy: Strategy) -> Plan:
        order = self._order
        dwell = self._stand.dwell_s if order.dwell is None else order.dwell
        default = MANUAL_S if strategy is Strategy.MANUAL else dwell
        duration = default if order.duration is None else order.duration
        usual = max(duration, order.silent or 0.0)
        background = usual if order.background is None else order.background
        silent = background / 2 if order.silent is None else order.silent
        asked = (order.package, strategy, dwell, duration, order.keep_data)
        return Plan(*asked, background=background, silent=silent, later=order.later)

    def _hear(self, message: FlowSeen | SocketSeen | Gap | ProxyLost, journal: Journal) -> None:
        """Take what the proxy says; its gaps become evidence. That it was lost is noted by the recorder."""
        match message:
            case FlowSeen(kind=kind, host=host) if kind == REFUSED:
                self._refusals.refused(host)
            case FlowSeen(kind=kind, host=host) if kind == CLOSED:
                self._refusals.closed(host, now().mono_us)
            case FlowSeen():
                self._view.flow(message.host, message.method, message.found)
            case SocketSeen():
                self._stand.met(message)
            case Gap():
                # The proxy's words must be read to their end; the recorder hears of a full disk from its own writing.
                with suppress(OSError):
                    journal.gap(message.kind, message.subject, message.why, message.stamp, message.until)
            case ProxyLost(reason):
                self._view.message(reason)

    def _observe(self, record: Record) -> None:
        self._stand.see(record)
        self._refusals.see(record, now().mono_us)
        self._show(record)

    def _show(self, record: Record) -> None:
        match record:
            case Stack():
                self._preview.learn(record)
            case Event():
                self._view.event(record.api, *self._preview.name(record))
            case Gap():
                self._view.gap(record.kind.value, record.subject)
            case Mark(kind=MarkKind.TAPPED) if not self._choice.answered_by(record):
                self._view.message(f"touched {record.details.get('text', '')}")
            case Mark(kind=MarkKind.TAPPED):
                self._view.phase(f"after the tap on {record.details.get('text', '')}")
            case Mark(kind=MarkKind.SCREEN_READER) if "why" in record.details:
                self._view.message(f"The screen is read by {record.details['by']}: {record.details['why']}")
            case Mark():
                self._choice.see(record)
                self._view.message(record.kind.value.replace("_", " "))
