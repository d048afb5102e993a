"""Which flows were read inside the app, and how much of what the views count rests on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', {us} / 1000000, 'unixepoch') || printf('.%06dZ', {us} % 1000000)",
    "postgresql": "to_char(to_timestamp({us} / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}
_SUMS = """count(*) AS times,
  sum(CASE WHEN o.phase = 'initial' THEN 1 ELSE 0 END) AS before_choice,
  sum(CASE WHEN f.tapped = 1 THEN 1 ELSE 0 END) AS tapped, {first} AS first_at,
  min(o.at_us - r.start_us) / 1000000.0 AS first_seconds
FROM observations o
JOIN sessions s ON s.id = o.session_id
LEFT JOIN recordings r ON r.session_id = o.session_id AND r.name = o.recording
LEFT JOIN flows f ON f.session_id = o.session_id AND f.position = o.flow_index"""
_BY_SDK = f"""
CREATE VIEW view_personal_data_by_sdk AS
SELECT s.id AS session, s.package AS app, s.version_name AS version, o.sdk AS sdk, o.sdk_company AS sdk_company,
  o.data_type AS data_type, o.channel AS channel, o.tier AS tier, o.phase AS phase, {_SUMS}
GROUP BY s.id, s.package, s.version_name, o.sdk, o.sdk_company, o.data_type, o.channel, o.tier, o.phase
"""
_RECIPIENTS = f"""
CREATE VIEW view_recipients AS
SELECT s.id AS session, s.package AS app, s.version_name AS version, o.company AS company, o.country AS country,
  o.party AS party, o.host AS host, o.data_type AS data_type, o.phase AS phase, o.sdk AS sdk, {_SUMS}
WHERE o.host <> '' AND o.place <> 'response'
GROUP BY s.id, s.package, s.version_name, o.company, o.country, o.party, o.host, o.data_type, o.phase, o.sdk
"""


def upgrade() -> None:
    """Add the column, and make the views anew that count by it."""
    comment = "1 where it was read inside the app instead of by the proxy; null in older results"
    op.add_column("flows", sa.Column("tapped", sa.Integer(), nullable=True, comment=comment))
    time = _TIME.get(op.get_bind().dialect.name, "{us}")
    for name, view in (("view_personal_data_by_sdk", _BY_SDK), ("view_recipients", _RECIPIENTS)):
        op.execute(f"DROP VIEW IF EXISTS {name}")
        op.execute(view.format(first=time.format(us="min(o.at_us)")))
