"""Which sentences are offered as answers, and in which order."""

from __future__ import annotations

from index.types import Article
from qa.answer.ranking import RankedSentence, rank_sentences
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

ARTICLE = Article("a", "قمة جنيف\nانعقدت قمة جنيف في نوفمبر 1985 بحضور الرئيسين الأمريكي والسوفياتي. وساد المطر يومها. "
                       "ومن نتائج القمة:\n- فتح قنصلية.\n- استئناف الرحلات.", "لقاء في سويسرا")


def ranked(question: str, *articles: Article, known: tuple[str, ...] = ()) -> list[RankedSentence]:
    embedder = WordEmbedder(*known)
    snapshot = throwaway_snapshot(articles, embedder)
    asked = parse_question(question)
    candidates = retrieve(snapshot, asked, embedder.embed_query(question), None, 5)
    return rank_sentences(snapshot, asked, candidates, count=100)


def texts(question: str, *articles: Article, known: tuple[str, ...] = ()) -> list[str]:
    return [sentence.text for sentence in ranked(question, *articles, known=known)]


def test_sentences_are_verbatim_and_headings_and_bare_lead_ins_are_not_among_them() -> None:
    assert sorted(texts("قمة جنيف", ARTICLE)) == sorted([
        "انعقدت قمة جنيف في نوفمبر 1985 بحضور الرئيسين الأمريكي والسوفياتي.", "وساد المطر يومها.", "فتح قنصلية.",
        "استئناف الرحلات."])
    sentences = ranked("قمة جنيف", ARTICLE)
    assert sentences
    for sentence in sentences:
        assert ARTICLE.text[sentence.sentence.start:sentence.sentence.end] == sentence.text


def test_a_line_without_a_word_is_no_answer() -> None:
    article = Article("a", "انعقدت القمة في جنيف.\n-----\n،\nوساد المطر يومها.")
    assert texts("قمة جنيف", article) == ["انعقدت القمة في جنيف.", "وساد المطر يومها."]


def test_the_sentence_with_the_words_comes_first() -> None:
    assert texts("متى انعقدت قمة جنيف؟", ARTICLE)[0].startswith("انعقدت قمة جنيف")
    assert texts("المطر", ARTICLE)[0] == "وساد المطر يومها."


def test_the_vectors_decide_where_words_are_equal() -> None:
    article = Article("a", "كلمة أولى هنا وحدها. كلمة ثانية هنا وحدها.")
    assert texts("سؤال ثانية", article, known=("أولى", "ثانية"))[0] == "كلمة ثانية هنا وحدها."


def test_a_time_is_preferred_where_a_time_is_asked_for() -> None:
    article = Article("a", "وصل الوفد إلى المدينة صباحًا. وصل الوفد إلى المدينة عام 1985.")
    assert texts("متى وصل الوفد؟", article)[0] == "وصل الوفد إلى المدينة عام 1985."


def test_a_reprint_is_read_once() -> None:
    one = Article("one", "وقّع الوزيران الاتفاق في جنيف مساء الجمعة.")
    other = Article("other", "وقَّع الوزيران الاتّفاق في جنيف مساء الجمعة!")
    assert len(texts("من وقّع الاتفاق؟", one, other)) == 1


def test_a_sentence_knows_its_row() -> None:
    snapshot_rows = {sentence.text: sentence.row for sentence in ranked("قمة جنيف", ARTICLE)}
    assert snapshot_rows == {"انعقدت قمة جنيف في نوفمبر 1985 بحضور الرئيسين الأمريكي والسوفياتي.": 1,
                             "وساد المطر يومها.": 2, "فتح قنصلية.": 4, "استئناف الرحلات.": 5}


def test_evidence_tells_scripts_apart() -> None:
    assert ranked("قمة جنيف", ARTICLE)[0].evidence.same_script
    assert not ranked("Geneva summit", ARTICLE)[0].evidence.same_script
    assert ranked("Geneva summit", Article("e", "The Geneva summit opened."))[0].evidence.same_script


def test_an_english_word_is_found_by_its_arabic() -> None:
    article = Article("a", "استمرت الحرب عامين. وهطل المطر ليلة.")
    sentences = ranked("the war", article)
    assert sentences[0].text == "استمرت الحرب عامين."
    assert sentences[0].evidence.words_found > sentences[1].evidence.words_found == 0
