"""The result on one screen, and what lies behind it: every answer explained, a picture, a text to pass on."""

from __future__ import annotations

from bot.chat import chart
from bot.chat.callback_data import number, pack
from bot.chat.handlers.lessons import lessons_row
from bot.chat.handlers.question import picture_of
from bot.chat.handlers.quiz import stale
from bot.chat.request import Request
from bot.chat.screen import Button, Picture, Reply, ResultPicture, Row, Screen, Style, correction
from bot.core.advice import Advice
from bot.core.answer import Answer, Replied, best_answer, score
from bot.core.attempt import AttemptId
from bot.core.item import Item
from bot.core.person import Role
from bot.core.profile import has_gate
from bot.texts.answers import answer_lines, best_lines, explained, unpraised
from bot.texts.catalogue import translate
from bot.usecases import results
from bot.usecases.results import Result

BUTTON_TITLE_LIMIT = 40


def result_screen(request: Request, result: Result) -> Screen:
    attempt = result.attempt.id
    settle = _settle_row(request, result)
    steps: tuple[Row, ...] = tuple((_step_button(request, result, advice),) for advice in result.plan.next)
    more = (
        (
            Button(request.t("Pembahasan"), pack("rv", attempt, 0)),
            Button(request.t("Gambar hasil"), pack("pc", attempt)),
        ),
        (Button(request.t("Ringkasan"), pack("sh", attempt)), Button(request.t("Semua pelajaran"), pack("md"))),
    )
    groups = ((Button(request.t("Kelompok saya"), pack("gr")),),) if request.owner.role is Role.COACH else ()
    offer = lessons_row(request) if any(advice.module for advice in result.plan.next) else ()
    return Screen(request.show("result", **_values(request, result)), (*steps, *settle, *offer, *more, *groups))


def _settle_row(request: Request, result: Result) -> tuple[Row, ...]:
    if result.attempt.is_active:
        return ((Button(request.t("Lanjutkan pertanyaan tambahan"), pack("cu"), Style.GO),),)
    if not result.may_confirm:
        return ()
    length = result.release.form.length
    label = request.t(
        "Pastikan hasil ({least}–{most} pertanyaan)", least=length.confirm_least, most=length.confirm_most
    )
    return ((Button(label, pack("cn", result.attempt.id)),),)


def _step_button(request: Request, result: Result, advice: Advice) -> Button:
    if advice.module is not None:
        return Button(_short(request.content(advice.module.title)), pack("mo", advice.module.code, 0), Style.GO)
    name = request.content(result.release.form.area(advice.dimension).short_name)
    return Button(request.t("Cek ulang: {name}", name=name), pack("ck", advice.dimension), Style.GO)


def _short(title: str) -> str:
    return title if len(title) <= BUTTON_TITLE_LIMIT else title[: BUTTON_TITLE_LIMIT - 1].rstrip() + "…"


def _values(request: Request, result: Result) -> dict[str, object]:
    profile, form = result.profile, result.release.form
    calls = [(area.short_name, profile.zones[area.dimension]) for area in form.areas]
    zones = [(band, [name for name, call in calls if call.band == band]) for band in reversed(result.release.zones)]
    assert result.attempt.finished_at is not None
    return {
        "first_name": request.owner.first_name,
        "finished_on": result.attempt.finished_at.date(),
        "level": profile.level.level,
        "tenths": min(9, max(1, round(profile.level.probability * 10))),
        "zones": [(band, names) for band, names in zones if names],
        "strengths": [form.area(d).short_name for d in profile.strengths],
        "advised": [(advice, form.area(advice.dimension).short_name) for advice in result.plan.next],
        "check_questions": form.length.check_questions,
        "certainty": profile.certainty,
        "may_confirm": result.may_confirm,
        "level_is_settled": profile.level.probability >= result.release.rules.level_probability,
        "retest_due": result.retest_due,
        "lifted": [name for name, call in calls if call.lifted],
        "gate": profile.gate if has_gate(form) else None,
        "gate_missing": [form.area(d).short_name for d in (*profile.gate.missing, *profile.gate.habit_contradicts)],
        "waiting": result.plan.waiting,
        "grown": result.grown if result.grown and result.grown.growth.is_certain else None,
    }


def show(request: Request) -> Reply:
    """Answer /hasil."""
    result = results.latest(request.session, owner=request.owner, library=request.library, now=request.now)
    if result is None:
        return correction(request.t("Belum ada hasil. Selesaikan dulu asesmennya."))
    return Reply(result_screen(request, result))


