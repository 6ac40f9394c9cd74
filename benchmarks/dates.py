"""Measure how well questions that name a date find passages that write the date differently.

    python -m benchmarks.dates [--out result.json]

There are ten everyday events, each on eight days: the same day in other years and months, and the days beside it. The
articles of an event differ only in how they write the day (`WRITTEN`) and when they were published. Each article is
asked for once, with its day written in another way (`ASKED`), so that guessing among an event's articles is right one
time in eight. The sample articles are in the index too. Prints the share of questions whose article comes first, by how
the article writes its day.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hijridate import Gregorian

from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.model.load import load_embedder
from index.sources import read_paths
from index.types import Article
from qa.answerer import Answerer
from qa.types.question import Question

ARTICLES = Path(__file__).resolve().parents[1] / "articles"

LEVANT = ("كانون-الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين-الأول تشرين-الثاني كانون-الأول").split()
EGYPT = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()
ENGLISH = ("January February March April May June July August September October November December").split()
HIJRI = ("محرم صفر ربيع-الأول ربيع-الآخر جمادى-الأولى جمادى-الآخرة رجب شعبان رمضان شوال ذي-القعدة ذي-الحجة").split()
WEEKDAYS = "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد".split()
ORDINALS = ("الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر الحادي-عشر الثاني-عشر الثالث-عشر"
            " الرابع-عشر الخامس-عشر السادس-عشر السابع-عشر الثامن-عشر التاسع-عشر العشرين الحادي-والعشرين"
            " الثاني-والعشرين الثالث-والعشرين الرابع-والعشرين الخامس-والعشرين السادس-والعشرين السابع-والعشرين"
            " الثامن-والعشرين التاسع-والعشرين الثلاثين الحادي-والثلاثين").split()
INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _name(names: list[str], number: int) -> str:
    return names[number - 1].replace("-", " ")


def in_hijri(day: date) -> str:
    """Write a day in the Hijri calendar of Umm al-Qura, such as في 4 رجب 1443 هـ."""
    hijri = Gregorian.fromdate(day).to_hijri()
    return f"في {hijri.day} {_name(HIJRI, hijri.month)} {hijri.year} هـ"


# Ways in which an article writes its day, and how many days after it the article is published.
WRITTEN: dict[str, tuple[int, Callable[[date], str]]] = {
    "yesterday": (1, lambda _day: "أمس"),
    "weekday": (2, lambda day: f"يوم {WEEKDAYS[day.weekday()]}"),
    "days ago": (3, lambda _day: "قبل ثلاثة أيام"),
    "month of the Levant": (40, lambda day: f"في {day.day} {_name(LEVANT, day.month)} {day.year}"),
    "ordinal": (55, lambda day: f"في {_name(ORDINALS, day.day)} من {_name(EGYPT, day.month)} {day.year}"),
    "numbers": (70, lambda day: f"بتاريخ {day:%d/%m/%Y}"),
    "Hijri": (85, in_hijri),
    "without year": (20, lambda day: f"في {day.day} {_name(LEVANT, day.month)}"),
}
# Ways in which a question writes the day; the last one is English.
ASKED: tuple[Callable[[date], str], ...] = (
    lambda day: f"في {day.day} {_name(EGYPT, day.month)} {day.year}",
    lambda day: f"بتاريخ {day.isoformat()}",
    lambda day: f"في {day.day} {_name(EGYPT, day.month)} {day.year}".translate(INDIC),
    lambda day: f"on {ENGLISH[day.month - 1]} {day.day}, {day.year}",
)


@dataclass(frozen=True, slots=True)
class Event:
    """An event's text and the question about it; `{when}` stands for the day."""

    title: str
    text: str
    question: str
    english: str


