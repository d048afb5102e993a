"""The host side of the agent: arms it in held processes and turns what it says into evidence."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, Self

import frida

from analyzer.capture.agent_config import NO_CHANGES, agent_config
from analyzer.capture.agent_messages import AgentMessages
from analyzer.capture.clock_sync import measure, now
from analyzer.capture.device import EnvironmentProblem, GivenUp
from analyzer.capture.sink import EvidenceSink
from analyzer.capture.tap_messages import TapMessage, from_agent
from analyzer.codec.migrate import FormatProblem
from analyzer.model.clock import HOST_CLOCK, ClockSample
from analyzer.model.evidence import Event, Process, Record
from analyzer.model.vocabulary import GapKind
from analyzer.packs.catalog_entries import Catalog
from analyzer.packs.changes import Changes

_ATTACH_SECONDS: Final = 30.0
_CLOCK_SECONDS: Final = 2.0
_STOP_GRACE_SECONDS: Final = 5.0
_OURS: Final = frozenset({"application-requested"})


class Attached:
    """One process that carries the agent."""

    def __init__(self, process: Process, domain: str) -> None:
        self.process = process
        self.messages = AgentMessages(process, domain)
        self.session: Any = None
        self.script: Any = None
        self.read = 0
        self.said_bye = False
        self.gone = False
        self.flushed = 0.0
        self.own_seq = 0


class Agent:
    """The agent in every process of the app; thread-safe, records keep the order in which each agent sent them.

    `bundle` is the script of `build_agent`. `on_event` is called after an event has been written, from this object's
    own thread. `domain` names the device's boot clock. `changes` is what the app is to see changed. With `on_tap` the
    TLS tap is armed, and what it says is handed there, from the same thread. An error of the sink is raised by the next
    `attach` or `flush`.
    """

    def __init__(
        self,
        bundle: str,
        catalog: Catalog,
        sink: EvidenceSink,
        on_event: Callable[[Event], None] | None = None,
        domain: str = HOST_CLOCK,
        changes: Changes = NO_CHANGES,
        on_tap: Callable[[TapMessage], None] | None = None,
    ) -> None:
        self._changes, self._on_tap = changes, on_tap
        self._bundle, self._catalog, self._sink = bundle, catalog, sink
        self._on_event, self._domain = on_event, domain
        self._attached: list[Attached] = []
        self._inbox: queue.SimpleQueue[tuple[Attached, Any, bytes | None] | None] = queue.SimpleQueue()
        self._progress = threading.Condition()
        self._failure: OSError | None = None
        self._closing = False
        self._arming: set[_deadline] = set()
        self._cancelled = False
        self._worker = threading.Thread(target=self._work, name="agent-messages", daemon=True)
        self._worker.start()

    def attach(self, frida_device: object, process: Process) -> None:
        """Load and arm the agent in a process that is held; it answers for each hook as soon as Java is up.

        Raises `EnvironmentProblem` when the agent cannot be loaded, and the sink's `OSError`.
        """
        self._raise_failure()
        attached = Attached(process, self._domain)
        try:
            self._load(frida_device, attached)
        except frida.OperationCancelledError as error:
            if self._cancelled:
                stopped = f"the recording was stopped before the agent was in process {process.name}"
                raise GivenUp(stopped) from error
            late = f"the agent did not start in process {process.name} within {_ATTACH_SECONDS:.0f} s; start it again"
            raise EnvironmentProblem(late) from error
        except (frida.TransportError, frida.InvalidOperationError, frida.ProcessNotFoundError) as error:
            raise EnvironmentProblem(
                f"the agent could not be loaded into process {process.name} ({error}); start it again"
            ) from error
        except frida.RPCException as error:
            raise EnvironmentProblem(
                f"the agent failed in process {process.name}: {error}; run `analyzer hooks check`"
            ) from error
        except frida.NotSupportedError as error:
            raise EnvironmentProblem(f"Frida cannot enter process {process.name} on this device: {error}") from error

    def _load(self, frida_device: Any, attached: Attached) -> None:
        with self._arming_deadline() as deadline:
            attached.session = frida_device.attach(attached.process.pid)
            attached.session.on("detached", lambda reason, crash: self._detached(attached, reason, crash))
            attached.script = attached.session.create_script(self._bundle, name="observer", runtime="qjs")
            attached.script.on("message", lambda message, data: self._inbox.put((attached, message, data)))
            attached.script.load()
            tap = self._on_tap is not None
            config = agent_config(self._catalog, attached.process, self._changes, tap=tap)
            deadline.answer(lambda: attached.script.exports_sync.init(config))
        with self._progress:
            self._attached.append(attached)

    @contextmanager
    def _arming_deadline(self) -> Iterator[_deadline]:
        deadline = _deadline(_ATTACH_SECONDS)
        with self._progress:
            self._arming.add(deadline)
            if self._cancelled:
                deadline.cancel()
        try:
            with deadline:
                yield deadline
        finally:
            with self._progress:
                self._arming.discard(deadline)

    def cancel(self) -> None:
        """Give up every arming that is going on, and those to come; for another thread than the one that arms."""
        with self._progress:
            self._cancelled = True
            for deadline in self._arming:
                deadline.cancel()

    def check(self) -> None:
        """Raise the sink's `OSError`, if what the agents said could not be written."""
        self._raise_failure()

    def processes(self) -> list[Process]:
        """List the processes that carry a living agent."""
        with self._progress:
            return [one.process for one in self._attached if not one.gone]

    def flush(self, timeout: float = 2.0) -> None:
        """Fetch what the agents still hold and write it; one that does not answer in time is left behind.

        Raises the sink's `OSError`.
        """
        end = time.monotonic() + timeout
        with self._progress:
            living = [one for one in self._attached if not one.gone]
        for attached in living:
            self._flush_one(attached, end)
        self._raise_failure()

    def _flush_one(self, attached: Attached, end: float) -> None:
        try:
            with _deadline(max(0.1, end - time.monotonic())) as deadline:
                last = int(deadline.answer(attached.script.exports_sync.flush))
        except (frida.InvalidOperationError, frida.OperationCancelledError, frida.TransportError):
            return
        with self._progress:
            if self._progress.wait_for(lambda: attached.read >= last, max(0.1, end - time.monotonic())):
                attached.flushed = time.monotonic()

    def sample_clock(self, process: Process, seq: int) -> ClockSample | None:
        """Measure the process's boot clock against the host's; `None` when its agent is gone or does not answer."""
        with self._progress:
            found = next((one for one in self._attached if one.process == process and not one.gone), None)
        if found is None:
            return None
        try:
            with _deadline(_CLOCK_SECONDS) as deadline:
                ask = partial(deadline.answer, found.script.exports_sync.clock)
                return measure(lambda: int(ask()["m"]), self._domain, seq)
        except (frida.InvalidOperationError, frida.OperationCancelledError, frida.TransportError):
            return None

    def detach(self) -> None:
        """Leave every process; the same as `close`."""
        self.close()

    def close(self) -> None:
        """Write what is still there and stop listening; safe to call twice.

        Hooks stay in place until the process ends, because taking them out of a running VM can crash it.
        """
        with self._progress:
            if self._closing:
                return
            self._closing = True
        try:
            self.flush(1.0)
        finally:
            self._inbox.put(None)
            self._worker.join(10.0)

    def _detached(self, attached: Attached, reason: str, crash: Any) -> None:
        self._inbox.put((attached, {"type": "detached", "reason": reason, "crash": str(crash or "")}, None))

    def _work(self) -> None:
        while (item := self._inbox.get()) is not None:
            attached, message, data = item
            try:
                self._take(attached, message, data)
            except OSError as error:
                self._failure = self._failure or error
            except FormatProblem as problem:
                self._note(attached, GapKind.RECORD_INVALID, f"what the agent said cannot be kept: {problem}")
            with self._progress:
                self._progress.notify_all()

    def _take(self, attached: Attached, message: dict[str, Any], data: bytes | None) -> None:
        payload = message.get("payload")
        if message.get("type") == "detached":
            self._ended(attached, message)
        elif message.get("type") == "error":
            text = str(message.get("stack") or message.get("description") or "unknown script error")
            self._note(attached, GapKind.AGENT_ERROR, f"the agent met an error of its own: {text}")
        elif isinstance(payload, dict) and payload.get("t") == "batch" and isinstance(payload.get("r"), list):
            self._batch(attached, payload["r"])
        elif isinstance(payload, dict) and payload.get("t") == "tap" and self._on_tap is not None:
            self._tapped(attached, payload, data, self._on_tap)
        elif isinstance(payload, dict) and payload.get("t") == "bye":
            attached.said_bye = True
        else:
            self._note(attached, GapKind.AGENT_ERROR, f"the agent sent an unknown message: {str(message)[:200]}")

    def _batch(self, attached: Attached, batch: list[Any]) -> None:
        attached.said_bye = False
        for record in attached.messages.records(batch):
            self._write(record)
            attached.read = max(attached.read, record.seq)

    def _tapped(
        self, attached: Attached, said: dict[str, Any], data: bytes | None, on_tap: Callable[[TapMessage], None]
    ) -> None:
        attached.said_bye = False
        try:
            message = from_agent(attached.process.pid, self._domain, said, data)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self._note(attached, GapKind.AGENT_ERROR, f"the TLS tap said what cannot be read: {error!r:.200}")
            return
        on_tap(message)

    def _write(self, record: Record) -> None:
        self._sink.append(record)
        if self._on_event is not None and isinstance(record, Event):
            self._on_event(record)

    def _ended(self, attached: Attached, message: dict[str, Any]) -> None:
        attached.gone = True
        reason = str(message["reason"])
        flushed = time.monotonic() - attached.flushed < _STOP_GRACE_SECONDS
        if reason in _OURS or (reason == "process-terminated" and (attached.said_bye or flushed)):
            return
        lost = "; events of its last moments may be missing" if reason == "process-terminated" else ""
        self._note(attached, GapKind.AGENT_LOST, f"the agent was lost: {reason}{lost} {message['crash']}".strip())

    def _note(self, attached: Attached, kind: GapKind, why: str) -> None:
        attached.own_seq += 1
        self._sink.append(attached.messages.gap(kind, why, now(), attached.read + attached.own_seq))

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure


