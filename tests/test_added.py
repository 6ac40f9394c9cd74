"""What a model's sentence adds to the sentences that it cites, or turns round in them, is not proved by them."""

from __future__ import annotations

import pytest

import build_index
from index.model.types import Embedder
from qa.answerer import Answerer
from qa.opening import open_answerer
from qa.types.citation import Citation

pytestmark = [pytest.mark.slow, pytest.mark.model]


def proves(answerer: Answerer, text: str, article_id: str, *words: str) -> bool:
    """Whether the sentences of an article that have the words given prove the text."""
    article = answerer.article(article_id)
    _, sentences = answerer.snapshot.tables.all_sentences(answerer.snapshot.articles.rows[article_id])
    cited = [Citation(number, article, sentence.start, sentence.end) for number, sentence in enumerate(sentences, 1)
             if any(word in article.text[sentence.start:sentence.end] for word in words)]
    assert len(cited) == len(words)
    return answerer.proves(text, cited)


@pytest.mark.parametrize(("text", "article_id", "words"), [
    ("ونُقل مقر الجامعة العربية من تونس إلى القاهرة.", "camp-david-accords-1978", ["وقرر وزراء الخارجية"]),
    ("قطعت إيران علاقاتها بالسعودية في 3 يناير 2016 بعد اقتحام محتجين سفارتها.", "saudi-iran-beijing-2023",
     ["قطعت السعودية علاقاتها"]),
    ("وقّع وانغ يي الاتفاق عن طهران.", "saudi-iran-beijing-2023", ["ووقّع الاتفاق السعودي الإيراني"]),
    ("أفرجت الولايات المتحدة عن غراينر مقابل إفراج روسيا عن بوت.", "prisoner-exchanges-2022-2024", ["جرى تبادل سابق"]),
    ("اغتيل الهراوي بتفجير في بيروت في 22 نوفمبر 1989.", "taif-agreement-1989", ["واغتيل الرئيس معوض"]),
    ("انضمت جنوب أفريقيا إليها عام 1991 قبل أن تفكك أسلحتها النووية.", "non-proliferation-treaty-1968",
     ["وانضمت جنوب أفريقيا"]),
    ("استضاف الطراد الأمريكي بلناب والطراد السوفياتي سلافا الجلسات بالتناوب.", "malta-summit-1989",
     ["وكان مقررًا أن تتناوب"]),
    ("قُتل 13 عسكريًا أمريكيًا حين دخلت طالبان كابول في 15 أغسطس 2021.", "doha-agreement-2020",
     ["وقُتل 13 عسكريًا", "وسيطرت طالبان"]),
    ("وعارضه أيضًا حزب شين فين بقيادة جيري آدامز.", "good-friday-agreement-1998", ["وأيد الاتفاق حزب ألستر"]),
    ("وعارض الاتفاق شين فين.", "good-friday-agreement-1998", ["وأيد الاتفاق حزب ألستر"]),
    ("وأصبحت أوكرانيا دولة محايدة لا تنضم إلى أحلاف عسكرية.", "istanbul-talks-2022", ["عرض الوفد الأوكراني"]),
    ("أوكرانيا دولة محايدة لا تستضيف قواعد أجنبية.", "istanbul-talks-2022", ["عرض الوفد الأوكراني"]),
    ("نال كارتر وبيغن جائزة نوبل للسلام لعام 1978 مناصفة.", "camp-david-accords-1978",
     ["ونال السادات وبيغن", "انعقدت قمة كامب ديفيد"]),
])
def test_who_does_what_is_not_turned_round(sample_answerer: Answerer, text: str, article_id: str, words: list[str]
                                           ) -> None:
    assert not proves(sample_answerer, text, article_id, *words)


@pytest.mark.parametrize(("text", "article_id", "words"), [
    ("التحقت الصين وفرنسا بالمعاهدة عام 1992.", "non-proliferation-treaty-1968", ["وانضمت جنوب أفريقيا"]),
    ("أطلقت روسيا وبيلاروس 16 سجينًا لقاء ثمانية عادوا إلى روسيا.", "prisoner-exchanges-2022-2024",
     ["أفرجت روسيا وبيلاروس"]),
    ("وعارضه الحزب الوحدوي الديمقراطي بزعامة إيان بيزلي.", "good-friday-agreement-1998",
     ["وأيد الاتفاق حزب ألستر"]),
    ("كان خالد اليماني على رأس وفد الحكومة، ومحمد عبد السلام على رأس وفد الحوثيين.", "stockholm-agreement-2018",
     ["وترأس وفد الحكومة اليمنية"]),
    ("وكان بايدن قد أعلن أن الانسحاب سيكتمل قبل 11 سبتمبر 2021.", "doha-agreement-2020",
     ["وأعلن الرئيس الأمريكي جو بايدن"]),
])
def test_other_words_for_the_same_are_proved(sample_answerer: Answerer, text: str, article_id: str, words: list[str]
                                             ) -> None:
    assert proves(sample_answerer, text, article_id, *words)


BRUSSELS = """---
id: brussels
title: لقاءات بروكسل
published: 2026-02-03
---
وصل ترامب إلى بروكسل، والتقى الرئيس الأمريكي ماكرون.

التقى ترامب بوتين في ألاسكا، وبحث الزعيمان الحرب.

سافر أردوغان إلى القاهرة، وزار المتحف القبطي.

خسرت سامسونغ الدعوى، وأطلقت الشركة الكورية هاتفًا.

أيد ستارمر الاتفاق، وعارضته ميركل.

وصل كارتر إلى دبلن، وعارض الرئيس الأمريكي الاتفاق النووي.

أيد كارتر الهدنة، وعارضها الرئيس الفرنسي شيراك.
"""


@pytest.fixture(scope="module")
def brussels(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Answerer:
    """Answers from one article, whose second clauses name nobody, or somebody else."""
    folder = tmp_path_factory.mktemp("brussels")
    (folder / "brussels.md").write_text(BRUSSELS, encoding="utf-8")
    assert build_index.main([str(folder / "brussels.md"), "--index-dir", str(folder / "index")]) == 0
    return open_answerer(folder / "index", embedder)


@pytest.mark.index
@pytest.mark.process
@pytest.mark.parametrize(("text", "cited"), [
    ("التقى ترامب ماكرون.", "وصل ترامب"),
    ("بحث ترامب وبوتين الحرب.", "التقى ترامب بوتين"),
    ("زار أردوغان المتحف.", "سافر أردوغان"),
    ("أطلقت سامسونغ هاتفًا.", "خسرت سامسونغ"),
    ("عارض كارتر الاتفاق.", "وصل كارتر"),
])
def test_a_clause_may_go_on_with_who_was_named_before(brussels: Answerer, text: str, cited: str) -> None:
    assert proves(brussels, text, "brussels", cited)


@pytest.mark.index
@pytest.mark.process
@pytest.mark.parametrize(("text", "cited"), [
    ("عارض ستارمر الاتفاق.", "أيد ستارمر"), ("عارض كارتر الهدنة.", "أيد كارتر")])
def test_a_clause_with_another_name_does_not(brussels: Answerer, text: str, cited: str) -> None:
    assert not proves(brussels, text, "brussels", cited)
