"""Builds the whole application from its settings, unstarted; the command line and the tests both call this."""

from __future__ import annotations

import logging
import os
import random
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from starlette.routing import BaseRoute, Mount
from telegram import Bot
from telegram.request import BaseRequest

from bot.chat.request import House
from bot.content.load import load
from bot.content.schema import ContentDocument
from bot.jobs.deliveries import Deliveries
from bot.jobs.engine import Chore, Engine
from bot.jobs.renewal import Renewal
from bot.jobs.retention import Retention
from bot.jobs.schedule import Schedule
from bot.jobs.timetable import Timetable
from bot.settings import Settings
from bot.store import migrate, people
from bot.store.erasures import ErasureLog
from bot.store.session import Database
from bot.store.turns import one_at_a_time
from bot.tg.desk import Desk, Lanes
from bot.tg.flood import Flood
from bot.tg.inlet import Inlet, telegrams_time
from bot.tg.polling import Polling
from bot.tg.sender import Sender
from bot.tg.senders import Senders
from bot.tg.transport import AiohttpRequest
from bot.tg.watched import WatchedRequest
from bot.tg.webhook import webhook_route
from bot.usecases import importing
from bot.usecases.library import Library
from bot.watch.metrics import Metrics
from bot.watch.rounds import Skew
from bot.watch.watch import Swept, Watch, WayIn, watch
from bot.web.app import web_app
from bot.web.health import health_routes
from bot.web.site import Site

CONTENT = Path(__file__).parents[1] / "content"
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


@dataclass(slots=True)
class Branch:
    """One bot with what takes its updates; `webhook_url` is its own, None where it fetches them.

    `is_refused` once Telegram does not know its token: then it rests until the next start, and the other bots go on.
    """

    bot: Bot
    desk: Desk
    polling: Polling
    webhook_url: str | None
    is_refused: bool = False

    @property
    def bot_id(self) -> int:
        return self.desk.sender.bot_id

    def come(self) -> bool:
        """Tell whether updates come, as far as this process can see."""
        return not self.is_refused and (self.webhook_url is not None or self.polling.healthy)

    def wrong(self, inlet: Inlet) -> str:
        """Return what keeps updates from coming, here or at Telegram's end."""
        if self.is_refused:
            return "Telegram refuses the token"
        return inlet.wrong or ("" if self.come() else "updates cannot be fetched")


@dataclass(frozen=True, slots=True)
class App:
    """Everything that a process runs, ready but not started: a branch for each bot, and what they share."""

    settings: Settings
    database: Database
    library: Library
    branches: tuple[Branch, ...]
    site: Site
    deliveries: Deliveries
    engine: Engine
    clock: Clock
    workers: ThreadPoolExecutor
    watch: Watch

    @property
    def bot(self) -> Bot:
        """Return the first bot."""
        return self.branches[0].bot

    @property
    def desk(self) -> Desk:
        """Return the first bot's desk."""
        return self.branches[0].desk

    @property
    def polling(self) -> Polling:
        """Return what fetches the first bot's updates."""
        return self.branches[0].polling

    def routes(self, *, to_people: bool = True) -> list[BaseRoute]:
        """Return what this process serves over HTTP; the web comes last, because it answers whatever is left.

        A process that serves nobody only tells how it is.
        """
        metrics, token = self.watch.metrics.told, self.settings.metrics_token
        routes: list[BaseRoute] = [
            *health_routes(self.watch.checkup.told, metrics, token=token, local=self.settings.metrics)
        ]
        if not to_people:
            self.watch.take_no_updates()
            return routes
        secrets = self.settings.webhook_secrets
        for branch in self.branches:
            if branch.webhook_url and secrets:
                routes.append(webhook_route(branch.desk, webhook_url=branch.webhook_url, secrets=secrets))
        return [*routes, Mount("/", web_app(self.site))]

    def stop_fetching(self) -> None:
        """Ask every loop that fetches updates to end."""
        for branch in self.branches:
            branch.polling.stop()

    async def hang_up(self) -> None:
        """Close the lines to Telegram."""
        for branch in self.branches:
            await branch.bot.shutdown()

    def prepare(self, content: Path = CONTENT, document: ContentDocument | None = None) -> None:
        """Bring the database to the newest schema, and make the content files the current release unless editors go
        another way. Files that were read before are handed in as a document.
        """
        migrate.upgrade(self.database)
        read = document or load(content)
        with self.database.transaction() as session:
            one_at_a_time(session)
            people.take_in(session, self.branches[0].bot_id)
            kept_back = importing.start(session, document=read, library=self.library, now=self.clock())
            self.library.refresh(session, now=self.clock())
        if kept_back is not None:
            log.warning(KEPT_BACK, content, WHY[kept_back])

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
    flood: Flood | None = None,
) -> App:
    """Build the application; tests hand in a clock, a source of seeds and a transport."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's waits as timedelta; it warns at every 429 without
    database = Database(settings.database_url, note_erased=_noting(settings.data_dir))
    # One SQLite file takes one writer: more threads would only wait for each other.
    threads = 1 if settings.database_url.startswith("sqlite") else DATABASE_THREADS
    workers = ThreadPoolExecutor(threads, thread_name_prefix="database")
    library = Library()
    seeds = new_seed or (lambda: random.SystemRandom().getrandbits(31))
    lanes = Lanes()
    metrics = Metrics(clock)
    house = House(settings.web_url, bot_name="", admins=settings.admin_ids, new_token=new_token)
    desk = partial(
        Desk,
        database=database,
        library=library,
        clock=clock,
        new_seed=seeds,
        workers=workers,
        lanes=lanes,
        house=house,
        flood=flood or Flood(),
    )
    branches = tuple(_branch(settings, token, desk, metrics, request, updates_request) for token in settings.bot_tokens)
    senders = Senders([one.desk.sender for one in branches])
    deliveries = Deliveries(
        database, workers, library, clock, push=senders.push, bots=[one.bot_id for one in branches], observer=metrics
    )
    site = _site(settings, deliveries, senders, new_token)
    engine = _engine(settings, deliveries, seeds)
    watching = _watching(settings, metrics, database, branches, lanes, engine)
    return App(settings, database, library, branches, site, deliveries, engine, clock, workers, watching)


def _branch(
    settings: Settings,
    token: str,
    desk: Callable[..., Desk],
    metrics: Metrics,
    request: BaseRequest | None,
    updates_request: BaseRequest | None,
) -> Branch:
    """Put together what serves one bot; `desk` lacks only what is this bot's own."""
    observer = metrics.of_bot(int(token.partition(":")[0]))
    line = WatchedRequest(request or AiohttpRequest(), observer)
    bot = Bot(
        token,
        base_url=f"{settings.bot_api_url}/bot",
        base_file_url=f"{settings.bot_api_url}/file/bot",
        request=line,
        get_updates_request=line,  # never used: else the library would open a client of its own, which takes 70 ms
    )
    own = desk(sender=Sender(bot), observer=observer)
    fetching = WatchedRequest(updates_request or AiohttpRequest(pool_size=1), observer)
    polling = Polling(fetching, f"{settings.bot_api_url}/bot{token}", own)
    return Branch(bot, own, polling, _webhook_url(settings, own.sender.bot_id))


