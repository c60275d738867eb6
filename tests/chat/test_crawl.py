"""Every button the bot shows on a long walk leads somewhere, for a stranger who becomes an owner and for a coach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.chat.callback_data import LIMIT_BYTES, pack, unpack
from bot.chat.routes import VERBS
from bot.core.access import Audience
from bot.core.item import Format
from bot.core.practice import Sheet
from bot.simulator.api import Call
from bot.texts.markup import MESSAGE_LIMIT, TOAST_LIMIT
from tests.chat.crawler import Crawl, crawl
from tests.chat.test_owed import announces
from tests.chat.test_practice import practises
from tests.content.formats import content_of
from tests.core.builders import best, worst
from tests.stage import JOKO, RANI, SARI, STRANGER, Stage, buttons, stage

NEVER_ON_A_BUTTON = {"bk", "ag"}
""""Not me" stands below what a browser's sign-in brings, agreeing to a role below an admin's link."""
OF_COACHES = (Audience.COACH, Audience.STAFF)
NOT_MODIFIED = "Bad Request: message is not modified"


@dataclass(frozen=True, slots=True)
class Walk:
    """What was met, and every call the bot made meanwhile."""

    crawl: Crawl
    calls: list[Call]


@pytest.fixture(scope="module")
def owners_walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """From the consent to everything that lies behind it, then from the screens that only commands open."""
    directory = tmp_path_factory.mktemp("owner")
    found = Crawl()
    with stage(directory) as play:
        play.says(STRANGER, "/start")
        crawl(play, STRANGER, found)
        _joins(play)
        for text in ("/pengaturan", "/data", "/privasi", "/hapus"):
            play.says(STRANGER, text)
            crawl(play, STRANGER, found, most=len(found.places) + 20)
        practises(play, STRANGER)
        for sheet in Sheet:
            play.tap(STRANGER, play.live(STRANGER).message_id, pack("kt", sheet, sheet.asks[0]), forge=True)
            crawl(play, STRANGER, found, most=len(found.places) + 60)
        play.says(STRANGER, "/mulai")
        play.answers_all(STRANGER, "B")
        for text in ("/mulai", "/batal", "halo"):
            play.says(STRANGER, text)
            crawl(play, STRANGER, found, most=len(found.places) + 20)
        yield Walk(found, play.api.calls)


@pytest.fixture(scope="module")
def doubtful_walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """From a result that is uncertain, from a lesson that was done after it, and from what is asked about its act."""
    directory = tmp_path_factory.mktemp("doubtful")
    found = Crawl()
    with stage(directory) as play:
        play.joins(SARI)
        play.taps(SARI, "Mulai asesmen")
        play.answers_rest(SARI, lambda item: worst(item) if int(item.code[-1]) > 6 else best(item))
        crawl(play, SARI, found, most=30)
        play.says(SARI, "/pengingat")
        play.taps(SARI, "Nyalakan: pengingat")
        crawl(play, SARI, found, most=len(found.places) + 10)
        _does_a_lesson(play)
        crawl(play, SARI, found, most=len(found.places) + 10)
        play.advance(days=3)
        play.delivers()
        crawl(play, SARI, found, most=len(found.places) + 6)
        return Walk(found, play.api.calls)


@pytest.fixture(scope="module")
def members_walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """From an invitation that waits for a word, from the group joined, and from what its coach sends."""
    directory = tmp_path_factory.mktemp("member")
    found = Crawl()
    with stage(directory) as play:
        play.leads_group(JOKO, "Pasar Wage")
        play.taps(JOKO, "Undang anggota")
        invitation = _invitation(play)
        play.says(STRANGER, f"/start {invitation}")
        crawl(play, STRANGER, found, most=12)
        play.joins(SARI)
        play.says(SARI, f"/start {invitation}")
        crawl(play, SARI, found, most=len(found.places) + 12)
        play.taps(SARI, "Gabung tanpa nama")
        play.says(SARI, "/kelompok")
        crawl(play, SARI, found, most=len(found.places) + 12)
        play.says(JOKO, "/kelompok")
        play.taps(JOKO, "Pasar Wage (1)")
        play.taps(JOKO, "Ingatkan")
        play.taps(JOKO, "Kirim ke 1 orang")
        play.delivers()
        crawl(play, SARI, found, most=len(found.places) + 6)
        play.taps(SARI, "Buka asesmen")
        play.says(SARI, "/pengaturan")
        play.taps(SARI, "Terima pengumuman: tidak")
        play.taps(SARI, "Ya, terima pengumuman")
        assert announces(play, "Besok libur.") == 1
        crawl(play, SARI, found, most=len(found.places) + 4)
        return Walk(found, play.api.calls)


def _invitation(play: Stage) -> str:
    found = re.search(r"start=(\S+)", play.screen(JOKO))
    assert found is not None
    return found[1]


def _links_telegram_group(play: Stage) -> None:
    play.api.person_opens_group(JOKO, "Batik Laweyan", id=-4001)
    play.says(JOKO, "/kelompok")
    for label in ("Sentra Batik", "Atur kelompok", "Ringkasan ke grup Telegram"):
        play.taps(JOKO, label, contains=True)
    payload = (buttons(play.live(JOKO))[0].url or "").partition("startgroup=")[2]
    play.api.person_opens_bot_in_group(JOKO, -4001, payload)
    play.settle()


@pytest.fixture(scope="module")
def groups_walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """From the groups of a coach who leads three, one of which has a second coach, newcomers, and one is put away."""
    directory = tmp_path_factory.mktemp("groups")
    found = Crawl()
    with stage(directory) as play:
        play.fills_with_demo()
        play.says(JOKO, "/kelompok")
        play.taps(JOKO, "Sentra Batik Laweyan (3)")
        play.taps(JOKO, "Atur kelompok")
        play.taps(JOKO, "Pembina")
        play.taps(JOKO, "Ajak pembina kedua")
        offer = re.findall(r"start=(\S+)", "\n".join(m.text for m in play.api.messages(JOKO)))[-1]
        play.says(RANI, f"/start {offer}")
        crawl(play, RANI, found, most=2)
        play.taps(RANI, "Ya, saya bersedia")
        play.taps(RANI, "Atur kelompok")
        play.taps(RANI, "Pembina")
        crawl(play, RANI, found, most=len(found.places) + 3)
        play.taps(JOKO, "‹ Kembali ke kelompok")
        play.taps(JOKO, "Undang anggota")
        play.taps(JOKO, "Pakai persetujuan")
        play.joins(SARI)
        play.says(SARI, f"/start {_invitation(play)}")
        play.taps(SARI, "Gabung tanpa nama")
        _links_telegram_group(play)
        play.says(JOKO, "/kelompok")
        crawl(play, JOKO, found, most=len(found.places) + 120)
        return Walk(found, play.api.calls)


@pytest.fixture(scope="module")
def coachs_walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    directory = tmp_path_factory.mktemp("coach")
    found = Crawl()
    with stage(directory) as play:
        play.says(JOKO, "/start")
        play.taps(JOKO, "Setuju, saya 18 tahun ke atas")
        play.taps(JOKO, "Pembina / pendamping")
        crawl(play, JOKO, found)
        for text in ("/pengaturan", "/hapus"):
            play.says(JOKO, text)
            crawl(play, JOKO, found, most=len(found.places) + 20)
        play.says(JOKO, "/mulai")
        play.answers_all(JOKO, "B")
        for text in ("/hasil", "/modul"):
            play.says(JOKO, text)
            crawl(play, JOKO, found, most=len(found.places) + 40)
        yield Walk(found, play.api.calls)


@pytest.fixture(scope="module")
def formats_walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Through questions of each format that takes several taps or shows a picture, and what is explained afterwards."""
    found, calls = Crawl(), []
    for format in (Format.CONVERSATION, Format.ORDER, Format.PICTURE):
        directory = tmp_path_factory.mktemp(format)
        with stage(directory, content_of(directory, format)) as play:
            play.joins(SARI)
            play.says(SARI, "/mulai")
            crawl(play, SARI, found, most=len(found.places) + 60)
            play.answers_all(SARI, "B")
            play.taps(SARI, "Pembahasan")
            crawl(play, SARI, found, most=len(found.places) + 20)
            calls += play.api.calls
    return Walk(found, calls)


