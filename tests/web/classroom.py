"""A coach's group of any size on a real database, and a browser to look at it with."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import event, insert
from starlette.routing import Mount

from bot.core.access import Viewer
from bot.core.group import GroupId
from bot.core.item import Dimension
from bot.core.person import Consent, Person, PersonId, Role
from bot.store.tables import AttemptRow, LessonRow, MembershipRow, PersonRow, ReadingRow
from bot.usecases import accounts, grouping, signing_in
from bot.usecases.signing_in import Channel
from bot.web.app import web_app
from bot.web.auth import SESSION
from bot.web.site import Site, form_mark
from tests.core.builders import best, worst
from tests.usecases.world import World
from tests.web.support import Browser

ADMIN = 9001
NAMES = (
    *("Sari", "Wulan", "Dewi", "Rina", "Yuni", "Tuti", "Endang", "Sri", "Lestari", "Ningsih", "Joko", "Budi", "Agus"),
    *("Slamet", "Bambang", "Hadi", "Eko", "Tri", "Wahyu", "Anwar", "Ratna", "Fitri", "Nur", "Siti", "Aminah", "Maya"),
    *(
        "Indah",
        "Lilis",
        "Yanti",
        "Rukmini",
        "Dodi",
        "Asep",
        "Ujang",
        "Made",
        "Ketut",
        "Wayan",
        "Komang",
        "Putu",
        "Maria",
    ),
)


class SignedIn(Browser):
    """A browser of somebody who is signed in, or a stranger's where the secret is empty."""

    def __init__(self, site: Site, secret: str) -> None:
        super().__init__([Mount("/", web_app(site))], site.url)
        self.secret = secret
        if secret:
            self.cookies.set(site.cookie(SESSION), secret)

    def post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form of our own page."""
        return self.ask("POST", path, {"tanda": form_mark(self.secret), **fields})


@dataclass(slots=True)
class Classroom:
    """The web over one database; Joko coaches, Rani coaches elsewhere."""

    world: World
    site: Site
    joko: Person
    rani: Person
    admin: Person
    random: random.Random = field(default_factory=lambda: random.Random(5))
    _telegram_ids: int = 100_000

    def signs_in(self, person: Person | None, channel: Channel = Channel.LINK) -> SignedIn:
        """Return a browser in which this person is signed in, by link or as a Mini App."""
        if person is None:
            return SignedIn(self.site, "")
        opened = self.world.do(
            lambda s: signing_in.open_session(
                s, owner=person, channel=channel, new_token=self.site.new_token, now=self.world.now
            )
        )
        return SignedIn(self.site, opened.secret)

    @contextmanager
    def reckons_later(self) -> Iterator[None]:
        """Let sums that are asked for wait until the block ends."""
        goes_on = threading.Event()
        self.site.reckoner._lane.submit(goes_on.wait)
        try:
            yield
        finally:
            goes_on.set()

    def opens_group(self, name: str = "Pasar Wage", coach: Person | None = None) -> GroupId:
        """Let a coach make a group."""
        viewer = Viewer(coach or self.joko)
        made = self.world.do(
            lambda s: grouping.create(s, viewer=viewer, name=name, new_token=self.site.new_token, now=self.world.now)
        )
        return made.id

    def fills(
        self,
        group: GroupId,
        size: int,
        *,
        nameless_every: int = 0,
        unfinished_every: int = 4,
        names: Callable[[int], str] = lambda n: f"{NAMES[n % len(NAMES)]}{'' if n < len(NAMES) else ' ' + str(n)}",
    ) -> list[PersonId]:
        """Put members into a group at once: every so many without a result, every other of the rest with two."""
        first = self._telegram_ids
        self._telegram_ids += size
        now, rows = self.world.now, Rows(self.world, self.random)
        for n in range(size):
            shares = not nameless_every or n % nameless_every != nameless_every - 1
            rows.member(group, first + n, names(n), shares=shares, joined=now - timedelta(days=30))
            if not unfinished_every or n % unfinished_every != unfinished_every - 1:
                for sitting in range(1 + n % 2):
                    rows.result(first + n, now - timedelta(days=20 - 10 * sitting), ability=-0.4 + 0.5 * sitting)
            elif n % 3:
                rows.begins(first + n, now - timedelta(days=9))
            if n % 2:
                rows.lesson(first + n, now - timedelta(days=5), done=n % 3 == 0)
        return rows.write()

    def brings_learner(self, group: GroupId, name: str = "Sulastri") -> PersonId:
        """Put somebody into a group who has answered everything, replies late, and has done a lesson."""
        owner = self.world.joins(99_999, name)
        began = self.world.now
        weak = (Dimension.RESPONSE, Dimension.PROMOTION, Dimension.SHOP)
        self.world.finishes(owner, lambda item: worst(item) if item.dimension in weak else best(item))
        self.world.learns(owner, "M-O2-cek-mutasi")
        self.world.now = began
        row = MembershipRow(group_id=group, person_id=owner.id, shares=True, waits=False, joined_at=began)
        self.world.do(lambda s: s.add(row))
        return owner.id

    @contextmanager
    def counts(self) -> Iterator[list[str]]:
        """Collect the statements that the database is sent, those that begin its transactions left out."""
        sent: list[str] = []

        def note(connection: object, cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "SELECT set_config")):
                sent.append(statement)

        engine = self.world.database.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)


class Rows:
    """Rows of many members, written at once; people are known by their Telegram id until then."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self._world = world
        self._chance = chance
        self._people: list[dict[str, object]] = []
        self._members: dict[int, dict[str, object]] = {}
        self._sittings: list[tuple[int, dict[str, object], float | None]] = []
        self._lessons: list[tuple[int, dict[str, object]]] = []

    def member(self, group: GroupId, telegram_id: int, name: str, *, shares: bool, joined: datetime) -> None:
        told = {"role": "pemilik", "business": "kuliner", "reachable": True, "last_typed_id": 0}
        self._people.append({"telegram_id": telegram_id, "first_name": name, "created_at": joined, **told})
        self._members[telegram_id] = {
            "group_id": group,
            "shares": shares,
            "waits": False,
            "muted": False,
            "joined_at": joined,
        }

    def begins(self, telegram_id: int, at: datetime) -> None:
        self._sittings.append((telegram_id, self._sitting("active", at, None), None))

    def result(self, telegram_id: int, at: datetime, *, ability: float) -> None:
        sitting = self._sitting("finished", at - timedelta(minutes=15), at)
        self._sittings.append((telegram_id, sitting, self._chance.gauss(ability, 0.8)))

    def _sitting(self, status: str, started: datetime, finished: datetime | None) -> dict[str, object]:
        codes = {"form": "pemilik", "seed": 1, "avoid": "", "keep": ""}
        return {"status": status, "started_at": started, "finished_at": finished, **codes}

    def lesson(self, telegram_id: int, at: datetime, *, done: bool) -> None:
        row = {"module_code": "M-O2-cek-mutasi", "opened_at": at, "done_at": at if done else None}
        self._lessons.append((telegram_id, row))

    def write(self) -> list[PersonId]:
        """Write all, and return the members in the order in which they came."""
        with self._world.database.transaction() as session:
            release = {"release_id": self._world.library.current(session).id}
            made = insert(PersonRow).returning(PersonRow.id, PersonRow.telegram_id)  # type: ignore[call-overload]
            ids = {row.telegram_id: row.id for row in session.execute(made, self._people)}
            session.execute(insert(MembershipRow), [{"person_id": ids[t], **row} for t, row in self._members.items()])
            sittings = [{"person_id": ids[t], **row, **release} for t, row, _ in self._sittings]
            kept = insert(AttemptRow).returning(AttemptRow.id, sort_by_parameter_order=True)  # type: ignore[call-overload]
            attempts = [row.id for row in session.execute(kept, sittings)] if sittings else []
            readings = [
                self._reading(attempt, ids[t], row["finished_at"], theta)
                for attempt, (t, row, theta) in zip(attempts, self._sittings, strict=True)
                if theta is not None
            ]
            if readings:
                session.execute(insert(ReadingRow), readings)
            if self._lessons:
                session.execute(
                    insert(LessonRow), [{"person_id": ids[t], **row, **release} for t, row in self._lessons]
                )
        return [PersonId(ids[telegram_id]) for telegram_id in self._members]

    def _reading(self, attempt: int, person: int, at: object, theta: float) -> dict[str, object]:
        scores = [max(5.0, min(95.0, 50 + 12.5 * self._chance.gauss(theta, 0.7))) for _ in range(8)]
        missing = [d for d, score in (("O6", scores[5]), ("O7", scores[6])) if score < 50]
        overall = 50 + 12.5 * theta
        return {
            "attempt_id": attempt,
            "person_id": person,
            "finished_at": at,
            "level": 1 + sum(overall >= cut for cut in (38, 50, 63)),
            "overall": theta,
            "overall_error": 0.38,
            "gate": ("hijau", "kuning", "merah")[len(missing)],
            "missing": " ".join(missing),
            "contradicts": "",
            "scam_risk": scores[1] < 40,
        } | {f"o{n + 1}": score for n, score in enumerate(scores)}


