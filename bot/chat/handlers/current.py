"""The screen a person should see now: a function of what is stored; any old button and any restart lead here."""

from __future__ import annotations

from bot.chat.callback_data import pack
from bot.chat.handlers import context, practice, quiz, result, welcome
from bot.chat.handlers.question import standing_screen
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Screen, Style, redraw
from bot.core.person import Role, next_context_question
from bot.core.selection import session_length
from bot.usecases import practising, results, taking


def current_screen(request: Request) -> Screen:
    person = request.person
    if person is None:
        return welcome.consent_screen(request)
    if person.role is None:
        return welcome.role_screen(request)
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
    if person is None or person.role is None:
        return redraw()
    standing = taking.standing(request.session, owner=person, library=request.library)
    return Reply(quiz.resume_screen(request, standing)) if standing is not None else redraw()


def home_screen(request: Request) -> Screen:
    release = request.library.current(request.session).under(request.owner.form)
    text = request.show(
        "home",
        first_name=request.owner.first_name,
        is_coach=request.owner.form is Role.COACH,
        questions=session_length(release),
        minutes=release.form.minutes,
    )
    return Screen(
        text,
        (
            (Button(request.t("Mulai asesmen"), pack("go"), Style.GO),),
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
