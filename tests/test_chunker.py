"""Articles cut into passages of whole sentences, sized in tokens. A token here is a word."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunker import Chunking, context_of, cut_passages, embedded_places, passage_text, sentence_text
from index.language.sentences import split_sentences
from index.types import Article, Passage, Sentence

NINE = "واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة."


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def cut(text: str, max_tokens: int) -> list[Passage]:
    return cut_passages(Article("a", text), count_words, Chunking(max_tokens))


def sizes(text: str, max_tokens: int) -> list[list[int]]:
    """Words of each sentence of each passage."""
    return [count_words([text[sentence.start:sentence.end] for sentence in passage.sentences])
            for passage in cut(text, max_tokens)]


def of_words(*counts: int) -> str:
    """Sentences of so many words, on one line."""
    return " ".join("كلمة " * (count - 1) + "كلمة." for count in counts)


LINES = st.one_of(st.integers(1, 30).map(of_words), st.sampled_from(["عنوان", "عنوان من أربع كلمات", "- بند"]))
TEXTS = st.lists(LINES, max_size=25).map("\n".join)


# ---- cutting ----

@pytest.mark.parametrize(("counts", "max_tokens", "expected"), [
    ([5, 5, 5, 5], 20, [[5, 5, 5, 5]]),                     # 20 fit
    ([5, 5, 5, 5], 19, [[5, 5], [5, 5]]),                   # 2 passages of 10, not 15 and 5
    ([2] * 9, 9, [[2, 2, 2], [2, 2, 2], [2, 2, 2]]),        # 4 sentences at most, so 3 passages: not 8, 8 and 2
    ([5] * 7, 12, [[5, 5], [5, 5], [5], [5, 5]]),           # 2 sentences at most, so 4 passages of 8.75
    ([4, 4, 4, 4, 4, 4], 10, [[4, 4], [4, 4], [4, 4]]),
    ([3, 30, 3], 10, [[3], [30], [3]]),                     # longer than any passage may be: one of its own
    ([30, 31], 10, [[30], [31]]),
    ([10, 10], 10, [[10], [10]]),
    ([1], 10, [[1]])])
def test_passages_worked_out_on_paper(counts: list[int], max_tokens: int, expected: list[list[int]]) -> None:
    assert sizes(of_words(*counts), max_tokens) == expected


def test_offsets_of_a_passage_are_those_of_its_first_and_last_sentence() -> None:
    text = f"  {of_words(2)}\r\n\r\n{of_words(3)} {of_words(4)} "
    first, second = cut(text, 5)
    # A word and its space or full stop are five characters; the four of the line break stand between.
    assert (first.article_id, first.start, first.end) == ("a", 2, 2 + 10 + 4 + 15)
    assert (second.article_id, second.start, second.end) == ("a", 32, 52)
    assert text[second.start:second.end] == of_words(4)


def test_an_article_without_sentences_has_no_passages() -> None:
    assert cut("", 10) == cut(" \n ", 10) == []


@given(TEXTS, st.integers(1, 60))
def test_every_sentence_is_in_one_passage_once_and_in_order(text: str, max_tokens: int) -> None:
    passages = cut(text, max_tokens)
    assert [sentence for passage in passages for sentence in passage.sentences] == split_sentences(text)
    for passage in passages:
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)


@given(TEXTS, st.integers(1, 60))
def test_only_a_long_sentence_with_its_headings_is_longer_than_the_limit(text: str, max_tokens: int) -> None:
    passages = cut(f"{text}\n{of_words(max_tokens + 1)}", max_tokens)
    assert passages
    for passage in passages:
        if sum(count_words([text[sentence.start:sentence.end] for sentence in passage.sentences])) > max_tokens:
            assert [sentence.is_heading for sentence in passage.sentences[:-1]] == [True] * (len(passage.sentences) - 1)


@given(TEXTS, st.integers(1, 60))
def test_no_passage_ends_in_a_heading(text: str, max_tokens: int) -> None:
    last = [passage.sentences[-1] for passage in cut(f"{text}\nعنوان\nوصل الوفد إلى الدوحة مساء أمس.", max_tokens)]
    assert last
    assert [sentence for sentence in last if sentence.is_heading] == []


@given(st.integers(1, 60), st.integers(1, 8), st.integers(8, 40))
def test_passages_of_equal_sentences_differ_by_one_sentence_at_most(count: int, tokens: int, max_tokens: int) -> None:
    lengths = [len(passage) for passage in sizes(of_words(*[tokens] * count), max_tokens)]
    assert max(lengths) - min(lengths) <= 1


def test_a_heading_goes_with_what_follows_it() -> None:
    text = f"{NINE}\nعنوان\n{NINE}"
    assert [text[passage.start:passage.end] for passage in cut(text, 10)] == [NINE, f"عنوان\n{NINE}"]


def test_a_heading_that_does_not_fit_with_its_sentence_makes_no_passage_of_more_sentences() -> None:
    text = f"{NINE}\nعنوان\n{NINE} {NINE}"
    assert sizes(text, 18) == [[9], [1, 9], [9]]
    assert sizes(text, 9) == [[9], [1, 9], [9]]


def test_chunking_is_recorded_with_every_setting() -> None:
    assert Chunking(77).as_json() == {"max_tokens": 77, "version": 2}


# ---- the texts that are embedded ----

@pytest.mark.parametrize(("title", "published", "context"), [
    (" اتفاق الدوحة ", "2020-02-29T10:00:00+03:00", "اتفاق الدوحة · 2020-02-29"),
    ("اتفاق الدوحة", "", "اتفاق الدوحة"), ("", "2020-02-29", "2020-02-29"), (" ", "", "")])
def test_title_and_day_stand_in_front_and_never_in_the_offsets(title: str, published: str, context: str) -> None:
    article = Article("a", "وصل الوفد. ثم غادر.", title, published=published)
    (passage,) = cut_passages(article, count_words, Chunking())
    assert context_of(article) == context
    assert passage_text(article, passage) == (f"{context}\n" if context else "") + article.text
    assert (passage.start, passage.end) == (0, len(article.text))
    assert [sentence_text(article, sentence) for sentence in passage.sentences] == [
        (f"{context}\n" if context else "") + sentence for sentence in ("وصل الوفد.", "ثم غادر.")]


def test_a_sentence_is_embedded_with_its_heading_and_the_line_its_list_hangs_on() -> None:
    text = "البنود\nيقضي الاتفاق بما يلي:\n- وقف النار.\n- تبادل الأسرى."
    article = Article("a", text, "اتفاق", published="2020-02-29")
    (passage,) = cut_passages(article, count_words, Chunking())
    assert [sentence_text(article, sentence) for sentence in passage.sentences] == [
        "اتفاق · 2020-02-29\nالبنود",
        "اتفاق · 2020-02-29\nالبنود\nيقضي الاتفاق بما يلي:",
        "اتفاق · 2020-02-29\nالبنود يقضي الاتفاق بما يلي:\nوقف النار.",
        "اتفاق · 2020-02-29\nالبنود يقضي الاتفاق بما يلي:\nتبادل الأسرى."]
    assert passage_text(article, passage) == f"اتفاق · 2020-02-29\n{article.text}"


@pytest.mark.parametrize(("headings", "expected"), [
    ([False, False], [0, 1]), ([True, False, True, True, False], [1, 4]), ([True], [0]), ([True, True], [0, 1])])
def test_headings_are_not_embedded_beside_sentences(headings: list[bool], expected: list[int]) -> None:
    sentences = tuple(Sentence(start, start + 1, is_heading) for start, is_heading in enumerate(headings))
    assert embedded_places(Passage("a", 0, len(headings), sentences)) == expected
