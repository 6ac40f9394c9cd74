"""What an answer cites of the ranked sentences, in which order and with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from index.generation.snapshot import Snapshot
from index.model.types import Embedder
from index.types import Article
from qa.answer.compose import CITED_WITHIN, MAX_CITATIONS, MAX_ITEMS, chosen, compose, distinct
from qa.answer.ranking import RankedSentence, rank_sentences
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import Candidate, retrieve
from qa.types.citation import Citation
from tests.fakes import WordEmbedder

WALL = Article("wall", "بُني جدار برلين في أغسطس 1961. وسقط جدار برلين في 9 نوفمبر 1989. "
                       "وأعيد توحيد ألمانيا في 3 أكتوبر 1990. وعاصمة ألمانيا برلين.", "ألمانيا")
AGAIN = Article("again", "وكان جدار برلين قد سقط في 9 نوفمبر 1989. وهدمه سكان المدينة بأيديهم.", "ذكرى الجدار")
BUILT, FELL, UNITED, CAPITAL = (f"{text}." for text in WALL.text.rstrip(".").split(". "))
FELL_TOO, TORN_DOWN = (f"{text}." for text in AGAIN.text.rstrip(".").split(". "))


def ranked(snapshot: Snapshot, candidates: Sequence[Candidate], below_best: Mapping[str, float]
           ) -> list[RankedSentence]:
    """The sentences that begin so, each so far below the best, in shares of `CITED_WITHIN`."""
    sentences = rank_sentences(snapshot, parse_question("?"), candidates, 1000)
    return [replace(next(sentence for sentence in sentences if sentence.text.startswith(start)),
                    score=1 - below * CITED_WITHIN) for start, below in below_best.items()]


def picked(below_best: Mapping[str, float], *articles: Article) -> list[str]:
    """What is chosen of sentences that were ranked so."""
    snapshot = throwaway_snapshot(articles, WordEmbedder())
    candidates = retrieve(snapshot, parse_question("ألمانيا"), WordEmbedder().embed_query("ألمانيا"), None, 32)
    return [sentence.text for sentence in chosen(ranked(snapshot, candidates, below_best))]


def composed(embedder: Embedder, question: str, below_best: Mapping[str, float], *articles: Article
             ) -> tuple[Citation, ...]:
    """The citations, when sentences were ranked so."""
    snapshot = throwaway_snapshot(articles, embedder)
    asked = parse_question(question)
    candidates = retrieve(snapshot, asked, embedder.embed_query(question), None, 32)
    citations = compose(snapshot, asked, ranked(snapshot, candidates, below_best), candidates)
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
    return citations


# ---- what adds something ----

def test_the_best_sentence_comes_first_and_only_those_about_as_good_follow() -> None:
    assert picked({BUILT: 0, UNITED: 0.9, CAPITAL: 1.1}, WALL) == [BUILT, UNITED]
    assert picked({CAPITAL: 0, BUILT: 1.01}, WALL) == [CAPITAL]


def test_there_are_a_few_at_most() -> None:
    far_apart = {BUILT: 0, FELL: 0.1, UNITED: 0.2, CAPITAL: 0.3}
    assert picked(far_apart, WALL) == [BUILT, FELL, UNITED, CAPITAL][:MAX_CITATIONS]


def test_a_fact_is_not_told_twice() -> None:
    assert picked({FELL: 0, FELL_TOO: 0.1, UNITED: 0.2}, WALL, AGAIN) == [FELL, UNITED]


def test_of_two_that_are_as_good_the_one_of_another_article_is_preferred() -> None:
    about_as_good = {BUILT: 0, UNITED: 0.5, CAPITAL: 0.55, TORN_DOWN: 0.6}
    assert picked(about_as_good, WALL, AGAIN) == [BUILT, TORN_DOWN, UNITED, CAPITAL]
    far_behind = {BUILT: 0, UNITED: 0.1, CAPITAL: 0.2, TORN_DOWN: 0.9}
    assert picked(far_behind, WALL, AGAIN) == [BUILT, UNITED, CAPITAL, TORN_DOWN]


def test_nothing_ranked_is_nothing_cited(embedder: Embedder) -> None:
    assert chosen([]) == []
    assert composed(embedder, "ما شروط الاتفاق؟", {}, WALL) == ()


def test_distinct_keeps_the_first_copy_and_the_order() -> None:
    snapshot = throwaway_snapshot([WALL, AGAIN], WordEmbedder())
    candidates = retrieve(snapshot, parse_question("ألمانيا"), WordEmbedder().embed_query("ألمانيا"), None, 32)
    sentences = ranked(snapshot, candidates, {FELL_TOO: 0, BUILT: 1, FELL: 2, UNITED: 9})
    assert [sentence.text for sentence in distinct(sentences)] == [FELL_TOO, BUILT, UNITED]


# ---- reprints ----

def test_a_sentence_of_several_articles_is_cited_from_the_earliest_and_the_others_are_named(embedder: Embedder) -> None:
    late, early, undated = (replace(WALL, id=name, source=name, title=f"{WALL.title} {name}", published=day)
                            for name, day in (("late", "2021-05-02"), ("early", "2020-05-02"), ("undated", "")))
    (citation,) = composed(embedder, "متى سقط جدار برلين؟", {FELL: 0}, late, early, undated)
    assert (citation.article.id, citation.quote) == ("early", FELL)
    assert [(place.article.id, place.text) for place in citation.also_in] == [("late", FELL), ("undated", FELL)]


# ---- what a sentence hangs on ----

SPEECH = Article("speech", "ألقى السادات خطابًا في القدس يوم 20 نوفمبر 1977. وقال إن حرب أكتوبر يجب أن تكون آخر الحروب. "
                           "وأضاف أنه يحمل رسالة سلام. وذلك ما ردده في كامب ديفيد. ثم عاد السادات إلى القاهرة.",
                 "زيارة القدس")
SPOKE, SAID, ADDED, REPEATED, RETURNED = (f"{text}." for text in SPEECH.text.rstrip(".").split(". "))


@pytest.mark.parametrize(("cited", "context"), [
    (SPOKE, None), (SAID, SPOKE), (ADDED, f"{SPOKE} {SAID}"), (REPEATED, f"{SAID} {ADDED}"), (RETURNED, None)])
def test_a_sentence_that_points_back_brings_what_it_points_to_two_sentences_at_most(
        embedder: Embedder, cited: str, context: str | None) -> None:
    (citation,) = composed(embedder, "ماذا قال السادات؟", {cited: 0}, SPEECH)
    assert (citation.quote, citation.context_quote) == (cited, context)


def test_what_is_cited_already_does_not_come_along_again(embedder: Embedder) -> None:
    first, second = composed(embedder, "ماذا قال السادات؟", {SPOKE: 0, SAID: 0.5}, SPEECH)
    assert (first.quote, second.quote, second.context) == (SPOKE, SAID, None)


def test_what_comes_along_is_not_cited_once_more(embedder: Embedder) -> None:
    first, second = composed(embedder, "ماذا قال السادات؟", {SAID: 0, SPOKE: 0.3, RETURNED: 0.6}, SPEECH)
    assert (first.quote, first.context_quote, second.quote) == (SAID, SPOKE, RETURNED)


def test_the_first_sentence_and_one_below_a_heading_have_nothing_before_them(embedder: Embedder) -> None:
    article = Article("a", f"{SAID}\nكامب ديفيد\n{ADDED} {RETURNED}")
    for sentence in (SAID, ADDED):
        (citation,) = composed(embedder, "ماذا قال؟", {sentence: 0}, article)
        assert (citation.quote, citation.context) == (sentence, None)


# ---- lists ----

ITEMS = [f"- {name} عام {year}." for name, year in (
    ("ليبيا", 1953), ("السودان", 1956), ("المغرب", 1958), ("تونس", 1958), ("الكويت", 1961), ("الجزائر", 1962),
    ("البحرين", 1971), ("قطر", 1971), ("عُمان", 1971), ("الإمارات", 1971))]
LEAGUE = Article("league", "تأسست جامعة الدول العربية عام 1945.\nوانضمت إليها دول أخرى، وهي:\n" + "\n".join(ITEMS[:4])
                 + "\nومقر الجامعة في القاهرة.", "جامعة الدول العربية")
LEADS_IN = "وانضمت إليها دول أخرى، وهي:"
WHICH, WHEN = "ما الدول التي انضمت إلى جامعة الدول العربية؟", "متى انضم السودان إلى الجامعة؟"


def quotes(citations: tuple[Citation, ...]) -> list[str]:
    return [citation.quote for citation in citations]


def test_a_question_for_several_things_gets_the_whole_list_in_order_with_its_line(embedder: Embedder) -> None:
    citations = composed(embedder, WHICH, {"تونس": 0, "ومقر": 0.2}, LEAGUE)
    assert quotes(citations) == [item.removeprefix("- ") for item in ITEMS[:4]]
    for citation in citations:
        # The line alone names nothing.
        assert citation.context_quote == f"تأسست جامعة الدول العربية عام 1945.\n{LEADS_IN}"
        assert citation.items_left_out is None


def test_a_question_for_one_thing_gets_its_item_with_the_line(embedder: Embedder) -> None:
    (citation,) = composed(embedder, WHEN, {"السودان": 0}, LEAGUE)
    assert (citation.quote, citation.context_quote) == (
        "السودان عام 1956.", f"تأسست جامعة الدول العربية عام 1945.\n{LEADS_IN}")


def test_what_is_left_out_of_a_long_list_is_counted_and_placed(embedder: Embedder) -> None:
    long = replace(LEAGUE, text=f"{LEADS_IN}\n" + "\n".join(ITEMS))
    citations = composed(embedder, WHICH, {"ليبيا": 0}, long)
    assert len(citations) == MAX_ITEMS
    left_out = citations[-1].items_left_out
    assert left_out is not None
    assert (left_out.count, long.text[left_out.start:left_out.end]) == (2, "عُمان عام 1971.\n- الإمارات عام 1971.")
    assert all(citation.items_left_out is None for citation in citations[:-1])


def test_a_line_that_is_among_the_best_itself_is_cited_before_its_items(embedder: Embedder) -> None:
    line = "وانضمت إلى جامعة الدول العربية بعد تأسيسها في القاهرة دول عربية أخرى، وهي:"
    article = replace(LEAGUE, text=LEAGUE.text.replace(LEADS_IN, line))
    citations = composed(embedder, WHICH, {"وانضمت": 0, "تونس": 0.5}, article)
    assert quotes(citations) == [line, *(item.removeprefix("- ") for item in ITEMS[:4])]
    assert [citation.context_quote for citation in citations] == [None, *[line] * 4]


def test_below_another_sentence_a_list_answers_when_most_of_the_best_are_of_it_or_its_line_names_the_items(
        embedder: Embedder) -> None:
    named = replace(LEAGUE, text=LEAGUE.text.replace("دول أخرى", "بلدان أخرى"))
    assert len(composed(embedder, WHICH, {"ومقر": 0, "تونس": 0.5, "ليبيا": 0.6}, named)) == 3
    assert quotes(composed(embedder, WHICH, {"ومقر": 0, "تونس": 0.5}, named)) == [
        "ومقر الجامعة في القاهرة.", "تونس عام 1958."]
    assert len(composed(embedder, WHICH, {"ومقر": 0, "تونس": 0.5, "ليبيا": 0.6, "المغرب": 0.7}, named)) == 4
    assert len(composed(embedder, WHICH, {"ومقر": 0, "تونس": 3}, LEAGUE)) == 4


def test_a_reprinted_list_is_cited_from_the_earliest_article_that_has_it_whole(embedder: Embedder) -> None:
    late, early = (replace(LEAGUE, id=name, source=name, published=day)
                   for name, day in (("late", "2020-02-01"), ("early", "2020-01-01")))
    cut = replace(LEAGUE, id="cut", text=LEAGUE.text.replace(f"\n{ITEMS[3]}", ""), published="2020-03-01")
    citations = composed(embedder, WHICH, {"ليبيا": 0}, late, early, cut)
    assert {citation.article.id for citation in citations} == {"early"}
    assert [[place.article.id for place in citation.also_in] for citation in citations] == [
        ["late", "cut"], ["late", "cut"], ["late", "cut"], ["late"]]


def test_a_sentence_of_a_quotation_is_shown_after_the_words_that_name_its_speaker(embedder: Embedder) -> None:
    text = "وقال سالم الحربي: «الرصيف جديد. وهو واسع. والسفن ترسو في الميناء كل صباح»."
    said = text[text.index("والسفن"):]
    (citation,) = composed(embedder, "متى ترسو السفن في الميناء؟", {said: 0.0}, Article("a", text))
    assert (citation.quote, citation.context_quote) == (said, "وقال سالم الحربي:")
