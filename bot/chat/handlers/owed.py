"""Messages that come by themselves: what a coach sends, news of groups, announcements; and the way to stop them."""

from __future__ import annotations

from markupsafe import Markup

from bot.chat.callback_data import number, pack
from bot.chat.handlers import quiz, roles, signing_in
from bot.chat.handlers.group_chats import post_screen
from bot.chat.handlers.probes import lettered, reply_row
from bot.chat.handlers.weekly import week_screen
from bot.chat.request import Request, spoken
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.core.acts import Tried
from bot.core.delivery import ABOUT_ROLES, Kind
from bot.core.group import GroupId
from bot.core.wish import Wish
from bot.texts import engine, notice
from bot.texts.catalogue import translate
from bot.usecases import joining
from bot.usecases.owing import Owed
from bot.usecases.wished import WISH_OF

TEMPLATES = {
    Kind.NUDGE: "owed_nudge",
    Kind.LESSON: "owed_lesson",
    Kind.ADMITTED: "owed_admitted",
    Kind.REQUEST: "owed_request",
    Kind.COACH_ADDED: "owed_coach",
    Kind.NEW_COACH: "owed_new_coach",
    Kind.LEADS: "owed_leads",
    Kind.NEWS: "owed_news",
    Kind.DRIP: "owed_drip",
    Kind.UNFINISHED: "owed_unfinished",
    Kind.ACT: "owed_act",
    Kind.RETEST: "owed_retest",
    Kind.PROBE: "owed_probe",
}


def owed_screen(owed: Owed) -> Screen:
    """Return an owed message as its reader should see it; nothing but what is handed in is asked."""
    if owed.kind is Kind.SIGNED_IN:
        return signing_in.news(owed.person, owed.owed_at)
    language = spoken(owed.person, None)
    if owed.kind in ABOUT_ROLES:
        assert owed.grant is not None
        return roles.news(owed.kind, owed.grant, owed.sender_name, language)
    if owed.kind is Kind.NEWS:
        return news_screen(owed.news, language)
    if owed.kind is Kind.BREACH:
        return breach_screen(owed.news)
    if owed.drawn is not None and owed.drawn.summary is not None:
        return week_screen(owed.drawn.summary, language)
    if owed.post is not None:
        return post_screen(owed.post, owed.group_name, language)
    values = {
        "sender": owed.sender_name,
        "group": owed.group_name,
        "minutes": owed.minutes,
        "has_begun": owed.has_begun,
        "is_coach": owed.is_coach,
        "module": owed.module,
        **_drawn(owed),
    }
    text = engine.render("bot.chat", f"{TEMPLATES[owed.kind]}.html.j2", language, values)
    return Screen(text, _rows(owed, language))


def _drawn(owed: Owed) -> dict[str, object]:
    """Return what a message of a wish says, in the words of its template."""
    drawn = owed.drawn
    if drawn is None:
        return {}
    chat = {"probe": drawn.chat.probe, "replies": lettered(drawn.chat)} if drawn.chat else {}
    return {"reason": drawn.reason, "progress": drawn.progress, **chat}


def news_screen(text: str, language: str) -> Screen:
    """Return an announcement as it comes, in the words in which it was typed, with the way to stop them all."""
    html = Markup(notice.as_html(text))  # noqa: S704 (it has escaped all but the few marks that Telegram knows)
    shown = engine.render("bot.chat", f"{TEMPLATES[Kind.NEWS]}.html.j2", language, {"text": html})
    stop = Button(translate("Berhenti menerima pengumuman", language), pack("nq"))
    return Screen(shown, ((stop,),))


def breach_screen(text: str) -> Screen:
    """Return what the law wants told as it comes: as it was written, with no button, for nobody can refuse it."""
    return Screen(notice.as_html(text))


def _rows(owed: Owed, language: str) -> tuple[Row, ...]:
    def button(label: str, verb: str, *arguments: int | str, style: Style = Style.GO) -> Row:
        return (Button(label, pack(verb, *arguments), style),)

    def t(message: str) -> str:
        return translate(message, language)

    group = owed.group_id or 0
    stop: Row = ()
    if owed.kind in WISH_OF:
        stop = button(_stop_label(WISH_OF[owed.kind], language), "wq", WISH_OF[owed.kind], style=Style.PLAIN)
    match owed.kind:
        case Kind.NUDGE:
            onward = t("Lanjutkan asesmen") if owed.has_begun else t("Buka asesmen")
            return button(onward, "cu"), button(t("Berhenti mengingatkan"), "qm", group, style=Style.PLAIN)
        case Kind.LESSON if owed.module is not None:
            opening = button(t("Buka pelajaran"), "mo", owed.module.code, 0)
            return opening, button(t("Berhenti mengirim"), "qm", group, style=Style.PLAIN)
        case Kind.COACH_ADDED if owed.is_coach:
            return (button(t("Buka kelompok"), "gs", group),)
        case Kind.NEW_COACH:
            return (button(t("Lihat yang dibagikan"), "ms", group),)
        case Kind.LEADS:
            return (button(t("Lihat kelompoknya"), "gs", group),)
        case Kind.DRIP if owed.module is not None:
            return button(t("Buka pelajaran"), "mo", owed.module.code, 0), stop
        case Kind.UNFINISHED:
            return button(t("Lanjutkan asesmen"), "cu"), stop
        case Kind.ACT if owed.module is not None:
            yes, later, no = (("wa", owed.module.code, tried) for tried in Tried)
            return (
                button(t("Sudah"), *yes, style=Style.PLAIN),
                button(t("Belum sempat"), *later, style=Style.PLAIN),
                button(t("Tidak cocok untuk saya"), *no, style=Style.PLAIN),
                stop,
            )
        case Kind.RETEST:
            return button(t("Ulangi asesmen"), "go"), stop
        case Kind.PROBE if owed.drawn is not None and owed.drawn.chat is not None:
            return reply_row(owed.drawn.chat), stop
        case Kind.REQUEST:
            return (button(t("Lihat siapa yang menunggu"), "gw", group),)
        case _:
            return (button(t("Lanjut"), "cu"),)


def _stop_label(what: Wish, language: str) -> str:
    """Say on its button what a tap stops, so that nobody believes to stop all."""
    match what:
        case Wish.LESSONS:
            return translate("Berhenti kirim pelajaran", language)
        case Wish.CUSTOMERS:
            return translate("Berhenti kirim latihan ini", language)
        case _:
            return translate("Berhenti mengingatkan", language)


def mute(request: Request, group: str) -> Reply:
    """Stop reminders and lessons of one group's coaches, and offer to take them again."""
    group_id = GroupId(number(group))
    if not joining.mute(request.session, owner=request.owner, group_id=group_id, muted=True):
        return quiz.stale(request)
    again = (Button(request.t("Nyalakan lagi"), pack("mq", group_id, "n")),)
    onward = (Button(request.t("Lanjut"), pack("cu"), Style.GO),)
    return Reply(Screen(request.show("owed_muted"), (again, onward)), toast=request.t("Baik, tidak dikirim lagi."))
