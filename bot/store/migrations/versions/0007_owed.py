"""What people want to get by itself, leases of owed messages, several bots."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

OPEN = sa.text("done_at IS NULL")
COMES = sa.text("next_at IS NOT NULL")


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Add six tables, and columns that an older version does without; file ids of pictures are kept anew by bot."""
    op.add_column("person", sa.Column("bot_id", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("delivery", moment("leased_until", nullable=True))
    op.create_index("deliveries_leased", "delivery", ["leased_until"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("probe", sa.Column("delivery_id", sa.Integer(), nullable=True))
    op.create_index("ix_probe_delivery_id", "probe", ["delivery_id"])
    op.add_column("picture", sa.Column("bot_id", sa.BigInteger(), server_default="0", nullable=False))

    op.drop_table("shared_picture")
    op.create_table(
        "shared_picture",
        sa.Column("bot_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "digest"),
    )

    op.create_table(
        "thread",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("live_message_id", sa.BigInteger(), nullable=True),
        sa.Column("last_typed_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "bot_id"),
    )

    op.create_table(
        "wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=True),
        moment("decided_at"),
        sa.Column("text_hash", sa.String(), nullable=False),
        moment("next_at", nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "what"),
    )
    op.create_index("wishes_next", "wish", ["next_at"], sqlite_where=COMES, postgresql_where=COMES)

    op.create_table(
        "pause",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        moment("until"),
        sa.PrimaryKeyConstraint("bot_id"),
    )

    op.create_table(
        "act_report",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("module_code", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        moment("said_at"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "module_code"),
    )

    op.create_table(
        "group_chat",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("bot_name", sa.String(), nullable=False),
        moment("linked_at"),
        moment("next_at"),
        sa.ForeignKeyConstraint(["group_id"], ["coach_group.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("bot_id", "chat_id"),
    )
    op.create_index("ix_group_chat_group_id", "group_chat", ["group_id"])
    op.create_index("ix_group_chat_person_id", "group_chat", ["person_id"])
    op.create_index("ix_group_chat_next_at", "group_chat", ["next_at"])

    op.create_table(
        "chat_offer",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        moment("ends_at"),
        sa.ForeignKeyConstraint(["group_id"], ["coach_group.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_chat_offer_person_id", "chat_offer", ["person_id"])
