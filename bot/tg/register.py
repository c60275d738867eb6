"""Tells Telegram the bot's commands and descriptions per language, once for each change."""

from __future__ import annotations

import hashlib
import json

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats

from bot.chat.routes import COMMANDS
from bot.texts.catalogue import LANGUAGES, SOURCE_LANGUAGE, translate


def t(message: str) -> str:
    """Mark a text for translation; it is translated where it is used."""
    return message


DESCRIPTION = t(
    "Lihat kekuatan digital usaha Anda dalam 15 menit, lalu dapatkan pelajaran pendek yang pas. "
    "Gratis, bisa dijeda kapan saja."
)
SHORT_DESCRIPTION = t("Asesmen dan pelajaran digital untuk usaha kecil.")


def commands(language: str) -> list[BotCommand]:
    """Return the menu's lines in one language."""
    return [BotCommand(command.name, translate(command.menu, language)) for command in COMMANDS if command.menu]


def digest() -> str:
    """Return a digest of all that would be told."""
    told = [[c.to_dict() for c in commands(language)] for language in LANGUAGES]
    texts = [translate(text, language) for text in (DESCRIPTION, SHORT_DESCRIPTION) for language in LANGUAGES]
    return hashlib.sha256(json.dumps([told, texts]).encode()).hexdigest()[:16]


async def register(bot: Bot) -> None:
    """Set commands and descriptions; Indonesian is also what people with other languages see."""
    scope = BotCommandScopeAllPrivateChats()
    for language in LANGUAGES:
        code = None if language == SOURCE_LANGUAGE else language
        await bot.set_my_commands(commands(language), scope=scope, language_code=code)
        await bot.set_my_description(translate(DESCRIPTION, language), language_code=code)
        await bot.set_my_short_description(translate(SHORT_DESCRIPTION, language), language_code=code)
