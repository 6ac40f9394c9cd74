"""Find the sentences and articles that are about a question, whether or not they answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.clitics import ARTICLE, strip_for_topics
from index.search.allowed import Allowed
from index.types import Article
from index.work import paused_between
from qa.answer.ranking import RankedSentence
from qa.question.parsed import ParsedQuestion, parse_question
from qa.question.wanted import Analysed, Wanted

# Articles are looked for in the best this many passages of the lexical search.
PASSAGES_SEARCHED = 200
# A word counts as found from this match score on.
WORD_FOUND = 0.6
# A sentence is about the question if it and its title together have the first share of the weight of the question's
# words; or if it alone has the second share and the whole article the third, since an article that has named Yasser
# Arafat goes on with Arafat.
MIN_WORDS_SHARE = 0.55
MIN_WORDS_SHARE_IF_ARTICLE_HAS_ALL = 0.3
ALL_WORDS = 0.9
# A sentence tells of the topic itself if its article has this share of the words that say who or what it is about; how
# it happened (`_HAPPENINGS`) may be told in other words.
MIN_WORDS_SHARE_OF_TOPIC = 0.8
_HAPPENINGS = re.compile("|".join(f"{ARTICLE}{stem}" for stem in (
    "قصف", "غارات", "معركه", "معارك", "هجوم", "هجمات", "تفجير(?:ات)?", "انفجار(?:ات)?", "اغتيال", "مقتل", "قتل", "وفاه",
    "انهيار", "هبوط", "تراجع", "ارتفاع", "اختفاء", "احتجاج(?:ات)?", "مظاهرات", "تظاهرات", "مسيرات", "تحطم", "سقوط",
    "انسحاب", "عمليه", "نقل", "حادث", "حادثه", "ازمه", "قضيه", "حرب", "تسميم", "اعتقال", "محاكمه", "نازحون", "نازحين",
    "ضحايا", "قتلي", "attack", "crash", "war", "battle", "bombing", "crisis", "killing", "death", "protests")))
# So far from the beginning, an article tells of what its title says.
CHARS_OF_TITLE = 800
# The whole article is its first so many characters, and as many on either side of the sentence's passage.
CHARS_READ = 4000
# Its cosine must also be at most this far below that of the closest sentence.
MAX_COSINE_GAP = 0.19

# A sentence that goes on with the one before it.
_CONTINUES = re.compile(
    r"[\W_]*(?:و(?!صف|صل|قع|افق|جه|عد|زير|زار|فد|ضع|كال|ثق|ثيق|قف|لي |لاي|اشنطن|جد|رد|فا|ضح|قت |حد)\w{2}"
    r"|(?:and|but|he|she|they|it)\b)", re.IGNORECASE)
_ASKS_WHAT_HAPPENED = re.compile(
    r"\b(?:ماذا|ما الذي|ما) (?:حدث|حصل|جرى|فعل|فعلت|قال|قالت|وقع)\b"
    r"|\b(?:تسلسل|تطور|تطورات|مراحل|خط|أحداث|تاريخ)(?: (?:زمني|الزمني|أحداث|الأحداث))?\b"
    r"|\bwhat (?:has |did )?(?:happened|happens|happen|do)\b|\btimeline(?: of)?\b", re.IGNORECASE)


def sentences_about(snapshot: Snapshot, question: ParsedQuestion,
                    ranked: Sequence[RankedSentence]) -> Iterator[RankedSentence]:
    """Yield the ranked sentences that are about the question, in their order."""
    wanted = subject_of(question, snapshot)
    closest = max((sentence.evidence.cosine for sentence in ranked), default=0.0)
    titles: dict[str, list[float]] = {}
    holds_all: dict[int, bool] = {}
    for sentence in paused_between(ranked):
        article = sentence.article
        if sentence.evidence.cosine < closest - MAX_COSINE_GAP:
            continue
        if article.id not in titles:
            titles[article.id] = wanted.found_each(_analysed(article.title))
        own = wanted.found_each(_analysed(sentence.text))
        share = _share(wanted, [max(pair) for pair in zip(own, titles[article.id], strict=True)])
        if share >= MIN_WORDS_SHARE:
            yield sentence
        elif _share(wanted, own) >= MIN_WORDS_SHARE_IF_ARTICLE_HAS_ALL:
            if sentence.passage_row not in holds_all:
                start = int(snapshot.tables.passages[sentence.passage_row, 1])
                holds_all[sentence.passage_row] = _share(wanted, _found_before(wanted, article, start)) >= ALL_WORDS
            if holds_all[sentence.passage_row]:
                yield sentence


def sentences_telling_of(snapshot: Snapshot, question: ParsedQuestion, ranked: Sequence[RankedSentence]
                         ) -> Iterator[tuple[RankedSentence, float]]:
    """Yield the ranked sentences whose articles are about the topic, each with the share of the topic's words it has.

    Where `sentences_about` takes a sentence about the fall of an aircraft for one about an Iranian aircraft, this does
    not, nor a sentence of another story in the same article: one without words of the topic needs a title that has them
    all, and must be near it or go on with what was said ("وأضاف").
    """
    wanted = subject_of(question, snapshot)
    named = _named(question, wanted)
    closest = max((sentence.evidence.cosine for sentence in ranked), default=0.0)
    titles: dict[str, list[float]] = {}
    around: dict[int, list[float]] = {}
    for sentence in ranked:
        if sentence.evidence.cosine < closest - MAX_COSINE_GAP:
            continue
        article = sentence.article
        if article.id not in titles:
            titles[article.id] = wanted.found_each(_analysed(article.title))
        own = wanted.found_each(_analysed(sentence.text))
        share = _share(wanted, own)
        if share < MIN_WORDS_SHARE_IF_ARTICLE_HAS_ALL and not (
                _share(wanted, titles[article.id]) >= ALL_WORDS and (
                    sentence.sentence.start < CHARS_OF_TITLE or _CONTINUES.match(sentence.text))):
            continue
        known = [max(pair) for pair in zip(own, titles[article.id], strict=True)]
        if _share(named, known) < MIN_WORDS_SHARE_OF_TOPIC:
            if sentence.passage_row not in around:
                start = int(snapshot.tables.passages[sentence.passage_row, 1])
                around[sentence.passage_row] = _found_before(wanted, article, start)
            known = [max(pair) for pair in zip(known, around[sentence.passage_row], strict=True)]
        is_told = _share(wanted, known) >= MIN_WORDS_SHARE_OF_TOPIC  # else the sentence itself must name it
        if _share(named, known if is_told else own) >= MIN_WORDS_SHARE_OF_TOPIC:
            yield sentence, share


def _named(question: ParsedQuestion, wanted: Wanted) -> Wanted:
    """Return the words with no weight for those that only say how something happened, unless all do."""
    content = _subject(question).wanted.content
    if len(content) != len(wanted.weights):
        return wanted  # words of another language that no article has were left out
    weights = [0.0 if _HAPPENINGS.fullmatch(word) else weight
               for word, weight in zip(content, wanted.weights, strict=True)]
    total = sum(weights)
    return replace(wanted, weights=tuple(weight / total for weight in weights)) if total else wanted


def words_of_subject(question: ParsedQuestion) -> str:
    """Return the normalised text of a question's subject, as `subject_of` reads it."""
    return _subject(question).normalised


