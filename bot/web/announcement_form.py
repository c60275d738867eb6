"""The form of an announcement on the web: what is told to whom, with the chat's own picture of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.content.regions import regions
from bot.core.announcement import TEXT_LIMIT, WEEKLY_MOST, AnnouncementId, Circle, State, Wording
from bot.core.group import GroupId
from bot.store.announcements import GroupChoice
from bot.texts import notice
from bot.texts.notice import Fault
from bot.usecases import announcing
from bot.usecases.announcing import ChangedMeanwhile, Refused, Written
from bot.web.announcements import ROOT, announcement_id, page_of, screen, viewed
from bot.web.page import Answer, Visit, whole_number

NEW = f"{ROOT}/baru"
FAULTS: Mapping[Fault, str] = {
    Fault.EMPTY: "Tulis dulu pengumumannya.",
    Fault.LONG: f"Terlalu panjang. Paling banyak {TEXT_LIMIT:,} huruf.".replace(",", "."),
    Fault.TAG: "Ada tanda <…> yang tidak dikenal. Yang bisa dipakai hanya yang ada di petunjuk.",
    Fault.UNBALANCED: "Ada tanda yang dibuka tetapi belum ditutup. Contoh yang benar: <b>tebal</b>.",
    Fault.LINK: "Tautan harus lengkap dan diawali https://, seperti contoh di petunjuk.",
}
UNCHOSEN: Mapping[Circle, str] = {
    Circle.EVERYONE: "Pilih dulu untuk siapa.",
    Circle.PROVINCE: "Pilih provinsinya.",
    Circle.PROGRAMME: "Pilih programnya.",
    Circle.GROUP: "Belum ada kelompok dengan nama itu. Periksa lagi tulisannya.",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: nothing typed is ever lost. `number` is the group picked from those of one name."""

    text: str
    circle: Circle | None
    province: str
    programme: str
    group: str
    number: str


def new(visit: Visit) -> Answer:
    """Show the empty form, or one with the words of an earlier announcement."""
    typed, like = Typed("", None, "", "", "", ""), visit.query.get("dari", "")
    if like:
        earlier = AnnouncementId(whole_number(like))
        found = announcing.view(visit.session, viewer=visit.viewer, announcement_id=earlier, now=visit.now)
        typed = _stored(visit, found.announcement.wording)
    return _form(visit, typed, action=NEW)


def preview(visit: Visit) -> Answer:
    """Show the form with what is typed as the chat would show it; nothing is kept."""
    typed, action = _typed(visit), visit.form.text("ke")
    known = action if action == NEW or _is_edit(action) else NEW
    faults = announcing.faults(typed.text) if typed.text else ()
    return _form(visit, typed, action=known, seen=visit.form.text("cap"), faults=faults)


def _is_edit(action: str) -> bool:
    number = action.removeprefix(f"{ROOT}/").removesuffix("/ubah")
    return action == f"{ROOT}/{number}/ubah" and number.isascii() and number.isdecimal()


def _typed(visit: Visit) -> Typed:
    said = visit.form.text
    circle = Circle(said("kepada")) if said("kepada") in UNCHOSEN else None
    return Typed(notice.tidy(said("pesan")), circle, said("provinsi"), said("program"), said("kelompok"), said("nomor"))


def _form(
    visit: Visit,
    typed: Typed,
    *,
    action: str,
    seen: str = "",
    faults: Sequence[Fault] = (),
    unchosen: str = "",
    status: int = 200,
) -> Answer:
    is_new = action.endswith("/baru")
    return visit.page(
        "announcement_form.html.j2",
        title="Tulis pengumuman" if is_new else "Ubah pengumuman",
        status=status,
        typed=typed,
        action=action,
        seen=seen,
        faults=[FAULTS[fault] for fault in faults],
        unchosen=unchosen,
        matches=_matches(visit, typed),
        provinces=[(province.code, province.name) for province in regions().provinces],
        programmes=announcing.programmes(visit.session, viewer=visit.viewer),
        place=_place,
        length=notice.length(typed.text),
        limit=TEXT_LIMIT,
        weekly=WEEKLY_MOST,
        screen=screen(typed.text),
        is_new=is_new,
    )


