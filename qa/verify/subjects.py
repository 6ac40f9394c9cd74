"""Find the subject of a verb of saying: behind it ("قال X إن"), before it ("أما X فقالت"), or left out ("وأضاف")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.language.arabic import normalise
from index.language.clitics import (
    PREPOSITION_LI,
    WITH_LAM,
    after_lam,
    begins_with_ba,
    begins_with_fa,
    is_definite,
    is_to_the,
    without_and,
)
from index.language.function_words import (
    BEFORE_SUBJECTS,
    BEFORE_VERBS,
    BEGINNING_NO_NAME,
    CIRCUMSTANCE_OPENERS,
    DEMONSTRATIVES,
    IN_IT,
    OFFICE_PREPOSITIONS,
    PRONOUNS_BEFORE_VERBS,
    RELATIVES,
)
from index.language.offices import is_document, is_institution, is_office, is_relation
from index.language.offsets import Normalised
from index.language.saying import (
    MASCULINE_WITH_TA,
    VERBS_OF_SAYING,
    VERBS_WITH_ALA,
    VERBS_WITH_BA,
    VERBS_WITH_ILA,
    VERBS_WITHOUT_OBJECT,
)
from index.language.subject_words import (
    ADVERBIAL_PHRASES,
    ADVERBS,
    CIRCUMSTANCES,
    ENDS,
    MANNERS_WITH_OBJECT,
    NAMED_DAYS,
    NAMES_WITH_BA,
    NAMES_WITH_LAM,
    OWNERS,
    PAPERS,
    PARTS_OF_TIMES,
    STOPS,
    TIME_NOUNS,
    TIMES_OF_DAY,
    WHICH_TIME,
    YEARS,
)

MAX_NAME_WORDS = 16
# A name that nothing ends (no "إن", no colon, no quotation mark) is cut to this many words.
MAX_UNENDED_NAME_WORDS = 3
# Speech begins within this many words behind a name.
MAX_WORDS_BEFORE_SPEECH = 30
MAX_WORDS_BEFORE_VERB = 14
WORD_OR_MARK = re.compile(r"[^\W_]+|[^\w\s]")
# Whom something is said to, by a pronoun: لمشاهديه, لقرائها.
_TO_THEIRS = re.compile(r"ل\w{3,}(?:يه|يها|يهم|ها|هم|اته|ائه|ايه)")
# Verbs whose object has ب: أشاد بفرض العقوبات.
_WITH_BA = frozenset(VERBS_WITH_BA) | frozenset(("غرد", "غردت"))
# An object with ب and a pronoun behind the subject: ذكرت القناة بطلبها.
_WITH_BA_AND_PRONOUN = re.compile(r"ب\w{3,}(?:ها|هم|هن)")
# What belongs to somebody: طبيبته, احتجازهن.
_THEIRS = re.compile(rf"{PREPOSITION_LI}(?P<base>\w{{3,}}?)(?P<pronoun>ه|ها|هم|هن)")
# A quotation of so few words, closed before the speech, is a name or a term: قال المستخدم "غومبو" على حسابه إن.
MAX_WORDS_OF_TERM = 3
_ON, _VIEW, _TO = map(normalise, ("على", "رأى", "إلى"))
_BY_SAYING = frozenset(map(normalise, ("بالقول", "القول")))
_SPOKESWOMAN, _IN_THE_NAME_OF = map(normalise, ("متحدثة", "باسم"))
_SAYING = frozenset(VERBS_OF_SAYING)
_MARKS_OF_CLAUSE = frozenset(".:;؛؟!«»\"“”—()")
_QUOTES = frozenset('"«“')


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark of a normalised text, at `text[start:end]`.

    `is_dotted` tells the name علي and the noun رأي, which are written with dots, from على and رأى, which are normalised
    to the same.
    """

    form: str
    start: int
    end: int
    is_dotted: bool = False

    @property
    def is_word(self) -> bool:
        """Tell whether it is a word and not a mark."""
        return self.form[0].isalnum()


