"""Match a standing claim against what a generation adds, and say of each new article what it does with the claim.

What exists decides: a quote is verified, a claim checked and a question answered, from the new passages alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.revisions import content_of
from index.types import Article
from index.work import pause
from qa.answer.reprints import is_reprinted_in
from qa.answer.sameness import Said, near_identical
from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft
from qa.contract import AlertKind
from qa.question.parsed import parse_question
from qa.retrieve.retriever import find_words
from qa.standing.ledger import Additions
from qa.standing.types import Alert, AlertPlace, StandingClaim
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.filters import Filters, PassageMask
from qa.types.question import Question
from qa.verify.quote import Quote

# An article is looked into if a new passage of it holds this share of the claim's gram weight.
LEAST_COVERAGE = 0.3
# Articles that a generation adds are looked into for one claim, the closest first.
MOST_ARTICLES = 32
# New answers to one question that a generation adds.
MOST_ANSWERS = 5
# Among the few passages of one generation nothing better stands beside what only sounds like an answer: an alert needs
# more than the .4 from which on a question is answered. Chosen on made-up articles alone.
LEAST_CONFIDENCE = 0.75
# Answers that are remembered of a question, the newest.
MOST_KNOWN = 100
# Alerts of a claim, the newest, that a new one may be a reprint of.
COMPARED_ALERTS = 50
_OF_QUOTES: dict[str, AlertKind] = {"found": "repeated", "altered": "altered", "stitched": "altered",
                                    "misattributed": "altered", "asked": "altered", "doubted": "altered",
                                    "denied": "denied"}
_OF_CLAIMS: dict[str, AlertKind] = {"supported": "repeated", "contradicted": "altered", "denied": "denied",
                                    "misattributed": "altered", "quote_altered": "altered", "partly": "altered"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What an article does with a claim, and the sentence that shows it; `known` are the answers to a question then.
    """

    kind: AlertKind
    verdict: str
    citation: Citation
    differences: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """The alerts that a generation gives for a claim, changed earlier ones included, and the claim as it is then."""

    claim: StandingClaim
    alerts: tuple[Alert, ...]


