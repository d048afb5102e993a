"""What a result says of itself and of how it was made: readable in every form that results ever had."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from analyzer.model.results import JudgedBy
from analyzer.report.document import SCHEMA_NAME

_NAME: Final = re.compile(r"analyzer\.result/([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class OutlineSession:
    """What of the session decides a result; `judged_by` is `None` in forms that did not say."""

    id: str
    digest: str
    run_id: str
    profile: Mapping[str, str] = field(default_factory=dict)
    judged_by: JudgedBy | None = None


@dataclass(frozen=True, slots=True)
class OutlineVerdict:
    """The outcome of one rule."""

    rule: str
    pack: str
    outcome: str


@dataclass(frozen=True, slots=True)
class OutlinePolicy:
    """The privacy policy that was compared with; `ref` is the screen that held it, `None` where a file was given."""

    name: str
    sha256: str
    ref: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a result that every form has."""

    schema: str
    session: OutlineSession
    verdicts: tuple[OutlineVerdict, ...]
    policy: OutlinePolicy | None = None

    @property
    def packs(self) -> list[str]:
        """Name the rule packs that judged, in their order."""
        return list(dict.fromkeys(verdict.pack for verdict in self.verdicts))

    @property
    def given_policy(self) -> OutlinePolicy | None:
        """Give the policy that came as a file, `None` where there was none."""
        return self.policy if self.policy and self.policy.ref is None else None


def read_outline(data: bytes) -> Outline:
    """Read what every form of a result has; raises `ValueError` with a sentence for what is no result of ours."""
    try:
        outline = msgspec.json.decode(data, type=Outline)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as problem:
        raise ValueError(f"it is no result: {problem}") from problem
    found = _NAME.fullmatch(outline.schema)
    if found is None:
        raise ValueError(f"it is no result of ours: its schema is {outline.schema!r:.60}")
    if int(found[1]) > int(SCHEMA_NAME.rpartition("/")[2]):
        raise ValueError(f"its schema {outline.schema} was written by a newer analyzer: update this one")
    return outline
