"""A quote cut from a phrase that turns its meaning is altered and shows the phrase; one that loses nothing is found."""

from __future__ import annotations

import pytest

from qa.check.claims import quotations_of
from qa.check.draft import Claim
from qa.check.quoted import Quoted
from qa.check.statement import read_statement
from qa.types.filters import NO_FILTERS
from tests.quoting import STATE, check, snapshot_of

NEGATED = [
    ("وقالت البلدية إنه ما من خطة لبيع الجسر القديم.", "خطة لبيع الجسر القديم", "ما من"),
    ("وقالت البلدية إنه ما من خطة لبيع الجسر القديم.", "لبيع الجسر القديم", "ما من خطة"),
    ("وقال الحارس: لا أحد عبر الجسر القديم ليلا.", "عبر الجسر القديم ليلا", "لا أحد"),
    ("وقال الحارس إنه ليس لدينا مفتاح الجسر القديم.", "مفتاح الجسر القديم", "ليس لدينا"),
    ("ولم تكن هناك خطة لبيع الجسر القديم.", "خطة لبيع الجسر القديم", "ولم تكن هناك"),
    ("ولم يسبق له أن عبر الجسر القديم ليلا.", "عبر الجسر القديم ليلا", "ولم يسبق له أن"),
    ("ولم يتمكن الحارس من دخول الجسر القديم ليلا.", "دخول الجسر القديم ليلا", "ولم يتمكن الحارس من"),
    ("ولا يريد الحارس أن يعبر الجسر القديم ليلا.", "يعبر الجسر القديم ليلا", "ولا يريد الحارس أن"),
    ("ويستحيل أن تعبر الشاحنات الجسر القديم.", "تعبر الشاحنات الجسر القديم", "ويستحيل أن"),
    ("وأسرع السائق خشية أن ينهار الجسر القديم.", "ينهار الجسر القديم", "خشية أن"),
    ("وزادت الحراسة لئلا تعبر الشاحنات الجسر ليلا.", "تعبر الشاحنات الجسر ليلا", "لئلا"),
    ("The town has no intention of closing the old bridge.", "closing the old bridge", "no intention of"),
    ("The town has not yet opened the old bridge.", "opened the old bridge", "not yet"),
    ("The town did not formally open the old bridge.", "open the old bridge", "not formally"),
    ("The town will not be able to open the old bridge.", "open the old bridge", "not be able to"),
    ("Nobody crossed the old bridge at night.", "crossed the old bridge at night", "Nobody"),
    ("Neither the guard nor the driver crossed the bridge.", "crossed the bridge", "Neither the guard nor the driver"),
    ("It does not mean that the old bridge is safe.", "the old bridge is safe", "not mean that")]
PREVENTED = [
    ("ومنع الحارس السائقين من عبور الجسر القديم ليلا.", "عبور الجسر القديم ليلا", "ومنع الحارس السائقين من"),
    ("وحظرت البلدية على السائقين دخول الجسر ليلا.", "دخول الجسر ليلا", "وحظرت البلدية على السائقين"),
    ("ويمنع القانون بيع الجسور القديمة للشركات.", "بيع الجسور القديمة للشركات", "ويمنع القانون"),
    ("واختارت البلدية الترميم بدلا من هدم الجسر القديم.", "هدم الجسر القديم", "بدلا من"),
    ("ورممت البلدية السور بدلا من أن تهدم الجسر القديم.", "تهدم الجسر القديم", "بدلا من أن"),
    ("وفشلت البلدية في بيع الجسر القديم.", "بيع الجسر القديم", "وفشلت البلدية في"),
    ("وتراجعت البلدية عن هدم الجسر القديم.", "هدم الجسر القديم", "وتراجعت البلدية عن"),
    ("وأعلنت البلدية رفضها القاطع بيع الجسر القديم.", "بيع الجسر القديم", "رفضها القاطع"),
    ("واتفق الطرفان على وقف إطلاق النار قرب الجسر.", "إطلاق النار قرب الجسر", "وقف"),
    ("والقرار أبعد ما يكون عن بيع الجسر القديم.", "بيع الجسر القديم", "أبعد ما يكون عن"),
    ("The guard refused to open the old bridge.", "open the old bridge", "refused to"),
    ("The guard failed to open the old bridge.", "to open the old bridge", "failed"),
    ("The town has yet to open the old bridge.", "open the old bridge", "has yet to"),
    ("The town is far from opening the old bridge.", "opening the old bridge", "far from"),
    ("The town painted it instead of closing the old bridge.", "closing the old bridge", "instead of"),
    ("The law stopped them from closing the old bridge.", "closing the old bridge", "stopped them from"),
    ("The town ruled out closing the old bridge.", "closing the old bridge", "ruled out")]
