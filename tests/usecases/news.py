"""An admin who announces, and crowds that allow it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, text
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.announcement import Announcement, AnnouncementId, Circle, Progress, Wording
from bot.core.group import GroupId
from bot.core.person import Person, PersonId
from bot.store import announcements
from bot.store.tables import MembershipRow, PersonRow
from bot.usecases import announcing
from bot.usecases.announcing import Planned, View, Written
from tests.usecases.world import World

TOLD = "Pelatihan <b>besok</b> jam 9."
FIRST_OF_THE_CROWD = 500_000


def admin(world: World, telegram_id: int = 9001, name: str = "Ayu") -> Viewer:
    """Bring in an admin."""
    return Viewer(world.joins(telegram_id, name), is_admin=True)


def allows(world: World, person: Person, *, wants: bool = True) -> Person:
    """Let a person allow announcements."""
    return world.do(lambda s: announcing.allow(s, owner=person, wants=wants, text_hash="kata", now=world.now))


def crowd(world: World, size: int, *, wants: bool = True, group: GroupId | None = None) -> list[PersonId]:
    """Bring in many at once, who allow announcements or not, into a group where one is given."""
    now = world.now

    def add(session: Session) -> list[PersonId]:
        known = session.connection().execute(text("SELECT count(*) FROM person")).scalar_one()
        told = {"first_name": "Warga", "role": "pemilik", "reachable": True, "last_typed_id": 0, "created_at": now}
        rows = [{**told, "telegram_id": FIRST_OF_THE_CROWD + known + n, "wants_news": wants} for n in range(size)]
        made = insert(PersonRow).returning(PersonRow.id)  # type: ignore[call-overload]
        ids = [PersonId(row.id) for row in session.execute(made, rows)]
        if group is not None:
            inside = {"group_id": group, "shares": True, "waits": False, "muted": False, "joined_at": now}
            session.execute(insert(MembershipRow), [{**inside, "person_id": one} for one in ids])
        return ids

    return world.do(add)


def drafts(world: World, viewer: Viewer, wording: Wording | None = None) -> Announcement:
    """Write an announcement."""
    told = wording or Wording(TOLD, Circle.EVERYONE)
    written = world.do(lambda s: announcing.draft(s, viewer=viewer, wording=told, now=world.now))
    assert isinstance(written, Written)
    return written.announcement


def sends(
    world: World, viewer: Viewer, wording: Wording | None = None, *, due_at: datetime | None = None
) -> AnnouncementId:
    """Write an announcement and let it go out."""
    one = drafts(world, viewer, wording)
    seen = announcing.seal(one.wording)
    planned = world.do(
        lambda s: announcing.plan(s, viewer=viewer, announcement_id=one.id, seen=seen, due_at=due_at, now=world.now)
    )
    assert isinstance(planned, Planned)
    return one.id


def tells_by_law(world: World, told: str = "Data bocor.") -> AnnouncementId:
    """Tell everybody what the law wants told, as the command does."""
    planned = world.do(lambda s: announcing.tell_by_law(s, text=told, now=world.now))
    assert isinstance(planned, Planned)
    return planned.announcement.id


def spreads(world: World, *, limit: int = announcing.SPREAD_AT_ONCE) -> list[int]:
    """Owe all that is announced, batch by batch; return how many people each batch reached."""
    reached = []
    while count := world.do(lambda s: announcing.spread(s, now=world.now, limit=limit)):
        reached.append(count)
    return reached


def progress(world: World, one: AnnouncementId) -> Progress:
    """Return how far an announcement has come."""
    return world.do(lambda s: announcements.progress(s, [one]))[one]


def seen(world: World, viewer: Viewer, one: AnnouncementId) -> View:
    """Return an announcement as its admins see it."""
    return world.do(lambda s: announcing.view(s, viewer=viewer, announcement_id=one, now=world.now))


def owed_to(world: World, one: AnnouncementId) -> list[int]:
    """Return to whom an announcement is or was owed, by their ids."""
    statement = text("SELECT person_id FROM delivery WHERE announcement_id = :one ORDER BY person_id")
    return world.do(lambda s: list(s.connection().execute(statement, {"one": one}).scalars()))
