"""Releases: the stored form, its digest, and the core's objects made from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.content.load import load
from bot.content.release import freeze, thaw
from bot.content.schema import ContentDocument
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension, Format, Item, NumericKey, Option, Status
from bot.core.person import Role
from tests.content.broken import ADVICE, COACH, FORM, LEVELS, SMALL_ITEMS, SMALL_LESSON, small_desk
from tests.core.builders import real_document


def test_stored_form_reads_back_as_the_same_document() -> None:
    document = real_document()

    assert ContentDocument.model_validate_json(freeze(document)[1]) == document


def test_freezing_what_was_thawed_gives_the_same_digest_and_release() -> None:
    digest, payload = freeze(real_document())

    again = freeze(ContentDocument.model_validate_json(payload))

    assert again == (digest, payload)
    assert thaw(*again) == thaw(digest, payload)


def test_digest_is_sixteen_hexadecimal_digits_and_the_releases_id() -> None:
    digest, payload = freeze(real_document())

    assert (len(digest), int(digest, 16) > 0, thaw(digest, payload).id) == (16, True, digest)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SMALL_ITEMS, "Cek mutasi", "Cek mutasI"),
        (SMALL_ITEMS, "feedback: Hampir.", "feedback: Hampir!"),
        (SMALL_ITEMS, "difficulty: 3", "difficulty: 4"),
        (SMALL_ITEMS, "high: 55", "high: 56"),
        (SMALL_ITEMS, "review_by: 2027-11-24", "review_by: 2027-11-23"),
        (SMALL_LESSON, "<b>Dua</b>", "<b>dua</b>"),
        (SMALL_LESSON, "minutes: 4", "minutes: 5"),
        (FORM, "correlation: 0.6", "correlation: 0.61"),
        (LEVELS, "cut_score: 38", "cut_score: 39"),
        (ADVICE, "goal_cut: 50", "goal_cut: 51"),
        (COACH, "difficulty_from: 3", "difficulty_from: 2"),
    ],
)
def test_digest_changes_with_a_single_letter(tmp_path: Path, file: str, old: str, new: str) -> None:
    made = small_desk(tmp_path)
    before = freeze(load(made.root))[0]
    made.replace(file, old, new)

    after = freeze(load(made.root))[0]

    assert after != before


@pytest.mark.parametrize(
    ("old", "new"),
    [("# Contoh\n", "# Contoh lain\n\n"), ("stem: Berapa?", 'stem: "Berapa?"'), ("score: 1\n", "score:   1\n")],
)
def test_digest_does_not_change_with_comments_quotes_or_spaces(tmp_path: Path, old: str, new: str) -> None:
    made = small_desk(tmp_path)
    before = freeze(load(made.root))
    made.replace(SMALL_ITEMS, old, new)

    assert freeze(load(made.root)) == before


def test_coaches_form_holds_their_dimensions_and_the_owners_under_one_name() -> None:
    owners = thaw(*freeze(real_document()))
    coaches = owners.under(Role.COACH)
    plans = {plan.dimension: plan for plan in coaches.form.dimensions}
    literacy, *others = coaches.form.areas

    assert set(plans) == {*OWNER_DIMENSIONS, *COACH_DIMENSIONS}
    assert sum(plans[d].questions for d in OWNER_DIMENSIONS) == 16
    assert {plans[d].questions for d in COACH_DIMENSIONS} == {3}
    assert {plans[d].difficulty_from for d in OWNER_DIMENSIONS} == {3}
    assert (literacy.dimension, literacy.parts) == (Dimension.LITERACY, OWNER_DIMENSIONS)
    assert [area.parts for area in others] == [(d,) for d in COACH_DIMENSIONS]
    assert plans[Dimension.SAFETY].name == owners.form.plan(Dimension.SAFETY).name
    assert coaches.model.areas == {area.dimension: area.parts for area in coaches.form.areas}
    assert [level.name for level in coaches.levels] == ["Belajar", "Pendamping", "Pembina Mandiri", "Pembina Rujukan"]
    assert (coaches.zones, coaches.id, coaches.habits) == (owners.zones, owners.id, ())


def test_release_from_before_the_coaches_form_has_only_the_owners() -> None:
    document = json.loads(freeze(real_document())[1])
    del document["coach"]

    release = thaw("lama", json.dumps(document))

    assert release.under(Role.COACH) is release


def test_items_of_every_format_become_the_cores(tmp_path: Path) -> None:
    choice, situation, multiple, number, habit = thaw(*freeze(load(small_desk(tmp_path).root))).items

    assert (choice.suits, choice.anchor, [o.score for o in choice.options]) == (
        frozenset({"kuliner"}),
        False,
        [1, 0, 0, 0],
    )
    assert [(s.title, s.url, s.review_by.isoformat()) for s in choice.sources] == [
        ("Kabar", "https://contoh.id/kabar", "2027-11-24")
    ]
    assert (situation.anchor, [o.score for o in situation.options]) == (True, [2, 1, 0, 0])
    assert (multiple.right_ticks, multiple.options[2]) == (0b11, Option("Tiga", 0, "Belum."))
    assert number == Item(
        "O2-904",
        Format.NUMBER,
        Dimension.SAFETY,
        4,
        Status.ACTIVE,
        "Berapa?",
        numeric=NumericKey(50, 45, 55, "buah"),
        feedback_right="Tepat.",
        feedback_wrong="Hitung lagi.",
    )
    assert habit == Item(
        "H-901",
        Format.HABIT,
        None,
        1,
        Status.ACTIVE,
        "Kapan terakhir?",
        (Option("Hari ini", 3, ""), Option("Kemarin", 1, ""), Option("Lama", 0, "")),
        supports=Dimension.RESPONSE,
    )


def test_lesson_becomes_the_cores(tmp_path: Path) -> None:
    (module,) = thaw(*freeze(load(small_desk(tmp_path).root))).modules

    found = (module.code, module.dimension, module.steps_from, module.steps_to, module.promotion, module.cards)
    assert found == ("M-O2-contoh", Dimension.SAFETY, 1, 2, False, ("<b>Satu</b>", "<b>Dua</b>", "<b>Tiga</b>"))
    assert [s.review_by.isoformat() for s in module.sources] == ["2027-11-24"]


def test_release_whose_translation_lacks_a_card_is_refused(tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    made.write(SMALL_LESSON.replace(".html", ".en.html"), "<b>One</b>\n=====\n<b>Two</b>\n=====\n<b>Three</b>\n")
    digest, payload = freeze(load(made.root))
    fields = json.loads(payload)
    fields["modules"][0]["cards"].append("<b>Empat</b>")

    assert thaw(digest, payload).modules[0].translations["en"] == ("<b>One</b>", "<b>Two</b>", "<b>Three</b>")
    with pytest.raises(ValidationError, match="terjemahan en punya 3 kartu, seharusnya 4"):
        thaw(digest, json.dumps(fields))


def test_rules_form_and_bands_arrive_whole() -> None:
    digest, stored = freeze(real_document())
    payload, real = json.loads(stored), thaw(digest, stored)

    assert real.model.difficulty == tuple(payload["form"]["model"]["difficulty"])
    assert [plan.questions for plan in real.form.dimensions] == [d["questions"] for d in payload["form"]["dimensions"]]
    assert [level.cut_score for level in real.levels] == [level["cut_score"] for level in payload["levels"]["levels"]]
    assert [zone.mark for zone in real.zones] == [zone["mark"] for zone in payload["levels"]["zones"]]
    assert {b: dict(w) for b, w in real.rules.business_weights.items()} == payload["advice"]["business_weights"]
    assert [(r.dimension, r.needs, r.at_least) for r in real.rules.prerequisites] == [
        (rule["dimension"], rule["needs"], rule["at_least"]) for rule in payload["advice"]["prerequisites"]
    ]