CONDITIONAL = [
    ("قال القائد: «إذا هدموا السور فسننسحب من الجسر».", "سننسحب من الجسر", "إذا هدموا السور"),
    ("قال القائد: «إذا هدموا السور، سننسحب من الجسر».", "سننسحب من الجسر", "إذا هدموا السور"),
    ("قال القائد: «إذا هدموا السور فإننا سننسحب من الجسر».", "سننسحب من الجسر", "إذا هدموا السور فإننا"),
    ("قال القائد إنه في حال هدم السور سينسحب من الجسر.", "سينسحب من الجسر", "في حال هدم السور"),
    ("ولو وصل المال لما بعنا الجسر القديم.", "بعنا الجسر القديم", "ولو وصل المال لما"),
    ("ولولا المطر لكانت القرية كلها رمادا.", "القرية كلها رمادا", "ولولا المطر لكانت"),
    ("وكنا سنبيع الجسر القديم لولا المطر.", "وكنا سنبيع الجسر القديم", "لولا"),
    ("سننسحب من الجسر كله إن هدموا السور.", "سننسحب من الجسر كله", "إن هدموا"),
    ("سننسحب من الجسر كله، إلا إذا هدموا السور.", "سننسحب من الجسر كله", "إلا إذا"),
    ("وقد ننسحب من الجسر القديم غدا.", "ننسحب من الجسر القديم غدا", "وقد"),
    ("وأوشك الحارس أن يعبر الجسر القديم.", "يعبر الجسر القديم", "وأوشك الحارس أن"),
    ("If the wall falls, we will leave the bridge.", "we will leave the bridge", "If the wall falls"),
    ("He said that unless they pay we will leave the bridge.", "we will leave the bridge", "unless they pay"),
    ("They may have closed the old bridge.", "closed the old bridge", "may have"),
    ("We will open the old bridge as long as they pay.", "We will open the old bridge", "as long as"),
    ("وقال القائد إن خبر انسحابه من الجسر عار عن الصحة.", "خبر انسحابه من الجسر", "عار عن الصحة"),
    ("Reports that the bridge will fall are not true.", "the bridge will fall", "are not true")]


@pytest.mark.parametrize(("text", "quote", "lost"), [*NEGATED, *PREVENTED, *CONDITIONAL])
def test_a_quote_is_cut_from_what_turns_it(text: str, quote: str, lost: str) -> None:
    found = check(text, quote)
    assert (found.verdict, [each.source for each in found.differences]) == ("altered", [lost])


