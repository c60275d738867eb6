"""A cell without the first two walls: what is written here runs as plain Jinja, with the machine's doors in its hands.

So the tests see that the process alone holds what gets through.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from jinja2 import Environment

from bot.texts import cell

_plain = Environment(autoescape=False)
_last_words: list[bool] = []


def _render(source: str, values: Mapping[str, object]) -> str:
    if _last_words:
        os._exit(1)
    doors = {
        "open": open,
        "socket": socket.socket,
        "environment": os.environ,
        "leave": os._exit,
        "say": os.write,
        "die_next": lambda: _last_words.append(True),
    }
    return _plain.from_string(source).render(values, **doors)


def main() -> None:
    vars(cell).update(render_card=_render, check_card=lambda source: None, WARM_UP=("{{ 'a' }}",))
    cell.main()


if __name__ == "__main__":
    main()
