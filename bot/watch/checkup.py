"""What keeps this process from its work, each thing with a sentence and since when it is so."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

FRESH_SECONDS = 1.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that should hold. `look` returns what is wrong in one plain sentence, nothing where all is well.

    Without what `is_needed` no traffic should come; the rest are warnings.
    """

    name: str
    look: Callable[[], str]
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `since` is the moment when it was first found wrong in a row."""

    name: str
    wrong: str = ""
    since: datetime | None = None
    is_needed: bool = False

    @property
    def ok(self) -> bool:
        return not self.wrong


class Checkup:
    """Goes through all checks. A process that ends is not ready from the moment at which it is asked to."""

    def __init__(self, checks: Iterable[Check], clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._checks = (Check("running", self._running, is_needed=True), *checks)
        self._is_stopping = False
        self._looked_at = float("-inf")
        self.latest: tuple[Finding, ...] = ()

    def stop(self) -> None:
        """Say that the process ends."""
        self._is_stopping = True

    def leave_out(self, is_left_out: Callable[[str], bool]) -> None:
        """Forget the checks of these names."""
        self._checks = tuple(check for check in self._checks if not is_left_out(check.name))

    def _running(self) -> str:
        return "the process is ending" if self._is_stopping else ""

    def look(self) -> tuple[Finding, ...]:
        """Go through all checks and return what they find; what changed is told in the log."""
        before = {finding.name: finding for finding in self.latest}
        found = tuple(self._found(check, before.get(check.name)) for check in self._checks)
        for finding in found:
            _tell_change(finding, before.get(finding.name))
        self.latest, self._looked_at = found, time.monotonic()
        return found

    def told(self) -> tuple[bool, list[dict[str, object]]]:
        """Tell whether traffic should come here, and what was found; whoever asks at once again hears the same."""
        if time.monotonic() - self._looked_at >= FRESH_SECONDS or self._is_stopping:
            self.look()
        found = self.latest
        return all(finding.ok for finding in found if finding.is_needed), [_as_json(finding) for finding in found]

    def _found(self, check: Check, before: Finding | None) -> Finding:
        try:
            wrong = check.look()
        except Exception as error:
            wrong = f"the check broke: {type(error).__name__}"
        if not wrong:
            return Finding(check.name, is_needed=check.is_needed)
        since = before.since if before is not None and before.wrong else self._clock()
        return Finding(check.name, wrong, since, check.is_needed)


def _as_json(finding: Finding) -> dict[str, object]:
    since = finding.since.isoformat(timespec="seconds") if finding.since else None
    needed = finding.is_needed
    return {"name": finding.name, "ok": finding.ok, "needed": needed, "wrong": finding.wrong, "since": since}


def _tell_change(finding: Finding, before: Finding | None) -> None:
    was_ok = before is None or before.ok
    if was_ok and not finding.ok:
        log.warning("check %s: %s", finding.name, finding.wrong, extra={"check": finding.name})
    elif not was_ok and finding.ok:
        log.info("check %s is well again", finding.name, extra={"check": finding.name})
