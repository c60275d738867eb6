"""A release in parts: taken apart and put together again, checked, and compared in plain words."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date

import pytest

from bot.content.field_words import field_words, part_words
from bot.content.item_schema import PictureItem
from bot.content.lint import check
from bot.content.parts import (
    JSON,
    assemble,
    differences,
    document_problems,
    is_part,
    part_problems,
    schema_problems,
    split,
    with_drafts,
)
from bot.content.problems import ContentRefused, Problem
from bot.content.release import freeze
from bot.content.schema import ContentDocument
from bot.core.item import Dimension
from bot.core.person import Business
from tests.core.builders import CONTENT, TODAY
from tests.usecases.world import document

ITEM, LESSON = "item:O3-001", "module:M-O2-cek-mutasi"
SHOWN = next(item for item in document().items if isinstance(item, PictureItem))


@pytest.fixture(scope="module")
def parts() -> dict[str, JSON]:
    return split(document())


def _told(before: dict[str, JSON], part: str, change: Callable[[JSON], JSON]) -> list[str]:
    after = before | {part: change(deepcopy(before[part]))}
    return [str(each) for each in differences(before, after)]


# Apart and together


def test_release_taken_apart_and_put_together_is_the_same(parts: dict[str, JSON]) -> None:
    assert freeze(assemble(parts)) == freeze(document())


def test_every_part_has_the_name_of_a_part(parts: dict[str, JSON]) -> None:
    assert [name for name in parts if not is_part(name)] == []
    assert {name.partition(":")[0] for name in parts} == {
        "form", "levels", "coach", "advice", "exposure", "glossary", "sessions", "item", "module", "probe", "picture",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["bank", "item", "item:", "item:O9-001", "module:M-O2-", "picture:../x", "x:y", ""])
def test_other_names_are_none_of_a_part(name: str) -> None:
    assert not is_part(name)
    assert [p.message for p in schema_problems(name, {})] == [f"bagian {name} tidak dikenal"]


def test_parts_in_any_order_make_the_document_in_theirs(parts: dict[str, JSON]) -> None:
    backwards = assemble(dict(reversed(parts.items())))

    assert backwards.items == document().items[::-1]
    assert backwards.levels == document().levels


@pytest.mark.parametrize("missing", ["form", "levels", "advice"])
def test_document_without_what_it_needs_is_refused(parts: dict[str, JSON], missing: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        assemble({name: payload for name, payload in parts.items() if name != missing})

    assert refused.value.problems == (Problem(missing, 1, "", "bagian ini wajib ada"),)


def test_release_from_before_the_coaches_and_the_sessions_can_be_taken_apart(parts: dict[str, JSON]) -> None:
    old = document().model_copy(update={"coach": None, "sessions": None})

    assert assemble(split(old)) == old
    assert [p.file for p in document_problems(old, today=TODAY) if p.message == "bagian ini wajib ada"] == [
        "coach", "sessions",
    ]  # fmt: skip


def test_all_faults_of_all_parts_are_told_at_once(parts: dict[str, JSON]) -> None:
    broken = parts | {ITEM: parts[ITEM] | {"stem": ""}, "levels": parts["levels"] | {"zones": []}}

    with pytest.raises(ContentRefused) as refused:
        assemble(broken)

    assert [(p.file, p.field) for p in refused.value.problems] == [("levels", "zones"), (ITEM, "stem")]


# Drafts over parts


def test_drafts_lie_over_the_release_and_new_parts_stand_with_their_kin(parts: dict[str, JSON]) -> None:
    fresh = {name: parts[like] | {"code": name.partition(":")[2]} for name, like in (
        ("item:O3-098", ITEM), ("module:M-O2-bbb", LESSON), ("probe:P-099", "probe:P-001"),
    )}  # fmt: skip

    merged = with_drafts(parts, {ITEM: None, **fresh, "picture:aaa": "<svg/>"})

    names = list(merged)
    made = assemble(merged)
    assert ITEM not in merged
    assert [i.code for i in made.items if i.code.startswith("O3")][-1] == "O3-098"
    assert names[names.index("item:O3-098") + 1] == "item:O7-001"
    assert [m.code for m in made.modules] == sorted(
        (m.code for m in made.modules), key=lambda code: (code.split("-")[1], f"{code.split('-', 2)[2]}.html.j2")
    )
    assert made.practice.probes[-1].code == "P-099"
    assert next(iter(made.pictures)) == "aaa"


# Problems


def test_shipped_parts_have_no_problems(parts: dict[str, JSON]) -> None:
    found = {part: part_problems(part, payload, today=TODAY) for part, payload in parts.items()}

    assert {part: told for part, told in found.items() if any(not p.is_warning for p in told)} == {}


def test_whole_without_files_is_told_what_the_files_are_told() -> None:
    with_files = [(p.message, p.is_warning) for p in check(CONTENT, today=TODAY)]

    without = [(p.message, p.is_warning) for p in document_problems(document(), today=TODAY)]

    assert sorted(without) == sorted(with_files)


def _swap(code: str, **changed: object) -> Callable[[ContentDocument], ContentDocument]:
    def change(whole: ContentDocument) -> ContentDocument:
        items = tuple(i.model_copy(update=changed) if i.code == code else i for i in whole.items)
        return whole.model_copy(update={"items": items})

    return change


WHOLE: dict[str, tuple[Callable[[ContentDocument], ContentDocument], tuple[str, str, str]]] = {
    "picture that is not there": (
        lambda whole: whole.model_copy(update={"pictures": {}}),
        (f"item:{SHOWN.code}", "picture", f"gambar {SHOWN.picture} tidak ada"),
    ),
    "picture that nobody shows": (
        lambda whole: whole.model_copy(update={"pictures": {**whole.pictures, "lama": "<svg/>"}}),
        ("picture:lama", "", "gambar ini tidak dipakai butir mana pun"),
    ),
    "share of an item that is not there": (
        lambda whole: whole.model_copy(
            update={"exposure": whole.exposure.model_copy(update={"admitted": {"O1-999": 0.5}})}
        ),
        ("exposure", "admitted.O1-999", "butir ini tidak ada"),
    ),
    "two questions alike": (
        lambda whole: _swap("O3-002", stem=whole.items[0].stem)(whole),
        ("item:O3-002", "stem", "terlalu mirip dengan O3-001"),
    ),
    "lesson that is advised and missing": (
        lambda whole: whole.model_copy(
            update={"advice": whole.advice.model_copy(update={"safety_module": "M-O2-lain"})}
        ),
        ("advice", "safety_module", "modul M-O2-lain tidak ada"),
    ),
}


@pytest.mark.parametrize("case", WHOLE.values(), ids=WHOLE.keys())
def test_fault_of_the_whole_is_told_at_its_part(
    case: tuple[Callable[[ContentDocument], ContentDocument], tuple[str, str, str]],
) -> None:
    spoil, told = case

    found = [(p.file, p.field, p.message) for p in document_problems(spoil(document()), today=TODAY)]

    assert told in found


@pytest.mark.parametrize("payload", [None, 7, "teks", [], {}, {"format": "pilihan"}, {"code": object()}, {1: 2}])
def test_any_payload_is_told_and_nothing_breaks(payload: JSON) -> None:
    assert part_problems(ITEM, payload, today=TODAY) != []


def test_part_that_is_too_long_is_told() -> None:
    (problem,) = part_problems(ITEM, {"stem": "a" * 200_000}, today=TODAY)

    assert problem.message.startswith("terlalu panjang")


def test_overdue_fact_of_a_part_is_a_warning(parts: dict[str, JSON]) -> None:
    (problem,) = part_problems(ITEM, parts[ITEM], today=date(2027, 6, 1))

    assert (problem.field, problem.is_warning) == ("sources", True)


# Words


SAID: dict[str, tuple[str, Callable[[JSON], JSON], list[str]]] = {
    "text": (
        ITEM, lambda p: p | {"stem": "Apa?"},
        ["Butir O3-001, pertanyaan: “{stem}” menjadi “Apa?”"],
    ),
    "yes and no": (
        ITEM, lambda p: p | {"anchor": False},
        ["Butir O3-001, butir jangkar: “ya” menjadi “tidak”"],
    ),
    "points of an option": (
        ITEM, lambda p: p | {"options": [p["options"][0] | {"score": 1}, *p["options"][1:]]},
        ["Butir O3-001, pilihan A, nilai: “0” menjadi “1”"],
    ),
    "short list as one": (
        ITEM, lambda p: p | {"suits": ["kuliner", "jasa"]},
        ["Butir O3-001, jenis usaha: “(kosong)” menjadi “kuliner, jasa”"],
    ),
    "decimal": (
        "levels", lambda p: p | {"levels": [p["levels"][0], p["levels"][1] | {"cut_score": 39.5}, *p["levels"][2:]]},
        ["Tingkat dan zona, tingkat 2, mulai nilai: “38” menjadi “39,5”"],
    ),
    "card": (
        LESSON, lambda p: p | {"cards": [*p["cards"][:-1], "<b>Akhir</b>"]},
        ["Pelajaran M-O2-cek-mutasi, kartu 7: “{last}” menjadi “<b>Akhir</b>”"],
    ),
    "share that goes": (
        "exposure", lambda p: {"admitted": {c: s for c, s in p["admitted"].items() if c != "O1-001"}},
        ["Butir yang dijarangkan, bagian asesmen yang boleh menanyakan, O1-001: dihapus, tadinya “0,65”"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID.values(), ids=SAID.keys())
def test_change_is_said_in_plain_words(
    parts: dict[str, JSON], case: tuple[str, Callable[[JSON], JSON], list[str]]
) -> None:
    part, change, said = case
    known = {"stem": parts[ITEM]["stem"], "last": parts[LESSON]["cards"][-1]}

    assert _told(parts, part, change) == [
        line.replace("{stem}", known["stem"]).replace("{last}", known["last"]) for line in said
    ]


def test_entry_put_in_between_does_not_make_those_below_look_changed(parts: dict[str, JSON]) -> None:
    words = parts["glossary"]["words"]
    new = words[0] | {"word": "baru", "also": []}

    told = _told(parts, "glossary", lambda p: {"words": [p["words"][0], new, *p["words"][1:]]})

    assert len(told) == 1 and told[0].startswith("Kata sulit, kata 2: baru, “kata: baru;")


def test_part_that_comes_or_goes_is_said_once(parts: dict[str, JSON]) -> None:
    left = {name: payload for name, payload in parts.items() if name != ITEM}

    gone, come = differences(parts, left), differences(left, parts)

    stem = parts[ITEM]["stem"]
    assert [str(each) for each in gone] == [f"Butir O3-001, seluruh bagian: dihapus, tadinya “{stem}”"]
    assert [str(each) for each in come] == [f"Butir O3-001, seluruh bagian: baru, “{stem}”"]


def test_same_parts_have_no_differences(parts: dict[str, JSON]) -> None:
    assert differences(parts, deepcopy(parts)) == []


def _keys(payload: JSON) -> set[str]:
    if isinstance(payload, dict):
        return {str(key) for key in payload} | {key for entry in payload.values() for key in _keys(entry)}
    return {key for entry in payload for key in _keys(entry)} if isinstance(payload, list) else set()


def test_every_field_of_the_content_has_words(parts: dict[str, JSON]) -> None:
    names = {"status", *Dimension, *Business}
    shown = {key for part, payload in parts.items() if part != "exposure" for key in _keys(payload)}

    assert {key for key in shown if field_words(key) == key} - names == set()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "seluruh bagian"),
        ("options.1.feedback", "pilihan B, tanggapan"),
        ("turns.0.options.2.text", "giliran 1, pilihan C, teks"),
        ("translations.en.0", "terjemahan, Inggris, kartu 1"),
        ("sources.0.review_by", "sumber 1, dibaca ulang paling lambat"),
        ("length.enough_seen", "panjang asesmen, pertanyaan per bidang yang cukup"),
    ],
)
def test_path_is_said_in_words(path: str, words: str) -> None:
    assert field_words(path) == words


def test_part_is_said_in_words() -> None:
    assert [part_words(part) for part in (ITEM, "form", "translation:en")] == [
        "Butir O3-001", "Susunan asesmen pemilik", "Terjemahan Inggris",
    ]  # fmt: skip
