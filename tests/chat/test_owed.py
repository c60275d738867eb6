"""Messages that come by themselves: what they say, and where their buttons lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chat.callback_data import LIMIT_BYTES, pack
from bot.chat.handlers.owed import owed_screen
from bot.chat.screen import Screen, Style
from bot.core.access import Viewer
from bot.core.announcement import Circle, Wording
from bot.core.attempt import Progress
from bot.core.cohort import Member
from bot.core.delivery import BY_WISH, TO_CHATS, DeliveryId, Kind
from bot.core.grant import Grant, GrantId, Trust
from bot.core.group import Group, GroupId, Invitation
from bot.core.item import Dimension, Option
from bot.core.person import Context, Person, PersonId, Role, Zone
from bot.core.probe import Probe, SentProbe
from bot.core.release import Module
from bot.core.triage import Concern, Flag
from bot.core.week import NextStep, Week
from bot.store.group_chats import GroupChat
from bot.texts.breach import PART_LIMIT, Part, compose
from bot.texts.markup import MESSAGE_LIMIT, parse
from bot.usecases import announcing
from bot.usecases.granting import Line
from bot.usecases.owing import Owed
from bot.usecases.posting import Post
from bot.usecases.probing import Chat
from bot.usecases.summarising import GroupWeek, Summary
from bot.usecases.wished import Drawn
from tests.stage import JOKO, SARI, Stage, buttons

BU_SARI = Person(PersonId(1), SARI, "Sari", Role.OWNER, Context(zone=Zone.WITA), language="id")
LESSON = Module(
    code="M-O2-cek-mutasi",
    dimension=Dimension.SAFETY,
    title="Cek mutasi dulu",
    summary="Uang dilihat di HP sendiri.",
    steps_from=1,
    steps_to=2,
    minutes=4,
    act="Cek",
    promotion=False,
    sources=(),
    cards=("Kartu",),
)
REPLIES = tuple(Option(text, points, "Baik.") for points, text in enumerate(("Tidak", "Ada", "Ada, mau berapa?")))
POST_LIMIT = 600
"""Letters of a post in a group, read between other people's messages."""
NUDGE = Owed(
    id=DeliveryId(1),
    kind=Kind.NUDGE,
    person=BU_SARI,
    owed_at=datetime(2026, 11, 24, 3, 5, tzinfo=UTC),
    sender_name="Joko",
    group_id=GroupId(36),
    group_name="Pasar Wage",
    minutes=15,
    has_begun=False,
    is_coach=False,
    module=None,
)


TAKEN = Grant(GrantId(7), Trust.ADMIN, True, BU_SARI.id, NUDGE.owed_at, NUDGE.owed_at, telegram_id=2001)


def drawn(screen: Screen) -> tuple[str, list[tuple[str, str]]]:
    """Return the text without markup, and the buttons with their data."""
    return parse(screen.text).text, [(button.label, button.data) for row in screen.rows for button in row]


def test_new_coach_is_introduced_with_the_way_to_take_sharing_back() -> None:
    text, keys = drawn(owed_screen(replace(NUDGE, kind=Kind.NEW_COACH, sender_name="Rani")))

    assert text == (
        "Rani sekarang mendampingi kelompok Pasar Wage dan melihat hal yang sama seperti pembina sebelumnya.\n\n"
        "Kalau tidak berkenan, Anda bisa mengubah apa yang dibagikan, atau keluar."
    )
    assert keys == [("Lihat yang dibagikan", pack("ms", 36))]


def test_nudge_before_the_beginning_invites() -> None:
    assert drawn(owed_screen(NUDGE)) == (
        "Joko, pembina kelompok Pasar Wage, mengajak Anda mengisi asesmen.\n\n"
        "Kira-kira 15 menit, boleh dicicil kapan Anda sempat. "
        "Sesudahnya Anda mendapat pelajaran yang pas untuk usaha Anda.",
        [("Buka asesmen", "1.cu"), ("Berhenti mengingatkan", "1.qm.10")],
    )


