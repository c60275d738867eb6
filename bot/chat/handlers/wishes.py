"""What comes by itself: one screen that lists it, a page for each wish, one tap to ask for it and one to stop it."""

from __future__ import annotations

from bot.chat import labels
from bot.chat.callback_data import StaleButton, choice, pack
from bot.chat.handlers import agreeing, quiz
from bot.chat.handlers.agreeing import LIST, NO, PAUSE, YES
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, redraw
from bot.core.acts import Tried
from bot.core.person import local
from bot.core.timetable import HOURS
from bot.core.wish import Wanted, Wish
from bot.usecases import learning, results, taking, wishing
from bot.usecases.wishing import BY_THE_HOUR, OFFERED, NotOffered


def show(request: Request) -> Reply:
    """Answer /pengingat."""
    return Reply(_list_screen(request))


def _list_screen(request: Request) -> Screen:
    said, offered = wishing.of(request.session, owner=request.owner), OFFERED[request.owner.form]
    now_wanted = {what: said[what] for what in offered if what in said and said[what].wanted}
    wants_news = request.owner.wants_news
    listed = [(what.value, what in now_wanted, _clock(what, now_wanted.get(what))) for what in offered]
    text = request.show(
        "wishes",
        listed=[*listed, (Wish.NEWS.value, wants_news, "")],
        has_result=_has_result(request),
        **agreeing.rules(),
    )
    rows = [row for what in offered for row in _switches(request, what, now_wanted.get(what))]
    rows.append((_turn(request, Wish.NEWS, is_wanted=wants_news),))
    onward = (Button(request.t("Pengaturan"), pack("se")), Button(request.t("Lanjut"), pack("cu"), Style.GO))
    return Screen(text, (*rows, onward))


def _has_result(request: Request) -> bool:
    latest = results.latest(request.session, owner=request.owner, library=request.library, now=request.now)
    return latest is not None


def _clock(what: str, wanted: Wanted | None) -> str:
    """Return the hour of a wish that has one."""
    return labels.clock(wanted.hour or HOURS[0]) if wanted is not None and what in BY_THE_HOUR else ""


def _switches(request: Request, what: Wish, wanted: Wanted | None) -> tuple[Row, ...]:
    turn = (_turn(request, what, is_wanted=wanted is not None),)
    if wanted is None or what not in BY_THE_HOUR:
        return (turn,)
    label = request.t("Ganti jam {what}", what=labels.wish(request, what))
    return turn, (Button(label, pack("wh", what)),)


def _turn(request: Request, what: Wish, *, is_wanted: bool) -> Button:
    name = labels.wish(request, what)
    if is_wanted:
        return Button(request.t("Matikan: {what}", what=name), pack("ws", what, NO, LIST))
    return Button(request.t("Nyalakan: {what}", what=name), pack("ws", what, YES, LIST))


def page(request: Request, what: str) -> Reply:
    """Tell what one wish brings, and take the hour where it has one, else a yes."""
    wish = choice(Wish, what)
    if wish not in OFFERED[request.owner.form]:
        raise StaleButton(what)
    rows: tuple[Row, ...] = ((Button(request.t("Ya, kirimi saya"), pack("ws", wish, YES), Style.GO),),)
    if wish in BY_THE_HOUR:
        rows = (tuple(Button(labels.clock(hour), pack("ws", wish, str(hour)), Style.GO) for hour in HOURS),)
    back = (Button(request.t("Tidak dulu"), pack("ws", wish, NO)),)
    if _wants(request, wish):
        back = (Button(request.t("Kembali"), pack("wl")),)
    text = request.show("wish", what=wish.value, has_hour=wish in BY_THE_HOUR, **agreeing.rules())
    return Reply(Screen(text, (*rows, back)))


def _wants(request: Request, what: Wish) -> bool:
    return wishing.holds(request.session, owner=request.owner, what=what)


def say(request: Request, what: str, word: str, origin: str = "") -> Reply:
    """Take a yes, a no, or an hour, and lead on from where it was said."""
    if word not in (YES, NO, *map(str, HOURS)) or origin not in ("", LIST, PAUSE):
        raise StaleButton(word)
    if what == Wish.NEWS:
        return _say_news(request, wants=word == YES)
    wanted = word != NO
    try:
        said = agreeing.say(request, choice(Wish, what), wanted=wanted, hour=None if word in (YES, NO) else int(word))
    except NotOffered as error:
        raise StaleButton(what) from error
    toast = _toast(request, wanted=wanted)
    if origin == LIST:
        return Reply(_list_screen(request), toast=toast)
    if origin == PAUSE:
        return _back_to_pause(request, toast)
    return Reply(_said_screen(request, said), toast=toast) if wanted else redraw(toast)


def _say_news(request: Request, *, wants: bool) -> Reply:
    person = agreeing.say_news(request, wants=wants)
    return Reply(_list_screen(request.as_person(person)), toast=_toast(request, wanted=wants))


def _toast(request: Request, *, wanted: bool) -> str:
    return request.t("Baik, nanti kami kirim.") if wanted else request.t("Baik, tidak dikirim.")


def _back_to_pause(request: Request, toast: str) -> Reply:
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    return (
        redraw(toast)
        if standing is None
        else Reply(quiz.resume_screen(request, standing, just_paused=True), toast=toast)
    )


def _said_screen(request: Request, said: Wanted) -> Screen:
    comes_on = None
    if said.next_at is not None and _has_result(request):
        comes_on = local(said.next_at, request.owner.context.zone).date()
    text = request.show("wish_said", what=said.what.value, comes_on=comes_on, hour=_clock(said.what, said))
    every = Button(request.t("Atur pesan"), pack("wl"))
    return Screen(text, ((every, Button(request.t("Lanjut"), pack("cu"), Style.GO)),))


def stop(request: Request, what: str) -> Reply:
    """Stop a wish from below one of its messages, whatever the role is now; offer it again to who can have it."""
    wish = choice(Wish, what)
    if wish is Wish.NEWS:
        raise StaleButton(what)
    try:
        agreeing.say(request, wish, wanted=False)
    except NotOffered as error:
        raise StaleButton(what) from error
    again: tuple[Row, ...] = ()
    if wish in OFFERED[request.owner.form]:
        again = ((Button(request.t("Nyalakan lagi"), pack("ws", wish, YES)),),)
    onward = (Button(request.t("Lanjut"), pack("cu"), Style.GO),)
    toast = request.t("Baik, tidak dikirim lagi.")
    return Reply(Screen(request.show("wish_stopped", what=wish.value), (*again, onward)), toast=toast)


def report_act(request: Request, module_code: str, word: str) -> Reply:
    """Take what somebody says of trying an act; where there was no time yet the act is shown once more."""
    tried = choice(Tried, word)
    opened = learning.report_act(
        request.session,
        owner=request.owner,
        module_code=module_code,
        tried=tried,
        library=request.library,
        now=request.now,
    )
    if opened is None:
        return quiz.stale(request)
    shelf = (Button(request.t("Daftar pelajaran"), pack("md")),)
    again = (Button(request.t("Buka pelajarannya"), pack("mo", module_code, 0)),)
    rows = (shelf,) if tried is Tried.NOT_FOR_ME else (again, shelf)
    return Reply(Screen(request.show("act_said", tried=tried.value, module=opened), rows), toast=request.t("Tersimpan"))
