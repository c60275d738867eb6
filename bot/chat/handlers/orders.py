"""The practice order of a thousand: the customer's chat, the owner's answer, and what follows from it."""

from __future__ import annotations

from bot.chat.callback_data import choice, number, pack
from bot.chat.handlers.quiz import stale
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Screen
from bot.core.person import Business
from bot.core.practice import BIG_ORDER, FAR_DAYS, Choice, Quantity, Sheet
from bot.store.practices import Received
from bot.usecases import practising


def order_screen(request: Request, received: Received) -> Screen:
    """Draw the order with the choices, or what the first answer led to."""
    if received.choice is not None:
        return _outcome_screen(request, received, received.choice)
    rows = tuple((Button(label(request, c), pack("ko", received.id, c)),) for c in Choice)
    text = request.show("big_order", **_values(request, received))
    return Screen(text, (*rows, (_change(request), Button(request.t("Kembali"), pack("kh")))))


def decide(request: Request, order_id: str, chosen: str) -> Reply:
    """Store the answer to an order; another answer later only shows what the first one led to."""
    answer = choice(Choice, chosen)
    received = practising.decide(
        request.session, owner=request.owner, order_id=number(order_id), choice=answer, now=request.now
    )
    if received is None:
        return stale(request)
    is_first = received.choice is answer
    toast = request.t("Tersimpan") if is_first else request.t("Jawaban pertama yang dihitung.")
    return Reply(order_screen(request, received), toast=toast)


def _outcome_screen(request: Request, received: Received, chosen: Choice) -> Screen:
    text = request.show(
        "big_order_outcome",
        chosen=chosen.value,
        chosen_label=label(request, chosen),
        advised=received.order.advised.value,
        advised_label=label(request, received.order.advised),
        **_values(request, received),
    )
    return Screen(text, ((_change(request), Button(request.t("Kembali"), pack("kh"))),))


def _change(request: Request) -> Button:
    return Button(request.t("Ubah angka"), pack("kt", Sheet.BIG_ORDER, Quantity.STOCK))


def _values(request: Request, received: Received) -> dict[str, object]:
    order = received.order
    return {
        "order": order,
        "means": order.means,
        "big": BIG_ORDER,
        "far": FAR_DAYS,
        "business": (request.owner.context.business or Business.OTHER).value,
        "ready_in": order.means.days_for(BIG_ORDER),
    }


def label(request: Request, chosen: Choice) -> str:
    """Return an answer in the words of its button."""
    words = {
        Choice.ALL: request.t("Terima semuanya"),
        Choice.PART: request.t("Terima bertahap, ditulis di nota"),
        Choice.LATER: request.t("Terima semuanya, tanggalnya mundur"),
        Choice.DECLINE: request.t("Tolak dengan sopan"),
    }
    return words[chosen]
