"""Keeps the phones over a restart of the demo: chats, files, menu, the time that was moved, the count of messages."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.simulator.api import BotApi
from bot.simulator.chats import Chat

log = logging.getLogger(__name__)
KEPT_EVERY_SECONDS = 2.0
SKIPPED_IDS = 1000
"""Message ids left out after a restart, so that none is given twice even where the last seconds were not kept."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that outlives a restart; `commands` by scope and language, for a bot tells them once for each change."""

    moved_by: timedelta
    last_message_id: int
    chats: tuple[Chat, ...]
    commands: tuple[tuple[tuple[str, str], list[tuple[str, str]]], ...] = ()


_SNAPSHOT = TypeAdapter(Snapshot)


class Memory:
    """Reads and writes one file; a file that cannot be read is set aside, never overwritten."""

    def __init__(self, api: BotApi, path: Path) -> None:
        self._api = api
        self._path = path
        self._written = b""

    def recall(self) -> None:
        """Bring back what was kept, if anything was."""
        if not self._path.exists():
            return
        try:
            snapshot = _SNAPSHOT.validate_json(self._path.read_bytes())
        except ValidationError:
            aside = self._path.with_suffix(".unreadable.json")
            self._path.rename(aside)
            log.warning("the phones could not be read and start empty; the old file is %s", aside.name)
            return
        self._api.clock.advance(snapshot.moved_by)
        self._api.profile.commands.update(snapshot.commands)
        self._api.restore(snapshot.chats, last_message_id=snapshot.last_message_id + SKIPPED_IDS)

    async def keep(self) -> None:
        """Write every few seconds while the demo runs."""
        while True:
            await asyncio.sleep(KEPT_EVERY_SECONDS)
            self.write()

    def write(self) -> None:
        """Write the present state, if it changed, as a whole new file."""
        api = self._api
        chats, commands = tuple(api.chats.values()), tuple(api.profile.commands.items())
        snapshot = Snapshot(api.clock.moved_by, api.last_message_id, chats, commands)
        raw = _SNAPSHOT.dump_json(snapshot)
        if raw == self._written:
            return
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(raw)
        fresh.replace(self._path)
        self._written = raw
