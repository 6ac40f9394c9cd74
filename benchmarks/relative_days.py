"""Measure how the days that news names relatively or in part are resolved, on expressions that a person judged.

    python -m benchmarks.relative_days FILE.jsonl.gz [--part PART] [--failures]
    python -m benchmarks.relative_days FILE.jsonl.gz --draw

`--draw` prints the places that were judged, chosen with a seed by words alone and not by the finder.
`benchmarks/relative_days.jsonl` has one a line: `article_id` and the offsets `start` and `end` in code points into the
article's text, which is not in this project; its `kind`; and the right `first` and `last` day, null where a reader
cannot tell or where the words are no date. `unsure` marks days that a reader knows only about. `part` is "first" for
those that were looked at while the rules were written, and "last" for those that were drawn and judged after that,
and measured once before anybody looked at what the program makes of them.

Precision is the share of resolved places whose days are right: the same, or, where the program or the judgement
is not sure, overlapping and no more than four times as long. Recall is the share of places with a right day that are
resolved to it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from index.language.dates import Mention, find_dates_near
from index.sources.instants import iso_instant

SET = Path(__file__).with_suffix(".jsonl")
SEEDS = {"first": 20, "last": 21}
MOST_TIMES_AS_LONG = 4
_WEEKDAY = r"(?:الا|الإ)ثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد"
_MONTH = ("يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|شباط|آذار|نيسان|أيار"
          "|حزيران|تموز|آب|أيلول|تشرين (?:الأول|الثاني)|كانون (?:الأول|الثاني)")
_UNIT = "(?:أيام|أسابيع|أشهر|شهور|سنوات|أعوام|يوم(?:ين|ا)?|أسبوع(?:ين)?|شهر(?:ين)?|عام(?:ين|ا)?|سنة|سنتين|ساعة|ساعات)"
_DIRECTION = "(?:الماضي|القادم|المقبل|الجاري|الفائت|المنصرم|الحالي)ة?"
# Of each kind, how many places are drawn for either part, and the words that make it.
KINDS = {
    "weekday": ((44, 24), rf"\b(?:{_WEEKDAY})\b"),
    "near today": ((10, 8), r"\b(?:أمس|غدا|غداً|بعد غد|مساء اليوم|صباح اليوم|الليلة الماضية)\b"),
    "unit with a direction": ((22, 18), rf"\b(?:ال(?:أسبوع|شهر|عام|سنة))\s{_DIRECTION}\b"),
    "month or day without year": ((22, 18), rf"\b(?:\d\d?\s)?(?:{_MONTH})\b(?!\s*[/(]|\s(?:من\s)?(?:عام\s)?\d{{4}})"),
    "counted": ((22, 22), rf"\b(?:قبل|بعد|منذ|خلال)\s(?:نحو\s)?(?:\w{{2,6}}\s)?{_UNIT}\b"),
    "decade": ((7, 10), r"\b\w*(?:العشرين|الثلاثين|الأربعين|الخمسين|الستين|السبعين|الثمانين|التسعين)(?:ي)ات\b"),
    "season": ((7, 10), r"\b(?:الصيف|الشتاء|الخريف|الربيع|صيف|شتاء|خريف|ربيع)\s"
                          r"(?:عام\s)?(?:\d{4}|الماضي|المقبل|القادم|الحالي)\b"),
    "feast": ((7, 10), r"\b(?:عيد (?:الفطر|الأضحى|الميلاد)|رأس السنة|شهر رمضان|رمضان)\b"),
    "part": ((9, 10), r"\b(?:الربع|النصف|مطلع|منتصف|أواخر|أوائل|نهاية|بداية)\s"
                        r"(?:(?:الأول|الثاني|الثالث|الرابع|الأخير)\s)?(?:من\s)?"
                rf"(?:هذا\s)?(?:ال(?:شهر|عام|سنة|أسبوع)|عام|شهر|{_MONTH}|\d{{4}})\b"),
    "weekday near what is to come": (
        (30, 20), r"\b[وف]?(?:س[يتن]\w{3,}|سوف|المقرر|المنتظر|المتوقع|المرتقب)\s(?:\w+\s){0,9}?(?:يوم\s|مساء\s|صباح\s)?"
            rf"(?P<day>{_WEEKDAY})\b"),
}


def articles_of(path: Path) -> dict[str, dict[str, Any]]:
    """Read the records of a JSONL file, by id."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {record["id"]: record for record in map(json.loads, lines)}


