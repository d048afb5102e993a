"""Programs of real libraries under the tap and behind a proxy, and what is read out of tapped plaintext without one."""

from __future__ import annotations

from agent_rig import Observed
from proxy_rig import Rig

from analyzer.capture.tap_connection import TapConnection
from analyzer.capture.tap_exchange import Out
from analyzer.capture.tap_ledger import Place
from analyzer.capture.tap_messages import TapMessage, TapOpened, TapPiece
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, Connection, FlowError, Gap, Message, Peer, Request, Response
from analyzer.model.vocabulary import Direction, FlowKind
from analyzer.packs.catalog import load_catalog

LEFT = "left.example"
TAPS = [hook for hook in load_catalog().hooks.values() if hook.family == "tap"]
SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
PLACE = Place("a.example", 443, Peer("127.0.0.1", 5000, "a.example", "ab" * 32, tls=True))


def at(moment: int) -> Stamp:
    """Give an instant."""
    return Stamp(moment, moment)


def opening(number: int, host: str = "a.example", **more) -> TapOpened:
    """Give a connection that is followed from now on."""
    facts = {"peer": "", "port": 443, "local_port": 0, "random": "", "through": "libssl.so", "late": False, **more}
    return TapOpened(f"7:{number}", at(1), host, **facts)


class Written:
    """What was written, in order."""

    def __init__(self) -> None:
        self.records: list[object] = []
        self.gaps: list[str] = []
        self.weight = 0

    def put(self, draft, weight: int = 0) -> None:
        self.weight += weight
        self.records.append(draft(len(self.records), lambda data: Blob("x", "x", len(data))))

    def append(self, record: object) -> None:
        """Take a record of an agent, whose sink this is too."""
        self.records.append(record)

    def gap(self, _kind, _subject: str, why: str) -> None:
        self.gaps.append(why)

    def of(self, kind) -> list:
        return [one for one in self.records if isinstance(one, kind)]

    def said(self) -> list[tuple]:
        """Give each record in a few words."""
        return [_words(one) for one in self.records]


def _words(one) -> tuple:
    match one:
        case Request():
            return ("request", one.method, one.host, one.target, one.body.data, one.body.truncated)
        case Response():
            return ("response", one.status, one.body.data, one.body.truncated)
        case Message():
            return ("message", one.direction.value, one.text, one.body.data, one.body.truncated)
        case Connection():
            return ("connection", one.host)
        case FlowError():
            return ("error", one.error)
    raise AssertionError(one)


class Line:
    """One tapped connection, fed piece by piece; each piece a moment later."""

    def __init__(self, *, late: bool = False) -> None:
        self.written = Written()
        self.connection = TapConnection(Out(self.written, "7:1", PLACE), late=late)
        self._places = {SENT: 0, RECEIVED: 0}
        self.moment = 0

    def say(self, direction: Direction, data: bytes) -> Line:
        self.moment += 1
        self.connection.feed(TapPiece("7:1", at(self.moment), direction, self._places[direction], data))
        self._places[direction] += len(data)
        return self

    def end(self, direction: Direction | None = None) -> Written:
        self.moment += 1
        self.connection.end(direction, at(self.moment))
        return self.written


class Tapped(Observed):
    """A program under the agent, whose tap speaks to a proxy, and what that proxy wrote and told."""

    def __init__(self, rig: Rig, bundle: str, line: list[str]) -> None:
        self._rig = rig
        super().__init__(bundle, TAPS, line, tap=True)
        rig.proxy.stop()
        self.flows = rig.records()
        self.told = [one for one in rig.messages if isinstance(one, Gap)]

    def tap(self, message: TapMessage) -> None:
        super().tap(message)
        self._rig.proxy.tap(message)

    def requests(self, host: str) -> list[Request]:
        return [one for one in self.flows if isinstance(one, Request) and one.host == host]

    def answer(self, request: Request) -> Response:
        (found,) = [one for one in self.flows if isinstance(one, Response) and one.flow == request.flow]
        return found

    def tunnels(self) -> dict[str, Connection]:
        found = [one for one in self.flows if isinstance(one, Connection) and one.kind is FlowKind.TLS]
        return {one.peer.client_random: one for one in found}
