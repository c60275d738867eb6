"""The base of every entry: unknown keys are refused, and a line of text is one line without markup."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^<>]*$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