def _site(settings: Settings, deliveries: Deliveries, senders: Senders, new_token: Callable[[int], str]) -> Site:
    """Put together what the pages need."""
    return Site(
        database=deliveries.database,
        workers=deliveries.workers,
        readers=ThreadPoolExecutor(READING_THREADS, thread_name_prefix="reading"),
        library=deliveries.library,
        clock=deliveries.clock,
        new_token=new_token,
        url=settings.web_url,
        bot_tokens=settings.bot_tokens,
        bot_names=senders.bot_names,
        admins=settings.admin_ids,
        two_person=settings.two_person_release,
    )


def _engine(settings: Settings, deliveries: Deliveries, seeds: Callable[[], int]) -> Engine:
    """Put together the engine with all that it does by the clock."""
    database, workers, library, clock = deliveries.database, deliveries.workers, deliveries.library, deliveries.clock
    timetable = Timetable(database, workers, seeds, clock)
    retention = Retention(database, workers, clock, settings.admin_ids)
    renewal = Renewal(database, workers, library, clock)
    schedule = Schedule(database, workers, library, clock, settings.two_person_release)
    chores = (
        Chore("timetable", "12-59/15 * * * * *", timetable.advance),
        Chore("retention", "0 40 19 * * *", retention.purge),  # 02.40 WIB
        Chore("readings", "*/10 * * * * *", renewal.catch_up),
        Chore("releases", "5-59/15 * * * * *", schedule.look),
    )
    return Engine(settings.engine, deliveries, chores)


def _watching(
    settings: Settings, metrics: Metrics, database: Database, branches: Sequence[Branch], lanes: Lanes, engine: Engine
) -> Watch:
    """Put together what watches the process. Whether the machine's clock is right is seen by that clock alone."""
    secret = next(iter(settings.webhook_secrets), None)
    ways_in = []
    for branch in branches:
        inlet = Inlet(branch.bot, branch.webhook_url, secret, metrics.clock)
        ways_in.append(WayIn(branch.bot_id, branch.come, partial(branch.wrong, inlet), inlet.look))
    skew = Skew(partial(telegrams_time, settings.bot_api_url), utc_now)
    swept = Swept(lambda: engine.last_sweep, utc_now)
    return watch(metrics, database, ways_in, skew, swept, updates_waiting=lambda: lanes.waiting)


def _webhook_url(settings: Settings, bot_id: int) -> str | None:
    """Return where a bot's updates come in: WEBHOOK_URL, and below it by the bot's id where there are several."""
    if settings.webhook_url is None or len(settings.bot_tokens) == 1:
        return settings.webhook_url
    return f"{settings.webhook_url}/{bot_id}"
