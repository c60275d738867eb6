"""The dry run before a release in the browser of who edits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.core.access import Viewer
from bot.store import audit
from bot.store.audit import Wanted
from bot.usecases import editing, rehearsing
from bot.usecases.rehearsing import Verdict
from tests.web.classroom import Classroom

PART = "item:O1-002"


@pytest.fixture(autouse=True)
def few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only a few take the two releases, so that the dry run takes a second."""
    limits = rehearsing.bounds()
    few = type(limits)(12, limits.reliability_loss, limits.dimension_loss, limits.most_asked)
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
    assert room.world.do(lambda s: rehearsing.verdict(s, digest=entry.thing.removeprefix("release:"))) in (
        Verdict.PASSED,
        Verdict.REFUSED,
    )


def test_working_copy_with_problems_is_not_tried_and_tells_them(room: Classroom) -> None:
    edits(room, status="arsip")
    browser = room.signs_in(room.admin)

    browser.post("/isi/uji")
    page = browser.get("/isi/uji")

    assert "O1 punya 11 butir aktif, perlu paling sedikit 12" in page.text
    assert "Mulai uji coba" not in page.text
    assert room.world.do(lambda s: audit.count(s, Wanted(act=rehearsing.REHEARSE))) == 0
