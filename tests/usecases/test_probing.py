"""The shadow customer: sent once however often it is asked for, answered once, and only for the owner."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import select

from bot.core.delivery import Delivery, DeliveryId, Kind, Outcome
from bot.core.person import Person
from bot.core.probe import Answering
from bot.store import deliveries
from bot.store.tables import DeliveryRow
from bot.usecases import probing
from bot.usecases.probing import Chat, Record
from tests.usecases.world import World, document


def _send(world: World, owner: Person, after: int | None = None, seed: int = 1) -> Chat | None:
    before = _record(world, owner).sent if after is None else after
    return world.do(
        lambda s: probing.send(s, owner=owner, library=world.library, seed=seed, now=world.now, after=before)
    )


def _owes(world: World, owner: Person) -> DeliveryId:
    """Owe a shadow customer whose message was not sent yet."""
    owed = Delivery(owner.id, f"pelanggan:{owner.id}:{world.now}", Kind.PROBE, due_at=world.now)
    world.do(lambda s: deliveries.owe(s, [owed], world.now))
    return world.do(lambda s: DeliveryId(s.exec(select(func.max(DeliveryRow.id))).one() or 0))


def _send_owed(world: World, owner: Person, delivery_id: DeliveryId) -> Chat | None:
    return world.do(
        lambda s: probing.send_owed(s, owner=owner, library=world.library, delivery_id=delivery_id, now=world.now)
    )


def _settle(world: World, delivery_id: DeliveryId, outcome: Outcome) -> None:
    world.do(lambda s: deliveries.settle(s, delivery_id, outcome, world.now))


def _answer(world: World, owner: Person, probe_id: int, choice: int) -> Chat | None:
    return world.do(
        lambda s: probing.answer(s, owner=owner, probe_id=probe_id, choice=choice, library=world.library, now=world.now)
    )


def _record(world: World, owner: Person) -> Record:
    return world.do(lambda s: probing.record(s, owner=owner, library=world.library))


def _best(chat: Chat) -> int:
    return [reply.score for reply in chat.probe.replies].index(2)


def test_probe_waits_until_it_is_answered(world: World, sari: Person) -> None:
    chat = _send(world, sari, after=0)
    world.now += timedelta(hours=5)

    assert chat is not None and chat.reply is None
    assert (_send(world, sari, after=0), _send(world, sari, after=1)) == (chat, chat)
    assert _record(world, sari) == Record(sent=1, answered=0, waiting=chat, answering=None)


def test_same_tap_after_the_answer_sends_nothing(world: World, sari: Person) -> None:
    chat = _send(world, sari, after=0)
    assert chat is not None
    _answer(world, sari, chat.sent.id, 0)

    assert _send(world, sari, after=0) is None
    assert _send(world, sari, after=1) is not None


def test_one_after_the_other_can_be_asked_for(world: World, sari: Person) -> None:
    for number in range(4):
        chat = _send(world, sari, seed=number)
        assert chat is not None
        _answer(world, sari, chat.sent.id, 1)

    assert (_record(world, sari).sent, _record(world, sari).answered) == (4, 4)


def test_minutes_and_quality_are_told_after_three(world: World, sari: Person) -> None:
    for minutes in (3, 180, 12):
        chat = _send(world, sari)
        assert chat is not None
        world.now += timedelta(minutes=minutes)
        answered = _answer(world, sari, chat.sent.id, _best(chat))
        assert answered is not None and answered.sent.minutes == minutes

    assert _record(world, sari).answering == Answering(minutes=12, quality=2.0)


def test_first_reply_stays(world: World, sari: Person) -> None:
    chat = _send(world, sari)
    assert chat is not None
    first = _answer(world, sari, chat.sent.id, 2)
    world.now += timedelta(hours=1)

    assert _answer(world, sari, chat.sent.id, 0) == first


def test_reply_that_does_not_exist_is_refused(world: World, sari: Person, joko: Person) -> None:
    chat = _send(world, sari)
    assert chat is not None

    assert _answer(world, sari, chat.sent.id, 3) is None
    assert _answer(world, sari, chat.sent.id + 1, 0) is None
    assert _answer(world, joko, chat.sent.id, 0) is None
    assert _record(world, joko) == Record(sent=0, answered=0, waiting=None, answering=None)


def test_probe_keeps_the_words_it_was_sent_with(world: World, sari: Person) -> None:
    chat = _send(world, sari)
    probes = tuple(p.model_copy(update={"customer": f"Baru: {p.customer}"}) for p in document().practice.probes)
    world.publish(document().model_copy(update={"practice": document().practice.model_copy(update={"probes": probes})}))

    assert chat is not None
    assert _record(world, sari).waiting == chat
    answered = _answer(world, sari, chat.sent.id, 0)
    assert answered is not None and answered.probe == chat.probe


def test_release_without_probes_sends_none(world: World, sari: Person) -> None:
    world.publish(document().model_copy(update={"practice": type(document().practice)()}))

    assert _send(world, sari) is None


def test_owed_probe_counts_once_its_message_has_arrived(world: World, sari: Person) -> None:
    delivery_id = _owes(world, sari)
    chat = _send_owed(world, sari, delivery_id)

    assert _record(world, sari) == Record(sent=0, answered=0, waiting=None, answering=None)
    _settle(world, delivery_id, Outcome.SENT)
    assert _record(world, sari) == Record(sent=1, answered=0, waiting=chat, answering=None)


def test_owed_probe_that_never_arrived_does_not_wait_for_a_reply(world: World, sari: Person) -> None:
    for outcome in (Outcome.FAILED, Outcome.SUPERSEDED):
        delivery_id = _owes(world, sari)
        assert _send_owed(world, sari, delivery_id) is not None
        _settle(world, delivery_id, outcome)
        world.now += timedelta(days=7)

    assert _record(world, sari) == Record(sent=0, answered=0, waiting=None, answering=None)


def test_owed_probe_tried_again_is_the_same_and_its_minutes_count_from_then(world: World, sari: Person) -> None:
    delivery_id = _owes(world, sari)
    first = _send_owed(world, sari, delivery_id)
    world.now += timedelta(hours=3)
    again = _send_owed(world, sari, delivery_id)
    _settle(world, delivery_id, Outcome.SENT)
    world.now += timedelta(minutes=7)

    assert first is not None and again is not None and first.sent.id == again.sent.id
    answered = _answer(world, sari, again.sent.id, 0)
    assert answered is not None and answered.sent.minutes == 7


def test_owed_probe_answered_before_its_arrival_is_noted_counts_and_is_not_sent_again(
    world: World, sari: Person
) -> None:
    delivery_id = _owes(world, sari)
    chat = _send_owed(world, sari, delivery_id)
    assert chat is not None
    _answer(world, sari, chat.sent.id, 0)

    assert (_record(world, sari).sent, _record(world, sari).answered) == (1, 1)
    assert _send_owed(world, sari, delivery_id) is None


def test_owed_probe_stays_away_while_another_customer_waits(world: World, sari: Person) -> None:
    assert _send(world, sari) is not None

    assert _send_owed(world, sari, _owes(world, sari)) is None
