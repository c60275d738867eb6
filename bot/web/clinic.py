"""The clinic of questions: a list of what looks wrong, one question with who chose what, and putting it aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.answer import ONE_CHOICE, Chosen, Unknown, best_answer, decode, encode, score
from bot.core.clinic import FEWEST, Act, Checkup
from bot.core.item import Item
from bot.texts.answers import shown_answer
from bot.texts.catalogue import SOURCE_LANGUAGE
from bot.usecases import clinic
from bot.usecases.clinic import REASON_LIMIT, Bed, Figures, Outcome, Preview, Ward
from bot.web import choice_chart, clinic_words, labels
from bot.web.page import Answer, Visit
from bot.web.pager import page_number, pager

ROWS = 20
ANSWERS = 8
"""Answers of a question without options that are listed by themselves."""
LETTERS = "ABCDEFGH"
FILTERS = {"perlu": "Yang perlu dilihat", "semua": "Semua butir", "sisih": "Yang disisihkan"}


def listing(visit: Visit) -> Answer:
    """List the questions, those that want a look first."""
    found = clinic.ward(
        visit.session,
        viewer=visit.viewer,
        library=visit.library,
        reckoner=visit.site.reckoner,
        url=visit.site.database.url,
        now=visit.now,
    )
    shown = visit.choice("tampil", tuple(FILTERS))
    dimension = visit.query.get("bidang", "")
    rows = [row for row in _rows(found) if _is_shown(row, shown) and dimension in ("", row.item.dimension)]
    turned = pager(len(rows), per_page=ROWS, page=page_number(visit.query.get("halaman", "")))
    return visit.page(
        "clinic.html.j2",
        title="Klinik pertanyaan",
        rows=rows[turned.first : turned.end],
        pager=turned,
        filters=FILTERS,
        shown=shown,
        dimension=dimension,
        dimensions=_dimensions(found),
        wanted=sum(row.wants_a_look for row in _rows(found)),
        **_around(found.figures, visit),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One question in the list."""

    item: Item
    checkup: Checkup | None

    @property
    def wants_a_look(self) -> bool:
        return self.checkup is not None and bool(self.checkup.flags) and not self.item.neutral


def _rows(found: Ward) -> list[Row]:
    known = found.figures.checkups
    rows = [Row(item, known.get(item.code)) for item in found.items]
    return sorted(rows, key=lambda row: (not row.wants_a_look, _urgency(row), row.item.code))


def _urgency(row: Row) -> int:
    return row.checkup.urgency if row.checkup else len(Act)


def _is_shown(row: Row, shown: str) -> bool:
    return shown == "semua" or (row.item.neutral if shown == "sisih" else row.wants_a_look)


def _dimensions(found: Ward) -> list[tuple[str, str]]:
    """Return the dimensions by code, and the name of each in the form whose own it is."""
    names: dict[str, str] = {}
    for form in found.release.forms.values():
        for plan in form.form.dimensions:
            names.setdefault(plan.dimension.value, plan.name)
    return sorted(names.items(), key=lambda pair: (pair[0][0] != "O", pair[0]))


def _around(found: Figures, visit: Visit) -> dict[str, Any]:
    """Return what both pages say of the figures themselves."""
    return {
        "running": found.running,
        "broke": found.broke,
        "is_known": found.at is not None,
        "sittings": found.sittings,
        "clock": labels.clock_of(found.at, visit.viewer.person) if found.at else "",
        "fewest": FEWEST,
        "decimal": clinic_words.decimal,
        "do": clinic_words.DO,
        "refresh": _refresh(visit),
    }


def _refresh(visit: Visit) -> str:
    """Return the address of the same page, asked for again."""
    return f"{visit.path}?{visit.query}" if visit.query else visit.path


def item(visit: Visit) -> Answer:
    """Show one question: its figures, who chose what, and what was decided of it."""
    found = _bed(visit)
    return visit.page(
        "clinic_item.html.j2",
        title=f"Klinik pertanyaan {found.item.code}",
        item=found.item,
        name=_name(found),
        checkup=found.checkup,
        answers=list(_answers(found)) if found.checkup and found.checkup.is_told else [],
        chart=_chart(found),
        groups=clinic_words.GROUPS,
        why=clinic_words.WHY,
        separates=clinic_words.separates,
        fits=clinic_words.fits,
        decisions=[(d, labels.short_day(d.decided_at, visit.viewer.person)) for d in found.decisions],
        waiting=found.waiting,
        done=visit.choice("selesai", ("", "sisih", "pakai")),
        **_around(found.figures, visit),
    )


def _bed(visit: Visit) -> Bed:
    return clinic.bed(
        visit.session,
        viewer=visit.viewer,
        code=str(visit.arguments["code"]),
        library=visit.library,
        reckoner=visit.site.reckoner,
        url=visit.site.database.url,
        now=visit.now,
    )


