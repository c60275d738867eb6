"""A group's week for its Telegram group: what a coach reads before adding the bot there, and what stands there then."""

from __future__ import annotations

from bot.chat.callback_data import pack
from bot.chat.handlers.groups import back_to, group_id, viewer
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.core.group import GroupId
from bot.texts import engine
from bot.texts.catalogue import translate
from bot.usecases import grouping, posting
from bot.usecases.posting import Post

CHAT_PREFIX = "k"
"""What the payload of a link begins with that lets a Telegram group get a group's sums."""


def show(request: Request, group: str) -> Reply:
    """Tell what is posted in a Telegram group, with the link that adds the bot there or the way to stop it."""
    return Reply(_screen(request, group_id(group)))


def _screen(request: Request, of: GroupId) -> Screen:
    found = grouping.look(request.session, viewer=viewer(request), group_id=of).group
    linked_in = posting.linked_in(request.session, viewer=viewer(request), group_id=of)
    zone = linked_in or request.owner.context.clock
    text = request.show("group_chat", group=found.name, is_linked=linked_in is not None, zone=zone)
    step: Row = (Button(request.t("Berhenti mengirim ke grup"), pack("tq", of)) if linked_in else _adding(request, of),)
    return Screen(text, (step, back_to(request, of)))


def _adding(request: Request, of: GroupId) -> Button:
    token = posting.offer(
        request.session,
        viewer=viewer(request),
        group_id=of,
        new_token=request.house.new_token,
        now=request.now,
    )
    link = f"https://t.me/{request.house.bot_name}?startgroup={CHAT_PREFIX}{token}"
    return Button(request.t("Pilih grup Telegram"), style=Style.GO, url=link)


def stop(request: Request, group: str) -> Reply:
    """Send the Telegram group nothing more."""
    of = group_id(group)
    posting.unlink(request.session, viewer=viewer(request), group_id=of)
    return Reply(_screen(request, of), toast=request.t("Baik, tidak dikirim lagi."))


def linked_screen(group_name: str, language: str, bot_name: str) -> Screen:
    """Return what a Telegram group reads when it is linked."""
    return _in_chat("chat_linked", {"group": group_name}, language, bot_name)


def post_screen(post: Post, group_name: str, language: str) -> Screen:
    """Return a group's week as its Telegram group reads it."""
    return _in_chat(
        "chat_week", {"group": group_name, "week": post.week, "ever": post.ever}, language, post.chat.bot_name
    )


def _in_chat(template: str, values: dict[str, object], language: str, bot_name: str) -> Screen:
    text = engine.render("bot.chat", f"{template}.html.j2", language, values)
    private = Button(translate("Buka chat pribadi", language), url=f"https://t.me/{bot_name}")
    return Screen(text, ((private,),))
