"""File ids of the content's pictures: each bot has its own."""

from __future__ import annotations

from bot.usecases import pictures
from tests.usecases.world import World


def test_picture_is_known_to_the_bot_that_uploaded_it_last_and_no_other(world: World) -> None:
    def file(bot_id: int | None, digest: str = "a") -> str | None:
        return world.do(lambda s: pictures.file(s, bot_id=bot_id, digest=digest))

    def keep(bot_id: int, file_id: str) -> None:
        world.do(lambda s: pictures.keep_file(s, bot_id=bot_id, digest="a", file_id=file_id))

    keep(1, "lama")
    keep(1, "baru")
    keep(2, "lain")

    assert [file(1), file(2), file(3), file(None), file(1, "b")] == ["baru", "lain", None, None, None]
