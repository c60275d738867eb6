"""One group full of secrets, everybody who may or may not see them, and the doors to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot.chat import dispatch
from bot.chat.callback_data import pack
from bot.chat.handlers.sending import short
from bot.chat.incoming import Incoming, Tap, Typed
from bot.chat.request import House
from bot.chat.screen import Reply
from bot.core.access import Viewer
from bot.core.announcement import AnnouncementId
from bot.core.group import GroupId
from bot.core.person import Person, PersonId
from bot.store import announcements, groups, members
from bot.usecases import grouping
from tests.access.doors import ITEM, LESSON, NEWS, RELEASE, Who
from tests.usecases.world import START
from tests.web.classroom import Classroom, SignedIn, classroom, staff

GROUP_NAME = "Rahasia Pasar"
MEMBER_NAME = "Zulfikarina"
WAITING_NAME = "Yohanna"
OFFER = "O" * 22
WATCHED = (
    *("coach_group", "group_coach", "membership", "coach_offer", "delivery", "sharing", "invited", "announcement"),
    *("group_chat", "chat_offer", "role_grant", "draft", "audit"),
)
"""Tables that no refused door may touch."""


@dataclass(slots=True)
class Scene:
    """The group and the people around it."""

    room: Classroom
    group: GroupId
    people: dict[Who, Person | None]
    member: PersonId
    waiting: PersonId
    news: AnnouncementId

    def replies(self, who: Who, event: Tap | Typed) -> tuple[Reply, bool]:
        """Let somebody do something in the chat; return the reply and whether it touched the group. Nothing is kept."""
        person = self.people[who]
        telegram_id = person.telegram_id if person else 5001
        world = self.room.world
        with closing(Session(world.database.engine)) as session:
            before = _rows(session)
            reply = dispatch.respond(
                session,
                Incoming(telegram_id, "Nama", "id", event),
                library=world.library,
                now=world.now,
                new_seed=lambda: 1,
                house=House("https://dasbor.test", "tangga_bot", frozenset({9001}), lambda size: "N" * 22),
            )
            session.flush()
            touched = _rows(session) != before
            session.rollback()
        return reply, touched

    def data(self, verb: str, arguments: tuple[str, ...]) -> str:
        """Write what a button carries."""
        second = self.people[Who.SECOND]
        assert second is not None
        module = self.room.world.do(self.room.world.library.current).module_by_code["M-O2-cek-mutasi"]
        known: dict[str, int | str] = {
            "G": self.group,
            "M": self.member,
            "W": self.waiting,
            "S": second.id,
            "O": OFFER,
            "L": short(module),
        }
        return pack(verb, *(known.get(argument, argument) for argument in arguments))

    def browser(self, who: Who) -> SignedIn:
        return self.room.signs_in(self.people[who])

    def path(self, template: str) -> str:
        return template.format(G=int(self.group), M=int(self.member), N=int(self.news), I=ITEM, L=LESSON, R=RELEASE)


def _rows(session: Session) -> str:
    found = [session.execute(select(SQLModel.metadata.tables[name])).all() for name in WATCHED]
    return repr(found)


@contextmanager
def scene(path: Path) -> Iterator[Scene]:
    """Open a group of eight with results and one who waits; everybody of the cast stands ready."""
    with classroom(path) as room:
        world, now = room.world, START
        group = room.opens_group(GROUP_NAME)
        ids = room.fills(group, 8, unfinished_every=0, names=lambda n: f"{MEMBER_NAME} {n}")
        people: dict[Who, Person | None] = {
            Who.LEAD: room.joko,
            Who.SECOND: staff(world, 2101, "Kedua"),
            Who.REMOVED: staff(world, 2102, "Bekas"),
            Who.OTHER: room.rani,
            Who.MEMBER: world.joins(1001, MEMBER_NAME),
            Who.OWNER: world.joins(1002, "Luar"),
            Who.ADMIN: room.admin,
            Who.STRANGER: None,
        }
        waiting = world.joins(1003, WAITING_NAME)
        room.opens_group("Kelompok lain", room.rani)
        alone = room.opens_group("Kelompok tanpa pembina", room.rani)

        def arrange(session: Session) -> None:
            for who in (Who.SECOND, Who.REMOVED):
                coach = people[who]
                assert coach is not None
                groups.add_coach(session, coach.id, group, leads=False, now=now)
            bekas, member = people[Who.REMOVED], people[Who.MEMBER]
            assert bekas is not None
            assert member is not None
            grouping.remove_coach(session, viewer=Viewer(room.joko), group_id=group, person_id=bekas.id)
            groups.remove_coach(session, room.rani.id, alone)
            members.add(session, member.id, group, shares=True, waits=False, now=now)
            members.add(session, waiting.id, group, shares=True, waits=True, now=now)
            grouping.offer(
                session,
                viewer=Viewer(room.joko),
                group_id=group,
                hands_over=False,
                new_token=lambda size: OFFER,
                now=now,
            )

        world.do(arrange)
        news = world.do(lambda s: announcements.add(s, NEWS, room.admin.id, now))
        yield Scene(room, group, people, ids[0], waiting.id, news)
