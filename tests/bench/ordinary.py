"""Contestant b: a quiz bot as most are written: ConversationHandler, user_data, one INSERT and commit an answer."""

from __future__ import annotations

import html
import json
import sqlite3
import warnings
from pathlib import Path

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
)
from telegram.warnings import PTBUserWarning

from bot.content.load import load
from bot.core.item import Format
from bot.wiring import CONTENT
from tests.bench.taps import FIRST_PERSON, TOKEN, command, tap

ASKING = 0
TOTAL = 30
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
TABLE = "CREATE TABLE answer (person INTEGER, number INTEGER, choice INTEGER, score INTEGER, at TEXT)"
INSERT = "INSERT INTO answer VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)"
Question = tuple[str, tuple[tuple[str, int], ...]]


def read_questions(content: Path) -> list[Question]:
    """Return stems with options and their points, of the same content that this bot asks."""
    entries = [item for item in load(content).items if item.format in (Format.CHOICE, Format.SITUATION)]
    return [(e.stem, tuple((o.text, o.score) for o in e.options)) for e in entries[:TOTAL]]


def question_text(number: int, question: Question) -> str:
    stem, options = question
    lines = [f"<b>{letter}.</b> {html.escape(text)}" for letter, (text, _) in zip("ABCDEFGH", options, strict=False)]
    return f"Pertanyaan {number + 1} dari {TOTAL}\n\n<b>{html.escape(stem)}</b>\n\n" + "\n".join(lines)


def question_keyboard(question: Question) -> InlineKeyboardMarkup:
    letters = [
        InlineKeyboardButton(letter, callback_data=str(i))
        for i, (letter, _) in enumerate(zip("ABCDEFGH", question[1], strict=False))
    ]
    others = [InlineKeyboardButton("Belum tahu", callback_data="9"), InlineKeyboardButton("Jeda", callback_data="stop")]
    return InlineKeyboardMarkup([letters, others])


class Ordinary:
    """The bot, fed through Application.process_update."""

    stored_per_tap = 1

    def __init__(self, sink: str, directory: Path, people: int) -> None:
        warnings.filterwarnings("ignore", category=PTBUserWarning)
        self._people = range(FIRST_PERSON, FIRST_PERSON + people)
        self._questions = read_questions(CONTENT)
        self._database = sqlite3.connect(directory / "ordinary.db")
        for pragma in PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(TABLE)
        self._application = Application.builder().token(TOKEN).base_url(f"{sink}/bot").job_queue(None).build()
        conversation = ConversationHandler(
            entry_points=[CommandHandler("start", self._start)],
            states={ASKING: [CallbackQueryHandler(self._answer, pattern=r"^\d$")]},
            fallbacks=[CallbackQueryHandler(self._stop, pattern="^stop$")],
        )
        self._application.add_handler(conversation)

    async def open(self) -> None:
        await self._application.initialize()
        for person in self._people:
            await self.tap(command(person, "/start"))

    async def _start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        assert update.message is not None and context.user_data is not None
        context.user_data.update(number=0, score=0)
        question = self._questions[0]
        await update.message.reply_text(
            question_text(0, question), parse_mode="HTML", reply_markup=question_keyboard(question)
        )
        return ASKING

    async def _answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        query = update.callback_query
        assert query is not None and query.data is not None and context.user_data is not None
        await query.answer("Jawaban tersimpan")
        number, choice = context.user_data["number"], int(query.data)
        options = self._questions[number][1]
        score = options[choice][1] if choice < len(options) else 0
        with self._database:
            self._database.execute(INSERT, (query.from_user.id, number, choice, score))
        number = (number + 1) % len(self._questions)
        context.user_data.update(number=number, score=context.user_data["score"] + score)
        question = self._questions[number]
        await query.edit_message_text(
            question_text(number, question), parse_mode="HTML", reply_markup=question_keyboard(question)
        )
        return ASKING

    async def _stop(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        return ConversationHandler.END

    def deal(self) -> list[bytes]:
        return [tap(person, str(person % 4)) for person in self._people]

    async def tap(self, body: bytes) -> None:
        await self._application.process_update(Update.de_json(json.loads(body), self._application.bot))

    def stored(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM answer").fetchone()[0])
