"""Views for people who look around: timeline, personal data by SDK, recipients, verdicts."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', {us} / 1000000, 'unixepoch') || printf('.%06dZ', {us} % 1000000)",
    "postgresql": "to_char(to_timestamp({us} / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}
_TIMELINE = """
CREATE VIEW view_timeline AS
SELECT s.id AS session, s.package AS app, s.version_name AS version, t.recording AS recording, {at} AS "at",
  (t.at_us - r.start_us) / 1000000.0 AS seconds, t.kind AS kind, t.title AS what, t.phase AS phase,
  t.app_state AS app_state, t.data_types AS data_types, t.sdk AS sdk, t.recipient AS recipient,
  CASE WHEN t.ref_source IS NULL THEN '' ELSE t.recording || '/' || t.ref_source || '/' || t.ref_line END AS evidence
FROM timeline t
JOIN sessions s ON s.id = t.session_id
LEFT JOIN recordings r ON r.session_id = t.session_id AND r.name = t.recording
ORDER BY s.created_us, s.id, t.position
"""
_BY_SDK = """
CREATE VIEW view_personal_data_by_sdk AS
SELECT s.id AS session, s.package AS app, s.version_name AS version, o.sdk AS sdk, o.sdk_company AS sdk_company,
  o.data_type AS data_type, o.channel AS channel, o.tier AS tier, o.phase AS phase, count(*) AS times,
  sum(CASE WHEN o.phase = 'initial' THEN 1 ELSE 0 END) AS before_choice, {first} AS first_at,
  min(o.at_us - r.start_us) / 1000000.0 AS first_seconds
FROM observations o
JOIN sessions s ON s.id = o.session_id
LEFT JOIN recordings r ON r.session_id = o.session_id AND r.name = o.recording
GROUP BY s.id, s.package, s.version_name, o.sdk, o.sdk_company, o.data_type, o.channel, o.tier, o.phase
"""
_RECIPIENTS = """
CREATE VIEW view_recipients AS
SELECT s.id AS session, s.package AS app, s.version_name AS version, o.company AS company, o.country AS country,
  o.party AS party, o.host AS host, o.data_type AS data_type, o.phase AS phase, o.sdk AS sdk, count(*) AS times,
  sum(CASE WHEN o.phase = 'initial' THEN 1 ELSE 0 END) AS before_choice, {first} AS first_at,
  min(o.at_us - r.start_us) / 1000000.0 AS first_seconds
FROM observations o
JOIN sessions s ON s.id = o.session_id
LEFT JOIN recordings r ON r.session_id = o.session_id AND r.name = o.recording
WHERE o.host <> '' AND o.place <> 'response'
GROUP BY s.id, s.package, s.version_name, o.company, o.country, o.party, o.host, o.data_type, o.phase, o.sdk
"""
_VERDICTS = """
CREATE VIEW view_verdicts AS
SELECT s.id AS session, s.package AS app, s.version_name AS version, {created} AS recorded, v.outcome AS outcome,
  v.rule AS rule, v.pack AS pack, v.clause AS clause, v.title ->> 'en' AS title_en, v.title ->> 'zh' AS title_zh,
  v.tier AS tier, json_array_length(v.evidence) AS evidence_count, v.reasons AS reasons, v.confidence AS confidence
FROM verdicts v
JOIN sessions s ON s.id = v.session_id
ORDER BY s.created_us, s.id, v.position
"""


def upgrade() -> None:
    """Make the views."""
    dialect = op.get_bind().dialect.name
    time = _TIME.get(dialect, "{us}")
    op.execute(_TIMELINE.format(at=time.format(us="t.at_us")))
    op.execute(_BY_SDK.format(first=time.format(us="min(o.at_us)")))
    op.execute(_RECIPIENTS.format(first=time.format(us="min(o.at_us)")))
    op.execute(_VERDICTS.format(created=time.format(us="s.created_us")))
