"""Methods about the bot itself: its name, texts, commands and menu button."""

from __future__ import annotations

import json
import re

from bot.simulator.errors import bad_request
from bot.simulator.params import Params
from bot.simulator.wire import Json
from bot.simulator.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS_LIMIT = 100
DESCRIPTION_LIMIT = 256
SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)


def get_me(world: World, params: Params) -> Json:
    """Return the bot as a User with its abilities."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot_json() | abilities


def set_commands(world: World, params: Params) -> bool:
    """Register the commands of one scope and language."""
    commands = params.sequence("commands")
    if commands is None:
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.profile.commands[_scope(params)] = [_command(value) for value in commands]
    _tell_everybody(world)
    return True


def get_commands(world: World, params: Params) -> list[Json]:
    """Return the commands of exactly one scope and language."""
    commands = world.profile.commands.get(_scope(params), [])
    return [{"command": name, "description": text} for name, text in commands]


def delete_commands(world: World, params: Params) -> bool:
    """Forget the commands of one scope and language."""
    world.profile.commands.pop(_scope(params), None)
    _tell_everybody(world)
    return True


def commands_for(world: World, user_id: int, language: str) -> list[tuple[str, str]]:
    """Return the commands that a person's menu lists: the nearest scope first, with the language before without."""
    chat = json.dumps({"chat_id": user_id, "type": "chat"}, sort_keys=True)
    private, default = (json.dumps({"type": name}) for name in ("all_private_chats", "default"))
    for scope in (chat, private, default):
        for code in (language, ""):
            if found := world.profile.commands.get((scope, code)):
                return found
    return []


def set_name(world: World, params: Params) -> bool:
    """Set the bot's name in one language."""
    return _set_text(world, params, world.profile.name, "name", 64)


def get_name(world: World, params: Params) -> Json:
    """Return the bot's name in one language."""
    return {"name": _get_text(params, world.profile.name) or str(world.bot_json()["first_name"])}


def set_description(world: World, params: Params) -> bool:
    """Set what an empty chat shows in one language."""
    return _set_text(world, params, world.profile.description, "description", 512)


def get_description(world: World, params: Params) -> Json:
    """Return what an empty chat shows in one language."""
    return {"description": _get_text(params, world.profile.description)}


def set_short_description(world: World, params: Params) -> bool:
    """Set what the bot's card shows in one language."""
    return _set_text(world, params, world.profile.short_description, "short_description", 120)


def get_short_description(world: World, params: Params) -> Json:
    """Return what the bot's card shows in one language."""
    return {"short_description": _get_text(params, world.profile.short_description)}


def set_menu_button(world: World, params: Params) -> bool:
    """Set the button beside the text box, for one chat or (0) for all."""
    button = params.mapping("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("unsupported menu button type")
    world.profile.menu_buttons[params.integer("chat_id")] = button
    _tell_everybody(world)
    return True


def get_menu_button(world: World, params: Params) -> Json:
    """Return the button beside the text box."""
    buttons = world.profile.menu_buttons
    return buttons.get(params.integer("chat_id")) or buttons.get(0) or {"type": "default"}


def _scope(params: Params) -> tuple[str, str]:
    scope = params.mapping("scope") or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise bad_request("unsupported bot command scope type")
    if scope["type"] == "chat" and not isinstance(scope.get("chat_id"), int):
        raise bad_request("chat_id is empty")
    return json.dumps(scope, sort_keys=True), params.text("language_code")


def _command(value: object) -> tuple[str, str]:
    name, text = (value.get("command"), value.get("description")) if isinstance(value, dict) else (None, None)
    if not isinstance(name, str) or not COMMAND.fullmatch(name.removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(text, str) or not 1 <= len(text) <= DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return name.removeprefix("/"), text


def _set_text(world: World, params: Params, store: dict[str, str], name: str, limit: int) -> bool:
    text = params.text(name)
    if len(text) > limit:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    store[params.text("language_code")] = text
    _tell_everybody(world)
    return True


def _get_text(params: Params, store: dict[str, str]) -> str:
    return store.get(params.text("language_code")) or store.get("", "")


def _tell_everybody(world: World) -> None:
    for user_id in world.chats:
        world.listeners.tell(user_id)
