"""Shifts: who is really there, not who was planned; what nobody said is not known, never zero."""

from layers.shifts import Person, ShiftAttended, ShiftHandedOver, ShiftRostered, handover_said, staffing
from layers.situation import after_all

SHIFT = "2026-11-22/Siang"
ANI, BUDI = (
    Person(name="Ani", role="penerima"),
    Person(name="Budi", role="penerima", agency="balakarcana", is_volunteer=True),
)


def roster(needed=None):
    return ShiftRostered(shift=SHIFT, people=(ANI, BUDI), needed=needed)


def there(person, *, is_present=True):
    return ShiftAttended(shift=SHIFT, person=person, is_present=is_present)


def shift(nothing, happened, *facts):
    return after_all(nothing, [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)])[0].of("shifts").get(SHIFT)


def test_a_shift_is_understaffed_when_fewer_are_there_than_it_takes(nothing, happened):
    found = staffing(shift(nothing, happened, roster(), there(BUDI)))
    assert (found.rostered, found.needed, found.present, found.volunteers) == (2, 2, 1, 1)
    assert found.is_understaffed is True
    assert found.by_agency == {"balakarcana": 1}
    assert staffing(shift(nothing, happened, roster(1), there(BUDI))).is_understaffed is False


def test_while_nobody_said_who_is_there_it_is_not_known(nothing, happened):
    assert staffing(shift(nothing, happened, roster())).is_understaffed is None
    assert staffing(None).is_understaffed is None
    assert staffing(shift(nothing, happened, there(ANI))).is_understaffed is None


def test_who_leaves_is_gone_and_a_late_word_brings_nobody_back(nothing, happened):
    left = shift(nothing, happened, there(ANI), there(ANI, is_present=False))
    assert left.present == ()
    events = [(1, happened(there(ANI, is_present=False), 9)), (2, happened(there(ANI), 1))]
    assert after_all(nothing, events)[0].of("shifts")[SHIFT].present == ()


def test_the_handover_names_everybody_once_and_the_newest_note(nothing, happened):
    notes = (ShiftHandedOver(shift=SHIFT, note="lama"), ShiftHandedOver(shift=SHIFT, note="pompa rusak"))
    said = handover_said(shift(nothing, happened, roster(), there(BUDI), *notes))
    assert said["note"] == "pompa rusak"
    assert [(one["name"], one["present"]) for one in said["people"]] == [("Ani", None), ("Budi", True)]
