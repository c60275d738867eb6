"""Lessons on screen: the shelf, the cards one by one, and the act that closes each."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from html import escape

from bot.chat import labels
from bot.chat.callback_data import StaleButton, choice, number, pack
from bot.chat.handlers import agreeing
from bot.chat.handlers.question import words_button
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, correction
from bot.core.glossary import Glossary
from bot.core.item import Dimension
from bot.core.person import Business, Channel, OpeningHours, Person, PhoneHolder, Role, Zone
from bot.core.practice import Quantity, Sheet
from bot.core.release import Level, Module, Release
from bot.core.wish import Wish
from bot.texts.answers import explained, shown_answer
from bot.texts.jail import jail
from bot.texts.lesson import LessonRefused, fitting, render_card
from bot.usecases import checking, learning
from bot.usecases.learning import ModuleBeingRenewed, ModuleNotOpen, OpenLesson

log = logging.getLogger(__name__)
USUAL_HOURS = OpeningHours(8, 17, Zone.WIB)
MISSES_BUDGET = 850
"""Characters that a card spends on a person's own answers; a second answer is left out beyond it."""


def shelf(request: Request) -> Reply:
    """Offer the advised modules with the reason, and the dimensions to look for others."""
    found = learning.shelf(request.session, owner=request.owner, library=request.library, now=request.now)
    plans = _release(request).form.dimensions
    topics = [Button(request.content(plan.short_name), pack("mt", plan.dimension)) for plan in plans]
    rows = (
        *((_module_button(request, module, Style.GO),) for module, _ in found.advised),
        *(tuple(topics[at : at + 2]) for at in range(0, len(topics), 2)),
        (Button(request.t("Kalkulator dan latihan"), pack("kh")),),
        (Button(request.t("Kembali"), pack("cu")),),
    )
    return Reply(Screen(request.show("shelf", shelf=found, is_coach=request.owner.form is Role.COACH), rows))


def _release(request: Request) -> Release:
    """Return the current release under the form of who reads."""
    return request.library.current(request.session).under(request.owner.form)


def topic(request: Request, dimension: str) -> Reply:
    """List the modules of one dimension: open ones and those done as buttons, those that wait in words."""
    wanted, plans = choice(Dimension, dimension), _release(request).form.dimensions
    name = next((plan.name for plan in plans if plan.dimension is wanted), None)
    if name is None:
        raise StaleButton(dimension)
    found = learning.shelf(request.session, owner=request.owner, library=request.library, now=request.now)

    def here(modules: Iterable[Module]) -> list[Module]:
        return sorted((m for m in modules if m.dimension is wanted), key=lambda m: m.steps_from)

    open_ones = here((*(module for module, _ in found.advised), *found.others, *found.done))
    text = request.show(
        "topic",
        name=name,
        modules=open_ones,
        done={module.code for module in found.done},
        waiting=here(found.waiting),
        renewing=here(found.renewing),
    )
    rows = tuple((_module_button(request, module, Style.PLAIN),) for module in open_ones)
    return Reply(Screen(text, (*rows, (Button(request.t("Daftar pelajaran"), pack("md")),))))


def _module_button(request: Request, module: Module, style: Style) -> Button:
    return Button(request.content(module.title), pack("mo", module.code, 0), style)


def card(request: Request, module_code: str, position: str) -> Reply:
    """Show one card of a module; the one after the last is the act."""
    try:
        opened = learning.open_module(
            request.session, owner=request.owner, module_code=module_code, library=request.library, now=request.now
        )
    except ModuleBeingRenewed:
        return _renewing(request)
    except ModuleNotOpen:
        return correction(request.t("Pelajaran itu belum tersedia untuk Anda."))
    cards = opened.module.cards
    index = min(number(position), len(cards))
    if index < len(cards):
        return Reply(_card_screen(request, opened, index))
    learning.reach_act(request.session, owner=request.owner, module_code=module_code, now=request.now)
    return Reply(act_screen(request, opened))


def _renewing(request: Request) -> Reply:
    text = request.t("Pelajaran ini sedang diperbarui supaya isinya tidak ketinggalan. Coba pelajaran lain dulu, ya.")
    return Reply(Screen(text, ((Button(request.t("Daftar pelajaran"), pack("md"), Style.GO),),)))


def _card_screen(request: Request, opened: OpenLesson, index: int) -> Screen:
    glossary = request.library.current(request.session).glossary
    return card_screen(request, opened.module, index, card_body(request, opened, index), glossary)


def card_screen(request: Request, module: Module, index: int, body: str, glossary: Glossary) -> Screen:
    """Draw a card, counted from 0, whose text is rendered already, from what is handed in alone."""
    head = request.show("card_head", title=module.title, position=index + 1, total=len(module.cards) + 1)
    onward = Button(request.t("Lanjut ›"), pack("mo", module.code, index + 1), Style.GO)
    back = Button(request.t("‹ Sebelumnya"), pack("mo", module.code, index - 1)) if index else None
    turn = (back, onward) if back else (onward,)
    explain = words_button(request, glossary.words_in([body]), pack("gm", module.code, index))
    return Screen(f"{head}\n\n{body}", (turn, (*explain, Button(request.t("Daftar pelajaran"), pack("md")))))


