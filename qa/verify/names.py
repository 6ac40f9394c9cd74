"""Compare the name of a claimed speaker with the words in which an article names one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from index.language.arabic import normalise, skeleton, split_words
from index.language.clitics import WITH_LAM, forms_of_speaker, goes_on_with_office, is_definite, strip_for_speakers
from index.language.given_names import first_name
from index.language.offices import is_institution, is_office, is_relation
from index.language.scripts import begins_in_arabic
from index.language.tokens import compared_words
from index.types import Article
from qa.verify.spelling import words_of
from qa.verify.words import Word

# An article is searched for the claimed speaker up to here.
MAX_CHARS_READ = 60_000
# A name within this many words of an office may be that of its holder.
NEAR_OFFICE_WORDS = 8
# Shorter words that begin like that may be names: بالمر.
LONGEST_NAME_WITH_PREPOSITION = 5
# A name this short behind an office may be that of a place or club: مهاجم مانشستر سيتي.
MAX_WORDS_OF_PLACE = 2
_ON_BEHALF = "باسم"
# "One of the best known of": behind these words and a plural stands whose people they are, أحد متابعي سالم.
_ONE_OF, _MOST = compared_words("أحد إحدى بعض"), compared_words("أبرز أشهر أكبر أقرب أكثر أشد")
_WITH_FULL_NAME = 3  # the words of متابعي سالم الحربي
# Institutions of which a town has one of each, so that none speaks for another.
_OF_TOWNS = frozenset(map(strip_for_speakers, compared_words("شرطة بلدية نادي محكمة سفارة جامعة")))
_COMMA = re.compile("[،,]")
_FIRST_HALVES_OF_NAMES = frozenset(("عبد", "ابو", "ابي", "ابن"))


@lru_cache(maxsize=1024)
def words_of_name(name: str) -> Sequence[Word]:
    """List the words of a name; the halves of a compound name are one."""
    return tuple(_joined(words_of(name)))


def _joined(words: Sequence[Word]) -> list[Word]:
    """Join the first half of a compound name to the next word: `عبد الله` → `عبدالله`."""
    joined: list[Word] = []
    for word in words:
        if joined and joined[-1].form in _FIRST_HALVES_OF_NAMES:
            joined[-1] = Word(joined[-1].form + word.form, joined[-1].start, word.end)
        else:
            joined.append(word)
    return joined


def is_arabic(word: Word) -> bool:
    """Tell whether a word begins in Arabic."""
    return begins_in_arabic(word.form)


def names_of(words: Sequence[Word]) -> list[Word]:
    """Keep the words of a name: drop offices, institutions and what an office is of (`وزير النقل`)."""
    names: list[Word] = []
    heads = False
    for number, word in enumerate(words):
        of_title = number > 0 and _is_of_title(word.form)  # a name may be in front: للحربي
        title = is_office(word.form) or is_institution(word.form) or of_title
        heads = (title and not is_definite(word.form)) or (heads and is_definite(word.form))
        if not title and not heads:
            names.append(word)
    return names


def holds_office(name: Word, office: Word, read: ArticleWords) -> bool:
    """Tell whether the name stands near the office anywhere: `رئيسة بلدية باريس آن هيدالغو` is later just the mayor."""
    if not is_office(office.form):
        return False
    known = Known.of([name])
    return any(near in known for number in read.places.get(office.form, ())
               for near in read.words[max(0, number - NEAR_OFFICE_WORDS):number + NEAR_OFFICE_WORDS])


def _is_of_title(form: str) -> bool:
    """Tell whether a word with a preposition and the article goes on with a title: المتحدث بالرئاسة, للأمم."""
    return len(form) > LONGEST_NAME_WITH_PREPOSITION and goes_on_with_office(form)


def is_speaker(asked: Sequence[Word], name: str, named: Sequence[Word], *, certain: bool,
               first_name_leads: bool = False) -> bool:
    """Tell whether the claimed name is that of the speaker, whose words `named` are those of `name`.

    The article may give more or fewer words of it; two different first names are two people, and so are somebody and
    their spokesman: "محامي ترامب" is not ترامب. If the name is not certain, only titles may stand before it, and a
    first name if `first_name_leads`.
    """
    names, others = names_of(asked), names_of(named)
    if _are_other_institutions(asked, named[0]):
        return False
    if asked[0].form == named[0].form and all(word in Known.of(named) for word in asked):
        return True
    if not names:
        return all(word in Known.of(named) for word in asked) and not _is_of_another(asked, name, named)
    if not others or not _fit(names, others):
        return False
    if _is_of_another(names, name, named):
        return False
    return certain or _comes_first(names, named, int(first_name_leads and len(names) == 1))


def _are_other_institutions(asked: Sequence[Word], speaking: Word) -> bool:
    """Tell whether an institution of another kind speaks: for شرطة or رئيس بلدية برشلونة speaks نادي برشلونة.

    Others go by several words: جماعة طالبان is حركة طالبان.
    """
    kind, kinds = strip_for_speakers(speaking.form), {strip_for_speakers(word.form) for word in asked} & _OF_TOWNS
    return kind in _OF_TOWNS and bool(kinds) and kind not in kinds


def _fit(names: Sequence[Word], others: Sequence[Word]) -> bool:
    known, asked = Known.of(others), Known.of(names)
    if all(word in known for word in names) or all(word in asked for word in others):
        return len(names) > 1 or len(others) < 3 or names[0] in Known.of([*others[:2], others[-1]])
    conflict = len(names) > 1 < len(others) and names[0] not in known and others[0] not in asked
    return names[-1] in known and not conflict and (len(others) == 1 or names[-1] not in Known.of(others[:1]))


def is_of_somebody(asked: Sequence[Word], name: str, named: Sequence[Word]) -> bool:
    """Tell whether the claimed name only says whose relation the speaker `named` is, or to whom they speak."""
    return _is_of_another(names_of(asked), name, named)


def names_another_first(asked: Sequence[Word], name: str) -> bool:
    """Tell whether a full name of somebody else stands before the claimed one, set off by a comma."""
    names = names_of(asked)
    for part in _COMMA.split(name):
        found = names_of(words_of_name(part))
        if any(word in Known.of(names) for word in found):
            return False
        if len(found) > 1:
            return True
    return False


def _is_of_another(names: Sequence[Word], name: str, named: Sequence[Word]) -> bool:
    """Tell whether the claimed name only says whose relation or officer the speaker is, or to whom they speak."""
    asked = Known.of(names)
    at = next((number for number, word in enumerate(named) if word in asked), 0)
    if not at:
        return False
    if _is_one_of(named, asked, name) or any(named[at].form == f"{WITH_LAM}{word.form}" for word in names):
        return True
    before = named[at - 1]
    return is_relation(before.form) and before not in asked and not set("،,") & set(name[before.end:named[at].start])


def _is_one_of(named: Sequence[Word], asked: Known, name: str) -> bool:
    """Tell whether words name one of somebody's people: أحد متابعي سالم الحربي, but not أحد سكان عدن سالم الحربي.

    Of a name asked for by its last word, the first must be a known given name.
    """
    first, *others = named
    people = others[1:] if others and others[0].form in _MOST else others
    if first.form not in _ONE_OF or len(people) < 2 or is_definite(people[0].form):
        return False
    is_theirs = people[1] in asked or len(people) == _WITH_FULL_NAME and bool(first_name([people[1].form])) \
        and not first_name([people[2].form])
    return is_theirs and not set("،,") & set(name[people[0].end:people[1].start])


def _comes_first(names: Sequence[Word], named: Sequence[Word], others_before: int) -> bool:
    asked = Known.of(names)
    for word in named:
        if word in asked:
            return True
        others_before -= not is_office(word.form) and not is_definite(word.form) and not is_institution(word.form)
        if others_before < 0:
            return False
    return False


def is_somebody(named: Sequence[Word]) -> bool:
    """Tell whether words name a person or an institution, and do not only describe one ("النجم البرتغالي")."""
    if any(word.form == _ON_BEHALF for word in named):
        return False
    others = names_of(named)
    has_name = any(not is_definite(word.form) and not is_relation(word.form) or number for number, word
                   in enumerate(others))
    if len(named) == 1 and is_definite(named[0].form) and is_institution(named[0].form):
        return False  # "the company" is one named before
    if _is_of_place(named, others):
        return False
    if len(named) > 2 and all(is_definite(word.form) for word in named[1:]) and not is_institution(named[0].form):
        return False  # a description of two adjectives: بائع الصحف المصري
    return has_name and not all(is_definite(word.form) for word in named) or is_institution(named[0].form)


def _is_of_place(named: Sequence[Word], others: Sequence[Word]) -> bool:
    """Tell whether an office is only said to be of something, whose name follows it: رئيس شرطة عدن, مدرب نادي البحر."""
    if not others or len(others) > MAX_WORDS_OF_PLACE or not is_office(named[0].form) or is_definite(named[0].form):
        return False
    before = named[: list(named).index(others[0])]
    return list(others) == list(named[len(before):]) and not any(is_definite(word.form) for word in before)


def may_be_one(names: Sequence[Word], others: Sequence[Word], read: ArticleWords) -> bool:
    """Tell whether the article has a word of one name right beside a word of the other: مسعود and أوزيل."""
    mine, theirs = {word.form for word in names}, {word.form for word in others}
    return any({one.form, other.form} & mine and {one.form, other.form} & theirs and one.form != other.form
               for form in mine for number in read.places.get(form, ())
               for one, other in pairwise(read.words[max(0, number - 1):number + 2]))


@dataclass(frozen=True, slots=True)
class Known:
    """A set of words; the operator `in` also accepts other spellings and attached prefixes."""

    forms: frozenset[str]
    roots: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[Word]) -> Known:
        """Collect the forms and skeletons of words."""
        forms: frozenset[str] = frozenset().union(*(forms_of_speaker(word.form) for word in words))
        return cls(forms, frozenset(skeleton(word.form) for word in words))

    def __contains__(self, word: Word) -> bool:
        root = skeleton(word.form)
        return strip_for_speakers(word.form) in self.forms or (len(root) > 3 and root in self.roots)


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """The words of an article's title and text, and where each stands; not `is_whole` if the article is longer."""

    words: Sequence[Word]
    known: Known
    places: Mapping[str, Sequence[int]]
    is_arabic: bool
    is_whole: bool

    @classmethod
    def of(cls, article: Article) -> ArticleWords:
        """Read the words of an article."""
        separate = words_of(f"{article.title}\n{article.text[:MAX_CHARS_READ]}")
        words = _joined(separate)
        places: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            places.setdefault(word.form, []).append(number)
        return cls(words, Known.of([*words, *separate]), places, 2 * sum(map(is_arabic, words)) > len(words),
                   len(article.text) <= MAX_CHARS_READ)


@dataclass(slots=True)
class WordsRead:
    """A cache of the words of articles, for one request."""

    _of_article: dict[str, ArticleWords] = field(default_factory=dict)
    _forms: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, article: Article) -> ArticleWords:
        """Return the words of an article, which is read on first use."""
        if article.id not in self._of_article:
            self._of_article[article.id] = ArticleWords.of(article)
        return self._of_article[article.id]

    def forms_of(self, article: Article) -> frozenset[str]:
        """Return the normalised words of an article, which are read on first use."""
        if article.id not in self._forms:
            self._forms[article.id] = frozenset(split_words(normalise(article.text[:MAX_CHARS_READ])))
        return self._forms[article.id]
