"""Every page of the web, in one list; what is not listed is not there. How to write one stands in `bot.web.page`."""

from __future__ import annotations

from bot.core.access import Audience
from bot.web import announcement_form, announcements, coach, entrance, exports, meeting, members, programme
from bot.web.page import Page

PAGES: tuple[Page, ...] = (
    Page("/", coach.home, Audience.JOINED, menu="Beranda"),
    Page("/masuk", entrance.sign_in_form, Audience.ANYONE),
    Page("/masuk", entrance.sign_in, Audience.ANYONE, method="POST"),
    Page("/keluar", entrance.sign_out, Audience.JOINED, method="POST"),
    Page("/keluar/semua", entrance.sign_out_everywhere, Audience.JOINED, method="POST"),
    Page("/kelompok/{group:int}", coach.group, Audience.STAFF),
    Page("/kelompok/{group:int}/proyektor", coach.projector, Audience.STAFF),
    Page("/kelompok/{group:int}/rencana", meeting.plan, Audience.STAFF),
    Page("/kelompok/{group:int}/cermin", meeting.mirror, Audience.COACH),
    Page("/kelompok/{group:int}/anggota", members.listing, Audience.COACH),
    Page("/kelompok/{group:int}/anggota/{person:int}", members.member, Audience.COACH),
    Page("/kelompok/{group:int}/pelajaran", members.preview_lesson, Audience.COACH),
    Page("/kelompok/{group:int}/pelajaran", members.send_lesson, Audience.COACH, method="POST"),
    Page("/kelompok/{group:int}/ingatkan", members.preview_reminder, Audience.COACH),
    Page("/kelompok/{group:int}/ingatkan", members.remind, Audience.COACH, method="POST"),
    Page("/kelompok/{group:int}/ekspor.xlsx", exports.workbook, Audience.STAFF),
    Page("/kelompok/{group:int}/ekspor.csv", exports.table, Audience.STAFF),
    Page("/program", programme.sums, Audience.ADMIN, menu="Program"),
    Page("/program/ekspor.xlsx", programme.workbook, Audience.ADMIN),
    Page("/program/ekspor.csv", programme.table, Audience.ADMIN),
    Page("/pengumuman", announcements.listing, Audience.ADMIN, menu="Pengumuman"),
    Page("/pengumuman/baru", announcement_form.new, Audience.ADMIN),
    Page("/pengumuman/baru", announcement_form.write, Audience.ADMIN, method="POST"),
    Page("/pengumuman/pratinjau", announcement_form.preview, Audience.ADMIN, method="POST"),
    Page("/pengumuman/{news:int}", announcements.show, Audience.ADMIN),
    Page("/pengumuman/{news:int}/ubah", announcement_form.edit, Audience.ADMIN),
    Page("/pengumuman/{news:int}/ubah", announcement_form.rewrite, Audience.ADMIN, method="POST"),
    Page("/pengumuman/{news:int}/kirim", announcements.confirm, Audience.ADMIN),
    Page("/pengumuman/{news:int}/kirim", announcements.send, Audience.ADMIN, method="POST"),
    Page("/pengumuman/{news:int}/berhenti", announcements.stop, Audience.ADMIN, method="POST"),
    Page("/mini", entrance.mini, Audience.ANYONE),
    Page("/mini/masuk", entrance.sign_in_mini, Audience.ANYONE, method="POST", marked=False),
)
