"""Why a topic is proposed to a coach (R8), and when to bring someone along (R9), in words."""

from __future__ import annotations

from bot.core.item import Dimension
from bot.core.topics import Part, Topic
from bot.texts import engine


def reason(topic: Topic, language: str = "id") -> str:
    return engine.render("bot.chat", "topic_reason.html.j2", language, {"topic": topic, "name": "Respons pelanggan"})


def test_share_of_the_group_is_the_reason() -> None:
    said = reason(Topic(Dimension.RESPONSE, 8.0, 0.58, (), together=False))

    assert said.strip() == "<b>Respons pelanggan</b>: 58 persen anggota belum sampai batas di bidang ini."


def test_group_that_splits_is_taught_as_two() -> None:
    said = reason(Topic(Dimension.RESPONSE, 8.0, 0.5, (Part(7, 40.0), Part(9, 62.0)), together=False))

    assert "7 orang perlu mulai dari dasar, 9 orang sudah lebih maju. Ajari sebagai dua kelompok." in said
    assert "rekan" not in said


def test_coach_below_the_cut_is_told_to_bring_someone_along() -> None:
    topic = Topic(Dimension.RESPONSE, 8.0, 0.5, (), together=True)

    assert "Dampingi bersama rekan, atau rujuk ke ahlinya." in reason(topic)
    assert "with a colleague" in reason(topic, "en")