def test_nudge_in_the_middle_says_that_nothing_is_lost() -> None:
    assert drawn(owed_screen(replace(NUDGE, has_begun=True))) == (
        "Joko, pembina kelompok Pasar Wage, mengingatkan: asesmen Anda tinggal diteruskan.\n\n"
        "Jawaban Anda masih tersimpan. Dari awal sampai akhir hanya kira-kira 15 menit, "
        "boleh dicicil kapan Anda sempat.",
        [("Lanjutkan asesmen", "1.cu"), ("Berhenti mengingatkan", "1.qm.10")],
    )


def test_lesson_says_what_it_is_and_opens_at_its_first_card() -> None:
    owed = replace(NUDGE, kind=Kind.LESSON, module=LESSON, minutes=LESSON.minutes)

    assert drawn(owed_screen(owed)) == (
        "Joko, pembina kelompok Pasar Wage, mengirim pelajaran untuk Anda:\n\n"
        "Cek mutasi dulu\nUang dilihat di HP sendiri.\n\nKira-kira 4 menit.",
        [("Buka pelajaran", "1.mo.M-O2-cek-mutasi.0"), ("Berhenti mengirim", "1.qm.10")],
    )


@pytest.mark.parametrize("name", ["", " \u200b"])
@pytest.mark.parametrize("module", [None, LESSON])
@pytest.mark.parametrize("has_begun", [False, True])
def test_coach_without_a_name_is_called_the_groups_coach(name: str, module: Module | None, has_begun: bool) -> None:
    kind = Kind.LESSON if module else Kind.NUDGE

    text, _ = drawn(owed_screen(replace(NUDGE, kind=kind, module=module, sender_name=name, has_begun=has_begun)))

    assert text.startswith("Pembina kelompok Pasar Wage meng")


@pytest.mark.parametrize(
    ("owed", "text", "button"),
    [
        (
            replace(NUDGE, kind=Kind.ADMITTED),
            "Selamat bergabung! Anda sudah diterima di kelompok Pasar Wage.",
            ("Lanjut", "1.cu"),
        ),
        (
            replace(NUDGE, kind=Kind.REQUEST, is_coach=True),
            "Ada yang ingin bergabung ke kelompok Pasar Wage dan menunggu persetujuan Anda.",
            ("Lihat siapa yang menunggu", "1.gw.10"),
        ),
        (
            replace(NUDGE, kind=Kind.COACH_ADDED, sender_name="Rani", is_coach=True),
            "Rani sekarang ikut membina kelompok Pasar Wage bersama Anda.",
            ("Buka kelompok", "1.gs.10"),
        ),
        (
            replace(NUDGE, kind=Kind.COACH_ADDED, sender_name="", is_coach=True),
            "Seorang pembina sekarang ikut membina kelompok Pasar Wage bersama Anda.",
            ("Buka kelompok", "1.gs.10"),
        ),
        (
            replace(NUDGE, kind=Kind.COACH_ADDED, sender_name="Rani"),
            "Rani sekarang memimpin kelompok Pasar Wage. Terima kasih sudah mendampingi kelompok ini.",
            ("Lanjut", "1.cu"),
        ),
    ],
    ids=["diterima", "permintaan", "pembina kedua", "tanpa nama", "penerus"],
)
def test_news_of_a_group_is_one_sentence_and_one_button(owed: Owed, text: str, button: tuple[str, str]) -> None:
    assert drawn(owed_screen(owed)) == (text, [button])


def test_sign_in_names_the_moment_in_the_readers_own_time_and_the_way_out() -> None:
    screen = owed_screen(replace(NUDGE, kind=Kind.SIGNED_IN, group_id=None, group_name=""))

    text, shown = drawn(screen)
    assert (text.splitlines()[0], text.splitlines()[2]) == (
        "Anda baru masuk di peramban",
        "24 November 2026, 11.05 WITA.",
    )
    assert (shown, screen.rows[0][0].style) == ([("Bukan saya", "1.bk")], Style.DANGER)


