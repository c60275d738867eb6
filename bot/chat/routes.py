"""Every command and every button the bot knows, in one list each; what is not listed leads to the current screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.chat.handlers import (
    admin,
    coaches,
    cohort,
    context,
    current,
    group_chats,
    groups,
    invitations,
    joining,
    lessons,
    more,
    orders,
    owed,
    practice,
    privacy,
    probes,
    programmes,
    quiz,
    result,
    roles,
    sending,
    settings,
    signing_in,
    welcome,
    wishes,
    words,
)
from bot.chat.request import Request
from bot.chat.screen import Reply, redraw
from bot.core.access import Audience
from bot.core.group import GroupId


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
    """A button's verb with the number of its arguments, and how many more it may carry."""

    name: str
    arguments: int
    handler: Callable[..., Reply]
    audience: Audience = Audience.SETTLED
    optional: int = 0

    def takes(self, arguments: int) -> bool:
        """Tell whether a button with so many arguments can be one of this verb."""
        return self.arguments <= arguments <= self.arguments + self.optional


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
    Command("pengingat", wishes.show, Audience.SETTLED, t("Pesan yang datang sendiri")),
    Command("kelompok", groups.of_role, Audience.SETTLED, t("Kelompok dan pembina")),
    Command("gabung", joining.ask_code, Audience.SETTLED, t("Gabung kelompok dengan kode")),
    Command("bantuan", current.help_page, Audience.ANYONE, t("Cara memakai")),
    Command("help", current.help_page, Audience.ANYONE),
    Command("batal", quiz.ask_stop, Audience.SETTLED, t("Hentikan asesmen yang berjalan")),
    Command("pengaturan", settings.show, Audience.SETTLED, t("Bahasa dan data usaha")),
    Command("settings", settings.show, Audience.SETTLED),
    Command("privasi", privacy.policy_command, Audience.ANYONE, t("Apa yang disimpan, siapa yang melihat")),
    Command("privacy", privacy.policy_command, Audience.ANYONE),
    Command("program", programmes.show, Audience.ADMIN),
    Command("admin", admin.home, Audience.ADMIN),
    Command("dasbor", signing_in.open_dashboard, Audience.STAFF),
    Command("data", privacy.export, Audience.JOINED, t("Unduh data Anda")),
    Command("hapus", privacy.ask_erase, Audience.JOINED, t("Hapus semua data Anda")),
)