class _deadline:  # noqa: N801 - used as a verb
    """Cancels the Frida calls of the current thread when the time is over."""

    def __init__(self, seconds: float) -> None:
        self._cancellable = frida.Cancellable()  # type: ignore[no-untyped-call]
        self._timer = threading.Timer(seconds, self._cancellable.cancel)
        self._timer.daemon = True

    def cancel(self) -> None:
        self._cancellable.cancel()

    def answer(self, ask: Callable[[], Any]) -> Any:
        """Wait for what a script answers, which Frida itself does without end: Android freezes apps out of sight."""
        told: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()
        late = frida.OperationCancelledError("the script does not answer")
        handler = self._cancellable.connect(lambda: told.put((None, late)))
        threading.Thread(target=_tell, args=(ask, told), name="agent-answer", daemon=True).start()
        try:
            answer, error = told.get()
        finally:
            self._cancellable.disconnect(handler)
        if error is not None:
            raise error
        return answer

    def __enter__(self) -> Self:
        self._timer.start()
        self._cancellable.push_current()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._cancellable.pop_current()


def _tell(ask: Callable[[], Any], told: queue.SimpleQueue[tuple[Any, Exception | None]]) -> None:
    try:
        told.put((ask(), None))
    except Exception as error:  # noqa: BLE001 - raised again by whoever waits
        told.put((None, error))
