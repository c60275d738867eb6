"""The screen that is being sent as a new message: a text that arrives meanwhile is no answer to it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add one column that may be empty; nothing older knows it."""
    op.add_column("person", sa.Column("sending", sa.BigInteger(), nullable=True))
