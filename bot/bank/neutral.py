"""`neutralise`: put a faulty question aside, or let it count again, after a look at whose level would change.

Results are never stored, so the decision rescores everything at once; the readings that groups are seen by are written
anew by the bot, beside the taps. The log of decisions stays.
"""

from __future__ import annotations

from datetime import datetime

from bot.bank.calibration import print_effect
from bot.store.session import Database
from bot.usecases import calibrating, readings
from bot.usecases.library import Library


def run(database: Database, code: str, *, reason: str, restore: bool, write: bool, now: datetime) -> int:
    """Print what the decision would change; with `write` take it."""
    with database.transaction() as session:
        library = Library()
        if not restore:
            library.refresh(session, now=now)
        item = library.current(session).item_by_code.get(code)
        if item is None or item.is_habit:
            print(f"Butir bernilai {code} tidak ada dalam rilis sekarang.")
            return 1
        if item.neutral:
            print(f"Butir {code} memang sudah tidak dihitung.")
            return 0
        print_effect(calibrating.neutralised(session, item=item, library=library))
        if not write:
            print("Belum ada yang diubah. Tambahkan --write untuk memutuskannya.")
            return 0
        calibrating.decide(session, item=item, is_neutral=not restore, reason=reason, now=now)
        readings.forget_item(session, item_code=code)
    print(f"Butir {code} {'dihitung lagi' if restore else 'tidak lagi ditanyakan dan tidak dihitung'}.")
    return 0
