"""Active and passive: who does what a verb says, and whom it is done to."""

from __future__ import annotations

import pytest

from qa.check.names import NameSense
from qa.check.statement import Statement, read_statement
from qa.check.voice import find_turned, same_deeds
from tests.fakes import Counted

NAMES = NameSense(Counted({}))

# A sentence, the same in the other voice, and one in which who does it and whom it is done to change places.
VOICES = (
    ("The appeal was rejected by the Supreme Court.", "The Supreme Court rejected the appeal.",
     "The appeal rejected the Supreme Court."),
    ("The Supreme Court rejected the appeal.", "The appeal was rejected by the Supreme Court.",
     "The Supreme Court was rejected by the appeal."),
    ("The minister was criticised by union leaders on Monday.", "Union leaders criticised the minister on Monday.",
     "The minister criticised union leaders on Monday."),
    ("The senator was accused of lying by the prosecutor.", "The prosecutor accused the senator of lying.",
     "The senator accused the prosecutor of lying."),
    ("Three banks were fined by the central bank of Lebanon.", "The central bank of Lebanon fined three banks.",
     "Three banks fined the central bank of Lebanon."),
    ("Chelsea beat Arsenal in London.", "Arsenal were beaten by Chelsea in London.",
     "Chelsea were beaten by Arsenal in London."),
    ("The law has been approved by parliament.", "Parliament has approved the law.",
     "The law has approved parliament."),
    ("رُفض الطعن من قبل المحكمة العليا.", "رفضت المحكمة العليا الطعن.", "رفض الطعن المحكمة العليا."),
    ("رُفض الطعن على يد المحكمة العليا.", "المحكمة العليا رفضت الطعن.", "الطعن رفض المحكمة العليا."),
    ("تم رفض الطعن من جانب المحكمة العليا.", "رفضت المحكمة العليا الطعن.", "رفض الطعن المحكمة العليا."),
    ("قتل المسلحون الجندي في المدينة.", "قُتل الجندي على يد المسلحين في المدينة.",
     "قُتل المسلحون على أيدي الجندي في المدينة."),
    ("اعتقلت الشرطة الصحفي في بيروت.", "اعتُقل الصحفي من قبل الشرطة في بيروت.",
     "اعتُقلت الشرطة من قبل الصحفي في بيروت."),
)


def read(text: str) -> Statement:
    return read_statement(text, (), lambda word: False)


@pytest.mark.parametrize(("sentence", "same", "turned"), VOICES)
def test_the_other_voice_says_the_same_deed_and_a_turned_one_is_found(sentence: str, same: str, turned: str) -> None:
    lead = read(sentence)
    assert find_turned(read(same), lead, NAMES) is None
    assert same_deeds(read(same), lead, NAMES)
    assert find_turned(read(turned), lead, NAMES) is not None


@pytest.mark.parametrize(("sentence", "claim", "doer", "instead"), [
    ("The drug was approved by regulators after the company tested it.",
     "The company approved the drug after regulators tested it.", "company", "regulators"),
    ("Police arrested the protesters in the square.", "Police were arrested in the square.", "police", "protesters"),
    ("The minister was criticised in parliament.", "The minister criticised parliament.", "minister", "minister"),
])
def test_who_does_it_is_told_from_others_in_the_sentence(sentence: str, claim: str, doer: str, instead: str) -> None:
    found = find_turned(read(claim), read(sentence), NAMES)
    assert found is not None
    assert [word.form for word in found] == [doer, instead]


@pytest.mark.parametrize(("sentence", "claim"), [
    ("The appeal was rejected by noon.", "The appeal was rejected by noon."),
    ("He won by lying to voters.", "He won by lying to voters."),
    ("The bridge, which was built by the Ottomans, collapsed.", "The bridge, built by the Ottomans, collapsed."),
    ("The strike by teachers closed forty schools.", "Teachers closed forty schools with a strike."),
    ("Salim met Karim in Beirut.", "Karim met Salim in Beirut."),
    ("The drug was approved by the agency.", "The regulator approved the drug."),
    ("لم يحدث من قبل أن رفضت المحكمة الطعن.", "رفضت المحكمة الطعن."),
    ("قتل الجندي في المدينة.", "قتل الجندي على يد مسلحين في المدينة."),
])
def test_what_is_no_other_part_is_left_alone(sentence: str, claim: str) -> None:
    assert find_turned(read(claim), read(sentence), NAMES) is None
