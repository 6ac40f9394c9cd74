"""A name does not prove what is said of another thing whose name has a word, a letter or a number more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import build_index
from index.language.namesakes import marked_names
from index.model.types import Embedder
from qa.answerer import Answerer
from qa.check.draft import Draft
from qa.opening import open_answerer

# Two sentences, neither of which proves the other.
OTHERS = (
    ("طرحت شركة البريد نموذج GPT-4o mini على الموظفين.", "طرحت شركة البريد نموذج GPT-4o على الموظفين."),
    ("أهدى النادي الفائز هاتف iPhone XS في الحفل.", "أهدى النادي الفائز هاتف iPhone X في الحفل."),
    ("اشترت المدرسة هاتف iPhone 15 Pro للمدير.", "اشترت المدرسة هاتف iPhone 15 للمدير."),
    ("باع المتجر هاتف غالاكسي إس 22 ألترا بالتقسيط.", "باع المتجر هاتف غالاكسي إس 22 بالتقسيط."),
    ("صادر الجمرك هاتف آيفون إكس إس من المسافر.", "صادر الجمرك هاتف آيفون إكس من المسافر."),
    ("سلّمت موسكو مقاتلات Su-57 إلى الجزائر.", "سلّمت موسكو مقاتلات Su-35 إلى الجزائر."),
    ("نشرت دمشق منظومة إس-300 قرب الساحل.", "نشرت دمشق منظومة إس-400 قرب الساحل."),
    ("طلبت أنقرة طائرات F-16V من واشنطن.", "طلبت أنقرة طائرات F-16 من واشنطن."),
    ("طلبت أثينا طائرات إف-16 من باريس.", "طلبت أثينا طائرات إف-35 من باريس."),
    ("عقدت مجموعة G20 قمتها في روما.", "عقدت مجموعة G7 قمتها في روما."),
    ("بثّت القناة الثانية المباراة كاملة.", "بثّت القناة الأولى المباراة كاملة."),
    ("عرضت القناة الثانية عشرة المسلسل كاملا.", "عرضت القناة الثانية المسلسل كاملا."),
    ("فاز الحزب الديمقراطي الكردستاني بمقاعد أربيل.", "فاز الحزب الديمقراطي بمقاعد أربيل."),
    ("أطلقت كوريا الشمالية صاروخا نحو البحر.", "أطلقت كوريا الجنوبية صاروخا نحو البحر."),
    ("أغلقت غينيا بيساو حدودها مع السنغال.", "أغلقت غينيا حدودها مع السنغال."),
    ("صدّرت غينيا الاستوائية النفط إلى البرازيل.", "صدّرت غينيا النفط إلى البرازيل."),
    ("أعلن جنوب السودان هدنة مع المتمردين.", "أعلن السودان هدنة مع المتمردين."),
    ("تفشّى الوباء في جمهورية الكونغو الديمقراطية سريعا.", "تفشّى الوباء في جمهورية الكونغو سريعا."),
    ("أُعيد فرز الأصوات في ولاية جورجيا.", "أُعيد فرز الأصوات في جورجيا."),
    ("رفعت قبرص الشمالية أسعار الكهرباء.", "رفعت قبرص أسعار الكهرباء."),
    ("اجتمع مجلس الأمن القومي لبحث الهجوم.", "اجتمع مجلس الأمن لبحث الهجوم."),
    ("سيطر الجيش السوري الحر على الطريق.", "سيطر الجيش السوري على الطريق."),
    ("أوقفت الشرطة نبيل الخوري الابن في المطار.", "أوقفت الشرطة نبيل الخوري في المطار."),
    ("خسر منتخب مصر تحت 23 عاما في طنجة.", "خسر منتخب مصر في طنجة."),
    ("The ferry company leased the Boeing 737 Max yesterday.", "The ferry company leased the Boeing 737 yesterday."),
    ("The museum bought an iPhone XS for the guide.", "The museum bought an iPhone X for the guide."),
    ("Heavy rain closed schools in Guinea-Bissau again.", "Heavy rain closed schools in Guinea again."),
    ("South Sudan welcomed the envoy of the union.", "Sudan welcomed the envoy of the union."),
)
# What is said of one thing, with and without a word that its name may lack.
SAME = (
    ("قدّم الحزب الجمهوري الأمريكي مشروع القانون.", "قدّم الحزب الجمهوري مشروع القانون."),
    ("زار الوفد ولاية جورجيا الأمريكية لتفقد المصنع.", "زار الوفد ولاية جورجيا لتفقد المصنع."),
    ("عرض المعرض هاتف iPhone XS للزوار.", "عرض المعرض هاتف iPhone للزوار."),
    ("سجّلت كوريا الشمالية إصابات بالحمى.", "سجّلت كوريا الشمالية إصابات بالحمى."),
)


def answerer_over(folder: Path, texts: list[str], embedder: Embedder) -> Answerer:
    """Answers from one article a text."""
    lines = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts)]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert build_index.main([str(folder / "a.jsonl"), "--index-dir", str(folder / "index")]) == 0
    return open_answerer(folder / "index", embedder)


@pytest.fixture(scope="module")
def answerers(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> list[Answerer]:
    """Answers from the first sentences of the pairs, and from the second ones."""
    return [answerer_over(tmp_path_factory.mktemp("namesakes"), [pair[side] for pair in (*OTHERS, *SAME)], embedder)
            for side in (0, 1)]


def verdict(answerer: Answerer, text: str) -> str:
    (checked,) = answerer.check(Draft.parse(text)).claims
    return checked.verdict


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("pair", OTHERS, ids=[pair[0] for pair in OTHERS])
def test_another_thing_of_the_same_name_proves_nothing(
        answerers: list[Answerer], pair: tuple[str, str], side: int) -> None:
    assert verdict(answerers[side], pair[1 - side]) not in ("supported", "not_checkable")
    assert verdict(answerers[side], pair[side]) == "supported"


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("pair", SAME, ids=[pair[0] for pair in SAME])
def test_the_same_thing_may_be_named_with_less(answerers: list[Answerer], pair: tuple[str, str]) -> None:
    assert verdict(answerers[0], pair[1]) == "supported"


@pytest.mark.parametrize(("text", "marked"), [
    ("GPT-4o mini", {("code", "gpt"): ("4", "o"), ("word", "o"): ("mini",)}),
    ("iPhone XS", {("model", "iphone"): ("xs",)}),
    ("ولاية جورجيا الأميركية", {("state", "georgia"): ("other",)}), ("جورجيا", {}), ("للسودان", {}),
    ("دولة جنوب السودان", {("state", "sudan"): ("جنوب",)}), ("أحكمت القوات", {}), ("خمسة عشر", {}),
    ("the air force, plus two", {}), ("قتل الأب ابنه", {}), ("", {}),
])
def test_what_tells_a_name_from_its_namesakes(text: str, marked: dict[tuple[str, ...], tuple[str, ...]]) -> None:
    assert {each.key: each.mark for each in marked_names(text) if each.mark} == marked
