"""Rows as they lie in the database. They carry no rules; constraints that protect the truth stand here."""

from __future__ import annotations

from bot.store.tables.columns import NEVER_REUSE_IDS, UtcDateTime
from bot.store.tables.editing import AuditRow, DraftRow, ProposalRow
from bot.store.tables.groups import (
    ChatOfferRow,
    CoachOfferRow,
    CodeGuessRow,
    GroupChatRow,
    GroupCoachRow,
    GroupRow,
    InvitedRow,
    MembershipRow,
    SharingRow,
)
from bot.store.tables.lessons import ActReportRow, BigOrderRow, LessonRow, PracticeNumberRow, PracticeRow, ProbeRow
from bot.store.tables.people import (
    ConsentRow,
    DeliveryRow,
    PauseRow,
    PersonRow,
    QuarantineRow,
    RegistrationRow,
    ThreadRow,
    WishRow,
)
from bot.store.tables.sign_ins import LoginRow, SpentInitDataRow, WebSessionRow
from bot.store.tables.sittings import (
    AttemptRow,
    NeutralRow,
    PictureRow,
    ReadingRow,
    ReleaseRow,
    ReportRow,
    ResponseRow,
    SharedPictureRow,
)
from bot.store.tables.staff import AnnouncementRow, GrantRow

__all__ = [
    "NEVER_REUSE_IDS",
    "ActReportRow",
    "AnnouncementRow",
    "AttemptRow",
    "AuditRow",
    "BigOrderRow",
    "ChatOfferRow",
    "CoachOfferRow",
    "CodeGuessRow",
    "ConsentRow",
    "DeliveryRow",
    "DraftRow",
    "GrantRow",
    "GroupChatRow",
    "GroupCoachRow",
    "GroupRow",
    "InvitedRow",
    "LessonRow",
    "LoginRow",
    "MembershipRow",
    "NeutralRow",
    "PauseRow",
    "PersonRow",
    "PictureRow",
    "PracticeNumberRow",
    "PracticeRow",
    "ProbeRow",
    "ProposalRow",
    "QuarantineRow",
    "ReadingRow",
    "RegistrationRow",
    "ReleaseRow",
    "ReportRow",
    "ResponseRow",
    "SharedPictureRow",
    "SharingRow",
    "SpentInitDataRow",
    "ThreadRow",
    "UtcDateTime",
    "WebSessionRow",
    "WishRow",
]
