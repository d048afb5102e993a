"""Calibration: what a device let us see of an app that tells, out of band, what it really did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Proof(StrEnum):
    """What a calibration says of one way of seeing."""

    PROVEN = "proven"
    MISSED = "missed"
    NOT_EXERCISED = "not_exercised"
    NOT_ARMED = "not_armed"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the app's own account: a call that it made, or one value in a request that it sent.

    `what` is `read | send`. Of a read, `api` names class and method; of a send, `carrier` is where in the request the
    value stood, `encodings` go from the outer to the inner one, and `delivered` says that the request left.
    """

    what: str
    data_type: str
    api: str = ""
    host: str = ""
    carrier: str = ""
    encodings: tuple[str, ...] = ()
    delivered: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """One way of seeing (`kind` is `hook | decoder | path`) and what became of it; `detail` says why, in words."""

    kind: str
    name: str
    proof: Proof
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found on one device, in one build of its system, by one session of the lab's app.

    `build` is the system's own name of its build, `instruments` what was looked with: Frida's version, the digests of
    agent and catalog. It says something of later sessions only where both are the same. `session` and `digest` name the
    sealed evidence that it rests on; `created_us` is UTC.
    """

    serial: str
    model: str
    android_version: str
    api_level: int
    abi: str
    build: str
    created_us: int
    session: str
    digest: str
    instruments: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def names(self, kind: str, *proofs: Proof) -> tuple[str, ...]:
        """Give the names of the checks of a kind that came out so."""
        return tuple(check.name for check in self.checks if check.kind == kind and check.proof in proofs)
