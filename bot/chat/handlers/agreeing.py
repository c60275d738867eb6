"""The words with which somebody asks for what comes by itself, and the proof that these were on the screen."""

from __future__ import annotations

import hashlib

from bot.chat import labels
from bot.chat.request import Request
from bot.core.delivery import QUIET_FROM, QUIET_UNTIL, WEEKLY_MOST
from bot.core.person import Person
from bot.core.wish import Wanted, Wish
from bot.texts import engine
from bot.usecases import announcing, wishing

LIST, PAUSE = "d", "j"
"""Where a word was said, if the way leads back there: the list, or a sitting that was just paused."""
YES, NO = "y", "n"


def rules() -> dict[str, object]:
    """Return what the rules of all wishes say: the quiet hours, and how much comes in a week at most."""
    night = {"quiet_from": labels.clock(QUIET_FROM), "quiet_until": labels.clock(QUIET_UNTIL)}
    return {**night, "weekly": WEEKLY_MOST}


def is_undecided(request: Request, what: Wish) -> bool:
    """Tell whether the person never said yes or no to a wish that the role can have; only then it is offered."""
    return what in wishing.OFFERED[request.owner.form] and what not in wishing.of(request.session, owner=request.owner)


def say(request: Request, what: Wish, *, wanted: bool, hour: int | None = None) -> Wanted:
    """Take somebody's word on a wish, with the hash of the words it was said to."""
    return wishing.say(
        request.session,
        owner=request.owner,
        what=what,
        wanted=wanted,
        text_hash=hashed(words(what, request.language)),
        library=request.library,
        seed=request.new_seed(),
        now=request.now,
        hour=hour,
    )


def say_news(request: Request, *, wants: bool, read: str | None = None) -> Person:
    """Take somebody's word on announcements, with the hash of the words that were read: those of the list, if no
    others.
    """
    text = words(Wish.NEWS, request.language) if read is None else read
    return announcing.allow(request.session, owner=request.owner, wants=wants, text_hash=hashed(text), now=request.now)


def words(what: Wish, language: str) -> str:
    """Return what is read before a wish is asked for: what it brings, and the rules of all."""
    parts: tuple[tuple[str, dict[str, object]], ...] = (("words", {"what": what.value}), ("rules", rules()))
    return "\n".join(engine.render("bot.chat", f"wish_{name}.html.j2", language, values) for name, values in parts)


def hashed(text: str) -> str:
    """Return the proof of which words were read."""
    return hashlib.sha256(text.encode()).hexdigest()
