"""Results in the database: saved whole or not at all, deletable, rebuilt by a replay."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from sqlalchemy import Connection, Engine, func, select

from analyzer.model.evidence import SessionInfo
from analyzer.model.results import Analysis
from analyzer.model.vocabulary import Outcome
from analyzer.store.bulk import document_pieces, insert_document, insert_rows
from analyzer.store.database import writing
from analyzer.store.rows import result_rows, session_row
from analyzer.store.schema import DOCUMENTS, OBSERVATIONS, SESSIONS, VERDICTS


@dataclass(frozen=True, slots=True)
class Summary:
    """One session in a list; `verdicts` counts rules by outcome, outcomes without a rule are left out."""

    session_id: str
    run_id: str
    created_us: int
    package: str
    version_name: str
    device_kind: str
    case: str
    observations: int
    verdicts: tuple[tuple[Outcome, int], ...]


def save(engine: Engine, session: SessionInfo, analysis: Analysis, document: bytes | BinaryIO) -> None:
    """Replace everything that the database holds of a session, in one transaction.

    `document` is the result document as the report wrote it, or a file with it; it is given back byte for byte.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite lets one write at a time by itself
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(session.id))))
        _delete(connection, session.id)
        connection.execute(SESSIONS.insert(), session_row(session, analysis.run_id))
        file = BytesIO(document) if isinstance(document, bytes) else document
        insert_document(connection, session.id, analysis.run_id, file)
        for table, rows in result_rows(session.id, analysis):
            insert_rows(connection, table, rows)


def delete(engine: Engine, session_id: str) -> bool:
    """Forget a session; says whether there was one. Its folder is not touched."""
    with writing(engine) as connection:
        return _delete(connection, session_id)


def document(engine: Engine, session_id: str, run_id: str = "") -> bytes | None:
    """Give the result document of a session, or `None` when there is none of that run (any run by default)."""
    query = select(DOCUMENTS.c.data).where(DOCUMENTS.c.session_id == session_id)
    if run_id:
        query = query.where(DOCUMENTS.c.run_id == run_id)
    with engine.connect() as connection:
        data: bytes | None = connection.execute(query).scalar_one_or_none()
    return data


def copy_document(engine: Engine, session_id: str, out: BinaryIO) -> bool:
    """Write the result document of a session to a file; says whether there is one."""
    with engine.connect() as connection:
        return sum(map(out.write, document_pieces(connection, session_id))) > 0


def beginning(engine: Engine, session_id: str, size: int) -> bytes:
    """Give so many bytes of the beginning of a session's result document; empty when there is none."""
    with engine.connect() as connection, closing(document_pieces(connection, session_id)) as pieces:
        begun = bytearray()
        for piece in pieces:
            begun += piece[: size - len(begun)]
            if len(begun) == size:
                break
    return bytes(begun)


def summaries(engine: Engine) -> list[Summary]:
    """List the sessions of the database, oldest first."""
    with engine.connect() as connection:
        verdicts: dict[str, list[tuple[Outcome, int]]] = {}
        grouped = select(VERDICTS.c.session_id, VERDICTS.c.outcome, func.count()).group_by(
            VERDICTS.c.session_id, VERDICTS.c.outcome
        )
        for session_id, outcome, count in connection.execute(grouped):
            verdicts.setdefault(session_id, []).append((Outcome(outcome), count))
        seen = select(OBSERVATIONS.c.session_id, func.count()).group_by(OBSERVATIONS.c.session_id)
        observations = {row[0]: row[1] for row in connection.execute(seen)}
        query = select(SESSIONS).order_by(SESSIONS.c.created_us, SESSIONS.c.id)
        rows = connection.execute(query).mappings().all()
    order = list(Outcome)
    return [
        Summary(
            session_id=row["id"],
            run_id=row["run_id"],
            created_us=row["created_us"],
            package=row["package"],
            version_name=row["version_name"],
            device_kind=row["device_kind"],
            case=row["case_name"],
            observations=observations.get(row["id"], 0),
            verdicts=tuple(sorted(verdicts.get(row["id"], ()), key=lambda item: order.index(item[0]))),
        )
        for row in rows
    ]


def _delete(connection: Connection, session_id: str) -> bool:
    return connection.execute(SESSIONS.delete().where(SESSIONS.c.id == session_id)).rowcount > 0
