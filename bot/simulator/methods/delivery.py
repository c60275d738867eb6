"""Methods about how updates reach the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.simulator.errors import ApiError, bad_request
from bot.simulator.keyboards import LOOPBACK
from bot.simulator.listeners import WEBHOOK
from bot.simulator.params import Params
from bot.simulator.wire import Json
from bot.simulator.world import Webhook, World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True, slots=True)
class Described:
    """A result that comes with a description."""

    result: object
    description: str


def get_updates(world: World, params: Params) -> list[Json]:
    """Return the next updates at once; the waiting belongs to the HTTP layer."""
    if world.webhook is not None:
        raise ApiError(409, f"Conflict: {WEBHOOK_ACTIVE}")
    _remember_allowed(world, params)
    batch = world.updates.batch(params.integer("offset"), params.integer("limit", 100), world.clock.now())
    return [update.body() for update in batch]


def set_webhook(world: World, params: Params) -> Described:
    """Have updates delivered to an address from now on; an empty one ends it."""
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    _check_address(url)
    secret = params.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(world, params)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    connections = max(1, min(params.integer("max_connections", 40), 100))
    webhook = Webhook(url, secret, connections, world.updates.allowed)
    if webhook == world.webhook:
        return Described(True, "Webhook is already set")
    world.webhook, world.webhook_error = webhook, None
    world.listeners.tell(WEBHOOK)
    return Described(True, "Webhook was set")


def delete_webhook(world: World, params: Params) -> Described:
    """End the delivery to an address."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    if world.webhook is None:
        return Described(True, "Webhook is already deleted")
    world.webhook = world.webhook_error = None
    world.listeners.tell(WEBHOOK)
    return Described(True, "Webhook was deleted")


def get_webhook_info(world: World, params: Params) -> Json:
    """Return the address, how many updates wait, and the last error."""
    webhook = world.webhook
    pending = len(world.updates.waiting(world.clock.now()))
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": pending}
    if webhook is not None:
        info |= {"url": webhook.url, "max_connections": webhook.max_connections}
    if world.updates.allowed:
        info["allowed_updates"] = list(world.updates.allowed)
    if world.webhook_error is not None:
        info["last_error_date"], info["last_error_message"] = world.webhook_error
    return info


def _remember_allowed(world: World, params: Params) -> None:
    """Keep the list of kinds until another one is given; an empty list means the default."""
    allowed = params.sequence("allowed_updates")
    if allowed is not None:
        world.updates.allowed = tuple(str(kind) for kind in allowed)


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    # Telegram insists on HTTPS and a public address; here only an unencrypted loopback address makes sense too.
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