def _name(found: Bed) -> str:
    return next(
        plan.name
        for form in found.release.forms.values()
        for plan in form.form.dimensions
        if plan.dimension is found.item.dimension
    )


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to a question: its words, what it is worth, who gave it."""

    mark: str
    words: str
    points: int
    is_best: bool
    count: int
    percent: int
    ability: int | None


def _answers(found: Bed) -> Iterator[Given]:
    """Return the answers, the options in their order and "Belum tahu" last, or else those given most often."""
    assert found.checkup is not None
    chosen = found.checkup.chosen
    if found.item.format in ONE_CHOICE:
        wanted = [*(f"c{index}" for index in range(len(found.item.options))), "u"]
    else:
        wanted = sorted(chosen, key=lambda answer: -chosen[answer].count)[:ANSWERS]
    for answer in wanted:
        yield _given(found.item, found.checkup, answer)
    rest = found.checkup.answers - sum(chosen[answer].count for answer in wanted if answer in chosen)
    if rest:
        yield Given("", "Jawaban lain", 0, False, rest, round(100 * rest / found.checkup.answers), None)


def _given(item: Item, checkup: Checkup, answer: str) -> Given:
    decoded = decode(answer)
    choosers = checkup.chosen.get(answer)
    count = choosers.count if choosers else 0
    return Given(
        mark=_mark(answer),
        words=shown_answer(item, decoded, SOURCE_LANGUAGE),
        points=score(item, decoded),
        is_best=answer == encode(best_answer(item)),
        count=count,
        percent=round(100 * count / checkup.answers),
        ability=round(choosers.ability) if choosers else None,
    )


def _mark(answer: str) -> str:
    """Return the letter of an option, "?" for who did not know, nothing for other answers."""
    decoded = decode(answer)
    if isinstance(decoded, Chosen):
        return LETTERS[decoded.index]
    return "?" if isinstance(decoded, Unknown) else ""


def _chart(found: Bed) -> Sequence[choice_chart.Line]:
    """Return the lines of a question that is answered by choosing one option, once enough have."""
    if found.checkup is None or not found.checkup.groups or found.item.format not in ONE_CHOICE:
        return ()
    best = encode(best_answer(found.item))
    answers = [*(f"c{index}" for index in range(len(found.item.options))), "u"]
    given = [answer for answer in answers if answer in found.checkup.chosen or answer == best]
    marks = [(answer, _mark(answer), answer == best) for answer in given]
    return choice_chart.lines(found.checkup.groups, marks)


def confirm(visit: Visit) -> Answer:
    """Show whose level a decision would change, before it is taken."""
    return _confirm(visit, reason="", trouble=None)


def _confirm(visit: Visit, *, reason: str, trouble: Outcome | None) -> Answer:
    found = _bed(visit)
    is_neutral = not found.item.neutral
    effect = clinic.preview(
        visit.session,
        viewer=visit.viewer,
        code=found.item.code,
        is_neutral=is_neutral,
        library=visit.library,
        reckoner=visit.site.reckoner,
        url=visit.site.database.url,
        now=visit.now,
    )
    return visit.page(
        "clinic_decide.html.j2",
        title="Sisihkan butir" if is_neutral else "Pakai lagi butir",
        status=422 if trouble else 200,
        item=found.item,
        is_neutral=is_neutral,
        effect=effect.effect,
        moved=_moved(effect),
        running=effect.running,
        broke=effect.broke,
        refresh=visit.path,
        reason=reason,
        limit=REASON_LIMIT,
        trouble=trouble,
    )


def _moved(found: Preview) -> list[tuple[str, str, int]]:
    if found.effect is None:
        return []
    return sorted(((a, b, count) for (a, b), count in found.effect.moved.items()), key=lambda row: -row[2])


def decide(visit: Visit) -> Answer:
    """Put a question aside or let it count again; a form that is not whole comes back as it was typed."""
    code, form = str(visit.arguments["code"]), visit.form
    is_neutral = form.text("untuk") != "pakai"
    outcome = clinic.decide(
        visit.session,
        viewer=visit.viewer,
        code=code,
        fingerprint=form.text("sidik"),
        is_neutral=is_neutral,
        reason=form.text("alasan"),
        library=visit.library,
        now=visit.now,
    )
    match outcome:
        case Outcome.DECIDED:
            return visit.moved(f"/isi/klinik/{code}?selesai={'sisih' if is_neutral else 'pakai'}")
        case Outcome.ALREADY_SO:
            return visit.moved(f"/isi/klinik/{code}")
        case _:
            return _confirm(visit, reason=form.text("alasan"), trouble=outcome)
