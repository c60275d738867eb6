"""Shadow customers as content: what is refused, and that every business has enough of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.content.release import freeze, thaw
from bot.core.person import Business
from bot.core.probe import ENOUGH, next_probe
from tests.content.broken import desk
from tests.core.builders import real_document, real_release

FILE = "practice/pelanggan-bayangan.yaml"


@pytest.mark.parametrize("business", [*Business, None])
def test_three_different_customers_come_to_every_business(business: Business | None) -> None:
    sent: list[str] = []
    for seed in range(ENOUGH):
        found = next_probe(real_release().probes, business=business and business.value, sent=sent, seed=seed)
        assert found is not None
        sent.append(found.code)

    assert len(set(sent)) == ENOUGH


def test_best_reply_stands_in_every_place() -> None:
    places = [[reply.score for reply in probe.replies].index(2) for probe in real_release().probes]

    assert len(places) == 8
    assert set(places) == {0, 1, 2}


def test_release_from_before_there_were_probes_still_reads() -> None:
    digest, payload = freeze(real_document())
    fields = json.loads(payload)
    del fields["practice"]

    assert thaw(digest, payload).probes == real_release().probes
    assert thaw(digest, json.dumps(fields)).probes == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("score: 1", "score: 2", "replies perlu nilai 2, 1, dan 0"),
        ("code: P-002", "code: P-001", "setiap code hanya boleh dipakai satu kali"),
        ("code: P-002", "code: X-2", "code"),
        ("suits: [jasa, lainnya]", "suits: [lainnya]", "jasa perlu paling sedikit 3"),
    ],
    ids=["two best replies", "a code twice", "another code", "a business with two"],
)
def test_fault_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    spoilt = desk(tmp_path)
    spoilt.replace(FILE, old, new)

    (problem,) = [found for found in spoilt.problems() if found.file == f"content/{FILE}"]
    assert told in f"{problem.field}: {problem.message}"
