"""Forms of English verbs that endings do not tell: beat, beaten; took, taken."""

from __future__ import annotations

# The form after "to" first. Those that are more often another word are left out: left, saw, felt, ground.
_IRREGULAR = """
    beat beaten
    become became
    begin began begun
    bind bound
    break broke broken
    bring brought
    build built
    buy bought
    catch caught
    choose chose chosen
    come came
    draw drew drawn
    drive drove driven
    fall fell fallen
    fight fought
    fly flew flown
    forbid forbade forbidden
    forget forgot forgotten
    give gave given
    go went gone
    grow grew grown
    hide hid hidden
    hold held
    keep kept
    know knew known
    lead led
    lend lent
    lose lost
    make made
    meet met
    overthrow overthrew overthrown
    pay paid
    rise rose risen
    run ran
    seek sought
    sell sold
    send sent
    shake shook shaken
    shoot shot
    sink sank sunk
    speak spoke spoken
    spend spent
    stand stood
    steal stole stolen
    strike struck stricken
    swear swore sworn
    take took taken
    teach taught
    tear tore torn
    tell told
    throw threw thrown
    win won
    withdraw withdrew withdrawn
    write wrote written
"""
# What the past has no other form for.
_UNCHANGED = frozenset("beat cost cut hit hurt let put set shut split spread".split())
_BASES = {form: base for base, *forms in map(str.split, _IRREGULAR.strip().splitlines()) for form in forms}


def base_of(word: str) -> str:
    """Return the form after "to" of a past or a participle that is irregular; any other word as it is."""
    return _BASES.get(word, word)


def may_be_past(word: str) -> bool:
    """Tell whether a word in small letters may be the past or the participle of a verb."""
    return word.endswith("ed") or word in _BASES or word in _UNCHANGED
