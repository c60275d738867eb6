"""Texts that a screen has asked for: kept on the person until the next tap or command, taken once."""

from __future__ import annotations

from bot.chat.request import Request
from bot.chat.screen import Reply, Screen
from bot.core.group import GroupId
from bot.usecases import accounts


def ask(request: Request, what: str, screen: Screen, group: GroupId | None = None) -> Reply:
    """Show a screen whose answer is typed."""
    awaits = what if group is None else f"{what} {group}"
    accounts.await_text(request.session, owner=request.owner, awaits=awaits)
    return Reply(screen)


def read(awaits: str) -> tuple[str, str]:
    """Return what is awaited, and about what."""
    what, _, about = awaits.partition(" ")
    return what, about


def group(about: str) -> GroupId | None:
    """Return the group that a text is about, if it is about one."""
    return GroupId(int(about)) if about else None