@dataclass(slots=True)
class Matcher:
    """Matches claims against what one generation adds; `now` gives the time of an alert (ISO 8601, UTC)."""

    answerer: Answerer
    additions: Additions
    now: Callable[[], str]
    _others: PassageMask | None = field(default=None)

    def match(self, claim: StandingClaim, earlier: Sequence[Alert]) -> Matched:
        """Return the alerts for a claim; `earlier` are those that it has, the newest first."""
        if not self.additions.articles:
            return Matched(claim, ())
        known = {alert.id for alert in earlier}
        compared = list(earlier[:COMPARED_ALERTS])
        changed: dict[str, Alert] = {}
        findings = self._answers(claim) if claim.kind == "question" else self._findings(claim, known)
        for finding in findings:
            article = finding.citation.article
            alert_id = id_of(claim, article)
            if alert_id in known:
                continue
            copied = self._reprinted(finding, compared)
            if copied is not None:
                compared[compared.index(copied)] = changed[copied.id] = copied.with_copy(
                    _place(finding.citation), self.now())
                continue
            kind, claim = self._kind_and_claim(claim, finding)
            at = self.now()
            alert = Alert(alert_id, claim.id, kind, finding.verdict, _place(finding.citation),
                          self.answerer.state.generation, at, at, differences=finding.differences)
            changed[alert_id] = alert
            compared.insert(0, alert)
            known.add(alert_id)
        return Matched(claim, tuple(changed.values()))

    # ---- claims and quotes ----

    def _findings(self, claim: StandingClaim, known: set[str]) -> Iterator[Finding]:
        """Yield what each new article does with a claim or a quote, the earliest published first."""
        snapshot = self.answerer.snapshot
        articles = [(snapshot.articles[row], row) for row in self._close(claim.text)]
        for article, row in sorted(articles, key=lambda each: (each[0].published, each[1])):
            pause()
            if id_of(claim, article) not in known:
                found = self._finding(claim, self.additions.passages_in(snapshot, [row]))
                if found is not None and self._is_new(found.citation):
                    yield found

    def _close(self, text: str) -> list[int]:
        """Return the rows of the articles whose new passages share most words with a text, the closest first."""
        found = find_words(self.answerer.snapshot, parse_question(text), self.additions.passages)
        close = found.rows[found.coverage >= LEAST_COVERAGE]
        rows = self.answerer.snapshot.tables.passages[close, 0].tolist()
        return list(dict.fromkeys(rows))[:MOST_ARTICLES]

    def _finding(self, claim: StandingClaim, passages: PassageMask) -> Finding | None:
        filters = Filters(passages=passages)
        if claim.kind == "quote":
            return _of_quote(self.answerer, Quote(claim.text, claim.speaker, filters))
        checked = [each for each in self.answerer.check(Draft(claim.text, filters)).claims
                   if each.verdict != "not_checkable"]
        findings = [_of_claim(each) for each in checked]
        first = next((found for found in findings if found and found.kind != "repeated"), None)
        return first or (findings[0] if findings and None not in findings else None)

    def _kind_and_claim(self, claim: StandingClaim, finding: Finding) -> tuple[AlertKind, StandingClaim]:
        """Return the kind of the alert, and the claim with what is known since."""
        if claim.kind == "question":
            return finding.kind, replace(claim, answers=finding.known[-MOST_KNOWN:])
        if finding.kind != "repeated" or claim.has_appeared:
            return finding.kind, claim
        others = self._finding(claim, self._not_new())
        is_first = others is None or others.kind != "repeated"
        return "first_appearance" if is_first else "repeated", replace(claim, has_appeared=True)

    # ---- questions ----

    def _answers(self, claim: StandingClaim) -> Iterator[Finding]:
        """Yield the new answers of new articles to a question: those that no article gave before."""
        left = list(self.additions.articles)
        known = list(claim.answers)
        is_told = bool(known)
        for _ in range(MOST_ANSWERS):
            pause()
            answer = self._answer(claim.text, self.additions.passages_in(self.answerer.snapshot, left))
            if answer is None:
                return
            if not is_told:
                before = self._answer(claim.text, self._not_new())
                known += [] if before is None else [_said(before)]
                is_told = True
            row = self._row_of(answer.citations[0].article)
            is_alone = left == [row]
            left = [other for other in left if other != row]
            said = _said(answer)
            if self._is_new(answer.citations[0]) and not any(_same(said, other) for other in known) \
                    and (is_alone or self._is_sure_alone(claim.text, row)):
                is_figure = any(_other_figure(said, other) for other in known)
                known.append(said)
                yield Finding("another_figure" if is_figure else "first_appearance", answer.status,
                              answer.citations[0], known=tuple(known))
            if not left:
                return

    def _answer(self, text: str, passages: PassageMask) -> Answer | None:
        answer = self.answerer.ask(Question(text, filters=Filters(passages=passages)))
        is_sure = answer.status == "answered" and answer.confidence >= LEAST_CONFIDENCE
        return answer if is_sure and answer.citations else None

    def _is_sure_alone(self, text: str, row: int | None) -> bool:
        """Tell whether the new passages of one article are a sure answer by themselves.

        Beside articles about other matters, what only sounds like an answer stands out.
        """
        mask = self.additions.passages_in(self.answerer.snapshot, [] if row is None else [row])
        return self._answer(text, mask) is not None

    # ---- what is new ----

    def _not_new(self) -> PassageMask:
        if self._others is None:
            self._others = PassageMask(~self.additions.passages)
        return self._others

    def _is_new(self, citation: Citation) -> bool:
        """Tell whether a cited sentence was added by this generation: a new passage may repeat an old sentence."""
        row = self._row_of(citation.article)
        if row is None:
            return False
        first, sentences = self.answerer.snapshot.tables.all_sentences(row)
        return any(first + place in self.additions.sentences for place, sentence in enumerate(sentences)
                   if sentence.start < citation.end and citation.start < sentence.end)

    def _row_of(self, article: Article) -> int | None:
        snapshot = self.answerer.snapshot
        return snapshot.articles.rows.get(article.id, snapshot.histories.rows.get(article.id))

    def _reprinted(self, finding: Finding, alerts: Sequence[Alert]) -> Alert | None:
        """Return the alert whose article prints the passage of a finding already, every sentence of it."""
        snapshot = self.answerer.snapshot
        row = self._row_of(finding.citation.article)
        for alert in alerts:
            other = snapshot.articles.rows.get(alert.place.article_id)
            if row is None or other is None or other == row or alert.verdict != finding.verdict:
                continue
            if not near_identical(Said.by(finding.citation.quote), Said.by(alert.place.quote)):
                continue
            if is_reprinted_in(snapshot, self._passage_of(row, finding.citation.start), other):
                return alert
        return None

    def _passage_of(self, article_row: int, offset: int) -> int:
        """Return the row of the passage of an article that an offset in its text stands in."""
        rows = self.answerer.snapshot.tables.passages_of(article_row)
        starts = self.answerer.snapshot.tables.passages[rows.start:rows.stop, 1]
        return rows.start + max(0, int(np.searchsorted(starts, offset, side="right")) - 1)


