"""The `musnad` command: what it prints, where, and its exit codes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import build_index
from index.generation.snapshot import open_snapshot
from index.types import Article
from qa import cli
from qa.answer.thresholds import ANSWERED_FROM
from qa.evaluation import command as eval_command
from qa.types.answer import Answer, Premise, ShortAnswer
from qa.types.citation import Citation, ItemsLeftOut, Place
from qa.types.index_state import IndexState
from qa.types.question import Question
from tests.conftest import PROJECT
from tests.fakes import WordEmbedder
from web.command import Opener

ASKED = "متى وُقّعت اتفاقيتا كامب ديفيد؟"


def test_ask_prints_cited_sentences(sample_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", ASKED, "--index-dir", str(sample_index)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "1978" in lines[0]
    assert lines[1] == ""
    assert lines[2].endswith(" [1]")
    assert lines[0] in lines[2]
    assert lines[3].startswith("    [1] camp-david-accords-1978 ")
    assert lines[-1].startswith("confidence 0.")


def test_a_list_is_printed_below_what_it_hangs_on_with_what_is_left_out_and_its_other_places() -> None:
    article = Article("p", "والكواكب الصخرية هي:\n- عطارد\n- الزهرة\n- الأرض", "الكواكب", "مجلة",
                      published="2020-01-02")
    copy = Article("c", "نسخة: عطارد")
    citations = (Citation(1, article, 23, 28, (0, 20), (Place(copy, 6, 11),)),
                 Citation(2, article, 31, 37, (0, 20), (), ItemsLeftOut(1, 40, 45)))
    answer = Answer(Question("ما الكواكب؟"), "answered", 0.5, citations, (), IndexState("g", 2, 2))
    assert cli.as_text(answer).splitlines() == [
        "(والكواكب الصخرية هي:)", "عطارد [1]", "    [1] p 23-28  الكواكب, مجلة, 2020-01-02", "الزهرة [2]",
        "    [2] p 31-37  الكواكب, مجلة, 2020-01-02", "    1 more in the list: p 40-45  الكواكب, مجلة, 2020-01-02",
        "    also in c 6-11", "confidence 0.50"]


def test_not_found_is_an_answer(sample_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "من هو ملك الدنمارك؟", "--index-dir", str(sample_index)]) == 0
    assert capsys.readouterr().out.startswith("Not found in these articles.\nThe closest passages:\n")


def test_search_prints_a_line_a_passage_within_the_filters(sample_index: Path,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["search", "اتفاق", "--index-dir", str(sample_index), "--top-k", "3", "--from", "2022-01-01",
                     "--to", "2023-12-31", "--source", "مُسنَد", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert all("2022-01-01" <= hit["published"] <= "2023-12-31" for hit in hits)


def test_verify_prints_the_verdict_its_places_and_what_differs(sample_index: Path,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    quote = "التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء"
    assert cli.main(["verify", quote, "--speaker", "ريابكوف", "--index-dir", str(sample_index)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "altered (speaker confirmed)"
    assert lines[1] == "التواصل الروسي الأمريكي يجري حاليًا على مستوى الخبراء [1]"
    assert lines[2].startswith("    [1] abu-dhabi-trilateral-talks-2026 ")
    assert lines[3:] == ["    said by: ريابكوف", "replaced [1]: quoted 'غدا', written 'حاليًا'"]


def test_verify_prints_what_the_endpoint_returns(sample_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "nobody ever said that", "--json", "--index-dir", str(sample_index), "--from",
                     "2020-01-01"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["quote", "speaker", "verdict", "attribution", "citations", "differences", "speakers",
                            "index", "timings_ms"]
    assert (answer["verdict"], answer["citations"]) == ("absent", [])


@pytest.mark.parametrize(("arguments", "code", "message"), [
    (["verify", "كلمة واحدة"], 2, "musnad: the quote has fewer than 3 words; quote 3 at least\n"),
    (["ask", "  "], 2, "musnad: the question is empty; type a question\n"),
    (["ask", "؟"], 2, "musnad: the question holds no word; ask with words\n"),
    (["search", "سلام", "--top-k", "0"], 2, "musnad: top_k is 0; it must be from 1 to 100\n"),
    (["ask", "سلام", "--index-dir", "nowhere"], 1, "musnad: nowhere holds no index; build one with: python "
                                                   "build_index.py PATH... --index-dir nowhere\n"),
    (["eval", "squad", "nothing.json"], 1, "musnad: [Errno 2] No such file or directory: 'nothing.json'\n"),
    (["eval", "beir", "nowhere"], 1, "musnad: [Errno 2] No such file or directory: 'nowhere/corpus.jsonl'\n"),
    (["eval", "questions", "nothing.jsonl"], 1, "musnad: [Errno 2] No such file or directory: 'nothing.jsonl'\n"),
    (["eval", "squad", "x", "--floors", "no.toml"], 1, "musnad: [Errno 2] No such file or directory: 'no.toml'\n"),
])
def test_what_cannot_be_done_is_said_on_standard_error(arguments: list[str], code: int, message: str,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == code
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", message)


@pytest.mark.parametrize("arguments", [[], ["ask"], ["ask", "سلام", "--from", "yesterday"], ["eval", "other", "f"],
                                       ["eval", "squad", "f", "--sample", "0"], ["eval", "beir"]])
def test_bad_usage_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        cli.main(arguments)
    assert exited.value.code == 2


@pytest.mark.parametrize("command", [[sys.executable, "-m", "qa"], [str(Path(sys.executable).parent / "musnad")]])
def test_the_command_prints_what_the_endpoint_returns(command: list[str], sample_index: Path) -> None:
    done = subprocess.run([*command, "ask", ASKED, "--json"], cwd=PROJECT, capture_output=True, text=True, check=True,
                          env={**os.environ, "MUSNAD_INDEX_DIR": str(sample_index)})
    answer = json.loads(done.stdout)
    assert list(answer) == ["question", "status", "answer", "short_answer", "premise", "confidence", "citations",
                            "passages", "passages_read", "index", "timings_ms"]
    assert (answer["status"], answer["citations"][0]["article_id"]) == ("answered", "camp-david-accords-1978")


def test_a_folder_that_holds_no_model_is_refused(sample_index: Path, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "سلام", "--index-dir", str(sample_index), "--model", str(tmp_path)]) == 1
    assert f"the model {str(tmp_path)!r} cannot be loaded" in capsys.readouterr().err


def test_an_index_of_another_model_is_refused_with_both_names(
        sample_index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.opening.load_embedder", lambda name, runtime, report: WordEmbedder(name=name))
    assert cli.main(["ask", "سلام", "--index-dir", str(sample_index), "--model", "other-model"]) == 1
    assert capsys.readouterr().err.startswith("musnad: the index was built with the model name multilingual-e5-small, "
                                              "this program runs other-model; ")


def test_bytes_that_are_not_text_are_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "\udcff\udcfe"]) == 2
    assert capsys.readouterr().err == "musnad: the question holds bytes that are not text; send plain UTF-8 text\n"


MEASURES = ["passages", "questions", "recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10", "answer_sentence@1",
            "answer_sentence@3", "no_answer_auroc", "expected_calibration_error", "answered", "answered_without",
            "seconds", "span_em", "span_f1"]


def write_squad(path: Path, *questions: str) -> Path:
    asked = [{"question": question, "answers": [{"text": "1945"}]} for question in questions]
    path.write_text(json.dumps({"data": [{"paragraphs": [{"context": "انتهت الحرب عام 1945.", "qas": asked}]}]}),
                    encoding="utf-8")
    return path


def test_eval_prints_one_object_with_the_contracts_measures(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_command, "load_embedder", lambda name, runtime, report: WordEmbedder("الحرب"))
    path = write_squad(tmp_path / "set.json", "متى انتهت الحرب؟")
    assert cli.main(["eval", "squad", str(path), "--reader", "none"]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert list(measures) == [*MEASURES, "versions", "sample", "seed"]
    assert (measures["recall@1"], measures["answer_sentence@1"], measures["no_answer_auroc"]) == (1, 1, 1)
    assert (measures["sample"], measures["seed"]) == (None, 0)


def test_eval_of_a_beir_folder_prints_the_same_measures(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_command, "load_embedder", lambda name, runtime, report: WordEmbedder("الحرب"))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "text": "انتهت الحرب."}\n', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "الحرب؟"}\n', encoding="utf-8")
    (tmp_path / "qrels" / "dev.tsv").write_text("q1\td1\t1\n", encoding="utf-8")
    assert cli.main(["eval", "beir", str(tmp_path), "--split", "dev", "--reader", "none"]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert list(measures) == [*MEASURES, "documents", "judged_documents_missing", "versions", "sample", "seed"]
    assert (measures["recall@1"], measures["answer_sentence@1"]) == (1, None)


def test_eval_asks_as_many_questions_as_it_is_told_to(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_command, "load_embedder", lambda name, runtime, report: WordEmbedder("الحرب"))
    path = write_squad(tmp_path / "set.json", "متى انتهت الحرب؟", "متى؟", "هل انتهت؟")
    assert cli.main(["eval", "squad", str(path), "--sample", "2", "--seed", "5", "--reader", "none"]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert (measures["questions"], measures["sample"], measures["seed"]) == (2, 2, 5)


def test_eval_asks_the_published_index(sample_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"question": ASKED, "article_id": "camp-david-accords-1978", "answer_sentence":
                                sentence_of(sample_index, "camp-david-accords-1978")}), encoding="utf-8")
    assert cli.main(["eval", "questions", str(path), "--index-dir", str(sample_index)]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert (measures["articles"], measures["questions"], measures["article_found@1"]) == (34, 1, 1)
    assert measures["generation"] == open_snapshot(sample_index).generation


def sentence_of(index_dir: Path, article_id: str) -> str:
    return open_snapshot(index_dir).articles.get(article_id).text.split(".")[0]


@pytest.mark.process
def test_eval_of_articles_reports_what_it_could_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_command, "load_embedder", lambda name, runtime, report: WordEmbedder("الحرب"))
    articles, questions = tmp_path / "articles.jsonl", tmp_path / "questions.jsonl"
    articles.write_text('{"id": "a", "text": "انتهت الحرب."}\n{"id": "b"}\n', encoding="utf-8")
    questions.write_text('{"question": "الحرب؟", "article_id": null, "answer_sentence": null}', encoding="utf-8")
    assert cli.main(["eval", "questions", str(questions), str(articles), "--reader", "none"]) == 0
    printed = capsys.readouterr()
    assert f"rejected: {articles}" in printed.err
    assert json.loads(printed.out)["unanswerable"] == 1


def test_a_file_that_is_no_question_set_fails_with_its_reason(tmp_path: Path,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "set.json"
    path.write_text("[]", encoding="utf-8")
    assert cli.main(["eval", "squad", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"musnad: {path} is not in SQuAD format: ")


@pytest.mark.parametrize("command", [["eval", "squad", "x.json"], ["build"]])
def test_a_runtime_that_is_none_is_bad_usage_from_the_environment_too(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    monkeypatch.setenv("MUSNAD_RUNTIME", "fast")
    run = (lambda: build_index.main(["articles"])) if command == ["build"] else (lambda: cli.main(command))
    with pytest.raises(SystemExit, match="2"):
        run()
    assert ("argument --runtime: 'fast' is not a runtime (--runtime or MUSNAD_RUNTIME); "
            "use compiled or reference, or leave it out to choose automatically") in capsys.readouterr().err


def test_a_server_takes_over_a_generation_that_another_runtime_built(
        sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_snapshot(sample_index)
    generations = iter([opened, opened, replace(opened, model=replace(opened.model, runtime="reference"))])
    loaded: list[str] = []

    class Loaded:
        def __init__(self, runtime: str) -> None:
            loaded.append(runtime)
            self.settings = replace(opened.model, runtime=runtime)

        def embed_query(self, _text: str) -> np.ndarray:
            return np.eye(1, opened.model.dimension, dtype=np.float32)[0]

    monkeypatch.setattr("index.generation.source.open_snapshot", lambda _: next(generations))
    monkeypatch.setattr("web.command.load_embedder", lambda _name, runtime, report: Loaded(runtime))
    opener = Opener(argparse.Namespace(index_dir=sample_index, model=None, answered_from=None, shown_from=None,
                                       reader="none", llm=None), report=print)
    for _ in range(3):
        opener.open()
    assert loaded == ["compiled", "reference"]


def test_a_question_is_answered_from_the_confidence_that_is_asked_for(sample_index: Path,
                                                                      capsys: pytest.CaptureFixture[str]) -> None:
    command = ["ask", "متى وقعت اتفاقيتا كامب ديفيد؟", "--json", "--index-dir", str(sample_index)]
    statuses = []
    for sure, shown in (("0", "0"), ("1", "0"), ("1", "1")):
        assert cli.main([*command, "--answered-from", sure, "--shown-from", shown]) == 0
        statuses.append(json.loads(capsys.readouterr().out)["status"])
    assert statuses == ["answered", "unsure", "not_found"]
    assert cli.main([*command, "--answered-from", "0.2", "--shown-from", "0.3"]) == 2
    assert "shown_from is 0.3, above answered_from, 0.2" in capsys.readouterr().err
    assert cli.main(["serve", "--index-dir", str(sample_index), "--answered-from", "0.2", "--shown-from", "0.3"]) == 2
    assert "shown_from is 0.3, above answered_from, 0.2" in capsys.readouterr().err


def test_doubt_or_the_short_answer_and_a_false_premise_are_printed_first() -> None:
    article = Article("a", "وُقّع الاتفاق الثلاثاء.")
    answer = Answer(Question("متى؟"), "unsure", 0.2, (Citation(1, article, 0, 22),), (), IndexState("g", 1, 1),
                    short_answer=ShortAnswer(article, 14, 22, date(2018, 5, 8)), premise=Premise("2016", "بل 2018."))
    assert cli.as_text(answer).splitlines()[:3] == [
        "note: بل 2018.", "قد يكون الجواب هنا، ولسنا على يقين.", "وُقّع الاتفاق الثلاثاء [1]"]
    in_english = replace(answer, question=Question("When?"), premise=None)
    assert cli.as_text(in_english).startswith("This may answer; it is not certain.\n")
    likely = replace(answer, status="answered", premise=None, confidence=0.49)
    assert cli.as_text(likely).startswith("الجواب على الأرجح:\nالثلاثاء (2018-05-08)\n")
    assert cli.as_text(replace(likely, question=Question("When?"))).startswith("Probably the answer:\n")
    sure = replace(likely, confidence=0.5)
    assert cli.as_text(sure).splitlines()[:3] == ["الثلاثاء (2018-05-08)", "", "وُقّع الاتفاق الثلاثاء [1]"]
    nothing = replace(answer, status="not_found", citations=(), short_answer=None)
    assert cli.as_text(nothing).splitlines()[:2] == ["note: بل 2018.", "Not found in these articles."]


@pytest.mark.parametrize("written", ["1.5", "-1", "nan", "many"])
def test_what_is_no_confidence_is_refused(written: str, monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MUSNAD_ANSWERED_FROM", written)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["ask", "سؤال"])
    assert stopped.value.code == 2
    assert f"'{written}' is not a confidence; write a number from 0 to 1" in capsys.readouterr().err


def test_the_help_names_the_confidence_that_is_answered_from(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["ask", "--help"])
    assert f"(MUSNAD_ANSWERED_FROM; default {ANSWERED_FROM})" in " ".join(capsys.readouterr().out.split())
