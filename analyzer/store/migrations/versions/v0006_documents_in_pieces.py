"""Documents of which PostgreSQL gives any piece without reading what stands before it."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep documents as they are: of packed bytes a piece is got only by unpacking all before it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE documents ALTER COLUMN data SET STORAGE EXTERNAL")
