"""The verb before its subject or behind it: the same is said, and who does it stays who does it."""

from __future__ import annotations

import pytest

from index.model.types import Embedder
from index.types import Article
from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft
from qa.evaluation.evaluate import throwaway_snapshot

pytestmark = [pytest.mark.model, pytest.mark.slow]
OTHER = Article("other", "اجتمع مجلس البلدية في بيروت. تساقطت الثلوج على المرتفعات. فاز المنتخب الوطني بكأس آسيا.")


def check(sentence: str, claim: str, embedder: Embedder) -> CheckedClaim:
    snapshot = throwaway_snapshot([Article("told", sentence), OTHER], embedder)
    (checked,) = Answerer(snapshot, embedder).check(Draft.parse(claim)).claims
    return checked


@pytest.mark.parametrize(("sentence", "claim"), [
    ("المحكمة العليا رفضت الطعن.", "رفضت المحكمة العليا الطعن."),
    ("رفضت المحكمة العليا الطعن.", "المحكمة العليا رفضت الطعن."),
    ("تدخل الجيش لحماية السكان بعدما سيطر المهربون على الميناء القديم.",
     "بعدما سيطر المهربون على الميناء القديم تدخل الجيش لحماية السكان."),
    ("رفضت المحكمة العليا الطعن.", "الطعن رفضته المحكمة العليا."),
    ("المحكمة العليا رفضت الطعن.", "الطعن رفضته المحكمة العليا."),
    ("رفض القضاة الطعن في الحكم.", "القضاة رفضوا الطعن في الحكم."),
    ("القضاة رفضوا الطعن في الحكم.", "رفض القضاة الطعن في الحكم."),
    ("أعلن الوزيران استقالتهما يوم الأحد.", "الوزيران أعلنا استقالتهما يوم الأحد."),
    ("زيد الحلبي رفض طلب عمرو الشامي.", "رفض زيد الحلبي طلب عمرو الشامي."),
    ("رفض زيد طلب عمرو.", "زيد رفض طلب عمرو."),
    ("الوزير سليم الحاج قال إن الميزانية أُقرت.", "قال الوزير سليم الحاج إن الميزانية أقرت."),
    ("أوقف الجيش اللبناني خمسة مهربين في البقاع.", "خمسة مهربين أوقفهم الجيش اللبناني في البقاع."),
    ("Salim Hajj said the budget has passed.", "The budget has passed, said Salim Hajj."),
    ("The appeal was rejected by the Supreme Court.", "The Supreme Court rejected the appeal."),
    ("The Supreme Court rejected the appeal.", "The appeal was rejected by the Supreme Court."),
    ("Arsenal were beaten by Chelsea in London.", "Chelsea beat Arsenal in London."),
    ("رُفض الطعن من قبل المحكمة العليا.", "رفضت المحكمة العليا الطعن."),
    ("رُفض الطعن على يد المحكمة العليا.", "المحكمة العليا رفضت الطعن."),
    ("تم رفض الطعن من جانب المحكمة العليا.", "رفضت المحكمة العليا الطعن."),
    ("زيد الحلبي هُزم على يد عمرو الشامي.", "هزم عمرو الشامي زيد الحلبي."),
])
def test_the_same_in_the_other_order_is_supported(sentence: str, claim: str, embedder: Embedder) -> None:
    assert check(sentence, claim, embedder).verdict == "supported"


@pytest.mark.parametrize(("sentence", "claim"), [
    ("رفض زيد طلب عمرو.", "عمرو رفض طلب زيد."),
    ("في المهرجان رأى النقاد في الفيلم تحفة نادرة، ورأى المنتجون في المسلسل صفقة خاسرة.",
     "في المهرجان رأى المنتجون في الفيلم تحفة نادرة، ورأى النقاد في المسلسل صفقة خاسرة."),
    ("تدخل الجيش لحماية السكان بعدما سيطر المهربون على الميناء القديم.",
     "تدخل الجيش لحماية المهربين بعدما سيطر السكان على الميناء القديم."),
    ("رفض زيد طلب عمرو.", "رفض عمرو طلب زيد."),
    ("زيد الحلبي رفض طلب عمرو الشامي.", "عمرو الشامي رفض طلب زيد الحلبي."),
    ("زيد الحلبي رفض طلب عمرو الشامي.", "رفض عمرو الشامي طلب زيد الحلبي."),
    ("رفضت الحكومة طلب المعارضة.", "المعارضة رفضت طلب الحكومة."),
    ("الحكومة رفضت طلب المعارضة.", "رفضت المعارضة طلب الحكومة."),
    ("قال شهود إن الشرطة هاجمت المتظاهرين في الساحة.", "هاجم المتظاهرون الشرطة في الساحة."),
    ("Arsenal beat Chelsea in London.", "Chelsea beat Arsenal in London."),
    ("The appeal was rejected by the Supreme Court.", "The appeal rejected the Supreme Court."),
    ("The appeal was rejected by the Supreme Court.", "The Supreme Court was rejected by the appeal."),
    ("Police arrested the protesters in the square.", "Police were arrested by the protesters in the square."),
    ("رُفض الطعن من قبل المحكمة العليا.", "رفض الطعن المحكمة العليا."),
    ("اعتقلت الشرطة الصحفي في بيروت.", "اعتُقلت الشرطة من قبل الصحفي في بيروت."),
    ("زيد الحلبي هُزم على يد عمرو الشامي.", "هزم زيد الحلبي عمرو الشامي."),
])
def test_who_does_it_and_whom_it_is_done_to_do_not_change_places(sentence: str, claim: str, embedder: Embedder) -> None:
    checked = check(sentence, claim, embedder)
    assert checked.verdict != "supported"
    assert "name" in checked.concerns


@pytest.mark.parametrize(("sentence", "claim"), [
    ("المحكمة العليا رفضت الطعن.", "لم ترفض المحكمة العليا الطعن."),
    ("أقرت اللجنة القانون ورفض الوزير الاستقالة.", "رفض الوزير القانون."),
    ("القانون الذي رفض الوزير مناقشته أقرته اللجنة.", "اللجنة رفضت القانون."),
])
def test_what_a_verb_does_not_govern_is_not_denied_by_it(sentence: str, claim: str, embedder: Embedder) -> None:
    assert check(sentence, claim, embedder).verdict != "supported"
