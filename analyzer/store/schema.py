"""The tables of the database: derived from sealed sessions, deletable, rebuilt by a replay.

Every row belongs to a session and goes with it. Instants (`*_us`) are UTC microseconds on the common timeline. Lists
and trees are JSON. `position` counts from 0 in the order of the result document.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_WORD: Final = String(64)
_ID: Final = String(255)


def _text(name: str, comment: str) -> Column[Any]:
    return Column(name, Text, nullable=False, comment=comment)


def _word(name: str, comment: str, *, null: bool = False) -> Column[Any]:
    return Column(name, _WORD, nullable=null, comment=comment)


def _micros(name: str, comment: str, *, null: bool = False) -> Column[Any]:
    return Column(name, BigInteger, nullable=null, comment=comment)


def _count(name: str, comment: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=null, comment=comment)


def _list(name: str, comment: str) -> Column[Any]:
    return Column(name, JSON, nullable=False, comment=comment)


def _owned(*, key: str) -> list[Column[Any]]:
    """Give the two columns that make the primary key of a table whose rows belong to a session."""
    owner = Column("session_id", _ID, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    if key == "position":
        return [owner, Column(key, Integer, primary_key=True, autoincrement=False, comment="order, from 0")]
    return [owner, Column(key, _ID, primary_key=True, comment="as in the result document")]


def _placed() -> list[Column[Any]]:
    """Give the columns that say where in the evidence, when and in which phase a row lies."""
    return [
        _text("recording", "name of the recording, `1-accept`"),
        _word("ref_source", "file of the evidence record; null where a row has none", null=True),
        _count("ref_line", "line of that file, from 1", null=True),
        _micros("at_us", "instant"),
    ]


SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("id", _ID, primary_key=True, comment="name of the session's folder"),
    _text("run_id", "identifies evidence, packs and versions that gave these rows"),
    _word("kind", "recorded or imported"),
    _micros("created_us", "when the recording began, UTC"),
    _text("package", "application id"),
    _text("version_name", "the app's version for people"),
    _text("version_code", "the app's version for machines"),
    _text("label", "the app's name"),
    _text("app_sha256", "digest of the app's file, empty if unknown"),
    _text("device_serial", "device that it ran on"),
    _word("device_kind", "lab, emulator, phone or none"),
    _text("tool_version", "analyzer that recorded it"),
    _text("case_name", "the case that it belongs to"),
    _text("operator", "who recorded it"),
    Index(None, "package", "created_us"),
    comment="one investigation of one app on one device",
)

DOCUMENTS: Final = Table(
    "documents",
    METADATA,
    Column("session_id", _ID, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    _text("run_id", "the run that the document is of"),
    Column("data", LargeBinary, nullable=False, comment="the result document, byte for byte"),
    comment="the result document of a session",
)

RECORDINGS: Final = Table(
    "recordings",
    METADATA,
    *_owned(key="name"),
    _count("position", "order, from 0"),
    _word("strategy", "what the operator did when asked for consent"),
    _micros("start_us", "first instant that has a phase", null=True),
    _micros("end_us", "last instant that has a phase", null=True),
    comment="one strategy in a fresh app state",
)

FLOWS: Final = Table(
    "flows",
    METADATA,
    *_owned(key="position"),
    *_placed(),
    _word("kind", "http, websocket, tcp, udp, dns or tls"),
    _text("host", "host that the app named"),
    _count("port", "its port"),
    _word("owner", "app, other or unknown"),
    _text("method", "HTTP method, empty for other kinds"),
    _text("target", "path with query, empty for other kinds"),
    _count("status", "HTTP status; null without a response", null=True),
    _micros("sent_bytes", "size of the request body and of messages sent"),
    _micros("received_bytes", "size of the response body and of messages received"),
    _count("tapped", "1 where it was read inside the app instead of by the proxy; null in older results", null=True),
    Index(None, "host"),
    comment="one exchange or connection; position is the flow_index",
)

OBSERVATIONS: Final = Table(
    "observations",
    METADATA,
    *_owned(key="id"),
    _count("position", "order, from 0"),
    *_placed(),
    _text("data_type", "term of the taxonomy"),
    _word("channel", "api, network or storage"),
    _word("place", "part of the record: query, header, body, …"),
    _text("path", "way to the value inside that part"),
    _list("encodings", "layers around the value, from the outside in"),
    _text("value", "the value itself"),
    _word("method", "indicator, pattern, key or hook"),
    _word("tier", "strength of the evidence"),
    Column("confidence", Float, nullable=False, comment="0 to 1"),
    _text("reasoning", "why we say so"),
    _count("flow_index", "flow that carries it", null=True),
    Column("event_id", _ID, nullable=True, comment="call that gave it"),
    _word("phase", "state of consent"),
    _word("app_state", "what the app was doing"),
    _word("owner", "whose traffic it is"),
    _text("sdk", "id of the SDK, empty if nobody was blamed"),
    _text("sdk_company", "company behind the SDK"),
    _text("host", "receiving host, empty for calls"),
    _text("registrable_domain", "its registrable domain"),
    _text("company", "company behind it"),
    _text("country", "country of that company"),
    _word("party", "first, third or unknown; null for calls", null=True),
    _list("origins", "calls whose value was recognised"),
    Index(None, "data_type", "phase"),
    Index(None, "registrable_domain"),
    Index(None, "sdk"),
    comment="this record contains personal data of this type at this place",
)

LINKS: Final = Table(
    "links",
    METADATA,
    *_owned(key="id"),
    _count("position", "order, from 0"),
    Column("event_id", _ID, nullable=False, comment="call that gave the value"),
    _count("flow_index", "flow that it left in"),
    Column("observation_id", _ID, nullable=True, comment="observation in that flow"),
    _word("method", "value, crypto, socket, client_hello or time"),
    _micros("distance_us", "start of the flow minus the call"),
    Column("confidence", Float, nullable=False, comment="0 to 1"),
    Index(None, "session_id", "event_id"),
    Index(None, "session_id", "flow_index"),
    comment="the value of a call left in a flow",
)

TIMELINE: Final = Table(
    "timeline",
    METADATA,
    *_owned(key="position"),
    *_placed(),
    _micros("uncertainty_us", "how far the instant may be off"),
    _word("kind", "event, flow, mark, screen or gap"),
    _text("title", "the entry in words"),
    _word("phase", "state of consent"),
    _word("app_state", "what the app was doing"),
    _list("data_types", "personal data seen here"),
    _text("sdk", "SDK that caused it"),
    _text("recipient", "who received it"),
    _list("observations", "ids of the observations made here"),
    Index(None, "session_id", "at_us"),
    comment="everything that happened, in order",
)

GAPS: Final = Table(
    "gaps",
    METADATA,
    *_owned(key="id"),
    _count("position", "order, from 0"),
    *_placed(),
    _micros("until_us", "end of the gap; null for an instant or the rest of the recording", null=True),
    _word("kind", "why we could not see"),
    _text("subject", "what we could not see"),
    _text("why", "the reason in words"),
    comment="what could not be seen, and why",
)

FINDINGS: Final = Table(
    "findings",
    METADATA,
    *_owned(key="id"),
    _count("position", "order, from 0"),
    Column("rule", _ID, nullable=False, comment="rule that was met"),
    _word("outcome", "violated or suspected"),
    _word("tier", "strength of the evidence"),
    _list("evidence", "ids of observations, calls and marks"),
    _text("summary", "the finding in words"),
    Index(None, "rule"),
    comment="a rule that was met, with its evidence",
)

VERDICTS: Final = Table(
    "verdicts",
    METADATA,
    *_owned(key="position"),
    Column("rule", _ID, nullable=False, comment="rule that was judged"),
    _text("pack", "pack that the rule comes from"),
    _text("clause", "clause of the law"),
    _list("title", "title by language"),
    _word("outcome", "verdict; there is no word for innocence"),
    _word("tier", "strength of the evidence; null without any", null=True),
    _list("evidence", "ids of the evidence"),
    _list("explanation", "tree of conditions and answers"),
    _list("reasons", "why nothing firmer could be said"),
    Column("confidence", Float, nullable=False, comment="0 to 1"),
    _text("wording", "how faithful the clause's text is to the original"),
    Index(None, "rule", "outcome"),
    comment="the outcome of one rule over the whole session",
)

FREQUENCIES: Final = Table(
    "frequencies",
    METADATA,
    *_owned(key="position"),
    _text("recording", "name of the recording"),
    _text("data_type", "taxonomy id"),
    _text("sdk", "who read it: an SDK, the app, or unknown"),
    _count("reads", "calls that gave a value"),
    _count("background", "of these in the background"),
    _count("silent", "of these after the app was closed, or with the screen off"),
    _count("most", "the most reads in any window of the profile"),
    Column(
        "most_allowed", Float, nullable=False, comment="reads in one window from which on the profile calls them many"
    ),
    _micros("window_us", "length of that window"),
    _count("over", "1 where the limit of the profile is reached; no law sets it"),
    _count("complete", "0 where calls may be missing: then the figures are the least"),
    _micros("start_us", "begin of the curve, UTC"),
    _micros("step_us", "length of one step of the curve"),
    _list("curve", "reads in each step"),
    comment="how often one party read one type of data in one recording",
)

PERMISSIONS: Final = Table(
    "permissions",
    METADATA,
    *_owned(key="position"),
    _text("permission", "name without android.permission."),
    _count("declared", "1 where the manifest declares it"),
    _count("asked", "1 where it was asked for"),
    _count("granted", "1 where it was granted; null where nothing names what was", null=True),
    _list("opens", "data types that it opens"),
    _list("types", "of these, what was seen to be read"),
    _count("reads", "how often"),
    _count("seen", "whether a use was seen; null where not all was watched", null=True),
    comment="a permission that opens personal data, held against what was seen to be taken by it",
)

DECISIONS: Final = Table(
    "decisions",
    METADATA,
    *_owned(key="position"),
    Column("rule", _ID, nullable=False, comment="rule that was decided on"),
    _word("outcome", "the analyst's outcome, beside the verdict's"),
    _text("why", "the analyst's reason"),
    _text("operator", "who decided, empty if not given"),
    _micros("at_us", "when, UTC"),
    Index(None, "session_id", "rule"),
    comment="an analyst's own judgement; the newest of a rule counts",
)

RESULT_TABLES: Final = (
    RECORDINGS,
    FLOWS,
    OBSERVATIONS,
    LINKS,
    TIMELINE,
    GAPS,
    FINDINGS,
    VERDICTS,
    FREQUENCIES,
    PERMISSIONS,
)
"""The tables that `results.save` fills from an analysis, in the order of their writing."""
