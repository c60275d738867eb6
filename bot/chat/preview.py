"""The chat's own screens of a question or lesson that nobody was asked yet, for who writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlmodel import Session

from bot.chat import labels
from bot.chat.handlers import lessons, question, result
from bot.chat.incoming import Incoming, Tap
from bot.chat.request import House, Request
from bot.chat.screen import Screen
from bot.core.answer import (
    Answer,
    AnswerDoesNotFit,
    Chosen,
    Ordered,
    Replied,
    Ticked,
    Typed,
    Unknown,
    best_answer,
    check_fits,
)
from bot.core.attempt import Attempt, AttemptId, AttemptStatus
from bot.core.item import COACH_DIMENSIONS, Item
from bot.core.person import Context, Person, PersonId, Role
from bot.core.release import Level, Module, Release
from bot.core.selection import Course
from bot.store.lessons import Lesson
from bot.texts.jail import jail
from bot.texts.lesson import LessonRefused
from bot.usecases.learning import OpenLesson
from bot.usecases.library import Library
from bot.usecases.taking import Standing

NOBODY = PersonId(0)
A_DAY = datetime(2026, 11, 24, tzinfo=UTC)
"""No screen of a preview shows a day of its own, so that it is the same today and tomorrow."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One screen as the chat draws it; `name` says in Indonesian which, for who edits. A picture is sent above it."""

    name: str
    screen: Screen
    picture_svg: str | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a lesson is drawn: what was told about the business, a level, and answers not right yet."""

    first_name: str = "Bu Sari"
    role: Role = Role.OWNER
    context: Context = field(default_factory=Context)
    level: Level | None = None
    misses: Sequence[Mapping[str, str]] = ()


def item_preview(item: Item, language: str, *, release: Release) -> list[Preview]:
    """Return every screen that a question leads to: asked, half answered, and explained after each kind of answer.

    The item need not be sound; what cannot be drawn is left out. `release` lends the form and the hard words.
    """
    role = Role.COACH if item.is_for_coaches else Role.OWNER
    others = tuple(habit for habit in release.under(role).habits if habit.code != item.code)
    around = replace(release.under(role), items=(item, *others))
    request = _request(language)
    asked = [_asked(request, item, around, name, draft) for name, draft in _drafts(item)]
    if item.drawing is not None:
        caption = question.picture_caption(request, item.drawing, question.picture_label(request, 1))
        asked[0] = replace(asked[0], picture_svg=item.drawing.svg, caption=caption)
    if item.is_habit:
        return asked
    return [*asked, *(_explained(request, item, name, given) for name, given in _answers(item) if _fits(item, given))]


def _request(language: str, person: Person | None = None) -> Request:
    """Return a request from nobody; its session is bound to nothing, so that a screen that asks for more is found."""
    return Request(
        session=Session(),
        incoming=Incoming(0, "", language, Tap(0, "")),
        person=person,
        language=language,
        library=Library(),
        now=A_DAY,
        new_seed=lambda: 0,
        house=House("", "", frozenset()),
    )


def _asked(request: Request, item: Item, release: Release, name: str, draft: question.Draft | None) -> Preview:
    attempt = Attempt(
        id=AttemptId(0),
        person_id=NOBODY,
        release_id=release.id,
        status=AttemptStatus.ACTIVE,
        started_at=A_DAY,
        current_item=item.code,
        course=Course(seed=0, today=A_DAY.date()),
    )
    standing = Standing(attempt, release, item, None)
    return Preview(name, question.question_screen(request, standing, item, draft=draft))


def _drafts(item: Item) -> Iterator[tuple[str, question.Draft | None]]:
    """Name the screens before the answer is finished."""
    yield "Pertanyaan", None
    best = None if item.is_habit else best_answer(item)
    match best:
        case Ticked(mask) if mask and item.options:
            yield "Sesudah mencentang", best
        case Ordered(sequence) if len(sequence) > 1:
            yield "Sesudah langkah pertama", Ordered(sequence[:1])
            yield "Sesudah semua langkah", best
        case Replied(picks):
            for count in range(1, len(picks)):
                yield f"Giliran {count + 1}", Replied(picks[:count])


def _explained(request: Request, item: Item, name: str, given: Answer) -> Preview:
    screen = result.explanation(request, item, given, attempt=0, index=0, total=1)
    return Preview(f"Pembahasan: {name}", screen)


def _fits(item: Item, given: Answer) -> bool:
    try:
        check_fits(item, given)
    except AnswerDoesNotFit:
        return False
    return True


def _answers(item: Item) -> Iterator[tuple[str, Answer]]:
    """Name answers that together lead to every feedback of a scored item."""
    best = best_answer(item)
    match best:
        case Chosen():
            for index, _ in enumerate(item.options):
                yield f"menjawab {labels.LETTERS[index]}", Chosen(index)
        case Typed(value):
            assert item.numeric is not None
            yield "jawaban tepat", best
            yield "jawaban lain", Typed(item.numeric.high + max(1, abs(value) // 10))
        case Ordered(sequence):
            yield "urutan tepat", best
            yield "urutan terbalik", Ordered(sequence[::-1])
        case Ticked(mask):
            yield "semua tepat", best
            for index, _ in enumerate(item.options):
                yield f"beda di {labels.LETTERS[index]}", Ticked(mask ^ 1 << index)
        case Replied(picks):
            yield "semua balasan terbaik", best
            for at, turn in enumerate(item.turns):
                for index, _ in enumerate(turn.options):
                    if index != picks[at]:
                        other = Replied((*picks[:at], index, *picks[at + 1 :]))
                        yield f"giliran {at + 1}, balasan {labels.LETTERS[index]}", other
    yield "belum tahu", Unknown()


def card_preview(module: Module, language: str, *, release: Release, reader: Reader) -> list[Preview]:
    """Return every card of a lesson as this reader sees it, and the act; a card that cannot be rendered says why."""
    is_coach = module.dimension in COACH_DIMENSIONS or reader.role is Role.COACH
    person = Person(NOBODY, 0, reader.first_name, Role.COACH if is_coach else Role.OWNER, reader.context)
    request = _request(language, person)
    values = lessons.card_values(person, reader.level, [dict(miss) for miss in reader.misses])
    named = replace(module, code="M-pratinjau")
    shown = []
    for index, card in enumerate(module.cards_in(language)):
        screen = lessons.card_screen(request, named, index, _card(card, values), release.glossary)
        shown.append(Preview(f"Kartu {index + 1}", screen))
    opened = OpenLesson(named, Lesson(named.code, release.id, A_DAY, None), None, ())
    return [*shown, Preview("Langkah nyata", lessons.act_screen(request, opened))]


def _card(source: str, values: dict[str, object]) -> str:
    try:
        return jail().show(source, values)
    except LessonRefused:
        return "<i>Kartu ini belum bisa ditampilkan. Perbaiki dulu yang ditandai.</i>"
