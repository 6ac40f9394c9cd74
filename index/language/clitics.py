"""Strip or allow the letters that Arabic attaches to words: و ف ب ك ل ال لل in front, pronouns at the end.

Every such rule is here. Each purpose has a rule of its own, since mistakes cost differently: where a wrong match is
worse than a missed one, a word that only begins with such a letter (والد "father", بلد "country") must keep it. Unless
a function says otherwise, it takes words normalised by `index.language.arabic.normalise`.

The functions strip letters. The patterns, put in front of a word in a regular expression, allow letters.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

# ---- patterns: what may stand in front of a word ----

LONE_AND = "و"
AND_LETTERS = "و|ف"
# Attached prepositions, behind which nobody does what a verb says: بالأهلي, للأهلي.
PREPOSITIONS = frozenset("بل")
DEFINITE = "ال"
WITH_BA, WITH_LAM = "ب", "ل"
# Before verbs, conjunctions and words that begin a sentence: وقال, فأعلن, وبحسب, وثانيا.
AND = "[وف]?"
# Before a verb in the present: سيقول.
FUTURE, FUTURE_LETTER = "س?", "س"
# Before question words, which ف seldom joins: ومتى, وأين; before لكن and كان, where a clause ends; before يذكر.
WA = "و?"
# In front of what follows from a condition: فسنبيع, لبعنا.
BEFORE_CONSEQUENCE = "[فل]"
# Before كم: وكم, بكم, وبكم.
BEFORE_HOW_MANY = "و?ب?"
# Before حسب: بحسب, and before كن, so that لكنه is found with كنه.
PREPOSITION_BI, PREPOSITION_LI = "ب?", "ل?"
# Before a word that may be definite: الجافا.
ARTICLE = "(?:ال)?"
# Before the name of a place: موسكو, بموسكو, لموسكو. The article of القاهرة is part of the name.
BEFORE_PLACE = "[وبلف]?"
# Before an office: رئيس, الرئيس, والرئيس, للرئيس, برئيس.
BEFORE_OFFICE = "(?:و|ال|وال|لل|ل|ب)?"
# Before a title that somebody has: المخرج, للمخرج, بالمخرج.
BEFORE_TITLE = "[وف]?(?:[بك]?ال|لل)"
# Before the plural that a question asks for: الشروط, للشروط.
BEFORE_PLURAL = "(?:ال|لل)?"
# Before the dead and wounded: القتلى, والقتلى, بمقتل.
BEFORE_CASUALTIES = "[وفبل]?(?:ال)?"
# Before a number in words: ثلاثة, والثلاثة, بثلاثة, للثلاثة.
BEFORE_NUMBER = "(?:و|ف)?(?:ال|لل|ب|ل|بال)?"
# A preposition before a number in digits: بـ50 ألف.
TATWEEL = "\u0640"
BEFORE_DIGITS = rf"[وف]?[بلك]{TATWEEL}?\s?"
# The same, as a list of what a quote's comparison splits off; و alone is read with the number.
ATTACHED_TO_NUMBERS = tuple(f"{first}{then}" for first in ("", "و", "ف") for then in ("ب", "ل", "ك", "ال", "لل", "بال"))
# Before a month: في يناير, بيناير, وكانون الثاني.
ATTACHED_TO_MONTHS = ("", "و", "ف", "ب", "ل")
# Before the stem of a word that has an opposite: ارتفع, وسترتفع, بالارتفاع; not ب alone, as in بايدن.
BEFORE_OPPOSITE = "[وف]?(?:ال|بال|لل)?س?[يتنا]?"
# Before a word that gives an age: وتبلغ, البالغة; before the word for a verdict: بالحكم, والحكم; before its verb.
BEFORE_AGE, BEFORE_VERDICT, BEFORE_VERB = "[وف]?(?:ال|ل)?", "(?:ال|ب|وال)?", "[وف]?"
# Before an adjective behind a noun: الحكم الأول, حكم أول.
BEFORE_ADJECTIVE = "(?:ال)?"
# Before a name with several spellings: ترمب, وترمب, لترمب, وبالإنكليزية, للإنكليز.
BEFORE_SPELLING = "[وف]?[بلك]?(?:ال|ل)?"
# Before a name that a benchmark respells: as `BEFORE_SPELLING`, without لل.
BEFORE_RESPELLED_NAME = "[وف]?[بلك]?(?:ال)?"
# Before a pattern of words that must not have the article: the stem of نتيجتها, not of الجامعها.
NOT_DEFINITE = "(?!ال)"
# A pronoun behind a preposition or conjunction: منه, عليها, لأنهم, بينهما.
PRONOUN = "(?:ه|ها|هم|هما|هن)"

# ---- stripping ----

_ARTICLES = ("وال", "فال", "بال", "كال", "ولل", "لل", "ال")
_ENDINGS = ("ات", "ون", "ين", "ان", "ها", "هم", "يه", "ه")
_ATTACHED_FOR_SPELLING = tuple(f"{first}{then}" for first in ("", "و", "ف") for then in (
    "", "ال", "بال", "كال", "لل", "ب", "ل", "ك") if first or then)
_VERB_PREFIXES = (*(f"{first}{then}" for first in ("", "و", "ف", "س", "وس", "ل") for then in "يتن"), "س", "ست", "است")
_ENDINGS_FOR_SPELLING = ("ا", "وا", "ت", "تا", "ه", "ها", "هم", "هما", "ون", "ين", "ان", "ات", "اته", "اتها", "ي", "يه",
                         "يا", "يون", "يين", "يان", "نا", "تين", "تان", "تي", "ته", "تها", "تهم", "و", "ن")
_BEFORE_STEM, _AFTER_STEM = frozenset((*_ATTACHED_FOR_SPELLING, *_VERB_PREFIXES)), frozenset(_ENDINGS_FOR_SPELLING)
_LENGTHS_BEFORE, _LENGTHS_AFTER = (sorted({len(affix) for affix in affixes}) for affixes in (_BEFORE_STEM, _AFTER_STEM))
_TOPIC_PREFIX = re.compile(r"\b(?:[وف]?(?:[بك]?ال|لل)|[وف])(?=\w{3})")
_VERB_AFFIXES = re.compile("س?[يتنا]?(.{3,}?)(?:ت|وا|ون|ن|ا)?")
_SPEAKER_PREFIX = re.compile(r"^(?:[وف]?(?:ال|لل|[بلك]))(?=\w{3})")
_WRITTEN_AND = re.compile(r"^[وف][\u064b-\u0652]*")
_LETTERS_AT_END = re.compile(r"[^\W\d_]*$")
_ATTACHED_TO_DIGITS = re.compile("[وف]?[بلك]?")
_DIALECT_VERB = re.compile("[بهح][يتن](?=..)")
_PREPOSITION_OF_NUMBER = re.compile("[وف]?[بلك](?=..)")
# A word with the article, also behind other letters (والمتهم, للسهم), has no pronoun; والده (his father) has.
_NOT_WITH_ARTICLE = "(?!ال|[وف]?لل|(?!والد)[وف]?[بك]?ال)"
_WRITTEN_PRONOUN = re.compile(
    rf"{_NOT_WITH_ARTICLE}(?P<stem>\w\S+?)[\u064b-\u0650\u0652]*(?P<pronoun>ها|هما|هم|هن|ه)")
_VOWEL_SIGNS = re.compile("[\u064b-\u0650\u0652]")  # without the shadda, which doubles a letter: ردّه
# The stems of two letters that take a pronoun. Other words as short end in letters of their own: سهم, فقه, مكه, برهن.
_SHORT_STEMS = frozenset("في عن من مع لد أم أب أخ حق رد حل حد سن يد دم سر خط".split())
# Participles and verbal nouns of which the ه is a root letter: منبه, متجه; مساهم, تفاهم, يراهن.
_ENDS_IN_ROOT_H = re.compile("م..|[متينأ].ا")
_SHORTEST_ROOT = 2
# A ه behind a longer word in ي is a ta marbuta without dots: اتفاقيه, but إليه, عليه.
_LONGEST_BEFORE_YA = 4


def strip_for_skeleton(word: str) -> str:
    """Strip the article with the letters before it, or a single و, and an ending, if three letters are left.

    والاتصالات → اتصال, للمفاوضين → مفاوض, وترامب → ترامب; ولد and الجو stay whole.
    """
    article = next((article for article in _ARTICLES if word.startswith(article) and len(word) >= len(article) + 3), "")
    if not article and word[0] == "و" and len(word) >= 5:
        article = "و"
    stem = word[len(article):]
    ending = next((ending for ending in _ENDINGS if stem.endswith(ending) and len(stem) >= len(ending) + 3), "")
    return stem[:len(stem) - len(ending)]


def strip_for_dates(word: str) -> Iterator[str]:
    """Yield an ordinal or a word of a date with و or ف stripped, with ب, ل or ك stripped, and with both stripped.

    وبفبراير → بفبراير, فبراير; للخميس → الخميس, لخميس. The article stays, since it tells العام "the year" from عام. The
    caller ignores forms that it does not know.
    """
    if word[:1] in ("و", "ف") and len(word) > 2:
        yield word[1:]
        yield from _without_preposition(word[1:])
    yield from _without_preposition(word)


def _without_preposition(word: str) -> Iterator[str]:
    if word.startswith("لل") and len(word) > 4:
        yield f"ا{word[1:]}"
    if word[:1] in ("ب", "ل", "ك") and len(word) > 3:
        yield word[1:]


def strip_and_for_numbers(word: str) -> str:
    """Return what follows a leading و; empty if the word does not begin with one.

    وعشرون → عشرون. The caller must handle واحد, which begins with و itself: احد is right in وأحد عشر, once its hamza is
    folded, and wrong elsewhere.
    """
    return word[1:] if word[:1] == "و" else ""


def strip_preposition_for_numbers(word: str) -> str:
    """Return what follows ب, ل or ك, also behind و or ف; empty if the word does not begin so.

    بمليون → مليون, وبثلاثة → ثلاثة. The caller ignores what is no number.
    """
    attached = _PREPOSITION_OF_NUMBER.match(word)
    return word[attached.end():] if attached else ""


def strip_for_dialect(word: str) -> str:
    """Return a verb in the present without the ب, ه or ح of a dialect: بيعمل → يعمل, هتروح → تروح; empty for others."""
    return word[1:] if _DIALECT_VERB.match(word) else ""


def strip_for_topics(text: str) -> str:
    """Strip "and", the article and the prepositions attached to it from each word of a text, normalised or not.

    وبالمفاوضات → مفاوضات, للسلام → سلام, وقمة → قمة. A single ب, ك or ل stays: too many words begin with it. Three
    letters must be left. Used for subjects and suggestions, which compare words in both forms.
    """
    return _TOPIC_PREFIX.sub("", text)


def strip_for_speakers(word: str) -> str:
    """Strip the article or a single preposition, with or without "and", if three letters are left.

    والرئيس → رئيس, لترامب → ترامب, للوزير → وزير. A single و stays: وزير.
    """
    return _SPEAKER_PREFIX.sub("", word)


def forms_of_speaker(word: str) -> frozenset[str]:
    """Return the forms of a word of a name: as it is, after `strip_for_speakers`, and without a first و, ف, ل or ب.

    وبوتين → وبوتين, بوتين, and وتين, which is nobody's name. Wrong forms do no harm: they match no name that is
    looked for.
    """
    return frozenset({word, strip_for_speakers(word)} | ({word[1:]} if word[0] in "وفلب" else set()))


def verb_stem(word: str) -> str:
    """Strip the future س, the letter of the person and the ending of a normalised verb, if three letters are left.

    سيلوث, يلوث and لوثت → لوث. Verbs of which such a letter is a root lose it too, in all their forms alike.
    """
    found = _VERB_AFFIXES.fullmatch(word)
    return word if found is None else found[1] or word


def as_verb(word: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the present and the past forms that a normalised word has if it is a verb of the past.

    احتجز: يحتجز and تحتجز, احتجزت and احتجزوا; فاز: يفوز and يفيز, of which no text has the latter.
    """
    base = word.removesuffix("ت")
    stem = base[1:] if len(base) > 3 and base[0] == "ا" else base
    stems = {f"{stem[0]}{long}{stem[2]}" for long in "وي"} if len(stem) == 3 and stem[1] == "ا" else {stem}
    ending = base[:-1] if base[-1:] in ("ي", "ا") else base
    return (frozenset(f"{person}{each}" for person in "يت" for each in stems),
            frozenset((base, f"{ending}ت", f"{ending}وا")))


