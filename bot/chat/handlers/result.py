"""The result on one screen, and what lies behind it: every answer explained, a picture, a text to pass on."""

from __future__ import annotations

from bot.chat import chart
from bot.chat.callback_data import number, pack
from bot.chat.handlers.quiz import stale
from bot.chat.request import Request
from bot.chat.screen import Button, Picture, Reply, Row, Screen, Style, redraw
from bot.core.answer import feedback, score
from bot.core.attempt import AttemptId
from bot.texts.answers import right_answer, shown_answer
from bot.usecases import results
from bot.usecases.results import Result

BUTTON_TITLE_LIMIT = 40


def result_screen(request: Request, result: Result) -> Screen:
    attempt = result.attempt.id
    lessons: tuple[Row, ...] = tuple(
        (Button(_short(request.content(advice.module.title)), pack("mo", advice.module.code, 0), Style.GO),)
        for advice in result.plan.next
    )
    more = (
        (
            Button(request.t("Pembahasan"), pack("rv", attempt, 0)),
            Button(request.t("Gambar hasil"), pack("pc", attempt)),
        ),
        (Button(request.t("Ringkasan"), pack("sh", attempt)), Button(request.t("Semua pelajaran"), pack("md"))),
    )
    return Screen(request.show("result", **_values(request, result)), (*lessons, *more))


def _short(title: str) -> str:
    return title if len(title) <= BUTTON_TITLE_LIMIT else title[: BUTTON_TITLE_LIMIT - 1].rstrip() + "…"


def _values(request: Request, result: Result) -> dict[str, object]:
    profile, form = result.profile, result.release.form
    zones = [
        (band, [form.plan(d).short_name for d, call in profile.zones.items() if call.band == band])
        for band in reversed(result.release.zones)
    ]
    assert result.attempt.finished_at is not None
    return {
        "first_name": request.owner.first_name,
        "finished_on": result.attempt.finished_at.date(),
        "level": profile.level.level,
        "tenths": min(9, max(1, round(profile.level.probability * 10))),
        "zones": [(band, names) for band, names in zones if names],
        "strengths": [form.plan(d).short_name for d in profile.strengths],
        "advised": result.plan.next,
        "gate": profile.gate,
        "gate_missing": [form.plan(d).short_name for d in (*profile.gate.missing, *profile.gate.habit_contradicts)],
        "waiting": result.plan.waiting,
        "grown": result.grown if result.grown and result.grown.growth.is_certain else None,
    }


def show(request: Request) -> Reply:
    """Answer /hasil."""
    result = results.latest(request.session, owner=request.owner, library=request.library, today=request.today)
    if result is None:
        return redraw(request.t("Belum ada hasil. Selesaikan dulu asesmennya."))
    return Reply(result_screen(request, result))


def _of(request: Request, attempt: str) -> Result | None:
    return results.of_attempt(
        request.session,
        owner=request.owner,
        attempt_id=AttemptId(number(attempt)),
        library=request.library,
        today=request.today,
    )


def review(request: Request, attempt: str, page: str) -> Reply:
    """Explain one scored answer: what was chosen, what is best and why, and on what it rests."""
    result = _of(request, attempt)
    if result is None:
        return stale(request)
    answers = result.scored_answers
    index = min(number(page), len(answers) - 1)
    item, given = answers[index]
    points = score(item, given)
    text = request.show(
        "review",
        position=index + 1,
        total=len(answers),
        item=item,
        answer=shown_answer(item, given, request.language),
        best=right_answer(item, request.language),
        verdict="best" if points == item.max_score else "part" if points else "open",
        feedback=feedback(item, given),
    )
    around = []
    if index > 0:
        around.append(Button(request.t("‹ Sebelumnya"), pack("rv", attempt, index - 1)))
    if index < len(answers) - 1:
        around.append(Button(request.t("Berikutnya ›"), pack("rv", attempt, index + 1)))
    return Reply(Screen(text, (tuple(around), (Button(request.t("Kembali ke hasil"), pack("hs")),))))


def picture(request: Request, attempt: str) -> Reply:
    """Send the result as a picture: drawn once, then known to Telegram by its file id."""
    result = _of(request, attempt)
    if result is None:
        return stale(request)
    file_id = results.picture_file(request.session, result=result, language=request.language)
    image = Picture(
        caption=request.t("Gambar hasil asesmen Anda. Titik adalah perkiraan, garis adalah rentang yang mungkin."),
        attempt_id=result.attempt.id,
        language=request.language,
        file_id=file_id,
        draw=chart.of(request, result),
    )
    return Reply(_back(request, request.t("Gambarnya di atas ini.")), picture=image, fresh=True)


def share(request: Request, attempt: str) -> Reply:
    """Send a short text that can be passed on; it holds no answers and no number of the account."""
    result = _of(request, attempt)
    if result is None:
        return stale(request)
    text = request.show("share", **_values(request, result))
    above = request.t("Ringkasan di atas boleh Anda teruskan ke siapa saja.")
    return Reply(_back(request, above), before=(text,), fresh=True)


def _back(request: Request, text: str) -> Screen:
    return Screen(text, ((Button(request.t("Kembali ke hasil"), pack("hs"), Style.GO),),))
