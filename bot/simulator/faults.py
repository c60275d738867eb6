"""Faults on order: the next calls of a method are lost, late or answered wrongly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

When = Literal["before", "after"]
Do = Literal["drop", "reset", "delay", "status", "json"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault for the next `times` calls of `method` ("*" is any).

    `before`: the call is not applied (a delayed call is applied late); `after`: it is applied and its answer is
    lost, late or wrong. `drop` closes the connection without an answer, `reset` tears it down, `delay` waits
    `seconds`, `status` answers with `status` and `body` (an HTML page unless given), `json` answers 200 with `body`.
    """

    method: str = "*"
    when: When = "before"
    do: Do = "drop"
    times: int = 1
    chat_id: int | None = None
    seconds: float = 0.0
    status: int = 502
    body: dict[str, object] | str | None = None
    headers: dict[str, str] = field(default_factory=dict)


BAD_GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Faults:
    """Hold the faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Ask for a fault."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every fault still to come."""
        self._waiting.clear()

    def take(self, method: str, chat_id: int | None = None) -> Fault | None:
        """Return the first fault meant for this call and count it as used."""
        for index, fault in enumerate(self._waiting):
            if fault.method.lower() not in ("*", method.lower()) or fault.chat_id not in (None, chat_id):
                continue
            if fault.times > 1:
                self._waiting[index] = replace(fault, times=fault.times - 1)
            else:
                del self._waiting[index]
            return fault
        return None

    def __len__(self) -> int:
        return sum(fault.times for fault in self._waiting)