def strip_and_for_sameness(word: str) -> str:
    """Strip a leading و from a word of more than three letters: from وقال, but not from ورد.

    It may belong to the word (وزير); that does no harm, since both sentences lose it.
    """
    return word[1:] if word[0] == "و" and len(word) > 3 else word


def strip_and_for_follow_up(word: str, small_words: Container[str], *, is_first: bool) -> str:
    """Strip و or ف in front of one of the small words, and و from the first word of a question.

    ومتى → متى, فعلى → على; وترامب → ترامب only at the beginning: "وترامب؟".
    """
    if word[:1] in ("و", "ف") and word[1:] in small_words:
        return word[1:]
    return word[1:] if is_first and word[:1] == "و" and len(word) > 2 else word


def strip_and_for_examples(written: str) -> str:
    """Strip و or ف with its vowel sign from a word as written: وَقّع → قّع, وأعلن → أعلن.

    It may belong to the word, so callers try the whole word first.
    """
    return _WRITTEN_AND.sub("", written)


def strip_pronoun(written: str, *, is_last: bool) -> str | None:
    """Return a word as written without the pronoun at its end; None if it has none.

    نتيجتها → نتيجت, رعاهم → رعا. Many write a ta marbuta without its dots, so a bare ه is a pronoun only in the last
    word of a question. A word with the article has none, nor has one whose ه is a letter of its root: أفهم, متهم, منبه.
    """
    match = _WRITTEN_PRONOUN.fullmatch(written)
    if match is None or match["pronoun"] == "ه" and not is_last:
        return None
    letters = _VOWEL_SIGNS.sub("", match["stem"])
    if letters[0] in "وف" and letters[1:] in _SHORT_STEMS:
        letters = letters[1:]
    if match["pronoun"] == "ها":
        return match["stem"]
    is_whole = len(letters) <= _SHORTEST_ROOT and letters not in _SHORT_STEMS \
        or _ENDS_IN_ROOT_H.fullmatch(letters) and match["pronoun"] != "هما"
    is_adjective = match["pronoun"] == "ه" and letters.endswith("ي") and len(letters) > _LONGEST_BEFORE_YA
    return None if is_whole or is_adjective else match["stem"]