@pytest.mark.parametrize("news", ["1 < 2 & 3", "<b>x</b>" * 100, "x" * 1500])
def test_announcement_is_what_was_typed_below_a_heading(news: str) -> None:
    text, shown = drawn(owed_screen(replace(NUDGE, kind=Kind.NEWS, news=news)))

    assert text == f"Pengumuman\n\n{news.replace('<b>', '').replace('</b>', '')}"
    assert shown == [("Berhenti menerima pengumuman", "1.nq")]


def test_what_the_law_wants_told_is_what_was_written_in_any_language_without_a_button() -> None:
    owed = replace(NUDGE, kind=Kind.BREACH, news="<b>Penting</b>\n1 < 2 & 3")

    screens = [owed_screen(replace(owed, person=replace(BU_SARI, language=spoken))) for spoken in ("id", "en")]

    assert screens == [Screen("<b>Penting</b>\n1 &lt; 2 &amp; 3")] * 2


def by_wish(kind: Kind, name: str) -> Drawn:
    """Return what a message of a wish says, with everything in it that it can hold."""
    chat = Chat(SentProbe(36**12 - 1, "P-1", "r1", NUDGE.owed_at), Probe("P-1", frozenset(), "Ada, Kak?", REPLIES))
    return Drawn(LESSON, None, chat, Progress(3, 30), a_week(name) if kind is Kind.WEEKLY else None)


def a_week(name: str) -> Summary:
    """Return three groups and their coach's week, all of it long."""
    invitation = Invitation("t", "c", NUDGE.owed_at)
    group = Group(GroupId(36**12 - 1), name, None, None, None, False, 200, invitation, NUDGE.owed_at)
    shown = Member(PersonId(2), name, NUDGE.owed_at)
    told = tuple(Concern(flag, (shown,) * 5, nameless=10_000) for flag in (Flag.SCAM, Flag.NOT_BEGUN))
    steps = (NextStep.ADMIT, NextStep.MEET, NextStep.REMIND)
    week = Week(10_000, 10_000, 10_000, 10_000, 99_999)
    return Summary(tuple(GroupWeek(group, week, told, 9, 10_000, step, "Keamanan") for step in steps), others=99)


def test_week_of_groups_in_few_lines_with_one_step_each() -> None:
    summary = a_week("Pasar Wage")
    few = Concern(Flag.STALLED, (replace(summary.groups[0].concerns[0].members[0], first_name="Yanti"),), nameless=1)
    group = replace(summary.groups[2], week=Week(finished=2, learners=1, lessons=3), concerns=(few,), unfinished=2)
    owed = replace(NUDGE, kind=Kind.WEEKLY, drawn=Drawn(summary=Summary((group,), others=0)))

    assert drawn(owed_screen(owed)) == (
        "Kabar kelompok seminggu terakhir\n\nPasar Wage\n• 2 orang selesai asesmen\n• 3 pelajaran dipraktikkan\n"
        "Perlu perhatian:\n• Asesmen berhenti di tengah: Yanti dan 1 orang lain\n"
        "➡️ Ingatkan 2 orang yang belum selesai.",
        [
            ("Pasar Wage", pack("gs", group.group.id)),
            ("Ingatkan 2 orang", pack("nu", group.group.id)),
            ("Berhenti kirim ringkasan", "1.wq.ringkasan"),
        ],
    )


def test_quiet_week_is_short() -> None:
    owed = replace(NUDGE, kind=Kind.WEEKLY, drawn=Drawn(summary=Summary((), others=2)))

    text, keys = drawn(owed_screen(owed))

    assert text.splitlines()[2].startswith("Belum ada kabar baru dari kelompok Anda.")
    assert keys == [("Kelompok saya", "1.gr"), ("Berhenti kirim ringkasan", "1.wq.ringkasan")]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("name", ["<b>Pasar & Wage", "\u202egsaP", "x" * 4000, " "])
