"""What training learns from: nothing that is measured or held out, and spans that cover the words they name."""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.model import adapters
from qa.evaluation.evaluate import comparable
from training import judged, ship
from training.changed import changed_question
from training.encoder import CHANGES
from training.fit_confidence import Cases, rising
from training.judged import BENCHMARK, JUDGED, group_of, lines_of
from training.reading_examples import ReadingSets, is_held_out

NEWS_PAIRS = JUDGED.with_name("news_pairs.jsonl")
ROWS = {row.split("`")[1]: row for row in JUDGED.with_name("README.md").read_text(encoding="utf-8").splitlines()
        if row.startswith("| `")}


@pytest.fixture(scope="module")
def judged_lines() -> list[dict[str, Any]]:
    return lines_of(JUDGED)


@pytest.fixture(scope="module")
def news_lines() -> list[dict[str, Any]]:
    return lines_of(NEWS_PAIRS)


def test_a_judged_near_miss_is_on_the_side_of_its_question(judged_lines: list[dict[str, Any]]) -> None:
    groups = {each["question"]: group_of(each) for each in judged_lines}
    near_misses = [each for each in judged_lines if each.get("pair") in groups]
    assert len(near_misses) > 1000
    assert [each["question"] for each in near_misses if group_of(each) != groups[each["pair"]]] == []
    sides = Counter(map(is_held_out, {*groups.values()}))
    assert 0.15 < sides[True] / sides.total() < 0.25


def test_both_of_a_news_pair_are_on_one_side(news_lines: list[dict[str, Any]]) -> None:
    pairs = defaultdict(list)
    for each in news_lines:
        if each["pair"] is not None:
            pairs[each["article_id"], each["pair"]].append(each["answerable"])
    assert len(pairs) > 4000
    assert {tuple(sorted(answerable)) for answerable in pairs.values()} == {(False, True)}
    sides = Counter(is_held_out(each["article_id"]) for each in news_lines)
    assert 0.15 < sides[True] / sides.total() < 0.25


def test_no_judged_question_is_an_everyday_one_or_has_its_answer(judged_lines: list[dict[str, Any]]) -> None:
    asked, places = set(), defaultdict(list)
    for each in lines_of(BENCHMARK):
        asked.add(comparable(each["question"]))
        for article_id, start, end in each["answers"]:
            places[article_id].append((start, end))
    assert len(asked) > 300
    assert len(judged_lines) > 8000
    assert [each["question"] for each in judged_lines if comparable(each["question"]) in asked] == []
    assert [each["question"] for each in judged_lines for article_id, start, end in each["answers"]
            if any(first < end and start < last for first, last in places[article_id])] == []


def test_the_readme_names_the_fields_of_judged_questions_and_counts_them(judged_lines: list[dict[str, Any]]) -> None:
    row = ROWS["judged.jsonl"]
    fields = set(re.findall(r"`(\w+)`", row))
    assert {frozenset(each) for each in judged_lines} == {frozenset(fields), frozenset(fields - {"pair"})}
    assert f"{len(judged_lines):,} questions" in row
    assert f"{sum(not each['answers'] for each in judged_lines):,} of them are answered by none" in row
    assert f"{sum('pair' in each for each in judged_lines):,} belong to the question in `pair`" in row
    assert {len(each["passages"]) for each in judged_lines} == {8}
    assert "eight passages" in row


def is_within(place: Sequence[Any], passages: Sequence[Sequence[Any]]) -> bool:
    article_id, start, end = place
    return any(article_id == other and first <= start < end <= last for other, first, last in passages)


def test_what_answers_a_judged_question_is_in_one_of_its_passages(judged_lines: list[dict[str, Any]]) -> None:
    places = [(answer, each["passages"]) for each in judged_lines for answer in each["answers"]]
    assert len(places) > 8000
    assert [answer for answer, passages in places if not is_within(answer, passages)] == []


def test_the_readme_counts_the_news_questions(news_lines: list[dict[str, Any]]) -> None:
    articles = {each["article_id"] for each in news_lines}
    near_misses = sum(not each["answerable"] for each in news_lines)
    assert (f"{len(news_lines):,} questions about {len(articles):,} news articles, {near_misses:,} of them near-misses"
            in ROWS["news_pairs.jsonl"])


