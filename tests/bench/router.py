"""Contestant d: the same quiz as most are written with aiogram: a router, states in memory, one INSERT and commit an
answer.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.utils.keyboard import InlineKeyboardBuilder

from bot.wiring import CONTENT
from tests.bench.ordinary import INSERT, PRAGMAS, TABLE, Question, question_text, read_questions
from tests.bench.taps import FIRST_PERSON, TOKEN, command, tap


class Quiz(StatesGroup):
    asking = State()


def question_keyboard(question: Question) -> InlineKeyboardMarkup:
    builder = InlineKeyboardBuilder()
    letters = [
        InlineKeyboardButton(text=letter, callback_data=str(i))
        for i, (letter, _) in enumerate(zip("ABCDEFGH", question[1], strict=False))
    ]
    builder.row(*letters, width=8)
    builder.row(
        InlineKeyboardButton(text="Belum tahu", callback_data="9"),
        InlineKeyboardButton(text="Jeda", callback_data="stop"),
    )
    return builder.as_markup()


class Routed:
    """The bot, fed through Dispatcher.feed_raw_update."""

    stored_per_tap = 1

    def __init__(self, sink: str, directory: Path, people: int) -> None:
        self._people = range(FIRST_PERSON, FIRST_PERSON + people)
        self._questions = read_questions(CONTENT)
        self._database = sqlite3.connect(directory / "routed.db")
        for pragma in PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(TABLE)
        session = AiohttpSession(api=TelegramAPIServer.from_base(sink))
        self._bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
        router = Router()
        router.message.register(self._start, CommandStart())
        router.callback_query.register(self._answer, Quiz.asking, F.data.regexp(r"^\d$"))
        router.callback_query.register(self._stop, F.data == "stop")
        self._dispatcher = Dispatcher()
        self._dispatcher.include_router(router)

    async def open(self) -> None:
        for person in self._people:
            await self.tap(command(person, "/start"))

    async def _start(self, message: Message, state: FSMContext) -> None:
        await state.set_state(Quiz.asking)
        await state.update_data(number=0, score=0)
        question = self._questions[0]
        await message.answer(question_text(0, question), reply_markup=question_keyboard(question))

    async def _answer(self, query: CallbackQuery, state: FSMContext) -> None:
        assert query.data is not None and isinstance(query.message, Message)
        await query.answer("Jawaban tersimpan")
        kept = await state.get_data()
        number, choice = kept["number"], int(query.data)
        options = self._questions[number][1]
        score = options[choice][1] if choice < len(options) else 0
        with self._database:
            self._database.execute(INSERT, (query.from_user.id, number, choice, score))
        number = (number + 1) % len(self._questions)
        await state.update_data(number=number, score=kept["score"] + score)
        question = self._questions[number]
        await query.message.edit_text(question_text(number, question), reply_markup=question_keyboard(question))

    async def _stop(self, query: CallbackQuery, state: FSMContext) -> None:
        await state.clear()

    def deal(self) -> list[bytes]:
        return [tap(person, str(person % 4)) for person in self._people]

    async def tap(self, body: bytes) -> None:
        await self._dispatcher.feed_raw_update(self._bot, json.loads(body))

    def stored(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM answer").fetchone()[0])