def card_body(request: Request, opened: OpenLesson, index: int) -> str:
    """Return one card as this person reads it; where it cannot be shown, its last version that can, or the lesson in
    one sentence.
    """
    source, values = opened.module.cards_in(request.language)[index], _values(request, opened)
    try:
        return jail().show(source, values)
    except LessonRefused as refused:
        place = (opened.module.code, index + 1, request.language, opened.lesson.release_id)
        log.warning("card of %s, number %d (%s), release %s cannot be shown: %s", *place, type(refused).__name__)
    return _last_good(request, opened, index, values) or _in_a_sentence(request, opened.module)


def _last_good(request: Request, opened: OpenLesson, index: int, values: dict[str, object]) -> str:
    """Return the last version of a card that can be shown; what came with the files needs no jail."""
    for module, is_of_files in learning.versions(request.session, opened=opened, library=request.library):
        cards = module.cards_in(request.language)[index : index + 1]
        for source in cards:
            with suppress(LessonRefused):
                return fitting(render_card(source, values)) if is_of_files else jail().show(source, values)
    return ""


def _in_a_sentence(request: Request, module: Module) -> str:
    soon = request.t("Kartu ini sedang diperbaiki. Silakan lanjut ke kartu berikutnya.")
    return f"{escape(request.content(module.summary))}\n\n{soon}"


def act_screen(request: Request, opened: OpenLesson) -> Screen:
    """Draw the act that closes a lesson; only one that was done asks for more than is handed in."""
    module = opened.module
    is_coach = request.owner.form is Role.COACH
    text = request.show("act", module=module, done_at=opened.lesson.done_at, act=opened.act, is_coach=is_coach)
    back = (Button(request.t("‹ Sebelumnya"), pack("mo", module.code, len(module.cards) - 1)),)
    onward: Row = (Button(request.t("Daftar pelajaran"), pack("md")),)
    if module.dimension is Dimension.CAPACITY:
        onward = (Button(request.t("Latihan: pesanan seribu"), pack("kt", Sheet.BIG_ORDER, Quantity.STOCK)), *onward)
    if opened.lesson.done_at is not None:
        return Screen(text, (*_check_row(request, module.code), back, onward))
    done = (Button(request.t("Sudah saya lakukan"), pack("ml", module.code), Style.GO),)
    return Screen(text, (done, back, onward))


def _check_row(request: Request, module_code: str) -> tuple[Row, ...]:
    """Offer three fresh questions after a lesson, as long as it was not passed."""
    may_follow = checking.may_follow(
        request.session, owner=request.owner, module_code=module_code, library=request.library, today=request.today
    )
    if not may_follow:
        return ()
    return ((Button(request.t("Cek ulang: 3 pertanyaan"), pack("cl", module_code), Style.GO),),)


def _values(request: Request, opened: OpenLesson) -> dict[str, object]:
    level = opened.result.profile.level.level if opened.result else None
    return card_values(request.owner, level, _misses(request, opened))


def card_values(reader: Person, level: Level | None, misses: list[dict[str, str]]) -> dict[str, object]:
    """Return the plain values that a card may use; the names are for authors and so are Indonesian."""
    context = reader.context
    hours = context.hours or USUAL_HOURS
    return {
        "nama": " ".join(reader.first_name.split()[:2]),
        "usaha": (context.business or Business.OTHER).value,
        "kanal": (context.channel or Channel.PHYSICAL).value,
        "pemegang": (context.phone_holder or PhoneHolder.SELF).value,
        "jam_buka": labels.clock(hours.opens),
        "jam_tutup": labels.clock(hours.closes),
        "zona_waktu": hours.zone.value,
        "tingkat": level.number if level else 1,
        "nama_tingkat": level.name if level else "",
        "keliru": misses,
    }


def _misses(request: Request, opened: OpenLesson) -> list[dict[str, str]]:
    shown: list[dict[str, str]] = []
    spent = 0
    for item, answer in opened.misses:
        miss = {
            "soal": request.content(item.stem),
            "jawaban": shown_answer(item, answer, request.language),
            "saran": explained(item, answer, request.language),
        }
        spent += sum(map(len, miss.values()))
        if shown and spent > MISSES_BUDGET:
            break
        shown.append(miss)
    return shown


def mark_done(request: Request, module_code: str) -> Reply:
    """Note the act as done, and lead on to a short check where one can be made, else to the shelf."""
    if not learning.mark_done(request.session, owner=request.owner, module_code=module_code, now=request.now):
        raise StaleButton(module_code)
    well_done = request.t("Bagus! Satu langkah nyata untuk usaha Anda.")
    if request.owner.form is Role.COACH:
        well_done = request.t("Bagus! Satu langkah nyata bersama dampingan.")
    check = _check_row(request, module_code)
    if not check:
        return replace(shelf(request), toast=well_done)
    later = (Button(request.t("Nanti saja, ke daftar pelajaran"), pack("md")),)
    return Reply(Screen(request.show("done"), (*check, *lessons_row(request), later)), toast=well_done)


def lessons_row(request: Request) -> tuple[Row, ...]:
    """Offer to send lessons by themselves, to who was never asked."""
    if not agreeing.is_undecided(request, Wish.LESSONS):
        return ()
    return ((Button(request.t("Kirimi saya pelajaran"), pack("wh", Wish.LESSONS)),),)
