"""Every statement, commit and call of every update fails once, in the words of SQLite and of Telegram's line: the
process lives on, and what is stored and shown in the end is as if nothing had happened.
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import PoolProxiedConnection
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.tg.desk import Outcome
from bot.tg.errors import LineBroken
from tests import databases
from tests.faults.fragile import CHOSEN, FragileStage, played, watch
from tests.stage import InProcess, Stage

SQLITE = (
    (sqlite3.SQLITE_BUSY, "database is locked"),
    (sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"),
    (sqlite3.SQLITE_FULL, "database or disk is full"),
    (sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
)
SERVER_ERROR = b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'
_sleep = asyncio.sleep


def refusal(number: int) -> sqlite3.OperationalError:
    """Return what SQLite says where it cannot, each time something else."""
    code, words = SQLITE[number % len(SQLITE)]
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


def broken_line(number: int) -> NetworkError:
    """Return what the transport raises where no answer came: the line broke, or fell silent."""
    error = TimedOut("silent") if number % 2 else NetworkError("the line broke")
    error.__cause__ = LineBroken("reset")
    return error


class Failing(InProcess):
    """A transport on which a call fails before it is carried out, or after, its answer lost."""

    def __init__(self, play: FailingStage) -> None:
        super().__init__(*play.apis)
        self._play = play

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: object, **named: object
    ) -> tuple[int, bytes]:
        fate = self._play.fate
        if fate.strikes():
            if fate.passed % 3 == 0:
                return 500, SERVER_ERROR
            raise broken_line(fate.passed)
        answer = await super().do_request(url, method, request_data)
        if fate.strikes():
            raise broken_line(fate.passed)
        return answer


class FailingStage(FragileStage):
    """A stage on which each point fails once; what is not acknowledged comes again to the same process."""

    def _endanger(self, engine: Engine) -> None:
        watch(engine, self._refuse)
        event.listen(engine, "begin", self._refuse_to_begin, insert=True)
        commit = engine.dialect.do_commit

        def commits(connection: PoolProxiedConnection) -> None:
            try:
                self._refuse()
            except sqlite3.OperationalError:
                connection.rollback()  # as SQLite does where it cannot commit
                raise
            commit(connection)
            self._refuse(draws_anew=False)  # it is stored, and nobody knows

        engine.dialect.do_commit = commits  # type: ignore[method-assign, assignment]

    def transport(self) -> InProcess:
        return Failing(self)

    def _refuse_to_begin(self, connection: Connection) -> None:
        self._drawn = self._seed
        try:
            self._refuse()
        except sqlite3.OperationalError as error:
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error

    def _refuse(self, *_: object, draws_anew: bool = True) -> None:
        if self.fate.strikes():
            if draws_anew:
                self._seed = self._drawn  # what was drawn in vain is drawn again, so that all can be compared
            raise refusal(self.fate.passed)

    def _dies_at(self, point: int) -> bool:
        self.fate.arm(point)
        with patch("asyncio.sleep", lambda _: _sleep(0)):
            Stage.settle(self)
        self.ledger.points += self.fate.passed >= point
        return self.fate.passed >= point

    def _come_back(self) -> None:
        self.fate.arm()
        outcomes = Stage.settle(self)
        assert set(outcomes) <= {Outcome.DONE}


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="the world is put back by copying SQLite's file")
@pytest.mark.parametrize("path", CHOSEN, ids=[path.stem for path in CHOSEN])
def test_failing_once_anywhere_changes_nothing(path: Path, tmp_path: Path) -> None:
    ledger = played(path, tmp_path, FailingStage)

    print(f"\n{path.stem}: {ledger.points} points of {ledger.updates} updates")
    assert ledger.differences == []
    assert ledger.points > 0
