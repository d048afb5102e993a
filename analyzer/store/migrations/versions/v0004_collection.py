"""How often data was read, and what permissions were used for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "frequencies",
        *_owned(),
        sa.Column("recording", sa.Text(), nullable=False, comment="name of the recording"),
        sa.Column("data_type", sa.Text(), nullable=False, comment="taxonomy id"),
        sa.Column("sdk", sa.Text(), nullable=False, comment="who read it: an SDK, the app, or unknown"),
        _count("reads", "calls that gave a value"),
        _count("background", "of these in the background"),
        _count("silent", "of these after the app was closed, or with the screen off"),
        _count("most", "the most reads in any window of the profile"),
        sa.Column(
            "most_allowed",
            sa.Float(),
            nullable=False,
            comment="reads in one window from which on the profile calls them many",
        ),
        sa.Column("window_us", sa.BigInteger(), nullable=False, comment="length of that window"),
        _count("over", "1 where the limit of the profile is reached; no law sets it"),
        _count("complete", "0 where calls may be missing: then the figures are the least"),
        sa.Column("start_us", sa.BigInteger(), nullable=False, comment="begin of the curve, UTC"),
        sa.Column("step_us", sa.BigInteger(), nullable=False, comment="length of one step of the curve"),
        sa.Column("curve", sa.JSON(), nullable=False, comment="reads in each step"),
        *_keys("frequencies"),
        comment="how often one party read one type of data in one recording",
    )
    op.create_table(
        "permissions",
        *_owned(),
        sa.Column("permission", sa.Text(), nullable=False, comment="name without android.permission."),
        _count("declared", "1 where the manifest declares it"),
        _count("asked", "1 where it was asked for"),
        _count("granted", "1 where it was granted; null where nothing names what was", null=True),
        sa.Column("opens", sa.JSON(), nullable=False, comment="data types that it opens"),
        sa.Column("types", sa.JSON(), nullable=False, comment="of these, what was seen to be read"),
        _count("reads", "how often"),
        _count("seen", "whether a use was seen; null where not all was watched", null=True),
        *_keys("permissions"),
        comment="a permission that opens personal data, held against what was seen to be taken by it",
    )


def _owned() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="order, from 0"),
    )


def _count(name: str, comment: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null, comment=comment)


def _keys(table: str) -> tuple[sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f(f"fk_{table}_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "position", name=op.f(f"pk_{table}")),
    )
