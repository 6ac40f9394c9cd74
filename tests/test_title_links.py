"""The title of another article, which stands as a link in the middle of a text, is no sentence that answers."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answer.ranking import rank_sentences
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

TITLE = "بلدية المرفأ تغلق السوق القديمة أمام الزوار بعد انهيار سقفها عند الفجر"
CLOSED = Article("closed", "أعلنت البلدية أن الزوار لن يدخلوا السوق قبل ترميم السقف.", title=TITLE)


def sentences(*articles: Article) -> list[str]:
    embedder = WordEmbedder("السوق", "البلدية")
    snapshot, question = throwaway_snapshot(articles, embedder), parse_question("لماذا أغلقت البلدية السوق القديمة؟")
    candidates = retrieve(snapshot, question, embedder.embed_query(question.text), None, 32)
    return [each.text for each in rank_sentences(snapshot, question, candidates, 100)]


@pytest.mark.parametrize("written", [TITLE, TITLE.replace("البلدية", "البلديّة").replace("أمام", "امام")])
def test_the_title_of_another_article_is_no_sentence(written: str) -> None:
    text = f"زار الوفد السوق أمس.\n{written}\nعضو في البلدية: سنرمم السقف\nوغادر الوفد بعد ساعتين."
    found = sentences(CLOSED, Article("visit", text))
    assert "زار الوفد السوق أمس." in found
    assert written not in found
    assert written in sentences(Article("visit", text))


@pytest.mark.parametrize(("title", "text"), [
    (f"{TITLE}.", f"{TITLE}. وغادر الزوار."), (TITLE, f"{TITLE}.\nوغادر الزوار."),
    ("زيارة", f"{TITLE}. وغادر الزوار.")])
def test_a_sentence_with_its_full_stop_and_an_own_title_are_kept(title: str, text: str) -> None:
    assert f"{TITLE}." in sentences(CLOSED, Article("same", text, title=title))
