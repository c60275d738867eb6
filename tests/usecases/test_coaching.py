"""What a coach sees of a group: names of those who share, sums where nobody is given away, and what to teach next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.core.access import Act, Viewer
from bot.core.attempt import Confidence
from bot.core.cohort import Member, Step
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import Person, PersonId, Role
from bot.core.profile import GateColour
from bot.core.topics import TooFew
from bot.core.triage import Flag
from bot.store import attempts
from bot.store.session import Database
from bot.usecases import coaching, grouping, joining, readings
from bot.usecases.coaching import MemberView, Mirror, NothingToMirror, Overview, SessionPlan
from bot.usecases.grouping import NotForYou
from bot.usecases.joining import Sharing
from bot.usecases.taking import Taken
from tests.core.builders import best, mixed, worst
from tests.usecases.cast import Cast
from tests.usecases.world import World

DAY = timedelta(days=1)
QUERIES = 7
"""What the first screen of a group costs, whatever its size, once its release is known."""


def overview(cast: Cast, viewer: Viewer | None = None) -> Overview:
    world = cast.world
    return world.do(
        lambda s: coaching.overview(
            s, viewer=viewer or cast.joko, group_id=cast.id, library=world.library, now=world.now
        )
    )


def plan(cast: Cast, viewer: Viewer | None = None) -> SessionPlan:
    world = cast.world
    return world.do(
        lambda s: coaching.session_plan(
            s, viewer=viewer or cast.joko, group_id=cast.id, library=world.library, now=world.now
        )
    )


def view(cast: Cast, person: PersonId) -> MemberView:
    return cast.world.do(
        lambda s: coaching.member(s, viewer=cast.joko, group_id=cast.id, person_id=person, library=cast.world.library)
    )


def roll(cast: Cast) -> tuple[Member, ...]:
    return cast.world.do(lambda s: coaching.roll(s, viewer=cast.joko, group_id=cast.id, library=cast.world.library))


def mirror(cast: Cast) -> list[Mirror]:
    return cast.world.do(lambda s: coaching.mirror(s, viewer=cast.joko, group_id=cast.id, library=cast.world.library))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Gather the statements that are sent meanwhile, BEGIN left out."""
    sent: list[str] = []

    def note(*call: object) -> None:
        if not str(call[2]).startswith("BEGIN"):
            sent.append(str(call[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_first_screen_takes_as_many_queries_for_any_number_of_members(cast: Cast, count: int) -> None:
    for owner in cast.joins(5000, count):
        cast.has_result(owner)
    overview(cast)

    with statements(cast.world.database) as sent:
        found = overview(cast)

    assert (len(found.cohort.members), len(sent)) == (count + 2, QUERIES)


def test_first_screen_of_a_new_group_is_calm(cast: Cast) -> None:
    found = overview(cast)

    assert found.funnel == dict.fromkeys(Step, 0) | {Step.INVITED: 2}
    assert (found.waiting, found.concerns, found.results, found.sums, found.rounds) == (1, (), 0, None, None)
    assert [(one.first_name, one.leads) for one in found.coaches] == [("Joko", True), ("Putu", False)]
    assert (found.cohort.group, found.cohort.is_run, found.cohort.is_led) == (cast.group, True, True)


def test_funnel_counts_the_road_of_members_alone(cast: Cast, world: World) -> None:
    ani, beni, cici = cast.joins(5000, 3)
    world.begins(ani)
    cast.has_result(beni)
    cast.has_result(cici)
    cast.has_result(cici, at=world.now + DAY)
    world.reads(beni, "M-O2-cek-mutasi")
    world.learns(cici, "M-O2-cek-mutasi")
    world.do(lambda s: joining.open_link(s, owner=cast.tini, token=cast.group.invitation.token, now=world.now))
    world.learns(cast.wayan, "M-O2-cek-mutasi")

    assert overview(cast).funnel == {
        Step.INVITED: 6,
        Step.BEGUN: 3,
        Step.FINISHED: 2,
        Step.LESSON: 2,
        Step.ACT: 1,
        Step.RETEST: 1,
    }


@pytest.mark.parametrize(("count", "told"), [(1, None), (4, None), (5, 5)])
def test_fewer_than_five_results_are_not_summed_up(cast: Cast, count: int, told: int | None) -> None:
    for n, owner in enumerate(cast.joins(5000, count)):
        cast.has_result(owner, scores=10.0 * n, level=1 + n % 4)

    found = overview(cast)

    assert (found.results, found.sums.results if found.sums else None) == (count, told)


def test_sums_tell_means_zones_and_levels_of_members_alone(cast: Cast) -> None:
    for owner, points, level in zip(cast.joins(5000, 5), (20, 40, 50, 60, 80), (1, 2, 3, 3, 4), strict=True):
        cast.has_result(owner, scores=points, level=level)

    sums = overview(cast).sums

    assert sums is not None
    assert [spread.dimension for spread in sums.spreads] == list(OWNER_DIMENSIONS)
    assert {spread.mean for spread in sums.spreads} == {50.0}
    assert {sum(spread.zones) for spread in sums.spreads} == {5}
    assert sums.levels == {1: 1, 2: 1, 3: 2, 4: 1}


@pytest.mark.parametrize(("nameless", "counted"), [(1, 5), (4, 5), (5, 10), (6, 10)])
def test_nameless_results_are_in_the_sums_only_in_lots_of_five(cast: Cast, nameless: int, counted: int) -> None:
    for owner in cast.joins(5000, 5):
        cast.has_result(owner)
    for owner in cast.joins(6000, nameless, Sharing.SUMS):
        cast.has_result(owner, scores=95.0)

    found = overview(cast)

    assert found.results == 5 + nameless
    assert found.sums is not None
    assert found.sums.results == counted
    assert (found.sums.spreads[0].mean > 40.0) is (counted > 5)


def test_withdrawn_name_takes_the_result_off_every_screen(cast: Cast, world: World) -> None:
    cast.has_result(cast.sari, scam_risk=True)
    assert [one.flag for one in overview(cast).concerns] == [Flag.SCAM]
    assert view(cast, cast.sari.id).member.first_name == "Sari"

    world.do(
        lambda s: joining.change_sharing(
            s, owner=cast.sari, group_id=cast.id, sharing=Sharing.SUMS, version="v", text="t", now=world.now
        )
    )

    found = overview(cast)
    assert (found.concerns, {(m.first_name, m.readings) for m in found.cohort.members}) == ((), {(None, ())})
    with pytest.raises(NotForYou):
        view(cast, cast.sari.id)


def test_roll_names_who_shares_by_the_alphabet_and_tells_nothing_of_the_others(cast: Cast, world: World) -> None:
    zul = world.joins(5001, "zul")
    ani = world.joins(5002, "Ani")
    for owner in (zul, ani):
        cast.enters(owner)
    for owner in (cast.sari, cast.dewi):
        cast.has_result(owner)

    found = roll(cast)

    assert [m.first_name for m in found] == ["Ani", "Sari", "zul", None]
    assert [len(m.readings) for m in found] == [0, 1, 0, 0]
    assert found[-1] == Member(cast.dewi.id, None, found[-1].joined_at)


def test_admin_sees_sums_and_nobody(cast: Cast) -> None:
    for owner in cast.joins(5000, 6):
        cast.has_result(owner, scam_risk=True)

    found = overview(cast, cast.maya)

    assert (found.cohort.is_run, found.cohort.is_led, found.concerns) == (False, False, ())
    assert {(m.first_name, m.readings, m.begun_at) for m in found.cohort.members} == {(None, (), None)}
    assert (found.results, found.sums.results if found.sums else None) == (6, 5)
    assert plan(cast, cast.maya).results == 5


def test_growth_between_rounds_is_told_with_its_error(cast: Cast, world: World) -> None:
    for owner in cast.joins(5000, 5):
        cast.has_result(owner, theta=-1.0, at=world.now)
        cast.has_result(owner, theta=0.0, at=world.now + DAY)
    cast.has_result(cast.sari, theta=3.0)

    found = overview(cast).rounds

    assert found is not None
    error = 12.5 * (2 * 0.4**2) ** 0.5 / 5**0.5
    assert (found.growth.points, found.growth.standard_error) == pytest.approx((12.5, error))
    assert (found.members, found.growth.is_certain) == (5, True)


def test_triage_gives_the_reason_the_names_and_the_next_step(cast: Cast, world: World) -> None:
    ani, beni, cici = cast.joins(5000, 3)
    cast.has_result(ani, scam_risk=True, missing=frozenset({Dimension.RESPONSE}))
    cast.has_result(beni, missing=frozenset({Dimension.RESPONSE, Dimension.CAPACITY}))
    world.begins(cici)
    world.now += 4 * DAY

    found = world.do(
        lambda s: coaching.triage(s, viewer=cast.putu, group_id=cast.id, library=world.library, now=world.now)
    )

    assert [(one.flag, [m.person_id for m in one.members], one.nameless) for one in found] == [
        (Flag.SCAM, [ani.id], 0),
        (Flag.SLOW, [ani.id, beni.id], 0),
        (Flag.STOCK, [beni.id], 0),
        (Flag.STALLED, [cici.id], 0),
        (Flag.NOT_BEGUN, [cast.sari.id], 1),
    ]
    release = world.do(world.library.current)
    steps = [coaching.lesson_for(one, release=release, now=world.now) for one in found]
    assert [step.dimension if step else None for step in steps] == [
        Dimension.SAFETY,
        Dimension.RESPONSE,
        Dimension.CAPACITY,
        None,
        None,
    ]


def test_stale_lesson_is_no_next_step(cast: Cast, world: World) -> None:
    cast.has_result(cast.sari, scam_risk=True)
    (concern,) = overview(cast).concerns
    release = world.do(world.library.current)

    later = world.now + timedelta(days=20000)

    assert coaching.lesson_for(concern, release=release, now=later) is None


def test_session_is_planned_around_the_two_most_teachable_gaps(cast: Cast) -> None:
    for owner in cast.joins(5000, 5):
        cast.has_result(owner, scores=42.0)

    found = plan(cast)

    assert (found.group, found.results, found.is_run) == (cast.group, 5, True)
    assert [one.topic.dimension for one in found.topics] == [Dimension.RESPONSE, Dimension.SAFETY]
    assert [one.module.dimension for one in found.topics if one.module] == [Dimension.RESPONSE, Dimension.SAFETY]
    assert {(one.topic.gap, one.topic.share_below, one.topic.together) for one in found.topics} == {(8.0, 1.0, False)}


def test_session_of_too_few_results_is_not_planned(cast: Cast) -> None:
    for owner in cast.joins(5000, 4):
        cast.has_result(owner)

    with pytest.raises(TooFew):
        plan(cast)


def test_mirror_puts_the_coachs_own_zones_beside_the_groups(cast: Cast, world: World) -> None:
    for owner in cast.joins(5000, 5):
        cast.has_result(owner, scores=70.0)
    with pytest.raises(NothingToMirror):
        mirror(cast)
    strong = (Dimension.RESPONSE, Dimension.CAPACITY, Dimension.SHOP, Dimension.COACHING, Dimension.READINESS)
    world.finishes(cast.joko.person, lambda item: best(item) if item.dimension in strong else worst(item))
    own = world.do(
        lambda s: readings.latest_profile(s, owner=cast.joko.person.id, library=world.library, form=Role.COACH)
    )
    assert own is not None

    found = mirror(cast)

    assert [one.dimension for one in found] == list(OWNER_DIMENSIONS)
    assert {(one.group_mean, one.group.code) for one in found} == {(70.0, found[0].group.code)}
    assert [one.own for one in found] == [own.zones[d].band for d in OWNER_DIMENSIONS]
    below = [d for d in OWNER_DIMENSIONS if own.zones[d].scale_score < 50]
    assert [one.dimension for one in found if one.together] == below
    assert 0 < len(below) < len(OWNER_DIMENSIONS)


def test_coach_who_stands_below_the_cut_teaches_the_topic_with_somebody(cast: Cast, world: World) -> None:
    for owner in cast.joins(5000, 5):
        cast.has_result(owner, scores=42.0)
    world.finishes(cast.joko.person, worst)

    assert [one.topic.together for one in plan(cast).topics] == [True, True]


def test_mirror_of_too_few_results_is_not_shown(cast: Cast, world: World) -> None:
    world.finishes(cast.joko.person, best)

    with pytest.raises(TooFew):
        mirror(cast)


def finishes_sure(world: World, owner: Person) -> None:
    """Finish a sitting that is wrong about safety in full certainty."""
    standing = world.begins(owner)
    while standing.attempt.is_active:
        attempt = standing.attempt
        if standing.awaiting is not None:
            outcome = world.says(owner, attempt.id, standing.awaiting.slot, Confidence.SURE)
        else:
            assert standing.item is not None
            outcome = world.answers(owner, attempt.id, attempt.slot, worst(standing.item))
        assert isinstance(outcome, Taken)
        standing = outcome.standing


def test_member_is_seen_with_result_and_lessons_and_without_an_answer(cast: Cast, world: World) -> None:
    finishes_sure(world, cast.sari)
    world.learns(cast.sari, "M-O2-cek-mutasi")
    other = next(m.code for m in world.do(world.library.current).modules if m.code.startswith("M-O6"))
    world.reads(cast.sari, other)

    found = view(cast, cast.sari.id)

    assert (found.member.first_name, found.member.lessons, found.member.acts) == ("Sari", 2, 1)
    assert ([m.code for m in found.done], [m.code for m in found.opened]) == (["M-O2-cek-mutasi"], [other])
    assert found.profile is not None
    assert found.profile.certainty.sure > 0
    assert found.member.latest is not None
    assert (found.member.latest.scam_risk, found.member.latest.gate) == (True, GateColour.RED)
    sitting = world.do(lambda s: attempts.last_with_result(s, cast.sari.id))
    assert sitting is not None
    seen = repr((found.profile, found.member))
    assert [response.item_code for response in sitting.responses if response.item_code in seen] == []
    assert (found.profile.certainty.sure_but_wrong, found.profile.certainty.guessed_but_right) == ((), ())


def test_member_without_a_result_is_seen_too(cast: Cast) -> None:
    found = view(cast, cast.sari.id)

    assert (found.member.first_name, found.profile, found.done, found.opened) == ("Sari", None, (), ())


def test_whom_a_coach_may_not_see_is_refused_alike(cast: Cast, world: World) -> None:
    cast.has_result(cast.dewi)
    who = (cast.dewi, cast.budi, cast.wayan, cast.tini, cast.joko.person)

    for person_id in (*(person.id for person in who), PersonId(9999)):
        with pytest.raises(NotForYou) as refused:
            view(cast, person_id)
        assert refused.value.args == (cast.id,)


@pytest.mark.parametrize("seed", range(3))
def test_lessons_for_a_member_are_of_the_lowest_dimensions(cast: Cast, world: World, seed: int) -> None:
    assert coaching.lessons_for(view(cast, cast.sari.id), now=world.now) == ()
    world.finishes(cast.sari, mixed(seed))
    world.learns(cast.sari, "M-O2-cek-mutasi")
    seen = view(cast, cast.sari.id)
    assert seen.member.latest is not None
    scores = seen.member.latest.scores

    found = coaching.lessons_for(seen, now=world.now)

    assert len(found) == len({m.dimension for m in found}) == 3
    assert [scores[m.dimension] for m in found] == sorted(scores[m.dimension] for m in found)
    assert not any(m in seen.done or m.promotion for m in found)


def test_archived_group_can_still_be_read(cast: Cast, world: World) -> None:
    world.do(lambda s: grouping.archive(s, viewer=cast.joko, group_id=cast.id, now=world.now))

    assert len(overview(cast).cohort.members) == 2


def test_cohort_is_loaded_as_its_viewer_may_see_it(cast: Cast, world: World) -> None:
    cast.has_result(cast.sari)
    cast.has_result(cast.dewi)

    found = world.do(
        lambda s: coaching.cohort(s, viewer=cast.joko, group_id=cast.id, act=Act.SEE_MEMBERS, library=world.library)
    )

    assert [(m.first_name, len(m.readings)) for m in found.members] == [("Sari", 1), (None, 0)]
