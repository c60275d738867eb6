"""Refusals of the Bot API and of the phone."""

from __future__ import annotations


class ApiError(Exception):
    """Carry one of Telegram's error answers to the edge."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class NotPossible(ValueError):
    """Say that a person cannot do this on a real phone."""


def bad_request(reason: str) -> ApiError:
    """Return the 400 that Telegram answers for `reason`."""
    return ApiError(400, f"Bad Request: {reason}")


def too_many(seconds: int) -> ApiError:
    """Return the 429 that asks to wait `seconds`."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
