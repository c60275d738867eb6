"""The shadow customer: what it is, the chat with three replies, what was chosen, and what practice says so far."""

from __future__ import annotations

from dataclasses import replace

from bot.chat import labels, typed
from bot.chat.callback_data import number, pack
from bot.chat.handlers import orders
from bot.chat.handlers.practice import back, before_practice
from bot.chat.handlers.quiz import stale
from bot.chat.incoming import Typed
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.core.item import Option
from bot.core.person import Role
from bot.core.probe import AIM_MINUTES, BEST_QUALITY, ENOUGH, SentProbe
from bot.core.wish import Wish
from bot.usecases import practising, probing, wishing
from bot.usecases.probing import Chat, Record

SHOWN_ORDERS = 3


def offer(request: Request) -> Reply:
    """Tell what a shadow customer is and ask whether one is wanted; one that waits is shown at once."""
    elsewhere = before_practice(request)
    if elsewhere is not None:
        return elsewhere
    record = _record(request)
    if record.waiting is not None:
        return Reply(_chat_screen(request, record.waiting))
    go = Button(request.t("Coba pelanggan bayangan"), pack("pk", record.sent), Style.GO)
    return Reply(Screen(request.show("probe_offer"), ((go,), (back(request),))))


def _record(request: Request) -> Record:
    return probing.record(request.session, owner=request.owner, library=request.library)


def send(request: Request, after: str) -> Reply:
    """Send a shadow customer; the same tap again shows the same one."""
    elsewhere = before_practice(request)
    if elsewhere is not None:
        return elsewhere
    chat = probing.send(
        request.session,
        owner=request.owner,
        library=request.library,
        seed=request.new_seed(),
        now=request.now,
        after=number(after),
    )
    return stale(request) if chat is None else Reply(_chat_screen(request, chat))


def _chat_screen(request: Request, chat: Chat) -> Screen:
    """Draw the customer's chat; once answered, what came of it."""
    if chat.reply is not None:
        return _answered_screen(request, chat)
    text = request.show("probe", probe=chat.probe, replies=lettered(chat))
    return Screen(text, (reply_row(chat), (back(request),)))


def lettered(chat: Chat) -> list[tuple[str, Option]]:
    """Return the replies to choose from, with their letters."""
    return list(zip(labels.LETTERS, chat.probe.replies, strict=False))


def reply_row(chat: Chat) -> Row:
    """Return a button for each reply."""
    return tuple(Button(letter, pack("pj", chat.sent.id, index)) for index, (letter, _) in enumerate(lettered(chat)))


def answer(request: Request, probe_id: str, index: str) -> Reply:
    """Take the reply to a shadow customer; only the first counts."""
    return _answered(request, number(probe_id), number(index))


def _answered(request: Request, probe_id: int, chosen: int) -> Reply:
    chat = probing.answer(
        request.session,
        owner=request.owner,
        probe_id=probe_id,
        choice=chosen,
        library=request.library,
        now=request.now,
    )
    if chat is None:
        return stale(request)
    is_first = chat.sent.choice == chosen
    toast = request.t("Tersimpan") if is_first else request.t("Balasan pertama yang dihitung.")
    return Reply(_chat_screen(request, chat), toast=toast)


def take_typed(request: Request, message: Typed) -> Reply | None:
    """Take a typed letter as the reply to the customer who waits; None where none waits, or for another text."""
    waiting = _record(request).waiting
    index = typed.read_letter(message.text, len(waiting.probe.replies)) if waiting else None
    if waiting is None or index is None:
        return None
    return replace(_answered(request, waiting.sent.id, index), toast="")


def _answered_screen(request: Request, chat: Chat) -> Screen:
    record = _record(request)
    text = request.show(
        "probe_answered",
        probe=chat.probe,
        reply=chat.reply,
        best=max(chat.probe.replies, key=lambda reply: reply.score),
        lasted=_lasted(request, chat.sent),
        **_summary(request, record),
    )
    another = Button(request.t("Satu pembeli lagi"), pack("pk", record.sent), Style.GO)
    return Screen(text, ((another,), (Button(request.t("Latihan Anda"), pack("kl")), back(request))))


def _summary(request: Request, record: Record) -> dict[str, object]:
    found = record.answering
    return {
        "answered": record.answered,
        "enough": ENOUGH,
        "answering": found,
        "median": duration(request, found.minutes) if found else "",
        "best_quality": BEST_QUALITY,
        "aim": AIM_MINUTES // 60,
    }


def _lasted(request: Request, sent: SentProbe) -> str:
    return duration(request, sent.minutes)


def duration(request: Request, minutes: int) -> str:
    """Return minutes in words: kurang dari semenit, 12 menit, 2 jam, 3 jam 5 menit, 2 hari 4 jam."""
    hours, rest = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if minutes == 0:
        return request.t("kurang dari semenit")
    if days:
        return request.t("{days} hari {hours} jam", days=days, hours=hours_left)
    if hours and rest:
        return request.t("{hours} jam {minutes} menit", hours=hours, minutes=rest)
    return request.t("{hours} jam", hours=hours) if hours else request.t("{minutes} menit", minutes=rest)


def record(request: Request) -> Reply:
    """Show what practice has brought so far, to the person alone."""
    answered = practising.answered_orders(request.session, owner=request.owner)
    text = request.show(
        "practice_record",
        orders=[
            (
                practising.local_day(request.owner, moment=received.chosen_at),
                orders.label(request, received.choice),
                received.choice is received.order.advised,
                orders.label(request, received.order.advised),
            )
            for received in answered[:SHOWN_ORDERS]
            if received.choice is not None and received.chosen_at is not None
        ],
        **_summary(request, _record(request)),
    )
    return Reply(Screen(text, (*_customers_row(request), (back(request),))))


def _customers_row(request: Request) -> tuple[Row, ...]:
    """Offer to let shadow customers come by themselves, to owners who do not have that."""
    owner = request.owner
    if owner.role is not Role.OWNER or wishing.holds(request.session, owner=owner, what=Wish.CUSTOMERS):
        return ()
    return ((Button(request.t("Kirimi saya pelanggan bayangan"), pack("wh", Wish.CUSTOMERS)),),)
