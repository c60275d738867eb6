"""Four taps about the business: what kind, who holds the phone, where it sells, when it is open."""

from __future__ import annotations

from enum import StrEnum

from bot.chat import labels
from bot.chat.callback_data import StaleButton, choice, number, pack
from bot.chat.handlers.settings import HERE, settings_screen, zone_row
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, redraw
from bot.core.person import (
    Business,
    Channel,
    ContextQuestion,
    OpeningHours,
    PhoneHolder,
    Role,
    Zone,
    next_context_question,
)
from bot.usecases import accounts, posting, wishing


class Origin(StrEnum):
    """Where a question about the business was asked, and so where to go after it."""

    WAY_IN = "o"
    SETTINGS = HERE


def change(request: Request, question: str) -> Reply:
    """Ask one thing anew from the settings."""
    return Reply(context_screen(request, choice(ContextQuestion, question), origin=Origin.SETTINGS))


def context_screen(request: Request, question: ContextQuestion, *, origin: Origin) -> Screen:
    """Ask one thing about the business."""
    match question:
        case ContextQuestion.BUSINESS:
            rows = _choices(question, origin, [(v, labels.business(request, v)) for v in Business])
        case ContextQuestion.PHONE_HOLDER:
            rows = _choices(question, origin, [(v, labels.phone_holder(request, v)) for v in PhoneHolder])
        case ContextQuestion.CHANNEL:
            rows = _choices(question, origin, [(v, labels.channel(request, v)) for v in Channel])
        case ContextQuestion.HOURS:
            rows = _hours_rows(request, origin, request.owner.context.clock)
    step = list(ContextQuestion).index(question) + 1
    return Screen(request.show("context", question=question.value, step=step, first=origin is Origin.WAY_IN), rows)


def _choices(question: ContextQuestion, origin: Origin, offered: list[tuple[str, str]]) -> tuple[Row, ...]:
    return tuple((Button(label, pack("cx", question, value, origin)),) for value, label in offered)


def _hours_rows(request: Request, origin: Origin, zone: Zone) -> tuple[Row, ...]:
    spans = [
        Button(
            labels.opening_hours(request, OpeningHours(opens, closes, zone)), pack("ch", opens, closes, zone, origin)
        )
        for opens, closes in labels.HOURS
    ]
    return (zone_row(request, origin), *((span,) for span in spans))


def context(request: Request, question: str, value: str, origin: str) -> Reply:
    told: Business | PhoneHolder | Channel
    match choice(ContextQuestion, question):
        case ContextQuestion.BUSINESS:
            told = choice(Business, value)
        case ContextQuestion.PHONE_HOLDER:
            told = choice(PhoneHolder, value)
        case ContextQuestion.CHANNEL:
            told = choice(Channel, value)
        case ContextQuestion.HOURS:
            raise StaleButton(question)
    return _told(request, choice(ContextQuestion, question), told, origin)


def hours(request: Request, opens: str, closes: str, zone: str, origin: str) -> Reply:
    span = (number(opens), number(closes))
    if span not in labels.HOURS:
        raise StaleButton(opens)
    return _told(request, ContextQuestion.HOURS, OpeningHours(*span, choice(Zone, zone)), origin)


def zone(request: Request, value: str, origin: str) -> Reply:
    """Keep the zone at once, and show an owner the hours in it."""
    chosen, way = choice(Zone, value), choice(Origin, origin)
    if way is Origin.WAY_IN and not _is_open(request, ContextQuestion.HOURS):
        raise StaleButton(value)
    person = accounts.tell_context(request.session, owner=request.owner, told=chosen)
    wishing.replan(request.session, owner=person, new_seed=request.new_seed, now=request.now)
    posting.replan(request.session, coach=person)
    told = request.as_person(person)
    if person.role is Role.COACH:
        return Reply(settings_screen(told), toast=chosen)
    return Reply(context_screen(told, ContextQuestion.HOURS, origin=way), toast=chosen)


def _told(
    request: Request, question: ContextQuestion, told: Business | PhoneHolder | Channel | OpeningHours, origin: str
) -> Reply:
    if choice(Origin, origin) is Origin.WAY_IN and not _is_open(request, question):
        raise StaleButton(question)
    person = accounts.tell_context(request.session, owner=request.owner, told=told)
    if question is ContextQuestion.HOURS:
        wishing.replan(request.session, owner=person, new_seed=request.new_seed, now=request.now)
    if choice(Origin, origin) is Origin.SETTINGS:
        return Reply(settings_screen(request.as_person(person)), toast=request.t("Tersimpan"))
    return redraw(request.t("Tersimpan"))


def _is_open(request: Request, question: ContextQuestion) -> bool:
    return next_context_question(request.owner.role, request.owner.context) is question
