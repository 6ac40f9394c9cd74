"""`musnad eval`: measure quality over questions with known answers; print JSON, or a table beside floors."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.exit_codes import EXIT_FAILED
from index.intake.progress import StageBar
from index.model.default import DEFAULT_MODEL
from index.model.load import add_runtime_argument, load_embedder
from index.model.load_reader import add_reader_argument, load_reader
from index.model.reading import Reader
from index.model.types import Embedder
from index.output import print_line
from index.settings import MODEL, add_index_dir_argument, named_path, not_empty, whole_number
from index.sources import read_paths
from qa.evaluation.floors import FloorsError, compare, read_floors, table
from qa.evaluation.question_sets import QuestionSetError, read_beir, read_sentence_questions, read_squad, sample_of
from qa.generate.model import Writer, add_writer_arguments, load_writer

if TYPE_CHECKING:
    from qa.answerer import Answerer

Measures = dict[str, Any]


def add_arguments(evaluate: argparse.ArgumentParser) -> None:
    """Add the formats to the parser of `eval`."""
    formats = evaluate.add_subparsers(title="formats", required=True, metavar="FORMAT")

    squad = formats.add_parser("squad", help="a file in SQuAD format, over an index of its own contexts")
    squad.add_argument("file", type=named_path, metavar="FILE.json")
    _add_common_arguments(squad, _squad)

    beir = formats.add_parser("beir", help="a folder laid out as BEIR's data sets, over an index of its own corpus")
    beir.add_argument("folder", type=named_path, metavar="DIR")
    beir.add_argument("--split", default="test", help="the judgements are qrels/SPLIT.tsv (default test)")
    _add_common_arguments(beir, _beir)

    questions = formats.add_parser("questions", help="questions with the sentences that answer them, over an index")
    questions.add_argument("file", type=named_path, metavar="FILE.jsonl")
    questions.add_argument("articles", nargs="*", type=named_path, metavar="PATH",
                           help="articles for a temporary index (default: ask the published index)")
    add_index_dir_argument(questions)
    _add_common_arguments(questions, _questions)


    generated = formats.add_parser("generated", help="what a language model writes over an index: how much is proved")
    generated.add_argument("file", type=named_path, metavar="FILE.jsonl")
    generated.add_argument("articles", nargs="*", type=named_path, metavar="PATH",
                         help="articles for a temporary index (default: ask the published index)")
    generated.add_argument("--out", type=named_path, metavar="FILE.jsonl",
                         help="write the sentences that were shown there, and why others were not, to be judged by "
                                "reading")
    add_index_dir_argument(generated)
    add_writer_arguments(generated)
    _add_common_arguments(generated, _generated)


def _add_common_arguments(parser: argparse.ArgumentParser,
                          measure: Callable[[argparse.Namespace, StageBar], Measures]) -> None:
    parser.add_argument("--sample", type=whole_number(1), metavar="N", help="ask only N questions, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the draw (default 0)")
    parser.add_argument("--model", type=not_empty, default=MODEL.value(),
                        help=MODEL.help("the embedding model", default=f"{DEFAULT_MODEL}, or that of the index"))
    add_runtime_argument(parser)
    add_reader_argument(parser)
    parser.add_argument("--floors", type=named_path, metavar="FILE.toml",
                        help="print the measures named there beside their floors; exit with 1 if one is below")
    parser.add_argument("--json", action="store_true", help="print all measures as JSON even with --floors")
    parser.set_defaults(run=_evaluate, measure=measure)


def _evaluate(arguments: argparse.Namespace) -> int:
    measure: Callable[[argparse.Namespace, StageBar], Measures] = arguments.measure
    try:
        floors = read_floors(arguments.floors) if arguments.floors else {}
        with StageBar() as bar:
            measures = measure(arguments, bar) | {"sample": arguments.sample, "seed": arguments.seed}
        compared = compare(measures, floors)
    except (QuestionSetError, FloorsError) as error:
        print_line(f"musnad: {error}")
        return EXIT_FAILED
    print(table(compared) if compared and not arguments.json else json.dumps(measures, ensure_ascii=False, indent=1))
    below = [floor for floor in compared if not floor.is_kept]
    for floor in below:
        print_line(f"musnad: {floor}")
    return EXIT_FAILED if below else 0


def _squad(arguments: argparse.Namespace, bar: StageBar) -> Measures:
    from qa.evaluation.evaluate import evaluate_squad

    gold = read_squad(arguments.file)
    gold = replace(gold, questions=sample_of(gold.questions, arguments.sample, arguments.seed))
    return evaluate_squad(gold, _embedder(arguments, bar), _reader(arguments, bar), progress=bar)


def _beir(arguments: argparse.Namespace, bar: StageBar) -> Measures:
    from qa.evaluation.evaluate import evaluate_beir

    judged = read_beir(arguments.folder, split=arguments.split)
    judged = replace(judged, queries=sample_of(judged.queries, arguments.sample, arguments.seed))
    return evaluate_beir(judged, _embedder(arguments, bar), _reader(arguments, bar), progress=bar)


def _questions(arguments: argparse.Namespace, bar: StageBar) -> Measures:
    from qa.evaluation.quiz import evaluate_questions

    questions = sample_of(read_sentence_questions(arguments.file), arguments.sample, arguments.seed)
    return evaluate_questions(questions, _answerer(arguments, bar), arguments.file, progress=bar)


def _generated(arguments: argparse.Namespace, bar: StageBar) -> Measures:
    from qa.evaluation.generated import evaluate_generated

    writer = load_writer(arguments.llm, arguments.llm_timeout)
    if writer is None:
        raise QuestionSetError("no language model is named: give --llm PROVIDER:MODEL")
    questions = sample_of(read_sentence_questions(arguments.file), arguments.sample, arguments.seed)
    answerer = _answerer(arguments, bar, writer)
    return {"model": writer.name, **evaluate_generated(questions, answerer, out=arguments.out, progress=bar)}


def _embedder(arguments: argparse.Namespace, bar: StageBar) -> Embedder:
    return load_embedder(arguments.model or DEFAULT_MODEL, runtime=arguments.runtime, report=bar.line)


def _reader(arguments: argparse.Namespace, bar: StageBar) -> Reader | None:
    return load_reader(arguments.reader, report=bar.line)


def _answerer(arguments: argparse.Namespace, bar: StageBar, writer: Writer | None = None) -> Answerer:
    """Open a temporary index of the articles among the arguments, or the published index if there are none."""
    from qa.answerer import Answerer
    from qa.evaluation.evaluate import throwaway_snapshot
    from qa.opening import load_answerer

    if not arguments.articles:
        return load_answerer(arguments.index_dir, arguments.model, reader=arguments.reader, writer=writer)
    embedder = _embedder(arguments, bar)
    snapshot = throwaway_snapshot(
        read_paths(arguments.articles), embedder, progress=bar,
        on_rejection=lambda rejection: print_line(f"rejected: {rejection}"))
    return Answerer(snapshot, embedder, _reader(arguments, bar), writer=writer)
