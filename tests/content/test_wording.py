"""The texts that catalogues translate: none that people read is left out, and each says where it stands."""

from __future__ import annotations

from bot.content.release import freeze, thaw
from bot.content.wording import wordings
from tests.usecases.world import document


def test_every_text_of_every_item_is_translatable() -> None:
    found: dict[str, set[str]] = {}
    for wording in wordings(document()):
        found.setdefault(wording.part, set()).add(wording.text)

    for item in thaw(*freeze(document())).items:
        assert found[f"item:{item.code}"] == set(item.texts), item.code


def test_every_text_has_a_place_of_its_own() -> None:
    places = [(wording.part, wording.field) for wording in wordings(document())]

    assert len(places) > 1500
    assert len(set(places)) == len(places)


def test_field_is_the_path_inside_the_part() -> None:
    by_text = {wording.text: (wording.part, wording.field, wording.place) for wording in wordings(document())}
    entry = next(item for item in document().items if item.code == "O6-001")

    assert by_text[entry.stem] == ("item:O6-001", "stem", "O6-001")
    assert by_text["mandiri, tinggal dirapikan"] == ("levels", "levels.3.meaning", "level")
    assert by_text["Mendampingi orang dewasa"] == ("coach", "dimensions.C2.name", "coach")