@pytest.mark.parametrize(("change", "left_out"), [
    ({}, False),
    ({"question": "متى افتُتح الجسر"}, True),
    ({"answers": [{"article_id": "a", "sentence": [20, 40], "span": [20, 24]}]}, True),
    ({"answers": [{"article_id": "a", "sentence": [30, 50], "span": [34, 38]}]}, False),
    ({"answers": [{"article_id": "b", "sentence": [20, 40], "span": [20, 24]}]}, False)])
def test_what_the_benchmark_asks_or_marks_is_not_taken_up(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], change: dict[str, Any],
        left_out: bool) -> None:
    record = {"question": "من افتتح الجسر", "type": "who", "answers": [],
              "passages": [{"article_id": "a", "start": 0, "end": 60}]} | change
    taken, measured, given = (tmp_path / name for name in ("judged.jsonl", "everyday.jsonl", "given.jsonl"))
    taken.touch()
    measured.write_text(json.dumps({"question": "متى افتتح الجسر؟", "answers": [["a", 10, 30]]}), encoding="utf-8")
    given.write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.setattr(judged, "JUDGED", taken)
    monkeypatch.setattr(judged, "BENCHMARK", measured)
    monkeypatch.setattr(sys, "argv", ["judged", str(given)])
    judged.main()
    assert [each["question"] for each in lines_of(taken)] == ([] if left_out else [record["question"]])
    assert f"{int(left_out)} left out" in capsys.readouterr().out


ARTICLE = "افتتح الوزير الجسر يوم الأحد. وقال إن كلفته بلغت 30 مليونا. ويمتد الجسر كيلومترين فوق النهر."


def passage(article_id: str, text: str, start: int, *answers: str) -> dict[str, Any]:
    """A passage that begins at `start` of its article, with the places of the answers in the article."""
    places = [(start + text.index(answer), start + text.index(answer) + len(answer)) for answer in answers]
    return {"article_id": article_id, "title": "الجسر", "text": text, "start": start, "end": start + len(text),
            "answers": places}


def sets_of(count: int) -> ReadingSets:
    """`count` records of each kind, each of a group of its own; the answer of each is its kind's, below."""
    other = passage("other", "هطلت أمطار غزيرة على العاصمة مساء أمس.", 0)
    news: list[dict[str, Any]] = []
    for number in range(count):
        article_id = f"article {number}"
        own = passage(article_id, ARTICLE, 100, "30 مليونا")
        about = {"article_id": article_id, "pair": number, "passages": [own, other]}
        news += [about | {"id": f"n{number}", "question": f"كم كلف الجسر {number}؟", "answerable": True,
                          "answers": own["answers"]},
                 about | {"id": f"u{number}", "question": f"كم كلف النفق {number}؟", "answerable": False, "answers": [],
                          "near": [130, 159]}]
    asked = [{"question": f"متى افتتح الجسر {number}؟",
              "passages": [passage("a", ARTICLE, 50, "يوم الأحد", "افتتح الوزير الجسر يوم الأحد."), other]}
             for number in range(count)]
    missed = [{"question": f"متى أغلق الجسر {number}؟", "pair": each["question"], "passages": [other]}
              for number, each in enumerate(asked)]
    squad = [{"question": f"كم يمتد الجسر {number}؟", "title": f"جسر {number}", "context": ARTICLE,
              "answers": [{"text": "كيلومترين", "start": ARTICLE.index("كيلومترين")}]} for number in range(count)]
    return ReadingSets({"arcd-train": squad}, news, asked + missed)


# The words that answer, by questions without number, hamza and dots: some are trained on as many type them.
NAMED = {"كم كلف الجسر": {"30 مليونا"}, "متي افتتح الجسر": {"يوم الأحد", "افتتح الوزير الجسر يوم الأحد."},
         "كم يمتد الجسر": {"كيلومترين"}}


