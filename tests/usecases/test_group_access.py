"""Who may do what with a group, for every use case about one; refusals never tell a foreign group from none."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlmodel import Session

from bot.core.access import Act, Viewer
from bot.core.group import GroupId
from bot.core.topics import TooFew
from bot.usecases import coaching, grouping, reminding
from bot.usecases.coaching import NothingToMirror
from bot.usecases.grouping import HandOverFirst, NotForYou
from bot.usecases.reminding import Whom
from tests.usecases.cast import Cast
from tests.usecases.world import World, document

Work = Callable[[Session, Viewer, GroupId], object]
MODULE = next(module.code for module in document().modules if module.code.startswith("M-O2"))
RUN, LEAD, SUMS = {"lead", "second coach"}, {"lead"}, {"lead", "second coach", "admin"}


def doors(cast: Cast) -> dict[str, tuple[set[str], Work]]:
    """Return for every use case who may use it, and how it is called."""
    library, now, sari, budi = cast.world.library, cast.world.now, cast.sari.id, cast.budi.id
    coach_id = cast.putu.person.id
    return {
        "grouping.permitted": (
            RUN,
            lambda s, v, g: grouping.permitted(s, viewer=v, group_id=g, act=Act.RUN),
        ),
        "grouping.look": (RUN, lambda s, v, g: grouping.look(s, viewer=v, group_id=g)),
        "grouping.rename": (RUN, lambda s, v, g: grouping.rename(s, viewer=v, group_id=g, name="Baru")),
        "grouping.place": (RUN, lambda s, v, g: grouping.place(s, viewer=v, group_id=g, code="31")),
        "grouping.set_programme": (RUN, lambda s, v, g: grouping.set_programme(s, viewer=v, group_id=g, programme="A")),
        "grouping.set_approval": (RUN, lambda s, v, g: grouping.set_approval(s, viewer=v, group_id=g, approves=True)),
        "grouping.set_limit": (RUN, lambda s, v, g: grouping.set_limit(s, viewer=v, group_id=g, members=9)),
        "grouping.renew_invitation": (
            RUN,
            lambda s, v, g: grouping.renew_invitation(s, viewer=v, group_id=g, new_token=cast.tokens, now=now),
        ),
        "grouping.close_invitation": (
            RUN,
            lambda s, v, g: grouping.close_invitation(s, viewer=v, group_id=g, now=now),
        ),
        "grouping.archive": (LEAD, lambda s, v, g: grouping.archive(s, viewer=v, group_id=g, now=now)),
        "grouping.unarchive": (LEAD, lambda s, v, g: grouping.unarchive(s, viewer=v, group_id=g)),
        "grouping.coaches": (RUN, lambda s, v, g: grouping.coaches(s, viewer=v, group_id=g)),
        "grouping.newcomers": (RUN, lambda s, v, g: grouping.newcomers(s, viewer=v, group_id=g)),
        "grouping.admit": (RUN, lambda s, v, g: grouping.admit(s, viewer=v, group_id=g, person_id=budi, now=now)),
        "grouping.turn_down": (RUN, lambda s, v, g: grouping.turn_down(s, viewer=v, group_id=g, person_id=budi)),
        "grouping.dismiss": (RUN, lambda s, v, g: grouping.dismiss(s, viewer=v, group_id=g, person_id=sari)),
        "grouping.offer": (
            LEAD,
            lambda s, v, g: grouping.offer(s, viewer=v, group_id=g, hands_over=True, new_token=cast.tokens, now=now),
        ),
        "grouping.remove_coach": (
            LEAD,
            lambda s, v, g: grouping.remove_coach(s, viewer=v, group_id=g, person_id=coach_id),
        ),
        "grouping.step_down": (RUN, lambda s, v, g: grouping.step_down(s, viewer=v, group_id=g)),
        "coaching.cohort": (
            RUN,
            lambda s, v, g: coaching.cohort(s, viewer=v, group_id=g, act=Act.SEE_MEMBERS, library=library),
        ),
        "coaching.overview": (
            SUMS,
            lambda s, v, g: coaching.overview(s, viewer=v, group_id=g, library=library, now=now),
        ),
        "coaching.triage": (RUN, lambda s, v, g: coaching.triage(s, viewer=v, group_id=g, library=library, now=now)),
        "coaching.roll": (RUN, lambda s, v, g: coaching.roll(s, viewer=v, group_id=g, library=library)),
        "coaching.session_plan": (
            SUMS,
            lambda s, v, g: coaching.session_plan(s, viewer=v, group_id=g, library=library, now=now),
        ),
        "coaching.mirror": (RUN, lambda s, v, g: coaching.mirror(s, viewer=v, group_id=g, library=library)),
        "coaching.member": (
            RUN,
            lambda s, v, g: coaching.member(s, viewer=v, group_id=g, person_id=sari, library=library),
        ),
        "reminding.unfinished": (RUN, lambda s, v, g: reminding.unfinished(s, viewer=v, group_id=g, now=now)),
        "reminding.remind": (RUN, lambda s, v, g: reminding.remind(s, viewer=v, group_id=g, now=now)),
        "reminding.lesson_round": (
            RUN,
            lambda s, v, g: reminding.lesson_round(
                s, viewer=v, group_id=g, module_code=MODULE, whom=Whom.BELOW, library=library, now=now
            ),
        ),
        "reminding.send_lesson": (
            RUN,
            lambda s, v, g: reminding.send_lesson(
                s, viewer=v, group_id=g, module_code=MODULE, whom={sari}, library=library, now=now
            ),
        ),
    }


def opened(work: Work) -> Work:
    """Return the same, where what comes behind the door does not matter."""

    def enter(session: Session, viewer: Viewer, group_id: GroupId) -> None:
        with suppress(TooFew, NothingToMirror, HandOverFirst):
            work(session, viewer, group_id)

    return enter


def test_use_case_lets_in_whom_the_matrix_names(cast: Cast) -> None:
    found = {name: cast.may(opened(work), cast.id) for name, (_, work) in doors(cast).items()}

    assert found == {name: let_in for name, (let_in, _) in doors(cast).items()}


def test_foreign_group_and_none_are_refused_alike(cast: Cast) -> None:
    for name, (let_in, work) in doors(cast).items():
        at_other = cast.may(opened(work), cast.other.id)
        at_none = cast.may(opened(work), GroupId(9999))

        assert at_none == set(), name
        assert at_other <= {"other coach", *(let_in & {"admin"})}, name


def test_every_use_case_about_a_group_has_its_door(cast: Cast) -> None:
    public = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (grouping, coaching, reminding)
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == module.__name__
        and not name.startswith("_")
        and {"viewer", "group_id"} <= set(inspect.signature(found).parameters)
    }

    assert public == set(doors(cast))


def test_admin_sees_sums_only(cast: Cast) -> None:
    found = {act: cast.may(_at(act), cast.id) for act in Act}

    assert found == {
        Act.SEE_SUMS: SUMS,
        Act.SEE_MEMBERS: RUN,
        Act.RUN: RUN,
        Act.LEAD: LEAD,
    }


def _at(act: Act) -> Work:
    return lambda s, v, g: grouping.permitted(s, viewer=v, group_id=g, act=act)


@pytest.mark.parametrize("which", ["foreign", "none"])
def test_refusal_names_the_group_that_was_asked_for_and_nothing_else(cast: Cast, which: str) -> None:
    asked = cast.other.id if which == "foreign" else GroupId(9999)

    with pytest.raises(NotForYou) as refused:
        cast.world.do(lambda s: grouping.look(s, viewer=cast.joko, group_id=asked))

    assert refused.value.args == (asked,)


def test_coach_who_became_an_owner_coaches_nothing(cast: Cast, world: World) -> None:
    before = cast.everybody["coach no more"]

    assert world.do(lambda s: grouping.mine(s, viewer=before)) == []


def test_admin_who_coaches_the_group_runs_it(cast: Cast, world: World) -> None:
    both = Viewer(cast.putu.person, is_admin=True)

    seen = world.do(lambda s: grouping.look(s, viewer=both, group_id=cast.id))

    assert (seen.is_run, seen.is_led) == (True, False)