def _matches(visit: Visit, typed: Typed) -> list[GroupChoice]:
    """Return the groups that the typed name may mean, where there are several."""
    if typed.circle is not Circle.GROUP:
        return []
    found = announcing.find_groups(visit.session, viewer=visit.viewer, words=typed.group)
    return found if len(found) > 1 else []


def _place(group: GroupChoice) -> str:
    code = group.regency or group.province
    return regions().title(code) if code else ""


def write(visit: Visit) -> Answer:
    """Take the form of a new announcement: store a draft, or say beside the fields what is missing."""
    typed = _typed(visit)
    wording = _wording(visit, typed)
    if wording is not None:
        result = announcing.draft(visit.session, viewer=visit.viewer, wording=wording, now=visit.now)
        if isinstance(result, Written):
            return visit.moved(f"{ROOT}/{result.announcement.id}")
    return _again(visit, typed, wording, NEW)


def _again(visit: Visit, typed: Typed, wording: Wording | None, action: str, seen: str = "") -> Answer:
    """Show the form again with what is wrong."""
    is_nobody = wording is None or not announcing.is_there(visit.session, wording=wording)
    several = len(_matches(visit, typed)) > 1
    words = (
        "Ada beberapa kelompok dengan nama itu. Pilih satu." if several else UNCHOSEN[typed.circle or Circle.EVERYONE]
    )
    return _form(
        visit,
        typed,
        action=action,
        seen=seen,
        faults=announcing.faults(typed.text),
        unchosen=words if is_nobody else "",
        status=422,
    )


def _wording(visit: Visit, typed: Typed) -> Wording | None:
    """Return what is told to whom; None where it is not said to whom."""
    match typed.circle:
        case None | Circle.BY_LAW:
            return None
        case Circle.EVERYONE:
            target: str | None = None
        case Circle.PROVINCE:
            target = typed.province
        case Circle.PROGRAMME:
            target = typed.programme
        case Circle.GROUP:
            target = _group(visit, typed)
    return Wording(typed.text, typed.circle, target)


def _group(visit: Visit, typed: Typed) -> str:
    """Return the number of the group that is meant: the one picked, or the only one of that name."""
    found = announcing.find_groups(visit.session, viewer=visit.viewer, words=typed.group)
    numbers = [str(group.id) for group in found]
    if typed.number in numbers:
        return typed.number
    return numbers[0] if len(numbers) == 1 else ""


def edit(visit: Visit) -> Answer:
    """Show a draft in the form; what is no draft any more is shown as it is."""
    found = viewed(visit)
    wording = found.announcement.wording
    if found.state is not State.DRAFT:
        return visit.moved(f"{ROOT}/{found.announcement.id}")
    return _form(visit, _stored(visit, wording), action=visit.path, seen=announcing.seal(wording))


def _stored(visit: Visit, wording: Wording) -> Typed:
    circle, target = wording.circle, wording.target or ""
    group = None
    if circle is Circle.GROUP:
        group = announcing.group_chosen(visit.session, viewer=visit.viewer, group_id=GroupId(int(target)))
    return Typed(
        text=wording.text,
        circle=circle,
        province=target if circle is Circle.PROVINCE else "",
        programme=target if circle is Circle.PROGRAMME else "",
        group=group.name if group else "",
        number=target if group else "",
    )


def rewrite(visit: Visit) -> Answer:
    """Take the form of a draft; where somebody else changed it meanwhile, both versions are shown."""
    typed, seen = _typed(visit), visit.form.text("cap")
    wording = _wording(visit, typed)
    if wording is None:
        viewed(visit)
        return _again(visit, typed, None, visit.path, seen)
    which = announcement_id(visit)
    result = announcing.change(
        visit.session, viewer=visit.viewer, announcement_id=which, seen=seen, wording=wording, now=visit.now
    )
    match result:
        case Written(one):
            return visit.moved(f"{ROOT}/{one.id}")
        case ChangedMeanwhile():
            return page_of(visit, viewed(visit), note="berubah", mine=typed.text, status=409)
        case Refused():
            return _again(visit, typed, wording, visit.path, seen)