def test_any_name_fits_into_any_message(kind: Kind, name: str) -> None:
    module = replace(LESSON, code="M-O8-" + "z" * 40) if kind is Kind.LESSON else None
    owed = replace(NUDGE, kind=kind, sender_name=name, group_name=name, group_id=GroupId(36**12 - 1), module=module)
    if kind is Kind.BREACH:
        owed = replace(owed, news=compose(dict.fromkeys(Part, "x" * PART_LIMIT)))
    owed = replace(owed, grant=Line(replace(TAKEN, id=GrantId(36**12 - 1)), name, name, name, is_yours=True))
    if kind in BY_WISH:
        owed = replace(owed, module=LESSON, drawn=by_wish(kind, name))
    if kind in TO_CHATS:
        chat = GroupChat(7, -1, GroupId(1), BU_SARI.id, "tangga_bot")
        owed = replace(owed, post=Post(chat, Week(10_000, 10_000, 10_000, 10_000), Week(10_000, 10_000, 10_000)))

    text, shown = drawn(owed_screen(owed))

    assert 0 < len(text) <= (POST_LIMIT if kind in TO_CHATS else MESSAGE_LIMIT)
    assert [data for _, data in shown if len(data.encode()) > LIMIT_BYTES] == []


def test_message_of_a_reader_without_a_language_is_indonesian() -> None:
    owed = replace(NUDGE, person=replace(BU_SARI, language=None))

    assert owed_screen(owed) == owed_screen(NUDGE)


@pytest.fixture
def nudged(play: Stage) -> Stage:
    """Bu Sari is in Pak Joko's group, stands at her first question, and has a reminder below it."""
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    play.says(JOKO, "/start")
    play.taps(JOKO, "Setuju, saya 18 tahun ke atas")
    play.taps(JOKO, "Pembina / pendamping")
    play.taps(JOKO, "Kelompok saya")
    play.taps(JOKO, "Buat kelompok baru")
    play.says(JOKO, "Pasar Wage")
    play.taps(JOKO, "Lewati")
    play.taps(JOKO, "Tanpa program")
    play.taps(JOKO, "Undang anggota")
    play.says(SARI, f"/start {invited(play)}")
    play.taps(SARI, "Gabung, bagikan nama & hasil")
    play.says(JOKO, "/kelompok")
    play.taps(JOKO, "Pasar Wage (1)")
    play.taps(JOKO, "Ingatkan")
    play.taps(JOKO, "Kirim ke 1 orang")
    play.delivers()
    return play


def invited(play: Stage) -> str:
    """Return what the link of Pak Joko's invitation starts the bot with."""
    return play.screen(JOKO).split("?start=")[1].split()[0]


def keyboards(play: Stage) -> list[list[str]]:
    return [[b.text for b in buttons(m)] for m in play.api.messages(SARI) if m.keyboard]


def test_reminder_comes_below_a_question_and_leaves_it_alone(nudged: Stage) -> None:
    assert keyboards(nudged) == [
        ["A", "B", "C", "D", "Jeda"],
        ["Lanjutkan asesmen", "Berhenti mengingatkan"],
    ]


def test_question_above_a_reminder_can_still_be_answered(nudged: Stage) -> None:
    question = next(m for m in nudged.api.messages(SARI) if m.keyboard)

    nudged.tap(SARI, question.message_id, buttons(question)[0].data or "")

    assert nudged.toast(SARI) == "Jawaban tersimpan"


def test_going_on_from_a_reminder_moves_the_question_there(nudged: Stage) -> None:
    nudged.taps(SARI, "Lanjutkan asesmen")

    assert keyboards(nudged) == [["A", "B", "C", "D", "Jeda"]]


def test_stopping_holds_for_what_comes_next_until_it_is_taken_back(nudged: Stage) -> None:
    nudged.taps(SARI, "Berhenti mengingatkan")
    toast, labels = nudged.toast(SARI), nudged.labels(SARI)
    nudged.advance(days=4)
    while_stopped = reminds_again(nudged)
    nudged.taps(SARI, "Nyalakan lagi")

    assert (toast, labels) == ("Baik, tidak dikirim lagi.", ["Nyalakan lagi", "Lanjut"])
    assert (while_stopped, reminds_again(nudged)) == (0, 1)


