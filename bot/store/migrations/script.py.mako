"""${message.capitalize()}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Migrations only go forward; a mistake is mended by the next one."""
    ${upgrades if upgrades else "pass"}
