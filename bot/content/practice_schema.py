"""The schema of practice: the chats that a shadow customer begins."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.content.item_schema import CUSTOMER_LIMIT, ScoredOption
from bot.content.strict import Line, Strict
from bot.core.person import Business
from bot.core.probe import ENOUGH

ProbeCode = Annotated[str, StringConstraints(pattern=r"^P-\d{3}$")]


class ProbeEntry(Strict):
    code: ProbeCode
    suits: tuple[Business, ...] = ()
    customer: Annotated[Line, Field(max_length=CUSTOMER_LIMIT)]
    replies: Annotated[tuple[ScoredOption, ...], Field(min_length=3, max_length=3)]

    @model_validator(mode="after")
    def _each_score_once(self) -> Self:
        if sorted(reply.score for reply in self.replies) != [0, 1, 2]:
            raise ValueError("replies perlu nilai 2, 1, dan 0 masing-masing satu kali")
        return self


class PracticeEntry(Strict):
    probes: tuple[ProbeEntry, ...] = ()

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = [probe.code for probe in self.probes]
        if len(set(codes)) < len(codes):
            raise ValueError("setiap code hanya boleh dipakai satu kali")
        return self

    @model_validator(mode="after")
    def _every_business_has_enough(self) -> Self:
        for business in Business if self.probes else ():
            if sum(not probe.suits or business in probe.suits for probe in self.probes) < ENOUGH:
                raise ValueError(f"{business.value} perlu paling sedikit {ENOUGH} pelanggan bayangan")
        return self
