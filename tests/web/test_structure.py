"""Forms, levels, advice, words and scripts on the web: what is kept, refused, merged and never lost."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from bot.core.access import Viewer
from bot.core.person import Person
from bot.store import audit
from bot.store.audit import Wanted
from bot.usecases import editing
from bot.web.fields import YES
from tests.web.classroom import ADMIN, Classroom, SignedIn, staff

FIELD = re.compile(
    r'<input\b[^>]*\bname="([^"]+)"[^>]*>|<textarea\b[^>]*\bname="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL
)
SELECT = re.compile(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
FORM = re.compile(r'<form class="structure".*?</form>', re.DOTALL)
LEVELS = "/isi/susunan/levels"
ADVICE = "/isi/susunan/advice"
GLOSSARY = "/isi/susunan/glossary"


def filled(page: httpx.Response) -> dict[str, str | list[str]]:
    """Return the form of a page as a browser would send it."""
    form = FORM.search(page.text)
    assert form is not None, page.text
    said: dict[str, str | list[str]] = {}
    for found in FIELD.finditer(form[0]):
        tag, name = found[0], found[1] or found[2]
        if found[2]:
            said[name] = html.unescape(found[3])
        elif 'type="checkbox"' not in tag or " checked" in tag:
            value = re.search(r'value="([^"]*)"', tag)
            said[name] = html.unescape(value[1]) if value else ""
    for name, options in SELECT.findall(form[0]):
        chosen = re.search(r'value="([^"]*)" selected', options)
        said[name] = html.unescape(chosen[1]) if chosen else ""
    return {name: value for name, value in said.items() if name != "tanda"}


def now(room: Classroom, part: str) -> Any:
    """Return what a part says in the working copy."""
    viewer = Viewer(room.admin, is_admin=True)
    return room.world.do(lambda s: editing.open_part(s, viewer=viewer, part=part, library=room.world.library).payload)


def log(room: Classroom) -> list[tuple[str | None, str, str]]:
    found = room.world.do(lambda s: list(audit.entries(s, Wanted(), limit=50)))
    return [(entry.actor_name, entry.act, entry.thing) for entry in reversed(found)]


@pytest.fixture
def ayu(room: Classroom) -> SignedIn:
    return room.signs_in(room.admin)


def second_admin(room: Classroom) -> SignedIn:
    other: Person = staff(room.world, ADMIN + 1, "Tomo")
    object.__setattr__(room.site, "admins", frozenset({ADMIN, ADMIN + 1}))
    return room.signs_in(other)


def sends(browser: SignedIn, path: str, form: dict[str, str | list[str]], **changes: str) -> httpx.Response:
    return browser.ask("POST", path, {"tanda": browser.mark(LEVELS), **form, **changes})


def test_number_is_kept_with_a_draft_and_a_line_in_the_log(room: Classroom, ayu: SignedIn) -> None:
    answer = sends(ayu, LEVELS, filled(ayu.get(LEVELS)), **{"levels.2.cut_score": "52,5"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{LEVELS}?catatan=simpan")
    assert now(room, "levels")["levels"][2]["cut_score"] == 52.5
    assert log(room) == [("Ayu", "content.save", "levels")]
    assert "Diubah Ayu, 24 Nov 2026, belum terbit" in ayu.get(LEVELS).text
    assert "Diubah Ayu" in ayu.get("/isi/susunan").text


def test_saving_what_nobody_touched_changes_nothing(room: Classroom, ayu: SignedIn) -> None:
    for part in ("form", "coach", "levels", "advice"):
        path = f"/isi/susunan/{part}"
        before = now(room, part)

        assert sends(ayu, path, filled(ayu.get(path))).status_code == 303
        assert now(room, part) == before
    assert log(room) == []


def test_wrong_number_is_told_beside_its_field_and_nothing_typed_is_lost(room: Classroom, ayu: SignedIn) -> None:
    form = filled(ayu.get(LEVELS))

    answer = sends(ayu, LEVELS, form, **{"levels.2.cut_score": "lima puluh", "levels.2.meaning": "mandiri betul"})

    again = filled(answer)
    assert answer.status_code == 422
    assert (again["levels.2.cut_score"], again["levels.2.meaning"]) == ("lima puluh", "mandiri betul")
    assert 'name="levels.2.cut_score" aria-invalid="true"' in answer.text
    assert '<ul class="wrongs" id="f-levels-2-cut_score-x"><li>Perbaiki: harus berupa bilangan</li></ul>' in answer.text
    assert log(room) == []


@pytest.mark.parametrize(
    "path", ["/isi/susunan/items", f"{GLOSSARY}?pilih=tidak+ada", "/isi/susunan/sessions?pilih=%2B"]
)
def test_page_of_nothing_is_missing(ayu: SignedIn, path: str) -> None:
    assert ayu.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/isi/susunan/exposure", GLOSSARY, "/isi/susunan/sessions"])
def test_list_as_a_whole_takes_no_form(room: Classroom, ayu: SignedIn, path: str) -> None:
    assert sends(ayu, path, {"versi": "1"}).status_code == 404
    assert log(room) == []


def test_row_is_added_before_saving_and_taken_out_with_it(room: Classroom, ayu: SignedIn) -> None:
    before = now(room, "advice")["prerequisites"]

    grown = sends(ayu, ADVICE, filled(ayu.get(ADVICE)), tambah="prerequisites", goal_cut="51")
    new = {"prerequisites.2.dimension": "O5", "prerequisites.2.needs": "O2", "prerequisites.2.at_least": "45"}
    saved = sends(ayu, ADVICE, filled(grown), **new, **{"prerequisites.0!hapus": "1"})

    assert (grown.status_code, saved.status_code) == (200, 303)
    assert now(room, "advice")["prerequisites"] == [before[1], {"dimension": "O5", "needs": "O2", "at_least": 45.0}]
    assert now(room, "advice")["goal_cut"] == 51.0


def test_weights_are_set_and_cleared(room: Classroom, ayu: SignedIn) -> None:
    form = filled(ayu.get(ADVICE))

    sends(ayu, ADVICE, form, **{"business_weights.kriya.O7": "", "business_weights.warung.O2": "1,3"})

    weights = now(room, "advice")["business_weights"]
    assert "kriya" not in weights
    assert weights["warung"] == {"O2": 1.3}
    assert weights["kuliner"] == {"O7": 1.2, "O3": 1.1}


def test_weight_out_of_bounds_is_told_beside_it(ayu: SignedIn) -> None:
    answer = sends(ayu, ADVICE, filled(ayu.get(ADVICE)), **{"business_weights.warung.O2": "3"})

    assert answer.status_code == 422
    assert 'id="f-business_weights-warung-O2-x"><li>Perbaiki: paling besar 2</li>' in answer.text


def test_bound_of_a_share_is_told_in_percent(ayu: SignedIn) -> None:
    answer = sends(ayu, ADVICE, filled(ayu.get(ADVICE)), group_part="60")

    assert 'id="f-group_part-x"><li>Perbaiki: paling besar 50</li>' in answer.text


def test_changes_of_two_admins_in_different_fields_both_stand(room: Classroom, ayu: SignedIn) -> None:
    tomo = second_admin(room)
    mine, theirs = filled(ayu.get(LEVELS)), filled(tomo.get(LEVELS))
    sends(tomo, LEVELS, theirs, **{"levels.2.cut_score": "52"})

    answer = sends(ayu, LEVELS, mine, **{"levels.3.cut_score": "70"})

    assert answer.headers["location"] == f"{LEVELS}?catatan=gabung"
    assert [level["cut_score"] for level in now(room, "levels")["levels"]] == [0, 38, 52, 70]


def test_same_field_of_two_admins_is_shown_with_both_before_the_second_wins(room: Classroom, ayu: SignedIn) -> None:
    tomo = second_admin(room)
    mine, theirs = filled(ayu.get(LEVELS)), filled(tomo.get(LEVELS))
    sends(tomo, LEVELS, theirs, **{"levels.2.cut_score": "52", "levels.1.name": "Kuncup"})

    answer = sends(ayu, LEVELS, mine, **{"levels.2.cut_score": "55"})

    shown = filled(answer)
    assert answer.status_code == 409
    assert "Tomo mengubah isian yang sama" in answer.text
    assert "Yang tersimpan sekarang: <b>52</b>" in answer.text
    assert (shown["levels.2.cut_score"], shown["levels.1.name"]) == ("55", "Kuncup")
    assert now(room, "levels")["levels"][2]["cut_score"] == 52
    assert sends(ayu, LEVELS, shown).status_code == 303
    assert [level["cut_score"] for level in now(room, "levels")["levels"]] == [0, 38, 55, 63]
    assert now(room, "levels")["levels"][1]["name"] == "Kuncup"


def test_row_added_to_an_old_form_still_remembers_what_it_began_with(room: Classroom, ayu: SignedIn) -> None:
    tomo = second_admin(room)
    mine, theirs = filled(ayu.get(ADVICE)), filled(tomo.get(ADVICE))
    sends(tomo, ADVICE, theirs, goal_cut="53")

    grown = sends(ayu, ADVICE, mine, tambah="prerequisites")
    saved = sends(ayu, ADVICE, {**filled(grown), "prerequisites.2!hapus": "1"}, retest_days="40")

    assert saved.headers["location"] == f"{ADVICE}?catatan=gabung"
    assert (now(room, "advice")["goal_cut"], now(room, "advice")["retest_days"]) == (53.0, 40)


def test_words_of_two_admins_do_not_meet(room: Classroom, ayu: SignedIn) -> None:
    tomo = second_admin(room)
    mine, theirs = filled(ayu.get(f"{GLOSSARY}?pilih=mutasi")), filled(tomo.get(f"{GLOSSARY}?pilih=saldo"))
    sends(tomo, GLOSSARY, theirs, id="Uang yang ada sekarang.")

    sends(ayu, GLOSSARY, mine, id="Catatan uang masuk dan keluar.")

    meanings = {word["word"]: word["id"] for word in now(room, "glossary")["words"]}
    assert (meanings["mutasi"], meanings["saldo"]) == ("Catatan uang masuk dan keluar.", "Uang yang ada sekarang.")


def test_word_is_added_found_and_taken_out(room: Classroom, ayu: SignedIn) -> None:
    new = {"word": "kurir instan", "also": "kurir kilat\n\n ojek paket ", "hidden_in": "o2-002, O6-001"}
    meanings = {
        "id": "Pengantar paket hari itu juga.",
        "jv": "Sing ngeterake paket dina iku.",
        "su": "Nu nganteurkeun paket dinten eta.",
    }

    added = sends(ayu, GLOSSARY, filled(ayu.get(f"{GLOSSARY}?pilih=%2B")), **new, **meanings)

    assert added.status_code == 303
    assert now(room, "glossary")["words"][-1] == {
        **new,
        **meanings,
        "also": ["kurir kilat", "ojek paket"],
        "hidden_in": ["O2-002", "O6-001"],
    }
    assert "kurir instan" in ayu.get(f"{GLOSSARY}?cari=KILAT").text
    gone = sends(ayu, GLOSSARY, filled(ayu.get(f"{GLOSSARY}?pilih=kurir+instan")), hapus="1")
    assert gone.headers["location"] == f"{GLOSSARY}?catatan=hapus"
    assert "kurir instan" not in [word["word"] for word in now(room, "glossary")["words"]]


def test_word_that_is_there_twice_is_refused_above_the_form(room: Classroom, ayu: SignedIn) -> None:
    form = filled(ayu.get(f"{GLOSSARY}?pilih=saldo"))

    answer = sends(ayu, GLOSSARY, form, word="mutasi")

    assert answer.status_code == 422
    assert "kata ini ada dua kali: mutasi" in answer.text
    assert filled(answer)["word"] == "mutasi"
    assert log(room) == []


def test_word_that_somebody_else_took_out_is_kept_only_after_a_question(room: Classroom, ayu: SignedIn) -> None:
    tomo = second_admin(room)
    mine, theirs = filled(ayu.get(f"{GLOSSARY}?pilih=saldo")), filled(tomo.get(f"{GLOSSARY}?pilih=saldo"))
    sends(tomo, GLOSSARY, theirs, hapus="1")

    asked = sends(ayu, GLOSSARY, mine, id="Uang di rekening.")
    kept = sends(ayu, GLOSSARY, filled(asked))

    assert (asked.status_code, kept.status_code) == (409, 303)
    assert "sudah dihapus orang lain" in asked.text
    assert now(room, "glossary")["words"][-1]["id"] == "Uang di rekening."


def test_word_that_somebody_else_changed_is_not_taken_out(room: Classroom, ayu: SignedIn) -> None:
    tomo = second_admin(room)
    mine, theirs = filled(ayu.get(f"{GLOSSARY}?pilih=saldo")), filled(tomo.get(f"{GLOSSARY}?pilih=saldo"))
    sends(tomo, GLOSSARY, theirs, id="Uang yang ada sekarang.")

    answer = sends(ayu, GLOSSARY, mine, hapus="1")

    assert answer.status_code == 409
    assert "saldo" in [word["word"] for word in now(room, "glossary")["words"]]


def test_script_is_changed_line_by_line(room: Classroom, ayu: SignedIn) -> None:
    path = "/isi/susunan/sessions"

    saved = sends(ayu, path, filled(ayu.get(f"{path}?pilih=O2")), bring="Kertas besar\nPulpen untuk semua")
    refused = sends(ayu, path, filled(ayu.get(f"{path}?pilih=O2")), bring="a\nb\nc\nd")

    assert saved.status_code == 303
    assert now(room, "sessions")["sessions"][1]["bring"] == ["Kertas besar", "Pulpen untuk semua"]
    assert refused.status_code == 422
    assert 'id="f-bring-x"><li>Perbaiki: ada 4, paling banyak 3</li>' in refused.text


def test_changes_are_thrown_away_unless_somebody_changed_them_since(room: Classroom, ayu: SignedIn) -> None:
    original = now(room, "levels")
    sends(ayu, LEVELS, filled(ayu.get(LEVELS)), **{"levels.2.cut_score": "52"})
    version = str(filled(ayu.get(LEVELS))["versi"])
    sends(ayu, LEVELS, filled(ayu.get(LEVELS)), **{"levels.2.cut_score": "53"})

    late = sends(ayu, LEVELS, {"versi": version, "buang": "1"})
    kept = now(room, "levels")
    thrown = sends(ayu, LEVELS, {"versi": str(filled(ayu.get(LEVELS))["versi"]), "buang": "1"})

    assert late.headers["location"] == f"{LEVELS}?catatan=berubah"
    assert kept["levels"][2]["cut_score"] == 53.0
    assert thrown.headers["location"] == f"{LEVELS}?catatan=buang"
    assert now(room, "levels") == original
    assert log(room)[-1] == ("Ayu", "content.discard", "levels")


def test_tick_is_read_as_yes_and_its_absence_as_no(room: Classroom, ayu: SignedIn) -> None:
    path = "/isi/susunan/form"
    form = filled(ayu.get(path))
    form.pop("dimensions.1.asks_confidence")

    sends(ayu, path, form, **{"dimensions.0.asks_confidence": YES})

    asked = [plan["asks_confidence"] for plan in now(room, "form")["dimensions"]]
    assert asked == [True, False, False, False, False, True, True, False]


def test_list_that_a_program_writes_is_shown(ayu: SignedIn) -> None:
    text = ayu.get("/isi/susunan/exposure").text

    assert re.search(r'<dt><a href="/isi/butir/O1-001">O1-001</a></dt>.*?65%', text)