@pytest.fixture(params=["owners", "coachs", "formats", "doubtful", "members", "groups"])
def walk(request: pytest.FixtureRequest) -> Walk:
    found: Walk = request.getfixturevalue(f"{request.param}_walk")
    return found


def _does_a_lesson(play: Stage) -> None:
    """Read a lesson to its end and say that its act is done."""
    play.says(SARI, "/modul")
    play.taps(SARI, "Keamanan")
    play.taps(SARI, "Cek mutasi dulu")
    while "Lanjut ›" in play.labels(SARI):
        play.taps(SARI, "Lanjut ›")
    play.taps(SARI, "Sudah saya lakukan")


def _joins(play: Stage) -> None:
    """Agree, own a business, and take the first choice of everything; the last of the opening hours."""
    for index in (0, 0, 0, 0, 0, -1):
        message = play.live(STRANGER)
        play.tap(STRANGER, message.message_id, buttons(message)[index].data or "")


def test_owners_walks_meet_every_verb_of_theirs_in_both_languages(
    owners_walk: Walk, formats_walk: Walk, doubtful_walk: Walk, members_walk: Walk
) -> None:
    walks = (owners_walk, formats_walk, doubtful_walk, members_walk)
    shown = {unpack(data)[0] for walk in walks for data in walk.crawl.data}
    for_others = {verb.name for verb in VERBS if verb.audience in (*OF_COACHES, Audience.ADMIN)}

    assert shown - for_others == {verb.name for verb in VERBS} - for_others - NEVER_ON_A_BUTTON
    assert {place.language for place in owners_walk.crawl.places.values()} == {"", "id", "en"}
    assert len(owners_walk.crawl.places) >= 250


