"""What decoding a record may cost, and the shapes in which its parts are handed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

MAX_LEAVES: Final = 50_000
MAX_BYTES: Final = 32 << 20
MAX_WORK: Final = 64 << 20
GUESS: Final = 512
"""The price of one guess, in bytes read: what it costs besides reading."""

Child: TypeAlias = tuple[str, str, str | bytes]
"""One value inside a structure: its step (path from there), the field name that carries it, and the value."""


@dataclass(slots=True)
class Budget:
    """What one record may cost: bytes and leaves made, bytes read while trying; `spent` once a bound was reached."""

    bytes_left: int = MAX_BYTES
    leaves_left: int = MAX_LEAVES
    spent: bool = False
    work_left: int = MAX_WORK

    @property
    def most(self) -> int:
        """Give how many children a container may have: one more than can be paid, so that the bound is noticed."""
        return self.leaves_left + 1

    def pay(self, size: int, leaves: int = 1) -> bool:
        """Take the price of leaves of `size` bytes; false, and remembered, when it cannot be paid."""
        if leaves > self.leaves_left or size > self.bytes_left:
            self.spent = True
            return False
        self.leaves_left -= leaves
        self.bytes_left -= size
        return True

    def work(self, units: int) -> bool:
        """Take the price of reading `units` bytes once more; false, and remembered, when it cannot be paid."""
        if units > self.work_left:
            self.spent = True
            return False
        self.work_left -= units
        return True


class Layer(NamedTuple):
    """Bytes or text that were under an encoding.

    A `guess` is only believed when something readable comes out of it; `opaque` bytes are kept although nothing can be
    read in them, because known values are looked for in them too. `hint` is what the frame around them says they are;
    an `encoding` may name several steps, parted by `>`. When a guess was wrong, what stands in `otherwise` is tried.
    """

    encoding: str
    value: bytes | str
    guess: bool = False
    opaque: bool = False
    hint: str = ""
    otherwise: tuple[Layer, ...] = ()


class Opened(NamedTuple):
    """What was inside a value; `whole` says that nothing of it is left outside of its parts."""

    children: list[Child]
    layers: list[Layer]
    whole: bool


def of_children(children: list[Child] | None, *, whole: bool = True) -> Opened | None:
    """Give the opened form of a container, `None` when it has no parts."""
    return Opened(children, [], whole) if children else None


def of_layer(encoding: str, value: bytes | str) -> Opened:
    """Give the opened form of a value that was encoded as a whole, beyond doubt."""
    return Opened([], [Layer(encoding, value)], whole=True)
