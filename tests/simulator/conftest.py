"""Set-up for every test of the simulator."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def durations_as_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library give durations as it will by default, and so without its warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
