"""Parse a question once, without an index, into all that the steps of answering need from its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.language.arabic import normalise, split_words
from index.language.dates import Mention, find_dates
from index.language.scripts import is_at_least_half_arabic
from index.search.terms import Terms, terms_of_parsed
from qa.question.comparisons import Comparison, comparison_of
from qa.question.dialect import in_standard
from qa.question.kinds import AnswerKind, answer_kind
from qa.question.languages import Language, language_of
from qa.question.lexicon import plain
from qa.question.list_questions import asks_for_list, noun_of_items
from qa.question.names import names_in
from qa.question.wanted import WantedWords


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A parsed standalone question, or another text to search articles for.

    `in_arabic_script` is true if half of its letters or more are Arabic; `language` goes by the majority. `words` are
    normalised, with an English phrase ("take part") as one word. `kind` is the kind of answer asked for, and `wanted`
    the words to look for. `item_noun` is the noun for the items if the question asks for a list and has one. `dates`
    carry offsets into `text`; dates counted from today have no days. `comparison` is the one that the question
    asks for ("the latest"). `terms` are the terms to search the lexical index for.
    """

    text: str
    normalised: str
    language: Language
    in_arabic_script: bool
    words: tuple[str, ...]
    kind: AnswerKind
    wanted: WantedWords
    asks_for_list: bool
    item_noun: str | None
    dates: tuple[Mention, ...]
    comparison: Comparison | None
    terms: Terms = field(repr=False, compare=False)


def parse_question(text: str) -> ParsedQuestion:
    """Parse a question in time linear in its length. Only this function normalises the text of a question."""
    normalised = normalise(text)
    language = language_of(normalised)
    words = tuple(split_words(plain(normalised)))
    asks = asks_for_list(text, normalised)
    dates = tuple(find_dates(text))
    return ParsedQuestion(
        text, normalised, language, is_at_least_half_arabic(text), words, answer_kind(normalised),
        WantedWords.of(words, names_in(text, language), language), asks, noun_of_items(normalised) if asks else None,
        dates, comparison_of(words), terms_of_parsed(text, normalised, dates))


def said_in_standard(question: ParsedQuestion) -> ParsedQuestion:
    """Return a question in dialect as standard Arabic says it, to be searched for and read; others as they are."""
    text = in_standard(question.text)
    return question if text == question.text else parse_question(text)
