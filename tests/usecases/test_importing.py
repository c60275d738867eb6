"""Content files beside the editors: whose word counts at a start, and files taken into the working copy."""

from __future__ import annotations

from bot.content.schema import ContentDocument
from bot.store import releases
from bot.store.releases import EDITORS, FILES
from bot.usecases import editing, importing
from bot.usecases.editing import Saved
from bot.usecases.importing import InTheWay, KeptBack, Taken
from bot.usecases.releasing import FROM_FILES
from tests.usecases.editors import ITEM, Editors, stem
from tests.usecases.world import document

NEW_STEM = "Jahitan kebaya lepas sejak dari toko. Pembelinya minta ganti. Apa sikap yang benar?"
OTHER_STEM = "Kebaya itu lepas jahitannya. Pembelinya minta ganti. Apa sikap yang benar?"


def _with_stem(text: str, code: str = "O3-001") -> ContentDocument:
    items = tuple(item.model_copy(update={"stem": text}) if item.code == code else item for item in document().items)
    return document().model_copy(update={"items": items})


def _starts(editors: Editors, files: ContentDocument) -> KeptBack | None:
    world = editors.world
    return world.do(lambda s: importing.start(s, document=files, library=world.library, now=world.now))


def _takes(editors: Editors, files: ContentDocument) -> Taken | InTheWay:
    world = editors.world
    return world.do(lambda s: importing.take(s, document=files, library=world.library, now=world.now))


def _stem(editors: Editors) -> str:
    return str(editors.opens().original["stem"])


def test_changed_files_are_released_at_a_start_where_nobody_edits(editors: Editors) -> None:
    assert _starts(editors, _with_stem(NEW_STEM)) is None

    assert (_stem(editors), editors.log()[-1]) == (NEW_STEM, ("", FROM_FILES, f"release:{editors.current()}"))


def test_unchanged_files_change_and_log_nothing(editors: Editors) -> None:
    assert _starts(editors, document()) is None

    assert editors.log() == []


def test_release_of_the_editors_is_not_undone_by_a_start(editors: Editors) -> None:
    current = editors.releases(stem(NEW_STEM))

    outcomes = [_starts(editors, files) for files in (document(), _with_stem(OTHER_STEM))]

    assert (outcomes, editors.current()) == ([KeptBack.RELEASED, KeptBack.RELEASED], current)


def test_roll_back_is_not_undone_by_a_start(editors: Editors) -> None:
    first = editors.current()
    _starts(editors, _with_stem(NEW_STEM))
    editors.rolls_back(first)

    assert _starts(editors, _with_stem(NEW_STEM)) is KeptBack.RELEASED
    assert editors.current() == first


def test_files_lead_again_once_they_say_what_the_editors_released(editors: Editors) -> None:
    current = editors.releases(stem(NEW_STEM))

    agreed = _starts(editors, _with_stem(NEW_STEM))
    origin = editors.world.do(lambda s: releases.origin(s, current))
    later = _starts(editors, _with_stem(OTHER_STEM))

    assert (agreed, origin, later, _stem(editors)) == (None, FILES, None, OTHER_STEM)


def test_files_wait_for_drafts_of_the_same_parts_only(editors: Editors) -> None:
    editors.changes(stem(NEW_STEM))

    same = _starts(editors, _with_stem(OTHER_STEM))
    other = _starts(editors, _with_stem("Pembeli minta nota. Apa sikap yang benar?", "O3-002"))

    assert (same, other) == (KeptBack.DRAFTED, None)
    assert editors.opens().payload["stem"] == NEW_STEM


def test_files_wait_for_a_proposal(editors: Editors) -> None:
    editors.changes(stem(NEW_STEM))
    editors.proposes()

    outcome = _starts(editors, _with_stem("Pembeli minta nota. Apa sikap yang benar?", "O3-002"))

    assert outcome is KeptBack.PROPOSED


def test_taken_files_stand_in_the_working_copy_and_release_nothing(editors: Editors) -> None:
    current = editors.releases(stem(NEW_STEM))

    outcome = _takes(editors, document())

    assert isinstance(outcome, Taken)
    assert [(change.part, change.before) for change in outcome.changes] == [(ITEM, NEW_STEM)]
    assert (editors.current(), editors.copy().document) == (current, document())
    assert editors.log()[-1] == ("", editing.IMPORTED, ITEM)
    assert editors.world.do(lambda s: releases.origin(s, current)) == EDITORS


def test_taking_the_same_files_again_changes_nothing(editors: Editors) -> None:
    _takes(editors, _with_stem(NEW_STEM))
    before = editors.log()

    _takes(editors, _with_stem(NEW_STEM))

    assert editors.log() == before


def test_files_do_not_overwrite_what_somebody_is_changing(editors: Editors) -> None:
    editors.changes(stem(NEW_STEM))

    outcome = _takes(editors, _with_stem(OTHER_STEM))

    assert outcome == InTheWay((ITEM,))
    assert editors.opens().payload["stem"] == NEW_STEM


def test_part_that_the_files_lack_is_taken_out(editors: Editors) -> None:
    left = document().model_copy(update={"modules": document().modules[1:]})

    _takes(editors, left)

    gone = f"module:{document().modules[0].code}"
    assert (editors.copy().drafts[gone].takes_out, editors.copy().document) == (True, left)


def test_editor_goes_on_over_taken_files(editors: Editors) -> None:
    _takes(editors, _with_stem(NEW_STEM))

    saved = editors.saves(editors.opens().payload | {"stem": OTHER_STEM})

    assert isinstance(saved, Saved)
    assert editors.opens().payload["stem"] == OTHER_STEM
