"""The state of a language, what is wrong with a translation, and the PO file on its way out and back."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content import po
from bot.content.load import load
from bot.content.parts import differences, part_problems
from bot.content.po import NotPo, Said
from bot.content.problems import ContentRefused
from bot.content.schema import ContentDocument
from bot.content.translations import Entry, Kind, State, fault, survey
from bot.texts.catalogue import shipped
from tests.content.broken import small_desk
from tests.usecases.world import document, later_document

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def with_texts(base: ContentDocument, **texts: str) -> ContentDocument:
    """Return content with English texts of its own."""
    return base.model_copy(update={"translations": {"en": texts}})


def by_source(entries: list[Entry]) -> dict[str, Entry]:
    return {entry.source: entry for entry in entries}


def test_shipped_content_and_interface_are_translated_throughout() -> None:
    found = survey(document(), "en", (document(),))

    assert Counter(entry.state for entry in found) == {State.DONE: len(found)}
    assert {entry.kind for entry in found} == set(Kind)


def test_every_text_stands_in_the_list_once_with_all_its_places() -> None:
    found = survey(document(), "en")

    assert len({entry.source for entry in found}) == len(found)
    name = by_source(found)["cukup"]
    assert name.spots == (("levels", "zones.cukup.name"),)


def test_new_text_is_missing_and_one_that_changed_is_stale_with_what_it_was() -> None:
    changed = later_document("Kini")

    unknown, known = survey(changed, "en"), survey(changed, "en", (changed, document()))

    stem = document().items[0].stem
    new = f"Kini: {stem}"
    assert (by_source(unknown)[new].state, by_source(unknown)[new].said) == (State.MISSING, "")
    assert (by_source(known)[new].state, by_source(known)[new].was) == (State.STALE, stem)
    assert by_source(known)[new].said == by_source(survey(document(), "en"))[stem].said


def test_translation_that_travels_with_the_content_counts_first() -> None:
    found = by_source(survey(with_texts(document(), buah="items"), "en"))

    assert (found["buah"].said, found["buah"].state) == ("items", State.DONE)


def test_translation_of_an_earlier_release_is_offered_as_stale() -> None:
    earlier = with_texts(later_document("Kini"), **{f"Kini: {document().items[0].stem}": "Now: what?"})
    newest = later_document("Nanti")

    found = by_source(survey(newest, "en", (newest, earlier)))[f"Nanti: {document().items[0].stem}"]

    assert (found.state, found.said, found.was) == (State.STALE, "Now: what?", f"Kini: {document().items[0].stem}")


def test_card_is_stale_where_its_translation_once_stood_beside_other_words() -> None:
    changed = later_document("Kini")
    module = changed.modules[0]

    found = by_source(survey(changed, "en", (changed, document())))[module.cards[0]]

    assert (found.kind, found.state) == (Kind.CARD, State.STALE)
    assert (found.said, found.was) == (module.translations["en"][0], document().modules[0].cards[0])


def test_card_is_settled_once_somebody_says_that_its_translation_still_fits() -> None:
    changed = later_document("Kini")
    card, said = changed.modules[0].cards[0], changed.modules[0].translations["en"][0]

    found = survey(with_texts(changed, **{card: said}), "en", (changed, document()))

    assert by_source(found)[card].state is State.DONE


def test_card_is_missing_where_its_translation_is_the_card_itself_or_not_there() -> None:
    module = document().modules[0]
    repeated = module.model_copy(update={"translations": {"en": (module.cards[0], *module.translations["en"][1:])}})
    bare = module.model_copy(update={"translations": {}})

    states = [
        [
            entry.state
            for entry in survey(document().model_copy(update={"modules": (one,)}), "en")
            if entry.kind is Kind.CARD
        ]
        for one in (repeated, bare)
    ]

    assert states == [
        [State.MISSING, *[State.DONE] * (len(module.cards) - 1)],
        [State.MISSING] * len(module.cards),
    ]


def entry(source: str, kind: Kind = Kind.ITEM) -> Entry:
    return Entry(kind, (), source, "", State.MISSING)


@pytest.mark.parametrize(
    ("source", "said", "is_filled", "message"),
    [
        ("Halo %(name)s", "Hello %(name)s", True, None),
        ("Halo %(name)s", "Hello", True, "bagian ini harus sama seperti aslinya: %(name)s"),
        ("Halo {name}", "Hello {nama}", True, "bagian ini harus sama seperti aslinya: {name}, {nama}"),
        ("Halo", "Hello {name}", True, "bagian ini harus sama seperti aslinya: {name}"),
        ("<b>Halo</b>", "<b>Hello<b>", True, "bagian ini harus sama seperti aslinya: </b>, <b>"),
        ("<b>Halo</b>", "</b>Hello<b>", True, "tanda <b> atau <i> tidak berpasangan"),
        ("Ketik /hasil", "Type /result", True, "bagian ini harus sama seperti aslinya: /hasil, /result"),
        ("Setengah", "50 %", True, "ada tanda yang tidak boleh berdiri sendiri: %"),
        ("Setengah", "50 %", False, None),
        ("Kurung", "Brace {", True, "ada tanda yang tidak boleh berdiri sendiri: {"),
        ("Kurang", "a < b", False, "ada tanda yang tidak boleh berdiri sendiri: <"),
        ("Satu", "One\nTwo", False, "harus satu baris"),
        ("Pendek", "long " * 100, False, "jauh lebih panjang daripada aslinya"),
    ],
)
def test_broken_translation_is_told_in_words(source: str, said: str, is_filled: bool, message: str | None) -> None:
    assert fault(entry(source), said, is_filled=is_filled) == message


def test_every_shipped_translation_is_without_fault() -> None:
    found = [(one, fault(one, one.said, is_filled=one.kind is Kind.INTERFACE)) for one in survey(document(), "en")]

    assert [(one.source, wrong) for one, wrong in found if wrong] == []


def test_file_says_what_the_list_says_and_the_same_bytes_each_time() -> None:
    found = survey(document(), "en")

    file = po.written(found, "en", NOW)

    assert po.read(file.decode(), "en") == [Said(one.source, one.said) for one in found]
    assert po.written(survey(document(), "en"), "en", NOW) == file


def test_stale_text_is_fuzzy_in_the_file_and_brings_the_old_words() -> None:
    stale = Entry(Kind.ITEM, (("item:O1-001", "stem"),), "Baru", "Old", State.STALE, "Lama")

    file = po.written([stale, entry("Kosong")], "en", NOW).decode()

    assert '#: item:O1-001/stem\n#, fuzzy\n#| msgid "Lama"\nmsgid "Baru"\nmsgstr "Old"\n' in file
    assert po.read(file, "en") == []
    assert po.read(file.replace("#, fuzzy\n", ""), "en") == [Said("Baru", "Old")]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "bukan berkas PO",
        'msgstr "b"\n\nmsgid',
        "\x00\x01",
        "PK\x03\x04zip",
    ],
)
def test_other_files_are_refused(content: str) -> None:
    with pytest.raises(NotPo):
        po.read(content, "en")


def test_file_beside_the_content_is_read_back_and_always_the_same(tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    texts = {"hari": "days", "buah": "items", "Halo %(name)s": "Hello %(name)s", "Satu\n\nDua": "One\n\nTwo"}
    made.write("translations/en.po", po.kept(texts, "en"))

    found = load(made.root).translations

    assert found == {"en": texts}
    assert list(found["en"]) == sorted(texts)
    assert po.kept(found["en"], "en") == po.kept(dict(reversed(texts.items())), "en")


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("translations/xx.po", po.kept({"a": "b"}, "en"), ("berkas", "bahasa xx tidak dikenal")),
        ("translations/id.po", po.kept({"a": "b"}, "en"), ("berkas", "bahasa id tidak dikenal")),
        ("translations/en.po", b"bukan PO", ("berkas", "berkas ini tidak terbaca sebagai PO")),
        ("translations/en.po", po.kept({"{a}": "b"}, "en"), ("berkas", "bagian tetap berubah: {a}")),
    ],
)
def test_broken_file_beside_the_content_is_told(
    tmp_path: Path, file: str, content: bytes, told: tuple[str, str]
) -> None:
    made = small_desk(tmp_path)
    made.write(file, content)

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert [(problem.file, problem.field, problem.message) for problem in refused.value.problems] == [
        (f"content/{file}", *told)
    ]


def test_check_tells_of_a_sign_that_would_break_a_sentence_of_the_bot(tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    source = next(text for text in shipped("en", "bot") if "%" not in text and "{" not in text)
    made.write("translations/en.po", po.kept({source: "100 %"}, "en"))

    found = [problem for problem in made.problems() if problem.file == "content/translations/en.po"]

    assert [problem.message for problem in found] == ["ada tanda yang tidak boleh berdiri sendiri: %"]
    assert [p.message for p in part_problems("translation:en", {source: "100 %"}, today=NOW.date())] == [
        "ada tanda yang tidak boleh berdiri sendiri: %"
    ]


def test_changed_translation_is_told_by_the_text_itself() -> None:
    before, after = (
        {"translation:en": {"Jalan. Lalu belok.": "Go."}},
        {"translation:en": {"Jalan. Lalu belok.": "Walk."}},
    )

    assert list(map(str, differences(before, after))) == [
        "Terjemahan Inggris, Jalan. Lalu belok.: “Go.” menjadi “Walk.”"
    ]