def test_walk_through_the_formats_meets_drafts_and_pictures(formats_walk: Walk) -> None:
    arguments = {(name, given[2][0]) for name, given in map(unpack, formats_walk.crawl.data) if name in ("an", "tk")}
    shown = {unpack(data)[0] for data in formats_walk.crawl.data}

    assert {("tk", "p"), ("tk", "o"), ("an", "p"), ("an", "o"), ("an", "c")} <= arguments
    assert {"gb", "rg"} <= shown


def test_groups_walk_meets_every_verb_of_coaches(groups_walk: Walk) -> None:
    shown = {unpack(data)[0] for data in groups_walk.crawl.data}

    assert {verb.name for verb in VERBS if verb.audience in OF_COACHES} - shown == set()


def test_coachs_walk_ends_in_a_result(coachs_walk: Walk) -> None:
    shown = {unpack(data)[0] for data in coachs_walk.crawl.data}

    assert {"go", "an", "cf", "rv", "pc", "sh", "md", "mo", "ml"} <= shown


def test_buttons_name_a_known_verb_with_its_arguments(walk: Walk) -> None:
    verbs = {verb.name: verb for verb in VERBS}
    read = [(data, *unpack(data)) for data in walk.crawl.data]

    assert [data for data, name, given in read if name not in verbs or not verbs[name].takes(len(given))] == []
    assert max(len(data.encode()) for data in walk.crawl.data) <= LIMIT_BYTES


def test_buttons_never_meet_an_exception(walk: Walk) -> None:
    assert [step.data for step in walk.crawl.steps if step.after.rows["quarantine"]] == []


def test_buttons_never_make_a_call_that_telegram_refuses(walk: Walk) -> None:
    refused = [call for call in walk.calls if not call.ok and not call.description.startswith(NOT_MODIFIED)]

    assert refused == []


def test_buttons_are_never_silent(walk: Walk) -> None:
    silent = [(step.data, step.label) for step in walk.crawl.steps if step.is_silent]

    assert [step for step in silent if not step[1].startswith("•")] == []


def test_buttons_of_the_present_choice_are_not_silent(walk: Walk) -> None:
    assert [step.label for step in walk.crawl.steps if step.is_silent] == []


def test_screens_are_within_telegrams_limits(walk: Walk) -> None:
    assert [m.text for m in walk.crawl.screens if len(m.text) > MESSAGE_LIMIT] == []
    assert [step.toast for step in walk.crawl.steps if len(step.toast) > TOAST_LIMIT] == []
    assert [m.text for m in walk.crawl.screens if not (m.text or m.photo or m.document)] == []


def test_chat_has_one_live_keyboard(walk: Walk) -> None:
    live = [(step.data, sum(bool(m.keyboard) for m in step.after.chat)) for step in walk.crawl.steps]

    assert {data[:4] for data, keyboards in live if keyboards == 0} <= {"1.e3"}
    assert [data for data, keyboards in live if keyboards > 1] == []
