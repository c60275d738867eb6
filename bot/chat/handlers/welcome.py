"""The way in: consent before anything is stored, then the role."""

from __future__ import annotations

import hashlib

from bot.chat import labels
from bot.chat.callback_data import StaleButton, choice, pack
from bot.chat.handlers import joining, roles
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, redraw
from bot.core.person import Consent, Role
from bot.texts.catalogue import LANGUAGES
from bot.usecases import accounts, granting

CONSENT_VERSION = "2026-11"
STANDINGS = ("dewasa", "wali")


def invited(request: Request, payload: str) -> Reply:
    """Follow a link that makes its finder an admin or a coach; a stranger agrees first."""
    return Reply(consent_screen(request, payload)) if request.person is None else roles.open_link(request, payload)


def consent_screen(request: Request, *invitation: str) -> Screen:
    """Return the consent; the token of an invitation rides along in the buttons, for nothing is stored before."""

    def agree(label: str, standing: str) -> Row:
        data = pack("ok", standing, CONSENT_VERSION, request.language, *invitation)
        return (Button(label, data, Style.GO),)

    other = next(code for code in LANGUAGES if code != request.language)
    return Screen(
        "\n\n".join((*(_greeting(request, token) for token in invitation), _consent_text(request))).strip(),
        (
            agree(request.t("Setuju, saya 18 tahun ke atas"), "dewasa"),
            agree(request.t("Setuju, saya didampingi wali"), "wali"),
            (
                Button(request.t("Baca lebih lengkap"), pack("pv", request.language, *invitation)),
                Button(LANGUAGES[other], pack("la", other, *invitation)),
            ),
            (Button(request.t("Tidak dulu"), pack("no", *invitation)),),
        ),
    )


def _greeting(request: Request, invitation: str) -> str:
    greets = roles.greeting if roles.leads_to_role(invitation) else joining.greeting
    return greets(request, invitation)


def _consent_text(request: Request) -> str:
    return request.show("consent")


def accept(request: Request, standing: str, version: str, language: str, *invitation: str) -> Reply:
    """Store the person; an old consent text is shown anew instead of being taken as agreement to today's."""
    if standing not in STANDINGS or language not in LANGUAGES:
        raise StaleButton(standing)
    if version != CONSENT_VERSION:
        return Reply(
            consent_screen(request, *invitation), toast=request.t("Teksnya sudah diperbarui. Mohon dibaca lagi.")
        )
    if request.person is not None:
        return redraw()
    told = request.in_language(language)
    proof = Consent(version, hashlib.sha256(_consent_text(told).encode()).hexdigest(), standing)
    person = accounts.join(
        request.session,
        telegram_id=request.incoming.telegram_id,
        first_name=request.incoming.first_name,
        language=language,
        consent=proof,
        now=request.now,
        bot_id=request.incoming.bot_id,
    )
    if invitation:
        opens = roles.open_link if roles.leads_to_role(invitation[0]) else joining.open_link
        return opens(request.as_person(person), *invitation)
    return redraw(told.t("Terima kasih. Persetujuan Anda tercatat."))


def decline(request: Request, *invitation: str) -> Reply:
    if request.person is not None:
        raise StaleButton("no")
    again = Button(request.t("Lihat lagi"), pack("la", request.language, *invitation))
    return Reply(Screen(request.show("declined"), ((again,),)))


def language(request: Request, code: str, *invitation: str) -> Reply:
    if code not in LANGUAGES:
        raise StaleButton(code)
    if request.person is not None:
        accounts.choose_language(request.session, owner=request.person, language=code)
        return redraw(LANGUAGES[code])
    return Reply(consent_screen(request.in_language(code), *invitation), toast=LANGUAGES[code])


def role_screen(request: Request) -> Screen:
    rows = tuple((Button(labels.role(request, role), pack("ro", role)),) for role in _offered(request))
    return Screen(request.show("role", first_name=request.owner.first_name), rows)


def _offered(request: Request) -> list[Role]:
    """Return the roles to choose from; who was told to stop coaching may own a business."""
    may_coach = granting.may_coach(request.session, person=request.owner)
    return [role for role in Role if role is not Role.COACH or may_coach]


def role(request: Request, value: str) -> Reply:
    wanted = choice(Role, value)
    if request.owner.role is not None or wanted not in _offered(request):
        raise StaleButton(value)
    accounts.choose_role(request.session, owner=request.owner, role=wanted)
    return redraw(request.t("Tersimpan"))
