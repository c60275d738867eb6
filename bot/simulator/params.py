"""The parameters of a call, whether they came as form fields, multipart parts or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.simulator.errors import bad_request

Files = Mapping[str, tuple[str, bytes]]
MARKUP_NAMES = {"reply_markup": "reply keyboard markup"}


class Params:
    """Read one call's parameters in the shape a method needs."""

    def __init__(self, values: Mapping[str, object], files: Files) -> None:
        self._values = values
        self._files = files

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return a string, empty if it was not given."""
        value = self._values.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number; what is none counts as not given, as Telegram does."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Return whether a switch is on."""
        return self.text(name).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> object:
        """Return a nested value, decoded if it came as a JSON string; None if not given."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {MARKUP_NAMES.get(name, name)} JSON object") from None

    def mapping(self, name: str) -> dict[str, object]:
        """Return a nested object, empty if not given."""
        value = self.structure(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {MARKUP_NAMES.get(name, name)}")
        return value

    def sequence(self, name: str) -> list[object] | None:
        """Return a nested list, None if not given."""
        value = self.structure(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise bad_request(f"can't parse {name}: expected an Array")
        return value

    def file(self, name: str) -> tuple[str, bytes] | None:
        """Return an uploaded file's name and bytes, sent under its own name or by attach://."""
        return self._files.get(self.text(name).removeprefix("attach://") or name) or self._files.get(name)