EVENTS = (
    Event("اجتماع الجمعية", "عقدت الجمعية التعاونية اجتماعها {when}. وناقش الأعضاء التقرير المالي.",
          "ماذا ناقش أعضاء الجمعية التعاونية {when}؟", "What did the members of the cooperative discuss {when}?"),
    Event("رحلة المدرسة", "زار تلاميذ المدرسة متحف المدينة {when}. ورافقهم معلمان.",
          "من رافق التلاميذ في زيارة المتحف {when}؟", "Who went with the pupils to the museum {when}?"),
    Event("صيانة الجسر", "أغلقت البلدية الجسر القديم {when} لأعمال الصيانة. وحُوّل السير إلى الطريق الساحلي.",
          "إلى أين حُوّل السير عند إغلاق الجسر {when}؟", "Where was traffic sent when the bridge was closed {when}?"),
    Event("معرض الكتاب", "افتُتح معرض الكتاب في القاعة الكبرى {when}. وشارك فيه عشرون ناشرًا.",
          "كم ناشرًا شارك في المعرض الذي افتُتح {when}؟", "How many publishers took part in the fair opened {when}?"),
    Event("مباراة الناديين", "تعادل فريقا الحي في مباراة ودية {when}. وأقيمت المباراة على ملعب البلدة.",
          "أين أقيمت المباراة الودية {when}؟", "Where was the friendly match played {when}?"),
    Event("قطف الزيتون", "بدأ أهالي القرية قطف الزيتون {when}. وشارك متطوعون من القرى المجاورة.",
          "من شارك في قطف الزيتون الذي بدأ {when}؟", "Who took part in the olive harvest that began {when}?"),
    Event("دورة الحاسوب", "أنهى المتدربون دورة الحاسوب {when}. وتسلموا شهاداتهم في المكتبة العامة.",
          "أين تسلم المتدربون شهاداتهم بعد الدورة التي انتهت {when}؟",
          "Where did the trainees of the course that ended {when} get their certificates?"),
    Event("سفينة الشحن", "رست سفينة الشحن في الميناء {when}. وكانت تحمل القمح.",
          "ماذا كانت تحمل السفينة التي رست {when}؟", "What did the ship that docked {when} carry?"),
    Event("حملة التشجير", "زرع المتطوعون أشجارًا في الحديقة العامة {when}. وكانت معظمها من الصنوبر.",
          "ما الأشجار التي زرعها المتطوعون {when}؟", "Which trees did the volunteers plant {when}?"),
    Event("ندوة الترجمة", "نظمت الكلية ندوة عن الترجمة {when}. وأدارها أستاذ في اللغة العربية.",
          "من أدار ندوة الترجمة {when}؟", "Who chaired the seminar on translation {when}?"),
)


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """A question, the id of its article, and the way in which the article writes its day."""

    text: str
    article_id: str
    written: str


def days_of(number: int) -> list[date]:
    """Return eight days for an event that are easily confused with each other."""
    year, month, day = 2015 + number % 7, 2 + number % 9, 3 + number % 9
    return [date(year, month, day), date(year - 1, month, day), date(year + 1, month, day), date(year, month, day + 1),
            date(year, month, day + 10), date(year, month + 1, day), date(year, month - 1, day),
            date(year, day, month) if day != month else date(year, 12, month)]


def collection() -> tuple[list[Article], list[DateQuestion]]:
    """Return the articles, and one question about each."""
    articles, questions = [], []
    for number, event in enumerate(EVENTS):
        for place, day in enumerate(days_of(number)):
            written = list(WRITTEN)[(place + number) % len(WRITTEN)]
            later, write = WRITTEN[written]
            article = Article(f"{number}-{place}", event.text.format(when=write(day)), event.title,
                              published=(day + timedelta(days=later)).isoformat())
            ask = ASKED[(place + 3 * number) % len(ASKED)]
            template = event.english if ask is ASKED[-1] else event.question
            articles.append(article)
            questions.append(DateQuestion(template.format(when=ask(day)), article.id, written))
    return articles, questions


def main() -> int:
    """Build the index, ask the questions and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    articles, questions = collection()
    sample = [article for article in read_paths([ARTICLES]) if isinstance(article, Article)]
    embedder = load_embedder()
    with TemporaryDirectory(prefix="musnad-") as folder:
        build([*articles, *sample], Path(folder), embedder)
        answerer = Answerer(open_snapshot(Path(folder)), embedder)
    first: dict[str, list[bool]] = defaultdict(list)
    for question in questions:
        hits = answerer.search(Question.parse(question.text, top_k=1)).hits
        for group in (question.written, "all"):
            first[group].append([hit.article.id for hit in hits] == [question.article_id])
    measured = {group: {"questions": len(found), "recall@1": round(sum(found) / len(found), 3)}
                for group, found in first.items()}
    print(json.dumps(measured, indent=1))
    if arguments.out:
        arguments.out.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
