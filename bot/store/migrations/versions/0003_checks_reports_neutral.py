"""Short checks, results taken up again, reports of confusing questions, and questions that count for nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what older rows do without."""
    op.add_column("attempt", sa.Column("focus", sa.String(), nullable=True))
    op.add_column("attempt", sa.Column("lesson", sa.String(), nullable=True))
    op.add_column("attempt", sa.Column("confirm_from", sa.Integer(), nullable=True))
    op.create_table(
        "report",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"]),
        sa.PrimaryKeyConstraint("attempt_id", "slot"),
    )
    op.create_index("ix_report_item_code", "report", ["item_code"])
    op.create_table(
        "neutral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("is_neutral", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
