"""What is counted: under which labels, from a short list whatever people send, and as Prometheus reads it."""

from __future__ import annotations

import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.chat.incoming import Reachability, Tap, Typed
from bot.chat.observer import Event
from bot.simulator.clock import FrozenClock
from bot.watch.metrics import Metrics, verb_of
from tests.stage import JOKO, SARI, Stage

NOW = FrozenClock().now()


def samples(play: Stage, name: str) -> dict[tuple[str, ...], float]:
    """Return a metric's samples by their labels in the order of their names, without the bot's."""
    found = {}
    for family in text_string_to_metric_families(play.app.watch.metrics.told().decode()):
        for sample in family.samples:
            if sample.name == name:
                labels = {key: value for key, value in sample.labels.items() if key != "bot"}
                found[tuple(labels[key] for key in sorted(labels))] = sample.value
    return found


@pytest.mark.parametrize(
    ("event", "verb"),
    [
        (Tap(1, "1.an.a.b.c"), "an"),
        (Tap(1, "1.cu"), "cu"),
        (Tap(1, "1.zzz"), "other"),
        (Tap(1, "an"), "other"),
        (Tap(1, ""), "other"),
        (Typed(1, "nasi uduk", NOW), "text"),
        (Typed(1, "/mulai", NOW, "mulai"), "/mulai"),
        (Typed(1, "/nasi", NOW, "nasi"), "other"),
        (Reachability(False), "other"),
        (None, "other"),
    ],
)
def test_verb_comes_from_the_lists(event: Event | None, verb: str) -> None:
    assert verb_of(event) == verb


def test_updates_are_counted_by_verb_and_outcome(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/bantuan")
    play.says(SARI, "apa saja")

    counted = samples(play, "tangga_updates_total")

    assert {
        key: counted[key] for key in [("done", "/start"), ("done", "ok"), ("done", "/bantuan"), ("done", "text")]
    } == {
        ("done", "/start"): 1,
        ("done", "ok"): 1,
        ("done", "/bantuan"): 1,
        ("done", "text"): 1,
    }
    timed = samples(play, "tangga_update_seconds_count")
    assert (timed["tap",], timed["typed",]) == (sum(counted.values()) - 3, 3)
    assert samples(play, "tangga_transaction_seconds_count")[()] >= sum(counted.values())


def test_calls_are_counted_by_method_and_verdict(play: Stage) -> None:
    play.joins(SARI)

    counted = samples(play, "tangga_telegram_calls_total")

    assert counted["sendMessage", "ok"] == samples(play, "tangga_telegram_call_seconds_count")["sendMessage",]
    assert counted["answerCallbackQuery", "ok"] == 6


def test_quarantine_is_counted_and_looked_up(play: Stage) -> None:
    play.deliver("{bukan json")

    assert samples(play, "tangga_quarantined_total") == {(): 1}
    assert samples(play, "tangga_quarantine") == {(): 1}


def test_funnel_counts_how_far_everybody_came(play: Stage) -> None:
    play.joins(SARI)
    play.joins(JOKO)
    play.says(SARI, "/mulai")

    found = samples(play, "tangga_funnel")

    assert found == {
        ("consented",): 2,
        ("began",): 1,
        ("finished",): 0,
        ("lessons_opened",): 0,
        ("lessons_done",): 0,
    }


def test_births_of_series_are_left_out() -> None:
    metrics = Metrics(FrozenClock().now)
    metrics.delivered("ingatkan", "sent")

    said = metrics.told().decode()

    assert 'tangga_deliveries_total{kind="ingatkan",outcome="sent"} 1.0' in said
    assert "_created" not in said


def test_counting_a_tap_costs_next_to_nothing() -> None:
    bot = Metrics(FrozenClock().now).of_bot(7)
    tap, times = Tap(1, "1.an.a.b.c"), 2000
    began = time.process_time()

    for _ in range(times):
        bot.handled(tap, "done", 0.01)
        bot.transacted(0.002)
        bot.called("answerCallbackQuery", "ok", 0.001)
        bot.called("editMessageText", "ok", 0.001)

    cost = (time.process_time() - began) / times
    print(f"{1e6 * cost:.1f} microseconds a tap")
    assert cost < 0.00006
