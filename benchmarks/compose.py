"""Measure how answers are composed: their citations, lists and reprints.

    python benchmarks/compose.py SQUAD.json... [--articles FILE] > report.json

For the sample corpus and question sets in SQuAD format, the report says how often the gold answer is among the
citations, how many citations there are and how many of them hold it, at each pair of limits that
`qa/answer/compose.py` could have. It also covers list answers; reprints, on the sample corpus with each article told
three times; the hand-labelled sentences of `tests/data`; and milliseconds. With `--articles`, it says how many articles
of a file reprint another, and how many sentences refer back to an earlier one. No question is refused for low
confidence.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words
from index.language.sentences import split_sentences
from index.model.load import load_embedder
from index.model.types import Embedder
from index.sources import read_paths
from index.types import Article
from qa.answer.anaphora import leans_on_previous
from qa.answer.compose import CITED_WITHIN, MAX_CITATIONS, chosen, compose
from qa.answer.ranking import PASSAGES_READ, SENTENCES_CONSIDERED, RankedSentence, rank_sentences
from qa.answer.reprints import PASSAGES_COMPARED, without_reprints
from qa.answer.sameness import Said, adds_nothing
from qa.evaluation.evaluate import comparable, throwaway_snapshot
from qa.evaluation.question_sets import GoldQuestion, read_squad
from qa.question.parsed import parse_question
from qa.retrieve.retriever import Candidate, embed_question, retrieve
from qa.types.citation import Citation

PROJECT = Path(__file__).resolve().parents[1]
LABELLED = PROJECT / "tests" / "data"
WITHIN = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06)
AT_MOST = (1, 2, 3, 4, 5)
# Two articles count as one story if at least this share of the shorter one's sentences is in the other.
SAME_STORY = 0.8
MIN_WORDS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the sentences ranked for it and those cited."""

    question: GoldQuestion
    candidates: list[Candidate]
    ranked: list[RankedSentence]
    citations: tuple[Citation, ...]
    compose_ms: float

    @property
    def golds(self) -> list[str]:
        return [gold for gold in map(comparable, self.question.answers) if gold]