@dataclass(frozen=True, slots=True)
class Subject:
    """The range of tokens that names a subject, None if it is left out; whether it is sure; whether speech follows.

    `is_whole` is false if the words may be only a part of the name, or go on with the object.
    """

    tokens: tuple[int, int] | None
    certain: bool
    speaks: bool
    is_whole: bool = True


def tokens_of(normalised: Normalised, original: str) -> list[Token]:
    """List the words and marks of a normalised text; `original` is the text before that."""
    return [Token(match[0], *match.span(), match[0] in (_ON, _VIEW) and original[
        normalised.original(*match.span())[0]:normalised.original(*match.span())[1]].endswith("ي"))
        for match in WORD_OR_MARK.finditer(normalised.text)]


def subject_behind(tokens: Sequence[Token], place: int, known: frozenset[str], *, at_comma: bool = False) -> Subject:
    """Read the subject behind the token at `place - 1`.

    `known` are words of the article, which tell an addressee (لبوتين) from a name (لورا): a name that is also there
    without its ل is an addressee.
    """
    if place < len(tokens) and _is_object(tokens, place):
        return Subject(None, certain=False, speaks=_speech_follows(tokens, place))
    verb = without_and(tokens[place - 1].form) if place else ""
    place, follows = _skipped(tokens, place), place
    takes_object = any(token.form in MANNERS_WITH_OBJECT for token in tokens[follows:place])
    words: list[int] = []
    ended = said = False
    at = place
    while at < len(tokens):
        token = tokens[at]
        said = token.form in ENDS
        ended = said or _stops(tokens, at) or (at_comma and token.form in "،," and not _is_theirs(tokens, words)) \
            or bool(words) and (token.form in ADVERBS | DEMONSTRATIVES or _is_ali_of_verb(tokens, words, at)
                                or _begins_object(token.form, verb)) and not _speaks_for(tokens, at) \
            or _is_addressee(token.form, known) and not (words and _is_of_office(tokens, words, token.form))
        if ended or len(words) == MAX_NAME_WORDS:
            break
        if token.is_word:
            words.append(at)
        at += 1
    is_term = said and tokens[at].form in _QUOTES and _is_term(tokens, at)
    if words and said and tokens[at].form in _QUOTES and (closing := _closed_name(tokens, words, at)):
        return Subject((words[0], closing), certain=True, speaks=True)
    if words and tokens[words[0]].form in BEGINNING_NO_NAME:
        return Subject(None, certain=False, speaks=said)
    if not words:
        says = said or at < len(tokens) and tokens[at].form in _BY_SAYING
        return Subject(None, certain=not is_term and (says or _speech_follows(tokens, at)), speaks=says)
    directly = said or ended and _speech_follows(tokens, at, within_clause=True)
    longer = _office_goes_on(tokens, words, at, verb) if ended and not said and not at_comma else 0
    if longer:
        return Subject((words[0], longer), certain=True, speaks=True)
    is_whole = (ended or at == len(tokens)) and not is_term and not takes_object \
        and not _is_theirs(tokens, words) \
        and not (ended and not said and not at_comma and (
            _leaves_title_open(tokens, words, at)
            or verb not in VERBS_WITHOUT_OBJECT and _goes_on_with_thing(tokens, words)))
    if not ended:
        words = words[:MAX_UNENDED_NAME_WORDS]
    directly = directly and is_whole and not may_be_addressee(tokens[words[0]].form)
    return Subject((words[0], words[-1] + 1), certain=directly, speaks=said or (ended and _speech_follows(tokens, at)),
                   is_whole=is_whole)


def _begins_object(form: str, verb: str) -> bool:
    """Tell whether a word behind the subject is the verb's object with ب: أشاد سالم بجهود البلدية."""
    return begins_with_ba(form) and form not in NAMES_WITH_BA \
        and (verb in _WITH_BA or _WITH_BA_AND_PRONOUN.fullmatch(form) is not None)


def _is_theirs(tokens: Sequence[Token], words: Sequence[int]) -> bool:
    """Tell whether a name is one word with a pronoun, which names nobody, or begins with something that is theirs.

    The first is an office or a relation (طبيبته), and the second neither (احتجازهن بصورة مؤقتة).
    """
    match = _THEIRS.fullmatch(tokens[words[0]].form) if words else None
    if match is None:
        return False
    base = match["base"]
    forms = (base, f"{base[:-1]}ه") if base[-1] == "ت" else (base,)
    is_role = any(is_office(form) or is_relation(form) or is_institution(form) for form in forms)
    if match["pronoun"] == "ه":  # which may be a ة
        return is_role and len(words) == 1 and not is_office(tokens[words[0]].form)
    return is_role == (len(words) == 1)


def _is_term(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the quotation mark at `at` opens a name or a term, behind which the speech begins."""
    closing = next((each for each in range(at + 2, min(at + MAX_WORDS_OF_TERM + 2, len(tokens)))
                    if tokens[each].form in "\"»”"), None)
    return closing is not None and _speech_follows(tokens, closing + 1)


def _leaves_title_open(tokens: Sequence[Token], words: Sequence[int], at: int) -> bool:
    """Tell whether a title goes on behind the preposition at `at`, so that its holder may follow a comma."""
    if tokens[at].form not in OFFICE_PREPOSITIONS or at + 1 >= len(tokens) or tokens[at + 1].form in CIRCUMSTANCES:
        return False
    is_title = is_office(tokens[words[0]].form) and all(
        is_office(tokens[each].form) or is_definite(tokens[each].form) or is_institution(tokens[each].form)
        or tokens[each].form[0] == WITH_LAM or without_and(tokens[each].form) != tokens[each].form for each in words)
    behind = [token.form for token in tokens[at + 1:at + MAX_WORDS_BEFORE_VERB]]
    return is_title and any(form in "،," for form in behind)


def _goes_on_with_thing(tokens: Sequence[Token], words: Sequence[int]) -> bool:
    """Tell whether a comma is followed by what is neither an office nor a name: اعتبر سالم، الاعتراف بالمدينة."""
    return any(tokens[one].form not in "،," and other > one + 1 and tokens[other - 1].form in "،,"
               and is_definite(tokens[other].form) and not is_office(tokens[other].form)
               and not is_institution(tokens[other].form)
               for one, other in pairwise(words))


def _speaks_for(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether متحدثة is a spokeswoman, and not how somebody speaks: متحدثة باسم الشركة, متحدثة عسكرية."""
    if tokens[at].form != _SPOKESWOMAN or at + 1 >= len(tokens):
        return False
    return tokens[at + 1].form == _IN_THE_NAME_OF or tokens[at + 1].form.endswith("يه")


def _stops(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.form in TIMES_OF_DAY:
        return at + 1 < len(tokens) and tokens[at + 1].form in NAMED_DAYS
    goes_on = without_and(token.form)
    if _speaks_for(tokens, at):
        return False
    if _is_time(tokens, at):
        return True
    if token.form[0] == WITH_LAM and token.form not in NAMES_WITH_LAM and _TO_THEIRS.fullmatch(token.form):
        return True
    return (token.form in STOPS and not token.is_dotted or token.is_word and len(token.form) == 1
            or goes_on != token.form and goes_on in _SAYING)


def _is_ali_of_verb(tokens: Sequence[Token], words: Sequence[int], at: int) -> bool:
    """Tell whether علي is the preposition behind an institution, which has no first name: أكدت المنظمة علي وجوب."""
    return bool(words) and tokens[at].is_dotted and is_institution(tokens[words[0]].form)


def _closed_name(tokens: Sequence[Token], words: Sequence[int], at: int) -> int:
    """Return the end of a name in quotation marks behind what it names: شركة "البحر"; 0 if it is none."""
    if len(words) > 2 or not all(is_office(tokens[each].form) or is_institution(tokens[each].form) for each in words):
        return 0
    closing = next((each for each in range(at + 2, min(at + 7, len(tokens))) if tokens[each].form in "\"»”"), 0)
    return closing if closing and _speech_follows(tokens, closing + 1) else 0


def speaks_in_it(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether the verb before `place` is said of a paper named before: قال فيها."""
    return place < len(tokens) and tokens[place].form in IN_IT


def writes_paper(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether the object of the verb before `place` is a paper: أصدر بيانا قال فيه."""
    return place < len(tokens) and tokens[place].form in PAPERS


def _skipped(tokens: Sequence[Token], place: int) -> int:
    """Skip adverbs, commas and what stands between two dashes."""
    while place < len(tokens) and (tokens[place].form in ADVERBS and not _speaks_for(tokens, place)
                                   or tokens[place].form in "،," or _phrase_at(tokens, place)
                                   or _is_time(tokens, place)):
        place += _phrase_at(tokens, place) or 1
    if place < len(tokens) and tokens[place].form in "-–":
        closing = next((at for at in range(place + 1, min(place + 14, len(tokens))) if tokens[at].form in "-–"), None)
        return place if closing is None else closing + 1
    return place


def _is_time(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a token belongs to a phrase such as الشهر الماضي."""
    near = [token.form for token in tokens[max(0, place - 1):place + 2]]
    here = tokens[place].form
    if here in PARTS_OF_TIMES and near[-1] in TIME_NOUNS:
        return True
    if here in YEARS and near[-1].isdigit() or here.isdigit() and near[0] in YEARS:
        return True
    return (here in TIME_NOUNS and not WHICH_TIME.isdisjoint(near)
            or here in WHICH_TIME and not TIME_NOUNS.isdisjoint(near))


def _phrase_at(tokens: Sequence[Token], place: int) -> int:
    """Return how many tokens an adverbial phrase at a token takes; 0 if there is none."""
    return next((len(phrase) for phrase in ADVERBIAL_PHRASES
                 if tuple(token.form for token in tokens[place:place + len(phrase)]) == phrase), 0)


def _is_object(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether the word behind a verb is its object with ب."""
    form = tokens[place].form
    before = tokens[place - 1].form if place else ""
    return (begins_with_ba(form) and form not in NAMES_WITH_BA
            and not _WITH_BA.isdisjoint((before, without_and(before))))


def _is_addressee(form: str, known: frozenset[str]) -> bool:
    return is_to_the(form) or len(form) > 3 and after_lam(form) in known


def may_be_addressee(form: str) -> bool:
    """Tell whether a word may be somebody to whom something is said: لمحطة."""
    return after_lam(form) != "" and form not in NAMES_WITH_LAM


def _is_of_office(tokens: Sequence[Token], words: Sequence[int], form: str) -> bool:
    """Tell whether a word with ل goes on with an office: الأمين العام للأمم المتحدة, المتحدث الرسمي لشؤون المسجد."""
    owner = f"ا{form[1:]}" if is_to_the(form) else form[1:]
    return (is_office(owner) or owner in OWNERS) and is_office(tokens[words[0]].form)


def _speech_follows(tokens: Sequence[Token], at: int, *, within_clause: bool = False) -> bool:
    """Tell whether speech begins soon behind `at`, and before the next comma if `within_clause`."""
    for token in tokens[at:at + MAX_WORDS_BEFORE_SPEECH]:
        if token.form in ENDS:
            return True
        if within_clause and (token.form in "،," or token.form in RELATIVES):
            return False
    return False


def _office_goes_on(tokens: Sequence[Token], words: Sequence[int], at: int, verb: str) -> int:
    """Return the end of a title that goes on behind a preposition up to a name, or 0 if it does not."""
    of_verb = _TO if verb in VERBS_WITH_ILA else _ON if verb in VERBS_WITH_ALA else ""
    if tokens[at].form == of_verb and of_verb not in (token.form for token in tokens[at + 1:at + MAX_NAME_WORDS]):
        return 0
    is_owner = _is_owner(tokens, words, at)
    if not is_owner and tokens[at].form not in OFFICE_PREPOSITIONS:
        return 0
    if at + 1 >= len(tokens) or tokens[at + 1].form in CIRCUMSTANCES:
        return 0
    if not all(is_office(tokens[each].form) or is_definite(tokens[each].form) or number for number, each
               in enumerate(words)) or len(words) > 4:
        return 0
    end = at + 1
    while end < len(tokens) and end - at < MAX_NAME_WORDS and not _ends_office(tokens, end):
        end += 1
    while end > at and not tokens[end - 1].is_word:
        end -= 1
    are_names = [not is_definite(token.form) and not is_office(token.form) for token in tokens[end - 2:end]]
    has_name = all(are_names) if is_owner else any(are_names)
    return end if end - at > 2 and has_name and _speech_follows(tokens, end) else 0


def _is_owner(tokens: Sequence[Token], words: Sequence[int], at: int) -> bool:
    """Tell whether a word with ل may name whose office it is: الرئيس التنفيذي لستاربكس كيفين جونسون."""
    form = tokens[at].form
    return (form[0] == WITH_LAM and len(form) > 3 and form not in STOPS and not _TO_THEIRS.fullmatch(form)
            and is_office(tokens[words[0]].form) and len(words) > 1)


def _ends_office(tokens: Sequence[Token], at: int) -> bool:
    form = tokens[at].form
    if form in OFFICE_PREPOSITIONS:
        return at + 1 == len(tokens) or tokens[at + 1].form in CIRCUMSTANCES
    return form in ENDS or _stops(tokens, at) or is_to_the(form)


def subject_before(tokens: Sequence[Token], place: int) -> Subject:
    """Read the subject before the verb at `place`: certain only behind "أما"; left out if no word is before it."""
    first = place
    while first and place - first < MAX_WORDS_BEFORE_VERB and tokens[first - 1].form not in _MARKS_OF_CLAUSE \
            and tokens[first - 1].form not in ENDS:
        first -= 1
    region = list(range(first, place))
    about = next((each for each in region if tokens[each].form in ("اما", "واما")), None)
    if about is not None:
        words = _leading_words(tokens, about + 1, place)
        is_person = bool(words) and tokens[words[0]].form not in CIRCUMSTANCE_OPENERS \
            and TIME_NOUNS.isdisjoint(tokens[each].form for each in words)
        verb_joined = begins_with_fa(tokens[place].form)
        named = (words[0], words[-1] + 1) if is_person else None
        return Subject(named, certain=verb_joined or named is None, speaks=True)
    while region and tokens[region[-1]].form in BEFORE_VERBS:
        region.pop()
    if region and tokens[region[-1]].form in PRONOUNS_BEFORE_VERBS:
        return Subject(None, certain=False, speaks=True)
    while region and (tokens[region[0]].form in BEFORE_SUBJECTS or not tokens[region[0]].is_word):
        region.pop(0)
    if not region:
        return Subject(None, certain=True, speaks=True)
    if tokens[region[-1]].form in RELATIVES:
        return Subject(None, certain=tokens[region[-1]].form == "حيث", speaks=True)
    if tokens[region[0]].form in CIRCUMSTANCE_OPENERS:
        return Subject(None, certain=first == 0, speaks=True)
    if len(region) == MAX_WORDS_BEFORE_VERB:
        return Subject(None, certain=False, speaks=True)  # the clause begins farther away
    words = _leading_words(tokens, region[0], place)[-5:]
    return Subject((words[0], words[-1] + 1) if words else None, certain=False, speaks=True)


def _leading_words(tokens: Sequence[Token], first: int, end: int) -> list[int]:
    """Return the words from `first` up to a preposition, two commas at most."""
    words: list[int] = []
    commas = 0
    for at in range(first, end):
        commas += tokens[at].form in "،,"
        if commas > 1 or words and _stops(tokens, at) and not is_office(tokens[words[0]].form):
            break
        if tokens[at].is_word:
            words.append(at)
    return words


def is_feminine(verb: str) -> bool | None:
    """Tell whether a normalised verb or participle has a feminine subject; None if it is a plural."""
    if verb.endswith(("وا", "ون", "ين")):
        return None
    if verb.startswith("ت") and not verb.startswith(MASCULINE_WITH_TA):
        return True
    return verb.endswith(("ت", "ه")) and verb != "لفت"


def names_document(tokens: Sequence[Token]) -> bool:
    """Tell whether a name is that of a paper, such as a statement or a report."""
    return bool(tokens) and is_document(tokens[0].form)
