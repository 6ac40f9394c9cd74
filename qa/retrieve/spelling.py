"""Correct misspelled words of a question, and a question typed on the wrong keyboard layout, by the articles' words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.clitics import (
    splits_for_spelling,
    stems_for_spelling,
    strip_for_dialect,
    without_article,
    without_one_letter,
)
from index.language.function_words import ASKING_WORDS, DIALECT_SMALL_WORDS, ENGLISH_AUXILIARIES, FUNCTION_WORDS
from index.language.scripts import has_arabic, is_arabic_word
from index.language.tokens import tokens
from index.search.terms import question_terms
from index.work import paused_between
from qa.question.dialect import ASKED_FIRST, words_of_dialect
from qa.question.keyboard import as_arabic, as_english
from qa.question.languages import Language, is_function_word
from qa.question.lexicon import alternatives
from qa.question.parsed import ParsedQuestion
from qa.retrieve.vocabulary import SHORTEST, CloseWord, Vocabulary, cost_of

# A longer question is a text, not a question; this bounds the time.
MOST_WORDS = 32
MOST_UNKNOWN = 4
# The most that a misspelling may cost (`cost_of`) in words of at least so many letters, without the article: alone, and
# where the correction stands beside another word of the question in an article. Alone, shorter words are left, since
# they are more often other words with other vowels (قيمة, قمة) than misspelled ones.
_MOST_ALONE = ((9, 1.5), (7, 1.0), (6, 0.5))
_MOST_TOGETHER = ((8, 1.5), (5, 1.0), (3, 0.5))
# The most that a word may cost which is only offered, and how many are.
_MOST_NEAR = ((7, 2.0), (5, 1.5), (4, 1.0), (3, 0.5))
MOST_NEAREST = 2
# A correction that stands beside the question's other words wins over one that costs this much less.
TOGETHER = 0.5
COMPARED = 4
PASSAGES_COMPARED = 20
# The most that a misspelled question word of so many letters may cost, and other words that begin or end as it does.
_MOST_ASKING = ((5, 1.0), (3, 0.5))
_NO_QUESTION_WORD = re.compile("^آ|ة$")
_DOUBLED = re.compile(r"(.)\1")
# The coverage of a passage that has all words, less what rounding may take.
_WHOLE = 0.999


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected question: its text, and each word that was changed, as typed and as corrected."""

    text: str
    changed: tuple[tuple[str, str], ...]


