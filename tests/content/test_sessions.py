"""Scripts of group sessions: one for each dimension of owners, short, kind, and the same after freezing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.content.load import load
from bot.content.problems import ContentRefused, Problem
from bot.content.release import freeze, thaw
from bot.content.session_rules import SCRIPT_LIMIT
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.release import SessionScript
from tests.content.broken import BANK, SESSIONS, Desk, light_desk
from tests.core.builders import CONTENT

SCRIPT = """  - dimension: {dimension}
    bring: [Kertas dan pulpen]
    ask: Pernah mengalami?
    show: [Tunjuk., Ucapkan.]
    practise: [Duduk berdua., Coba sendiri.]
    agree: Minggu ini, coba tiga kali.
    watch: "“Sulit.” Akui, lalu temani."
    split: Menemani satu teman.
"""


@pytest.fixture
def made(tmp_path: Path) -> Desk:
    small = light_desk(tmp_path)
    small.write(SESSIONS, "sessions:\n" + "".join(SCRIPT.format(dimension=d) for d in OWNER_DIMENSIONS))
    return small


def test_script_reaches_the_release_as_written(made: Desk) -> None:
    release = thaw(*freeze(load(made.root)))

    assert list(release.sessions) == list(OWNER_DIMENSIONS)
    assert release.sessions[Dimension.RESPONSE] == SessionScript(
        bring=("Kertas dan pulpen",),
        ask="Pernah mengalami?",
        show=("Tunjuk.", "Ucapkan."),
        practise=("Duduk berdua.", "Coba sendiri."),
        agree="Minggu ini, coba tiga kali.",
        watch="“Sulit.” Akui, lalu temani.",
        split="Menemani satu teman.",
    )


def test_release_from_before_the_scripts_has_none() -> None:
    digest, payload = freeze(load(CONTENT))
    older = json.loads(payload)
    del older["sessions"]

    release = thaw(digest, json.dumps(older))

    assert release.sessions == {}
    assert release.items == thaw(digest, payload).items


@pytest.mark.parametrize("other", ["O2", "C1"])
def test_every_dimension_of_owners_has_one_script(made: Desk, other: str) -> None:
    made.replace(SESSIONS, "dimension: O5", f"dimension: {other}")

    message = "setiap dimensi O1–O8 harus ada tepat satu kali"
    assert made.problems() == [Problem(f"content/{SESSIONS}", 1, "berkas", message)]


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("[Tunjuk., Ucapkan.]", "[Tunjuk.]", "show", "ada 1, paling sedikit 2"),
        ("[Tunjuk., Ucapkan.]", "[a, b, c, d, e]", "show", "ada 5, paling banyak 4"),
        ("[Kertas dan pulpen]", "[a, b, c, d]", "bring", "ada 4, paling banyak 3"),
        ("Pernah mengalami?", "a" * 141, "ask", "terlalu panjang, paling banyak 140 huruf"),
        ("Menemani satu teman.", "<b>Temani</b>", "split", "tidak boleh memuat tanda < atau >"),
        ("    ask: Pernah mengalami?\n", "", "ask", "wajib diisi"),
    ],
)
def test_script_of_another_shape_is_told(made: Desk, old: str, new: str, field: str, message: str) -> None:
    made.replace(SESSIONS, old, new)

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert [(p.field, p.message) for p in refused.value.problems] == [(f"sessions.0.{field}", message)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Akui, lalu temani.", "Jangan sampai gagal.", "kata yang tidak ramah: gagal"),
        ("Pernah mengalami?", "Sudah punya NIB?", "aturan perlu sumber dan tanggal, jadi tempatnya di pelajaran: NIB"),
        ("Pernah mengalami?", "Tunggu dulu ....", "ada tanda yang tidak boleh: Tunggu dulu ...."),
        ("Menemani satu teman.", "ia " * 31, f"kalimat terlalu panjang: {('ia ' * 31)[:60]}…"),
    ],
)
def test_words_that_do_not_belong_in_a_script_are_told_at_its_line(
    made: Desk, old: str, new: str, message: str
) -> None:
    line = made.line(SESSIONS, "- dimension: O1")
    made.replace(SESSIONS, old, new)

    assert made.problems() == [Problem(f"content/{SESSIONS}", line, "O1", message)]


def test_script_longer_than_half_a_message_is_told(made: Desk) -> None:
    steps = ", ".join(["Coba pelan-pelan. " * 7] * 4)
    made.replace(SESSIONS, "[Tunjuk., Ucapkan.]", f"[{steps}]")
    made.replace(SESSIONS, "[Duduk berdua., Coba sendiri.]", f"[{steps}]")
    made.replace(SESSIONS, "Pernah mengalami?", "Pernah mengalami? " * 7)
    made.replace(SESSIONS, "Akui, lalu temani.", "Temani. " * 16)

    (problem,) = made.problems()

    assert re.fullmatch(rf"naskahnya 1\d\d\d huruf, paling banyak {SCRIPT_LIMIT}", problem.message)


def test_script_of_long_sentences_is_told(made: Desk) -> None:
    sentence = "satu dua tiga empat lima enam"
    made.replace(BANK, "median_sentence: 14", "median_sentence: 5")
    made.replace(SESSIONS, "[Tunjuk., Ucapkan.]", f"[{', '.join([sentence] * 4)}]")
    made.replace(SESSIONS, "[Duduk berdua., Coba sendiri.]", f"[{', '.join([sentence] * 4)}]")

    found = [p.message for p in made.problems() if p.field == "O1"]

    assert found == ["kalimat tengahnya 6 kata, paling banyak 5"]
