"""From an event to a reply: person, route, screen. Runs inside one transaction and sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from secrets import randbits

from sqlmodel import Session

from bot.chat.callback_data import StaleButton, unpack
from bot.chat.handlers import awaited, groups, practice, probes, quiz
from bot.chat.handlers.current import current_screen, lost
from bot.chat.incoming import Incoming, Reachability, Tap, Typed
from bot.chat.request import House, Request, spoken
from bot.chat.routes import AWAITED, AWAITED_OF_ADMINS, COMMANDS, VERBS
from bot.chat.screen import Reply, Screen, Style, redraw
from bot.core.access import Audience, may_use
from bot.store.people import Thread
from bot.texts import engine
from bot.texts.catalogue import supported, translated_by
from bot.usecases import accounts
from bot.usecases.grouping import NotForYou
from bot.usecases.library import Library

SHORTEST_WORD = 4
SENDING_BITS = 31
_COMMANDS = {command.name: command for command in COMMANDS}
_VERBS = {verb.name: verb for verb in VERBS}


def respond(
    session: Session,
    incoming: Incoming,
    *,
    library: Library,
    now: datetime,
    new_seed: Callable[[], int],
    house: House,
    draws_again: bool = False,
) -> Reply:
    """Answer one event. The same event again answers with the same screen and changes nothing more.

    With `draws_again` the event was answered, and only the screen that counts now is wanted, as a new message.
    """
    event = incoming.event
    if isinstance(event, Reachability):
        accounts.note_reachable(
            session, telegram_id=incoming.telegram_id, bot_id=incoming.bot_id, reachable=event.reachable
        )
        return Reply()
    library.refresh(session, now=now)
    person, thread = accounts.meet(session, telegram_id=incoming.telegram_id)
    if draws_again and (person is None or person.bot_id != incoming.bot_id):
        return Reply()  # erased, or gone to another bot meanwhile
    if person is not None:
        person, thread = accounts.arrive(session, owner=person, thread=thread, bot_id=incoming.bot_id, now=now)
    language = spoken(person, incoming.language_code)
    request = Request(session, incoming, person, language, library, now, new_seed, house, thread.awaits)
    with translated_by(library.translations):
        if draws_again:
            return _finish(request, thread, replace(redraw(), fresh=True))
        return _answered(request, thread, event)


def _answered(request: Request, thread: Thread, event: Tap | Typed) -> Reply:
    match event:
        case Tap():
            _await_no_text(request, thread)
            return _finish(request, thread, _tapped(request, event))
        case Typed():
            return _finish(request, thread, replace(_typed(request, thread, event), fresh=True))


def _tapped(request: Request, tap: Tap) -> Reply:
    try:
        name, arguments = unpack(tap.data)
        verb = _VERBS.get(name)
        if verb is None or not verb.takes(len(arguments)) or not may_use(verb.audience, request.viewer):
            raise StaleButton(name)
        return verb.handler(request, *arguments)
    except NotForYou:
        return groups.not_yours(request)
    except StaleButton:
        return quiz.stale(request)


def _typed(request: Request, thread: Thread, typed: Typed) -> Reply:
    if typed.message_id <= thread.last_typed_id:
        return redraw()
    if typed.command is not None:
        _await_no_text(request, thread)
        command = _COMMANDS.get(typed.command)
        if command is None:
            return lost(request)
        return command.handler(request) if may_use(command.audience, request.viewer) else redraw()
    if request.person is None:
        return redraw()
    live = thread.live_message_id
    if thread.sending is not None or (live is not None and typed.message_id < live):
        return _unseen(request, thread)
    if thread.awaits is not None:
        _await_no_text(request, thread)
        return _awaited(request, thread.awaits, typed)
    if not may_use(Audience.SETTLED, request.viewer):
        return _as_button(request, typed) or lost(request)
    taken = quiz.take_typed(request, typed) or practice.take_typed(request, typed) or probes.take_typed(request, typed)
    return taken or _as_button(request, typed) or practice.explain(request, typed) or lost(request)


def _unseen(request: Request, thread: Thread) -> Reply:
    """Answer a text that was sent twice, or before the screen was there that it would be taken for: it lies above that
    screen, or the screen is still being sent, perhaps by a process that died meanwhile.

    A screen that asks for a text stays where it is, for it cannot be drawn from what is stored.
    """
    if thread.awaits is not None:
        notice = request.t(
            "Pesan terakhir Anda terkirim sebelum pertanyaan yang baru muncul, jadi belum dipakai. "
            "Kalau memang untuk pertanyaan itu, kirim sekali lagi."
        )
        return Reply(before=(notice,))
    notice = request.t(
        "Pesan terakhir Anda terkirim sebelum yang di bawah ini muncul, jadi belum dihitung. "
        "Kalau memang untuk yang ini, kirim sekali lagi."
    )
    return replace(redraw(), before=(notice,))


def _await_no_text(request: Request, thread: Thread) -> None:
    """Await no text any more: it was typed, or something else was done."""
    if thread.awaits is not None and request.person is not None:
        accounts.await_text(request.session, owner=request.person, awaits=None)


def _awaited(request: Request, awaits: str, typed: Typed) -> Reply:
    """Hand a text to the screen that asked for it."""
    what, about = awaited.read(awaits)
    try:
        if what in AWAITED:
            return AWAITED[what](request, awaited.group(about), typed.text)
        if what in AWAITED_OF_ADMINS and may_use(Audience.ADMIN, request.viewer):
            return AWAITED_OF_ADMINS[what](request, about, typed.text)
        return redraw()
    except NotForYou:
        return groups.not_yours(request)


def _as_button(request: Request, typed: Typed) -> Reply | None:
    """Take the words of a button, or a part that only one has, as a tap on it; never for one that destroys."""
    said = " ".join(typed.text.casefold().split()).strip(" .")
    rows = current_screen(request).rows
    offered = [button for row in rows for button in row if button.data and button.style is not Style.DANGER]
    same = [button for button in offered if button.label.casefold() == said]
    alike = [button for button in offered if len(said) >= SHORTEST_WORD and said in button.label.casefold()]
    found = same or alike
    return _tapped(request, Tap(typed.message_id, found[0].data)) if len(found) == 1 else None


def _finish(request: Request, thread: Thread, reply: Reply) -> Reply:
    """Fill in the screen that counts, and name the messages that lose their keyboard to it.

    That a new message is on its way is noted before, that the live keyboard has moved once it has (`tg.desk`): noted
    before, a crash would leave the old one.
    """
    event = request.incoming.event
    person = request.person
    if reply.redraw:
        person, present = accounts.meet(request.session, telegram_id=request.incoming.telegram_id)
        _await_no_text(request, present)  # the screen that asked for one is not the one that is drawn
        after = replace(request, person=person, language=spoken(person, request.incoming.language_code))
        reply = replace(reply, screen=current_screen(after))
    if person is None:
        return reply
    drawn = _drawn(request, replace(reply, live=thread.live_message_id), thread)
    if drawn.fresh and drawn.screen is not None:
        drawn = replace(drawn, sending=randbits(SENDING_BITS))
    typed_id = event.message_id if isinstance(event, Typed) else None
    stays = typed_id is not None and drawn.screen is None  # a text that changes nothing
    sending = thread.sending if stays else drawn.sending
    accounts.note_sending(request.session, owner=person, thread=thread, sending=sending, typed_id=typed_id)
    return drawn


def _drawn(request: Request, reply: Reply, thread: Thread) -> Reply:
    event = request.incoming.event
    if reply.screen is None:
        return reply
    if isinstance(event, Tap):
        return _drawn_by_tap(request, reply, event, thread)
    return _retiring(_with_picture(reply), thread.live_message_id)


def _drawn_by_tap(request: Request, reply: Reply, tap: Tap, thread: Thread) -> Reply:
    """Draw a screen where it was tapped, or below it where the live one is: what counts is never above something older.

    A screen with a picture comes as a new message below its picture; so does any while another process sends one.
    """
    live = thread.live_message_id
    if reply.fresh or thread.sending is not None:
        return _retiring(_with_picture(replace(reply, fresh=True)), live, tap.message_id)
    if live is not None and live > tap.message_id:
        toast = reply.toast or request.t("Lihat di paling bawah.")
        return _retiring(replace(reply, at=live, toast=toast), tap.message_id)
    if reply.screen is not None and reply.screen.picture is not None and not reply.corrects:
        return _retiring(_with_picture(replace(reply, fresh=True)), live, tap.message_id)
    return reply if live == tap.message_id else _retiring(reply, live)


def _with_picture(reply: Reply) -> Reply:
    """Send the picture of the screen along."""
    return replace(reply, picture=reply.screen.picture) if reply.screen and reply.screen.picture else reply


def _retiring(reply: Reply, *message_ids: int | None) -> Reply:
    return replace(reply, retired=tuple(dict.fromkeys(i for i in message_ids if i is not None)))


def apology(incoming: Incoming, error_id: str) -> Reply:
    """Return what a person reads when something went wrong on our side; it touches no database."""
    language = supported(incoming.language_code)
    text = engine.render("bot.chat", "apology.html.j2", language, {"error_id": error_id})
    return Reply(Screen(text), fresh=True)