def _of(request: Request, attempt: str) -> Result | None:
    return results.of_attempt(
        request.session,
        owner=request.owner,
        attempt_id=AttemptId(number(attempt)),
        library=request.library,
        now=request.now,
    )


def review(request: Request, attempt: str, page: str) -> Reply:
    """Explain one scored answer: what was chosen, what is best and why, and on what it rests."""
    result = _of(request, attempt)
    return stale(request) if result is None else Reply(_review_screen(request, result, number(page)))


def review_picture(request: Request, attempt: str, page: str) -> Reply:
    """Send the picture that an explained question was about, and the explanation below it."""
    result = _of(request, attempt)
    if result is None:
        return stale(request)
    item, _ = _page(result, number(page))
    picture = picture_of(request, item, request.t("Gambar untuk pertanyaan ini:"))
    return Reply(_review_screen(request, result, number(page)), picture=picture, fresh=True)


def _page(result: Result, page: int) -> tuple[Item, Answer]:
    answers = result.scored_answers
    return answers[min(page, len(answers) - 1)]


def _review_screen(request: Request, result: Result, page: int) -> Screen:
    total = len(result.scored_answers)
    item, given = _page(result, page)
    return explanation(request, item, given, attempt=result.attempt.id, index=min(page, total - 1), total=total)


def explanation(request: Request, item: Item, given: Answer, *, attempt: int, index: int, total: int) -> Screen:
    """Draw the explanation of one answer from what is handed in alone; `index` counts an attempt's answers from 0."""
    points = score(item, given)
    text = request.show(
        "review",
        position=index + 1,
        total=total,
        item=item,
        chat=_chat(item, given, request.language),
        answer=answer_lines(item, given, request.language),
        best=best_lines(item, request.language),
        verdict="best" if points == item.max_score else "part" if points else "open",
        feedback="" if item.turns else explained(item, given, request.language),
    )
    around = []
    if index > 0:
        around.append(Button(request.t("‹ Sebelumnya"), pack("rv", attempt, index - 1)))
    if index < total - 1:
        around.append(Button(request.t("Berikutnya ›"), pack("rv", attempt, index + 1)))
    see = (Button(request.t("Lihat gambar"), pack("rg", attempt, index)),) if item.drawing else ()
    return Screen(text, (tuple(around), see, (Button(request.t("Kembali ke hasil"), pack("hs")),)))


def _chat(item: Item, given: Answer, language: str) -> list[tuple[str, str, str, str]]:
    """Return a conversation turn by turn: the customer's line, the reply given, the best one, and what is said of the
    one given, or why the best one is best where none was.
    """
    best = best_answer(item)
    if not isinstance(best, Replied):
        return []
    picks = given.picks if isinstance(given, Replied) else (None,) * len(item.turns)
    chosen = [None if pick is None else turn.options[pick] for turn, pick in zip(item.turns, picks, strict=True)]
    return [
        (
            turn.customer,
            said.text if said else "",
            turn.options[right].text,
            translate(said.feedback, language) if said else unpraised(turn.options[right].feedback, language),
        )
        for turn, said, right in zip(item.turns, chosen, best.picks, strict=True)
    ]


def picture(request: Request, attempt: str) -> Reply:
    """Send the result as a picture: drawn once, then known to Telegram by its file id."""
    result = _of(request, attempt)
    if result is None:
        return stale(request)
    file_id = results.picture_file(
        request.session, result=result, language=request.language, bot_id=request.incoming.bot_id
    )
    image = Picture(
        caption=request.t("Gambar hasil asesmen Anda. Titik adalah perkiraan, garis adalah rentang yang mungkin."),
        key=ResultPicture(result.attempt.id, request.language),
        draw=chart.of(request, result),
        file_id=file_id,
    )
    return Reply(_back(request, request.t("Gambarnya di atas ini.")), picture=image, fresh=True)


def share(request: Request, attempt: str) -> Reply:
    """Send a short text that can be passed on; it holds no answers and no number of the account."""
    result = _of(request, attempt)
    if result is None:
        return stale(request)
    learning = [request.content(advice.module.title) for advice in result.plan.next if advice.module]
    text = request.show("share", **_values(request, result), learning=learning)
    above = request.t("Ringkasan di atas boleh Anda teruskan ke siapa saja.")
    return Reply(_back(request, above), before=(text,), fresh=True)


def _back(request: Request, text: str) -> Screen:
    return Screen(text, ((Button(request.t("Kembali ke hasil"), pack("hs"), Style.GO),),))
