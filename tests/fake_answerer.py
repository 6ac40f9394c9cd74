"""A fake Answerer with fixed answers, to test how the web edge presents them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.errors import UnknownArticleError
from index.types import Article
from qa.answer.linked import Record
from qa.check.draft import CheckedClaim, Claim, ClaimDifference, Draft, TextCheck
from qa.notice import Notice
from qa.retrieve.spelling import UnknownWord
from qa.topics.affair import Affair
from qa.topics.changes import PositionChange
from qa.topics.disagreement import Disagreement, Disagreements, Side
from qa.topics.first_look import FirstLook
from qa.topics.stories import Story
from qa.topics.suggestions import Suggestion
from qa.topics.timeline import Event, Timeline
from qa.topics.who_said_what import SpeakerOfTopic, SpeakerStatement
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.question import Question
from qa.types.search import Hit, SearchResult
from qa.verify.quote import Difference, Quote, QuotedPart, Speaker, Verification
from web.service import Service

if TYPE_CHECKING:
    from qa.answerer import Answerer

BREAD = Article("bread", "ارتفع سعر الخبز في تونس. ثم انخفض.", "سعر الخبز", "الصحيفة", "https://example.org/bread",
                "2026-03-01T09:30:00+01:00", "سلمى", "ar", {"section": "economy", "tags": ["خبز", 2]})
HARBOUR = Article("port/2026/a b?", "The harbour reopened on Monday.", "Harbour", "The Paper", published="2026-01-15")
UNDATED = Article("undated", "No date is known.")
ARTICLES = (BREAD, HARBOUR, UNDATED)
ANSWERS = {"كم سعر الخبز؟": (("bread", "ارتفع سعر الخبز في تونس."), ("bread", "ثم انخفض.")),
           "When did the harbour reopen?": (("port/2026/a b?", "The harbour reopened on Monday."),)}
ALTERED_QUOTE = "ارتفع وزن غير في تونس"
INDEX = {"generation": "g1", "articles": 3, "passages": 3}


@dataclass(frozen=True)
class FakeArticlePage:
    total: int
    articles: tuple[Article, ...]
    notices: tuple[Notice, ...] = ()


class FakeAnswerer:
    """A fake that answers the given questions, and finds every article that passes the filters, in order."""

    def __init__(self, articles: tuple[Article, ...] = ARTICLES,
                 answers: Mapping[str, tuple[tuple[str, str], ...]] = ANSWERS, generation: str = "g1") -> None:
        self.articles, self.answers = articles, answers
        self.applied, self.degraded, self.first = frozenset[str](), "", ""
        self.revised: dict[str, str] = {}
        self.also_at: dict[str, tuple[Article, ...]] = {}
        self.state = IndexState(generation, len(articles), len(articles))
        self.asked: list[str] = []
        self.remembers: frozenset[str] | None = None   # None: every question

    writes = False

    def ask(self, question: Question, *, read_at_most: int | None = None) -> Answer:
        hits = self.search(question).hits
        quotes = self.answers.get(question.text, ())
        if not quotes:
            return Answer(question, "not_found", 0.125, (), hits, self.state, {"total": 1.5})
        citations = []
        for number, (article_id, quote) in enumerate(quotes, 1):
            article = self.article(article_id)
            start = article.text.index(quote)
            citations.append(Citation(number, article, start, start + len(quote)))
        return Answer(question, "answered", 0.83, tuple(citations), hits, self.state, {"total": 1.5})

    def ask_in_steps(self, question: Question, *, read_at_most: int | None = None, generate: bool = False
                     ) -> Iterator[SearchResult | Answer]:
        self.asked.append(question.text)
        yield self.search(question)
        yield self.ask(question)

    def remembered(self, question: Question) -> Answer | None:
        return self.ask(question) if self.remembers is None or question.text in self.remembers else None

    def timeline(self, question: Question) -> Timeline:
        """Return an event for each citation of the answer, as if its first word named the day of publication."""
        events = [Event(citation, citation.article.published_on, citation.article.published_on, "text",
                        mention=(citation.start, citation.start + 3))
                  for citation in self.ask(question).citations if citation.article.published_on]
        return Timeline(question, tuple(events), self.state)

    def affair(self, question: Question) -> Affair:
        """Return the timeline, and each citation as what its article's author says; the second one denies the first."""
        citations = self.ask(question).citations
        statements = tuple(SpeakerStatement(
            citation, row, "denied" if row else "said", (citation.start, citation.start + 2),
            (citation.start, citation.start + 2), (citation.start + 2, citation.end), citation.article.published_on,
            citation.article.published_on, "publication", is_earlier=row == 1)
            for row, citation in enumerate(citations))
        speakers = (SpeakerOfTopic(citations[0].article.author or "سلمى", statements),) if statements else ()
        changes = (PositionChange("polarity", speakers[0].name, statements[0], statements[1], "ارتفع", "انخفض"),) \
            if len(statements) > 1 else ()
        articles = tuple({citation.article.id: citation.article for citation in citations}.values())
        return Affair(question, self.timeline(question).events, speakers, changes,
                      self.disagreements(question).disagreements, articles, self.state)

    def disagreements(self, question: Question) -> Disagreements:
        """Return one disagreement in which each citation of the answer is a side."""
        sides = tuple(Side(citation.quote, (citation,)) for citation in self.ask(question).citations)
        found = (Disagreement("number", "سعر", sides),) if len(sides) > 1 else ()
        return Disagreements(question, found, self.state)

    def suggest(self, typed: str, count: int) -> list[Suggestion]:
        fitting = [Suggestion(question, "question", quotes[0][0]) for question, quotes in self.answers.items()
                   if typed in question]
        fitting += [Suggestion(article.title, "article", article.id) for article in self.articles
                    if typed in article.title]
        return fitting[:count]

    @property
    def first_look(self) -> FirstLook:
        """Each article is a story of its own, but the first two, which are one."""
        newest = sorted(self.articles, key=lambda article: article.published, reverse=True)
        stories = (Story(tuple(newest[:2])), *(Story((article,)) for article in newest[2:]))
        return FirstLook(stories, tuple(self.answers), Quote("ارتفع سعر الخبز في تونس", "سلمى"), "سعر الخبز")

    def examples_near(self, answer: Answer) -> list[str]:
        return list(self.answers)[:1]

    def search(self, question: Question) -> SearchResult:
        found = self._pass(question.filters)[:question.top_k]
        hits = tuple(Hit(rank, 1 / rank, self.articles.index(article), article, 0, len(article.text))
                     for rank, article in enumerate(found, 1))
        return SearchResult(question, hits, self.state)

    def verify(self, quote: Quote) -> Verification:
        """Return `altered` with its differences for `ALTERED_QUOTE`, and `absent` for any other quote."""
        if quote.text != ALTERED_QUOTE:
            return Verification(quote, "absent", (), (), (), None, self.state, {"total": 1.5})
        part = QuotedPart(Citation(1, BREAD, 0, 23), 0, 21)
        difference = Difference("replaced", 1, "وزن", "سعر", 6, 9, 6, 9)
        added = Difference("added", 1, "غير", "", 10, 13, 9, 9)
        missing = Difference("missing", 1, "", "الخبز", 13, 13, 10, 15)
        return Verification(quote, "altered", (part,), (difference, added, missing), (Speaker(1, BREAD, 19, 23),),
                            "undetermined" if quote.speaker else None, self.state, {"total": 1.5})

    def check(self, draft: Draft) -> TextCheck:
        return next(step for step in self.check_in_steps(draft) if isinstance(step, TextCheck))

    def check_in_steps(self, draft: Draft) -> Iterator[CheckedClaim | TextCheck]:
        """Contradict a text that begins with `ALTERED_QUOTE`, and find no other."""
        claim = Claim(1, draft.text, 0, len(draft.text))
        checked = CheckedClaim(claim, "not_found")
        if draft.text.startswith(ALTERED_QUOTE):
            difference = ClaimDifference("replaced", "words", "وزن", "سعر", 6, 9, 1, 6, 9)
            checked = CheckedClaim(claim, "contradicted", ("words",), (difference,), (Citation(1, BREAD, 0, 23),))
        yield checked
        yield TextCheck(draft, (checked,), self.state, {"total": 1.5})

    def article(self, article_id: str) -> Article:
        return self.record(article_id).article

    def record(self, article_id: str) -> Record:
        for article in self.articles:
            if article.id == article_id:
                return Record(article, self.revised.get(article_id, ""), self.also_at.get(article_id, ()))
        raise UnknownArticleError(article_id)

    def browse(self, filters: Filters, *, offset: int, limit: int, words: str = "") -> FakeArticlePage:
        holding = [article for article in self._pass(filters) if words in f"{article.title} {article.text}"]
        passing = sorted(holding, key=lambda article: article.published, reverse=True)
        return FakeArticlePage(len(passing), tuple(passing[offset:offset + limit]))

    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({article.source for article in self.articles if article.source}))

    def days(self) -> tuple[date, date] | None:
        published = [day for article in self.articles if (day := article.published_on)]
        return (min(published), max(published)) if published else None

    def unknown_words(self, answer: Answer) -> list[UnknownWord]:
        """Each unknown word is near to الخبز."""
        held = " ".join(article.text for article in self.articles)
        return [UnknownWord(word, (("الخبز", answer.question.text.replace(word, "الخبز")),))
                for word in answer.question.text.strip("؟?").split() if word not in held]

    def _pass(self, filters: Filters) -> list[Article]:
        def passes(article: Article) -> bool:
            day = article.published_on
            return ((not filters.sources or article.source in filters.sources)
                    and (filters.published_from is None or day is not None and day >= filters.published_from)
                    and (filters.published_to is None or day is not None and day <= filters.published_to))
        return [article for article in self.articles if passes(article)]


def service_of(answerer: object, index_dir: Path, generation: str = "g1") -> Service:
    """Make a service over one answerer; write to `index_dir` the CURRENT file that names its generation."""
    (index_dir / "CURRENT").write_text(generation + "\n")
    return Service(index_dir, lambda: cast("Answerer", answerer))
