"""What is stored and why, taking it along, erasing it."""

from __future__ import annotations

import json
from datetime import datetime

from bot.chat import labels
from bot.chat.callback_data import number, pack
from bot.chat.handlers import orders
from bot.chat.request import Request
from bot.chat.screen import Button, Document, Reply, Screen, Style, correction
from bot.core.acts import Tried
from bot.core.answer import score
from bot.core.attempt import answered_items
from bot.core.practice import Choice
from bot.core.wish import Wish
from bot.texts.answers import shown_answer
from bot.texts.engine import long_moment
from bot.usecases import privacy
from bot.usecases.privacy import PersonalData

ERASE_BUTTON_MINUTES = 15


def policy_command(request: Request) -> Reply:
    return policy(request, request.language)


def policy(request: Request, language: str, *invitation: str) -> Reply:
    """Show the policy, to a stranger in the language of the consent it was opened from."""
    told = request if request.person else request.in_language(language)
    back = pack("cu") if request.person else pack("la", told.language, *invitation)
    return Reply(Screen(told.show("privacy"), ((Button(told.t("Kembali"), back, Style.GO),),)))


def export(request: Request) -> Reply:
    """Hand over everything stored: once for machines, once for reading."""
    found = privacy.export(request.session, owner=request.owner, library=request.library)
    as_json = json.dumps(found.rows, ensure_ascii=False, indent=2).encode()
    documents = (
        Document("data-saya.txt", _readable(request, found).encode(), request.t("Data Anda, untuk dibaca.")),
        Document("data-saya.json", as_json, request.t("Data yang sama, lengkap, untuk aplikasi lain.")),
    )
    screen = Screen(request.show("exported"), ((Button(request.t("Kembali"), pack("cu"), Style.GO),),))
    return Reply(screen, documents=documents, fresh=True)


def _readable(request: Request, found: PersonalData) -> str:
    sittings = [
        {
            "started_at": _moment(request, attempt.started_at),
            "status": attempt.status.value,
            "answers": [
                (
                    request.content(item.stem),
                    shown_answer(item, answer, request.language),
                    None if item.is_habit else (score(item, answer), item.max_score),
                )
                for item, answer in answered_items(attempt, release)
            ],
        }
        for attempt, release in found.sittings
    ]
    person, told = request.owner, request.owner.context
    modules = request.library.current(request.session).module_by_code
    return request.show(
        "readable_data",
        rows=found.rows,
        moment=lambda at: _moment(request, at),
        sittings=sittings,
        wishes={wish.value: labels.wish(request, wish) for wish in Wish},
        acts={tried.value: labels.tried(request, tried) for tried in Tried},
        lessons={code: request.content(module.title) for code, module in modules.items()},
        choices={choice.value: orders.label(request, choice) for choice in Choice},
        role=labels.role(request, person.role) if person.role else "-",
        business=labels.business(request, told.business) if told.business else "-",
        phone_holder=labels.phone_holder(request, told.phone_holder) if told.phone_holder else "-",
        channel=labels.channel(request, told.channel) if told.channel else "-",
        hours=labels.opening_hours(request, told.hours) if told.hours else "-",
    )


def _moment(request: Request, at: datetime | str) -> str:
    """Return a moment in the person's own zone: 24 November 2026, 20.22 WITA."""
    read = datetime.fromisoformat(at) if isinstance(at, str) else at
    return long_moment(read, request.owner.context.clock, request.language)


def ask_erase(request: Request) -> Reply:
    return Reply(
        Screen(
            request.show("erase", sure=False),
            (
                (Button(request.t("Tidak jadi"), pack("cu"), Style.GO),),
                (Button(request.t("Unduh data dulu"), pack("da")),),
                (Button(request.t("Ya, hapus"), pack("e2")),),
            ),
        )
    )


def ask_again(request: Request) -> Reply:
    final = Button(request.t("Hapus semua data saya"), pack("e3", _minute(request)), Style.DANGER)
    return Reply(
        Screen(request.show("erase", sure=True), ((Button(request.t("Tidak jadi"), pack("cu"), Style.GO),), (final,)))
    )


def _minute(request: Request) -> int:
    return int(request.now.timestamp()) // 60


def erase(request: Request, asked_at: str) -> Reply:
    """Erase for real, if the question was asked just now; an old button never erases.

    The same tap again, with nobody left to erase, says once more that all is gone.
    """
    if request.person is None:
        return Reply(Screen(request.show("erased")))
    age = _minute(request) - number(asked_at)
    if not 0 <= age <= ERASE_BUTTON_MINUTES:
        return correction(request.t("Tombol hapus itu sudah lama. Ketik /hapus bila masih ingin menghapus."))
    privacy.erase(request.session, owner=request.owner)
    return Reply(Screen(request.show("erased")))
