"""The words that name the speaker of a quoted sentence."""

from __future__ import annotations

import pytest

from index.language.sentences import split_sentences
from index.types import Article
from qa.answer.quotations import speaker_context

STATEMENT = "العمل انتهى في الميناء"


def context(text: str, statement: str = STATEMENT) -> str | None:
    sentences = split_sentences(text)
    place = next(number for number, sentence in enumerate(sentences)
                 if statement in text[sentence.start:sentence.end])
    found = speaker_context(Article("a", text), sentences, place)
    return None if found is None else text[slice(*found)]


@pytest.mark.parametrize(("text", "named"), [
    (f"وقال سالم الحربي: «الرصيف جديد. {STATEMENT}. وسنفتحه».", "وقال سالم الحربي: «الرصيف جديد."),
    (f"وقال سالم الحربي: \"الرصيف جديد. {STATEMENT}.\"", "وقال سالم الحربي: \"الرصيف جديد."),
    (f"وقال سالم الحربي: «الرصيف جديد. وهو واسع. {STATEMENT}».", "وقال سالم الحربي:"),
    (f"غادر سالم الحربي.\nوقال سالم الحربي: “الرصيف جديد.\n“{STATEMENT}.”", "وقال سالم الحربي: “الرصيف جديد."),
    (f"وقال سالم الحربي للصحفيين:\n«{STATEMENT}».", "وقال سالم الحربي للصحفيين:"),
    (f"وقال سالم الحربي: «الرصيف جديد». «{STATEMENT}».", "وقال سالم الحربي: «الرصيف جديد»."),
    (f"وقال سالم الحربي إن الرصيف جديد. وأضاف: «نحن سعداء. {STATEMENT}».", "وقال سالم الحربي إن الرصيف جديد."),
])
def test_a_quoted_sentence_gets_the_words_that_name_its_speaker(text: str, named: str) -> None:
    assert context(text) == named


@pytest.mark.parametrize("text", [
    f"وقال سالم الحربي إن {STATEMENT}.", f"وقال سالم الحربي: «الرصيف جديد». {STATEMENT}.", f"{STATEMENT}.",
    f"وقال سالم الحربي: «الرصيف جديد». وغادر.\n«{STATEMENT}».", f"«الرصيف جديد. {STATEMENT}»، قال سالم الحربي.",
    f"زار الوفد «دار الكتب». {STATEMENT}.", f"وأضاف: «الرصيف جديد. {STATEMENT}».",
    f"وقال سالم الحربي: \"الرصيف جديد.\" وافتتحت \"دار الكتب\" أمس. {STATEMENT}.",
    f"وقال سالم الحربي: «الرصيف جديد. {STATEMENT}.", f"وقال سالم الحربي: \"الرصيف جديد. وهو واسع.\n{STATEMENT}.",
    f"وقال سالم الحربي: «الرصيف جديد. وقالت منى العلي إن {STATEMENT}».",
    f"وقال سالم الحربي إن الرصيف جديد.\nميناء عدن\n«{STATEMENT}».",
    f"«{STATEMENT}».\nوقال سالم الحربي إن الرصيف جديد."])
def test_other_sentences_get_none(text: str) -> None:
    assert context(text) is None


def test_an_english_quotation_goes_on_through_paragraphs() -> None:
    text = "Salem Harbi said: \"The pier is new.\n\"It is wide.\n\"The work is done.\""
    assert context(text, "The work is done") == "Salem Harbi said:"
