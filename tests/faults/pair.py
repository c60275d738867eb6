"""A PostgreSQL server and the standby that holds every commit before it is acknowledged; either can be lost."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.postgresql_server import runs

SYNCHRONOUS = {"synchronous_commit": "on", "synchronous_standby_names": "'*'"}
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server keeps its data and listens."""

    data: Path
    socket: Path


class Pair:
    """Two places for a server: one serves, the other follows. `url` finds whichever takes writing, as libpq does."""

    def __init__(self, started: Any) -> None:
        self._started = started
        data = Path(started.pgdata)
        listens = str(started.get_uri()).partition("host=")[2].partition("&")[0]
        self._serves = Place(data, Path(listens))
        self._follows = Place(data.parent / "standby", data.parent / "standby-socket")
        for folder in (self._follows.data, self._follows.socket):
            folder.mkdir(mode=0o700)
            if started.system_user is not None:
                shutil.chown(folder, started.system_user, started.system_user)
        self._log = self._follows.socket / "log"
        hosts = f"{self._serves.socket},{self._follows.socket}"
        self.url = f"postgresql://postgres:@/postgres?host={hosts}&target_session_attrs=read-write"

    def follow(self) -> None:
        """Copy the server that serves to the other place, and let every commit wait until it stands there too."""
        runs(
            self._started,
            "pg_basebackup",
            *("-h", str(self._serves.socket), "-U", "postgres", "-D", str(self._follows.data)),
            *("-X", "stream", "-c", "fast", "-R"),
        )
        for copied in self._follows.data.glob(".s.PGSQL.*.lock"):
            copied.unlink()  # it names a process of the other server, whose number another one may have by now
        listens = f"-c listen_addresses='' -k {self._follows.socket}"
        runs(self._started, "pg_ctl", "-D", str(self._follows.data), "-w", "-l", str(self._log), "-o", listens, "start")
        for name, value in SYNCHRONOUS.items():
            self.does(f"ALTER SYSTEM SET {name} = {value}")
        self.does("SELECT pg_reload_conf()")
        until = time.monotonic() + PATIENCE
        while self._asks("SELECT string_agg(sync_state, ',') FROM pg_stat_replication") != "sync":
            assert time.monotonic() < until, "the standby does not follow"
            time.sleep(0.05)

    def fail_over(self) -> None:
        """Lose the server that serves with its disk, and let the other one serve alone, as an operator would."""
        runs(self._started, "pg_ctl", "-D", str(self._serves.data), "-w", "-m", "immediate", "stop")
        for left in self._serves.data.iterdir():
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        runs(self._started, "pg_ctl", "-D", str(self._follows.data), "-w", "promote")
        self._serves, self._follows = self._follows, self._serves
        self.does("ALTER SYSTEM RESET synchronous_standby_names")  # nobody follows yet: no commit would ever end
        self.does("SELECT pg_reload_conf()")

    def does(self, statement: str) -> None:
        with self._connected() as connection:
            connection.execute(statement.encode())

    def close(self) -> None:
        """Stop what runs; whoever started the first server deletes the folder."""
        for place in (self._follows, self._serves):
            if (place.data / "postmaster.pid").exists():
                runs(self._started, "pg_ctl", "-D", str(place.data), "-w", "-m", "immediate", "stop")

    def _asks(self, statement: str) -> Any:
        with self._connected() as connection:
            return (connection.execute(statement.encode()).fetchone() or (None,))[0]

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect as an operator: to the one that serves, and without waiting for the other one."""
        address = f"postgresql://postgres:@/postgres?host={self._serves.socket}"
        return psycopg.connect(address, autocommit=True, options="-c synchronous_commit=local")
