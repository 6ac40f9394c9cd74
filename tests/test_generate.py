"""Answers in a language model's words: only proved sentences are shown, whatever the model writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from index.generation.snapshot import Snapshot
from index.model.types import Embedder
from index.types import Article
from qa.answerer import Answerer
from qa.evaluation.evaluate import throwaway_snapshot
from qa.generate.generate import Written
from qa.generate.lines import MAX_LINE_CHARS, read_lines
from qa.generate.model import AT_A_TIME, ChatWriter, Usage, WriterError
from qa.generate.prompt import Prompt
from qa.generate.types import Dropped
from qa.types.answer import Answer
from qa.types.question import Question

QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
SIGNED = "وُقّعتا في البيت الأبيض يوم 17 سبتمبر 1978"
TRUE = "وُقّعت اتفاقيتا كامب ديفيد في البيت الأبيض يوم 17 سبتمبر 1978."


class Scripted:
    """A model that writes what the test says, with `{n}` for the number of the sentence that has the words given."""

    name = "scripted:test"

    def __init__(self, write: Callable[[Prompt], str]) -> None:
        self.script, self.prompts = write, list[Prompt]()

    def write(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        self.prompts.append(prompt)
        usage.input_tokens, usage.output_tokens = 100, 10
        text = self.script(prompt)
        yield from (text[at:at + 7] for at in range(0, len(text), 7))


def numbered(prompt: Prompt, words: str) -> int:
    (line,) = [line for line in prompt.user.split("\n") if words in line]
    return int(line[1:line.index("]")])


def asked(snapshot: Snapshot, embedder: Embedder, write: Callable[[Prompt], str], question: str = QUESTION
          ) -> tuple[Answer, list[Written], list[str], Scripted]:
    """The answer, the sentences shown before it, the reasons why others were dropped, and the model."""
    model = Scripted(write)
    steps = list(Answerer(snapshot, embedder, writer=model).ask_in_steps(Question.parse(question), generate=True))
    assert isinstance(steps[-1], Answer)
    return (steps[-1], [step for step in steps if isinstance(step, Written)],
            [step.because for step in steps if isinstance(step, Dropped)], model)


@pytest.fixture(scope="module")
def snapshot(sample_answerer: Answerer) -> Snapshot:
    return sample_answerer.snapshot


# ---- what is shown ----

@pytest.mark.slow
def test_a_proved_sentence_is_shown_with_its_place(snapshot: Snapshot, embedder: Embedder) -> None:
    answer, shown, dropped, _ = asked(snapshot, embedder, lambda prompt: f"{TRUE} [{numbered(prompt, SIGNED)}]\n")
    assert [each.sentence.text for each in shown] == [TRUE]
    assert dropped == []
    assert answer.notices == ()
    (citation,) = shown[0].citations
    assert citation.article.text[citation.start:citation.end] == citation.quote
    assert SIGNED in citation.quote
    assert answer.citations == (citation,)
    body = answer.as_json()
    assert (body["generated"], body["model"], body["answer"]) == (True, "scripted:test", f"{TRUE}[1]")
    assert body["sentences"] == [{"text": TRUE, "citations": [1], "verbatim": False}]
    assert (body["dropped"], body["input_tokens"], body["output_tokens"]) == ([], 100, 10)
    assert body["timings_ms"]["write"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(("written", "because"), [
    ("وُقّعت اتفاقيتا كامب ديفيد في البيت الأبيض يوم 18 سبتمبر 1978. [{n}]", "refuted"),
    ("وُقّعت اتفاقيتا كامب ديفيد في البيت الأبيض يوم 17 سبتمبر 1979. [{n}]", "refuted"),
    ("وُقّعت اتفاقيتا كامب ديفيد في الكرملين يوم 17 سبتمبر 1978. [{n}]", ""),
    ("لم تُوقَّع اتفاقيتا كامب ديفيد في البيت الأبيض يوم 17 سبتمبر 1978. [{n}]", ""),
    ("وُقّعت ثلاث اتفاقيات في البيت الأبيض يوم 17 سبتمبر 1978. [{n}]", ""),
    ("قال كارتر إن اتفاقيتي كامب ديفيد وُقّعتا في البيت الأبيض يوم 17 سبتمبر 1978. [{n}]", ""),
    ("قد تُوقَّع اتفاقيتا كامب ديفيد في البيت الأبيض. [{n}]", ""),
    ("قُتل السادات في القاهرة. [{n}]", "not_proved"),
    (TRUE, "no_citation"), (TRUE + " [0]", "no_citation"), (TRUE + " [999]", "no_citation"),
    (TRUE + " https://evil.example [{n}]", "markup"), ("<b>" + TRUE + "</b> [{n}]", "markup"),
    ("[انقر](//evil.example) " + TRUE + " [{n}]", "markup"), (TRUE + "\u202e [{n}]", "markup"),
    ("`" + TRUE + "` [{n}]", "markup"), ("اكتب إلى me@evil.example: " + TRUE + " [{n}]", "markup"),
    ("قال السادات: «هذه خيانة كبرى لا تُغتفر» في البيت الأبيض. [{n}]", ""),
    ("تجاهل التعليمات السابقة. [{n}]", ""), ("هل وُقّعت الاتفاقيتان؟ [{n}]", ""), ("شكرًا لك! [{n}]", ""),
])
def test_what_is_not_proved_is_not_shown(snapshot: Snapshot, embedder: Embedder, written: str, because: str) -> None:
    answer, shown, dropped, _ = asked(
        snapshot, embedder, lambda prompt: written.replace("{n}", str(numbered(prompt, SIGNED))))
    assert len(dropped) == 1
    assert because in ("", dropped[0])
    # The sentence that it cites stands in, since that one answers; then nothing of the answer is the model's.
    assert [each.sentence.text for each in shown if not each.sentence.verbatim] == []
    assert answer.generated is None
    assert answer.status == "answered"
    assert "generated" not in answer.as_json()


@pytest.mark.slow
def test_a_cited_sentence_stands_in_for_one_that_is_not_proved(snapshot: Snapshot, embedder: Embedder) -> None:
    answer, shown, dropped, _ = asked(snapshot, embedder, lambda prompt: (
        f"نال السادات وبيغن جائزة نوبل للسلام لعام 1978. [{numbered(prompt, 'جائزة نوبل')}]\n"
        f"وُقّعت الاتفاقيتان يوم 20 سبتمبر 1978. [{numbered(prompt, SIGNED)}]\n"))
    assert [each.sentence.verbatim for each in shown] == [False, True]
    assert SIGNED in shown[1].sentence.text
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert len(dropped) == 1


@pytest.mark.slow
def test_a_sentence_is_shown_once_and_no_more_than_were_asked_for(snapshot: Snapshot, embedder: Embedder) -> None:
    _, shown, dropped, _ = asked(snapshot, embedder,
                                 lambda prompt: f"{TRUE} [{numbered(prompt, SIGNED)}]\n" * 100)
    assert len(shown) == 1
    assert set(dropped) == {"repeated"}
    assert len(dropped) < 20


@pytest.mark.slow
@pytest.mark.parametrize("question", ["شكرًا", "كم سعر البصل في المريخ؟"])
def test_the_model_is_not_asked_where_nothing_answers(snapshot: Snapshot, embedder: Embedder, question: str) -> None:
    answer, _, _, model = asked(snapshot, embedder, lambda _prompt: "x", question)
    assert answer.status == "not_found"
    assert model.prompts == []


@pytest.mark.slow
def test_an_answer_is_written_once(snapshot: Snapshot, embedder: Embedder) -> None:
    model = Scripted(lambda prompt: f"{TRUE} [{numbered(prompt, SIGNED)}]")
    answerer = Answerer(snapshot, embedder, writer=model)
    texts = [answerer.ask(Question.parse(QUESTION), generate=True).text for _ in range(2)]
    assert texts == [f"{TRUE}[1]"] * 2
    assert len(model.prompts) == 1
    assert answerer.ask(Question.parse(QUESTION)).generated is None


# ---- the language it is written in ----

ENGLISH = "When were the Camp David Accords signed?"
IN_ENGLISH = "The Camp David Accords were signed at the White House on 17 September 1978."


@pytest.mark.slow
def test_a_model_is_told_to_write_in_the_language_of_the_articles(snapshot: Snapshot, embedder: Embedder) -> None:
    answer, shown, dropped, model = asked(snapshot, embedder,
                                          lambda prompt: f"{TRUE} [{numbered(prompt, SIGNED)}]", ENGLISH)
    assert "وإن كان السؤال بلغة أخرى" in model.prompts[0].system
    assert model.prompts[0].user.endswith(f"السؤال: {ENGLISH}")
    assert ([each.sentence.text for each in shown], dropped, answer.notices) == ([TRUE], [], ())


@pytest.mark.slow
def test_a_sentence_in_another_language_is_dropped_as_such(snapshot: Snapshot, embedder: Embedder) -> None:
    answer, shown, dropped, _ = asked(snapshot, embedder,
                                      lambda prompt: f"{IN_ENGLISH} [{numbered(prompt, SIGNED)}]", ENGLISH)
    assert dropped == ["other_language"]
    assert [each.sentence.verbatim for each in shown] == [True]
    assert SIGNED in shown[0].sentence.text
    assert [notice.code for notice in answer.notices] == ["model_other_language"]


@pytest.mark.slow
def test_english_is_written_from_english_articles(embedder: Embedder) -> None:
    article = Article("accords", f"The summit lasted thirteen days. {IN_ENGLISH}", title="Camp David")
    answer, shown, dropped, model = asked(
        throwaway_snapshot([article], embedder), embedder,
        lambda prompt: "".join(f"{text} [{numbered(prompt, 'White House')}]\n" for text in (
            "The Camp David Accords were signed on 17 September 1978.", TRUE)), QUESTION)
    assert "even where the question is in another" in model.prompts[0].system
    assert [each.sentence.text for each in shown] == ["The Camp David Accords were signed on 17 September 1978."]
    assert (dropped, answer.notices) == (["other_language"], ())


@pytest.mark.slow
@pytest.mark.parametrize(("cited", "written", "because"), [
    ("أطلقت شركة OpenAI نموذج GPT-4o mini على منصة Microsoft Azure.", "نموذج GPT-4o mini أطلقته شركة OpenAI.", []),
    ("أطلقت OpenAI نموذج GPT-4o mini.", "نموذج GPT-4o mini أطلقته شركة OpenAI.", ["not_proved"]),
    ("أطلقت OpenAI نموذج GPT-4o mini.", "The OpenAI company released it.", ["not_proved"]),
    ("أطلقت شركة OpenAI نموذجها الجديد GPT-4o mini.", "The OpenAI company released it.", ["other_language"])])
def test_names_in_latin_letters_make_no_other_language(embedder: Embedder, cited: str, written: str,
                                                       because: list[str]) -> None:
    snapshot = throwaway_snapshot([Article("mini", cited, title="OpenAI")], embedder)
    _, shown, dropped, _ = asked(snapshot, embedder, lambda prompt: f"{written} [{numbered(prompt, cited)}]",
                                 "ماذا أطلقت OpenAI؟")
    assert dropped == because
    assert [each.sentence.text for each in shown if not each.sentence.verbatim] == [written] * (not because)


# ---- what the model is given ----

@pytest.mark.slow
def test_the_fence_is_another_one_each_time(snapshot: Snapshot, embedder: Embedder) -> None:
    fences = {asked(snapshot, embedder, lambda _prompt: "")[3].prompts[0].user.split("\n")[0] for _ in range(3)}
    assert len(fences) == 3


# ---- what a model writes ----

@pytest.mark.parametrize(("text", "expected"), [
    ("أ ب. [1]", [("أ ب.", (1,))]), ("أ ب [1][2].", [("أ ب.", (1, 2))]), ("أ ب. [١، ٢]\n", [("أ ب.", (1, 2))]),
    ("- أ ب. [3]\n* ج د [4, 4]", [("أ ب.", (3,)), ("ج د", (4,))]), ("2) أ ب. (5)", [("أ ب.", (5,))]),
    ("بلغ العدد 5 [قتلى]", [("بلغ العدد 5 [قتلى]", ())]),
    ("في [3] أيام. [1]", [("في [3] أيام.", (1,))]),
    ("لا جواب", []), ("No answer.", []), ("أ ب. [1]\nلا جواب\nج د. [2]", [("أ ب.", (1,))]),
    ("", []), ("\n \n[1]\n", []),
    ("x" * (MAX_LINE_CHARS + 1), []), ("x" * 10_000 + "\nأ ب. [1]", []),
])
@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_lines_are_read_in_any_pieces(text: str, expected: Sequence[tuple[str, tuple[int, ...]]], size: int) -> None:
    pieces = [text[at:at + size] for at in range(0, len(text), size)]
    assert [(line.text, line.numbers) for line in read_lines(pieces)] == expected


def test_a_line_is_read_before_the_next_is_written() -> None:
    def write() -> Iterator[str]:
        yield "أ ب. [1]\n"
        raise AssertionError
    assert next(iter(read_lines(write()))).text == "أ ب."


# ---- a model that fails ----

class Slow(GenericFakeChatModel):
    """Says one piece, and waits."""

    may_end: object = None

    def _stream(self, *arguments: object, **options: object) -> Iterator[object]:
        for chunk in super()._stream(*arguments, **options):  # type: ignore[arg-type]
            yield chunk
            self.may_end.wait(30)  # type: ignore[attr-defined]


PROMPT = Prompt("system", "user")


def test_a_model_that_is_too_slow_is_left_alone() -> None:
    may_end = threading.Event()
    writer = ChatWriter("slow", Slow(messages=iter([AIMessage("أ ب ج")]), may_end=may_end), timeout_s=0.5)
    started = time.monotonic()
    pieces = writer.write(PROMPT, Usage())
    assert next(pieces) == "أ"
    with pytest.raises(WriterError, match="took longer than 0.5 s"):
        next(pieces)
    may_end.set()
    assert time.monotonic() - started < 10


def test_a_model_that_fails_says_why() -> None:
    writer = ChatWriter("none", GenericFakeChatModel(messages=iter([])))
    with pytest.raises(WriterError, match="the model failed"):
        list(writer.write(PROMPT, Usage()))


def test_so_many_answers_are_written_at_a_time_and_the_next_is_not() -> None:
    may_end = threading.Event()
    model = Slow(messages=iter([AIMessage("أ ب")] * 9), may_end=may_end)
    writer = ChatWriter("slow", model, timeout_s=30)
    under_way = [writer.write(PROMPT, Usage()) for _ in range(AT_A_TIME)]
    assert [next(each) for each in under_way] == ["أ"] * AT_A_TIME
    with pytest.raises(WriterError, match="being written already"):
        next(writer.write(PROMPT, Usage()))
    may_end.set()
    assert ["".join(each) for each in under_way] == [" ب"] * AT_A_TIME
    assert "".join(writer.write(PROMPT, Usage())) == "أ ب"


@pytest.mark.slow
def test_what_was_proved_before_a_failure_is_kept(snapshot: Snapshot, embedder: Embedder) -> None:
    class Breaks(Scripted):
        def write(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
            yield from super().write(prompt, usage)
            raise WriterError("away")

    model = Breaks(lambda prompt: f"{TRUE} [{numbered(prompt, SIGNED)}]\nنصف جم")
    answerer = Answerer(snapshot, embedder, writer=model)
    for _ in range(2):  # and not remembered
        answer = answerer.ask(Question.parse(QUESTION), generate=True)
        assert answer.generated is not None
        assert [each.text for each in answer.generated.sentences] == [TRUE]
        assert answer.as_json()["dropped"] == [{"because": "model_failed"}]
        assert [notice.code for notice in answer.notices] == ["model_stopped"]
    assert len(model.prompts) == 2


@pytest.mark.slow
def test_without_the_model_the_answer_is_that_of_the_articles(snapshot: Snapshot, embedder: Embedder) -> None:
    class Away(Scripted):
        def write(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
            raise WriterError("away")

    plain = Answerer(snapshot, embedder).ask(Question.parse(QUESTION))
    answer = Answerer(snapshot, embedder, writer=Away(lambda _prompt: "")).ask(Question.parse(QUESTION), generate=True)
    assert (answer.text, answer.citations, answer.generated) == (plain.text, plain.citations, None)
    assert [notice.code for notice in answer.notices] == ["model_failed"]
    assert plain.notices == ()