@pytest.mark.parametrize("alone", [False, True])
def test_what_is_held_out_is_never_trained_on(alone: bool) -> None:
    sets = sets_of(60)
    trained, held_out = (sets.examples("7", held_out=held_out, alone=alone) for held_out in (False, True))
    groups = [{example.pair or f"{example.title} {example.question}" for example in each}
              for each in (trained, held_out)]
    assert min(map(len, groups)) > 10
    assert groups[0] & groups[1] == set()
    # A question and its near miss carry one number, so that a kind's number is on one side alone.
    judged_numbers = [{re.findall(r"\d+", example.question)[0] for example in each if example.question[:2] == "مت"}
                      for each in (trained, held_out)]
    assert len(judged_numbers[0]) + len(judged_numbers[1]) == 60
    assert judged_numbers[0] & judged_numbers[1] == set()


@pytest.mark.parametrize("alone", [False, True])
def test_spans_cover_the_words_that_answer_and_only_where_something_does(alone: bool) -> None:
    examples = sets_of(60).examples("7", held_out=False, alone=alone)
    covered: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        spans = [each for each in (example.span, *example.also) if each is not None]
        covered[re.sub(r" \d+؟", "", example.question.translate(str.maketrans("أإآىة", "ااايه")))] |= {
            example.passage[start:end] for start, end in spans}
    answered = {question: words for question, words in covered.items() if words}
    assert answered == NAMED
    assert {question for question, words in covered.items() if not words} >= {"كم كلف النفق", "متي اغلق الجسر"}


QUESTION = "كم قتيلا سقط في دمشق في مايو 2017 وفي ٣ قرى قبل يوم السبت؟"
PASSAGE = "سقط 14 قتيلا في دمشق في مايو 2017 وفي ٣ قرى قبل هجوم السبت، مع ٥ جرحى في حلب"


def test_what_other_evidence_counts_goes_with_the_passages_that_were_read() -> None:
    question = next(each for each in sets_of(60).judged if not is_held_out(group_of(each)))
    sets = ReadingSets({}, [], [question], {question["question"]: [(1, [(0, -2.5), (12, 4.0)]), (0, [])]})
    examples = sets.examples("7", held_out=False)
    assert {(example.passage, example.beside) for example in examples} == {
        (question["passages"][1]["text"], ((0, -2.5), (12, 4.0))), (question["passages"][0]["text"], ())}


def test_a_question_is_weighed_above_its_near_miss_though_that_seems_as_likely() -> None:
    # What "shared" counts is right as often as not among pairs; "read" tells them apart, but is right less often.
    shared = np.array([2.0, 2.1, 1.9, 2.0, 3.0, 3.2, -3.0, -2.8])
    read = np.array([1.0, -1.0, 0.8, -0.8, -0.5, -0.4, 0.4, 0.5])
    right = np.array([True, False, True, False, True, True, False, False])
    cases = Cases({"shared": shared, "read": read}, right, right, np.zeros(8, bool), np.ones(8),
                  np.array([*"abcdefgh"]), np.array(["one", "one", "two", "two", "", "", "", ""]))
    assert cases.apart().tolist() == [[0, 1], [2, 3]]

    def lead(of_pairs: float) -> float:
        weighed = rising(cases, ["shared", "read"], right, of_pairs=of_pairs)
        return weighed.logit({"shared": 2.0, "read": 1.0}) - weighed.logit({"shared": 2.1, "read": -1.0})

    assert lead(5.0) > lead(0.0) + 0.5


def test_a_changed_question_differs_in_one_value_that_the_passage_has() -> None:
    before = re.findall(r"\w+", QUESTION)
    changed_words = set()
    for seed in range(200):
        changed = changed_question(QUESTION, PASSAGE, random.Random(seed))
        assert changed is not None
        after = re.findall(r"\w+", changed)
        assert len(after) == len(before)
        ((old, new),) = ((one, other) for one, other in zip(before, after, strict=True) if one != other)
        assert old in re.findall(r"\w+", PASSAGE)
        assert old.isdecimal() == new.isdecimal()
        assert old.isascii() == new.isascii()
        changed_words.add(old)
    assert changed_words == {"دمشق", "مايو", "2017", "٣", "قبل", "السبت"}


