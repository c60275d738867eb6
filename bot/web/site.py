"""All that the pages need, handed in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from bot.store.session import Database
from bot.usecases.library import Library
from bot.usecases.reckoning import Reckoner
from bot.usecases.signing_in import NewToken
from bot.web.export_limit import ExportLimit


@dataclass(frozen=True, slots=True)
class Site:
    """The web of one process; `url` is where browsers find it, without a slash at the end.

    Who signs in and every form goes to the `workers`, beside the taps of the chat; pages are read by the `readers`.
    """

    database: Database
    workers: Executor
    readers: Executor
    library: Library
    clock: Callable[[], datetime]
    new_token: NewToken
    url: str
    bot_tokens: tuple[str, ...]
    bot_names: Callable[[], Sequence[str]]
    """Returns the names of all bots without the @, as far as Telegram told them."""
    admins: frozenset[int]
    two_person: bool = False
    """Whether a second person has to read content before it is released."""
    exports: ExportLimit = field(default_factory=ExportLimit)
    reckoner: Reckoner = field(default_factory=Reckoner)

    @property
    def is_https(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def address(self) -> str:
        """Return host and port as a browser names them."""
        return urlsplit(self.url).netloc

    def cookie(self, name: str) -> str:
        """Return a cookie's full name: on https a browser then takes it from this host alone."""
        return f"__Host-{name}" if self.is_https else name


def form_mark(secret: str) -> str:
    """Return what a form must carry to be this browser's own; it tells nothing about the secret it is made from."""
    return hmac.digest(secret.encode(), b"formulir", hashlib.sha256).hex()[:32]
