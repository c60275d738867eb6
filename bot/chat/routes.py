"""Every command and every button the bot knows, in one list each; what is not listed leads to the current screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.handlers import (
    context,
    current,
    lessons,
    more,
    orders,
    owed,
    practice,
    privacy,
    probes,
    quiz,
    result,
    settings,
    signing_in,
    welcome,
    words,
)
from bot.chat.request import Request
from bot.chat.screen import Reply, redraw
from bot.core.access import Audience


@dataclass(frozen=True, slots=True)
class Command:
    """A typed command; `menu` is its line in Telegram's menu (Indonesian source), empty where it is only another
    spelling.
    """

    name: str
    handler: Callable[[Request], Reply]
    audience: Audience
    menu: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """A button's verb with the number of its arguments."""

    name: str
    arguments: int
    handler: Callable[..., Reply]
    audience: Audience = Audience.SETTLED


def show_current(request: Request) -> Reply:
    """Draw the screen that counts now."""
    return redraw()


def t(message: str) -> str:
    """Mark a text for translation; it is translated where it is used."""
    return message


COMMANDS = (
    Command("start", current.start, Audience.ANYONE),
    Command("mulai", quiz.begin_again, Audience.SETTLED, t("Mulai asesmen")),
    Command("lanjut", show_current, Audience.ANYONE, t("Lanjutkan yang terakhir")),
    Command("hasil", result.show, Audience.SETTLED, t("Lihat hasil asesmen")),
    Command("modul", lessons.shelf, Audience.SETTLED, t("Pelajaran untuk usaha Anda")),
    Command("hitung", practice.menu, Audience.SETTLED, t("Kalkulator dan latihan")),
    Command("bantuan", current.help_page, Audience.ANYONE, t("Cara memakai")),
    Command("help", current.help_page, Audience.ANYONE),
    Command("batal", quiz.ask_stop, Audience.SETTLED, t("Hentikan asesmen yang berjalan")),
    Command("pengaturan", settings.show, Audience.SETTLED, t("Bahasa dan data usaha")),
    Command("settings", settings.show, Audience.SETTLED),
    Command("privasi", privacy.policy_command, Audience.ANYONE, t("Apa yang disimpan, siapa yang melihat")),
    Command("privacy", privacy.policy_command, Audience.ANYONE),
    Command("dasbor", signing_in.open_dashboard, Audience.STAFF),
    Command("data", privacy.export, Audience.JOINED, t("Unduh data Anda")),
    Command("hapus", privacy.ask_erase, Audience.JOINED, t("Hapus semua data Anda")),
)

VERBS = (
    Verb("ok", 3, welcome.accept, Audience.ANYONE),
    Verb("no", 0, welcome.decline, Audience.ANYONE),
    Verb("la", 1, welcome.language, Audience.ANYONE),
    Verb("ro", 1, welcome.role, Audience.JOINED),
    Verb("cx", 3, context.context),
    Verb("ch", 4, context.hours),
    Verb("cz", 2, context.zone),
    Verb("cu", 0, show_current, Audience.ANYONE),
    Verb("bn", 0, current.help_page, Audience.ANYONE),
    Verb("go", 0, quiz.begin),
    Verb("an", 3, quiz.answer),
    Verb("tk", 3, quiz.draft),
    Verb("gb", 2, quiz.see_picture),
    Verb("mb", 2, more.report),
    Verb("gl", 0, words.of_question),
    Verb("gm", 2, words.of_card),
    Verb("cn", 1, more.confirm),
    Verb("ck", 1, more.check),
    Verb("cl", 1, more.check_lesson),
    Verb("cf", 3, quiz.confidence),
    Verb("ps", 0, quiz.pause),
    Verb("bt", 0, quiz.ask_stop),
    Verb("st", 1, quiz.stop),
    Verb("hs", 0, result.show),
    Verb("rv", 2, result.review),
    Verb("rg", 2, result.review_picture),
    Verb("pc", 1, result.picture),
    Verb("sh", 1, result.share),
    Verb("md", 0, lessons.shelf),
    Verb("mt", 1, lessons.topic),
    Verb("mo", 2, lessons.card),
    Verb("ml", 1, lessons.mark_done),
    Verb("kh", 0, practice.menu),
    Verb("kt", 2, practice.ask),
    Verb("ko", 2, orders.decide),
    Verb("pb", 0, probes.offer),
    Verb("pk", 1, probes.send),
    Verb("pj", 2, probes.answer),
    Verb("kl", 0, probes.record),
    Verb("se", 0, settings.show),
    Verb("sl", 1, settings.choose_language),
    Verb("sc", 1, context.change),
    Verb("db", 0, signing_in.open_dashboard, Audience.STAFF),
    Verb("bk", 0, signing_in.not_me, Audience.JOINED),
    Verb("qm", 1, owed.mute),
    Verb("pv", 1, privacy.policy, Audience.ANYONE),
    Verb("da", 0, privacy.export, Audience.JOINED),
    Verb("e2", 0, privacy.ask_again, Audience.JOINED),
    Verb("e3", 1, privacy.erase, Audience.ANYONE),
)