@contextmanager
def classroom(path: Path) -> Iterator[Classroom]:
    """Open the web over a new database."""
    world = World.open(path)
    workers, readers = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
    numbers = iter(range(1, 1_000_000))
    site = Site(
        database=world.database,
        workers=workers,
        readers=readers,
        library=world.library,
        clock=lambda: world.now,
        new_token=lambda size: f"token-{next(numbers):026d}"[:64],
        url="http://dasbor.test",
        bot_tokens=("1:token",),
        bot_names=lambda: ["tangga_bot"],
        admins=frozenset({ADMIN}),
    )
    joko, rani, admin = staff(world, 2001, "Joko"), staff(world, 3001, "Rani"), staff(world, ADMIN, "Ayu")
    yield Classroom(world, site, joko, rani, admin)
    site.reckoner.close()
    workers.shutdown()
    readers.shutdown()
    world.database.close()


def staff(world: World, telegram_id: int, name: str) -> Person:
    consent = Consent("2026-11", "0" * 64, "dewasa")
    role = Role.OWNER if telegram_id == ADMIN else Role.COACH
    joined = world.do(
        lambda s: accounts.join(
            s, telegram_id=telegram_id, first_name=name, language="id", consent=consent, now=world.now
        )
    )
    return world.do(lambda s: accounts.choose_role(s, owner=joined, role=role))
