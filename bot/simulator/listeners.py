"""Who wants to know when a chat or the update queue changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable

Callback = Callable[[], None]


class Listeners:
    """Call back everybody who subscribed to a key; keys are user ids and UPDATES."""

    def __init__(self) -> None:
        self._callbacks: defaultdict[Hashable, list[Callback]] = defaultdict(list)

    def subscribe(self, key: Hashable, callback: Callback) -> Callback:
        """Call `callback` on every change of `key`; return the way to stop it."""
        self._callbacks[key].append(callback)
        return lambda: self._callbacks[key].remove(callback)

    def tell(self, key: Hashable) -> None:
        """Announce a change of `key`."""
        for callback in tuple(self._callbacks[key]):
            callback()


UPDATES = "updates"
WEBHOOK = "webhook"
CLOSING = "closing"
