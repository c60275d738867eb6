"""PostgreSQL: how connections are made and kept, and which of its failures pass by themselves."""

from __future__ import annotations

import select
from typing import Any

from sqlalchemy import Engine, Integer, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError

READS_ONLY = "reads_only"
"""Option of a connection that only reads."""
CONNECTIONS = 10
"""As many as there are threads that work on the database (wiring)."""
SPARE_CONNECTIONS = 4
CONNECT_SECONDS = 2
STATEMENT_SECONDS = 3
LONG_READ_SECONDS = 60
IDLE_SECONDS = 60
"""A process that stops in the middle of a transaction holds its locks for so long."""
SILENCE = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "tcp_user_timeout": 4000}
"""When a network that went silent is given up, in seconds, and for what was sent, in milliseconds."""

_PASSING_CLASSES = ("08", "40", "53", "57", "58")
"""Lost connections; conflicts with others; no room; the operator or a time limit stepped in; the system failed."""
_PASSING = {"55P03", "25006", "25P03", "25P04"}
"""A lock that did not come; a standby that takes no writing; a transaction that was idle or open for too long."""


class _AnyNumber(Integer):
    """A number to compare with a column: a forged id that no row can have finds nothing, rather than being refused.

    Unlike SQLAlchemy's own it is not cast to four bytes; the driver says of each number how large it is.
    """


def engine(url: str, *, wait_seconds: float) -> Engine:
    """Make the pool of connections, which waits so long for a lock; `options` in the address outweigh ours."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    limits = {
        "statement_timeout": STATEMENT_SECONDS,
        "lock_timeout": wait_seconds,
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    ours = " ".join(f"-c {name}={seconds * 1000:.0f}" for name, seconds in limits.items())
    options = f"{ours} {address.query.get('options', '')}".strip()
    made = create_engine(
        address,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": options, **SILENCE},
        pool_size=CONNECTIONS,
        max_overflow=SPARE_CONNECTIONS,
        pool_timeout=CONNECT_SECONDS,
        pool_use_lifo=True,
    )
    made.dialect.colspecs = {**made.dialect.colspecs, Integer: _AnyNumber}
    event.listen(made, "checkout", _refuse_the_dead)
    event.listen(made, "begin", _take_time_to_read)
    return made


def _refuse_the_dead(connection: Any, _: object, __: object) -> None:
    """Let the pool connect anew where the server has hung up: an idle connection has nothing to be read but that.

    Asking the server itself would cost every tap a round trip.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError("the server has hung up")


def _take_time_to_read(connection: Any) -> None:
    """Let who only reads, and so keeps nobody waiting, take longer and reckon in between."""
    if connection.get_execution_options().get(READS_ONLY):
        connection.exec_driver_sql(
            f"SELECT set_config('statement_timeout', '{LONG_READ_SECONDS}s', true),"
            " set_config('idle_in_transaction_session_timeout', '0', true)"
        )


def passes_by_itself(error: DBAPIError) -> bool:
    """Tell whether the database was in the way, rather than our statement wrong."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # no server said it: no connection, or none any more
        return error.connection_invalidated or isinstance(error, OperationalError)
    return error.connection_invalidated or state[:2] in _PASSING_CLASSES or state in _PASSING
