"""Decisions of analysts in the database, beside the verdicts: copies of what the workspace keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Engine, select

from analyzer.model.vocabulary import Outcome
from analyzer.store.database import writing
from analyzer.store.rows import storable
from analyzer.store.schema import DECISIONS, SESSIONS


@dataclass(frozen=True, slots=True)
class Decided:
    """One judgement of an analyst; `at_us` is UTC in microseconds."""

    rule: str
    outcome: Outcome
    why: str
    operator: str
    at_us: int


def keep_decisions(engine: Engine, session_id: str, decisions: Sequence[Decided]) -> None:
    """Put the decisions on a session, the oldest first, in the place of those that the database has.

    Does nothing for a session that the database does not know.
    """
    with writing(engine) as connection:
        if not _known(connection, session_id):
            return
        connection.execute(DECISIONS.delete().where(DECISIONS.c.session_id == session_id))
        rows = [
            {"session_id": session_id, "position": position, **storable(asdict(one))}
            for position, one in enumerate(decisions)
        ]
        if rows:
            connection.execute(DECISIONS.insert(), rows)


def _known(connection: Connection, session_id: str) -> bool:
    return connection.execute(select(SESSIONS.c.id).where(SESSIONS.c.id == session_id)).first() is not None