def reminds_again(play: Stage) -> int:
    """Let Pak Joko try to remind; return how many messages that brings to Bu Sari."""
    before = len(play.api.messages(SARI))
    play.says(JOKO, "/kelompok")
    play.taps(JOKO, "Pasar Wage (1)")
    play.taps(JOKO, "Ingatkan")
    if "Kirim ke 1 orang" in play.labels(JOKO):
        play.taps(JOKO, "Kirim ke 1 orang")
    play.delivers()
    return len(play.api.messages(SARI)) - before


def test_stopping_what_one_is_not_in_changes_nothing(play: Stage) -> None:
    play.joins(SARI)

    play.tap(SARI, play.live(SARI).message_id, pack("qm", 1), forge=True)

    assert play.toast(SARI) == "Tombol itu sudah lewat. Layar yang terbaru ada di paling bawah."
    assert "Mulai asesmen" in play.labels(SARI)


def test_announcement_stays_readable_when_it_is_stopped_from_below(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/pengaturan")
    play.taps(SARI, "Terima pengumuman: tidak")
    play.taps(SARI, "Ya, terima pengumuman")
    announces(play, "Pelatihan <b>besok</b> & lusa.")
    told = play.api.messages(SARI)[-1]

    play.taps(SARI, "Berhenti menerima pengumuman")

    assert told.text == "Pengumuman\n\nPelatihan besok & lusa."
    assert [m.text for m in play.api.messages(SARI) if m.message_id == told.message_id] == [told.text]
    assert play.toast(SARI) == "Baik, tidak dikirim lagi."
    assert play.labels(SARI) == ["Ya, terima pengumuman", "Pengaturan"]
    assert [m.message_id for m in play.api.messages(SARI) if m.keyboard] == [play.live(SARI).message_id]
    assert announces(play, "Lagi.") == 0


def test_nobody_is_ever_asked_for_announcements(nudged: Stage) -> None:
    """Joining, answering and being reminded bring no question about announcements; only the settings speak of them."""
    shown = [m.text for person in (SARI, JOKO) for m in nudged.api.messages(person)]
    keys = [b.text for person in (SARI, JOKO) for m in nudged.api.messages(person) for b in buttons(m)]

    assert [words for words in (*shown, *keys) if "engumuman" in words] == []
    assert announces(nudged, "Besok libur.") == 0


def test_what_the_law_wants_told_reaches_by_day_who_allowed_nothing(nudged: Stage) -> None:
    """It comes below the question under way and leaves it alone, to the owner and to the coach, once."""
    nudged.advance(hours=11)
    text = compose(dict.fromkeys(Part, "Kabar."))
    for _ in range(2):
        with nudged.app.database.transaction() as session:
            announcing.tell_by_law(session, text=text, now=nudged.clock.now())
    live = {person: nudged.live(person) for person in (SARI, JOKO)}

    came = []
    for _ in range(2):
        nudged.delivers()
        came.append([told(nudged, person) for person in (SARI, JOKO)])
        nudged.advance(hours=12)

    assert came == [[0, 0], [1, 1]]
    assert {person: nudged.live(person) for person in (SARI, JOKO)} == live
    nudged.taps(SARI, "Lanjutkan asesmen")
    assert nudged.labels(SARI) == ["A", "B", "C", "D", "Jeda"]


def told(play: Stage, person: int) -> int:
    """Return how often somebody was told of a breach."""
    return sum(m.text.startswith("Pemberitahuan penting") for m in play.api.messages(person))


def announces(play: Stage, told: str) -> int:
    """Let an admin announce something to everybody; return how many messages that brings to Bu Sari."""
    before, now = len(play.api.messages(SARI)), play.clock.now()
    viewer = Viewer(replace(BU_SARI, id=PersonId(77)), is_admin=True)
    with play.app.database.transaction() as session:
        wording = Wording(told, Circle.EVERYONE)
        written = announcing.draft(session, viewer=viewer, wording=wording, now=now)
        assert isinstance(written, announcing.Written)
        announcing.plan(
            session,
            viewer=viewer,
            announcement_id=written.announcement.id,
            seen=announcing.seal(wording),
            due_at=None,
            now=now,
        )
    play.delivers()
    return len(play.api.messages(SARI)) - before
