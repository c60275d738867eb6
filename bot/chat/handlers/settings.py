"""Language, what the person told about the business, and whether announcements may come."""

from __future__ import annotations

from bot.chat import labels
from bot.chat.callback_data import StaleButton, pack
from bot.chat.handlers import agreeing
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.core.announcement import WEEKLY_MOST
from bot.core.delivery import QUIET_FROM, QUIET_UNTIL
from bot.core.person import ContextQuestion, Role, Zone
from bot.texts.catalogue import LANGUAGES
from bot.usecases import accounts

HERE = "s"
"""Says on a button that it was tapped in the settings."""


def settings_screen(request: Request) -> Screen:
    languages = tuple(
        Button(f"✓ {name}" if code == request.language else name, pack("sl", code)) for code, name in LANGUAGES.items()
    )
    rows: tuple[Row, ...] = (languages,)
    if request.owner.role is Role.OWNER:
        rows += tuple((Button(label, pack("sc", question)),) for question, label in _told(request))
        rows += ((Button(request.t("Kelompok saya"), pack("km")),),)
    elif request.owner.role is Role.COACH:
        rows += (zone_row(request, HERE),)
    news = request.t("ya") if request.owner.wants_news else request.t("tidak")
    rows += ((Button(request.t("Terima pengumuman: {told}", told=news), pack("nw")),),)
    rows += ((Button(request.t("Pesan yang datang sendiri"), pack("wl")),),)
    rows += ((Button(request.t("Kembali"), pack("cu"), Style.GO),),)
    return Screen(request.show("settings", is_coach=request.owner.role is Role.COACH), rows)


def zone_row(request: Request, origin: str) -> Row:
    """Return the three zones, the one that holds marked: owners tell it with their hours, coaches by itself."""
    told = request.owner.context.clock
    return tuple(Button(f"✓ {zone}" if zone is told else zone.value, pack("cz", zone, origin)) for zone in Zone)


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


def news(request: Request, choice: str = "") -> Reply:
    """Explain what announcements are and take the choice; nothing comes to who has not said yes here."""
    if choice not in ("", "y", "n"):
        raise StaleButton(choice)
    if not choice:
        return Reply(_news_screen(request))
    person = agreeing.say_news(request, wants=choice == "y", read=_news_screen(request).text)
    said = request.t("Baik, pengumuman akan dikirim.") if person.wants_news else request.t("Baik, tidak dikirim lagi.")
    return Reply(settings_screen(request.as_person(person)), toast=said)


def stop_news(request: Request) -> Reply:
    """Stop announcements from below one, which stays where it is to be read again."""
    person = agreeing.say_news(request, wants=False)
    return Reply(_news_screen(request.as_person(person)), toast=request.t("Baik, tidak dikirim lagi."), fresh=True)


def _news_screen(request: Request) -> Screen:
    wants = request.owner.wants_news
    night = {"quiet_from": f"{QUIET_FROM:02}.00", "quiet_until": f"{QUIET_UNTIL:02}.00"}
    text = request.show("news", wants_news=wants, weekly=WEEKLY_MOST, **night)
    if wants:
        choice = Button(request.t("Berhenti menerima"), pack("nw", "n"))
    else:
        choice = Button(request.t("Ya, terima pengumuman"), pack("nw", "y"))
    return Screen(text, ((choice,), (Button(request.t("Pengaturan"), pack("se")),)))