def only_and_is_added(longer: str, word: str) -> bool:
    """Tell whether `longer` is the word with و or ف in front, which quotes often leave out: وقال and قال."""
    return longer[1:] == word and longer[0] in "وف"


def is_definite(word: str) -> bool:
    """Tell whether a word begins with ال: الخارجية, but also ألمانيا, once its hamza is folded."""
    return word.startswith("ال")


def ends_in_article(prefix: str) -> bool:
    """Tell whether attached letters end in the article: ال, بال, لل."""
    return prefix.endswith(("ال", "لل"))


def is_at_or_to(word: str) -> bool:
    """Tell whether a word seems to begin with ب or ل, as one may behind "it happened": بالميناء, للسفينة, لخاشقجي."""
    return word[:1] in PREPOSITIONS and len(word) > 3


def is_to_the(word: str) -> bool:
    """Tell whether a word begins with لل, as an addressee does: "قال بوتين للصحفيين"."""
    return word.startswith("لل")


def after_lam(word: str) -> str:
    """Return what follows a leading ل; empty if the word does not begin with one: لبوتين → بوتين, لافروف → افروف."""
    return word[1:] if word[:1] == "ل" else ""


def begins_with_ba(word: str) -> bool:
    """Tell whether a word begins with ب, which may be attached to it: بفرض, but also بوتين."""
    return word.startswith("ب")


