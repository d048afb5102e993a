"""Decisions of analysts, and the view of verdicts with the newest of them beside each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', {us} / 1000000, 'unixepoch') || printf('.%06dZ', {us} % 1000000)",
    "postgresql": "to_char(to_timestamp({us} / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}
_VERDICTS = """
CREATE VIEW view_verdicts AS
SELECT s.id AS session, s.package AS app, s.version_name AS version, {created} AS recorded, v.outcome AS outcome,
  d.outcome AS analyst_outcome, d.operator AS analyst, {decided} AS analyst_at, d.why AS analyst_why,
  v.rule AS rule, v.pack AS pack, v.clause AS clause, v.title ->> 'en' AS title_en, v.title ->> 'zh' AS title_zh,
  v.tier AS tier, json_array_length(v.evidence) AS evidence_count, v.reasons AS reasons, v.confidence AS confidence
FROM verdicts v
JOIN sessions s ON s.id = v.session_id
LEFT JOIN decisions d ON d.session_id = v.session_id AND d.rule = v.rule AND d.position = (
  SELECT max(e.position) FROM decisions e WHERE e.session_id = v.session_id AND e.rule = v.rule)
ORDER BY s.created_us, s.id, v.position
"""


def upgrade() -> None:
    """Make the table, and the view anew."""
    op.create_table(
        "decisions",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="order, from 0"),
        sa.Column("rule", sa.String(length=255), nullable=False, comment="rule that was decided on"),
        sa.Column(
            "outcome", sa.String(length=64), nullable=False, comment="the analyst's outcome, beside the verdict's"
        ),
        sa.Column("why", sa.Text(), nullable=False, comment="the analyst's reason"),
        sa.Column("operator", sa.Text(), nullable=False, comment="who decided, empty if not given"),
        sa.Column("at_us", sa.BigInteger(), nullable=False, comment="when, UTC"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_decisions_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "position", name=op.f("pk_decisions")),
        comment="an analyst's own judgement; the newest of a rule counts",
    )
    op.create_index(op.f("ix_decisions_session_id_rule"), "decisions", ["session_id", "rule"], unique=False)
    time = _TIME.get(op.get_bind().dialect.name, "{us}")
    op.execute("DROP VIEW IF EXISTS view_verdicts")
    op.execute(_VERDICTS.format(created=time.format(us="s.created_us"), decided=time.format(us="d.at_us")))
