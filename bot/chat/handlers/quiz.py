"""Taking the assessment: begin, answer, say how sure, pause, stop; `question` draws it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.chat import typed
from bot.chat.callback_data import StaleButton, choice, number, pack
from bot.chat.handlers import agreeing, question
from bot.chat.handlers.outcome import check_note
from bot.chat.handlers.question import how_to_answer, standing_screen
from bot.chat.incoming import Typed
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, correction, redraw
from bot.core.answer import Answer, AnswerDoesNotFit, Ticked, decode
from bot.core.attempt import AttemptId, Confidence, progress
from bot.core.person import next_context_question
from bot.core.wish import Wish
from bot.texts.answers import shown_answer
from bot.texts.numbers import NumberTrouble
from bot.usecases import results, taking
from bot.usecases.taking import Stale, Standing, Taken

LATE = timedelta(seconds=15)


WITH_REMINDERS = "p"


def begin(request: Request, word: str = "") -> Reply:
    """Start a sitting, or go on with the one under way; with a word also ask to be reminded of it."""
    if word not in ("", WITH_REMINDERS):
        raise StaleButton(word)
    if next_context_question(request.owner.role, request.owner.context) is not None:
        return redraw()
    if word:
        agreeing.say(request, Wish.REMINDERS, wanted=True)
    standing = taking.begin(
        request.session, owner=request.owner, library=request.library, seed=request.new_seed(), now=request.now
    )
    return Reply(standing_screen(request, standing))


def begin_again(request: Request) -> Reply:
    """Answer /mulai: begin at once, or ask first where a result exists."""
    owner, session, library = request.owner, request.session, request.library
    under_way = taking.standing(session, owner=owner, library=library)
    latest = results.latest(session, owner=owner, library=library, now=request.now)
    if under_way is not None or latest is None or latest.attempt.finished_at is None:
        return begin(request)
    text = request.show(
        "again",
        finished_on=latest.attempt.finished_at.date(),
        is_time=latest.retest_due,
        offers=agreeing.is_undecided(request, Wish.REMINDERS),
        **agreeing.rules(),
    )
    return Reply(
        Screen(
            text,
            (
                (Button(request.t("Lihat hasil"), pack("hs"), Style.GO),),
                (Button(request.t("Ulangi asesmen sekarang"), pack("go")),),
                *reminders_row(request),
            ),
        )
    )


def reminders_row(request: Request) -> tuple[Row, ...]:
    """Offer to begin with reminders, to who was never asked about them."""
    if not agreeing.is_undecided(request, Wish.REMINDERS):
        return ()
    return ((Button(request.t("Mulai, dan ingatkan saya"), pack("go", WITH_REMINDERS)),),)


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
    if standing.attempt.is_check:
        return replace(redraw(toast), before=(check_note(request, standing.attempt),), fresh=True)
    return redraw(toast)


def stale(request: Request) -> Reply:
    """Answer a button whose moment has passed: nothing changes, and the screen that counts is drawn."""
    return correction(request.t("Tombol itu sudah lewat. Layar yang terbaru ada di paling bawah."))


def draft(request: Request, attempt: str, slot: str, drafted: str) -> Reply:
    """Redraw a question with another unfinished answer; nothing is stored before the tap that finishes it."""
    standing = _waiting(request, attempt, slot)
    if standing is None or standing.item is None:
        return stale(request)
    given = question.read_draft(standing.item, drafted)
    toast = request.t("Belum ada yang dipilih.") if given == Ticked(0) else ""
    return Reply(standing_screen(request, standing, draft=given), toast=toast)


def see_picture(request: Request, attempt: str, slot: str) -> Reply:
    """Send the picture of the question that waits once more, and the question below it."""
    standing = _waiting(request, attempt, slot)
    return stale(request) if standing is None else Reply(standing_screen(request, standing), fresh=True)


def _waiting(request: Request, attempt: str, slot: str) -> Standing | None:
    """Return where the sitting stands if the question in this slot still waits for its answer."""
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    if standing is None or standing.item is None or standing.awaiting is not None:
        return None
    here = (standing.attempt.id, standing.attempt.slot)
    return standing if here == (number(attempt), number(slot)) else None


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
    is_whole = not (standing.attempt.is_check or standing.attempt.has_result)
    offers = just_paused and is_whole and agreeing.is_undecided(request, Wish.REMINDERS)
    text = request.show(
        "resume",
        just_paused=just_paused,
        first_name=request.owner.first_name,
        progress=progress(standing.attempt, standing.release, slot=len(standing.attempt.responses)),
        offers=offers,
        **agreeing.rules(),
    )
    return Screen(
        text,
        (
            *(_reminders_question(request) if offers else ()),
            (Button(request.t("Lanjut"), pack("cu"), Style.GO),),
            (Button(_stop_label(request, standing), pack("bt")),),
        ),
    )


def _reminders_question(request: Request) -> tuple[Row, ...]:
    yes = Button(request.t("Ya, ingatkan"), pack("ws", Wish.REMINDERS, agreeing.YES, agreeing.PAUSE), Style.GO)
    no = Button(request.t("Tidak usah"), pack("ws", Wish.REMINDERS, agreeing.NO, agreeing.PAUSE))
    return ((yes, no),)


def _stop_label(request: Request, standing: Standing) -> str:
    is_whole = not (standing.attempt.is_check or standing.attempt.has_result)
    return request.t("Hentikan asesmen ini") if is_whole else request.t("Cukup sampai di sini")


def ask_stop(request: Request) -> Reply:
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    if standing is None:
        return correction(request.t("Tidak ada yang sedang berjalan."))
    text = request.show(
        "stop",
        done=len(standing.attempt.responses),
        is_check=standing.attempt.is_check,
        has_result=standing.attempt.has_result,
    )
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
    return redraw(request.t("Baik, dihentikan.")) if stopped else stale(request)


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
        return Reply(standing_screen(request, standing, notice=how_to_answer(request, standing.item, given)))
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
