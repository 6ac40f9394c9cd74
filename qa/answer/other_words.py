"""Hold a sentence against a question, except for the words that may be a false premise."""

from __future__ import annotations

from collections.abc import Sequence

from index.language.arabic import normalise, split_words
from index.language.clitics import without_article
from index.language.quantities import may_start_quantity
from index.search.protocols import LexicalSearch
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word
from qa.question.names import spellings_of_names
from qa.question.parsed import ParsedQuestion

# The sentence with its title must have this share of the question's other content words, the sentence alone the second,
# and there must be at least so many of them.
OTHER_WORDS_FOUND, OWN_WORDS_FOUND, MIN_OTHER_WORDS = 0.85, 0.6, 3
# A word of a question, normalised, and what it may be in Arabic, for a question in another script.
Forms = tuple[str, ...]


def other_words(question: ParsedQuestion, start: int, end: int, lexical: LexicalSearch | None = None) -> list[Forms]:
    """List the question's content words outside a span, without numbers, each with its alternatives in Arabic.

    With `lexical`, the index of words of the articles, names have the spellings that are in it.
    """
    text = question.text[:start] + " " + question.text[end:]
    wanted = question.wanted
    spelled = spellings_of_names(wanted.names, lexical) if lexical is not None else {}
    forms = dict(zip(wanted.content, wanted.forms, strict=True))
    return [(word, *spelled.get(word, forms[word][1:])) for word in split_words(normalise(text))
            if word in forms and not may_start_quantity(word)]


def is_about(sentence: RankedSentence, words: Sequence[Forms], at_least: int = MIN_OTHER_WORDS) -> bool:
    """Tell whether a sentence has nearly all of the words, its title included; False of fewer than `at_least`."""
    if len(words) < at_least:
        return False
    own, title = Said.by(sentence.text), Said.by(sentence.article.title)
    in_own = [_has_any(word, own) for word in words]
    anywhere = [found or _has_any(word, title) for word, found in zip(words, in_own, strict=True)]
    return sum(in_own) >= OWN_WORDS_FOUND * len(words) and sum(anywhere) >= OTHER_WORDS_FOUND * len(words)


def share_of(words: Sequence[Forms], *texts: str) -> float:
    """Return the share, 0..1, of the words that at least one of the texts has, also with an article; 0 of no words."""
    said = list(map(Said.by, texts))
    bare = {without_article(word) for each in said for word in each.words}
    return sum(any(without_article(form) in bare for form in word) or any(_has_any(word, each) for each in said)
               for word in words) / max(1, len(words))


def _has_any(word: Forms, said: Said) -> bool:
    return any(has_word(form, said) for form in word)
