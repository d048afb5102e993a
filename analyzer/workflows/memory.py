"""Whether there is memory enough to hold a result whole, asked before the system ends the program without a word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

TIMES: Final = 11
"""So many bytes of memory a byte of a result takes when it is read whole (measured: 160 MB took 1.7 GB)."""

_SMALL: Final = 64_000_000
_FREE: Final = re.compile(r"^(?:MemAvailable|SwapFree): *(\d+) kB$", re.MULTILINE)
_MEMORY: Final = Path("/proc/meminfo")


class MemoryShort(Exception):  # noqa: N818 - it is the machine's, and the sentence says what to do
    """A result does not fit into the memory that is free."""


def check_room(name: str, size: int, told: Path = _MEMORY) -> None:
    """Raise `MemoryShort` where a result of so many bytes would not fit; `told` is what Linux says of its memory.

    Nothing is asked of small ones, nor where nobody says how much is free.
    """
    if size < _SMALL:
        return
    try:
        free = sum(int(kilobytes) * 1024 for kilobytes in _FREE.findall(told.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return
    if 0 < free < size * TIMES:
        needed = f"{size * TIMES / 1e9:.1f} GB of memory to read, of which {free / 1e9:.1f} GB are free"
        remedy = "free some, or take it as it is with --format json"
        raise MemoryShort(f"The result of {name} has {size / 1e6:.0f} MB, and takes some {needed}: {remedy}.")
