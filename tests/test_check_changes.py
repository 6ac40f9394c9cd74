"""Claims with one thing changed, over the sample articles: who does what, how much of it, and what counts as a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.language.quantifiers import Extent, find_quantifiers
from index.model.types import Embedder
from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft
from qa.contract import Concern, UncheckableBecause
from qa.opening import open_answerer


def check(answerer: Answerer, text: str) -> CheckedClaim:
    (checked,) = answerer.check(Draft.parse(text)).claims
    return checked


@pytest.mark.parametrize(("text", "extents"), [
    ("وافق جميع الأعضاء", ["all"]), ("رفض معظمهم", ["most"]), ("نجا بعض الركاب", ["some"]),
    ("لم يحضر أي وزير", ["none"]), ("حضر أي وزير", []), ("حضر وزيران فقط", ["only"]),
    ("لا يقتصر القرار على الرياض", ["not only"]), ("يجتمعون كل يوم", []), ("فاز في نصف النهائي", []),
    ("All members agreed", ["all"]), ("لكل منهما نصف الحصة", ["half"]), ("", []),
])
def test_words_of_quantity_say_how_much_is_meant(text: str, extents: list[Extent]) -> None:
    assert [each.extent for each in find_quantifiers(text)] == extents


@pytest.mark.index
@pytest.mark.model
@pytest.mark.parametrize(("claim", "concern"), [
    # The article has "most parties".
    ("توصلت الحكومتان وجميع أحزاب أيرلندا الشمالية في بلفاست يوم 10 نيسان 1998 إلى اتفاق سلام.", "figure"),
    # Hume led the SDLP, Adams Sinn Féin.
    ("أيد اتفاق الجمعة العظيمة حزب شين فين بزعامة جون هيوم والحزب الاشتراكي الديمقراطي العمالي بزعامة جيري آدامز.",
     "name"),
    # Carter invited Sadat.
    ("انعقدت قمة كامب ديفيد بدعوة من الرئيس أنور السادات، وجمعت بيغن والرئيس الأمريكي جيمي كارتر.", "name"),
])
def test_what_is_said_of_more_or_of_another_is_not_supported(sample_answerer: Answerer, claim: str, concern: Concern
                                                             ) -> None:
    checked = check(sample_answerer, claim)
    assert checked.verdict not in ("supported", "not_checkable")
    assert concern in checked.concerns


@pytest.mark.index
@pytest.mark.model
@pytest.mark.parametrize("claim", [
    "نال السادات وبيغن معا جائزة نوبل للسلام سنة 1978.",
    "توصلت معظم أحزاب أيرلندا الشمالية والحكومتان في بلفاست إلى اتفاق سلام يوم 10 نيسان 1998.",
    "أيد اتفاق الجمعة العظيمة حزب شين فين بزعامة جيري آدامز والحزب الاشتراكي الديمقراطي العمالي بزعامة جون هيوم.",
])
def test_the_same_said_in_another_order_is_supported(sample_answerer: Answerer, claim: str) -> None:
    assert check(sample_answerer, claim).verdict == "supported"


@pytest.fixture(scope="module")
def small_answerer(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Answerer:
    """Answers from one short article, which has nearly every word once."""
    import build_index

    folder = tmp_path_factory.mktemp("small")
    (folder / "port.md").write_text("---\nid: port\ntitle: توسعة الميناء\npublished: 2026-02-03\n---\n"
                                    "افتتح الوزير سليم الحاج رصيفا ثالثا في ميناء طرابلس.\n", encoding="utf-8")
    assert build_index.main([str(folder / "port.md"), "--index-dir", str(folder / "index")]) == 0
    return open_answerer(Path(folder / "index"), embedder)


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
def test_a_small_index_does_not_take_common_words_for_names(small_answerer: Answerer) -> None:
    text = "دشن سليم الحاج رصيفا جديدا يستقبل سفينة كبيرة في ميناء طرابلس."
    checked = check(small_answerer, text)
    named = [text[start:end] for start, end in checked.claim.names]
    assert not {"جديدا", "يستقبل", "سفينة", "كبيرة"} & {word for name in named for word in name.split()}
    assert "name" not in checked.concerns


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
def test_a_small_index_still_misses_a_name_that_it_does_not_have(small_answerer: Answerer) -> None:
    checked = check(small_answerer, "افتتح الوزير كيسنجر رصيفا ثالثا في ميناء طرابلس.")
    assert checked.verdict != "supported"
    assert "name" in checked.concerns


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize(("claim", "because"), [
    ("متى يفتح الرصيف الجديد؟", "question"), ("When does the new quay open?", "question"),
    ("أرى أن التوسعة جاءت متأخرة كثيرا.", "opinion"), ("In my view the port was expanded too late.", "opinion"),
    ("يجب أن تُحفر قناة أعمق.", "opinion"), ("The ministry should dig a deeper channel.", "opinion"),
    ("سوف تتضاعف حركة الحاويات في بنما خلال العقد المقبل.", "forecast"),
    ("Container traffic in Panama will double by 2040.", "forecast"),
])
def test_questions_opinions_and_forecasts_are_not_checkable(small_answerer: Answerer, claim: str,
                                                            because: UncheckableBecause) -> None:
    checked = check(small_answerer, claim)
    assert (checked.verdict, checked.claim.uncheckable) == ("not_checkable", because)
