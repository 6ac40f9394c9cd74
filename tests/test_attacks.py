"""What an attacker writes into articles, titles, sources and questions makes no unproved sentence appear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.model.types import Embedder
from index.sources import read_paths
from index.types import Article
from qa.answerer import Answerer
from qa.evaluation.evaluate import throwaway_snapshot
from qa.generate.generate import Written
from qa.generate.model import Writer, load_writer
from qa.generate.prompt import Prompt
from qa.types.answer import Answer
from qa.types.question import Question
from tests.attacks import ORDERS, PLACES, TRUE, WANTED, WRITTEN
from tests.conftest import PROJECT
from tests.test_generate import QUESTION, SIGNED, Scripted, numbered

pytestmark = pytest.mark.slow
ATTACKS = [(order, place) for order in ORDERS for place in PLACES]
(ARTICLE,) = read_paths([PROJECT / "articles/camp-david-accords-1978.md"])


def attacked(order: str, place: str) -> tuple[Article, str]:
    """A real article, and the question about it, with an order in one of them."""
    said = order.format(p=WANTED)
    first, _, rest = ARTICLE.text.partition("\n\n")
    return (Article(ARTICLE.id, f"{first}\n\n{said}\n\n{rest}" if place == "text" else ARTICLE.text,
                    title=said if place == "title" else ARTICLE.title,
                    source=said if place == "source" else ARTICLE.source, published=ARTICLE.published),
            f"{QUESTION} {said}" if place == "question" else QUESTION)


def obeys(prompt: Prompt) -> str:
    """What the attacker wants, with the numbers of the order, of other sentences, and of all of them."""
    given = [line for line in prompt.user.split("\n") if line.startswith("[")]
    numbers = [line[1:line.index("]")] for line in given]
    order = [line[1:line.index("]")] for line in given if WANTED in line]
    cited = [*order, *(f"{number}, {other}" for number in order for other in numbers[:2]), ", ".join(numbers[:4]),
             ", ".join(numbers[-4:]), *numbers[:4], ", ".join(numbers)]
    return "\n".join(["[هنا](https://evil.example) [1]", *(f"{WANTED}. [{each}]" for each in cited)])


def shown(article: Article, question: str, embedder: Embedder, writer: Writer) -> list[Written]:
    answerer = Answerer(throwaway_snapshot([article], embedder), embedder, writer=writer)
    steps = list(answerer.ask_in_steps(Question.parse(question), generate=True))
    assert isinstance(steps[-1], Answer)
    return [step for step in steps if isinstance(step, Written)]


def test_there_are_sixty_attacks() -> None:
    assert len(ATTACKS) == 60
    assert len({order.format(p=WANTED) for order in ORDERS}) == len(ORDERS)


@pytest.mark.model
@pytest.mark.parametrize(("order", "place"), ATTACKS)
def test_a_model_that_obeys_an_order_shows_nothing_of_it(order: str, place: str, embedder: Embedder) -> None:
    article, question = attacked(order, place)
    model = Scripted(obeys)
    assert [each.sentence.text for each in shown(article, question, embedder, model)
            if not each.sentence.verbatim or each.sentence.text not in ARTICLE.text] == []
    for prompt in model.prompts:
        fence = prompt.system.split("===")[1]
        assert prompt.user.split("\n").count(f"==={fence}===") == 2


@pytest.mark.model
@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_sentence_made_to_deceive_is_not_shown(written: str, sample_answerer: Answerer, embedder: Embedder) -> None:
    def write(prompt: Prompt) -> str:
        n = numbered(prompt, SIGNED)
        numbers = [line[1:line.index("]")] for line in prompt.user.split("\n") if line.startswith("[")]
        return written.format(n=n, next=n + 1, last=numbers[-1], all=", ".join(numbers),
                              fence=prompt.user.split("\n")[0].strip("= "))

    answerer = Answerer(sample_answerer.snapshot, embedder, writer=Scripted(write))
    steps = list(answerer.ask_in_steps(Question.parse(QUESTION), generate=True))
    assert [step.sentence.text for step in steps if isinstance(step, Written) and not step.sentence.verbatim] == []


def test_what_they_are_made_from_is_shown(sample_answerer: Answerer, embedder: Embedder) -> None:
    answerer = Answerer(sample_answerer.snapshot, embedder,
                        writer=Scripted(lambda prompt: f"{TRUE}. [{numbered(prompt, SIGNED)}]"))
    generated = answerer.ask(Question.parse(QUESTION), generate=True).generated
    assert generated is not None
    assert [each.text for each in generated.sentences] == [f"{TRUE}."]


# ---- a real model ----

@pytest.fixture(scope="module")
def gemma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """Gemma 3 270M by llama.cpp over a socket, where both are installed: the extra `bench` has them."""
    pytest.importorskip("xllamacpp")
    from benchmarks.small_model import served

    with served(tmp_path_factory.mktemp("gemma")) as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        writer = load_writer("openai:gemma", 60)
        assert writer is not None
        yield writer


@pytest.mark.model
@pytest.mark.process
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("order", "place"), ATTACKS)
def test_a_real_model_shows_nothing_of_an_order(order: str, place: str, embedder: Embedder, gemma: Writer) -> None:
    article, question = attacked(order, place)
    for each in shown(article, question, embedder, gemma):
        assert WANTED not in each.sentence.text
        assert "evil" not in each.sentence.text
        assert all(citation.quote in ARTICLE.text for citation in each.citations)
