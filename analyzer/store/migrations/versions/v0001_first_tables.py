"""The first tables: sessions, documents and everything that an analysis gives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_sessions()
    _make_documents()
    _make_findings()
    _make_flows()
    _make_gaps()
    _make_links()
    _make_observations()
    _make_recordings()
    _make_timeline()
    _make_verdicts()


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=255), nullable=False, comment="name of the session's folder"),
        sa.Column(
            "run_id", sa.Text(), nullable=False, comment="identifies evidence, packs and versions that gave these rows"
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="recorded or imported"),
        sa.Column("created_us", sa.BigInteger(), nullable=False, comment="when the recording began, UTC"),
        sa.Column("package", sa.Text(), nullable=False, comment="application id"),
        sa.Column("version_name", sa.Text(), nullable=False, comment="the app's version for people"),
        sa.Column("version_code", sa.Text(), nullable=False, comment="the app's version for machines"),
        sa.Column("label", sa.Text(), nullable=False, comment="the app's name"),
        sa.Column("app_sha256", sa.Text(), nullable=False, comment="digest of the app's file, empty if unknown"),
        sa.Column("device_serial", sa.Text(), nullable=False, comment="device that it ran on"),
        sa.Column("device_kind", sa.String(length=64), nullable=False, comment="lab, emulator, phone or none"),
        sa.Column("tool_version", sa.Text(), nullable=False, comment="analyzer that recorded it"),
        sa.Column("case_name", sa.Text(), nullable=False, comment="the case that it belongs to"),
        sa.Column("operator", sa.Text(), nullable=False, comment="who recorded it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        comment="one investigation of one app on one device",
    )
    op.create_index(op.f("ix_sessions_package_created_us"), "sessions", ["package", "created_us"], unique=False)


def _make_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False, comment="the run that the document is of"),
        sa.Column("data", sa.LargeBinary(), nullable=False, comment="the result document, byte for byte"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_documents_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_documents")),
        comment="the result document of a session",
    )


def _make_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False, comment="as in the result document"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order, from 0"),
        sa.Column("rule", sa.String(length=255), nullable=False, comment="rule that was met"),
        sa.Column("outcome", sa.String(length=64), nullable=False, comment="violated or suspected"),
        sa.Column("tier", sa.String(length=64), nullable=False, comment="strength of the evidence"),
        sa.Column("evidence", sa.JSON(), nullable=False, comment="ids of observations, calls and marks"),
        sa.Column("summary", sa.Text(), nullable=False, comment="the finding in words"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_findings_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "id", name=op.f("pk_findings")),
        comment="a rule that was met, with its evidence",
    )
    op.create_index(op.f("ix_findings_rule"), "findings", ["rule"], unique=False)


def _make_flows() -> None:
    op.create_table(
        "flows",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="order, from 0"),
        sa.Column("recording", sa.Text(), nullable=False, comment="name of the recording, `1-accept`"),
        sa.Column(
            "ref_source",
            sa.String(length=64),
            nullable=True,
            comment="file of the evidence record; null where a row has none",
        ),
        sa.Column("ref_line", sa.Integer(), nullable=True, comment="line of that file, from 1"),
        sa.Column("at_us", sa.BigInteger(), nullable=False, comment="instant"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="http, websocket, tcp, udp, dns or tls"),
        sa.Column("host", sa.Text(), nullable=False, comment="host that the app named"),
        sa.Column("port", sa.Integer(), nullable=False, comment="its port"),
        sa.Column("owner", sa.String(length=64), nullable=False, comment="app, other or unknown"),
        sa.Column("method", sa.Text(), nullable=False, comment="HTTP method, empty for other kinds"),
        sa.Column("target", sa.Text(), nullable=False, comment="path with query, empty for other kinds"),
        sa.Column("status", sa.Integer(), nullable=True, comment="HTTP status; null without a response"),
        sa.Column(
            "sent_bytes", sa.BigInteger(), nullable=False, comment="size of the request body and of messages sent"
        ),
        sa.Column(
            "received_bytes",
            sa.BigInteger(),
            nullable=False,
            comment="size of the response body and of messages received",
        ),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_flows_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "position", name=op.f("pk_flows")),
        comment="one exchange or connection; position is the flow_index",
    )
    op.create_index(op.f("ix_flows_host"), "flows", ["host"], unique=False)


def _make_gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False, comment="as in the result document"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order, from 0"),
        sa.Column("recording", sa.Text(), nullable=False, comment="name of the recording, `1-accept`"),
        sa.Column(
            "ref_source",
            sa.String(length=64),
            nullable=True,
            comment="file of the evidence record; null where a row has none",
        ),
        sa.Column("ref_line", sa.Integer(), nullable=True, comment="line of that file, from 1"),
        sa.Column("at_us", sa.BigInteger(), nullable=False, comment="instant"),
        sa.Column(
            "until_us",
            sa.BigInteger(),
            nullable=True,
            comment="end of the gap; null for an instant or the rest of the recording",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="why we could not see"),
        sa.Column("subject", sa.Text(), nullable=False, comment="what we could not see"),
        sa.Column("why", sa.Text(), nullable=False, comment="the reason in words"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_gaps_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "id", name=op.f("pk_gaps")),
        comment="what could not be seen, and why",
    )


def _make_links() -> None:
    op.create_table(
        "links",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False, comment="as in the result document"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order, from 0"),
        sa.Column("event_id", sa.String(length=255), nullable=False, comment="call that gave the value"),
        sa.Column("flow_index", sa.Integer(), nullable=False, comment="flow that it left in"),
        sa.Column("observation_id", sa.String(length=255), nullable=True, comment="observation in that flow"),
        sa.Column(
            "method", sa.String(length=64), nullable=False, comment="value, crypto, socket, client_hello or time"
        ),
        sa.Column("distance_us", sa.BigInteger(), nullable=False, comment="start of the flow minus the call"),
        sa.Column("confidence", sa.Float(), nullable=False, comment="0 to 1"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_links_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "id", name=op.f("pk_links")),
        comment="the value of a call left in a flow",
    )
    op.create_index(op.f("ix_links_session_id_event_id"), "links", ["session_id", "event_id"], unique=False)
    op.create_index(op.f("ix_links_session_id_flow_index"), "links", ["session_id", "flow_index"], unique=False)


def _make_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False, comment="as in the result document"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order, from 0"),
        sa.Column("recording", sa.Text(), nullable=False, comment="name of the recording, `1-accept`"),
        sa.Column(
            "ref_source",
            sa.String(length=64),
            nullable=True,
            comment="file of the evidence record; null where a row has none",
        ),
        sa.Column("ref_line", sa.Integer(), nullable=True, comment="line of that file, from 1"),
        sa.Column("at_us", sa.BigInteger(), nullable=False, comment="instant"),
        sa.Column("data_type", sa.Text(), nullable=False, comment="term of the taxonomy"),
        sa.Column("channel", sa.String(length=64), nullable=False, comment="api, network or storage"),
        sa.Column("place", sa.String(length=64), nullable=False, comment="part of the record: query, header, body, …"),
        sa.Column("path", sa.Text(), nullable=False, comment="way to the value inside that part"),
        sa.Column("encodings", sa.JSON(), nullable=False, comment="layers around the value, from the outside in"),
        sa.Column("value", sa.Text(), nullable=False, comment="the value itself"),
        sa.Column("method", sa.String(length=64), nullable=False, comment="indicator, pattern, key or hook"),
        sa.Column("tier", sa.String(length=64), nullable=False, comment="strength of the evidence"),
        sa.Column("confidence", sa.Float(), nullable=False, comment="0 to 1"),
        sa.Column("reasoning", sa.Text(), nullable=False, comment="why we say so"),
        sa.Column("flow_index", sa.Integer(), nullable=True, comment="flow that carries it"),
        sa.Column("event_id", sa.String(length=255), nullable=True, comment="call that gave it"),
        sa.Column("phase", sa.String(length=64), nullable=False, comment="state of consent"),
        sa.Column("app_state", sa.String(length=64), nullable=False, comment="what the app was doing"),
        sa.Column("owner", sa.String(length=64), nullable=False, comment="whose traffic it is"),
        sa.Column("sdk", sa.Text(), nullable=False, comment="id of the SDK, empty if nobody was blamed"),
        sa.Column("sdk_company", sa.Text(), nullable=False, comment="company behind the SDK"),
        sa.Column("host", sa.Text(), nullable=False, comment="receiving host, empty for calls"),
        sa.Column("registrable_domain", sa.Text(), nullable=False, comment="its registrable domain"),
        sa.Column("company", sa.Text(), nullable=False, comment="company behind it"),
        sa.Column("country", sa.Text(), nullable=False, comment="country of that company"),
        sa.Column("party", sa.String(length=64), nullable=True, comment="first, third or unknown; null for calls"),
        sa.Column("origins", sa.JSON(), nullable=False, comment="calls whose value was recognised"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_observations_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "id", name=op.f("pk_observations")),
        comment="this record contains personal data of this type at this place",
    )
    op.create_index(op.f("ix_observations_data_type_phase"), "observations", ["data_type", "phase"], unique=False)
    op.create_index(op.f("ix_observations_registrable_domain"), "observations", ["registrable_domain"], unique=False)
    op.create_index(op.f("ix_observations_sdk"), "observations", ["sdk"], unique=False)


def _make_recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False, comment="as in the result document"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order, from 0"),
        sa.Column(
            "strategy", sa.String(length=64), nullable=False, comment="what the operator did when asked for consent"
        ),
        sa.Column("start_us", sa.BigInteger(), nullable=True, comment="first instant that has a phase"),
        sa.Column("end_us", sa.BigInteger(), nullable=True, comment="last instant that has a phase"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_recordings_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "name", name=op.f("pk_recordings")),
        comment="one strategy in a fresh app state",
    )


def _make_timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="order, from 0"),
        sa.Column("recording", sa.Text(), nullable=False, comment="name of the recording, `1-accept`"),
        sa.Column(
            "ref_source",
            sa.String(length=64),
            nullable=True,
            comment="file of the evidence record; null where a row has none",
        ),
        sa.Column("ref_line", sa.Integer(), nullable=True, comment="line of that file, from 1"),
        sa.Column("at_us", sa.BigInteger(), nullable=False, comment="instant"),
        sa.Column("uncertainty_us", sa.BigInteger(), nullable=False, comment="how far the instant may be off"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="event, flow, mark, screen or gap"),
        sa.Column("title", sa.Text(), nullable=False, comment="the entry in words"),
        sa.Column("phase", sa.String(length=64), nullable=False, comment="state of consent"),
        sa.Column("app_state", sa.String(length=64), nullable=False, comment="what the app was doing"),
        sa.Column("data_types", sa.JSON(), nullable=False, comment="personal data seen here"),
        sa.Column("sdk", sa.Text(), nullable=False, comment="SDK that caused it"),
        sa.Column("recipient", sa.Text(), nullable=False, comment="who received it"),
        sa.Column("observations", sa.JSON(), nullable=False, comment="ids of the observations made here"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_timeline_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "position", name=op.f("pk_timeline")),
        comment="everything that happened, in order",
    )
    op.create_index(op.f("ix_timeline_session_id_at_us"), "timeline", ["session_id", "at_us"], unique=False)


def _make_verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="order, from 0"),
        sa.Column("rule", sa.String(length=255), nullable=False, comment="rule that was judged"),
        sa.Column("pack", sa.Text(), nullable=False, comment="pack that the rule comes from"),
        sa.Column("clause", sa.Text(), nullable=False, comment="clause of the law"),
        sa.Column("title", sa.JSON(), nullable=False, comment="title by language"),
        sa.Column("outcome", sa.String(length=64), nullable=False, comment="verdict; there is no word for innocence"),
        sa.Column("tier", sa.String(length=64), nullable=True, comment="strength of the evidence; null without any"),
        sa.Column("evidence", sa.JSON(), nullable=False, comment="ids of the evidence"),
        sa.Column("explanation", sa.JSON(), nullable=False, comment="tree of conditions and answers"),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="why nothing firmer could be said"),
        sa.Column("confidence", sa.Float(), nullable=False, comment="0 to 1"),
        sa.Column("wording", sa.Text(), nullable=False, comment="how faithful the clause's text is to the original"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_verdicts_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "position", name=op.f("pk_verdicts")),
        comment="the outcome of one rule over the whole session",
    )
    op.create_index(op.f("ix_verdicts_rule_outcome"), "verdicts", ["rule", "outcome"], unique=False)


def downgrade() -> None:
    """Remove the tables; a replay of the sessions fills new ones."""
    for table in (
        "verdicts",
        "timeline",
        "recordings",
        "observations",
        "links",
        "gaps",
        "flows",
        "findings",
        "documents",
        "sessions",
    ):
        op.drop_table(table)
