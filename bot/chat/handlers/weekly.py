"""A coach's week as it comes by itself: each group in a few lines, and one tap to its next step."""

from __future__ import annotations

from bot.chat.callback_data import pack
from bot.chat.screen import Button, Row, Screen, Style
from bot.core.week import NextStep
from bot.core.wish import Wish
from bot.texts import engine
from bot.texts.catalogue import translate
from bot.usecases.summarising import GroupWeek, Summary

NAME_SHOWN = 24
"""Letters of a group's name on a button beside another one."""


def week_screen(found: Summary, language: str) -> Screen:
    """Return a coach's week, with the way to each group and the way to have it no more."""
    text = engine.render("bot.chat", "owed_weekly.html.j2", language, {"groups": found.groups, "others": found.others})
    groups = tuple(_row(one, language) for one in found.groups)
    all_groups = (Button(translate("Kelompok saya", language), pack("gr")),)
    stop = (Button(translate("Berhenti kirim ringkasan", language), pack("wq", Wish.SUMMARY)),)
    return Screen(text, (*groups, *(() if groups and not found.others else (all_groups,)), stop))


def _row(one: GroupWeek, language: str) -> Row:
    """Return the way to a group, and to reminding those who have not finished."""
    of = one.group.id
    is_urgent = one.step in (NextStep.ADMIT, NextStep.MEET)
    opening = Button(one.group.name[:NAME_SHOWN], pack("gs", of), Style.GO if is_urgent else Style.PLAIN)
    if not one.unfinished:
        return (opening,)
    label = translate("Ingatkan {count} orang", language).format(count=one.unfinished)
    return opening, Button(label, pack("nu", of), Style.GO if one.step is NextStep.REMIND else Style.PLAIN)