VERBS = (
    Verb("ok", 3, welcome.accept, Audience.ANYONE, optional=1),
    Verb("no", 0, welcome.decline, Audience.ANYONE, optional=1),
    Verb("la", 1, welcome.language, Audience.ANYONE, optional=1),
    Verb("ro", 1, welcome.role, Audience.JOINED),
    Verb("cx", 3, context.context),
    Verb("ch", 4, context.hours),
    Verb("cz", 2, context.zone),
    Verb("cu", 0, show_current, Audience.ANYONE),
    Verb("bn", 0, current.help_page, Audience.ANYONE),
    Verb("go", 0, quiz.begin, optional=1),
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
    Verb("km", 0, joining.mine),
    Verb("jc", 0, joining.ask_code),
    Verb("jn", 3, joining.join),
    Verb("jr", 0, joining.refuse),
    Verb("ms", 1, joining.membership),
    Verb("mc", 3, joining.change),
    Verb("mq", 2, joining.quiet),
    Verb("mx", 1, joining.ask_leave),
    Verb("my", 1, joining.leave),
    Verb("gr", 0, groups.home, Audience.COACH),
    Verb("ga", 2, cohort.members, Audience.COACH),
    Verb("gc", 1, cohort.mirror, Audience.COACH),
    Verb("gd", 2, cohort.member, Audience.COACH, optional=1),
    Verb("gf", 2, cohort.reason, Audience.COACH),
    Verb("gh", 0, groups.archive_list, Audience.COACH),
    Verb("gi", 1, cohort.picture, Audience.STAFF),
    Verb("gj", 2, invitations.admit, Audience.COACH),
    Verb("gk", 1, cohort.plan, Audience.STAFF),
    Verb("gn", 0, groups.new, Audience.COACH),
    Verb("gp", 1, cohort.profile, Audience.STAFF),
    Verb("gq", 1, invitations.send_poster, Audience.COACH),
    Verb("gs", 1, groups.show, Audience.STAFF),
    Verb("gt", 1, cohort.triage, Audience.COACH),
    Verb("gu", 1, groups.settings, Audience.COACH),
    Verb("gv", 1, invitations.show, Audience.COACH),
    Verb("gw", 1, invitations.newcomers, Audience.COACH),
    Verb("gx", 2, cohort.ask_remove, Audience.COACH),
    Verb("gy", 2, cohort.remove, Audience.COACH),
    Verb("gz", 2, invitations.turn_down, Audience.COACH),
    Verb("ir", 1, invitations.renew, Audience.COACH, optional=1),
    Verb("ic", 1, invitations.close, Audience.COACH),
    Verb("ia", 2, invitations.approval, Audience.COACH),
    Verb("il", 1, invitations.ask_limit, Audience.COACH),
    Verb("im", 2, invitations.set_limit, Audience.COACH),
    Verb("nu", 1, sending.preview_reminder, Audience.COACH),
    Verb("ns", 1, sending.remind, Audience.COACH),
    Verb("lt", 2, sending.topics_for_member, Audience.COACH),
    Verb("lk", 3, sending.choose_lesson, Audience.COACH),
    Verb("lz", 3, sending.send_lesson, Audience.COACH),
    Verb("ue", 2, groups.edit, Audience.COACH),
    Verb("up", 2, groups.set_place, Audience.COACH),
    Verb("ut", 2, groups.choose_programme, Audience.COACH),
    Verb("tg", 1, group_chats.show, Audience.COACH),
    Verb("tq", 1, group_chats.stop, Audience.COACH),
    Verb("ux", 1, groups.ask_archive, Audience.COACH),
    Verb("uy", 1, groups.archive, Audience.COACH),
    Verb("uz", 1, groups.unarchive, Audience.COACH),
    Verb("co", 1, coaches.show, Audience.COACH),
    Verb("c2", 1, coaches.invite_second, Audience.COACH),
    Verb("c3", 1, coaches.hand_over, Audience.COACH),
    Verb("c4", 2, coaches.end, Audience.COACH, optional=1),
    Verb("c5", 1, coaches.step_down, Audience.COACH, optional=1),
    Verb("ca", 1, coaches.accept, Audience.COACH),
    Verb("ad", 0, admin.home, Audience.ADMIN),
    Verb("al", 1, admin.open_page, Audience.ADMIN),
    Verb("af", 0, admin.ask_code, Audience.ADMIN),
    Verb("ac", 1, admin.item, Audience.ADMIN),
    Verb("ae", 2, admin.ask_text, Audience.ADMIN),
    Verb("as", 2, admin.keep_text, Audience.ADMIN),
    Verb("ar", 1, admin.ask_retire, Audience.ADMIN),
    Verb("at", 2, admin.retire, Audience.ADMIN),
    Verb("ao", 0, roles.people, Audience.ADMIN),
    Verb("ai", 1, roles.invite, Audience.ADMIN),
    Verb("au", 0, roles.ask_number, Audience.ADMIN),
    Verb("ap", 3, roles.change, Audience.ADMIN),
    Verb("ay", 1, roles.confirm, Audience.ADMIN),
    Verb("ax", 1, roles.decline, Audience.ADMIN, optional=1),
    Verb("ag", 1, roles.take_up, Audience.JOINED),
    Verb("db", 0, signing_in.open_dashboard, Audience.STAFF),
    Verb("bk", 0, signing_in.not_me, Audience.JOINED),
    Verb("wl", 0, wishes.show),
    Verb("wh", 1, wishes.page),
    Verb("ws", 2, wishes.say, optional=1),
    Verb("wq", 1, wishes.stop),
    Verb("wa", 2, wishes.report_act),
    Verb("qm", 1, owed.mute),
    Verb("nw", 0, settings.news, optional=1),
    Verb("nq", 0, settings.stop_news),
    Verb("pv", 1, privacy.policy, Audience.ANYONE, optional=1),
    Verb("da", 0, privacy.export, Audience.JOINED),
    Verb("e2", 0, privacy.ask_again, Audience.JOINED),
    Verb("e3", 1, privacy.erase, Audience.ANYONE),
)

AWAITED: Mapping[str, Callable[[Request, GroupId | None, str], Reply]] = {
    "new_group": groups.create,
    "rename": groups.rename,
    "place": groups.offer_places,
    "programme": groups.type_programme,
    "code": joining.take_code,
}
"""What a typed text may be awaited as, and who takes it."""

AWAITED_OF_ADMINS: Mapping[str, Callable[[Request, str, str], Reply]] = {
    admin.FIND: admin.take_code,
    admin.MEND: admin.take_text,
    "person_number": roles.take_number,
}
"""The same for admins only, with what the text is about in words."""
