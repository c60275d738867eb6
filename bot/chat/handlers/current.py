"""The screen a person should see now: a function of what is stored; any old button and any restart lead here."""

from __future__ import annotations

import re

from bot.chat.callback_data import pack
from bot.chat.handlers import agreeing, coaches, context, joining, practice, quiz, result, roles, welcome
from bot.chat.handlers.invitations import COACH_PREFIX, GROUP_PREFIX
from bot.chat.handlers.question import standing_screen
from bot.chat.incoming import Typed
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Screen, Style, redraw
from bot.core.person import Role, next_context_question
from bot.core.selection import session_length
from bot.core.wish import Wish
from bot.usecases import practising, results, taking

KINDS = f"{GROUP_PREFIX}{COACH_PREFIX}{''.join(roles.PREFIXES)}"
INVITATION = re.compile(rf"(?P<kind>[{KINDS}])(?P<token>[A-Za-z0-9_-]{{22}})")
"""The payload of a link: what kind, and a token of 128 bits."""


def current_screen(request: Request) -> Screen:
    person = request.person
    if person is None:
        return welcome.consent_screen(request)
    if person.role is None:
        return welcome.role_screen(request)
    invited = joining.pending(request)
    if invited is not None:
        return invited
    question = next_context_question(person.role, person.context)
    if question is not None:
        return context.context_screen(request, question, origin=context.Origin.WAY_IN)
    standing = taking.standing(request.session, owner=person, library=request.library)
    if standing is not None:
        return standing_screen(request, standing)
    working = practising.current(request.session, owner=person, now=request.now)
    if working is not None:
        return practice.working_screen(request, working)
    latest = results.latest(request.session, owner=person, library=request.library, now=request.now)
    return result.result_screen(request, latest) if latest else home_screen(request)


def start(request: Request) -> Reply:
    """Greet: a new person gets the consent, someone in the middle a card to resume, others their screen."""
    person = request.person
    if (invited := _invited(request)) is not None:
        return invited
    if person is None or person.role is None:
        return redraw()
    standing = taking.standing(request.session, owner=person, library=request.library)
    return Reply(quiz.resume_screen(request, standing)) if standing is not None else redraw()


def _invited(request: Request) -> Reply | None:
    """Follow the link that the bot was opened with: into a group, into coaching one, or to more trust; None for any
    other.
    """
    event = request.incoming.event
    found = INVITATION.fullmatch(event.argument) if isinstance(event, Typed) else None
    if found is None:
        return None
    if found["kind"] == COACH_PREFIX:
        return coaches.open_offer(request, found["token"]) if request.person else None
    if found["kind"] in roles.PREFIXES:
        return welcome.invited(request, found[0])
    if request.person is None:
        return Reply(welcome.consent_screen(request, found["token"]))
    return joining.open_link(request, found["token"])


def home_screen(request: Request) -> Screen:
    release = request.library.current(request.session).under(request.owner.form)
    text = request.show(
        "home",
        first_name=request.owner.first_name,
        is_coach=request.owner.form is Role.COACH,
        questions=session_length(release),
        minutes=release.form.minutes,
        offers=agreeing.is_undecided(request, Wish.REMINDERS),
        **agreeing.rules(),
    )
    groups = ((Button(request.t("Kelompok saya"), pack("gr"), Style.GO),),) if request.owner.role is Role.COACH else ()
    return Screen(
        text,
        (
            (Button(request.t("Mulai asesmen"), pack("go"), Style.GO),),
            *quiz.reminders_row(request),
            *groups,
            (Button(request.t("Pelajaran"), pack("md")), Button(request.t("Bantuan"), pack("bn"))),
        ),
    )


def help_page(request: Request) -> Reply:
    return Reply(Screen(request.show("help"), ((Button(request.t("Lanjut"), pack("cu"), Style.GO),),)))


def lost(request: Request) -> Reply:
    """Lead on from a text that fits nothing."""
    screen = current_screen(request)
    if request.person is None:
        return Reply(screen)
    return Reply(screen, before=(request.show("lost"),))
