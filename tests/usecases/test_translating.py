"""Translations on their way into the working copy, and from a release to who reads them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.chat import dispatch
from bot.chat.incoming import Incoming, Typed
from bot.chat.request import House
from bot.content.po import Said
from bot.content.translations import Entry, State
from bot.core.access import Viewer
from bot.usecases import translating
from bot.usecases.grouping import NotForYou
from bot.usecases.translating import Accepted, Comparison
from tests.usecases.editors import Editors, bring_in
from tests.usecases.world import World, document, later_document

LESSON = document().modules[0]
PART = f"module:{LESSON.code}"


@pytest.fixture
def editors(world: World) -> Editors:
    return bring_in(world)


def entries(editors: Editors, by: Viewer | None = None) -> dict[str, Entry]:
    world = editors.world
    found = world.do(lambda s: translating.entries(s, viewer=by or editors.maya, language="en", library=world.library))
    return {entry.source: entry for entry in found}


def compares(editors: Editors, *said: Said) -> Comparison:
    world = editors.world
    return world.do(
        lambda s: translating.compare(
            s, viewer=editors.maya, language="en", said=said, library=world.library, now=world.now
        )
    )


def accepts(editors: Editors, said: Sequence[Said], digest: str, by: Viewer | None = None) -> Accepted | Comparison:
    world = editors.world
    return world.do(
        lambda s: translating.accept(
            s, viewer=by or editors.maya, language="en", said=said, digest=digest, library=world.library, now=world.now
        )
    )


def takes(editors: Editors, *said: Said, by: Viewer | None = None) -> Accepted | Comparison:
    return accepts(editors, said, compares(editors, *said).digest, by)


def test_only_admins_see_or_change_translations(editors: Editors) -> None:
    owner = Viewer(editors.maya.person)

    with pytest.raises(NotForYou):
        entries(editors, owner)
    with pytest.raises(NotForYou):
        accepts(editors, [Said("buah", "items")], "", owner)
    assert editors.log() == []


@pytest.mark.parametrize("language", ["id", "xx", ""])
def test_language_that_the_bot_does_not_speak_is_not_there(editors: Editors, language: str) -> None:
    world = editors.world

    with pytest.raises(NotForYou):
        world.do(lambda s: translating.entries(s, viewer=editors.maya, language=language, library=world.library))


def test_comparison_tells_what_changes_what_is_the_same_and_what_nobody_needs(editors: Editors) -> None:
    found = compares(editors, Said("buah", "items"), Said("hari", "days"), Said("sudah hilang", "gone"))

    assert [(d.entry.source, d.entry.said, d.after) for d in found.differences] == [("buah", "pieces", "items")]
    assert (found.same, found.unknown, found.faults) == (1, ("sudah hilang",), ())


def test_what_is_taken_is_in_the_working_copy_and_in_the_log(editors: Editors) -> None:
    taken = takes(editors, Said("buah", "items"))

    assert taken == Accepted(1)
    assert editors.opens("translation:en").payload == {"buah": "items"}
    assert (entries(editors)["buah"].said, entries(editors)["buah"].state) == ("items", State.DONE)
    assert editors.log() == [("Maya", "content.save", "translation:en")]


def test_taking_the_same_again_changes_nothing(editors: Editors) -> None:
    takes(editors, Said("buah", "items"))

    assert takes(editors, Said("buah", "items")) == Accepted(0)
    assert len(editors.log()) == 1


def test_one_faulty_translation_keeps_all_out(editors: Editors) -> None:
    refused = takes(editors, Said("buah", "items"), Said("hari", "<b>days"))

    assert isinstance(refused, Comparison)
    assert [(fault.source, fault.message) for fault in refused.faults] == [
        ("hari", "bagian ini harus sama seperti aslinya: <b>")
    ]
    assert editors.opens("translation:en").payload is None
    assert editors.log() == []


def test_nothing_is_taken_that_differs_from_what_was_looked_at(editors: Editors) -> None:
    said = [Said("buah", "items")]
    digest = compares(editors, *said).digest
    takes(editors, Said("buah", "things"), by=editors.tomo)

    late = accepts(editors, said, digest)

    assert isinstance(late, Comparison)
    assert [(d.entry.said, d.after) for d in late.differences] == [("things", "items")]
    assert editors.opens("translation:en").payload == {"buah": "things"}


def test_card_goes_into_its_lesson(editors: Editors) -> None:
    said = LESSON.translations["en"][0].replace("</b>", "!</b>", 1)

    assert takes(editors, Said(LESSON.cards[0], said)) == Accepted(1)
    assert editors.opens(PART).payload["translations"]["en"] == [said, *LESSON.translations["en"][1:]]
    assert editors.opens("translation:en").payload is None


def test_card_that_cannot_be_drawn_is_told_with_its_words(editors: Editors) -> None:
    said = LESSON.translations["en"][0] + "{{ rahasia }}"

    refused = takes(editors, Said(LESSON.cards[0], said))

    assert isinstance(refused, Comparison)
    assert [(f.source, f.said, f.message) for f in refused.faults] == [
        (LESSON.cards[0], said, "variabel rahasia tidak dikenal")
    ]


def test_first_cards_of_a_lesson_without_translation_leave_the_others_missing(editors: Editors) -> None:
    editors.changes(lambda payload: payload | {"translations": {}}, part=PART)

    takes(editors, Said(LESSON.cards[1], LESSON.translations["en"][1]))

    states = [entries(editors)[card].state for card in LESSON.cards]
    assert states == [State.MISSING, State.DONE, *[State.MISSING] * (len(LESSON.cards) - 2)]


def test_stale_translation_that_still_fits_is_settled_by_saying_so(editors: Editors) -> None:
    editors.world.publish(later_document("Kini"))
    stem, card = f"Kini: {document().items[0].stem}", f"Kini: {LESSON.cards[0]}"
    before = entries(editors)

    taken = takes(editors, Said(stem, before[stem].said), Said(card, before[card].said))

    assert (before[stem].state, before[card].state, taken) == (State.STALE, State.STALE, Accepted(2))
    assert (entries(editors)[stem].state, entries(editors)[card].state) == (State.DONE, State.DONE)


def test_counts_follow_the_working_copy(editors: Editors) -> None:
    editors.changes(lambda payload: payload | {"stem": payload["stem"] + " Pilih satu."})
    world = editors.world

    found = world.do(lambda s: translating.counts(s, viewer=editors.maya, library=world.library))

    assert {count.kind.value: (count.missing, count.stale) for count in found["en"] if count.total > count.done} == {
        "butir": (0, 1)
    }


def test_working_copy_that_does_not_hold_together_shows_what_is_released(editors: Editors) -> None:
    probes = document().practice.probes
    for probe in probes[1:]:
        editors.changes(lambda payload: None, part=f"probe:{probe.code}")

    found = entries(editors)

    assert editors.copy().document is None
    assert {probe.customer for probe in probes} <= found.keys()


def reads(world: World, text: str) -> str:
    """Return what an English-speaking stranger reads."""
    reply = world.do(
        lambda s: dispatch.respond(
            s,
            Incoming(77, "Ann", "en", Typed(1, text, world.now, "start")),
            library=world.library,
            now=world.now,
            new_seed=lambda: 1,
            house=House("http://x", "bot", frozenset()),
        )
    )
    assert reply.screen is not None
    return reply.screen.text + "".join(button.label for row in reply.screen.rows for button in row)


def test_translation_reaches_the_chat_with_its_release_and_leaves_with_it(editors: Editors) -> None:
    world = editors.world
    before = reads(world, "/start")
    label = "Yes, I agree and I am 18 or older"
    source = "Setuju, saya 18 tahun ke atas"
    released = document().model_copy(update={"translations": {"en": {source: label}}})

    world.publish(released)
    world.now = world.now.replace(minute=world.now.minute + 1)
    after = reads(world, "/start")
    world.publish(document())
    world.now = world.now.replace(minute=world.now.minute + 1)

    assert label not in before
    assert label in after
    assert reads(world, "/start") == before
