"""Builds the whole application from its settings, unstarted; the command line and the tests both call this."""

from __future__ import annotations

import logging
import os
import random
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.routing import BaseRoute, Mount
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.chat.request import House
from bot.content.load import load
from bot.content.schema import ContentDocument
from bot.jobs.deliveries import Deliveries
from bot.jobs.renewal import Renewal
from bot.jobs.schedule import Schedule
from bot.settings import Settings
from bot.store import migrate
from bot.store.erasures import ErasureLog
from bot.store.session import Database
from bot.tg.desk import Desk, Lanes
from bot.tg.polling import Polling
from bot.tg.sender import Sender
from bot.tg.webhook import webhook_route
from bot.usecases import importing, readings
from bot.usecases.library import Library
from bot.web.app import web_app
from bot.web.health import health_routes
from bot.web.site import Site

CONTENT = Path(__file__).parents[1] / "content"
POOL_SIZE = 16
DATABASE_THREADS = 8
READING_THREADS = 2

KEPT_BACK = "the content files in %s were NOT released: %s. `content import` puts them before the editors."
WHY = {
    importing.KeptBack.RELEASED: "editors released other content after them",
    importing.KeptBack.DRAFTED: "editors are changing the same parts",
    importing.KeptBack.PROPOSED: "a proposal of the editors waits for its release",
}

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """Everything that a process runs, ready but not started."""

    settings: Settings
    database: Database
    bot: Bot
    desk: Desk
    site: Site
    polling: Polling
    deliveries: Deliveries
    renewal: Renewal
    schedule: Schedule
    clock: Clock
    workers: ThreadPoolExecutor

    def routes(self) -> list[BaseRoute]:
        """Return what this process serves over HTTP; the web comes last, because it answers whatever is left."""
        routes: list[BaseRoute] = [*health_routes({"database": self.database_answers, "updates": self.updates_come})]
        secrets = self.settings.webhook_secrets
        if self.settings.webhook_url and secrets:
            routes.append(webhook_route(self.desk, webhook_url=self.settings.webhook_url, secrets=secrets))
        return [*routes, Mount("/", web_app(self.site))]

    def database_answers(self) -> bool:
        return self.database.answers()

    def updates_come(self) -> bool:
        return self.settings.webhook_url is not None or self.polling.healthy

    def prepare(self, content: Path = CONTENT, document: ContentDocument | None = None) -> None:
        """Bring a SQLite database to the newest schema, make the content files the current release unless editors go
        another way, and write the readings that are missing. Files that were read before are handed in as a document.
        """
        if self.settings.database_url.startswith("sqlite"):
            migrate.upgrade(self.database)
        read = document or load(content)
        with self.database.transaction() as session:
            kept_back = importing.start(session, document=read, library=self.desk.library, now=self.clock())
        if kept_back is not None:
            log.warning(KEPT_BACK, content, WHY[kept_back])
        left = 1
        while left:
            with self.database.transaction() as session:
                self.desk.library.refresh(session, now=self.clock())
                left = readings.catch_up(session, library=self.desk.library)

    def close(self) -> None:
        self.site.reckoner.close()
        self.workers.shutdown()
        self.site.readers.shutdown()
        self.database.close()


def _noting(folder: Path | None) -> Callable[[list[int]], None] | None:
    """Return what writes down who is erased; nothing where no folder is given for it."""
    if folder is None:
        return None
    log = ErasureLog(folder)
    return lambda telegram_ids: log.note(telegram_ids, utc_now())


def build(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    new_seed: Callable[[], int] | None = None,
    new_token: Callable[[int], str] = secrets.token_urlsafe,
    request: BaseRequest | None = None,
    updates_request: BaseRequest | None = None,
) -> App:
    """Build the application; tests hand in a clock, a source of seeds and a transport."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's waits as timedelta; it warns at every 429 without
    database = Database(settings.database_url, note_erased=_noting(settings.data_dir))
    bot = Bot(
        settings.bot_token,
        base_url=f"{settings.bot_api_url}/bot",
        base_file_url=f"{settings.bot_api_url}/file/bot",
        request=request or HTTPXRequest(connection_pool_size=POOL_SIZE),
    )
    # One SQLite file takes one writer: more threads would only wait for each other.
    threads = 1 if settings.database_url.startswith("sqlite") else DATABASE_THREADS
    workers = ThreadPoolExecutor(threads, thread_name_prefix="database")
    desk = Desk(
        database=database,
        library=Library(),
        sender=Sender(bot),
        clock=clock,
        new_seed=new_seed or (lambda: random.SystemRandom().getrandbits(31)),
        workers=workers,
        lanes=Lanes(),
        house=House(settings.web_url, bot_name="", admins=settings.admin_ids, new_token=new_token),
    )
    site = Site(
        database=database,
        workers=workers,
        readers=ThreadPoolExecutor(READING_THREADS, thread_name_prefix="reading"),
        library=desk.library,
        clock=clock,
        new_token=new_token,
        url=settings.web_url,
        bot_token=settings.bot_token,
        bot_name=lambda: desk.sender.bot_name,
        admins=settings.admin_ids,
        two_person=settings.two_person_release,
    )
    fetching = updates_request or HTTPXRequest(connection_pool_size=1)
    polling = Polling(fetching, f"{settings.bot_api_url}/bot{settings.bot_token}", desk)
    deliveries = Deliveries(database, workers, desk.library, clock, push=desk.sender.push)
    renewal = Renewal(database, workers, desk.library, clock)
    schedule = Schedule(database, workers, desk.library, clock, settings.two_person_release)
    return App(settings, database, bot, desk, site, polling, deliveries, renewal, schedule, clock, workers)
