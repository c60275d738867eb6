"""Methods that change, remove or answer what is already in a chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.simulator.chats import Chat, ChatMessage, Toast
from bot.simulator.errors import bad_request
from bot.simulator.keyboards import inline_rows
from bot.simulator.params import Params
from bot.simulator.texts import caption, message_text
from bot.simulator.updates import CALLBACK_LIFETIME
from bot.simulator.wire import Json
from bot.simulator.world import World
from bot.texts.markup import TOAST_LIMIT

DELETABLE_FOR = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def edit_text(world: World, params: Params) -> Json:
    """Replace the text and the keyboard of the bot's own message."""
    chat = world.reachable(params.text("chat_id"))
    formatted = message_text(params)
    rows = inline_rows(params)
    message = _own(chat, params)
    if not message.text:
        raise bad_request("there is no text in the message to edit")
    return _change(
        world, chat, message, replace(message, text=formatted.text, entities=formatted.entities, keyboard=rows)
    )


def edit_caption(world: World, params: Params) -> Json:
    """Replace the caption and the keyboard of the bot's own picture or file."""
    chat = world.reachable(params.text("chat_id"))
    formatted = caption(params)
    rows = inline_rows(params)
    message = _own(chat, params)
    if message.photo is None and message.document is None:
        raise bad_request("there is no caption in the message to edit")
    changed = replace(message, caption=formatted.text, caption_entities=formatted.entities, keyboard=rows)
    return _change(world, chat, message, changed)


def edit_reply_markup(world: World, params: Params) -> Json:
    """Replace or remove the keyboard of the bot's own message."""
    chat = world.reachable(params.text("chat_id"))
    rows = inline_rows(params)
    message = _own(chat, params)
    return _change(world, chat, message, replace(message, keyboard=rows))


def delete(world: World, params: Params) -> bool:
    """Remove a message that is less than 48 hours old."""
    chat = world.reachable(params.text("chat_id"))
    message = _find(chat, params, "delete")
    if world.clock.now() - message.date >= DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message.message_id]
    world.listeners.tell(chat.person.id)
    return True


def set_reaction(world: World, params: Params) -> bool:
    """Set the bot's one reaction to a message, or take it back."""
    chat = world.reachable(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions = params.sequence("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = reactions[0].get("emoji") if reactions and isinstance(reactions[0], dict) else None
    if reactions and not isinstance(emoji, str):
        raise bad_request("REACTION_INVALID")
    chat.messages[message.message_id] = replace(message, reaction=emoji)
    world.listeners.tell(chat.person.id)
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """End the waiting of a tapped button, with a notice if there is a text."""
    text = params.text("text")
    if len(text) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = params.text("callback_query_id")
    now = world.clock.now()
    for chat in world.chats.values():
        query = chat.waiting.pop(query_id, None)
        if query is None:
            continue
        if now - query.date >= CALLBACK_LIFETIME:
            break
        chat.toasts.append(Toast(query_id, text, params.flag("show_alert"), now))
        chat.receive(len(text.encode()))
        world.listeners.tell(chat.person.id)
        return True
    raise bad_request(QUERY_TOO_OLD)


def _find(chat: Chat, params: Params, purpose: str) -> ChatMessage:
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def _own(chat: Chat, params: Params) -> ChatMessage:
    message = _find(chat, params, "edit")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _change(world: World, chat: Chat, old: ChatMessage, new: ChatMessage) -> Json:
    if new == old:
        raise bad_request(NOT_MODIFIED)
    return world.deliver(chat, replace(new, edit_date=world.clock.now()))
