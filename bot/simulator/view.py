"""What a phone shows, as JSON for the page, and what changed since."""

from __future__ import annotations

from datetime import timedelta

from bot.simulator.api import BotApi
from bot.simulator.chats import Button, Chat, ChatMessage, Media, Query
from bot.simulator.methods.profile import commands_for
from bot.simulator.wire import Json, entity_json, unix

# A real client stops its waiting sign by itself after a while.
WAITING_SHOWN = timedelta(seconds=30)
TOASTS_SHOWN = 5


def phone_state(api: BotApi, user_id: int) -> Json:
    """Return everything the phone of one person shows now."""
    chat = api.chat(user_id)
    now = api.clock.now()
    language = chat.person.language_code
    cut_off = chat.network.cut_off
    return {
        "user": {"id": user_id, "name": chat.person.first_name, "label": chat.person.label},
        "people": people(api),
        "bot": {"name": api.bot_json()["first_name"], "username": api.username, "description": _about(api, language)},
        "messages": [_message(message) for message in chat.shown()],
        "unsent": [item.message_id for item in chat.unsent if isinstance(item, ChatMessage)],
        "waiting": [{"message_id": query.message_id, "data": query.data} for query in _waiting(api, chat)],
        "toasts": [
            {"id": toast.callback_query_id, "text": toast.text, "alert": toast.alert}
            for toast in chat.toasts[-TOASTS_SHOWN:]
            if toast.text and not cut_off
        ],
        "typing": not cut_off and chat.typing_until is not None and chat.typing_until > now,
        "commands": [{"command": name, "description": text} for name, text in commands_for(api, user_id, language)],
        "network": {"slow": chat.network.slow, "cut_off": cut_off, "doubled": chat.network.doubled},
        "blocked": chat.blocked,
        "bytes": chat.bytes_down,
        "now": unix(now),
    }


def people(api: BotApi) -> list[Json]:
    """Return everybody who has a phone, as the chooser lists them."""
    return [
        {"id": person.id, "label": person.label or person.first_name, "circle": person.circle} for person in api.people
    ]


def change(old: Json, new: Json) -> Json:
    """Return what differs between two states: fields, changed messages and ids that are gone."""
    fields = {name: value for name, value in new.items() if name != "messages" and old.get(name) != value}
    before, after = _by_id(old), _by_id(new)
    fields["changed"] = [message for key, message in after.items() if before.get(key) != message]
    fields["gone"] = [key for key in before if key not in after]
    return fields


def _by_id(state: Json) -> dict[int, Json]:
    messages = state["messages"]
    assert isinstance(messages, list)
    return {message["id"]: message for message in messages}


def _about(api: BotApi, language: str) -> str:
    texts = api.profile.description
    return texts.get(language) or texts.get("", "")


def _waiting(api: BotApi, chat: Chat) -> list[Query]:
    since = api.clock.now() - WAITING_SHOWN
    sent = [query for query in chat.waiting.values() if query.date > since]
    return sent + [item for item in chat.unsent if isinstance(item, Query)]


def _message(message: ChatMessage) -> Json:
    return {
        "id": message.message_id,
        "date": unix(message.date),
        "edited": message.edited,
        "from_bot": message.from_bot,
        "text": message.text or message.caption,
        "entities": [entity_json(entity) for entity in message.entities or message.caption_entities],
        "keyboard": [[_button(button) for button in row] for row in message.keyboard],
        "photo": _media(message.photo),
        "document": _media(message.document),
        "reaction": message.reaction,
    }


def _button(button: Button) -> Json:
    kind = "data" if button.data else "url" if button.url else "web_app" if button.web_app else "copy"
    value = button.data or button.url or button.web_app or button.copy_text
    return {"text": button.text, "kind": kind, "value": value, "style": button.style}


def _media(media: Media | None) -> Json | None:
    if media is None:
        return None
    size: Json = {"width": media.width, "height": media.height}
    return size | {"file_id": media.file_id, "name": media.name, "size": len(media.data)}
