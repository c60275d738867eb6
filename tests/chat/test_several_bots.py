"""One person over two bots of one deployment: the sitting is the person's, the chat is each bot's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select, update

from bot.chat import dispatch
from bot.chat.incoming import Incoming, Typed
from bot.chat.screen import Reply
from bot.store.tables import GroupRow, PersonRow, ResponseRow
from bot.tg.desk import Outcome
from tests.stage import JOKO, SARI, buttons
from tests.two_bots import FIRST, OTHER, SECOND, THIS, TwoBots
from tests.usecases.world import document


@pytest.fixture
def play(tmp_path: Path) -> Iterator[TwoBots]:
    opened = TwoBots(tmp_path)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def begun(play: TwoBots) -> TwoBots:
    """Bu Sari has joined through the first bot and answered two questions there."""
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    for _ in range(2):
        answers(play)
    return play


def answers(play: TwoBots) -> None:
    """Let Bu Sari answer one question, whatever its format."""
    play.taps(SARI, next(label for label in ("Belum tahu", "A") if label in play.labels(SARI)))


def keyboards(play: TwoBots, person: int) -> int:
    return sum(bool(message.keyboard) for message in play.api.messages(person))


def answered(play: TwoBots) -> int:
    with play.app.database.transaction() as session:
        return session.exec(select(func.count()).select_from(ResponseRow)).one()


def test_sitting_goes_on_at_the_same_question_in_another_bot(begun: TwoBots) -> None:
    asked = begun.screen(SARI)

    begun.turn_to(OTHER)
    begun.says(SARI, "/lanjut")
    there = begun.screen(SARI)
    answers(begun)

    assert there == asked
    assert (answered(begun), keyboards(begun, SARI), begun.person(SARI).bot_id) == (3, 1, SECOND)


@pytest.mark.parametrize("sent_first", [True, False])
def test_screen_of_one_bot_that_is_late_leaves_the_other_bots_chat_alone(
    begun: TwoBots, monkeypatch: pytest.MonkeyPatch, sent_first: bool
) -> None:
    """While one process sends a screen through the first bot, another one answers the person in the second."""
    begun.api.person_sends(SARI, "/lanjut")
    (late,) = (json.dumps(one.body()) for one in begun.api.updates.waiting(begun.clock.now()))
    begun.api.updates.clear()
    left, other = begun.app, begun.new_app()
    sender = left.branches[THIS].desk.sender
    delivers = sender.deliver
    stands: list[tuple[int | None, int | None, int, int | None]] = []

    async def turned_to_the_other() -> None:
        begun.turn_to(OTHER)
        begun.api.person_sends(SARI, "/lanjut")
        for one in begun.api.updates.waiting(begun.clock.now()):
            assert await other.branches[OTHER].desk.handle(json.dumps(one.body())) is Outcome.DONE
        begun.api.updates.clear()
        stands.append(_stands(begun))

    async def delivers_late(*arguments: Any, **named: Any) -> Any:
        if not sent_first:
            await turned_to_the_other()
        sent = await delivers(*arguments, **named)
        if sent_first:
            await turned_to_the_other()
        return sent

    monkeypatch.setattr(sender, "deliver", delivers_late)

    assert begun.runs(left.branches[THIS].desk.handle(late)) is Outcome.DONE

    assert stands == [_stands(begun)]
    assert stands[0][0] == SECOND
    other.close()


def test_screen_is_not_drawn_again_in_a_bot_that_was_left(begun: TwoBots) -> None:
    begun.turn_to(OTHER)
    begun.says(SARI, "/lanjut")
    before, left = _stands(begun), begun.app.branches[THIS].desk
    text = Typed(10**6, "/lanjut", begun.clock.now(), command="lanjut")

    with begun.app.database.transaction() as session:
        reply = dispatch.respond(
            session,
            Incoming(SARI, "Sari", "id", text, bot_id=FIRST),
            library=left.library,
            now=begun.clock.now(),
            new_seed=left.new_seed,
            house=left.house,
            draws_again=True,
        )

    assert (reply, _stands(begun)) == (Reply(), before)


def _stands(play: TwoBots) -> tuple[int | None, int | None, int, int | None]:
    person = play.person(SARI)
    return person.bot_id, person.live_message_id, person.last_typed_id, person.sending


def test_old_button_of_the_bot_left_draws_the_present_screen_there(begun: TwoBots) -> None:
    old = begun.live(SARI)
    begun.turn_to(OTHER)
    begun.says(SARI, "/lanjut")
    answers(begun)
    asked = begun.screen(SARI)

    begun.turn_to(THIS)
    begun.tap(SARI, old.message_id, buttons(old)[0].data or "")

    assert begun.screen(SARI) == asked
    assert (answered(begun), keyboards(begun, SARI), begun.person(SARI).bot_id) == (3, 1, FIRST)


def test_turning_to_another_bot_and_back_swaps_the_chats_exactly(begun: TwoBots) -> None:
    here = begun.person(SARI)
    first = FIRST, here.live_message_id, here.last_typed_id
    begun.turn_to(OTHER)
    begun.says(SARI, "/lanjut")
    there = begun.person(SARI)
    second = SECOND, begun.live(SARI).message_id, there.last_typed_id

    before = begun.left()
    begun.turn_to(THIS)
    begun.tap(SARI, begun.live(SARI).message_id, "zz", forge=True)
    back = begun.person(SARI)

    assert (there.bot_id, there.live_message_id, there.last_typed_id) == second
    assert (before, begun.left()) == ([first], [second])
    assert (back.bot_id, back.live_message_id, back.last_typed_id) == first


def test_typed_answer_delivered_again_through_the_bot_left_answers_nothing(play: TwoBots) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    play.says(SARI, "a")
    typed = play.last_update(SARI)
    play.turn_to(OTHER)
    play.says(SARI, "/lanjut")
    asked = play.screen(SARI)

    play.turn_to(THIS)
    again = play.deliver(typed)

    assert (again, answered(play), play.screen(SARI)) == (Outcome.DONE, 1, asked)


def test_text_typed_into_another_bot_is_not_the_one_that_was_awaited(play: TwoBots) -> None:
    play.joins_as_coach(JOKO)
    play.says(JOKO, "/kelompok")
    play.taps(JOKO, "Buat kelompok baru")

    play.turn_to(OTHER)
    play.says(JOKO, "Pasar Wage")

    with play.app.database.transaction() as session:
        groups = session.exec(select(GroupRow)).all()
    assert (groups, play.person(JOKO).awaits) == ([], None)


@pytest.mark.parametrize(("blocked", "reachable"), [(THIS, True), (OTHER, False)])
def test_blocking_a_bot_matters_where_it_is_the_one_written_to_last(
    begun: TwoBots, blocked: int, reachable: bool
) -> None:
    begun.turn_to(OTHER)
    begun.says(SARI, "/lanjut")

    begun.turn_to(blocked)
    begun.api.person_blocks(SARI)
    begun.settle()

    assert (begun.person(SARI).reachable, begun.person(SARI).bot_id) == (reachable, SECOND)


def test_who_blocked_a_bot_is_reached_again_after_writing_to_another(begun: TwoBots) -> None:
    begun.api.person_blocks(SARI)
    begun.settle()
    blocked = begun.person(SARI).reachable

    begun.turn_to(OTHER)
    begun.says(SARI, "/lanjut")

    assert (blocked, begun.person(SARI).reachable, begun.person(SARI).bot_id) == (False, True, SECOND)


def test_coach_in_one_bot_invites_and_sees_an_owner_of_another(begun: TwoBots) -> None:
    begun.turn_to(OTHER)
    begun.leads_group(JOKO, "Pasar Wage")
    begun.taps(JOKO, "Undang anggota")
    name, _, payload = begun.screen(JOKO).partition("https://t.me/")[2].split()[0].partition("?start=")
    begun.turn_to(THIS)
    begun.says(SARI, f"/start {payload}")
    begun.taps(SARI, "Gabung, bagikan nama & hasil")

    begun.turn_to(OTHER)
    begun.says(JOKO, "/kelompok")
    begun.taps(JOKO, "Pasar Wage (1)")
    begun.taps(JOKO, "Ingatkan")
    begun.taps(JOKO, "Kirim ke 1 orang")
    begun.delivers()

    assert name == "tanggadigital1_bot"
    assert begun.apis[OTHER].messages(SARI) == []
    begun.turn_to(THIS)
    assert begun.labels(SARI) == ["Lanjutkan asesmen", "Berhenti mengingatkan"]


def test_picture_is_uploaded_once_by_each_bot(begun: TwoBots) -> None:
    begun.answers_all(SARI)

    def sends_picture(bot: int) -> list[bool]:
        """Return of each picture sent whether its file went along."""
        begun.turn_to(bot)
        begun.says(SARI, "/hasil")
        begun.api.calls.clear()
        begun.taps(SARI, "Gambar hasil")
        begun.taps(SARI, "Kembali ke hasil")
        begun.taps(SARI, "Gambar hasil")
        return ["photo" not in call.params for call in begun.api.calls if call.method == "sendPhoto"]

    assert sends_picture(THIS) == [True, False]
    assert sends_picture(OTHER) == [True, False]


def test_who_joined_before_bots_were_told_apart_belongs_to_the_first(begun: TwoBots) -> None:
    live = begun.person(SARI).live_message_id
    with begun.app.database.transaction() as session:
        session.execute(update(PersonRow).values(bot_id=None))

    begun.app.prepare(document=document())
    taken_in = begun.person(SARI)
    begun.turn_to(OTHER)
    begun.says(SARI, "/lanjut")

    assert (taken_in.bot_id, taken_in.live_message_id) == (FIRST, live)
    assert [(bot, message) for bot, message, _ in begun.left()] == [(FIRST, live)]


def test_who_joined_through_an_older_version_keeps_the_chat_where_they_write(begun: TwoBots) -> None:
    typed = begun.person(SARI).last_typed_id
    with begun.app.database.transaction() as session:
        session.execute(update(PersonRow).values(bot_id=None))

    answers(begun)

    assert (begun.person(SARI).bot_id, begun.person(SARI).last_typed_id) == (FIRST, typed)
    assert (keyboards(begun, SARI), begun.left()) == (1, [])


def test_chats_with_all_bots_are_erased_together(begun: TwoBots) -> None:
    begun.turn_to(OTHER)
    begun.says(SARI, "/hapus")
    begun.taps(SARI, "Ya, hapus")
    begun.turn_to(THIS)

    begun.says(SARI, "/hapus")
    begun.taps(SARI, "Ya, hapus")
    begun.taps(SARI, "Hapus semua data saya")

    with begun.app.database.transaction() as session:
        assert session.exec(select(PersonRow)).all() == []
    assert begun.left() == []
