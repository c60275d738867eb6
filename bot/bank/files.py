"""Release and working copy as content files, and content files into the working copy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.content.field_words import part_words
from bot.content.files import export
from bot.content.load import load
from bot.content.problems import ContentRefused
from bot.store.session import Database
from bot.usecases import editing, importing
from bot.usecases.importing import InTheWay
from bot.usecases.library import Library


def write(database: Database, directory: Path, *, draft: bool) -> int:
    """Write the current release, or what is being edited, as content files."""
    library = Library()
    with database.snapshot() as session:
        copy = editing.working_copy(session, library=library)
        document = copy.document if draft else library.document(session, copy.base_id)
    try:
        if document is None:
            raise ContentRefused(copy.broken)
        export(document, directory)
    except ContentRefused as refused:
        print(refused)
        return 1
    what = "yang sedang disunting" if draft else f"rilis {copy.base_id}"
    print(f"Isi {what} ditulis ke {directory}. Periksa dengan `python -m bot content check {directory}`.")
    return 0


def take(database: Database, directory: Path, *, now: datetime) -> int:
    """Put content files into the working copy; an admin looks at them and releases them."""
    try:
        document = load(directory)
    except ContentRefused as refused:
        print(refused)
        return 1
    with database.transaction() as session:
        outcome = importing.take(session, document=document, library=Library(), now=now)
    if isinstance(outcome, InTheWay):
        print("Tidak ada yang diambil, karena bagian ini sedang disunting dan berbeda:")
        print(*map(part_words, outcome.parts), sep="\n")
        return 1
    print(*outcome.changes, sep="\n")
    told = (
        f"{len(outcome.changes)} perubahan menunggu di halaman /isi." if outcome.changes else "Tidak ada yang berbeda."
    )
    print(told)
    return 0
