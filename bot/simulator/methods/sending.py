"""Methods that bring something new into a chat."""

from __future__ import annotations

from datetime import timedelta

from bot.simulator.chats import Chat, ChatMessage
from bot.simulator.errors import bad_request
from bot.simulator.keyboards import inline_rows
from bot.simulator.params import Params
from bot.simulator.shelf import DOWNLOAD_LIMIT
from bot.simulator.texts import caption, message_text
from bot.simulator.wire import Json, file_json
from bot.simulator.world import World

ACTION_LASTS = timedelta(seconds=5)
ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


def send_message(world: World, params: Params) -> Json:
    """Send a text."""
    chat = world.reachable(params.text("chat_id"))
    formatted = message_text(params)
    rows = inline_rows(params, may_be_reply_keyboard=True)
    reply_to = _reply(chat, params)
    message_id = _new_id(world, chat)
    now = world.clock.now()
    message = ChatMessage(message_id, now, True, formatted.text, formatted.entities, rows, reply_to=reply_to)
    return world.deliver(chat, message)


def send_photo(world: World, params: Params) -> Json:
    """Send a picture, uploaded or known by its file_id."""
    return _send_media(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    """Send a file, uploaded or known by its file_id."""
    return _send_media(world, params, "document")


def send_chat_action(world: World, params: Params) -> bool:
    """Show for five seconds what the bot is doing."""
    chat = world.reachable(params.text("chat_id"))
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until = world.clock.now() + ACTION_LASTS
    world.listeners.tell(chat.person.id)
    return True


def get_file(world: World, params: Params) -> Json:
    """Return where a file can be downloaded."""
    media = world.shelf.find(params.text("file_id"))
    if media is None:
        raise bad_request("invalid file_id")
    if len(media.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file_json(media) | {"file_path": f"{media.kind}s/{media.file_id}"}


def _send_media(world: World, params: Params, kind: str) -> Json:
    chat = world.reachable(params.text("chat_id"))
    formatted = caption(params)
    rows = inline_rows(params, may_be_reply_keyboard=True)
    reply_to = _reply(chat, params)
    media = world.shelf.take(params, kind)
    message = ChatMessage(
        _new_id(world, chat),
        world.clock.now(),
        True,
        keyboard=rows,
        photo=media if kind == "photo" else None,
        document=media if kind == "document" else None,
        caption=formatted.text,
        caption_entities=formatted.entities,
        reply_to=reply_to,
    )
    return world.deliver(chat, message)


def _new_id(world: World, chat: Chat) -> int:
    world.rates.count(chat.person.id, world.clock.now())
    return world.next_message_id()


def _reply(chat: Chat, params: Params) -> int | None:
    wanted = params.mapping("reply_parameters")
    message_id = wanted.get("message_id")
    if not isinstance(message_id, int):
        return None
    if message_id in chat.messages:
        return message_id
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
