"""Draws what a sitting waits for: a question with the answer so far, or how sure the answer was."""

from __future__ import annotations

from dataclasses import replace

from bot.chat import labels
from bot.chat.callback_data import StaleButton, pack
from bot.chat.request import Request
from bot.chat.screen import Button, Picture, Row, Screen, SharedPicture, Style
from bot.core.answer import AnswerDoesNotFit, Ordered, Replied, Ticked, Unknown, decode, encode
from bot.core.attempt import Confidence, Response, progress
from bot.core.glossary import Word
from bot.core.item import Drawing, Format, Item, Option
from bot.texts.answers import answer_lines, unit_name
from bot.texts.catalogue import SOURCE_LANGUAGE
from bot.texts.numbers import NumberTrouble
from bot.texts.picture import digest, png
from bot.usecases import pictures
from bot.usecases.taking import Standing

Draft = Ticked | Replied | Ordered
"""An answer that takes several taps, as far as it has come."""

_EMPTY: dict[Format, Draft] = {
    Format.MULTIPLE: Ticked(0),
    Format.CONVERSATION: Replied(()),
    Format.ORDER: Ordered(()),
}


def read_draft(item: Item, text: str) -> Draft:
    """Read an unfinished answer (t5, p0, o20; t0, p and o are empty); refuse with StaleButton what does not fit."""
    empty = _EMPTY.get(item.format)
    try:
        draft = empty if empty is not None and text == encode(empty) else decode(text)
    except AnswerDoesNotFit as error:
        raise StaleButton(text) from error
    match draft:
        case Ticked(mask) if item.format is Format.MULTIPLE and mask < 1 << len(item.options):
            return draft
        case Replied(picks) if item.format is Format.CONVERSATION and len(picks) < len(item.turns):
            if all(pick < len(turn.options) for pick, turn in zip(picks, item.turns, strict=False)):
                return draft
        case Ordered(sequence) if item.format is Format.ORDER and len(set(sequence)) == len(sequence):
            if all(index < len(item.options) for index in sequence):
                return _filled(draft, item)
    raise StaleButton(text)


def _filled(draft: Ordered, item: Item) -> Ordered:
    """Let the last option fall into the last place by itself."""
    left = [index for index in range(len(item.options)) if index not in draft.sequence]
    return Ordered((*draft.sequence, *left)) if len(left) == 1 else draft


def standing_screen(request: Request, standing: Standing, *, notice: str = "", draft: Draft | None = None) -> Screen:
    """Draw where a sitting stands: the certainty still to be said, else the question that waits.

    A notice speaks about the question on screen, so that its picture is not sent again.
    """
    if standing.awaiting is not None:
        return _confidence_screen(request, standing, standing.awaiting, notice)
    assert standing.item is not None
    screen = question_screen(request, standing, standing.item, notice=notice, draft=draft)
    if notice:
        return screen
    here = progress(standing.attempt, standing.release, slot=standing.attempt.slot)
    return replace(screen, picture=picture_of(request, standing.item, picture_label(request, here.position)))


def question_screen(
    request: Request, standing: Standing, item: Item, *, notice: str = "", draft: Draft | None = None
) -> Screen:
    """Draw a question from what is handed in alone, without its picture."""
    attempt_id, slot = standing.attempt.id, standing.attempt.slot
    here = progress(standing.attempt, standing.release, slot=slot)
    draft = draft or _EMPTY.get(item.format)
    picks = draft.picks if isinstance(draft, Replied) else ()
    sequence = draft.sequence if isinstance(draft, Ordered) else ()
    text = request.show(
        "question",
        notice=notice,
        progress=here,
        item=item,
        said=[(turn.customer, turn.options[pick].text) for turn, pick in zip(item.turns, picks, strict=False)],
        customer=item.turns[len(picks)].customer if item.turns else "",
        options=list(zip(labels.LETTERS, _choices(item, draft), strict=False)),
        ordered=[(labels.LETTERS[index], item.options[index].text) for index in sequence],
        unit=unit_name(item.numeric.unit, request.language) if item.numeric else "",
    )
    rows = _answer_rows(request, standing, item, draft)
    pause = Button(request.t("Jeda"), pack("ps"))
    if item.is_habit:
        return Screen(text, (*rows, (pause,)))
    unknown = Button(request.t("Belum tahu"), pack("an", attempt_id, slot, encode(Unknown())))
    confusing = Button(request.t("Kurang jelas"), pack("mb", attempt_id, slot))
    explain = words_button(request, standing.release.hard_words[item.code], pack("gl"))
    return Screen(text, (*rows, (unknown, pause), (*explain, confusing)))


def words_button(request: Request, words: tuple[Word, ...], data: str) -> Row:
    """Offer to explain hard words; they are looked for in the Indonesian text, so only to who reads that."""
    if not words or request.language != SOURCE_LANGUAGE:
        return ()
    return (Button(request.t("Apa artinya?"), data),)


