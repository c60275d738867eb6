"""The Bot API's methods, one table by lower-case name."""

from __future__ import annotations

from collections.abc import Callable

from bot.simulator.methods import delivery, messages, profile, sending
from bot.simulator.params import Params
from bot.simulator.world import World

Method = Callable[[World, Params], object]

NAMED: dict[str, Method] = {
    "getMe": profile.get_me,
    "getUpdates": delivery.get_updates,
    "setWebhook": delivery.set_webhook,
    "deleteWebhook": delivery.delete_webhook,
    "getWebhookInfo": delivery.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "getFile": sending.get_file,
    "editMessageText": messages.edit_text,
    "editMessageCaption": messages.edit_caption,
    "editMessageReplyMarkup": messages.edit_reply_markup,
    "deleteMessage": messages.delete,
    "setMessageReaction": messages.set_reaction,
    "answerCallbackQuery": messages.answer_callback_query,
    "setMyCommands": profile.set_commands,
    "getMyCommands": profile.get_commands,
    "deleteMyCommands": profile.delete_commands,
    "setMyName": profile.set_name,
    "getMyName": profile.get_name,
    "setMyDescription": profile.set_description,
    "getMyDescription": profile.get_description,
    "setMyShortDescription": profile.set_short_description,
    "getMyShortDescription": profile.get_short_description,
    "setChatMenuButton": profile.set_menu_button,
    "getChatMenuButton": profile.get_menu_button,
}
# Telegram doesn't mind how a method's name is capitalised.
METHODS: dict[str, tuple[str, Method]] = {name.lower(): (name, method) for name, method in NAMED.items()}
