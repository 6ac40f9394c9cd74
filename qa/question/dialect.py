"""Say a question in dialect as news says it: شو صار بالطيارة؟ is ماذا حدث بالطائرة؟

The articles, the embedder and the reader know standard Arabic. Only a question with a word that no standard text has
(شو, ليش, اللي) is reworded, so that standard words of the same spelling stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from index.language.clitics import is_definite
from index.language.function_words import (
    DIALECT_HOW,
    DIALECT_HOW_MANY,
    DIALECT_I_WANT,
    DIALECT_SMALL_WORDS,
    DIALECT_TO_KNOW,
    DIALECT_WHAT,
    DIALECT_WHEN,
    DIALECT_WHERE,
    DIALECT_WHO,
    DIALECT_WHY,
    WHAT_THAT,
)
from index.language.tokens import compared, compared_words, tokens

_WHO, _WHICH = "من", "الذي"
_FILE = "dialect_standard.tsv"
_ASKING = {form: standard for forms, standard in (
    (DIALECT_WHO, _WHO), (DIALECT_WHERE, "أين"), (DIALECT_WHY, "لماذا"), (DIALECT_WHEN, "متى"), (DIALECT_WHAT, "ماذا"),
    (DIALECT_HOW, "كيف"), (DIALECT_HOW_MANY, "كم")) for form in forms}
_THAT = compared_words("اللي يلي")
# Nouns and pronouns that what is asked for stands behind: شو سبب الحريق.
_BEHIND_WHAT = compared_words("هو هي اسم سبب أسباب تاريخ موعد نتيجة نتائج مصير معنى قصة حكاية موقف رأي")
_ONE = compared_words("واحد")
# Letters in front of a word of the file, longest first, as written and in standard Arabic.
_ATTACHED = (("وبال", "وبال"), ("هال", "ال"), ("عال", "على ال"), ("بال", "بال"), ("لل", "لل"), ("ال", "ال"), ("و", "و"),
             ("ب", "ب"), ("ل", "ل"))
# "It happened" behind "what": شو صار؛ elsewhere صار is "became", and حصل "got".
_HAPPENED = {compared(form): standard for forms, standard in (
    ("صار حصل", "حدث"), ("صارت حصلت", "حدثت"), ("يصير بيصير يحصل بيحصل", "يحدث")) for form in forms.split()}
_VERB_AND_WHAT = re.compile(r"^(\W*)(\w+) ماذا\b")
# "In the", and "on the", in front of any word: صار بالملعب, راح عالملعب.
_IN_THE = re.compile(r"بال(?=\w{3})")
_ON_THE = re.compile(r"عال(?![ميا])(?=\w{3})")


def in_standard(text: str) -> str:
    """Return a question in standard Arabic; the text itself if no word in it shows that it is in dialect."""
    words = list(tokens(text))
    forms = [compared(word.group()) for word in words]
    if len(forms) == 1 or not any(form in _THAT or _attached(form) is not None for form in forms) \
            and not _wants_to_know(forms):
        return text  # a single word may be the beginning of another: كام, of كامب ديفيد
    start = 2 if _wants_to_know(forms) else next(
        (place for place, form in enumerate(forms) if not _adds_nothing(form)), 0)
    written, end = [], words[start].start() if start < len(words) else 0
    for place in range(start, len(words)):
        before, after = "".join(forms[place - 1:place]), "".join(forms[place + 1:place + 2])
        standard = _standard(words[place].group(), forms[place], before if place > start else "", after)
        if standard == _WHO and place > start and after not in _THAT:
            standard = f"{_WHO} {_WHICH}"  # الاتفاق مين وقعه
        written += [text[end:words[place].start()], standard]
        end = words[place].end()
    return _asked_first("".join([*written, text[end:]]))


def _attached(form: str) -> str | None:
    """Return the letters in front of a question word of a dialect: وليش, بكام; None if it is none."""
    return next((letters for letters in ("", "و", "ب", "ل") if form.startswith(letters)
                 and form[len(letters):] in _ASKING), None)


def _wants_to_know(forms: list[str]) -> bool:
    return len(forms) > 2 and forms[0] in DIALECT_I_WANT and forms[1] in DIALECT_TO_KNOW


def _adds_nothing(form: str) -> bool:
    """Tell whether a small word, such as "now", may be left out in front of a question."""
    return form in DIALECT_SMALL_WORDS and form not in _THAT and _attached(form) is None


def _standard(written: str, form: str, before: str, after: str) -> str:
    """Return a word of a question in standard Arabic; `before` and `after` are the words beside it, normalised."""
    attached = _attached(form)
    if attached is not None:
        asked = form[len(attached):]
        is_noun_behind = is_definite(after) or after in WHAT_THAT or after in _BEHIND_WHAT
        return attached + ("ما" if asked in DIALECT_WHAT and is_noun_behind else _ASKING[asked])
    if form in _THAT:
        return _WHICH
    if form in _ONE and before in DIALECT_HOW_MANY | {"كم"}:
        return "شخصا"
    if form in _HAPPENED and (before in DIALECT_WHAT or before in _THAT):
        return _HAPPENED[form]
    if before in _HAPPENED and _IN_THE.match(written):
        return "في ال" + _word(_IN_THE.sub("", written))
    return _word(written)


def _word(written: str) -> str:
    form = compared(written)
    for letters, standard in (("", ""), *_ATTACHED):
        found = _words().get(form[len(letters):]) if form.startswith(letters) else None
        if found is not None:
            return standard + found
    return _ON_THE.sub("على ال", written)


def _asked_first(text: str) -> str:
    """Put "what" in front of the verb that it stands behind: حدث ماذا في الملعب."""
    return _VERB_AND_WHAT.sub(r"\1ماذا \2", text)


@cache
def _words() -> Mapping[str, str]:
    """Read the file: on each line forms of dialects, separated by commas, a tab, and the word of standard Arabic."""
    lines = (files("qa") / "data" / _FILE).read_text(encoding="utf-8").splitlines()
    return {compared(form): standard for line in lines for forms, standard in [line.split("\t")]
            for form in forms.split(",")}