@pytest.mark.parametrize(("text", "quote"), [
    ("وقال المهندس إنه ما من شك في أن الجسر قديم ومتهالك.", "الجسر قديم ومتهالك"),
    ("وفعلت البلدية كل ما من شأنه فتح الجسر القديم.", "فتح الجسر القديم"),
    ("وحذر المهندس من أن الجسر سينهار في الشتاء.", "الجسر سينهار في الشتاء"),
    ("وحذر المهندس من انهيار الجسر القديم في الشتاء.", "انهيار الجسر القديم في الشتاء"),
    ("ولن يمنع الحارس بيع الجسر القديم.", "بيع الجسر القديم"),
    ("ومنعت البلدية السفن القادمة من دول أخرى في البحر.", "دول أخرى في البحر"),
    ("وفشل الفريق في مباراة الأمس على ملعب المدينة.", "مباراة الأمس على ملعب المدينة"),
    ("وسافر المهندس بدلا من زميله المريض في المكتب.", "زميله المريض في المكتب"),
    ("وتهدف الرسوم إلى وقف نقل الحجارة من الجسر.", "نقل الحجارة من الجسر"),
    ("وحتى إذا هدموا السور فسننسحب من الجسر.", "فسننسحب من الجسر"),
    ("وإذا كان الجسر القديم ضيقا فإن الجسر الجديد واسع.", "الجسر الجديد واسع"),
    ("إذا هدموا السور فسننسحب، لكننا سنبني مدرسة في القرية.", "سنبني مدرسة في القرية"),
    ("ولا يعرف ما إذا كان الجسر آمنا، وإنه سيزور القرية غدا.", "سيزور القرية غدا"),
    ("وقد نقلت الشاحنات حجارة الجسر ليلا.", "نقلت الشاحنات حجارة الجسر ليلا"),
    ("ليلا نقلت الشاحنات حجارة الجسر.", "نقلت الشاحنات حجارة الجسر"),
    ("ومنذ أن كان الجسر مفتوحا زادت الشاحنات.", "الجسر مفتوحا زادت الشاحنات"),
    ("سننسحب من الجسر كله إن شاء الله غدا.", "سننسحب من الجسر كله"),
    ("سنقول للناس كلهم إن الجسر مغلق.", "سنقول للناس كلهم"),
    ("The guard did not refuse to open the old bridge.", "open the old bridge"),
    ("The guard works far from the old bridge in town.", "the old bridge in town"),
    ("Even if the wall falls, we will leave the bridge.", "we will leave the bridge"),
    ("They not only closed the old bridge but sold it.", "closed the old bridge"),
    ("The mayor said he would open the old bridge.", "open the old bridge"),
    ("There is no doubt that the old bridge is safe.", "the old bridge is safe")])
def test_a_quote_that_keeps_its_meaning_is_found(text: str, quote: str) -> None:
    found = check(text, quote)
    assert (found.verdict, found.differences) == ("found", ())


@pytest.mark.parametrize(("text", "verdict"), [
    ("ونفى المهندس أن الجسر سينهار في الشتاء.", "denied"), ("واستبعد المهندس أن الجسر سينهار في الشتاء.", "doubted"),
    ("وقال السائق: هل الجسر سينهار في الشتاء؟", "asked")])
def test_a_quote_cut_behind_the_verb_or_the_question_word_is_not_stated(text: str, verdict: str) -> None:
    assert check(text, "الجسر سينهار في الشتاء").verdict == verdict


@pytest.mark.parametrize(("claim", "verdict"), [
    ("وقال سالم الحربي إنه لن «يغلق الجسر القديم غدا».", "supported"),
    ("وقال سالم الحربي إنه «لن يغلق الجسر القديم غدا».", "supported"),
    ("وقال سالم الحربي إنه «يغلق الجسر القديم غدا».", "quote_altered")])
def test_a_claim_may_leave_the_negation_in_front_of_the_quotation_marks(claim: str, verdict: str) -> None:
    snapshot = snapshot_of("وقال سالم الحربي إنه لن يغلق الجسر القديم غدا.")
    speaker = claim.index("سالم الحربي")
    read = Claim(1, claim, 0, len(claim), tuple(quotations_of(claim)), speaker=(speaker, speaker + len("سالم الحربي")))
    checked = Quoted.of(snapshot, STATE, read, read_statement(claim, (), lambda _: True), NO_FILTERS).checked(read)
    assert checked is not None
    assert checked.verdict == verdict
