"""`explain`: why a sitting asked what it asked, slot by slot, replayed from its seed."""

from __future__ import annotations

from bot.core.attempt import AttemptId, explain
from bot.core.selection import Choice, Concession, Purpose
from bot.store.session import Database
from bot.usecases.calibrating import one_sitting
from bot.usecases.library import Library

PURPOSES = {
    Purpose.HABIT: "pertanyaan kebiasaan",
    Purpose.BALANCE: "bidang ini paling tertinggal dari jatahnya",
    Purpose.SETTLE: "zona bidang ini paling belum pasti",
    Purpose.CHECK: "cek ulang bidang ini",
}
CONCESSIONS = {
    Concession.SECOND_SUM: "dua hitungan berturut-turut",
    Concession.LAST_SITTING: "butir asesmen sebelumnya",
    Concession.JUMP: "lebih dari satu tingkat di atas perkiraan",
    Concession.HELD_BACK: "butir yang sedang ditahan",
}


def run(database: Database, attempt_id: int) -> int:
    """Print every choice of a sitting; a replay that differs from what was asked is told and fails."""
    with database.transaction() as session:
        found = one_sitting(session, attempt_id=AttemptId(attempt_id), library=Library())
    if found is None:
        print(f"Asesmen {attempt_id} tidak ada.")
        return 1
    attempt, release = found
    asked = [response.item_code for response in attempt.responses]
    choices = explain(attempt, release)[: len(asked)]
    print(f"Asesmen {attempt.id}, rilis {release.id}, benih {attempt.course.seed}")
    for slot, (code, choice) in enumerate(zip(asked, choices, strict=True), start=1):
        print(f"{slot:3d} {code:8}{_why(choice)}")
        if choice is None or choice.item.code != code:
            print(f"    Putar ulang memilih {choice.item.code if choice else 'tidak ada'}. Isi atau aturan sudah lain.")
            return 1
    return 0


def _why(choice: Choice | None) -> str:
    if choice is None:
        return ""
    if choice.purpose is Purpose.HABIT:
        return PURPOSES[choice.purpose]
    parts = [
        f"{PURPOSES[choice.purpose]}; perkiraan {50 + 12.5 * choice.theta:.0f}",
        f"informasi {choice.information:.2f}, urutan {choice.rank} dari {choice.pool}",
    ]
    if choice.links:
        parts.append("menghubungkan dengan asesmen sebelumnya")
    if choice.concessions:
        parts.append("terpaksa: " + ", ".join(CONCESSIONS[c] for c in choice.concessions))
    return "; ".join(parts)