def id_of(claim: StandingClaim, article: Article) -> str:
    """Return the id of the alert that this revision of an article gives for a claim: one, however often it is found."""
    return hashlib.sha256(f"{claim.id}\0{article.id}\0{content_of(article)}".encode(
        "utf-8", "surrogatepass")).hexdigest()[:32]


def _of_quote(answerer: Answerer, quote: Quote) -> Finding | None:
    found = answerer.verify(quote)
    if found.verdict not in _OF_QUOTES or not found.parts:
        return None
    differences = tuple((each.quote, each.source) for each in found.differences)
    kind = _OF_QUOTES[found.verdict]
    if found.verdict == "altered" and all(_other_figure(*each) for each in differences):
        kind = "another_figure"
    if found.verdict == "misattributed" and found.speakers:
        differences = ((quote.speaker, found.speakers[0].name),)
    return Finding(kind, found.verdict, found.parts[0].citation, differences)


def _of_claim(checked: CheckedClaim) -> Finding | None:
    if checked.verdict not in _OF_CLAIMS or not checked.citations:
        return None
    if checked.verdict == "partly" and "words" in checked.concerns:
        return None  # it is about something near, and may say nothing of the claim
    kind = _OF_CLAIMS[checked.verdict]
    if set(checked.concerns) == {"attribution"}:
        kind = "repeated"  # as somebody's words; the sentence that is shown says whose
    elif checked.verdict in ("contradicted", "partly") and checked.concerns:
        if set(checked.concerns) <= {"figure", "unit", "date"}:
            kind = "another_figure"
        elif set(checked.concerns) == {"polarity"}:
            kind = "denied"
    # That somebody else is quoted with it is no difference of words: the sentence that is shown says so.
    differences = tuple((each.claim, each.source) for each in checked.differences if each.concerns != "attribution")
    return Finding(kind, checked.verdict, checked.citations[0], differences)


def _said(answer: Answer) -> str:
    """Return the words of an answer that tell whether another is new: the short answer, or the sentence."""
    return answer.citations[0].quote if answer.short_answer is None else answer.short_answer.text


def _same(one: str, other: str) -> bool:
    ours, theirs = Said.by(one), Said.by(other)
    return ours.content == theirs.content or near_identical(ours, theirs)


def _other_figure(one: str, other: str) -> bool:
    """Tell whether both have figures, and other ones."""
    ours, theirs = Said.by(one).figures, Said.by(other).figures
    return bool(ours) and bool(theirs) and ours != theirs


def _place(citation: Citation) -> AlertPlace:
    article = citation.article
    return AlertPlace(article.id, article.title, article.source, article.url, article.published, citation.quote,
                      citation.start, citation.end)
