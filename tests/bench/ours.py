"""Contestant a: this bot as it runs, with many people in the middle of an assessment."""

from __future__ import annotations

import itertools
from pathlib import Path

from sqlmodel import Session

from bot.chat.callback_data import pack
from bot.content.load import load
from bot.core.answer import ONE_CHOICE, Answer, Chosen, Unknown, best_answer, encode
from bot.core.item import Format, Item
from bot.core.person import Business, Channel, Consent, OpeningHours, Person, PhoneHolder, Role, Zone
from bot.core.release import Release
from bot.core.selection import session_length
from bot.settings import Settings
from bot.store import migrate
from bot.texts.picture import digest
from bot.tg.desk import Outcome
from bot.usecases import accounts, pictures, taking
from bot.usecases.taking import Standing
from bot.wiring import CONTENT, build
from tests.bench.millions import fill
from tests.bench.taps import FIRST_PERSON, MESSAGE_ID, TOKEN, tap
from tests.usecases.world import publish

NEVER_ENOUGH = 0.01


class Ours:
    """Every tap is an answer that is scored, stored and followed by the choice of the next item."""

    stored_per_tap = 1

    def __init__(self, sink: str, directory: Path, people: int, *, among: int = 0, database_url: str = "") -> None:
        """`among` is how many people are stored altogether, evenly between whom sit those who tap."""
        seeds = itertools.count(1)
        self.app = build(_settings(sink, directory, database_url), new_seed=lambda: next(seeds))
        self.people = range(FIRST_PERSON, FIRST_PERSON + max(people, among), max(1, among // people))
        self._among = among
        self._length = 0

    async def open(self) -> None:
        self.prepare()
        for index, person in enumerate(self.people):
            with self.app.database.transaction() as session:
                self._seat(session, person, index)
        await self.app.bot.initialize()

    def begin(self) -> None:
        """Let everybody begin a sitting of the content as it is, for a process of its own to go on with; Telegram knows
        the pictures from before.
        """
        migrate.upgrade(self.app.database)
        self.app.prepare()
        with self.app.database.transaction() as session:
            for item in self.app.library.current(session).items:
                if item.drawing is not None:
                    key = digest(item.drawing.svg)
                    pictures.keep_file(session, bot_id=self.app.desk.sender.bot_id, digest=key, file_id="AgAC")
        for person in self.people:
            with self.app.database.transaction() as session:
                self._begin(session, self._join(session, person))
        self.app.close()

    def prepare(self) -> None:
        """Lay the tables, release the questions and fill in the people."""
        migrate.upgrade(self.app.database)
        self.app.prepare()
        release_id = self._publish_plain_content()
        if self._among:
            with self.app.database.transaction() as session:
                scored = self.app.desk.library.pinned(session, release_id).scored
            codes = [item.code for item in scored if item.format in ONE_CHOICE]
            path = self.app.database.url.removeprefix("sqlite:///")
            fill(path, self._among, release_id=release_id, codes=codes)

    def _publish_plain_content(self) -> str:
        """Ask whole sittings of questions that one message shows: the tap before a picture makes other calls, the one
        that ends a sitting is another piece of work, and no peer knows either.
        """
        content = load(CONTENT)
        length = content.form.length.model_copy(update={"enough_error": NEVER_ENOUGH})
        changes = {
            "items": tuple(item for item in content.items if item.format is not Format.PICTURE),
            "form": content.form.model_copy(update={"length": length}),
        }
        with self.app.database.transaction() as session:
            return publish(session, content.model_copy(update=changes), self.app.clock())

    def _seat(self, session: Session, telegram_id: int, index: int) -> None:
        """Bring a person so far into a sitting that, over all people, every slot is met equally often."""
        owner = self._join(session, telegram_id)
        standing = self._begin(session, owner)
        self._length = session_length(standing.release)
        for _ in range(index % (self._length - 2)):
            given = choose(standing, telegram_id)
            taken = taking.answer_item(
                session,
                owner=owner,
                attempt_id=standing.attempt.id,
                slot=standing.attempt.slot,
                given=given,
                library=self.app.desk.library,
                now=self.app.clock(),
            )
            assert isinstance(taken, taking.Taken)
            standing = taken.standing

    def _join(self, session: Session, telegram_id: int) -> Person:
        consent = Consent(version="1", text_hash="", standing="dewasa")
        now = self.app.clock()
        owner = accounts.join(
            session, telegram_id=telegram_id, first_name="Sari", language=None, consent=consent, now=now
        )
        owner = accounts.choose_role(session, owner=owner, role=Role.OWNER)
        business = tuple(Business)[telegram_id % len(Business)]
        for told in (business, PhoneHolder.SELF, Channel.SOCIAL, OpeningHours(8, 17, Zone.WIB)):
            owner = accounts.tell_context(session, owner=owner, told=told)
        accounts.note_sent(
            session,
            owner=owner,
            thread=accounts.NO_THREAD,
            message_id=MESSAGE_ID,
            has_keys=True,
            sending=None,
            live_before=None,
        )
        return owner

    def _begin(self, session: Session, owner: Person) -> Standing:
        desk = self.app.desk
        return taking.begin(session, owner=owner, library=desk.library, seed=desk.new_seed(), now=desk.clock())

    def deal(self) -> list[bytes]:
        """Return one tap of each person; who is about to finish starts a new sitting first."""
        with self.app.database.transaction() as session:
            return [self._next_tap(session, person) for person in self.people]

    def _next_tap(self, session: Session, telegram_id: int) -> bytes:
        library = self.app.desk.library
        owner, _ = accounts.meet(session, telegram_id=telegram_id)
        assert owner is not None
        standing = taking.standing(session, owner=owner, library=library)
        assert standing is not None
        if standing.attempt.slot >= self._length:
            taking.stop(session, owner=owner, attempt_id=standing.attempt.id, library=library, now=self.app.clock())
            standing = self._begin(session, owner)
        attempt = standing.attempt
        return tap(telegram_id, pack("an", attempt.id, attempt.slot, encode(choose(standing, telegram_id))))

    async def tap(self, body: bytes) -> None:
        outcome = await self.app.desk.handle(body)
        assert outcome is Outcome.DONE

    def stored(self) -> int:
        """Return how many answers the database holds."""
        with self.app.database.transaction() as session:
            return int(session.connection().exec_driver_sql("SELECT count(*) FROM response").scalar_one())


def _settings(sink: str, directory: Path, database_url: str) -> Settings:
    return Settings(
        bot_token=TOKEN,
        bot_api_url=sink,
        database_url=database_url or f"sqlite:///{directory / 'ours.db'}",
        web_host="127.0.0.1",
        web_port=0,
        web_url="http://127.0.0.1",
        webhook_url=None,
        webhook_secret=None,
        admin_ids=frozenset(),
    )


def choose(standing: Standing, luck: int) -> Answer:
    """Choose an answer that no question about certainty follows, so that every tap does the whole work."""
    item = standing.item
    assert item is not None
    if not item.is_habit and (item.format is Format.NUMBER or _asks_confidence(item, standing.release)):
        return Unknown()
    return (
        Chosen((luck + standing.attempt.slot) % len(item.options)) if item.format in ONE_CHOICE else best_answer(item)
    )


def _asks_confidence(item: Item, release: Release) -> bool:
    return item.dimension is not None and release.form.plan(item.dimension).asks_confidence