def main() -> int:
    """Measure all sets and print the report as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="SQUAD.json")
    parser.add_argument("--articles", type=Path, help="articles to count reprints and sentences that point back in")
    arguments = parser.parse_args()
    embedder = load_embedder()
    articles, questions = sample()
    snapshot = throwaway_snapshot(articles, embedder)
    asked = ask(snapshot, questions, embedder)
    report: dict[str, Any] = {
        "shipped": {"cited_within": CITED_WITHIN, "max_citations": MAX_CITATIONS},
        "sets": {"sample": {"shipped": cited(asked), "limits": limits(asked)}},
        "lists": lists(snapshot, asked, embedder), "reprints": reprints(articles, questions, embedder),
        "labelled": labelled(),
        "compose_ms": {"p50": round(statistics.median(one.compose_ms for one in asked), 3),
                       "p95": round(statistics.quantiles([one.compose_ms for one in asked], n=20)[-1], 3)}}
    for path in arguments.files:
        squad = read_squad(path)
        asked = ask(throwaway_snapshot(squad.articles, embedder), squad.questions, embedder)
        report["sets"][path.name] = {"shipped": cited(asked), "limits": limits(asked)}
    if arguments.articles:
        report["articles"] = corpus(record for record in read_paths([arguments.articles])
                                    if isinstance(record, Article))
    print(json.dumps(report, indent=1, ensure_ascii=False))
    return 0


def sample() -> tuple[list[Article], list[GoldQuestion]]:
    """Return the sample corpus and the questions that it answers."""
    articles = [record for record in read_paths([PROJECT / "articles"]) if isinstance(record, Article)]
    rows = {article.id: row for row, article in enumerate(articles)}
    lines = (PROJECT / "articles" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return articles, [GoldQuestion(each["question"], rows[each["article_id"]], (each["answer_sentence"],))
                      for each in map(json.loads, lines) if each["article_id"]]


def ask(snapshot: Snapshot, questions: Sequence[GoldQuestion], embedder: Embedder) -> list[Asked]:
    """Ask each question of the whole index."""
    answers = []
    for question in questions:
        parsed = parse_question(question.text)
        candidates = retrieve(snapshot, parsed, embed_question(embedder, parsed), None, PASSAGES_COMPARED)
        ranked = rank_sentences(snapshot, parsed, candidates, SENTENCES_CONSIDERED)
        started = time.perf_counter()
        citations = compose(snapshot, parsed, ranked, candidates)
        answers.append(Asked(question, candidates, ranked, citations, (time.perf_counter() - started) * 1000))
    return answers


def cited(asked: Sequence[Asked]) -> dict[str, float]:
    """Measure the citations of the answers: shares of questions and of citations that hold the gold answer."""
    return summary([(one.golds, [citation.quote for citation in one.citations]) for one in asked]) | {
        "gold_cited_or_context": share(holds(one.golds, [f"{citation.quote} {citation.context_quote}"
                                                         for citation in one.citations]) for one in asked),
        "with_context": share(citation.context is not None for citation in every_citation(asked)),
        "articles_per_answer": mean(len({citation.article.id for citation in one.citations})
                                    for one in asked)}


def limits(asked: Sequence[Asked]) -> list[dict[str, float]]:
    """Measure the same for the sentences that `chosen` picks, at every pair of limits."""
    return [{"within": within, "at_most": at_most} | summary(
        [(one.golds, [sentence.text for sentence in chosen(one.ranked, within=within, at_most=at_most)])
         for one in asked]) for within in WITHIN for at_most in AT_MOST]


def summary(answers: Sequence[tuple[list[str], list[str]]]) -> dict[str, float]:
    """Summarise pairs of gold answers and quotes. A quote repeats a gold answer if an earlier quote holds it too."""
    found = [[holds(golds, [quote]) for quote in quotes] for golds, quotes in answers]
    return {"gold_first": share(hits[:1] == [True] for hits in found), "gold_cited": share(map(any, found)),
            "citations_per_answer": mean(map(len, found)),
            "citations_with_gold": share(hit for hits in found for hit in hits),
            "gold_told_again": share(hit and any(hits[:place]) for hits in found for place, hit in enumerate(hits))}


def lists(snapshot: Snapshot, asked: Sequence[Asked], embedder: Embedder) -> dict[str, Any]:
    """Count list questions that a list of the sample answers, and lists wrongly given to other questions."""
    rows = [line.split("\t") for line in (LABELLED / "list_questions.tsv").read_text("utf-8").splitlines()]
    whole, missed = 0, []
    for article_id, text in rows:
        (one,) = ask(snapshot, [GoldQuestion(text, 0, ())], embedder)
        article = snapshot.articles.get(article_id)
        items = [(item.start, item.end) for item in split_sentences(article.text) if item.lead_in[1]]
        given = [(citation.start, citation.end) for citation in one.citations
                 if citation.article.id == article_id]
        if given[-len(items):] == items:
            whole += 1
        else:
            missed.append(text)
    asked_for = sum(parse_question(text).asks_for_list for _, text in rows)
    return {"questions": len(rows), "asked_for": asked_for, "whole": whole, "missed": missed,
            "other_questions_given_a_list": [one.question.text for one in asked
                                             if len(one.citations) > MAX_CITATIONS]}


def reprints(articles: Sequence[Article], questions: Sequence[GoldQuestion], embedder: Embedder) -> dict[str, Any]:
    """Measure answers on the sample corpus with each article told three times."""
    told = [telling for article in articles for telling in (article, *retold(article))]
    stories = {telling.id: place // 3 for place, telling in enumerate(told)}
    texts = {telling.id: comparable(telling.text) for telling in told}
    snapshot = throwaway_snapshot(told, embedder)
    asked = ask(snapshot, questions, embedder)
    named = complete = 0
    for citation in every_citation(asked):
        places = {place.article.id for place in citation.also_in} | {citation.article.id}
        holding = {name for name, story in stories.items() if story == stories[citation.article.id]
                   and comparable(citation.quote) in texts[name]}
        named += len(places & holding) - 1
        complete += places >= holding
    citations = list(every_citation(asked))

    def stories_of(candidates: Sequence[Candidate]) -> int:
        rows = snapshot.tables.passages[[candidate.row for candidate in candidates], 0].tolist()
        return len({stories[snapshot.articles[row].id] for row in rows})

    return {"articles": len(told), "shipped": cited(asked),
            "original_shown": share(citation.article.id in {article.id for article in articles}
                                    for citation in citations),
            "every_place_named": round(complete / len(citations), 3),
            "places_named_per_citation": round(named / len(citations), 3),
            "stories_in_the_first_passages": mean(stories_of(one.candidates[:PASSAGES_READ]) for one in asked),
            "stories_read": mean(
                stories_of(without_reprints(snapshot, one.candidates, PASSAGES_READ)) for one in asked)}


def retold(article: Article) -> list[Article]:
    """Return two reprints of an article.

    One has a shorter title, a dateline, and no last paragraph. The other is spelled differently and undated.
    """
    paragraphs = article.text.rstrip().split("\n\n")
    shortened = "\n\n".join(paragraphs[:-1] if len(paragraphs) > 2 else paragraphs)
    title = article.title.rpartition(":")[2].strip()
    later = (date.fromisoformat(article.published[:10]) + timedelta(days=1)).isoformat()
    respelled = article.text.replace("الأمريكي", "الأميركي").replace("ترمب", "ترامب").replace("الأولى", "الاولى")
    return [replace(article, id=f"{article.id}-wire", source="الوكالة", url=f"https://example.org/{article.id}",
                    title=title, published=later, text=f"القاهرة (الوكالة) - {shortened}"),
            replace(article, id=f"{article.id}-copy", source="الصحيفة", title=article.title.partition(":")[0],
                    published="", text=respelled)]


def labelled() -> dict[str, Any]:
    """Return precision and recall on the hand-labelled sentences and pairs."""
    led = [line.split("\t") for line in (LABELLED / "pronoun_led.tsv").read_text("utf-8").splitlines()]
    pairs = [line.split("\t") for line in (LABELLED / "same_fact.tsv").read_text("utf-8").splitlines()]
    return {"pronoun_led": precision_recall((label == "1", leans_on_previous(text)) for label, text in led),
            "same_fact": precision_recall(
                (label == "same", adds_nothing(Said.by(second), [Said.by(first)])) for label, first, second in pairs)}


def corpus(articles: Iterable[Article]) -> dict[str, Any]:
    """Count the articles that tell the same story as another, and the sentences that refer back to an earlier one.

    Stories are compared by their sentences of at least `MIN_WORDS` words, which must be identical once normalised.
    """
    holding: dict[str, set[int]] = defaultdict(set)
    sizes: list[int] = []
    sentences = pointing = 0
    for row, article in enumerate(articles):
        keys = set()
        for sentence in split_sentences(article.text):
            if sentence.is_heading:
                continue
            text = article.text[sentence.start:sentence.end]
            sentences += 1
            pointing += leans_on_previous(text)
            found = split_words(normalise(text))
            if len(found) >= MIN_WORDS:
                keys.add(" ".join(found))
        sizes.append(len(keys))
        for key in keys:
            holding[key].add(row)
    shared: Counter[tuple[int, int]] = Counter()
    for rows in holding.values():
        if len(rows) <= 20:  # a sentence in more articles is a stock phrase, not a story
            shared.update(combinations(sorted(rows), 2))
    stories = [pair for pair, count in shared.items() if count >= SAME_STORY * min(sizes[row] for row in pair)]
    return {"articles": len(sizes), "sentences": sentences, "point_back": round(pointing / sentences, 4),
            "sentences_in_several_articles": sum(len(rows) > 1 for rows in holding.values()),
            "pairs_of_one_story": len(stories),
            "articles_in_such_pairs": len({row for pair in stories for row in pair})}


def every_citation(asked: Sequence[Asked]) -> Iterable[Citation]:
    return (citation for one in asked for citation in one.citations)


def holds(golds: Sequence[str], texts: Sequence[str]) -> bool:
    return any(gold in comparable(text) for text in texts for gold in golds)


def precision_recall(cases: Iterable[tuple[bool, bool]]) -> dict[str, float]:
    counts = Counter(cases)
    right, extra, missed = counts[True, True], counts[False, True], counts[True, False]
    return {"cases": counts.total(), "precision": round(right / (right + extra), 3),
            "recall": round(right / (right + missed), 3)}


def share(flags: Iterable[bool]) -> float:
    return mean(map(float, flags))


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return round(sum(found) / len(found), 3) if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
