"""Contestant c: the floor. It reads the update, answers the tap and edits the message; no database, no thought."""

from __future__ import annotations

import json
from pathlib import Path

from telegram import Bot, Update

from bot.wiring import CONTENT
from tests.bench.ordinary import question_keyboard, question_text, read_questions
from tests.bench.taps import FIRST_PERSON, TOKEN, tap


class Echo:
    """Says one question again and again, with the library as it comes and the others' message size."""

    stored_per_tap = 0

    def __init__(self, sink: str, directory: Path, people: int) -> None:
        self._people = range(FIRST_PERSON, FIRST_PERSON + people)
        question = read_questions(CONTENT)[0]
        self._text, self._keyboard = question_text(0, question), question_keyboard(question)
        self._bot = Bot(TOKEN, base_url=f"{sink}/bot")

    async def open(self) -> None:
        await self._bot.initialize()

    def deal(self) -> list[bytes]:
        return [tap(person, "0") for person in self._people]

    async def tap(self, body: bytes) -> None:
        update = Update.de_json(json.loads(body), self._bot)
        query = update.callback_query
        assert query is not None
        await query.answer("Jawaban tersimpan")
        await query.edit_message_text(self._text, parse_mode="HTML", reply_markup=self._keyboard)

    def stored(self) -> int:
        return 0