def without_and(word: str) -> str:
    """Strip a leading و, whatever is left: وأشاد → أشاد, but also وعد → عد."""
    return word.removeprefix(LONE_AND)


def begins_with_fa(word: str) -> bool:
    """Tell whether a word begins with ف, as the verb behind أما does: فقالت."""
    return word.startswith("ف")


def lacks_its_conjunction(longer: str, word: str) -> bool:
    """Tell whether `longer` is the word with the ف or ل of a consequence in front: فسنبيع and سنبيع."""
    return longer[1:] == word and longer[0] in "فل"


def goes_on_with_office(word: str) -> bool:
    """Tell whether a word begins with a preposition and the article: المتحدث بالرئاسة, الأمين العام للأمم."""
    return word.startswith(("بال", "لل"))


def with_article(word: str) -> str:
    """Return the word with the article: قمة → القمة."""
    return f"ال{word}"


def belongs_to_other_word(before: str) -> bool:
    """Tell whether a number follows the letters of another word; `before` are the characters before it.

    True for B52, الـ29 and طراز52; False for و94, ب20 and وبـ20, since their letters are only attached to the number.
    """
    letters = _LETTERS_AT_END.search(before.replace(TATWEEL, ""))
    return letters is not None and _ATTACHED_TO_DIGITS.fullmatch(letters[0]) is None