def draw(articles: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the places to judge: of each part and kind its number, each from another article, in a seeded order."""
    seen: set[str] = set()
    for number, (part, seed) in enumerate(SEEDS.items()):
        ids = sorted(each for each, record in articles.items() if record["published"])
        random.Random(seed).shuffle(ids)
        for kind, (counts, words) in KINDS.items():
            pattern, left = re.compile(words), counts[number]
            for one in ids:
                matches = [] if one in seen or not left else list(pattern.finditer(articles[one]["text"]))
                if matches:
                    match = random.Random(f"{seed} {one}").choice(matches)
                    start, end = match.span("day" if "day" in pattern.groupindex else 0)
                    seen.add(one)
                    left -= 1
                    yield {"part": part, "article_id": one, "kind": kind, "start": start, "end": end}


def resolved(article: dict[str, Any], start: int, end: int) -> Mention | None:
    """Return the mention of known days that overlaps a place; None if there is none."""
    published = date.fromisoformat(iso_instant(article["published"])[:10])
    return next((found for found in find_dates_near(article["text"], start, end, published) if found.days), None)


def is_right(found: Mention, judged: dict[str, Any]) -> bool:
    """Tell whether the days of a mention are the judged ones."""
    if judged["first"] is None or found.days is None:
        return False
    days = date.fromisoformat(judged["first"]), date.fromisoformat(judged["last"])
    if found.days == days:
        return True
    lengths = sorted((last - first).days + 1 for first, last in (days, found.days))
    return (found.approximate or bool(judged.get("unsure"))) and found.days[0] <= days[1] and days[0] <= found.days[1] \
        and lengths[1] <= MOST_TIMES_AS_LONG * lengths[0]


def measure(articles: dict[str, dict[str, Any]], judgements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return precision and recall of all, and of each kind how many are resolved, right and to be resolved."""
    counts: dict[str, Counter[str]] = {"all": Counter()}
    for judged in judgements:
        found = resolved(articles[judged["article_id"]], judged["start"], judged["end"])
        for kind in ("all", judged["kind"]):
            one = counts.setdefault(kind, Counter())
            one["judged"] += 1
            one["dated"] += judged["first"] is not None
            one["resolved"] += found is not None
            one["right"] += found is not None and is_right(found, judged)
    return {kind: {**one, "precision": round(one["right"] / max(1, one["resolved"]), 3),
                   "recall": round(one["right"] / max(1, one["dated"]), 3)} for kind, one in counts.items()}


def main() -> None:
    """Print the measures as JSON, or the places that were drawn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--draw", action="store_true", help="print the places to judge")
    parser.add_argument("--part", help="measure those of this part only")
    parser.add_argument("--failures", action="store_true", help="print what is not as judged, without its text")
    args = parser.parse_args()
    articles = articles_of(args.file)
    if args.draw:
        for place in draw(articles):
            print(json.dumps(place, ensure_ascii=False))
        return
    judgements = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    judgements = [each for each in judgements if args.part in (None, each["part"])]
    if args.failures:
        for judged in judgements:
            found = resolved(articles[judged["article_id"]], judged["start"], judged["end"])
            if (found is None) != (judged["first"] is None) or (found is not None and not is_right(found, judged)):
                print(json.dumps({**judged, "found": found and list(map(str, found.days or ()))}, ensure_ascii=False))
    print(json.dumps(measure(articles, judgements), indent=1))


if __name__ == "__main__":
    main()
