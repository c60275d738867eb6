"""Calculators: the menu of practice, the numbers asked one at a time, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.callback_data import StaleButton, choice, pack
from bot.chat.handlers import orders
from bot.chat.handlers.quiz import LATE
from bot.chat.incoming import Typed
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, redraw
from bot.core.person import Business, next_context_question
from bot.core.practice import FAR_DAYS, Means, Misfit, Quantity, Sheet, promise_date, reorder_point, selling_price
from bot.texts.answers import unit_name
from bot.texts.numbers import NumberTrouble, grouped, read_number, rupiah
from bot.usecases import practising, probing, taking
from bot.usecases.practising import Working

RESULT = "hasil"
"""The step after the last number, as it stands in a button."""


def menu(request: Request) -> Reply:
    """Offer the calculators and the two exercises."""
    elsewhere = before_practice(request)
    if elsewhere is not None:
        return elsewhere
    practising.leave(request.session, owner=request.owner)
    is_waited_for = probing.record(request.session, owner=request.owner, library=request.library).waiting is not None
    shadow = request.t("Jawab pelanggan bayangan") if is_waited_for else request.t("Pelanggan bayangan")
    rows = (
        *((_start_button(request, sheet),) for sheet in Sheet),
        (Button(shadow, pack("pb"), Style.GO if is_waited_for else Style.PLAIN),),
        (Button(request.t("Latihan Anda"), pack("kl")), Button(request.t("Daftar pelajaran"), pack("md"))),
    )
    return Reply(Screen(request.show("practice_menu"), rows))


def _start_button(request: Request, sheet: Sheet) -> Button:
    return Button(title(request, sheet), pack("kt", sheet, sheet.asks[0]))


def before_practice(request: Request) -> Reply | None:
    """Lead to what comes before practice: the way in, or an assessment under way, which typed texts belong to."""
    if next_context_question(request.owner.role, request.owner.context) is not None:
        return redraw()
    if taking.standing(request.session, owner=request.owner, library=request.library) is None:
        return None
    rows: tuple[Row, ...] = (
        (Button(request.t("Lanjut"), pack("cu"), Style.GO), Button(request.t("Jeda"), pack("ps"))),
    )
    return Reply(Screen(request.show("assessment_first"), rows))


def ask(request: Request, sheet: str, step: str) -> Reply:
    """Ask for a number, or show what the sheet comes to."""
    wanted = choice(Sheet, sheet)
    asking = None if step == RESULT else choice(Quantity, step)
    if asking is not None and asking not in wanted.asks:
        raise StaleButton(step)
    elsewhere = before_practice(request)
    if elsewhere is not None:
        return elsewhere
    working = practising.ask(request.session, owner=request.owner, sheet=wanted, asking=asking, now=request.now)
    return Reply(working_screen(request, working))


def working_screen(request: Request, working: Working, *, notice: str = "") -> Screen:
    """Draw where a calculation stands: the number that waits, else what it comes to."""
    if working.asking is not None:
        return _question_screen(request, working, working.asking, notice)
    if working.received is not None:
        return orders.order_screen(request, working.received)
    change = Button(request.t("Ubah angka"), pack("kt", working.sheet, working.sheet.asks[0]))
    text = request.show(
        "worked_out", sheet=working.sheet.value, title=title(request, working.sheet), **_values(request, working)
    )
    return Screen(text, ((change, back(request)),))


def _question_screen(request: Request, working: Working, asking: Quantity, notice: str) -> Screen:
    asks = working.sheet.asks
    place = asks.index(asking)
    text = request.show(
        "practice_number",
        title=title(request, working.sheet),
        position=place + 1,
        total=len(asks),
        quantity=asking.value,
        is_service=request.owner.context.business is Business.SERVICE,
        notice=notice,
    )
    rows: tuple[Row, ...] = ()
    if working.last_time is not None:
        label = request.t("Pakai {number} (yang lalu)", number=shown(request, asking, working.last_time))
        rows = ((Button(label, pack("kt", working.sheet, working.sheet.after(asking) or RESULT), Style.GO),),)
    before = (Button(request.t("‹ Sebelumnya"), pack("kt", working.sheet, asks[place - 1])),) if place else ()
    return Screen(text, (*rows, (*before, back(request))))


def back(request: Request) -> Button:
    return Button(request.t("Kembali"), pack("kh"))


def title(request: Request, sheet: Sheet) -> str:
    words = {
        Sheet.PRICE: request.t("Harga jual"),
        Sheet.REORDER: request.t("Kapan beli lagi"),
        Sheet.CAPACITY: request.t("Sanggup berapa?"),
        Sheet.BIG_ORDER: request.t("Pesanan seribu"),
    }
    return words[sheet]


def shown(request: Request, quantity: Quantity, value: int) -> str:
    """Return a number with its unit: Rp12.000, 25%, 40 buah."""
    match quantity.unit:
        case "rupiah":
            return rupiah(value)
        case "persen":
            return f"{value}%"
        case unit:
            return f"{grouped(value, request.language)} {unit_name(unit, request.language)}"


def _values(request: Request, working: Working) -> Mapping[str, object]:
    """Return what a sheet comes to, with the numbers it was worked out from."""
    n = working.numbers
    match working.sheet:
        case Sheet.PRICE:
            cost, margin, fee = n[Quantity.COST], n[Quantity.MARGIN], n[Quantity.FEE]
            price = selling_price(cost=cost, margin=margin, fee=fee)
            return {"cost": cost, "margin": margin, "fee": fee, "price": price}
        case Sheet.REORDER:
            sold, lead, safety = n[Quantity.SOLD], n[Quantity.LEAD], n[Quantity.SAFETY]
            point = reorder_point(daily_sales=sold, lead_days=lead, safety=safety)
            return {"sold": sold, "lead": lead, "safety": safety, "point": point}
        case _:
            means = Means(n[Quantity.STOCK], n[Quantity.MADE], n[Quantity.RUNNING], n[Quantity.SAFETY])
            today = practising.local_day(request.owner, moment=request.now)
            order, week = n[Quantity.ORDER], n[Quantity.WEEK]
            ready_on = promise_date(means, order, today=today, week=week)
            return {
                "means": means, "days": n[Quantity.DAYS], "order": order, "ready_on": ready_on,
                "ready_in": means.days_for(order), "far": FAR_DAYS,
            }  # fmt: skip


def take_typed(request: Request, message: Typed) -> Reply | None:
    """Take a typed number as the one that waits; None where none waits, or where the text is no number."""
    working = practising.current(request.session, owner=request.owner, now=request.now)
    value = read_number(message.text)
    if working is None or working.asking is None or isinstance(value, NumberTrouble):
        return None
    if message.sent_at < working.since and request.now - message.sent_at >= LATE:
        notice = request.t("Pesan itu terkirim sebelum pertanyaan ini muncul. Silakan jawab lagi.")
        return Reply(working_screen(request, working, notice=notice))
    taken = practising.take(request.session, owner=request.owner, value=value, now=request.now)
    match taken:
        case Working():
            return Reply(working_screen(request, taken))
        case Misfit():
            return Reply(working_screen(request, working, notice=_why(request, working, working.asking, taken)))
        case None:
            return None


def explain(request: Request, message: Typed) -> Reply | None:
    """Tell how to type the number that waits, after a text that is none; None where none waits."""
    working = practising.current(request.session, owner=request.owner, now=request.now)
    trouble = read_number(message.text)
    if working is None or working.asking is None or not isinstance(trouble, NumberTrouble):
        return None
    words = {
        NumberTrouble.WORDS: request.t("Tolong ketik dengan angka, bukan dengan huruf."),
        NumberTrouble.UNCLEAR: request.t("Kami belum bisa membaca angkanya. Ketik angka saja, ya."),
        NumberTrouble.TOO_LARGE: request.t("Angka itu terlalu besar. Coba periksa lagi."),
    }
    return Reply(working_screen(request, working, notice=words[trouble]))


def _why(request: Request, working: Working, asking: Quantity, unfit: Misfit) -> str:
    least, most = asking.bounds
    match unfit:
        case Misfit.TOO_SMALL:
            return request.t("Angkanya paling sedikit {least}.", least=shown(request, asking, least))
        case Misfit.TOO_LARGE:
            return request.t("Angkanya paling banyak {most}. Coba periksa lagi.", most=shown(request, asking, most))
        case Misfit.NOTHING_LEFT:
            margin = working.numbers[Quantity.MARGIN]
            return request.t(
                "Untung {margin}% dan potongan itu menghabiskan seluruh harga. Potongannya paling banyak {most}%, "
                "atau kecilkan dulu untungnya.",
                margin=margin,
                most=99 - margin,
            )
