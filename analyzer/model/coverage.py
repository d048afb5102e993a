"""What could be seen: hooks, connections and processes."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.model.clock import Micros
from analyzer.model.vocabulary import HookStatus


@dataclass(frozen=True, slots=True)
class HookCoverage:
    """What became of one hook in one recording; `proven` counts its hits."""

    recording: str
    hook: str
    status: HookStatus
    processes: tuple[str, ...]
    proven: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ProcessCoverage:
    """How long after a process began its first hook was in place; `None` where none was, or its start is not told."""

    recording: str
    process: str
    pid: int
    first_hook_us: Micros | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What could be seen: hooks, connections read and unread per host, and how soon the hooks were in each process.

    `flows_tapped` counts the connections that the proxy passed on unread and that were read inside the app.
    """

    hooks: tuple[HookCoverage, ...] = ()
    flows_read: int = 0
    flows_opaque: int = 0
    opaque_hosts: tuple[str, ...] = ()
    flows_tapped: int = 0
    screens_read: int = 0
    screens_unreadable: int = 0
    processes: tuple[ProcessCoverage, ...] = ()
