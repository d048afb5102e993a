"""What the proxy does with connections that come out of the device's WireGuard tunnel, before anything is read of them.

Whose each one is, the parent finds out on the device while the connection waits.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Final

from mitmproxy.connection import Client
from mitmproxy.proxy.mode_specs import WireGuardMode

from analyzer.capture.flow_clients import Tunnel
from analyzer.capture.proxy_messages import SocketSeen
from analyzer.model.vocabulary import GapKind, Owner

PROBES: Final = "192.0.2.53"
"""A device's own connections to this address, which nobody has (RFC 5737), only show that the tunnel is there."""
ANSWER_S: Final = 10.0
"""So long a connection waits for its owner; after that it is unknown."""
_QUIC: Final = 443
_MOST_TOLD: Final = 100
_REFUSED: Final = "QUIC (UDP port 443) through the tunnel was refused, so that apps use TCP"
_PREFIX: Final = b'{"socket":'

TellGap = Callable[[GapKind, str, str], object]


class TunnelDoor:
    """Meets every connection of the tunnel. `tell` asks the parent, whose answers come to `hear`, on another thread."""

    def __init__(self, tell: Callable[[SocketSeen], object], tell_gap: TellGap, wait_s: float = ANSWER_S) -> None:
        self._tell, self._tell_gap, self._wait_s = tell, tell_gap, wait_s
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, asyncio.Future[Owner]] = {}
        self._last = 0
        self._refused: set[str] = set()

    async def meet(self, client: Client, tunnel: Tunnel) -> None:
        """Note where a connection really goes and whose it is; turn probes and QUIC away."""
        if not isinstance(client.proxy_mode, WireGuardMode):
            return
        host, port = client.sockname[:2]
        if host == PROBES:
            self._tell(SocketSeen(0, client.transport_protocol, client.peername[1], host, port))
            client.error = "a probe of the tunnel"
            return
        tunnel.target = host, port
        tunnel.owner = await self._owner(client)
        if client.transport_protocol == "udp" and port == _QUIC:
            client.error = "QUIC is refused"
            tunnel.used = True
            if tunnel.owner is not Owner.OTHER and len(self._refused) < _MOST_TOLD and host not in self._refused:
                self._refused.add(host)
                self._tell_gap(GapKind.TRAFFIC_OPAQUE, f"{host}:{port}", _REFUSED)

    def hear(self, line: bytes) -> bool:
        """Take the parent's answer; say whether the line was one."""
        if not line.startswith(_PREFIX):
            return False
        number, owner = json.loads(line)["socket"]
        self._loop.call_soon_threadsafe(self._answered, int(number), Owner(owner))
        return True

    def _answered(self, number: int, owner: Owner) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(owner)

    async def _owner(self, client: Client) -> Owner:
        self._last += 1
        number = self._last
        self._waiting[number] = answer = self._loop.create_future()
        self._tell(SocketSeen(number, client.transport_protocol, client.peername[1], *client.sockname[:2]))
        try:
            return await asyncio.wait_for(answer, self._wait_s)
        except TimeoutError:
            self._waiting.pop(number, None)
            return Owner.UNKNOWN


def encode_owner(number: int, owner: Owner) -> bytes:
    """Turn the parent's answer into one line."""
    return json.dumps({"socket": [number, owner.value]}, separators=(",", ":")).encode() + b"\n"
