"""The month in which somebody did anything last: who only reads is no longer taken for somebody who went away."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add one column that may be empty; nothing older knows it."""
    op.add_column("person", sa.Column("used_on", sa.Date(), nullable=True))
