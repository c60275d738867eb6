"""What a coach opens on the web: the groups, one group as a whole, and the same for a projector."""

from __future__ import annotations

from typing import Any

from bot.core.group import GroupId
from bot.usecases import coaching, grouping
from bot.usecases.coaching import Overview
from bot.web import labels
from bot.web.change import change
from bot.web.heat import ORDERS, heat_map
from bot.web.page import Answer, Visit
from bot.web.pager import page_number

NAMES_SHOWN = 8
"""Names beside one reason for attention; the others stand in the list of members."""


def home(visit: Visit) -> Answer:
    """Greet, and show the groups and other ways that are open to this person."""
    return visit.page(
        "home.html.j2",
        title="Beranda",
        ways=[way for way in visit.menu if way[1] != "/"],
        is_coach=visit.viewer.is_coach,
        groups=grouping.mine(visit.session, viewer=visit.viewer),
        archived=grouping.mine(visit.session, viewer=visit.viewer, archived=True),
        place=labels.place,
    )


def group_id(visit: Visit) -> GroupId:
    """Return the group that the address names."""
    return GroupId(visit.number("group"))


def _overview(visit: Visit) -> Overview:
    return coaching.overview(
        visit.session, viewer=visit.viewer, group_id=group_id(visit), library=visit.library, now=visit.now
    )


def group(visit: Visit) -> Answer:
    """Show a group as a whole; who sees sums only gets no names and no map."""
    found = _overview(visit)
    seen = found.cohort
    heat = None
    if seen.is_run:
        page = page_number(visit.query.get("peta", ""))
        heat = heat_map(seen.members, seen.release, order=visit.choice("urut", ORDERS), page=page)
    return visit.page(
        "group.html.j2",
        title=seen.group.name,
        heat=heat,
        steps=[
            (concern, coaching.lesson_for(concern, release=seen.release, now=visit.now)) for concern in found.concerns
        ],
        names_shown=NAMES_SHOWN,
        nameless=sum(not member.shares for member in seen.members),
        sent=_sent(visit.query.get("terkirim", "")),
        today=labels.day_of(visit.now, visit.viewer.person),
        **_sums(found),
    )


def _sent(told: str) -> int | None:
    """Read how many messages a form before this page owed; None where it was not one of ours."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 6 else None


def projector(visit: Visit) -> Answer:
    """Show what a group may see of itself on a wall: sums, and no names."""
    found = _overview(visit)
    return visit.page("projector.html.j2", title=found.cohort.group.name, **_sums(found))


def _sums(found: Overview) -> dict[str, Any]:
    """Return what both pages draw of a group."""
    release = found.cohort.release
    return {
        "found": found,
        "group": found.cohort.group,
        "is_run": found.cohort.is_run,
        "place": labels.place(found.cohort.group),
        "plans": {plan.dimension: plan for plan in release.form.dimensions},
        "zones": release.zones,
        "levels": release.levels,
        "level_rows": [(level.name, found.sums.levels[level.number]) for level in release.levels] if found.sums else [],
        "change": change(found.rounds.growth) if found.rounds else None,
        "fewest": release.rules.group_fewest,
        "step_words": labels.STEPS,
        "flag_words": labels.FLAGS,
        "why": labels.WHY,
    }
