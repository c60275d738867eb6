"""A migrated database with the real content published, and the people of every test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session

from bot.content.release import freeze
from bot.content.schema import ContentDocument
from bot.core.answer import Answer
from bot.core.attempt import AttemptId, Confidence
from bot.core.item import Dimension, Item
from bot.core.person import Business, Channel, Consent, OpeningHours, Person, PhoneHolder, Role, Zone
from bot.store import releases
from bot.store.session import Database
from bot.usecases import accounts, checking, learning, results, taking
from bot.usecases.learning import OpenLesson
from bot.usecases.library import Library
from bot.usecases.results import Result
from bot.usecases.taking import Standing, Taken
from tests import databases
from tests.core.builders import real_document

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
Value = TypeVar("Value")


def document() -> ContentDocument:
    """Return the real content."""
    return real_document()


def later_document(mark: str = "Baru") -> ContentDocument:
    """Return the real content with every question and card changed a little."""
    real = document()
    items = tuple(item.model_copy(update={"stem": f"{mark}: {item.stem}"}) for item in real.items)
    modules = tuple(
        module.model_copy(update={"cards": tuple(f"{mark}: {card}" for card in module.cards)})
        for module in real.modules
    )
    return real.model_copy(update={"items": items, "modules": modules})


def publish(session: Session, content: ContentDocument, now: datetime) -> str:
    """Make this content the current release, whatever editors do, and return its id."""
    release_id, payload = freeze(content)
    if releases.current_id(session) != release_id:
        releases.publish(session, release_id=release_id, payload=payload, now=now)
    return release_id


def with_content(database: Database) -> None:
    """Publish the real content in a new database."""
    World(database).publish(document())


@dataclass(slots=True)
class World:
    """What use cases need, with a clock that a test moves by hand."""

    database: Database
    library: Library = field(default_factory=Library)
    now: datetime = START

    @classmethod
    def open(cls, path: Path) -> World:
        """Make a new database, or go on with one as another process would."""
        return cls(databases.opened(path, with_content))

    def do(self, work: Callable[[Session], Value]) -> Value:
        """Run one use case in one transaction."""
        with self.database.transaction() as session:
            return work(session)

    def publish(self, content: ContentDocument) -> str:
        return self.do(lambda session: publish(session, content, self.now))

    def joins(self, telegram_id: int, first_name: str) -> Person:
        """Bring in an owner of an eatery."""

        def join(session: Session) -> Person:
            consent = Consent("2026-11", "0" * 64, "dewasa")
            owner = accounts.join(
                session, telegram_id=telegram_id, first_name=first_name, language="id", consent=consent, now=self.now
            )
            owner = accounts.choose_role(session, owner=owner, role=Role.OWNER)
            hours = OpeningHours(8, 17, Zone.WIB)
            for told in (Business.CULINARY, PhoneHolder.SELF, Channel.SOCIAL, hours):
                owner = accounts.tell_context(session, owner=owner, told=told)
            return owner

        return self.do(join)

    def begins(self, owner: Person, seed: int = 1) -> Standing:
        return self.do(lambda s: taking.begin(s, owner=owner, library=self.library, seed=seed, now=self.now))

    def stands(self, owner: Person) -> Standing | None:
        return self.do(lambda s: taking.standing(s, owner=owner, library=self.library))

    def answers(self, owner: Person, attempt_id: AttemptId, slot: int, given: Answer) -> taking.Taken | taking.Stale:
        """Answer one slot."""
        return self.do(
            lambda s: taking.answer_item(
                s, owner=owner, attempt_id=attempt_id, slot=slot, given=given, library=self.library, now=self.now
            )
        )

    def says(self, owner: Person, attempt_id: AttemptId, slot: int, said: Confidence) -> taking.Taken | taking.Stale:
        """Say how sure the answer in a slot was."""
        return self.do(
            lambda s: taking.say_confidence(
                s, owner=owner, attempt_id=attempt_id, slot=slot, confidence=said, library=self.library, now=self.now
            )
        )

    def finishes(self, owner: Person, choose: Callable[[Item], Answer]) -> Standing:
        """Answer everything of a sitting, begun now or before."""
        return self.goes_on(owner, self.begins(owner), choose)

    def goes_on(self, owner: Person, standing: Standing, choose: Callable[[Item], Answer]) -> Standing:
        """Answer everything that is left of what is under way, a minute each, fairly sure."""
        while standing.attempt.is_active:
            self.now += timedelta(minutes=1)
            attempt = standing.attempt
            if standing.awaiting is not None:
                outcome = self.says(owner, attempt.id, standing.awaiting.slot, Confidence.FAIRLY)
            else:
                assert standing.item is not None
                outcome = self.answers(owner, attempt.id, attempt.slot, choose(standing.item))
            assert isinstance(outcome, Taken)
            standing = outcome.standing
        return standing

    def confirms(self, owner: Person, attempt_id: AttemptId) -> Standing:
        """Take a result up again to settle it."""
        return self.do(
            lambda s: taking.confirm(s, owner=owner, attempt_id=attempt_id, library=self.library, now=self.now)
        )

    def checks(self, owner: Person, dimension: Dimension, seed: int = 2) -> Standing:
        """Begin a check of a dimension."""
        return self.do(
            lambda s: checking.begin(s, owner=owner, dimension=dimension, library=self.library, seed=seed, now=self.now)
        )

    def checks_after(self, owner: Person, module_code: str, seed: int = 2) -> Standing:
        """Begin the check that follows a lesson."""
        return self.do(
            lambda s: checking.begin_after_lesson(
                s, owner=owner, module_code=module_code, library=self.library, seed=seed, now=self.now
            )
        )

    def reads(self, owner: Person, module_code: str) -> OpenLesson:
        """Open a lesson."""
        return self.do(
            lambda s: learning.open_module(s, owner=owner, module_code=module_code, library=self.library, now=self.now)
        )

    def learns(self, owner: Person, module_code: str) -> None:
        """Open a lesson and do its act."""
        self.reads(owner, module_code)
        assert self.do(lambda s: learning.mark_done(s, owner=owner, module_code=module_code, now=self.now))

    def stops(self, owner: Person, attempt_id: AttemptId) -> bool:
        """Close a sitting before its end."""
        return self.do(lambda s: taking.stop(s, owner=owner, attempt_id=attempt_id, library=self.library, now=self.now))

    def result(self, owner: Person) -> Result | None:
        """Return the latest result."""
        return self.do(lambda s: results.latest(s, owner=owner, library=self.library, now=self.now))
