"""Two admins change one part: what neither overwrites of the other."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content.merging import Merged, merge


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "payload", "clashes"),
    [
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 3}, {"a": 2, "b": 3}, {}),
        ({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}, {}),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 3}, {"a": 2}),
        ({"a": {"b": [1, 1]}}, {"a": {"b": [2, 1]}}, {"a": {"b": [1, 3]}}, {"a": {"b": [2, 3]}}, {}),
        ({"a": {"b": [1, 1]}}, {"a": {"b": [2, 1]}}, {"a": {"b": [4, 3]}}, {"a": {"b": [4, 3]}}, {"a.b.0": 2}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": [1, 3]}, {"a": [1, 3]}, {"a": [1, 2]}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": [1]}, {"a": [1, 2]}, {}),
        ({"a": 1, "b": 1, "c": 0}, {"b": 1, "c": 0}, {"a": 1, "b": 2, "c": 0}, {"b": 2, "c": 0}, {}),
        ({"b": 1}, {"b": 2}, {"a": 1, "b": 1}, {"b": 2, "a": 1}, {}),
        ({"a": 1, "b": 1}, {"b": 2}, {"a": 5, "b": 1}, {"b": 2, "a": 5}, {"a": None}),
    ],
)
def test_what_only_one_changed_stands_and_the_rest_is_told(
    base: Any, theirs: Any, mine: Any, payload: Any, clashes: Any
) -> None:
    assert merge(base, theirs, mine) == Merged(payload, clashes)
