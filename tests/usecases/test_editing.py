"""The working copy: what editors change, one part at a time, without overwriting each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session

from bot.content.parts import JSON, Change, assemble, differences
from bot.core.access import Viewer
from bot.core.person import Role
from bot.usecases import editing
from bot.usecases.editing import ABSENT, Conflict, PartView, Refused, Saved, version_of
from bot.usecases.grouping import NotForYou
from tests.usecases.cast import Cast, coach
from tests.usecases.editors import ITEM, LESSON, Editors, stem
from tests.usecases.world import World, document

NEW_STEM = "Jahitan kebaya lepas sejak dari toko. Pembelinya minta ganti. Apa sikap yang benar?"
NEW_ITEM = "item:O3-099"


def test_working_copy_without_drafts_is_the_current_release(editors: Editors) -> None:
    copy = editors.copy()

    assert (copy.document, dict(copy.drafts), copy.parts == copy.original) == (document(), {}, True)


def test_saved_part_stands_in_the_working_copy_and_not_in_the_release(editors: Editors) -> None:
    before = editors.opens()

    saved = editors.saves(before.payload | {"stem": NEW_STEM}, version=before.version)

    after = editors.opens()
    copy = editors.copy()
    assert saved == Saved(after.version)
    assert (after.payload["stem"], after.original) == (NEW_STEM, before.payload)
    assert (after.draft and after.draft.changed_by_name, list(copy.drafts)) == ("Maya", [ITEM])
    assert copy.document == assemble(copy.parts)
    assert copy.document.items[0].stem == NEW_STEM
    release = editors.world.do(editors.world.library.current)
    assert release.items[0].stem == before.payload["stem"]


def test_change_is_told_in_plain_words(editors: Editors) -> None:
    editors.changes(lambda item: item | {"stem": NEW_STEM, "difficulty": 2})

    copy = editors.copy()

    old = str(editors.opens().original["stem"])
    assert differences(copy.original, copy.parts) == [
        Change(ITEM, "stem", "Butir O3-001", "pertanyaan", old, NEW_STEM),
        Change(ITEM, "difficulty", "Butir O3-001", "tingkat kesulitan", "3", "2"),
    ]


def test_part_that_says_what_the_release_says_is_no_draft(editors: Editors) -> None:
    editors.changes(stem(NEW_STEM))

    editors.changes(lambda _: editors.opens().original)

    assert dict(editors.copy().drafts) == {}


def test_saving_what_stands_there_changes_and_logs_nothing(editors: Editors) -> None:
    view = editors.opens()

    saved = editors.saves(view.payload, version=view.version)

    assert (saved, editors.log()) == (Saved(view.version), [])


def test_second_of_two_admins_sees_what_the_first_wrote_and_overwrites_nothing(editors: Editors) -> None:
    begun = editors.opens()
    editors.saves(begun.payload | {"stem": NEW_STEM}, version=begun.version)

    outcome = editors.saves(begun.payload | {"difficulty": 5}, version=begun.version, by=editors.tomo)

    now = editors.opens()
    assert outcome == Conflict(
        theirs=now.payload,
        version=now.version,
        changed_by_name="Maya",
        changes=(
            Change(ITEM, "stem", "Butir O3-001", "pertanyaan", NEW_STEM, begun.payload["stem"]),
            Change(ITEM, "difficulty", "Butir O3-001", "tingkat kesulitan", "3", "5"),
        ),
    )
    assert (now.payload["stem"], now.payload["difficulty"]) == (NEW_STEM, 3)


def test_conflict_is_solved_by_saving_over_the_version_it_named(editors: Editors) -> None:
    begun = editors.opens()
    editors.changes(stem(NEW_STEM))
    clash = editors.saves(begun.payload | {"difficulty": 5}, version=begun.version, by=editors.tomo)
    assert isinstance(clash, Conflict)

    outcome = editors.saves(clash.theirs | {"difficulty": 5}, version=clash.version, by=editors.tomo)

    now = editors.opens()
    assert outcome == Saved(now.version)
    assert (now.payload["stem"], now.payload["difficulty"]) == (NEW_STEM, 5)
    assert now.draft and now.draft.changed_by_name == "Tomo"


def test_two_admins_who_write_the_same_are_no_conflict(editors: Editors) -> None:
    begun = editors.opens()
    editors.changes(stem(NEW_STEM))

    outcome = editors.saves(begun.payload | {"stem": NEW_STEM}, version=begun.version, by=editors.tomo)

    assert outcome == Saved(editors.opens().version)


def test_release_of_the_same_part_meanwhile_is_a_conflict_too(editors: Editors) -> None:
    begun = editors.opens()
    items = tuple(
        item.model_copy(update={"stem": NEW_STEM}) if item.code == "O3-001" else item for item in document().items
    )
    editors.world.publish(document().model_copy(update={"items": items}))

    outcome = editors.saves(begun.payload | {"difficulty": 5}, version=begun.version)

    assert isinstance(outcome, Conflict) and outcome.theirs["stem"] == NEW_STEM


def test_faulty_part_is_refused_beside_its_fields_and_not_kept(editors: Editors) -> None:
    view = editors.opens()
    options = [view.payload["options"][0] | {"text": ""}, *view.payload["options"][1:]]

    outcome = editors.saves(view.payload | {"options": options, "difficulty": 9}, version=view.version)

    assert isinstance(outcome, Refused)
    assert [(p.file, p.field, p.message) for p in outcome.problems] == [
        (ITEM, "difficulty", "paling besar 5"),
        (ITEM, "options.0.text", "tidak boleh kosong"),
    ]
    assert editors.opens() == view


def test_part_against_a_rule_of_the_linter_is_refused_at_the_very_text(editors: Editors) -> None:
    view = editors.opens()
    options = [view.payload["options"][0], view.payload["options"][1] | {"feedback": "Anda gagal."}]

    outcome = editors.saves(view.payload | {"options": options + view.payload["options"][2:]}, version=view.version)

    assert isinstance(outcome, Refused)
    assert [(p.field, p.message) for p in outcome.problems] == [("options.1.feedback", "kata yang tidak ramah: gagal")]


def test_fact_past_its_day_only_warns(editors: Editors) -> None:
    view = editors.opens()
    sources = [view.payload["sources"][0] | {"review_by": "2026-11-26"}]

    outcome = editors.saves(view.payload | {"sources": sources}, version=view.version)

    assert isinstance(outcome, Saved)
    assert [(p.field, p.message) for p in outcome.warnings] == [
        ("sources", "perlu dibaca ulang paling lambat 2026-11-26")
    ]


def test_broken_card_is_refused_at_its_card_and_line(editors: Editors) -> None:
    view = editors.opens(LESSON)
    cards = [view.payload["cards"][0], "<b>Satu</b>\n{% if %}", *view.payload["cards"][2:]]

    outcome = editors.saves(view.payload | {"cards": cards}, part=LESSON, version=view.version)

    assert isinstance(outcome, Refused)
    assert [(p.field, p.line) for p in outcome.problems] == [("cards.1", 2)]


@pytest.mark.parametrize("line", ["=====", "---", "  ==  "])
def test_card_that_a_file_would_part_is_refused(editors: Editors, line: str) -> None:
    view = editors.opens(LESSON)
    cards = [view.payload["cards"][0] + f"\n\n{line}\nlagi", *view.payload["cards"][1:]]

    outcome = editors.saves(view.payload | {"cards": cards}, part=LESSON, version=view.version)

    assert isinstance(outcome, Refused)
    assert [p.field for p in outcome.problems] == ["cards.0"]


def test_line_breaks_of_browsers_are_no_change(editors: Editors) -> None:
    view = editors.opens(LESSON)
    cards = [card.replace("\n", "\r\n") for card in view.payload["cards"]]

    saved = editors.saves(view.payload | {"cards": cards}, part=LESSON, version=view.version)

    assert (saved, dict(editors.copy().drafts)) == (Saved(view.version), {})


def test_new_part_begins_empty_and_comes_after_its_kin(editors: Editors) -> None:
    view = editors.opens(NEW_ITEM)
    fresh = editors.opens().payload | {"code": "O3-099", "status": "draf", "stem": "Pembeli minta nota. Apa sikapnya?"}

    saved = editors.saves(fresh, part=NEW_ITEM, version=view.version)

    assert view == PartView(NEW_ITEM, None, ABSENT, None, None)
    assert saved == Saved(version_of(editors.opens(NEW_ITEM).payload))
    made = editors.copy().document
    assert made is not None
    kin = [item.code for item in made.items if item.code.startswith("O3")]
    codes = [item.code for item in made.items]
    assert (kin[-1], codes.index("O3-099")) == ("O3-099", len(kin) - 1)


def test_part_whose_code_is_not_its_name_is_refused(editors: Editors) -> None:
    outcome = editors.saves(editors.opens().payload | {"code": "O3-099"})

    assert isinstance(outcome, Refused)
    assert [(p.field, p.message) for p in outcome.problems] == [("code", "kode bagian ini O3-001, tidak bisa diganti")]


def test_part_taken_out_is_told_and_comes_back_to_its_place(editors: Editors) -> None:
    gone = editors.saves(None)

    left = editors.copy()
    assert (gone, ITEM in left.parts, left.drafts[ITEM].takes_out) == (Saved(ABSENT), False, True)
    editors.saves(left.original[ITEM])
    assert (editors.copy().document, dict(editors.copy().drafts)) == (document(), {})


@pytest.mark.parametrize("part", ["form", "coach", "levels", "advice", "exposure", "glossary", "sessions"])
def test_single_part_cannot_be_taken_out(editors: Editors, part: str) -> None:
    outcome = editors.saves(None, part=part)

    assert isinstance(outcome, Refused)
    assert [(p.file, p.message) for p in outcome.problems] == [(part, "bagian ini tidak bisa dihapus")]


@pytest.mark.parametrize("part", ["", "bank", "item:", "item:X1-001", "item:O1-001 ", "practice", "module:../../etc"])
def test_what_could_be_no_part_is_not_there(editors: Editors, part: str) -> None:
    with pytest.raises(NotForYou):
        editors.opens(part)


def test_discarded_draft_leaves_the_release(editors: Editors) -> None:
    saved = editors.changes(stem(NEW_STEM))
    world = editors.world

    def discard(session: Session, version: int) -> Saved | Conflict:
        return editing.discard(
            session, viewer=editors.tomo, part=ITEM, version=version, library=world.library, now=world.now
        )

    clash = world.do(lambda s: discard(s, saved.version + 1))
    done = world.do(lambda s: discard(s, saved.version))

    assert isinstance(clash, Conflict) and clash.changed_by_name == "Maya"
    assert done == Saved(version_of(editors.opens().original))
    assert world.do(lambda s: discard(s, saved.version)) == done
    assert editors.log() == [("Maya", "content.save", ITEM), ("Tomo", "content.discard", ITEM)]


def test_whole_that_breaks_the_schema_is_no_document_and_says_why(editors: Editors) -> None:
    for number in range(1, 8):
        editors.saves(None, part=f"probe:P-00{number}")
    world = editors.world

    found = editing.problems_of(editors.copy(), now=world.now)

    assert editors.copy().document is None
    assert [problem.file for problem in found] == ["probe"]
    assert "pelanggan bayangan" in found[0].message


def test_whole_is_checked_as_the_files_are(editors: Editors) -> None:
    for code in ("O2-001", "O2-002", "O2-003", "O2-004"):
        editors.changes(lambda item: item | {"status": "arsip"}, part=f"item:{code}")
    editors.changes(lambda advice: advice | {"safety_module": "M-O2-tidak-ada"}, part="advice")
    world = editors.world

    found = editing.problems_of(editors.copy(), now=world.now)

    told = [(p.file, p.field, p.message) for p in found if not p.is_warning]
    assert ("advice", "safety_module", "modul M-O2-tidak-ada tidak ada") in told
    assert ("bank", "items.O2") in [(part, field) for part, field, _ in told]


WORK: dict[str, Callable[[Session, Viewer, World, JSON], object]] = {
    "look": lambda s, v, w, _: editing.workspace(s, viewer=v, library=w.library),
    "open": lambda s, v, w, _: editing.open_part(s, viewer=v, part=ITEM, library=w.library),
    "save": lambda s, v, w, p: editing.save(
        s, viewer=v, part=ITEM, payload=p, version=version_of(p), library=w.library, now=w.now
    ),
    "discard": lambda s, v, w, _: editing.discard(s, viewer=v, part=ITEM, version=1, library=w.library, now=w.now),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
def test_only_admins_edit(cast: Cast, work: Callable[[Session, Viewer, World, JSON], object]) -> None:
    world = cast.world
    payload = world.do(lambda s: world.library.parts(s, world.library.current(s).id))[ITEM]

    assert cast.may(lambda s, viewer, _: work(s, viewer, world, payload), cast.id) == {"admin"}


def test_coach_who_is_admin_too_may_edit(editors: Editors) -> None:
    joko = coach(editors.world, 2001, "Joko")

    assert joko.person.role is Role.COACH
    assert editors.opens(by=Viewer(joko.person, is_admin=True)) == editors.opens()
