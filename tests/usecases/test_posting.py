"""A group's Telegram group: who may link it, who loses the link, and what is posted: people in whole lots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.access import Viewer
from bot.core.delivery import Delivery, Kind
from bot.core.group import GroupId
from bot.core.person import Zone
from bot.core.week import Week
from bot.store import group_chats, groups
from bot.usecases import accounts, grouping, posting, privacy
from bot.usecases.grouping import NotForYou
from bot.usecases.posting import Post
from tests.usecases.cast import Cast

BOT, CHAT = 7, -100
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


def offer(cast: Cast, viewer: Viewer | None = None) -> str:
    by = viewer or cast.joko
    return cast.world.do(
        lambda s: posting.offer(s, viewer=by, group_id=cast.id, new_token=cast.tokens, now=cast.world.now)
    )


def link(cast: Cast, token: str, viewer: Viewer | None = None, chat_id: int = CHAT) -> None:
    cast.world.do(
        lambda s: posting.link(
            s,
            viewer=viewer or cast.joko,
            token=token,
            bot_id=BOT,
            bot_name="tangga_bot",
            chat_id=chat_id,
            now=cast.world.now,
        )
    )


def linked(cast: Cast) -> int | None:
    found = cast.world.do(lambda s: group_chats.of_group(s, cast.id))
    return None if found is None else found.chat_id


def post(cast: Cast) -> Post | None:
    world = cast.world
    owed = Delivery(cast.joko.person.id, "mingguan_grup", Kind.WEEKLY_CHAT, world.now, cast.id)
    return world.do(lambda s: posting.post(s, owed=owed, release=world.library.current(s), now=world.now))


def have_results(cast: Cast, first: int, count: int) -> None:
    for owner in cast.joins(first, count):
        cast.has_result(owner, at=cast.world.now - DAY)


def test_coaches_of_the_group_may_link_it(cast: Cast) -> None:
    def tries(act: str) -> set[str]:
        acts = {
            "offer": lambda s, viewer, group: posting.offer(
                s, viewer=viewer, group_id=group, new_token=cast.tokens, now=cast.world.now
            ),
            "see": lambda s, viewer, group: posting.linked_in(s, viewer=viewer, group_id=group),
            "stop": lambda s, viewer, group: posting.unlink(s, viewer=viewer, group_id=group),
        }
        return cast.may(acts[act], cast.id)

    assert [tries(act) for act in ("offer", "see", "stop")] == [{"lead", "second coach"}] * 3


def test_link_is_for_one_coach_and_an_hour(cast: Cast) -> None:
    token = offer(cast)

    with pytest.raises(NotForYou):
        link(cast, token, cast.putu)
    with pytest.raises(NotForYou):
        link(cast, "t" + "9" * 21)
    cast.world.now += timedelta(minutes=59)
    link(cast, token)
    cast.world.now += timedelta(minutes=1)
    with pytest.raises(NotForYou):
        link(cast, token, chat_id=CHAT - 1)

    assert linked(cast) == CHAT


def test_new_link_takes_the_place_of_the_one_before(cast: Cast) -> None:
    first, second = offer(cast), offer(cast)

    with pytest.raises(NotForYou):
        link(cast, first)
    link(cast, second)
    link(cast, offer(cast, cast.putu), cast.putu, CHAT - 1)

    assert linked(cast) == CHAT - 1


def test_token_is_stored_hashed(cast: Cast) -> None:
    token = offer(cast)

    assert cast.world.do(lambda s: group_chats.offer(s, token)) is None
    assert cast.world.do(lambda s: group_chats.offer(s, grouping.hashed(token))) is not None


def test_archived_group_is_not_linked(cast: Cast) -> None:
    token = offer(cast)
    cast.world.do(lambda s: grouping.archive(s, viewer=cast.joko, group_id=cast.id, now=cast.world.now))

    with pytest.raises(NotForYou):
        link(cast, token)


@pytest.mark.parametrize("how", ["ended", "stepped down", "role taken", "erased"])
def test_coach_who_goes_takes_the_link_along(cast: Cast, how: str) -> None:
    world, putu = cast.world, cast.putu
    link(cast, offer(cast, putu), putu)
    token = offer(cast, putu)
    match how:
        case "ended":
            world.do(lambda s: grouping.remove_coach(s, viewer=cast.joko, group_id=cast.id, person_id=putu.person.id))
        case "stepped down":
            world.do(lambda s: grouping.step_down(s, viewer=putu, group_id=cast.id))
        case "role taken":
            world.do(lambda s: groups.step_out(s, putu.person.id))
        case _:
            world.do(lambda s: privacy.erase(s, owner=putu.person))

    assert linked(cast) is None
    assert world.do(lambda s: group_chats.offer(s, grouping.hashed(token))) is None


def test_handing_over_ends_the_link_of_who_led(cast: Cast) -> None:
    link(cast, offer(cast))
    world = cast.world
    token = world.do(
        lambda s: grouping.offer(
            s, viewer=cast.joko, group_id=cast.id, hands_over=True, new_token=cast.tokens, now=world.now
        )
    )

    world.do(lambda s: grouping.accept(s, viewer=cast.putu, token=token, now=world.now))

    assert linked(cast) is None


def test_link_of_the_other_coach_stays(cast: Cast) -> None:
    link(cast, offer(cast))

    cast.world.do(lambda s: grouping.step_down(s, viewer=cast.putu, group_id=cast.id))

    assert linked(cast) == CHAT


@pytest.mark.parametrize("counts", [(4, 0, 0), (5, 5, 5), (9, 5, 5), (10, 10, 10)])
def test_post_tells_people_in_whole_lots(cast: Cast, counts: tuple[int, int, int]) -> None:
    results, told, ever = counts
    cast.world.now += 10 * DAY
    link(cast, offer(cast))
    have_results(cast, 5000, results)

    found = post(cast)

    if not told:
        assert found is None
        return
    assert found is not None
    assert (found.week.finished, found.ever.finished, found.chat.chat_id) == (told, ever, CHAT)
    assert found.week == Week(joined=told, begun=told, finished=told)


def test_post_of_a_chat_that_is_linked_no_more(cast: Cast) -> None:
    have_results(cast, 5000, 9)

    assert post(cast) is None


@pytest.mark.parametrize(("zone", "monday"), [(None, MONDAY), (Zone.WIT, MONDAY - timedelta(hours=2))])
def test_chat_comes_on_mondays_in_the_coachs_own_morning(cast: Cast, zone: Zone | None, monday: datetime) -> None:
    world = cast.world
    if zone is not None:
        person = world.do(lambda s: accounts.tell_context(s, owner=cast.joko.person, told=zone))
        cast.joko = Viewer(person)
    link(cast, offer(cast))

    def advances(at: datetime) -> int:
        return world.do(lambda s: posting.advance(s, now=at, limit=10))

    moments = (monday - timedelta(minutes=1), monday, monday, monday + 7 * DAY)

    assert [advances(at) for at in moments] == [0, 1, 0, 1]
    assert [(row.key, row.group_id) for row in cast.owed(Kind.WEEKLY_CHAT)] == [
        (f"mingguan_grup:{cast.id}:2026-11-30", cast.id),
        (f"mingguan_grup:{cast.id}:2026-12-07", cast.id),
    ]


def test_every_coach_is_told_the_zone_of_who_linked_the_chat(cast: Cast) -> None:
    person = cast.world.do(lambda s: accounts.tell_context(s, owner=cast.joko.person, told=Zone.WIT))
    cast.joko = Viewer(person)

    def sees(viewer: Viewer) -> Zone | None:
        return cast.world.do(lambda s: posting.linked_in(s, viewer=viewer, group_id=cast.id))

    before = sees(cast.putu)
    link(cast, offer(cast))

    assert (before, sees(cast.putu), sees(cast.joko)) == (None, Zone.WIT, Zone.WIT)


def test_move_onto_a_chat_that_is_known_keeps_the_newer_link(cast: Cast) -> None:
    link(cast, offer(cast))
    cast.world.do(
        lambda s: group_chats.link(
            s,
            group_chats.GroupChat(BOT, CHAT - 1, GroupId(cast.other.id), cast.rani.person.id, "tangga_bot"),
            now=cast.world.now,
            next_at=MONDAY,
        )
    )

    cast.world.do(lambda s: posting.follow(s, bot_id=BOT, chat_id=CHAT, to=CHAT - 1))

    other = cast.world.do(lambda s: group_chats.of_group(s, cast.other.id))
    assert (linked(cast), other and other.chat_id) == (None, CHAT - 1)


def test_chat_of_a_group_that_was_put_away_is_owed_nothing(cast: Cast) -> None:
    world = cast.world
    link(cast, offer(cast))
    world.do(lambda s: grouping.archive(s, viewer=cast.joko, group_id=cast.id, now=world.now))

    taken = [world.do(lambda s: posting.advance(s, now=MONDAY, limit=10)) for _ in range(2)]

    assert (taken, list(cast.owed(Kind.WEEKLY_CHAT))) == ([1, 0], [])


def test_new_zone_of_the_coach_moves_the_mondays_of_their_chats_and_of_no_others(cast: Cast) -> None:
    world = cast.world
    link(cast, offer(cast))
    person = world.do(lambda s: accounts.tell_context(s, owner=cast.joko.person, told=Zone.WIT))

    world.do(lambda s: posting.replan(s, coach=cast.putu.person))
    before = world.do(lambda s: group_chats.linked_by(s, person.id))
    world.do(lambda s: posting.replan(s, coach=person))
    after = world.do(lambda s: group_chats.linked_by(s, person.id))

    assert ([at for _, at in before], [at for _, at in after]) == ([MONDAY], [MONDAY - timedelta(hours=2)])
