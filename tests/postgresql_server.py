"""A PostgreSQL server that a test stops, starts and cuts off; databases.py hands out databases that stay."""

from __future__ import annotations

import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url


def runs(started: Any, program: str, *arguments: str) -> None:
    """Run one of a server's programs as the one whom the server belongs to."""
    command = [str(started.bin_path / program), *arguments]
    subprocess.run(command, user=started.system_user, check=True, stdout=subprocess.DEVNULL, cwd="/")


class Server:
    """A server that can be stopped and started."""

    def __init__(self, started: Any) -> None:
        self._started = started
        self.url: str = started.get_uri()

    def control(self, *arguments: str) -> None:
        """Run pg_ctl."""
        runs(self._started, "pg_ctl", "-D", str(self._started.pgdata), "-w", "-l", "/dev/null", *arguments)

    def does(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def ends_others(self) -> None:
        """Throw everybody else out, as an operator does."""
        self.does("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


class Cutting:
    """A line to a database that breaks at a commit: before the server hears of it, or before its answer is heard.

    It breaks at the next commit once it is armed; connections made afterwards hold.
    """

    def __init__(self, address: str, directory: Path, *, heard: bool) -> None:
        self._server = make_url(address)
        self._heard = heard
        self.address = (
            self._server.set(host=None, port=None)
            .update_query_dict({"host": str(directory)})
            .render_as_string(hide_password=False)
        )
        self.is_armed = False
        self._is_waited_for = False
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(directory / ".s.PGSQL.5432"))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            upstream = self._reach_server()
            for one, other in ((client, upstream), (upstream, client)):
                threading.Thread(target=self._pass_on, args=(one, other, one is client), daemon=True).start()

    def _reach_server(self) -> socket.socket:
        host, port = str(self._server.query.get("host") or self._server.host), self._server.port or 5432
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(f"{host}/.s.PGSQL.{port}")
        return upstream

    def _pass_on(self, source: socket.socket, target: socket.socket, from_client: bool) -> None:
        with source, target, suppress(OSError):  # the other direction may have ended
            while data := source.recv(100_000):
                commits = from_client and self.is_armed and b"COMMIT" in data
                self._is_waited_for = self._is_waited_for or commits
                if self._is_waited_for and (not from_client or not self._heard):
                    self.is_armed = self._is_waited_for = False
                    for line in (source, target):
                        line.shutdown(socket.SHUT_RDWR)
                    return
                target.sendall(data)

    def close(self) -> None:
        self._listening.close()