def subject_of(question: ParsedQuestion, snapshot: Snapshot) -> Wanted:
    """Find the words of a question's subject, without phrases like "what happened" and without prefixes.

    Cap the weight of unindexed words at that of the rarest indexed word.
    """
    return _capped(Wanted.of(_subject(question).wanted, snapshot.lexical), snapshot)


def articles_with(snapshot: Snapshot, asked: ParsedQuestion, allowed: Allowed | None) -> list[int]:
    """List the rows of articles with a passage that has all words of the subject, in any form, best match first.

    Only the best `PASSAGES_SEARCHED` passages are searched. `allowed` tells which passages may be
    searched; None for all.
    """
    wanted = subject_of(asked, snapshot)
    rows, _, _ = snapshot.lexical.search(asked.terms, PASSAGES_SEARCHED, allowed)
    found: dict[int, None] = {}
    for article_row, start, end in paused_between(snapshot.tables.passages[rows, :3].tolist()):
        if article_row not in found:
            article = snapshot.articles[article_row]
            held = wanted.found_each(_analysed(f"{article.title}\n{article.text[start:end]}"))
            if min(held, default=0.0) >= WORD_FOUND:
                found[article_row] = None
    return list(found)


def _analysed(text: str) -> Analysed:
    """Analyse a text for matching with a subject: its words as they are, and also without their prefixes."""
    normalised = normalise(text)
    return Analysed.of(f"{normalised} {strip_for_topics(normalised)}")


def _subject(question: ParsedQuestion) -> ParsedQuestion:
    subject = strip_for_topics(_ASKS_WHAT_HAPPENED.sub(" ", question.text))
    if subject == question.text or not any(map(str.isalnum, subject)):
        return question
    return parse_question(subject)


def _capped(wanted: Wanted, snapshot: Snapshot) -> Wanted:
    held = [any(snapshot.lexical.holds(np.array(sorted(form), np.uint64)) for form, _ in of_word)
            for of_word in wanted.alternatives]
    most = max((weight for weight, known in zip(wanted.weights, held, strict=True) if known), default=1.0)
    weights = [min(weight, most) for weight in wanted.weights]
    return replace(wanted, weights=tuple(weight / sum(weights) for weight in weights))


def _found_before(wanted: Wanted, article: Article, start: int) -> list[float]:
    """Score the words in an article, of which only the beginning and what stands around `start` is read if it is long.
    """
    low, high = max(CHARS_READ, start - CHARS_READ), start + CHARS_READ
    return wanted.found_each(_analysed(f"{article.title}\n{article.text[:CHARS_READ]} {article.text[low:high]}"))


def _share(wanted: Wanted, found: Sequence[float]) -> float:
    """Return the share of the total weight, 0..1, that the found words have."""
    return wanted.share([float(each >= WORD_FOUND) for each in found])
