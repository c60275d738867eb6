"""The list of what is held about a person misses no table, and erasing takes exactly theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, SQLModel, select

from bot.core.person import PersonId
from bot.store import personal
from bot.store.personal import BY_ATTEMPT, BY_PERSON
from bot.store.session import Database
from bot.store.tables import (
    ActReportRow,
    AttemptRow,
    BigOrderRow,
    ChatOfferRow,
    CoachOfferRow,
    CodeGuessRow,
    ConsentRow,
    DeliveryRow,
    GrantRow,
    GroupChatRow,
    GroupCoachRow,
    GroupRow,
    InvitedRow,
    LessonRow,
    LoginRow,
    MembershipRow,
    PersonRow,
    PictureRow,
    PracticeNumberRow,
    PracticeRow,
    ProbeRow,
    QuarantineRow,
    ReadingRow,
    ReleaseRow,
    ReportRow,
    ResponseRow,
    SharingRow,
    ThreadRow,
    WebSessionRow,
    WishRow,
)
from tests import databases

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SARI, JOKO = PersonId(1), PersonId(2)
SHARED_GROUP = 1
READ: dict[str, Any] = {f"o{n}": 50.0 for n in range(1, 9)} | {
    "level": 2,
    "overall": 0.0,
    "overall_error": 0.4,
    "gate": "hijau",
    "missing": "",
    "contradicts": "",
    "scam_risk": False,
}
NUMBERS: dict[str, Any] = {"stock": 60, "made": 40, "running": 0, "safety": 0, "days": 10, "week": 6}
LISTED = {str(table.__tablename__) for table in (*BY_PERSON, *BY_ATTEMPT)}
ALL_TABLES = {"person", "quarantine", "role_grant"} | LISTED


def _refers_to(name: str, target: str) -> bool:
    columns = SQLModel.metadata.tables[name].columns
    return any(key.column.table.name == target for column in columns for key in column.foreign_keys)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Two people with a row in every table."""
    opened = databases.opened(tmp_path / "bot.db")
    with opened.transaction() as session:
        session.add(ReleaseRow(id="r1", payload="{}", published_at=NOW))
        session.add(_group(SHARED_GROUP))
        for owner in (SARI, JOKO):
            _fill(session, owner)
    yield opened
    opened.close()


def _group(group_id: int) -> GroupRow:
    return GroupRow(
        id=group_id,
        name="Pasar Baru",
        member_limit=200,
        token=f"t{group_id}",
        code=f"c{group_id}",
        invitation_ends_at=NOW,
        created_at=NOW,
    )


