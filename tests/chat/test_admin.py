"""Admins in the chat: what was asked for on the web, links to more trust, and texts that are mended."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.grant import Deed, Trust
from bot.core.person import Person, Role
from bot.store import grants, people
from bot.usecases import editing, granting
from bot.usecases.editing import PartView
from tests.stage import ADMIN, SARI, STRANGER, Stage, buttons
from tests.web.support import known, signed_in


@pytest.fixture
def office(play: Stage) -> Stage:
    play.joins(ADMIN)
    play.joins(SARI)
    return play


def viewer(play: Stage) -> Viewer:
    return Viewer(known(play.app, ADMIN), is_admin=True)


def asks_on_the_web(play: Stage, deed: Deed = Deed.GIVE) -> None:
    """Let the admin ask for a change about Sari on the web, and let the bot bring the question."""
    asker, sari = viewer(play), known(play.app, SARI)
    with play.app.database.transaction() as session:
        granting.ask(
            session,
            viewer=asker,
            trust=Trust.ADMIN,
            deed=deed,
            person_id=sari.id,
            admins=frozenset({ADMIN}),
            by_chat=False,
            now=play.clock.now(),
        )
    play.delivers()


def makes_invitation(play: Stage, label: str) -> str:
    """Let the admin make an invitation in the chat; return the payload of its link."""
    play.says(ADMIN, "/admin")
    for each in ("Peran orang", label, "Ya, buat undangan"):
        play.taps(ADMIN, each)
    text = [m.text for m in play.api.messages(ADMIN) if "start=" in m.text][-1]
    return text.partition("start=")[2].split()[0]


def part(play: Stage, code: str = "O2-003") -> PartView:
    asker = viewer(play)
    with play.app.database.transaction() as session:
        return editing.open_part(session, viewer=asker, part=f"item:{code}", library=play.library)


def test_what_was_asked_on_the_web_holds_once_confirmed_in_the_chat(office: Stage) -> None:
    asks_on_the_web(office)
    asked = office.screen(ADMIN)

    office.taps(ADMIN, "Ya, jadikan admin")
    office.delivers()

    assert "Ini diminta lewat web dengan nama Anda." in asked
    assert known(office.app, SARI).is_admin
    assert office.screen(SARI).startswith("Admin Dinas menjadikan Anda admin Tangga Digital.")


def test_question_that_was_answered_before_it_came_is_not_sent(office: Stage) -> None:
    asker, sari = viewer(office), known(office.app, SARI)
    with office.app.database.transaction() as session:
        grant = granting.ask(
            session,
            viewer=asker,
            trust=Trust.ADMIN,
            deed=Deed.GIVE,
            person_id=sari.id,
            admins=frozenset({ADMIN}),
            by_chat=False,
            now=office.clock.now(),
        )
        granting.decline(session, viewer=asker, grant_id=grant.id, now=office.clock.now())
    before = len(office.api.messages(ADMIN))

    office.delivers()

    assert len(office.api.messages(ADMIN)) == before


def test_who_did_not_ask_is_signed_out_everywhere(office: Stage) -> None:
    browser = signed_in(office, ADMIN)
    office.delivers()
    asks_on_the_web(office)

    office.taps(ADMIN, "Bukan saya yang meminta")

    assert browser.get("/").status_code == 303
    assert not known(office.app, SARI).is_admin
    with office.app.database.transaction() as session:
        assert grants.waiting(session, office.clock.now()) == []


def test_stranger_agrees_first_then_is_asked_then_chooses_a_role(office: Stage) -> None:
    payload = makes_invitation(office, "Undang admin")

    office.says(STRANGER, f"/start {payload}")
    nobody_yet = _there(office, STRANGER)
    office.taps(STRANGER, "Bahasa Indonesia")
    office.taps(STRANGER, "Setuju, saya 18 tahun ke atas")
    agreed = known(office.app, STRANGER)
    office.taps(STRANGER, "Ya, saya bersedia")

    after = known(office.app, STRANGER)
    assert (nobody_yet, agreed.is_admin, after.is_admin, after.role) == (None, False, True, None)
    assert office.labels(STRANGER) == ["Pemilik usaha", "Pembina / pendamping"]
    office.says(STRANGER, "/admin")
    assert office.labels(STRANGER) == ["Pemilik usaha", "Pembina / pendamping"]


def _there(play: Stage, telegram_id: int) -> Person | None:
    with play.app.database.transaction() as session:
        return people.by_telegram_ids(session, [telegram_id]).get(telegram_id)


def test_stranger_who_is_invited_to_coach_chooses_no_role(office: Stage) -> None:
    payload = makes_invitation(office, "Undang pembina")

    office.says(STRANGER, f"/start {payload}")
    office.taps(STRANGER, "I agree, I am 18 or older")
    office.tap(STRANGER, office.live(STRANGER).message_id, f"1.ag.{payload}")

    assert known(office.app, STRANGER).role is Role.COACH


def test_link_to_more_trust_does_nothing_before_it_is_agreed_to(office: Stage) -> None:
    payload = makes_invitation(office, "Undang admin")

    office.says(SARI, f"/start {payload}")
    office.taps(SARI, "Tidak dulu")

    assert not known(office.app, SARI).is_admin


@pytest.mark.parametrize("payload", ["a", "a" + "x" * 21, "k" + "x" * 22, "z" + "x" * 22])
def test_forged_link_leads_to_no_trust(office: Stage, payload: str) -> None:
    office.tap(SARI, office.live(SARI).message_id, f"1.ag.{payload}", forge=True)

    assert (known(office.app, SARI).is_admin, known(office.app, SARI).role) == (False, Role.OWNER)


def test_button_below_an_older_text_never_keeps_a_newer_one(office: Stage) -> None:
    before = part(office)
    office.says(ADMIN, "/admin")
    office.taps(ADMIN, "Cari pertanyaan")
    office.says(ADMIN, "O2-003")
    office.taps(ADMIN, "Pilihan B")
    office.says(ADMIN, "Jangan dibuka, cek resi di aplikasi kurir")
    older = office.live(ADMIN)
    office.says(ADMIN, "Tidak dibuka; cek nomor resi di aplikasi kurir")

    office.tap(ADMIN, older.message_id, buttons(older)[0].data or "", forge=True)

    assert part(office) == before


def test_text_of_an_admin_who_is_one_no_more_mends_nothing(office: Stage) -> None:
    asks_on_the_web(office)
    office.taps(ADMIN, "Ya, jadikan admin")
    office.says(SARI, "/admin")
    office.taps(SARI, "Cari pertanyaan")
    office.says(SARI, "O2-003")
    office.taps(SARI, "Pilihan B")
    asks_on_the_web(office, Deed.TAKE)
    office.taps(ADMIN, "Ya, cabut peran admin")
    before = len(office.api.messages(SARI))

    office.says(SARI, "Tidak dibuka; cek nomor resi di aplikasi kurir")

    assert part(office).draft is None
    assert [m.text for m in office.api.messages(SARI)[before:] if "Periksa dulu" in m.text] == []


def test_question_changed_on_the_web_meanwhile_is_not_overwritten(office: Stage) -> None:
    office.says(ADMIN, "/admin")
    office.taps(ADMIN, "Cari pertanyaan")
    office.says(ADMIN, "O2-003")
    office.taps(ADMIN, "Pilihan B")
    office.says(ADMIN, "Tidak dibuka; cek nomor resi di aplikasi kurir")
    view, asker = part(office), viewer(office)

    def elsewhere(session: Session) -> None:
        editing.save(
            session,
            viewer=asker,
            part=view.part,
            payload=view.payload | {"difficulty": 5},
            version=view.version,
            library=office.library,
            now=office.clock.now(),
        )

    with office.app.database.transaction() as session:
        elsewhere(session)
    office.taps(ADMIN, "Ya, simpan di rancangan")

    assert office.toast(ADMIN).startswith("Belum disimpan: orang lain baru mengubah pertanyaan ini.")
    assert part(office).payload == view.payload | {"difficulty": 5}