def _choices(item: Item, draft: Draft | None) -> tuple[Option, ...]:
    """Return the options to choose from now."""
    return item.turns[len(draft.picks)].options if isinstance(draft, Replied) else item.options


def _answer_rows(request: Request, standing: Standing, item: Item, draft: Draft | None) -> tuple[Row, ...]:
    place = standing.attempt.id, standing.attempt.slot
    letters = labels.LETTERS[: len(_choices(item, draft))]
    match draft:
        case Ticked(mask):
            boxes = tuple(
                Button(("☑ " if mask >> i & 1 else "☐ ") + letter, pack("tk", *place, encode(Ticked(mask ^ 1 << i))))
                for i, letter in enumerate(letters)
            )
            return boxes, (
                Button(request.t("Selesai"), pack("an" if mask else "tk", *place, encode(draft)), _go(mask)),
            )
        case Ordered(sequence):
            left = tuple(
                Button(letter, pack("tk", *place, encode(Ordered((*sequence, i)))))
                for i, letter in enumerate(letters)
                if i not in sequence
            )
            done = Button(request.t("Selesai"), pack("an", *place, encode(draft)), Style.GO)
            again = Button(request.t("Ulangi"), pack("tk", *place, encode(Ordered(()))))
            return left, *(() if not sequence else ((again,) if left else (done, again),))
        case Replied(picks):
            verb = "an" if len(picks) == len(item.turns) - 1 else "tk"
            replies = tuple(
                Button(letter, pack(verb, *place, encode(Replied((*picks, i))))) for i, letter in enumerate(letters)
            )
            afresh = Button(request.t("‹ Ulangi dari awal"), pack("tk", *place, encode(Replied(()))))
            return (replies, (afresh,)) if picks else (replies,)
        case None:
            options = tuple(Button(letter, pack("an", *place, f"c{i}")) for i, letter in enumerate(letters))
            see = (Button(request.t("Lihat gambar"), pack("gb", *place)),) if item.drawing else ()
            return tuple(row for row in (options, see) if row)


def _go(is_ready: int) -> Style:
    return Style.GO if is_ready else Style.PLAIN


def picture_label(request: Request, position: int) -> str:
    return request.t("Gambar untuk pertanyaan {position}:", position=position)


def picture_caption(request: Request, drawing: Drawing, label: str) -> str:
    """Say what a picture belongs to and what it shows."""
    return f"{label}\n{request.content(drawing.alternative)}"


def picture_of(request: Request, item: Item, label: str) -> Picture | None:
    """Return the picture of an item with what it shows in words; None for an item without one."""
    if item.drawing is None:
        return None
    svg = item.drawing.svg
    key = SharedPicture(digest(svg))
    return Picture(
        caption=picture_caption(request, item.drawing, label),
        key=key,
        draw=lambda: png(svg),
        file_id=pictures.file(request.session, bot_id=request.incoming.bot_id, digest=key.digest),
        caption_suffices=True,
    )


def _confidence_screen(request: Request, standing: Standing, response: Response, notice: str) -> Screen:
    item = standing.release.item_by_code[response.item_code]
    text = request.show(
        "confidence",
        notice=notice,
        progress=progress(standing.attempt, standing.release, slot=response.slot),
        answer="\n".join(answer_lines(item, response.answer, request.language)),
    )
    rows = tuple(
        (Button(labels.confidence(request, c), pack("cf", standing.attempt.id, response.slot, c)),) for c in Confidence
    )
    return Screen(text, (*rows, (Button(request.t("Jeda"), pack("ps")),)))


def how_to_answer(request: Request, item: Item, trouble: NumberTrouble | None) -> str:
    """Tell how to answer, after a text that could not be read as an answer to this item."""
    match trouble:
        case NumberTrouble.WORDS:
            return request.t("Tolong ketik dengan angka, misalnya 14000 atau 14rb.")
        case NumberTrouble.TOO_LARGE:
            return request.t("Angka itu terlalu besar. Coba periksa lagi.")
        case NumberTrouble.UNCLEAR:
            return request.t("Kami belum bisa membaca angkanya. Ketik angka saja, misalnya 14000 atau 14rb.")
        case None:
            return _how_to_choose(request, item)


def _how_to_choose(request: Request, item: Item) -> str:
    match item.format:
        case Format.CONVERSATION:
            example = " ".join("BAC"[: len(item.turns)])
            return request.t(
                "Tekan tombol hurufnya untuk tiap balasan. Atau ketik {count} huruf sekaligus, misalnya {example}.",
                count=len(item.turns),
                example=example,
            )
        case Format.ORDER:
            example = " ".join(labels.LETTERS[: len(item.options)])  # steps are shown mixed: this is never the answer
            return request.t(
                "Tekan hurufnya satu per satu. Atau ketik semua huruf menurut urutannya, misalnya {example}.",
                example=example,
            )
        case _:
            last = labels.LETTERS[len(item.options) - 1]
            return request.t("Tekan salah satu tombol, atau ketik hurufnya: A sampai {last}.", last=last)