def _fill(session: Session, owner: int) -> None:
    session.add(PersonRow(id=owner, telegram_id=1000 + owner, first_name=f"Nama {owner}", created_at=NOW))
    session.flush()
    session.add(ConsentRow(person_id=owner, version="1", text_hash="x", standing="dewasa", given_at=NOW))
    session.add(LessonRow(person_id=owner, module_code="M", release_id="r1", opened_at=NOW))
    session.add(AttemptRow(id=owner, person_id=owner, release_id="r1", seed=1, status="active", started_at=NOW))
    session.flush()
    session.add(ResponseRow(attempt_id=owner, slot=1, item_code="O1-001", answer="c0", answered_at=NOW))
    session.add(ReportRow(attempt_id=owner, slot=1, item_code="O1-001", reported_at=NOW))
    session.add(PracticeNumberRow(person_id=owner, name="modal", value=12_000, changed_at=NOW))
    session.add(PracticeRow(person_id=owner, kind="harga", step="untung", since=NOW))
    session.add(BigOrderRow(person_id=owner, **NUMBERS, asked_on=NOW.date()))
    session.add(ProbeRow(person_id=owner, code="P-001", sent_at=NOW, release_id="r1"))
    session.add(ActReportRow(person_id=owner, module_code="M", said="sudah", said_at=NOW))
    session.add(WishRow(person_id=owner, what="pelajaran", wanted=True, decided_at=NOW))
    session.add(ThreadRow(person_id=owner, bot_id=1))
    chat: dict[str, Any] = {"group_id": SHARED_GROUP, "person_id": owner}
    session.add(GroupChatRow(bot_id=1, chat_id=-owner, linked_at=NOW, next_at=NOW, **chat))
    session.add(ChatOfferRow(token_hash=f"c{owner}", ends_at=NOW, **chat))
    session.add(PictureRow(attempt_id=owner, language="id", file_id="x"))
    session.add(GrantRow(telegram_id=1000 + owner, role="admin", asked_by=9, asked_at=NOW, ends_at=NOW))
    session.add(ReadingRow(attempt_id=owner, person_id=owner, finished_at=NOW, **READ))
    session.add(MembershipRow(group_id=SHARED_GROUP, person_id=owner, shares=True, waits=False, joined_at=NOW))
    session.add(InvitedRow(group_id=SHARED_GROUP, person_id=owner, opened_at=NOW))
    session.add(SharingRow(person_id=owner, group_id=1, scope="nama", version="1", text_hash="x", decided_at=NOW))
    session.add(CodeGuessRow(person_id=owner, guessed_at=NOW))
    session.add(DeliveryRow(person_id=owner, key=f"k{owner}", kind="ingatkan", due_at=NOW, created_at=NOW))
    session.add(GroupCoachRow(group_id=SHARED_GROUP, person_id=owner, leads=owner == SARI, added_at=NOW))
    offer = CoachOfferRow(token_hash=f"h{owner}", group_id=SHARED_GROUP, person_id=owner, hands_over=False, ends_at=NOW)
    session.add(offer)
    session.add(LoginRow(person_id=owner, token_hash=f"t{owner}", ends_at=NOW))
    session.add(
        WebSessionRow(id_hash=f"s{owner}", person_id=owner, channel="tautan", created_at=NOW, seen_at=NOW, ends_at=NOW)
    )
    session.add(
        QuarantineRow(update_id=1, telegram_id=1000 + owner, payload="{}", error="E", error_id="e", created_at=NOW)
    )


def _counts(session: Session) -> dict[str, int]:
    return {
        name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in SQLModel.metadata.tables.items()
        if name in ALL_TABLES
    }


def test_every_table_with_a_person_is_listed() -> None:
    names = set(SQLModel.metadata.tables)

    assert {name for name in names if _refers_to(name, "person")} == {str(t.__tablename__) for t in BY_PERSON}
    assert {name for name in names if _refers_to(name, "attempt")} == {str(t.__tablename__) for t in BY_ATTEMPT}


def test_every_table_with_a_telegram_id_is_covered() -> None:
    held = {name for name, table in SQLModel.metadata.tables.items() if "telegram_id" in table.columns}

    assert held == {"person", "quarantine", "role_grant"}


def test_tables_that_are_not_covered_refer_to_nobody() -> None:
    others = set(SQLModel.metadata.tables) - ALL_TABLES

    kept = "announcement audit coach_group draft neutral pause proposal release registration shared_picture"
    assert others == {*kept.split(), "spent_init_data"}
    assert [name for name in others for target in ALL_TABLES if _refers_to(name, target)] == []


def test_rows_hold_everything_of_one_person(database: Database) -> None:
    with database.transaction() as session:
        found = personal.rows(session, SARI, 1001)

    assert {name: len(rows) for name, rows in found.items()} == dict.fromkeys(ALL_TABLES, 1)
    columns = {name: set(SQLModel.metadata.tables[name].columns.keys()) for name in ALL_TABLES}
    assert {name: set(rows[0]) for name, rows in found.items()} == columns
    assert found["person"][0]["first_name"] == "Nama 1"
    assert {
        row[key] for rows in found.values() for row in rows for key in ("person_id", "attempt_id") if key in row
    } == {1}


def test_erase_takes_everything_of_one_person_and_nothing_else(database: Database) -> None:
    with database.transaction() as session:
        before = _counts(session)
        personal.erase(session, SARI, 1001)

    with database.transaction() as session:
        left = personal.rows(session, SARI, 1001)
        after = _counts(session)
    assert before == dict.fromkeys(ALL_TABLES, 2)
    assert after == dict.fromkeys(ALL_TABLES, 1)
    assert {name: rows for name, rows in left.items() if rows} == {}


def test_erase_of_somebody_unknown_takes_nothing(database: Database) -> None:
    with database.transaction() as session:
        personal.erase(session, PersonId(99), 1099)

    with database.transaction() as session:
        assert _counts(session) == dict.fromkeys(ALL_TABLES, 2)
