"""What a coach sends to members, and the peace that each of them is left in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.delivery import Delivery, DeliveryId, Kind, Outcome
from bot.core.group import GroupId
from bot.core.item import Dimension
from bot.core.person import Context, PersonId, Zone
from bot.core.profile import GateColour
from bot.core.triage import Flag
from bot.store import deliveries, people
from bot.usecases import accounts, grouping, joining, reminding
from bot.usecases.grouping import NotForYou
from bot.usecases.reminding import Round, Whom
from tests.usecases.cast import Cast
from tests.usecases.cohort import due
from tests.usecases.world import World, document

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAFETY = "M-O2-cek-mutasi"
PROMOTION = next(module.code for module in document().modules if module.promotion)
FOR_COACHES = next(module.code for module in document().modules if module.code.startswith("M-C"))


def preview(cast: Cast) -> Round:
    return cast.world.do(lambda s: reminding.unfinished(s, viewer=cast.joko, group_id=cast.id, now=cast.world.now))


def remind(cast: Cast, group_id: GroupId | None = None) -> int:
    viewer, group = (cast.rani, group_id) if group_id == cast.other.id else (cast.joko, cast.id)
    return cast.world.do(lambda s: reminding.remind(s, viewer=viewer, group_id=group or cast.id, now=cast.world.now))


def lesson_round(
    cast: Cast, whom: Whom | Flag | Collection[PersonId] = Whom.EVERYBODY, module_code: str = SAFETY
) -> Round:
    world = cast.world
    return world.do(
        lambda s: reminding.lesson_round(
            s,
            viewer=cast.joko,
            group_id=cast.id,
            module_code=module_code,
            whom=whom,
            library=world.library,
            now=world.now,
        )
    )


def send(cast: Cast, whom: Whom | Flag | Collection[PersonId] = Whom.EVERYBODY, module_code: str = SAFETY) -> int:
    world = cast.world
    return world.do(
        lambda s: reminding.send_lesson(
            s,
            viewer=cast.joko,
            group_id=cast.id,
            module_code=module_code,
            whom=whom,
            library=world.library,
            now=world.now,
        )
    )


def who(found: Round) -> list[int]:
    return [member.person_id for member in found.receivers]


def other_modules(count: int) -> list[str]:
    """Return so many lessons that anybody may get."""
    found = [m.code for m in document().modules if m.code.startswith("M-O") and not m.promotion and m.code != SAFETY]
    return found[:count]


def test_reminder_goes_to_members_without_a_result_in_the_coachs_name(cast: Cast, world: World) -> None:
    (done,) = cast.joins(5000, 1)
    cast.has_result(done)

    shown = preview(cast)
    sent = remind(cast)

    assert (who(shown), shown.sender_name, shown.group) == ([cast.sari.id, cast.dewi.id], "Joko", cast.group)
    assert (shown.muted, shown.recent, shown.already, shown.module) == (0, 0, 0, None)
    assert sent == 2
    assert [
        (r.person_id, r.kind, r.group_id, r.sender_name, r.module_code, r.due_at) for r in cast.owed(Kind.NUDGE)
    ] == [(person.id, "ingatkan", cast.id, "Joko", None, world.now) for person in (cast.sari, cast.dewi)]


def test_preview_owes_nothing(cast: Cast) -> None:
    preview(cast)
    lesson_round(cast)

    assert (cast.owed(Kind.NUDGE), cast.owed(Kind.LESSON)) == ([], [])


def test_nobody_is_reminded_twice_in_72_hours_whatever_the_group(cast: Cast, world: World) -> None:
    cast.enters(cast.sari, cast.other)
    assert remind(cast) == 2

    assert remind(cast) == 0
    assert preview(cast).recent == 2
    assert remind(cast, cast.other.id) == 0

    world.now += 72 * HOUR - timedelta(seconds=1)
    assert (remind(cast), remind(cast, cast.other.id)) == (0, 0)
    world.now += timedelta(seconds=1)
    assert (remind(cast, cast.other.id), remind(cast)) == (1, 1)
    assert [row.sender_name for row in cast.owed(Kind.NUDGE)] == ["Joko", "Joko", "Rani", "Joko"]


def test_pause_is_counted_from_when_the_reminder_comes(cast: Cast, world: World) -> None:
    world.now += 11 * HOUR  # 21.00 WIB: it comes at 08.00
    remind(cast)

    world.now += 80 * HOUR
    assert preview(cast).recent == 2
    world.now += 3 * HOUR
    assert preview(cast).recent == 0


def test_reminder_that_was_not_needed_does_not_count(cast: Cast, world: World) -> None:
    remind(cast)

    for owed in due(world):
        outcome = Outcome.SUPERSEDED if owed.person.id == cast.sari.id else Outcome.SENT
        world.do(lambda s, one=owed.id, how=outcome: deliveries.settle(s, one, how, world.now))  # type: ignore[misc]
    world.now += DAY

    assert who(preview(cast)) == [cast.sari.id]


def test_nobody_gets_more_than_three_messages_a_week(cast: Cast, world: World) -> None:
    cast.enters(cast.sari, cast.other)
    assert remind(cast, cast.other.id) == 1
    assert [send(cast, module_code=code) for code in other_modules(2)] == [2, 2]

    shown = lesson_round(cast)
    assert (who(shown), shown.recent) == ([cast.dewi.id], 1)
    world.now += 3 * DAY
    assert who(preview(cast)) == [cast.dewi.id]
    world.now += 4 * DAY - timedelta(seconds=1)
    assert who(lesson_round(cast)) == [cast.dewi.id]
    world.now += timedelta(seconds=1)
    assert who(lesson_round(cast)) == [cast.sari.id, cast.dewi.id]


def test_other_messages_do_not_count(cast: Cast, world: World) -> None:
    for n in range(5):
        cast.is_owed(Delivery(cast.sari.id, f"x{n}", Kind.SIGNED_IN, world.now))
        cast.is_owed(Delivery(cast.tini.id, f"y{n}", Kind.NUDGE, world.now))

    assert who(preview(cast)) == [cast.sari.id, cast.dewi.id]


@pytest.mark.parametrize(
    ("zone", "hour", "waits"),
    [
        (Zone.WIB, 12, 0),
        (Zone.WITA, 12, 12),
        (Zone.WIT, 12, 11),
        (Zone.WIB, 13, 12),
        (Zone.WIT, 22, 1),
        (Zone.WIB, 22, 3),
        (None, 13, 12),
    ],
)
def test_message_waits_for_the_readers_own_morning(
    cast: Cast, world: World, zone: Zone | None, hour: int, waits: int
) -> None:
    world.now = world.now.replace(hour=hour)
    if zone is None:
        world.do(lambda s: people.save(s, cast.sari.id, replace(cast.sari, context=Context())))
    else:
        world.do(lambda s: accounts.tell_context(s, owner=cast.sari, told=zone))

    remind(cast)
    send(cast)

    mine = [row for row in cast.owed() if row.person_id == cast.sari.id and row.kind in (Kind.NUDGE, Kind.LESSON)]
    assert [row.due_at for row in mine] == [world.now + waits * HOUR] * 2


def test_muted_and_unreachable_members_are_left_in_peace(cast: Cast, world: World) -> None:
    ani, _ = cast.joins(5000, 2)
    world.do(lambda s: joining.mute(s, owner=cast.sari, group_id=cast.id, muted=True))
    world.do(lambda s: people.set_reachable(s, cast.dewi.telegram_id, bot_id=None, reachable=False))

    assert [(len(found.receivers), found.muted) for found in (preview(cast), lesson_round(cast))] == [(2, 2), (2, 2)]
    assert (remind(cast), send(cast)) == (2, 2)
    assert {row.person_id for row in cast.owed(Kind.NUDGE)} == {ani.id, ani.id + 1}


def test_muting_one_group_does_not_mute_another(cast: Cast, world: World) -> None:
    cast.enters(cast.sari, cast.other)
    world.do(lambda s: joining.mute(s, owner=cast.sari, group_id=cast.id, muted=True))

    assert (who(preview(cast)), remind(cast, cast.other.id)) == ([cast.dewi.id], 1)


def test_lesson_is_sent_once_a_group_and_the_preview_says_so(cast: Cast, world: World) -> None:
    assert send(cast, {cast.sari.id}) == 1
    world.now += 30 * DAY

    shown = lesson_round(cast)

    assert (who(shown), shown.already, shown.recent) == ([cast.dewi.id], 1, 0)
    assert (send(cast), send(cast)) == (1, 0)
    assert [(r.person_id, r.module_code, r.sender_name) for r in cast.owed(Kind.LESSON)] == [
        (cast.sari.id, SAFETY, "Joko"),
        (cast.dewi.id, SAFETY, "Joko"),
    ]


@pytest.mark.parametrize(
    ("outcome", "again"),
    [(Outcome.SENT, 0), (Outcome.AMBIGUOUS, 0), (Outcome.SUPERSEDED, 1), (Outcome.FAILED, 1)],
)
def test_lesson_that_never_came_can_be_sent_again(cast: Cast, world: World, outcome: Outcome, again: int) -> None:
    send(cast, {cast.sari.id})
    world.now += HOUR
    owed = DeliveryId(cast.owed(Kind.LESSON)[0].id or 0)
    world.do(lambda s: deliveries.settle(s, owed, outcome, world.now))

    assert send(cast, {cast.sari.id}) == again
    assert len(cast.owed(Kind.LESSON)) == 1 + again


def test_same_lesson_may_come_from_another_group(cast: Cast, world: World) -> None:
    cast.enters(cast.sari, cast.other)
    send(cast)

    found = world.do(
        lambda s: reminding.send_lesson(
            s,
            viewer=cast.rani,
            group_id=cast.other.id,
            module_code=SAFETY,
            whom={cast.sari.id},
            library=world.library,
            now=world.now,
        )
    )

    assert found == 1


def test_lesson_for_those_below_the_cut_meets_only_who_shares(cast: Cast) -> None:
    below, at_the_cut, _ = cast.joins(5000, 3)
    cast.has_result(below, scores=49.9)
    cast.has_result(at_the_cut, scores=50.0)
    cast.has_result(cast.dewi, scores=10.0)

    assert who(lesson_round(cast, Whom.BELOW)) == [below.id]


def test_lesson_for_a_reason_meets_those_of_whom_it_is_true_and_who_share(cast: Cast) -> None:
    late, other = cast.joins(5000, 2)
    cast.has_result(late, missing=frozenset({Dimension.RESPONSE}))
    cast.has_result(other)
    cast.has_result(cast.dewi, missing=frozenset({Dimension.RESPONSE}))

    assert who(lesson_round(cast, Flag.SLOW)) == [late.id]


def test_lesson_for_chosen_members_meets_only_members_who_share(cast: Cast) -> None:
    chosen = {person.id for person in (cast.sari, cast.dewi, cast.budi, cast.wayan, cast.tini)}

    assert who(lesson_round(cast, chosen)) == [cast.sari.id]


def test_receivers_without_a_name_carry_nothing_but_that_they_are_there(cast: Cast) -> None:
    cast.has_result(cast.dewi)

    found = lesson_round(cast).receivers[-1]

    assert (found.person_id, found.first_name, found.readings, found.begun_at) == (cast.dewi.id, None, (), None)


def test_lesson_on_selling_is_for_whom_the_gate_is_open(cast: Cast) -> None:
    ready, _, not_begun = cast.joins(5000, 3)
    cast.has_result(ready, gate=GateColour.GREEN)
    cast.has_result(cast.sari, gate=GateColour.YELLOW)
    cast.has_result(cast.dewi, gate=GateColour.RED)

    assert who(lesson_round(cast, module_code=PROMOTION)) == [ready.id, cast.dewi.id]
    assert who(lesson_round(cast, {ready.id, cast.sari.id, not_begun.id}, PROMOTION)) == [ready.id]


@pytest.mark.parametrize("module_code", ["M-O2-tidak-ada", FOR_COACHES])
def test_lesson_that_owners_do_not_have_is_refused(cast: Cast, module_code: str) -> None:
    for act in (lesson_round, send):
        with pytest.raises(NotForYou):
            act(cast, Whom.BELOW, module_code)


def test_stale_lesson_is_refused(cast: Cast, world: World) -> None:
    world.now += timedelta(days=20000)

    with pytest.raises(NotForYou):
        send(cast)


def test_nothing_is_sent_from_an_archived_group(cast: Cast, world: World) -> None:
    world.do(lambda s: grouping.archive(s, viewer=cast.joko, group_id=cast.id, now=world.now))

    for act in (remind, send):
        with pytest.raises(NotForYou):
            act(cast)
    assert (cast.owed(Kind.NUDGE), cast.owed(Kind.LESSON)) == ([], [])


def test_large_group_is_reminded_at_once(cast: Cast, world: World) -> None:
    cast.joins(5000, 30)

    assert remind(cast) == 32
    assert len(cast.owed(Kind.NUDGE)) == 32
