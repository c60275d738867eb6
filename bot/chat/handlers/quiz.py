"""The assessment on screen: question, certainty, pause, stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.chat import labels, typed
from bot.chat.callback_data import StaleButton, choice, number, pack
from bot.chat.incoming import Typed
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, redraw
from bot.core.answer import Answer, AnswerDoesNotFit, Unknown, decode, encode
from bot.core.attempt import AttemptId, Confidence, Response
from bot.core.item import Format, Item
from bot.core.person import next_context_question
from bot.core.selection import session_length
from bot.texts.answers import shown_answer, unit_name
from bot.texts.numbers import NumberTrouble
from bot.usecases import results, taking
from bot.usecases.taking import Stale, Standing, Taken

LATE = timedelta(seconds=15)
RETEST_AFTER = timedelta(days=30)


def standing_screen(request: Request, standing: Standing, *, notice: str = "", ticks: int = 0) -> Screen:
    """Draw where a sitting stands: the certainty still to be said, else the question that waits."""
    if standing.awaiting is not None:
        return _confidence_screen(request, standing, standing.awaiting, notice)
    assert standing.item is not None
    return _question_screen(request, standing, standing.item, notice, ticks)


def _question_screen(request: Request, standing: Standing, item: Item, notice: str, ticks: int) -> Screen:
    slot = standing.attempt.slot
    text = request.show(
        "question",
        notice=notice,
        position=slot,
        total=session_length(standing.release),
        item=item,
        options=list(zip(labels.LETTERS, item.options, strict=False)),
        unit=unit_name(item.numeric.unit, request.language) if item.numeric else "",
    )
    rows = _answer_rows(request, standing.attempt.id, slot, item, ticks)
    pause = Button(request.t("Jeda"), pack("ps"))
    if item.is_habit:
        return Screen(text, (*rows, (pause,)))
    unknown = Button(request.t("Belum tahu"), pack("an", standing.attempt.id, slot, encode(Unknown())))
    return Screen(text, (*rows, (unknown, pause)))


def _answer_rows(request: Request, attempt_id: AttemptId, slot: int, item: Item, ticks: int) -> tuple[Row, ...]:
    letters = labels.LETTERS[: len(item.options)]
    match item.format:
        case Format.NUMBER:
            return ()
        case Format.MULTIPLE:
            boxes = tuple(
                Button(("☑ " if ticks >> i & 1 else "☐ ") + letter, pack("tk", attempt_id, slot, ticks ^ 1 << i))
                for i, letter in enumerate(letters)
            )
            done = Button(request.t("Selesai"), pack("an", attempt_id, slot, f"t{ticks}"), Style.GO)
            nothing_yet = Button(request.t("Selesai"), pack("tk", attempt_id, slot, 0))
            return boxes, (done if ticks else nothing_yet,)
        case Format.CHOICE | Format.SITUATION | Format.HABIT:
            return (tuple(Button(letter, pack("an", attempt_id, slot, f"c{i}")) for i, letter in enumerate(letters)),)


def _confidence_screen(request: Request, standing: Standing, response: Response, notice: str) -> Screen:
    item = standing.release.item_by_code[response.item_code]
    text = request.show(
        "confidence",
        notice=notice,
        position=response.slot,
        total=session_length(standing.release),
        answer=shown_answer(item, response.answer, request.language),
    )
    rows = tuple(
        (Button(labels.confidence(request, c), pack("cf", standing.attempt.id, response.slot, c)),) for c in Confidence
    )
    return Screen(text, (*rows, (Button(request.t("Jeda"), pack("ps")),)))


def begin(request: Request) -> Reply:
    """Start a sitting, or go on with the one under way."""
    if next_context_question(request.owner.role, request.owner.context) is not None:
        return redraw()
    standing = taking.begin(
        request.session, owner=request.owner, library=request.library, seed=request.new_seed(), now=request.now
    )
    return Reply(standing_screen(request, standing))


def begin_again(request: Request) -> Reply:
    """Answer /mulai: begin at once, or ask first where a result exists."""
    owner, session, library = request.owner, request.session, request.library
    under_way = taking.standing(session, owner=owner, library=library)
    latest = results.latest(session, owner=owner, library=library, today=request.today)
    if under_way is not None or latest is None or latest.attempt.finished_at is None:
        return begin(request)
    finished_at = latest.attempt.finished_at
    text = request.show("again", finished_on=finished_at.date(), is_time=request.now - finished_at >= RETEST_AFTER)
    return Reply(
        Screen(
            text,
            (
                (Button(request.t("Lihat hasil"), pack("hs"), Style.GO),),
                (Button(request.t("Ulangi asesmen sekarang"), pack("go")),),
            ),
        )
    )


def answer(request: Request, attempt: str, slot: str, given: str) -> Reply:
    try:
        return _answered(request, AttemptId(number(attempt)), number(slot), decode(given))
    except AnswerDoesNotFit as error:
        raise StaleButton(given) from error


def _answered(request: Request, attempt_id: AttemptId, slot: int, given: Answer) -> Reply:
    outcome = taking.answer_item(
        request.session,
        owner=request.owner,
        attempt_id=attempt_id,
        slot=slot,
        given=given,
        library=request.library,
        now=request.now,
    )
    match outcome:
        case Taken(standing):
            return _after(request, standing, request.t("Jawaban tersimpan"))
        case Stale():
            return stale(request)


def _after(request: Request, standing: Standing, toast: str) -> Reply:
    if standing.attempt.is_active:
        return Reply(standing_screen(request, standing), toast=toast)
    return redraw(toast)


def stale(request: Request) -> Reply:
    """Answer a button whose moment has passed: nothing changes, and the screen that counts is drawn."""
    return redraw(request.t("Tombol itu sudah lewat. Ini layar yang terbaru."))


def tick(request: Request, attempt: str, slot: str, mask: str) -> Reply:
    """Redraw a MULTIPLE item with other boxes ticked; nothing is stored before Selesai."""
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    ticks = number(mask)
    if standing is None or standing.item is None or standing.awaiting is not None:
        return stale(request)
    if (standing.attempt.id, standing.attempt.slot) != (number(attempt), number(slot)):
        return stale(request)
    if standing.item.format is not Format.MULTIPLE or ticks >= 1 << len(standing.item.options):
        raise StaleButton(mask)
    toast = "" if ticks else request.t("Belum ada yang dipilih.")
    return Reply(standing_screen(request, standing, ticks=ticks), toast=toast)


def confidence(request: Request, attempt: str, slot: str, value: str) -> Reply:
    return _confidence_said(request, AttemptId(number(attempt)), number(slot), choice(Confidence, value))


def _confidence_said(request: Request, attempt_id: AttemptId, slot: int, said: Confidence) -> Reply:
    outcome = taking.say_confidence(
        request.session,
        owner=request.owner,
        attempt_id=attempt_id,
        slot=slot,
        confidence=said,
        library=request.library,
        now=request.now,
    )
    match outcome:
        case Taken(standing, _, warn):
            reply = _after(request, standing, request.t("Tersimpan"))
            if not warn:
                return reply
            card = request.show("warning", text=standing.release.rules.warning)
            return replace(reply, before=(card,), fresh=True)
        case Stale():
            return stale(request)


def pause(request: Request) -> Reply:
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    return stale(request) if standing is None else Reply(resume_screen(request, standing, just_paused=True))


def resume_screen(request: Request, standing: Standing, *, just_paused: bool = False) -> Screen:
    text = request.show(
        "resume",
        just_paused=just_paused,
        first_name=request.owner.first_name,
        done=len(standing.attempt.responses),
        total=session_length(standing.release),
    )
    return Screen(
        text,
        (
            (Button(request.t("Lanjut"), pack("cu"), Style.GO),),
            (Button(request.t("Hentikan asesmen ini"), pack("bt")),),
        ),
    )


def ask_stop(request: Request) -> Reply:
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    if standing is None:
        return redraw(request.t("Tidak ada yang sedang berjalan."))
    text = request.show("stop", done=len(standing.attempt.responses))
    return Reply(
        Screen(
            text,
            (
                (Button(request.t("Tidak, lanjutkan"), pack("cu"), Style.GO),),
                (Button(request.t("Ya, hentikan"), pack("st", standing.attempt.id), Style.DANGER),),
            ),
        )
    )


def stop(request: Request, attempt: str) -> Reply:
    stopped = taking.stop(
        request.session,
        owner=request.owner,
        attempt_id=AttemptId(number(attempt)),
        library=request.library,
        now=request.now,
    )
    return redraw(request.t("Asesmen dihentikan.")) if stopped else stale(request)


def take_typed(request: Request, message: Typed) -> Reply | None:
    """Take a typed text as the answer or certainty that waits; None where no sitting is under way."""
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    if standing is None:
        return None
    if _was_sent_before_the_question(request, standing, message):
        notice = request.t("Pesan itu terkirim sebelum pertanyaan ini muncul. Silakan jawab lagi.")
        return Reply(standing_screen(request, standing, notice=notice))
    text = message.text
    if typed.means_pause(text):
        return pause(request)
    if standing.awaiting is not None:
        said = typed.read_confidence(text)
        if said is not None:
            return _confidence_said(request, standing.attempt.id, standing.awaiting.slot, said)
        return Reply(standing_screen(request, standing, notice=request.t("Pilih salah satu tombol di bawah, ya.")))
    assert standing.item is not None
    given = typed.read_answer(standing.item, text)
    if given is None or isinstance(given, NumberTrouble):
        return Reply(standing_screen(request, standing, notice=_how_to_answer(request, standing.item, given)))
    reply = _answered(request, standing.attempt.id, standing.attempt.slot, given)
    taken = shown_answer(standing.item, given, request.language)
    notice = request.show("stored", answer=taken)
    return replace(reply, before=(notice, *reply.before), toast="")


def _was_sent_before_the_question(request: Request, standing: Standing, message: Typed) -> bool:
    """Tell whether a late message was meant for an earlier question, answered while the message waited.

    Only messages that waited long are doubted, so that a clock that is a little off harms nobody.
    """
    if not standing.attempt.responses or request.now - message.sent_at < LATE:
        return False
    return message.sent_at < standing.attempt.responses[-1].answered_at


def _how_to_answer(request: Request, item: Item, trouble: NumberTrouble | None) -> str:
    match trouble:
        case NumberTrouble.WORDS:
            return request.t("Tolong ketik dengan angka, misalnya 14000 atau 14rb.")
        case NumberTrouble.TOO_LARGE:
            return request.t("Angka itu terlalu besar. Coba periksa lagi.")
        case NumberTrouble.UNCLEAR:
            return request.t("Kami belum bisa membaca angkanya. Ketik angka saja, misalnya 14000 atau 14rb.")
        case None:
            last = labels.LETTERS[len(item.options) - 1]
            return request.t("Tekan salah satu tombol, atau ketik hurufnya: A sampai {last}.", last=last)