def splits_for_spelling(word: str) -> Iterator[tuple[str, str]]:
    """Yield each way to split a word into attached letters and a rest of four letters or more, whole word first.

    وللمفاوضات → ("", وللمفاوضات), (و, للمفاوضات), (ولل, مفاوضات). Wrong splits do no harm: their rest is like no word.
    """
    yield "", word
    for attached in _ATTACHED_FOR_SPELLING:
        if word.startswith(attached) and len(word) >= len(attached) + 4:
            yield attached, word[len(attached):]


def stems_for_spelling(word: str) -> frozenset[str]:
    """Return the word and what may be left of it, at least three letters, without attached letters and endings.

    يحضرون → يحضرون, حضرون, يحضر, حضر. Two words with a stem in common may be forms of one word, so neither is a
    misspelling of the other. Wrong stems (وزير → زير) make a misspelled word look known, which does less harm than a
    corrected word that was right.
    """
    # A slice of each length is looked up: a corpus has 100,000 words, and comparing each with 80 affixes takes seconds.
    starts = [length for length in _LENGTHS_BEFORE if word[:length] in _BEFORE_STEM]
    ends = [length for length in _LENGTHS_AFTER if word[-length:] in _AFTER_STEM]
    return frozenset(word[start:len(word) - end] for start in (0, *starts) for end in (0, *ends)
                     if len(word) - start - end >= 3) | {word}


def without_article(written: str) -> str:
    """Strip the article and the letters before it from a word as written, if three letters are left: والقمة → قمة."""
    article = next((article for article in _ARTICLES if written.startswith(article)), "")
    return written[len(article):] if len(written) >= len(article) + 3 else written


def attached_preposition(word: str) -> str:
    """Return the ب or ل that a word begins with, as in بمدينة; empty if it begins with neither. It may be its own."""
    return word[0] if word[:1] in ("ب", "ل") else ""


def without_one_letter(word: str) -> str:
    """Return what follows a single و, ف, ب, ل or ك; empty if the word begins with none of them."""
    return word[1:] if word[:1] in ("و", "ف", "ب", "ل", "ك") else ""
