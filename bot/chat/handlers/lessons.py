"""Lessons on screen: the shelf, the cards one by one, and the act that closes each."""

from __future__ import annotations

from dataclasses import replace

from bot.chat import labels
from bot.chat.callback_data import number, pack
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, correction
from bot.core.person import Business, Channel, OpeningHours, PhoneHolder, Zone
from bot.texts.answers import shown_answer
from bot.texts.lesson import LessonRefused, render_card
from bot.usecases import checking, learning
from bot.usecases.learning import ModuleBeingRenewed, ModuleNotOpen, OpenLesson

USUAL_HOURS = OpeningHours(8, 17, Zone.WIB)
MISSES_BUDGET = 850
"""Characters that a card spends on a person's own answers; a second answer is left out beyond it."""


def shelf(request: Request) -> Reply:
    """List the modules: advised first with the reason, then the others, those done, those that wait."""
    found = learning.shelf(request.session, owner=request.owner, library=request.library, now=request.now)

    def row(title: str, code: str, style: Style = Style.PLAIN) -> Row:
        return (Button(request.content(title), pack("mo", code, 0), style),)

    rows = (
        *(row(module.title, module.code, Style.GO) for module, _ in found.advised),
        *(row(module.title, module.code) for module in found.others),
        *(row("✓ " + request.content(module.title), module.code) for module in found.done),
        (Button(request.t("Kembali"), pack("cu")),),
    )
    return Reply(Screen(request.show("shelf", shelf=found), rows))


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
    return Reply(_act_screen(request, opened) if index == len(cards) else _card_screen(request, opened, index))


def _renewing(request: Request) -> Reply:
    text = request.t("Pelajaran ini sedang diperbarui supaya isinya tidak ketinggalan. Coba pelajaran lain dulu, ya.")
    return Reply(Screen(text, ((Button(request.t("Daftar pelajaran"), pack("md"), Style.GO),),)))


def _card_screen(request: Request, opened: OpenLesson, index: int) -> Screen:
    module = opened.module
    try:
        body = render_card(module.cards[index], _values(request, opened))
    except LessonRefused:
        body = request.t("Kartu ini sedang diperbaiki. Silakan lanjut ke kartu berikutnya.")
    head = request.show("card_head", title=module.title, position=index + 1, total=len(module.cards) + 1)
    onward = Button(request.t("Lanjut ›"), pack("mo", module.code, index + 1), Style.GO)
    back = Button(request.t("‹ Sebelumnya"), pack("mo", module.code, index - 1)) if index else None
    turn = (back, onward) if back else (onward,)
    return Screen(f"{head}\n\n{body}", (turn, (Button(request.t("Daftar pelajaran"), pack("md")),)))


def _act_screen(request: Request, opened: OpenLesson) -> Screen:
    module = opened.module
    text = request.show("act", module=module, done_at=opened.lesson.done_at)
    back = (Button(request.t("‹ Sebelumnya"), pack("mo", module.code, len(module.cards) - 1)),)
    onward = (Button(request.t("Daftar pelajaran"), pack("md")),)
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
    return ((Button(request.t("Cek pemahaman: 3 pertanyaan"), pack("cl", module_code), Style.GO),),)


def _values(request: Request, opened: OpenLesson) -> dict[str, object]:
    """Return the plain values that a card may use; the names are for authors and so are Indonesian."""
    context = request.owner.context
    hours = context.hours or USUAL_HOURS
    level = opened.result.profile.level.level if opened.result else None
    return {
        "nama": " ".join(request.owner.first_name.split()[:2]),
        "usaha": (context.business or Business.OTHER).value,
        "kanal": (context.channel or Channel.PHYSICAL).value,
        "pemegang": (context.phone_holder or PhoneHolder.SELF).value,
        "jam_buka": labels.clock(hours.opens),
        "jam_tutup": labels.clock(hours.closes),
        "zona_waktu": hours.zone.value,
        "tingkat": level.number if level else 1,
        "nama_tingkat": level.name if level else "",
        "keliru": _misses(request, opened),
    }


def _misses(request: Request, opened: OpenLesson) -> list[dict[str, str]]:
    shown: list[dict[str, str]] = []
    spent = 0
    for item, answer, advice in opened.misses:
        miss = {
            "soal": request.content(item.stem),
            "jawaban": shown_answer(item, answer, request.language),
            "saran": request.content(advice),
        }
        spent += sum(map(len, miss.values()))
        if shown and spent > MISSES_BUDGET:
            break
        shown.append(miss)
    return shown


def mark_done(request: Request, module_code: str) -> Reply:
    """Note the act as done, and lead on to a short check where one can be made, else to the shelf."""
    if not learning.mark_done(request.session, owner=request.owner, module_code=module_code, now=request.now):
        return correction(request.t("Tombol itu sudah lewat. Ini layar yang terbaru."))
    well_done = request.t("Bagus! Satu langkah nyata untuk usaha Anda.")
    check = _check_row(request, module_code)
    if not check:
        return replace(shelf(request), toast=well_done)
    later = (Button(request.t("Nanti saja, ke daftar pelajaran"), pack("md")),)
    return Reply(Screen(request.show("done", count=3), (*check, later)), toast=well_done)
