"""Which updates may be confirmed: never one that is not dealt with, and each is taken once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tg.polling import Window

STEPS = st.lists(st.sampled_from(["new", "ask", "receive", "done first", "done last"]), max_size=60)


class Telegram:
    """Telegram's queue and our window on it; what was handed over is kept in `handed`."""

    def __init__(self, first: int) -> None:
        self.window = Window()
        self.queue: list[int] = []
        self.handed: list[int] = []
        self.under_way: list[int] = []
        self.asked: list[int] | None = None
        self._next = first

    def new(self) -> None:
        self.queue.append(self._next)
        self._next += 1

    def ask(self) -> None:
        """Confirm what the window confirms; the answer is on its way from now on."""
        offset = self.window.offset
        if offset is not None:
            assert [u for u in self.under_way if u < offset] == []
            assert [u for u in self.queue if u < offset and u not in self.handed] == []
            self.queue = [u for u in self.queue if u >= offset]
        self.asked = list(self.queue)

    def receive(self) -> None:
        for update_id in self.asked or ():
            if self.window.take(update_id):
                self.handed.append(update_id)
                self.under_way.append(update_id)
        self.asked = None

    def done(self, index: int) -> None:
        if self.under_way:
            self.window.done(self.under_way.pop(index))


def _play(steps: list[str], *, finishing_while_asking: bool) -> Telegram:
    telegram = Telegram(first=500)
    for step in steps:
        match step:
            case "new":
                telegram.new()
            case "ask" if telegram.asked is None:
                telegram.ask()
            case "receive":
                telegram.receive()
            case "done first" | "done last" if telegram.asked is None or finishing_while_asking:
                telegram.done(0 if step == "done first" else -1)
    while telegram.queue or telegram.under_way:
        telegram.receive()
        while telegram.under_way:
            telegram.done(0)
        telegram.ask()
    return telegram


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_window_hands_over_each_update_once_and_confirms_all(steps: list[str]) -> None:
    telegram = _play(steps, finishing_while_asking=False)

    assert telegram.handed == list(range(500, 500 + steps.count("new")))


def test_window_hands_over_once_what_ends_while_an_answer_is_under_way() -> None:
    telegram = _play(["new", "ask", "receive", "ask", "done first", "receive"], finishing_while_asking=True)

    assert telegram.handed == [500]


def test_window_that_saw_nothing_confirms_nothing() -> None:
    assert Window().offset is None


def test_window_stays_at_the_oldest_that_is_not_dealt_with() -> None:
    window = Window()
    for update_id in (7, 8, 9):
        window.take(update_id)

    offsets = [window.offset]
    for update_id in (9, 7, 8):
        window.done(update_id)
        offsets.append(window.offset)

    assert offsets == [7, 7, 8, 10]


def test_window_takes_nothing_twice() -> None:
    window = Window()
    window.take(7)
    window.take(8)
    window.done(8)

    assert [window.take(7), window.take(8), window.take(9)] == [False, False, True]
