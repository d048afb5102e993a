"""The timeline of a session out of the database, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, select

from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import AppState, Phase, Source
from analyzer.store.schema import TIMELINE

_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One stored line of a timeline; instants are UTC microseconds."""

    position: int
    at_us: int
    uncertainty_us: int
    recording: str
    ref: EvidenceRef | None
    kind: str
    title: str
    phase: Phase
    app_state: AppState
    data_types: tuple[str, ...]
    sdk: str
    recipient: str
    observations: tuple[str, ...]


def timeline(
    engine: Engine, session_id: str, *, recording: str = "", phase: Phase | None = None
) -> Iterator[TimelineRow]:
    """Give the timeline of a session in order, of one recording or one phase if asked; holds a batch at a time."""
    query = select(TIMELINE).where(TIMELINE.c.session_id == session_id)
    if recording:
        query = query.where(TIMELINE.c.recording == recording)
    if phase is not None:
        query = query.where(TIMELINE.c.phase == phase.value)
    last = -1
    while True:
        # Batch by batch on its own connection: a slow reader never holds up a writer.
        with engine.connect() as connection:
            rows = connection.execute(
                query.where(TIMELINE.c.position > last).order_by(TIMELINE.c.position).limit(_BATCH)
            ).all()
        if not rows:
            return
        last = rows[-1].position
        for row in rows:
            placed = row.ref_source is not None
            yield TimelineRow(
                position=row.position,
                at_us=row.at_us,
                uncertainty_us=row.uncertainty_us,
                recording=row.recording,
                ref=EvidenceRef(row.recording, Source(row.ref_source), row.ref_line) if placed else None,
                kind=row.kind,
                title=row.title,
                phase=Phase(row.phase),
                app_state=AppState(row.app_state),
                data_types=tuple(row.data_types),
                sdk=row.sdk,
                recipient=row.recipient,
                observations=tuple(row.observations),
            )
