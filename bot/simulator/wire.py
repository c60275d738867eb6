"""The Bot API's JSON of people, messages and buttons."""

from __future__ import annotations

import json
from datetime import datetime

from bot.simulator.chats import Button, ChatMessage, Media, Person, Rows
from bot.texts.markup import Entity

Json = dict[str, object]
SUPERGROUPS_BELOW = -(10**12)


def unix(moment: datetime) -> int:
    """Return seconds since 1970, as the Bot API writes dates."""
    return int(moment.timestamp())


def user_json(person: Person) -> Json:
    """Return a User."""
    return {"id": person.id, "is_bot": False, "first_name": person.first_name} | _given(
        last_name=person.last_name, username=person.username, language_code=person.language_code
    )


def chat_json(person: Person) -> Json:
    """Return the private Chat with a person, or the Chat of a group, whose id is below 0."""
    if person.id < 0:
        kind = "supergroup" if person.id < SUPERGROUPS_BELOW else "group"
        return {"id": person.id, "type": kind, "title": person.first_name}
    return {"id": person.id, "type": "private", "first_name": person.first_name} | _given(
        last_name=person.last_name, username=person.username
    )


def entity_json(entity: Entity) -> Json:
    """Return a MessageEntity."""
    base: Json = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    return base | _given(url=entity.url, language=entity.language)


def button_json(button: Button) -> Json:
    """Return an InlineKeyboardButton."""
    base: Json = {"text": button.text}
    base |= _given(callback_data=button.data, url=button.url, style=button.style)
    if button.web_app is not None:
        base["web_app"] = {"url": button.web_app}
    if button.copy_text is not None:
        base["copy_text"] = {"text": button.copy_text}
    return base


def keyboard_json(rows: Rows) -> Json:
    """Return an InlineKeyboardMarkup."""
    return {"inline_keyboard": [[button_json(button) for button in row] for row in rows]}


def message_json(message: ChatMessage, person: Person, bot: Json) -> Json:
    """Return a Message."""
    body: Json = {
        "message_id": message.message_id,
        "from": bot if message.from_bot else user_json(person),
        "chat": chat_json(person),
        "date": unix(message.date),
    }
    if message.edit_date is not None:
        body["edit_date"] = unix(message.edit_date)
    body |= _given(text=message.text, caption=message.caption)
    if message.entities:
        body["entities"] = [entity_json(entity) for entity in message.entities]
    if message.caption_entities:
        body["caption_entities"] = [entity_json(entity) for entity in message.caption_entities]
    if message.photo:
        body["photo"] = [photo_json(message.photo)]
    if message.document:
        body["document"] = document_json(message.document)
    if message.keyboard:
        body["reply_markup"] = keyboard_json(message.keyboard)
    return body


def photo_json(media: Media) -> Json:
    """Return a PhotoSize."""
    return file_json(media) | {"width": media.width, "height": media.height}


def document_json(media: Media) -> Json:
    """Return a Document."""
    return file_json(media) | {"file_name": media.name, "mime_type": media.mime}


def file_json(media: Media) -> Json:
    """Return the fields that every file has."""
    return {"file_id": media.file_id, "file_unique_id": media.file_id[-12:], "file_size": len(media.data)}


def text_size(message: ChatMessage) -> int:
    """Estimate the bytes that a phone downloads for a message's text and buttons."""
    texts = len(message.text.encode()) + len(message.caption.encode())
    buttons = len(json.dumps(keyboard_json(message.keyboard), ensure_ascii=False).encode()) if message.keyboard else 0
    return texts + buttons


def _given(**fields: str | None) -> Json:
    return {name: value for name, value in fields.items() if value}
