"""Patterns of conditions whose consequence a quote begins with: "if … | we will", إذا … فـ | سنبيع, لو … | لبعنا."""

from __future__ import annotations

from index.language.clitics import AND, BEFORE_CONSEQUENCE
from index.language.function_words import BEHIND_IF, CONTRASTING, THAT_WORDS
from index.language.saying import ENGLISH_VERBS_OF_SAYING, PARTICIPLES_OF_SAYING
from qa.verify.phrases import FUTURE, START, word

# Not "whether", and not "even if".
_IF = rf"(?<!ما )(?<!حتي )(?<!even )(?<!as ){START}"
_IN_CASE = r"في حاله?(?! من)"
_ANYTHING, _UP_TO_QUOTE = r"^(?:\S+ )*", r"(?:\S+ ){0,24}"
# Where the consequence has no letter of its own, "if" has to open a clause, no other clause begins between, and no
# consequence came before.
_BEFORE_CLAUSE = word(THAT_WORDS, ENGLISH_VERBS_OF_SAYING, "and but")
_OPENING = rf"^(?:\S+ )*?(?:(?:^|(?<=، )){AND}|(?:^|(?<= )){_BEFORE_CLAUSE})"
_OTHER_CLAUSE = word(CONTRASTING, PARTICIPLES_OF_SAYING, "which who because although")
_REACH = rf"(?:(?!{_OTHER_CLAUSE}|(?:فس\w+|فسوف|فلن) )\S+ ){{2,24}}"
_WILL = r"(?:will|would|ll|shall|could|might|must|may|can|won)\b"
# "If it was … then …" may be "while": only what is to come is its consequence.
_IF_IT_WAS = "اذا كانت? "
_THEN_WILL = rf"(?:ف(?:س|سوف|لن)|ف[إا]ن\w* (?:\S+ ){{0,3}}{FUTURE})"
_THEN = rf"(?:{_THEN_WILL}|ف(?!تح|ندق|نان|يه)(?:لا|لم|قد [يتن]|[إا]ن|[يتن]\w{{2,}}))"
_BUT = r"كن(?:ه|ها|هم|ي|ني|نا)?\b"

CONDITIONS = (
    # The quote leaves out the letter of the consequence.
    rf"{_ANYTHING}(?P<turn>{_IF}(?!{_IF_IT_WAS}(?:\S+ )*ف\| (?!{FUTURE}))"
    rf"(?:اذا|لو|لولا|[إا]ن|{_IN_CASE}) {_UP_TO_QUOTE}){BEFORE_CONSEQUENCE}\|",
    # It keeps it: فسنبيع, لبعنا.
    rf"{_ANYTHING}(?P<turn>{_IF}(?:اذا|لو|{_IN_CASE}|[إا]ن لم) {_UP_TO_QUOTE})\| {_THEN_WILL}",
    rf"{_ANYTHING}(?P<turn>{_IF}(?!{_IF_IT_WAS})(?:اذا|لو|{_IN_CASE}|[إا]ن لم) {_UP_TO_QUOTE})\| {_THEN}",
    rf"{_ANYTHING}(?P<turn>{_IF}(?:لو|لولا) {_UP_TO_QUOTE})\| ل(?!{_BUT})\w{{3}}",
    # A word that begins the consequence is left out: لما بعنا, فإننا سنبيع.
    rf"{_ANYTHING}(?P<turn>{_IF}(?:لو|لولا) {_UP_TO_QUOTE}(?:لما|لكان|لكانت|لكانوا) )\|",
    rf"{_ANYTHING}(?P<turn>{_IF}(?:اذا|لو|{_IN_CASE}) {_UP_TO_QUOTE}ف[إا]ن\w* )\| (?:\S+ ){{0,3}}{FUTURE}",
    # Nothing marks the consequence.
    rf"{_OPENING}(?P<turn>(?:اذا|{_IN_CASE}|[إا]ن لم) {_REACH})\| {FUTURE}",
    rf"{_OPENING}(?P<turn>(?:if|unless) {_REACH})\| (?:\S+ ){{0,4}}{_WILL}",
    # The quote begins within the condition.
    rf"{START}(?:اذا|لو|إن) {word(BEHIND_IF)}\|",
)
