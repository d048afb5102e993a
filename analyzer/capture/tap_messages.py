"""What a TLS tap says: from the agent to us, and from us to the proxy's process as one line of JSON each."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

from analyzer.capture.agent_messages import clean, whole
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import Direction

PIECE_LIMIT: Final = 512 * 1024
"""No piece of plaintext is longer than this."""
_NAME: Final = 255
_WHY: Final = 300
_PREFIX: Final = b'{"tap":'


@dataclass(frozen=True, slots=True)
class TapOpened:
    """A connection that is followed from now on; `connection` names it, also among several processes.

    `host` is the name that the app asked for, `peer` and `port` where its socket leads, `local_port` the socket's own
    port, `random` that of the ClientHello in hex; each is empty or 0 where the tap cannot tell. A `late` one was there
    before the tap.
    """

    connection: str
    stamp: Stamp
    host: str
    peer: str
    port: int
    local_port: int
    random: str
    through: str
    late: bool


@dataclass(frozen=True, slots=True)
class TapPiece:
    """Plaintext of one direction, which begins at `offset` of what the connection has sent or received."""

    connection: str
    stamp: Stamp
    direction: Direction
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class TapCut:
    """One direction is not followed any more, from `offset` on."""

    connection: str
    stamp: Stamp
    direction: Direction
    offset: int
    why: str


@dataclass(frozen=True, slots=True)
class TapEnded:
    """A direction has ended, or the connection with both (`None`)."""

    connection: str
    stamp: Stamp
    direction: Direction | None


TapMessage: TypeAlias = TapOpened | TapPiece | TapCut | TapEnded


def from_agent(pid: int, domain: str, raw: Mapping[str, Any], data: bytes | None) -> TapMessage:
    """Read a message of the agent in a process, whose clock `domain` names.

    Raises `KeyError`, `TypeError`, `ValueError` or `OverflowError` for one that cannot be read.
    """
    connection, stamp = f"{pid}:{whole(raw['c'])}", Stamp(whole(raw["m"]), whole(raw["w"]), domain)
    match raw["k"]:
        case "open":
            random = str(raw["random"])
            if random and len(bytes.fromhex(random)) != 32:  # noqa: PLR2004 - the length of a ClientHello's random
                raise ValueError("a random has 32 bytes")
            return TapOpened(
                connection,
                stamp,
                host=clean(raw["host"])[:_NAME],
                peer=clean(raw["peer"])[:_NAME],
                port=_number(raw["port"], 0xFFFF),
                local_port=_number(raw["local"], 0xFFFF),
                random=random.lower(),
                through=clean(raw["through"])[:_NAME],
                late=bool(raw["late"]),
            )
        case "data":
            if not data or len(data) > PIECE_LIMIT:
                raise ValueError("a piece is empty or too long")
            return TapPiece(connection, stamp, Direction(raw["d"]), _number(raw["o"], 2**53), bytes(data))
        case "cut":
            why = clean(raw["why"])[:_WHY]
            return TapCut(connection, stamp, Direction(raw["d"]), _number(raw["o"], 2**53), why)
        case "end":
            direction = None if raw["d"] == "both" else Direction(raw["d"])
            return TapEnded(connection, stamp, direction)
        case other:
            raise ValueError(f"the tap says no {str(other)[:40]!r}")


def _number(given: Any, most: int) -> int:
    number = whole(given)
    if not 0 <= number <= most:
        raise ValueError("a number of the tap is out of its bounds")
    return number


_KINDS: Final = {"open": TapOpened, "data": TapPiece, "cut": TapCut, "end": TapEnded}
_WORDS: Final = {kind: word for word, kind in _KINDS.items()}


def encode_tap(message: TapMessage) -> bytes:
    """Write a message as one line of ASCII JSON."""
    fields = asdict(message)
    if isinstance(message, TapPiece):
        fields["data"] = base64.b64encode(message.data).decode("ascii")
    body = json.dumps([_WORDS[type(message)], fields], separators=(",", ":"))
    return _PREFIX + body.encode("ascii") + b"}\n"


def decode_tap(line: bytes) -> TapMessage | None:
    """Read a line; `None` for one that is no message of a tap."""
    if not line.startswith(_PREFIX):
        return None
    word, fields = json.loads(line)["tap"]
    fields["stamp"] = Stamp(**fields["stamp"])
    if fields.get("direction") is not None:
        fields["direction"] = Direction(fields["direction"])
    if "data" in fields:
        fields["data"] = base64.b64decode(fields["data"])
    message: TapMessage = _KINDS[word](**fields)
    return message
