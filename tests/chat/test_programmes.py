"""/program: the country in a few lines for an admin, as if unknown to everybody else, and never about a few."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.programme import Scope
from tests.stage import ADMIN, JOKO, SARI, STRANGER, Stage
from tests.store.country import JUNE, Someone, settle, several
from tests.usecases.world import World

BANDUNG = Scope("BBI", "32", "3273")


@pytest.fixture
def admin(play: Stage) -> Stage:
    play.joins(ADMIN)
    return play


def fills(play: Stage, people: list[Someone]) -> None:
    """Let people be there since June, and it be July or later."""
    settle(World(play.app.database, play.library), people)
    play.clock.advance(max(JUNE - play.clock.now(), timedelta()) + timedelta(days=31))


def test_admin_reads_the_country_and_goes_on_to_the_web(admin: Stage) -> None:
    fills(admin, [*several(12, BANDUNG, 40), *several(3, BANDUNG, 40, level=4)])

    admin.says(ADMIN, "/program")

    assert admin.screen(ADMIN).splitlines()[:4] == [
        "Semua program",
        "",
        "Kelompok: 1. Anggota: 15.",
        "Mulai asesmen: 15. Selesai: 15.",
    ]
    assert "Tunas: disembunyikan\nTumbuh: 0\nBerbuah: disembunyikan" in admin.screen(ADMIN)
    assert "Perangkat & akun: 40" in admin.screen(ADMIN)
    assert admin.labels(ADMIN) == ["Buka di laptop", "Kembali"]

    admin.taps(ADMIN, "Buka di laptop")

    assert "Dasbor di peramban" in admin.screen(ADMIN)


def test_few_results_stay_hidden(admin: Stage) -> None:
    fills(admin, several(4, BANDUNG))

    admin.says(ADMIN, "/program")

    assert admin.screen(ADMIN) == (
        "Semua program\n\nKelompok: 1. Anggota: 4.\n"
        "Hasilnya tampil mulai 5 orang selesai, supaya hasil satu orang tidak bisa ditebak.\n\n"
        "Tabel menurut program, daerah, dan bulan ada di dasbor."
    )


@pytest.mark.parametrize("person", [STRANGER, SARI, JOKO])
def test_nobody_else_is_told_anything(admin: Stage, person: int) -> None:
    fills(admin, several(9, BANDUNG))
    if person == STRANGER:
        admin.says(person, "/start")
    elif person == SARI:
        admin.joins(person)
    else:
        admin.says(person, "/start")
        admin.taps(person, "Setuju, saya 18 tahun ke atas")
        admin.taps(person, "Pembina / pendamping")
    before = admin.screen(person)

    admin.says(person, "/program")

    assert admin.screen(person) == before
