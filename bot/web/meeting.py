"""What a coach takes to the next meeting: the plan of thirty minutes, and the mirror."""

from __future__ import annotations

from bot.core.access import Act
from bot.core.topics import TooFew
from bot.usecases import coaching, grouping
from bot.usecases.coaching import NothingToMirror, SessionPlan
from bot.web import labels
from bot.web.coach import group_id
from bot.web.page import Answer, Visit


def plan(visit: Visit) -> Answer:
    """Show the plan of the next meeting, made to be printed."""
    of = group_id(visit)
    try:
        found: SessionPlan | None = coaching.session_plan(
            visit.session, viewer=visit.viewer, group_id=of, library=visit.library, now=visit.now
        )
    except TooFew:
        found = None
    seen = grouping.permitted(visit.session, viewer=visit.viewer, group_id=of, act=Act.SEE_SUMS)
    release = visit.library.current(visit.session)
    return visit.page(
        "plan.html.j2",
        title="Rencana 30 menit",
        seen=seen.group,
        is_run=seen.is_run,
        plan=found,
        group=seen.group.name,
        results=found.results if found else 0,
        day=labels.day_of(visit.now, visit.viewer.person),
        topics=[(one, release.form.plan(one.topic.dimension).name) for one in found.topics] if found else [],
        fewest=release.rules.group_fewest,
    )


def mirror(visit: Visit) -> Answer:
    """Show the coach's own zones beside the group's."""
    of = group_id(visit)
    rows, trouble = [], ""
    try:
        rows = coaching.mirror(visit.session, viewer=visit.viewer, group_id=of, library=visit.library)
    except TooFew:
        trouble = "too_few"
    except NothingToMirror:
        trouble = "no_result"
    seen = grouping.look(visit.session, viewer=visit.viewer, group_id=of)
    release = visit.library.current(visit.session)
    return visit.page(
        "mirror.html.j2",
        title="Cermin pembina",
        group=seen.group,
        is_run=seen.is_run,
        rows=rows,
        trouble=trouble,
        plans={plan.dimension: plan for plan in release.form.dimensions},
        fewest=release.rules.group_fewest,
    )