def corrected(snapshot: Snapshot, vocabulary: Vocabulary, question: ParsedQuestion) -> Correction | None:
    """Return the question with misspelled words replaced by words of the articles; None if it needs no correction.

    Only words that no article has are replaced, and only the first `MOST_UNKNOWN` of them; function words and numbers
    never are, nor words of a dialect that have a standard word. An unknown word to which no word of the articles is
    close enough stays as it is. A first word that is nearly a question word becomes that one.
    """
    typed = [match[0] for match in _words(question.text)]
    if len(typed) > MOST_WORDS:
        return None
    dialect = words_of_dialect(question.text)
    unknown = [place for place, word in enumerate(typed)
               if word not in dialect and not _is_known(vocabulary, word, question.language)]
    asking = {} if dialect else _asking_word(vocabulary, typed)
    if not unknown and not asking:
        return None
    retyped = _retyped(vocabulary, question)
    if retyped is not None:
        return Correction(retyped, ((question.text, retyped),))
    if not question.in_arabic_script and 2 * sum(vocabulary.has(normalise(word)) for word in typed) < len(typed):
        return None  # the articles are in another language
    replaced = asking | {
        place: written for place in paused_between(unknown[:MOST_UNKNOWN])
        if place not in asking and (written := _correction_of(snapshot, vocabulary, typed, place)) is not None}
    return _with_words(question.text, replaced) if replaced else None


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of a question, as typed, that no article has; `nearest` are close words, each with the question that has
    it instead."""

    word: str
    nearest: tuple[tuple[str, str], ...] = ()


def unknown_words(vocabulary: Vocabulary, question: ParsedQuestion) -> list[UnknownWord]:
    """Return the question's words that no article has; numbers and function words are none of them.

    The nearest words are too far from what was typed to be taken for it unasked.
    """
    words = _words(question.text)[:MOST_WORDS]
    found: dict[str, UnknownWord] = {}
    dialect = words_of_dialect(question.text)
    for match in paused_between(words):
        if match[0] in found or match[0] in dialect or _is_known(vocabulary, match[0], question.language):
            continue
        nearest = _nearest(vocabulary, match[0]) if len(found) < MOST_UNKNOWN else []
        found[match[0]] = UnknownWord(match[0], tuple(
            (written, question.text[:match.start()] + written + question.text[match.end():]) for written in nearest))
    return list(found.values())


def _nearest(vocabulary: Vocabulary, word: str) -> list[str]:
    """Return up to `MOST_NEAREST` words of the articles that are close to a word, as articles write them."""
    close = [(each.cost, -each.articles, attached + each.written)
             for attached, rest in splits_for_spelling(normalise(word))
             for each in _close_words(vocabulary, rest, _most(_MOST_NEAR, len(without_article(rest))))]
    return list(dict.fromkeys(written for _, _, written in sorted(close)))[:MOST_NEAREST]


def _is_known(vocabulary: Vocabulary, word: str, language: Language) -> bool:
    """Tell whether a word is a function word, in an article, or in the lexicon of the question's language.

    Words of dialects are known if they are small ones, or verbs that the articles have in standard Arabic: بيعمل.
    """
    normalised = normalise(word)
    in_standard = strip_for_dialect(normalised)
    return (len(normalised) < SHORTEST or normalised in FUNCTION_WORDS or normalised in ASKING_WORDS
            or normalised in DIALECT_SMALL_WORDS or (in_standard != "" and vocabulary.knows(in_standard))
            or is_function_word(word, language) or vocabulary.knows(normalised)
            or (not is_arabic_word(normalised) and bool(alternatives(word, language))))


def _asking_word(vocabulary: Vocabulary, typed: list[str]) -> dict[int, str]:
    """Map the first place to the question word that the word there is misspelled from; empty if there is none.

    No article has the misspelled word, it differs in one letter, and no other question word is in the question. Of a
    word of three letters the last is wrong, or one is doubled: كيق, اينن.
    """
    forms = [normalise(word) for word in typed]
    if len(forms) < 2 or vocabulary.has(forms[0]) or _NO_QUESTION_WORD.search(typed[0]) \
            or any(known.intersection(forms[:1]) for known in (FUNCTION_WORDS, ASKING_WORDS, DIALECT_SMALL_WORDS)) \
            or not ASKED_FIRST.keys().isdisjoint(forms):
        return {}
    found = [(cost, attached + written)
             for rest in (forms[0], without_one_letter(forms[0])) if rest
             for attached in [forms[0][:len(forms[0]) - len(rest)]]
             for asking, written in ASKED_FIRST.items()
             if 0 < (cost := _cost_of_asking(rest, asking)) <= _most(_MOST_ASKING, len(asking))]
    return {0: min(found)[1]} if found else {}


def _cost_of_asking(word: str, asking: str) -> float:
    """Return the cost of misspelling a question word as this one; infinite where more than one letter differs."""
    if OSA.distance(word, asking) != 1 or len(asking) == SHORTEST and word[:-1] != asking[:-1] \
            and _DOUBLED.sub(r"\1", word) != asking:
        return math.inf
    return cost_of(word, asking)


def _correction_of(snapshot: Snapshot, vocabulary: Vocabulary, typed: list[str], place: int) -> str | None:
    """Return the correction of the word at this place as articles write it; None if no word is close enough."""
    parted = _parted(snapshot, vocabulary, normalise(typed[place]))
    if parted is not None:
        return parted
    neighbours = _neighbours(typed, place)
    close = [(found.cost, -found.articles, attached, found, len(without_article(rest)))
             for attached, rest in splits_for_spelling(normalise(typed[place]))
             for found in _close_words(vocabulary, rest, _most(_MOST_TOGETHER, len(without_article(rest))))]
    best: list[tuple[float, int, int, str]] = []
    for cost, count, attached, found, letters in sorted(close, key=lambda each: each[:3])[:COMPARED]:
        together = _times_together(snapshot, found.word, neighbours)
        if together or cost <= _most(_MOST_ALONE, letters):
            best.append((cost - TOGETHER * (together > 0), -together, count, attached + found.written))
    return min(best)[-1] if best else None


def _parted(snapshot: Snapshot, vocabulary: Vocabulary, word: str) -> str | None:
    """Return the two words that a word joins, if they stand side by side in an article: عطاالله, عطالله → عطا الله."""
    for place in range(SHORTEST, len(word) - SHORTEST + 1):
        first, second = word[:place], word[place:]
        for parts in ((first, second), (first, f"ا{second}")) if first[-1] == "ا" else ((first, second),):
            if all(map(vocabulary.has, parts)) and _stand_together(snapshot, *parts):
                return " ".join(map(vocabulary.written, parts))
    return None


def _stand_together(snapshot: Snapshot, first: str, second: str) -> bool:
    return any(f" {first} {second} " in text for text in _passages_with(snapshot, f"{first} {second}"))


def _neighbours(typed: list[str], place: int) -> list[str]:
    """Return the nearest words before and after this place that are no function words, normalised."""
    before, after = (next((word for word in map(normalise, words) if word not in FUNCTION_WORDS), None)
                     for words in (reversed(typed[:place]), typed[place + 1:]))
    return [word for word in (before, after) if word is not None]


def _most(costs: tuple[tuple[int, float], ...], letters: int) -> float:
    return next((cost for least, cost in costs if letters >= least), 0.0)


def _close_words(vocabulary: Vocabulary, word: str, most: float) -> list[CloseWord]:
    """Return the words that `word` may be misspelled from, not those that are another form of it."""
    if not most:
        return []
    stems = stems_for_spelling(word)
    return [close for close in vocabulary.close_to(word, most) if close.cost
            and is_arabic_word(close.word) == is_arabic_word(word) and stems.isdisjoint(stems_for_spelling(close.word))]


def _times_together(snapshot: Snapshot, word: str, neighbours: list[str]) -> int:
    """Count the passages with the word beside one of its neighbours in the question, function words left out.

    At most `PASSAGES_COMPARED` are counted for each neighbour.
    """
    return sum(f" {word} {neighbour} " in text or f" {neighbour} {word} " in text
               for neighbour in neighbours for text in _passages_with(snapshot, f"{word} {neighbour}"))


def _passages_with(snapshot: Snapshot, words: str) -> Iterator[str]:
    """Yield the passages that match these words best and have all of them.

    They are normalised, without function words, and with a space around each word.
    """
    terms = question_terms(words)
    rows, _, coverage = snapshot.lexical.search(terms, PASSAGES_COMPARED, None)
    if not len(terms.named):  # a passage may have the words of a date and mean another day
        rows = rows[coverage >= _WHOLE]
    for article_row, start, end in snapshot.tables.passages[rows, :3].tolist():
        article = snapshot.articles[article_row]
        text = normalise(f"{article.title} {article.text[start:end]}")
        yield f" {' '.join(match[0] for match in _words(text) if match[0] not in FUNCTION_WORDS)} "


def _words(text: str) -> list[re.Match[str]]:
    """List the words of a text, numbers left out."""
    return [match for match in tokens(text) if not match[0].isdecimal()]


def _with_words(text: str, replaced: dict[int, str]) -> Correction:
    """Return the correction that replaces the words at these places of a text, and nothing between them."""
    parts, changed, end = [], [], 0
    for place, match in enumerate(_words(text)):
        if place in replaced:
            parts += [text[end:match.start()], replaced[place]]
            changed.append((match[0], replaced[place]))
            end = match.end()
    return Correction("".join([*parts, text[end:]]), tuple(changed))


def _retyped(vocabulary: Vocabulary, question: ParsedQuestion) -> str | None:
    """Return the question as the other keyboard layout writes it, if its words are known only so; None if not."""
    text = question.text
    typed = text.split()
    sensible = sum(_means_something(vocabulary, word, question.language) for word in typed)
    if not has_arabic(text):
        return _if_known(vocabulary, as_arabic(text), Language.ARABIC) if not sensible else None
    words = [next((word for lam_alef in ("b", "gh")
                   if _means_something(vocabulary, word := as_english(each, lam_alef=lam_alef), Language.ENGLISH)),
                  as_english(each)) for each in typed]
    retyped = " ".join(words)
    if _asks(retyped) and not _asks(text):
        english = sum(_means_something(vocabulary, word, Language.ENGLISH) for word in words)
        return retyped if english >= 2 and english > 2 * sensible else None
    return _if_known(vocabulary, retyped, Language.ENGLISH) if not sensible else None


def _asks(text: str) -> bool:
    """Tell whether a text of three words or more begins with a question word or an English auxiliary.

    The first word of an Arabic text may be one by chance: "why" is typed صاغ.
    """
    words = [normalise(match[0]) for match in _words(text)]
    return len(words) >= 3 and words[0] in ASKING_WORDS | ENGLISH_AUXILIARIES


def _if_known(vocabulary: Vocabulary, text: str, language: Language) -> str | None:
    """Return the text if it has two words or more and three of four, at least, mean something."""
    words = text.split()
    known = sum(_means_something(vocabulary, word, language) for word in words)
    return text if known >= 2 and 4 * known >= 3 * len(words) else None


def _means_something(vocabulary: Vocabulary, written: str, language: Language) -> bool:
    """Tell whether a word of three letters or more is a known word of this language; numbers mean nothing here."""
    word = "".join(match[0] for match in _words(written))
    normalised = normalise(word)
    if is_arabic_word(normalised) != (language is Language.ARABIC):
        return False
    if normalised in FUNCTION_WORDS or normalised in ASKING_WORDS:
        return True
    return len(normalised) >= SHORTEST and _is_known(vocabulary, word, language)
