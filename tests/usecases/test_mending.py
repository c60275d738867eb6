"""Small repairs from the chat: into the working copy, over the version that was looked at, and never further."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.core.access import Viewer
from bot.core.item import Status
from bot.store import audit
from bot.store.audit import Wanted
from bot.usecases import editing, mending
from bot.usecases.editing import Conflict, Refused, Saved
from bot.usecases.grouping import NotForYou
from bot.usecases.mending import Opened, Tried
from tests.usecases.world import World

CODE = "O2-003"
NEW = "Tidak dibuka; cek nomor resi di aplikasi ekspedisi"


@pytest.fixture
def ayu(world: World) -> Viewer:
    return Viewer(world.joins(9001, "Ayu"), is_admin=True)


def opens(world: World, viewer: Viewer, code: str = CODE) -> Opened:
    return world.do(lambda s: mending.find(s, viewer=viewer, code=code, library=world.library))


def tries(world: World, viewer: Viewer, path: str, text: str, code: str = CODE) -> Tried | Refused:
    return world.do(
        lambda s: mending.attempt_text(
            s, viewer=viewer, code=code, path=path, text=text, library=world.library, now=world.now
        )
    )


def mends(world: World, viewer: Viewer, text: str, version: int) -> Saved | Refused | Conflict:
    return world.do(
        lambda s: mending.mend(
            s,
            viewer=viewer,
            code=CODE,
            path="options.1.text",
            text=text,
            version=version,
            library=world.library,
            now=world.now,
        )
    )


def retires(world: World, viewer: Viewer, version: int) -> Saved | Refused | Conflict:
    return world.do(
        lambda s: mending.retire(s, viewer=viewer, code=CODE, version=version, library=world.library, now=world.now)
    )


@pytest.mark.parametrize("typed", ["O2-003", "o2-003", "  o2-003 "])
def test_question_is_found_by_its_code_in_whatever_letters(world: World, ayu: Viewer, typed: str) -> None:
    assert opens(world, ayu, typed).code == CODE


@pytest.mark.parametrize("typed", ["", "O9-999", "O2-999", "form", "../../etc", "item:O2-003", "O2-003\nO2-004"])
def test_what_is_no_question_is_not_found(world: World, ayu: Viewer, typed: str) -> None:
    with pytest.raises(NotForYou):
        opens(world, ayu, typed)


def test_texts_are_named_in_words(world: World, ayu: Viewer) -> None:
    found = opens(world, ayu)

    assert [(spot.path, spot.words) for spot in found.spots] == [
        ("stem", "pertanyaan"),
        ("options.0.text", "pilihan A, teks"),
        ("options.1.text", "pilihan B, teks"),
        ("options.2.text", "pilihan C, teks"),
        ("options.3.text", "pilihan D, teks"),
    ]
    assert (found.status, found.is_changed, found.is_new) == (Status.ACTIVE, False, False)


def test_every_question_can_be_opened_and_holds_texts(world: World, ayu: Viewer) -> None:
    items = world.do(world.library.current).items

    found = {item.code: opens(world, ayu, item.code) for item in items[::9]}

    assert {code for code, one in found.items() if one.item is None or not one.spots} == set()
    assert {code for code, one in found.items() if one.spots[0].path != "stem"} == set()


def test_trying_a_text_keeps_nothing(world: World, ayu: Viewer) -> None:
    before = opens(world, ayu)

    tried = tries(world, ayu, "options.1.text", f"  {NEW} ")

    assert isinstance(tried, Tried)
    assert tried.item is not None
    assert (tried.item.options[1].text, tried.before) == (NEW, before.spots[2].text)
    assert opens(world, ayu) == before


def test_text_that_breaks_a_rule_is_refused_with_the_reason(world: World, ayu: Viewer) -> None:
    tried = tries(world, ayu, "options.1.text", "<b>resmi</b>")

    assert isinstance(tried, Refused)
    assert [problem.field for problem in tried.problems] == ["options.1.text"]


@pytest.mark.parametrize("path", ["options.9.text", "code", "status", "sources.0.title", "options.1.score", ""])
def test_only_texts_that_people_read_can_be_mended(world: World, ayu: Viewer, path: str) -> None:
    with pytest.raises(NotForYou):
        tries(world, ayu, path, "arsip")


def test_mended_text_stands_in_the_working_copy_and_not_in_the_release(world: World, ayu: Viewer) -> None:
    current = world.do(world.library.current)

    saved = mends(world, ayu, NEW, opens(world, ayu).view.version)

    after = opens(world, ayu)
    assert isinstance(saved, Saved)
    assert (after.spots[2].text, after.is_changed) == (NEW, True)
    assert world.do(world.library.current) == current
    assert [(e.act, e.thing) for e in world.do(lambda s: audit.entries(s, Wanted(), limit=9))] == [
        (editing.SAVED, f"item:{CODE}")
    ]


def test_text_over_an_older_version_is_a_conflict(world: World, ayu: Viewer) -> None:
    version = opens(world, ayu).view.version
    mends(world, ayu, NEW, version)

    outcome = mends(world, ayu, "Tidak dibuka sama sekali", version)

    assert isinstance(outcome, Conflict)
    assert opens(world, ayu).spots[2].text == NEW


def test_question_is_put_away_in_the_working_copy_only(world: World, ayu: Viewer) -> None:
    current = world.do(world.library.current)

    saved = retires(world, ayu, opens(world, ayu).view.version)

    assert isinstance(saved, Saved)
    assert opens(world, ayu).status is Status.RETIRED
    assert world.do(world.library.current) == current


def test_question_changed_meanwhile_is_not_put_away(world: World, ayu: Viewer) -> None:
    version = opens(world, ayu).view.version
    mends(world, ayu, NEW, version)

    assert isinstance(retires(world, ayu, version), Conflict)
    assert opens(world, ayu).status is Status.ACTIVE


@pytest.mark.parametrize("is_admin", [False, True])
def test_only_admins_get_in(world: World, is_admin: bool) -> None:
    viewer = Viewer(world.joins(1001, "Sari"), is_admin=is_admin)
    doors: list[Callable[[], object]] = [
        lambda: opens(world, viewer),
        lambda: tries(world, viewer, "options.1.text", NEW),
        lambda: mends(world, viewer, NEW, 1),
        lambda: retires(world, viewer, 1),
    ]

    refused = 0
    for door in doors:
        try:
            door()
        except NotForYou:
            refused += 1

    assert refused == (0 if is_admin else len(doors))
