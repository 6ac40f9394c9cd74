"""Measure timelines and disagreements on affairs whose events were judged by reading.

`python -m benchmarks.affairs INDEX` asks an index of `ant_dev`'s articles, which are not in the project.
`affairs.jsonl` has the judgements: of a sentence (article, offsets) and the days that were shown for it, whether they
are the days of what it reports (`right`) and whether it is about the affair (`about`);
of a disagreement, whether the sentences differ about one thing; and of a statement, whether its speaker, its `act` and
its day are right.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from qa.answerer import Answerer
from qa.opening import load_answerer
from qa.topics.timeline import Event
from qa.types.question import Question

JUDGEMENTS = Path(__file__).with_name("affairs.jsonl")
_Place = tuple[str, str, int, str, str]


def measure(answerer: Answerer, judgements: Path = JUDGEMENTS) -> dict[str, Any]:
    """Return how many of the shown events and disagreements are right; those that nobody judged are counted apart."""
    lines = [json.loads(line) for line in judgements.read_text(encoding="utf-8").splitlines()]
    events = {(line["affair"], line["article_id"], line["start"], line["first"], line["last"]): line
              for line in lines if "first" in line}
    differing = {(line["affair"], line["disagreement"], *line["values"]): line["right"]
                 for line in lines if "values" in line}
    said = {(line["affair"], line["article_id"], line["start"], line["speaker"], line["act"], line["day"]): line
            for line in lines if "act" in line}
    return {"events": _events(answerer, events), "disagreements": _disagreements(answerer, differing),
            "statements": _statements(answerer, said)}


def _events(answerer: Answerer, judged: dict[_Place, Any]) -> dict[str, Any]:
    shown = unjudged = right = sentences = 0
    days = set()
    for affair in dict.fromkeys(place[0] for place in judged):
        for event in answerer.timeline(Question.parse(affair)).events:
            shown += 1
            judgement = judged.get(_place(affair, event))
            unjudged += judgement is None
            if judgement is not None and judgement["right"]:
                right += 1
                if judgement["about"]:
                    days.add((affair, event.first, event.last))
                    sentences += 1 + len(event.reports)
    return {"shown": shown, "unjudged": unjudged, "right": right,
            "precision": round(right / max(1, shown - unjudged), 3),
            "days_of_the_affair": len(days), "sentences_of_the_affair": sentences}


def _place(affair: str, event: Event) -> _Place:
    citation = event.citation
    return affair, citation.article.id, citation.start, event.first.isoformat(), event.last.isoformat()


def _disagreements(answerer: Answerer, judged: dict[tuple[str, ...], bool]) -> dict[str, Any]:
    found = [(affair, each.kind, *(side.value for side in each.sides))
             for affair in dict.fromkeys(key[0] for key in judged)
             for each in answerer.disagreements(Question.parse(affair)).disagreements]
    known = [judged[each] for each in found if each in judged]
    return {"shown": len(found), "unjudged": len(found) - len(known), "right": sum(known),
            "precision": round(sum(known) / max(1, len(known)), 3)}


def _statements(answerer: Answerer, judged: dict[tuple[str, str, int, str, str, str], Any]) -> dict[str, Any]:
    """Return what share of the judged statements that are shown are right; those shown of all affairs are counted."""
    shown, found = 0, []
    for affair in dict.fromkeys(key[0] for key in judged):
        for speaker in answerer.affair(Question.parse(affair)).speakers:
            for each in speaker.statements:
                shown += 1
                place = each.citation.article.id, each.citation.start
                found.append((affair, *place, speaker.name, each.act, each.first.isoformat() if each.first else ""))
    known = [judged[each] for each in found if each in judged]
    rights = {f"right_{what}": round(sum(line[f"right_{what}"] for line in known) / max(1, len(known)), 3)
              for what in ("speaker", "act", "day")}
    return {"shown": shown, "judged": len(judged), "judged_and_shown": len(known), **rights}


def main() -> None:
    """Print the measures of an index as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index_dir", type=Path, metavar="INDEX")
    print(json.dumps(measure(load_answerer(parser.parse_args().index_dir, reader="none")), indent=1))


if __name__ == "__main__":
    main()
