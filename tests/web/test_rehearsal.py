"""The dry run before a release in the browser of who edits."""

from __future__ import annotations

import pytest

from bot.core.access import Viewer
from bot.core.rehearsal import Bounds
from bot.store import audit
from bot.store.audit import Wanted
from bot.store.session import DatabaseUnavailable
from bot.usecases import editing, rehearsing
from bot.usecases.reckoning import Busy, Reckoner
from bot.usecases.rehearsing import Verdict
from bot.web import rehearsal
from tests.usecases.world import later_document
from tests.web.classroom import Classroom

PART = "item:O1-002"


@pytest.fixture(autouse=True)
def few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only a few take the two releases, so that the dry run takes a second."""
    limits = rehearsing.bounds()
    few = Bounds(12, 0.5, 0.9, dict.fromkeys(limits.most_asked, 1.0))
    monkeypatch.setattr(rehearsing, "bounds", lambda: few)


def edits(room: Classroom, part: str = PART, **changed: object) -> None:
    """Let the admin change a part of the working copy."""
    viewer, world = Viewer(room.admin, is_admin=True), room.world
    found = world.do(lambda s: editing.open_part(s, viewer=viewer, part=part, library=world.library))
    assert isinstance(found.payload, dict)
    saved = world.do(
        lambda s: editing.save(
            s,
            viewer=viewer,
            part=part,
            payload={**found.payload, **changed},
            version=found.version,
            library=world.library,
            now=world.now,
        )
    )
    assert isinstance(saved, editing.Saved)


def test_nothing_changed_is_nothing_to_try(room: Classroom) -> None:
    browser = room.signs_in(room.admin)

    page, started = browser.get("/isi/uji"), browser.post("/isi/uji")

    assert "Belum ada yang diubah" in page.text
    assert "Mulai uji coba" not in page.text
    assert (started.status_code, started.headers["location"]) == (303, "/isi/uji")


def test_dry_run_goes_from_its_button_over_a_bar_to_figures_that_every_process_knows(room: Classroom) -> None:
    edits(room, difficulty=3)
    browser = room.signs_in(room.admin)
    offered = browser.get("/isi/uji")

    with room.reckons_later():
        started = browser.post("/isi/uji")
        waiting = browser.get("/isi/uji")
    room.site.reckoner.wait()
    done = browser.get("/isi/uji")

    assert "Mulai uji coba" in offered.text
    assert started.status_code == 303
    assert 'hx-trigger="every 2s"' in waiting.text
    assert "Uji coba sedang berjalan." in waiting.text
    assert "Asesmen pemilik usaha" in done.text
    assert "Asesmen pembina" in done.text
    assert "Keandalan" in done.text
    [entry] = room.world.do(lambda s: audit.entries(s, Wanted(act=rehearsing.REHEARSE), limit=9))
    assert entry.actor == room.admin.id
    digest = entry.thing.removeprefix("release:")
    assert (verdict(room, digest), hindrances(room, digest)) == (Verdict.PASSED, [])
    assert "Aman diterbitkan." in done.text
    assert "Tingkat 12 orang buatan tidak ada yang berubah." in done.text or "mendapat tingkat lain" in done.text


def verdict(room: Classroom, digest: str) -> Verdict:
    return room.world.do(lambda s: rehearsing.verdict(s, digest=digest))


def hindrances(room: Classroom, digest: str) -> list[str]:
    return [problem.message for problem in room.world.do(lambda s: rehearsing.hindrances(s, digest=digest))]


def test_working_copy_with_problems_is_not_tried_and_tells_them(room: Classroom) -> None:
    edits(room, status="arsip")
    browser = room.signs_in(room.admin)

    browser.post("/isi/uji")
    page = browser.get("/isi/uji")

    assert "O1 punya 11 butir aktif, perlu paling sedikit 12" in page.text
    assert "Mulai uji coba" not in page.text
    assert room.world.do(lambda s: audit.count(s, Wanted(act=rehearsing.REHEARSE))) == 0


def rehearsed(room: Classroom) -> str:
    """Let the admin change a question and try it; return the digest of what was tried."""
    edits(room, difficulty=3)
    browser = room.signs_in(room.admin)
    browser.post("/isi/uji")
    room.site.reckoner.wait()
    [entry] = room.world.do(lambda s: audit.entries(s, Wanted(act=rehearsing.REHEARSE), limit=1))
    return entry.thing.removeprefix("release:")


def test_bounds_that_are_not_kept_are_told_and_hinder_the_release(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = rehearsed(room)
    strict = Bounds(12, -1.0, -1.0, {})
    monkeypatch.setattr(rehearsing, "bounds", lambda: strict)

    page = room.signs_in(room.admin).get("/isi/uji").text

    assert "Sebaiknya jangan diterbitkan dulu" in page
    assert page.count("keandalan turun dari") == 2 + 8 + 6
    assert "Asesmen pemilik usaha, bidang Keamanan &amp; anti-penipuan: keandalan turun dari" in page
    assert verdict(room, digest) is Verdict.REFUSED
    assert hindrances(room, digest) == ["uji coba menemukan ukuran yang turun terlalu jauh; lihat halaman uji"]


def test_dry_run_counts_only_for_what_was_tried_and_over_what_it_was_tried(room: Classroom) -> None:
    digest = rehearsed(room)

    edits(room, difficulty=2)
    page = room.signs_in(room.admin).get("/isi/uji").text
    room.world.publish(later_document())

    assert "Mulai uji coba" in page
    assert (verdict(room, digest), verdict(room, "0" * 16)) == (Verdict.MISSING, Verdict.MISSING)
    assert hindrances(room, digest) == ["jalankan dulu uji coba isi ini, lalu ajukan lagi"]


def test_dry_run_of_an_old_tab_shows_where_things_stand_now(room: Classroom) -> None:
    digest = rehearsed(room)
    browser = room.signs_in(room.admin)

    pages = [browser.get(f"/isi/uji?rilis={asked}").text for asked in (digest, "0" * 16, "<script>", "x" * 500)]

    assert ["Aman diterbitkan." in page for page in pages] == [True] * 4
    assert ["<script>x" in page for page in pages] == [False] * 4


def test_dry_run_of_a_database_that_is_away_is_shown_from_memory(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(rehearsing, "keep", away)
    monkeypatch.setattr(rehearsal, "PAUSE_SECONDS", 0.0)
    edits(room, difficulty=3)
    browser = room.signs_in(room.admin)
    browser.post("/isi/uji")
    room.site.reckoner.wait()

    page = browser.get("/isi/uji").text

    assert "Aman diterbitkan." in page
    assert room.world.do(lambda s: audit.count(s, Wanted(act=rehearsing.REHEARSE))) == 0


def test_too_many_sums_are_asked_to_come_back(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Busy

    monkeypatch.setattr(Reckoner, "start", busy)
    edits(room, difficulty=3)

    response = room.signs_in(room.admin).post("/isi/uji")

    assert response.status_code == 422
    assert "Masih ada perhitungan lain yang antre." in response.text
