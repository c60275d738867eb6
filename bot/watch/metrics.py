"""What is counted and timed for Prometheus. One registry of its own, no state outside of it; every label comes from a
short list, whatever people send.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, Summary, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from bot.chat.incoming import Tap, Typed
from bot.chat.observer import Event
from bot.chat.routes import COMMANDS, VERBS

UP_TO_A_MINUTE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
OTHER = "other"
_VERBS = frozenset(verb.name for verb in VERBS)
_COMMANDS = frozenset(command.name for command in COMMANDS)


class Metrics:
    """All that one process counts."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.updates = self._counter("tangga_updates", "Updates dealt with", "bot", "verb", "outcome")
        self.update_seconds = self._timer(
            "tangga_update_seconds", "From the arrival of an update to its acknowledgement", "bot", "event"
        )
        self.transaction_seconds = self._timer(
            "tangga_transaction_seconds", "Transactions of updates, with the wait for their turn", "bot"
        )
        self.quarantined = self._counter("tangga_quarantined", "Updates put into quarantine", "bot")
        self.calls = self._counter("tangga_telegram_calls", "Calls to Telegram", "bot", "method", "verdict")
        self.call_seconds = self._timer("tangga_telegram_call_seconds", "Calls to Telegram", "bot", "method")
        self.waits = Summary(
            "tangga_telegram_wait_seconds", "Waits that Telegram named (429)", ("bot",), registry=self.registry
        )
        self.deliveries = self._counter("tangga_deliveries", "Messages owed, by how they ended", "kind", "outcome")
        self.sweeps = self._counter("tangga_sweeps", "Sweeps for what is owed that this process made")
        self.database_failures = self._counter(
            "tangga_database_failures", "Transactions that the database did not take"
        )
        self.loop_lag = Histogram(
            "tangga_event_loop_lag_seconds",
            "How late the event loop wakes up",
            buckets=LAGS,
            registry=self.registry,
        )

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _timer(self, name: str, meaning: str, *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, buckets=UP_TO_A_MINUTE, registry=self.registry)

    def of_bot(self, bot_id: int) -> BotMetrics:
        """Return what hears of one bot's work."""
        return BotMetrics(self, str(bot_id))

    def delivered(self, kind: str, outcome: str) -> None:
        """Count a message owed that ended."""
        self.deliveries.labels(kind, outcome).inc()

    def swept(self, now: datetime) -> None:
        """Count a sweep: of several processes one makes it, whichever."""
        self.sweeps.inc()

    def told(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(_WithoutBirths(self.registry))


class BotMetrics:
    """Counts the work of one bot. What is counted once is found again without a search by labels."""

    def __init__(self, metrics: Metrics, bot: str) -> None:
        self._metrics, self._bot = metrics, bot
        self._updates: dict[tuple[str, str], Counter] = {}
        self._calls: dict[tuple[str, str], tuple[Counter, Histogram]] = {}
        self._tap, self._typed, self._else = (
            metrics.update_seconds.labels(bot, event) for event in ("tap", "typed", OTHER)
        )
        self._transaction = metrics.transaction_seconds.labels(bot)
        self._quarantined = metrics.quarantined.labels(bot)
        self._waits = metrics.waits.labels(bot)

    def handled(self, event: Event | None, outcome: str, seconds: float) -> None:
        """Count an update under its verb, and time it."""
        key = (verb_of(event), outcome)
        counter = self._updates.get(key)
        if counter is None:
            counter = self._updates[key] = self._metrics.updates.labels(self._bot, *key)
        counter.inc()
        timer = self._tap if isinstance(event, Tap) else self._typed if isinstance(event, Typed) else self._else
        timer.observe(seconds)

    def transacted(self, seconds: float) -> None:
        """Time a transaction."""
        self._transaction.observe(seconds)

    def quarantined(self) -> None:
        """Count an update that could not be handled."""
        self._quarantined.inc()

    def called(self, method: str, verdict: str, seconds: float) -> None:
        """Count and time a call."""
        found = self._calls.get((method, verdict))
        if found is None:
            found = self._calls[method, verdict] = (
                self._metrics.calls.labels(self._bot, method, verdict),
                self._metrics.call_seconds.labels(self._bot, method),
            )
        found[0].inc()
        found[1].observe(seconds)

    def told_to_wait(self, seconds: float) -> None:
        """Count and sum a wait that Telegram named."""
        self._waits.observe(seconds)


def verb_of(event: Event | None) -> str:
    """Return the verb of a tap, the command or `text` of a message; `other` for what no list of ours holds."""
    match event:
        case Tap(data=data):
            _, _, rest = data.partition(".")
            verb = rest.partition(".")[0]
            return verb if verb in _VERBS else OTHER
        case Typed(command=None):
            return "text"
        case Typed(command=command):
            return f"/{command}" if command in _COMMANDS else OTHER
        case _:
            return OTHER


class _WithoutBirths(Collector):
    """Leaves out when each series began, which doubles them and tells nothing that a restart does not."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        """Return what is counted now."""
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric
