"""Say a question in dialect as news says it: شو صار بالطيارة؟ is ماذا حدث في الطائرة؟

The articles, the embedder and the reader know standard Arabic. A question is reworded only if its dialect is beyond
doubt, and in it only words that mean the same in any context: a word left in dialect costs less than a name reworded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from index.language.clitics import DEFINITE, LONE_AND, WA, WITH_BA, WITH_LAM, is_at_or_to, is_definite
from index.language.function_words import (
    ACTING_EVENT_NOUNS,
    ASKING_WORDS,
    DIALECT_ANYWHERE,
    DIALECT_BEHIND,
    DIALECT_BEHIND_AND,
    DIALECT_BEHIND_PREPOSITIONS,
    DIALECT_BEHIND_VERBS,
    DIALECT_BESIDE_HAPPENED,
    DIALECT_FOLLOWING,
    DIALECT_HOW,
    DIALECT_HOW_MANY,
    DIALECT_I_WANT,
    DIALECT_LETTERS,
    DIALECT_NEVER_BESIDE,
    DIALECT_NOW,
    DIALECT_SIGNED,
    DIALECT_THAT,
    DIALECT_TO_KNOW,
    DIALECT_WHAT,
    DIALECT_WHEN,
    DIALECT_WHERE,
    DIALECT_WHO,
    DIALECT_WHY,
    EVENT_NOUNS,
    WHAT_THAT,
)
from index.language.tokens import compared, compared_words, tokens

_FILE = "dialect_standard.tsv"
_WHO, _WHICH = "من", "الذي"
_OF = "من"
_WHERE, _WHY = "أين", "لماذا"
_WHEN, _HOW = "متى", "كيف"
_WHAT_IS, _WHAT_DOES = "ما", "ماذا"
_HOW_MANY = "كم"
# Question words that are long enough for a misspelling to be told, normalised, each as it is written.
ASKED_FIRST = {compared(word): word for word in (_WHERE, _WHY, _WHEN, _HOW, _WHAT_DOES)}
_ASKING = {form: standard for forms, standard in (
    (DIALECT_WHO, _WHO), (DIALECT_WHERE, _WHERE), (DIALECT_WHY, _WHY), (DIALECT_WHEN, _WHEN),
    (DIALECT_WHAT, _WHAT_DOES), (DIALECT_HOW, _HOW), (DIALECT_HOW_MANY, _HOW_MANY)) for form in forms}
_BY_HOW_MANY = {f"{WITH_BA}{form}": f"{WITH_BA}{_HOW_MANY}" for form in DIALECT_HOW_MANY}
_WHAT, _CIRCUMSTANCES = frozenset({_WHAT_IS, _WHAT_DOES}), frozenset({_WHERE, _WHY, _WHEN, _HOW})
_FIRST_VERBS = compared_words("حصل حصلت صار صارت جرى قال قالت قالوا عمل عملت عملوا")
# Pairs of what stands first and the asking words behind it.
_SECOND = ((DIALECT_BEHIND, DIALECT_BEHIND_PREPOSITIONS), (_FIRST_VERBS, DIALECT_BEHIND_VERBS))
_LONGEST_LETTER = 2
# Normalised alike: آية, كأم "as a mother".
_OTHER_WORD = re.compile("^آ|ة$|كأم")
# "When", and "my nation".
_MY_NATION = compared_words("امتى")
# What stands behind an asking word that is part of a name: وين روني, فين ديزل, مين أونغ, ليه كوان, ليش فاليسا.
_BEHIND_NAMES = compared_words("""
    روني هنسي مينت تين شون ليان ديزل وولفهارد أونغ أونج كوان فاليسا فاونسا كاتشينسكي إن جين سون ميونغ ونغ نيوتن
    تايم
""")
# Behind them comes a title, which may itself be in dialect: فيلم اللي بالي بالك.
_WORKS = compared_words("فيلم مسرحية مسلسل أغنية برنامج كتاب رواية قصيدة ألبوم حملة هاشتاغ وسم مجلة قناة كليب ديوان")
_QUOTED = re.compile("[\"«»“”„]")
# Nouns and pronouns that what is asked for stands behind: شو سبب الحريق.
_BEHIND_WHAT = compared_words("هو هي اسم سبب أسباب تاريخ موعد نتيجة نتائج مصير معنى قصة حكاية موقف رأي")
# Behind "the people that are" (الناس اللي تحت) there is no question but a title.
_ABOVE_AND_BELOW = compared_words("فوق تحت")
# Words of which the meaning hangs on those beside them (`_Words._verb`).
_HAPPENED = {compared(form): standard for forms, standard in (
    ("صار حصل", "حدث"), ("صارت حصلت", "حدثت"), ("يصير بيصير يحصل بيحصل", "يحدث")) for form in forms.split()}
_SAID = {"حكي": "قال", "حكت": "قالت", "حكوا": "قالوا", "حكو": "قالوا"}
_WON = {"كسب": "فاز", "كسبت": "فازت"}
_CONTESTS = compared_words("كأس بطولة جائزة انتخابات ماتش مباراة سباق دوري نهائي لقب")
_ENDED = {"خلص": "انتهى", "خلصت": "انتهت"}
_SIGNED = {"اتوقع": "وُقّع", "اتوقعت": "وُقّعت"}
_WENT, _OF_A_PRESENT = {"راح": "ذهب", "راحت": "ذهبت"}, frozenset("يتنا")
_LEFT = {"طلع": "خرج", "طلعت": "خرجت", "طلعوا": "خرجوا", "طلعو": "خرجوا", "طلعوهم": "أخرجوهم", "طلعوه": "أخرجوه"}
_MADE = {"خلا": "جعل", "خلي": "جعل"}
_PERSONS = {"واحد": "شخصا"}
_HIM = re.compile(r"\w{3,}ها?")
# Letters in front of a word of the file that has the article, longest first, and in front of the standard word.
_ATTACHED = (("هال", ""), ("وبال", "وب"), ("بال", "ب"), ("وال", "و"), ("لل", "ل"))
_VERB_AND_WHAT = re.compile(rf"^(\W*)({'|'.join(sorted(_FIRST_VERBS))}) {_WHAT_DOES}\b")
# "On the" in front of a noun, not in عالم, عالج, عالق, عالية or عالنا.
_ON_THE = re.compile(r"^عال(?![مجقياتنوله])(?=\w{3})")
# Egyptians write a final ى with dots; the reader knows the word without them.
_WHEN_WITH_DOTS = re.compile(rf"^(\W*{WA})متي\b")


def in_standard(text: str) -> str:
    """Return a question in standard Arabic; the text itself unless words in it show that it is in dialect.

    متي in first place is متى in any text.
    """
    text = _WHEN_WITH_DOTS.sub(rf"\1{_WHEN}", text)
    said = _said(text)
    if not said:
        return text
    written, reached = [], next(word.start() for word, standard in said if standard)
    for word, standard in said:
        if standard:
            written += [text[reached:word.start()], standard]
            reached = word.end()
    return _VERB_AND_WHAT.sub(rf"\1{_WHAT_DOES} \2", "".join([*written, text[reached:]]))


def words_of_dialect(text: str) -> frozenset[str]:
    """Return the words of a question in dialect that `in_standard` replaces or leaves out, as typed."""
    return frozenset(word.group() for word, standard in _said(text) if standard != word.group())


def _said(text: str) -> list[tuple[re.Match[str], str]]:
    """List the words of a question in dialect, each with what standard Arabic says, empty for one that adds nothing.

    The list is empty for another text, and ends before the title of a work.
    """
    words = list(tokens(text))
    forms = [compared(word.group()) for word in words]
    end = next((place for place, form in enumerate(forms) if form in _WORKS), len(forms))
    wants = _wants_to_know(forms)
    start = 2 if wants else next((place for place, form in enumerate(forms) if form not in DIALECT_NOW), end)
    if len(forms) < 2 or start >= end or _QUOTED.search(text):
        return []  # a single word may be the beginning of another: كام, of كامب ديفيد
    question = _Words([word.group() for word in words[:end]], forms[:end], start, has_mark="؟" in text)
    if not wants and not question.asking and not question.relatives:
        return []
    return [(word, "" if place < start else question.standard(place)) for place, word in enumerate(words[:end])]


def _wants_to_know(forms: list[str]) -> bool:
    return len(forms) > 3 and forms[0] in DIALECT_I_WANT and forms[1] in DIALECT_TO_KNOW and (
        forms[2] in _ASKING or forms[2] in ASKING_WORDS)


class _Words:
    """The words of a question up to a title, as written and normalised, and those in it that ask in dialect."""

    def __init__(self, written: list[str], forms: list[str], start: int, *, has_mark: bool) -> None:
        self._written, self._forms, self._start, self._has_mark = written, forms, start, has_mark
        # The places of words that ask, with the standard words, and those of "which".
        self.asking = {} if DIALECT_NEVER_BESIDE.intersection(forms) else self._asked()
        self.relatives = self._found_relatives() if self._is_question() else frozenset()

    def standard(self, place: int) -> str:
        """Return the word at a place in standard Arabic, or as it is written."""
        if place in self.asking:
            return self.asking[place]
        if place in self.relatives:
            return _WHICH
        return self._verb(place) or self._word(place)

    def _form(self, place: int) -> str:
        return self._forms[place] if place < len(self._forms) else ""

    def _asked(self) -> dict[int, str]:
        first, second = self._start, self._start + 1
        form = self._forms[first]
        found = {}
        if form in _BY_HOW_MANY:
            found[first] = _BY_HOW_MANY[form]
        elif any(form in firsts and self._form(second) in behind for firsts, behind in _SECOND) and self._asks(second):
            found[second] = _ASKING[self._forms[second]]
        elif is_definite(form) and self._form(second) in DIALECT_WHO and _HIM.fullmatch(self._form(second + 1)):
            found[second] = f"{_WHO} {_WHICH}"  # الاتفاق مين وقعه
        elif self._asks(first):
            found[first] = self._what(first) if form in DIALECT_WHAT else _ASKING[form]
        elif form in ASKING_WORDS:
            return {}
        elif form[1:] in DIALECT_BEHIND_AND and form[0] == LONE_AND:
            found[first] = LONE_AND + _ASKING[form[1:]]
        if self._has_mark:
            found |= {place: _ASKING[form] for place, form in enumerate(self._forms)
                      if place > first and form in DIALECT_ANYWHERE and self._asks(place)}
        return found

    def _asks(self, place: int) -> bool:
        """Tell whether the word at a place is an asking word, and no name or other word of its spelling."""
        form, written, after = self._forms[place], self._written[place], self._form(place + 1)
        if form not in _ASKING or after in _BEHIND_NAMES or _OTHER_WORD.search(written):
            return False
        if form in _MY_NATION:
            return written[-1] == "ى"
        if form in DIALECT_LETTERS and place == self._start:
            return is_definite(after) or after in WHAT_THAT or after in _BEHIND_WHAT or after in _HAPPENED
        return form not in DIALECT_LETTERS or len(after) > _LONGEST_LETTER

    def _what(self, place: int) -> str:
        after = self._form(place + 1)
        return _WHAT_IS if is_definite(after) or after in WHAT_THAT or after in _BEHIND_WHAT else _WHAT_DOES

    def _is_question(self) -> bool:
        first, second = self._forms[self._start], self._form(self._start + 1)
        if first == _WHO and is_definite(second) and not self.asking:
            return self._has_mark  # من الناس اللي: "of those who"
        return self._has_mark or bool(self.asking) or first in ASKING_WORDS or (
            first in DIALECT_BEHIND and second in ASKING_WORDS)

    def _found_relatives(self) -> frozenset[int]:
        return frozenset(place for place in range(self._start + 1, len(self._forms) - 1) if (
            self._forms[place] in DIALECT_THAT and self._forms[place + 1] not in _ABOVE_AND_BELOW)
            or (self._forms[place] in DIALECT_FOLLOWING and place - 1 in self.asking))

    def _verb(self, place: int) -> str | None:
        """Return a verb, or "one", in standard Arabic where the words beside it leave no doubt what it means."""
        form, before, after, then = (self._form(place), self._form(place - 1) if place else "", self._form(place + 1),
                                     self._form(place + 2))
        asked = self.asking.get(place - 2 if place - 1 in self.relatives else place - 1, "")
        noun = after.removeprefix(DEFINITE)
        means = (
            (_HAPPENED, asked in _WHAT and (
                not after or after in DIALECT_BESIDE_HAPPENED or is_at_or_to(after))),
            (_SAID, asked in _WHAT), (_WON, asked == _WHO and noun in _CONTESTS),
            (_ENDED, asked in _CIRCUMSTANCES and noun in EVENT_NOUNS - ACTING_EVENT_NOUNS),
            (_SIGNED, asked in _CIRCUMSTANCES and noun in DIALECT_SIGNED),
            (_WENT, before not in DIALECT_THAT and (after[:1] not in _OF_A_PRESENT or is_definite(after))),
            (_LEFT, self._is_out_of(place + 1) or (
                asked in _CIRCUMSTANCES and is_definite(after) and self._is_out_of(place + 2))),
            (_MADE, before in DIALECT_THAT and then[:1] in _OF_A_PRESENT),
            (_PERSONS, _HOW_MANY in (before, asked) and after != _OF))
        return next((verbs[form] for verbs, holds in means if holds and form in verbs), None)

    def _is_out_of(self, place: int) -> bool:
        return self._form(place) == _OF and is_definite(self._form(place + 1))

    def _word(self, place: int) -> str:
        written, form = self._written[place], self._forms[place]
        if self.asking.get(place - 1) == _WHO and is_definite(form):
            return written  # may be a person: مين الطيارة
        if form in _words():
            return _words()[form]
        for letters, attached in _ATTACHED:
            found = _words().get(DEFINITE + form[len(letters):]) if form.startswith(letters) else None
            if found is not None:
                return attached + (found.removeprefix("ا") if attached == WITH_LAM else found)
        return _ON_THE.sub("على ال", written)


@cache
def _words() -> Mapping[str, str]:
    """Read the file: on each line forms of dialects, separated by commas, a tab, and the word of standard Arabic."""
    lines = (files("qa") / "data" / _FILE).read_text(encoding="utf-8").splitlines()
    return {compared(form): standard for line in lines for forms, standard in [line.split("\t")]
            for form in forms.split(",")}
