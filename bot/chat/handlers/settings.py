"""Language and what the person told about the business."""

from __future__ import annotations

from bot.chat import labels
from bot.chat.callback_data import pack
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.core.person import ContextQuestion, Role
from bot.texts.catalogue import LANGUAGES
from bot.usecases import accounts


def settings_screen(request: Request) -> Screen:
    languages = tuple(
        Button(f"✓ {name}" if code == request.language else name, pack("sl", code)) for code, name in LANGUAGES.items()
    )
    rows: tuple[Row, ...] = (languages,)
    if request.owner.role is Role.OWNER:
        rows += tuple((Button(label, pack("sc", question)),) for question, label in _told(request))
        rows += ((Button(request.t("Kelompok saya"), pack("km")),),)
    rows += ((Button(request.t("Kembali"), pack("cu"), Style.GO),),)
    return Screen(request.show("settings", first_name=request.owner.first_name), rows)


def _told(request: Request) -> list[tuple[ContextQuestion, str]]:
    context = request.owner.context
    unset = request.t("belum diisi")
    business = labels.business(request, context.business) if context.business else unset
    holder = labels.phone_holder(request, context.phone_holder) if context.phone_holder else unset
    channel = labels.channel(request, context.channel) if context.channel else unset
    hours = labels.opening_hours(request, context.hours) if context.hours else unset
    return [
        (ContextQuestion.BUSINESS, request.t("Usaha: {told}", told=business)),
        (ContextQuestion.PHONE_HOLDER, request.t("Pemegang HP: {told}", told=holder)),
        (ContextQuestion.CHANNEL, request.t("Jualan: {told}", told=channel)),
        (ContextQuestion.HOURS, request.t("Jam buka: {told}", told=hours)),
    ]


def show(request: Request) -> Reply:
    return Reply(settings_screen(request))


def choose_language(request: Request, code: str) -> Reply:
    if code not in LANGUAGES:
        return Reply(settings_screen(request))
    person = accounts.choose_language(request.session, owner=request.owner, language=code)
    return Reply(settings_screen(request.as_person(person)), toast=LANGUAGES[code])