@pytest.mark.parametrize("passage", ["", "سقط قتلى في حلب في يونيو 2016", "May 2018"])
def test_a_question_whose_values_the_passage_lacks_is_not_changed(passage: str) -> None:
    assert changed_question(QUESTION, passage, random.Random(1)) is None


MATRIX = "encoder.layer.0.attention.self.query.weight"


def checkpoint(folder: Path, seed: int, examples: int, rank: int = 5) -> list[NDArray[np.float32]]:
    """Write a checkpoint as training does; return how a matrix of 5 x 6 differs from the model's own, and the head."""
    folder.mkdir()
    draw = np.random.default_rng(seed)
    high, low, head = (draw.normal(size=shape).astype(np.float32) for shape in ((5, rank), (rank, 6), (2, 6)))
    save_file({MATRIX: (high @ low).astype(np.float16)}, folder / CHANGES)
    save_file({"span.weight": head}, folder / "heads.safetensors")
    (folder / "progress.json").write_text(json.dumps({"examples": examples}))
    return [high @ low, head]


def shipped(folder: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, NDArray[Any]]:
    monkeypatch.setattr(ship, "TRAINED", folder)
    monkeypatch.setattr(ship, "MANIFEST", folder / "trained.json")
    monkeypatch.setattr(adapters, "files", lambda _package: folder)
    monkeypatch.setattr(sys, "argv", ["ship", "reader", *arguments, "--note", "a test"])
    ship.main()
    found: dict[str, NDArray[Any]] = load_file(folder / "reader.safetensors")
    return found


def assert_close(found: Mapping[str, NDArray[Any]], wanted: NDArray[np.float32]) -> None:
    """Assert that the adapters add this matrix, but for what int8 and float16 take."""
    added = adapters.changes(dict(found))[MATRIX]
    assert np.linalg.norm(added - wanted) < 0.01 * np.linalg.norm(wanted)


def test_what_ships_of_several_checkpoints_is_their_mean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other, before = (checkpoint(tmp_path / name, seed, examples) for seed, (name, examples) in enumerate(
        [("one", 30), ("other", 20), ("before", 10)]))
    shipped(tmp_path, str(tmp_path / "before"), monkeypatch=monkeypatch)
    found = shipped(tmp_path, str(tmp_path / "one"), str(tmp_path / "other"), "--kept", "0.4", monkeypatch=monkeypatch)
    change, head = (0.3 * of_one + 0.3 * of_other + 0.4 * of_before
                    for of_one, of_other, of_before in zip(one, other, before, strict=True))
    assert_close(found, change)
    np.testing.assert_allclose(found["span.weight"], head, atol=1e-6)
    assert {tensor.dtype for name, tensor in found.items() if name.endswith(("lora_a", "lora_b"))} == {np.dtype("int8")}
    assert json.loads((tmp_path / "trained.json").read_text())["reader.safetensors"]["examples"] == 30


def test_a_share_of_a_checkpoint_ships_with_its_whole_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change, head = checkpoint(tmp_path / "one", 1, 30)
    found = shipped(tmp_path, str(tmp_path / "one"), "--share", "0.5", monkeypatch=monkeypatch)
    assert_close(found, 0.5 * change)
    np.testing.assert_array_equal(found["span.weight"], head)


def test_adapters_of_a_lower_rank_are_the_closest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change, _ = checkpoint(tmp_path / "one", 1, 30)
    found = shipped(tmp_path, str(tmp_path / "one"), "--rank", "2", monkeypatch=monkeypatch)
    left, values, right = np.linalg.svd(change)
    assert_close(found, left[:, :2] * values[:2] @ right[:2])


def test_adapters_have_no_higher_rank_than_what_was_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change, _ = checkpoint(tmp_path / "one", 1, 30, rank=2)
    found = shipped(tmp_path, str(tmp_path / "one"), monkeypatch=monkeypatch)
    assert {tensor.shape for name, tensor in found.items() if name.endswith(("lora_a", "lora_b"))} == {(2, 6), (5, 2)}
    assert_close(found, change)
