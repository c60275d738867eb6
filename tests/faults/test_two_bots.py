"""A restless person in two bots at once: whatever is tapped, typed and delivered again, and in which bot.

`STEPS=20000` makes the walk longer; SEED repeats one.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from pathlib import Path

from sqlmodel import func, select

from bot.chat.callback_data import unpack
from bot.store import quarantine
from bot.store.tables import ResponseRow
from bot.tg.desk import Outcome
from tests.stage import SARI
from tests.two_bots import FIRST, SECOND, TwoBots

STEPS = int(os.environ.get("STEPS", "120"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
ERASES = "e3"
SAID = ("/lanjut", "/mulai", "a", "B", "tidak tahu", "halo")


def answered(play: TwoBots) -> int:
    with play.app.database.transaction() as session:
        return session.exec(select(func.count()).select_from(ResponseRow)).one()


def quarantined(play: TwoBots) -> int:
    with play.app.database.transaction() as session:
        return quarantine.count(session)


def taps_something(play: TwoBots, chance: random.Random) -> None:
    """Tap a button that the latest keyboard has, or that any message once had, but not the one that erases."""
    past = play.api.chat(SARI).past_data
    harmless = {place: [one for one in sorted(past[place]) if unpack(one)[0] != ERASES] for place in sorted(past)}
    tappable = [place for place, data in harmless.items() if data]
    shown = [m.message_id for m in play.api.messages(SARI) if m.keyboard and m.message_id in tappable]
    message_id = shown[-1] if shown and chance.random() < 0.7 else chance.choice(tappable)
    play.tap(SARI, message_id, chance.choice(harmless[message_id]))


def both_at_once(play: TwoBots, chance: random.Random) -> None:
    """Tap in both bots at the same moment, or type there; nobody knows which comes first."""
    bodies = []
    for api in play.apis:
        api.person_sends(SARI, chance.choice(SAID))
        (update,) = api.updates.waiting(play.clock.now())
        bodies.append(json.dumps(update.body()))
        api.updates.confirm(update.update_id)

    async def deal() -> list[Outcome]:
        pairs = zip(play.app.branches, bodies, strict=True)
        return list(await asyncio.gather(*(branch.desk.handle(body) for branch, body in pairs)))

    assert play.runs(deal()) == [Outcome.DONE] * 2


def test_one_answer_a_slot_and_one_live_keyboard_a_chat_whatever_is_done_in_which_bot(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    play = TwoBots(tmp_path)
    last: dict[int, dict[str, object]] = {}
    play.joins(SARI)
    play.turn_to(1)
    play.says(SARI, "/start")
    for step in range(STEPS):
        where = f"SEED={SEED} step {step}"
        bot = chance.randrange(2)
        play.turn_to(bot)
        before = answered(play)
        what = chance.choices(("tap", "say", "again", "both"), (60, 25, 10, 5))[0]
        match what:
            case "tap":
                taps_something(play, chance)
            case "say":
                play.says(SARI, chance.choice(SAID))
            case "again" if bot in last:
                assert play.deliver(last[bot]) is Outcome.DONE, where
                assert answered(play) == before, where
            case "both":
                both_at_once(play, chance)
        if what in ("tap", "say"):
            last[bot] = play.last_update(SARI)
            assert play.person(SARI).bot_id == (FIRST, SECOND)[bot], where
        assert before <= answered(play) <= before + 2, where
        assert max(sum(bool(m.keyboard) for m in api.messages(SARI)) for api in play.apis) <= 1, where
        assert quarantined(play) == 0, where
    play.close()

    assert before > 0
