"""Say in words, in Arabic and English, why a result is empty, narrower or written otherwise than asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa import contract

Language = Literal["ar", "en"]
# What stands between the parts of a list.
COMMAS: Mapping[Language, str] = {"ar": "، ", "en": ", "}

_TEXTS: Mapping[contract.NoticeCode, Mapping[Language, str]] = {
    "unknown_source": {"ar": "ليس في هذه المقالات مصدر باسم «{source}».",
                       "en": "No article here is from a source called “{source}”."},
    "no_articles_then": {"ar": "ليس في هذه المقالات ما نُشر في هذه المدّة؛ فأقدمها نُشر في {first} وأحدثها في {last}.",
                         "en": "None of these articles was published in that time: the oldest is from {first}, the "
                               "newest from {last}."},
    "undated_articles": {"ar": "لا يُعرف تاريخ نشر أيّ من هذه المقالات، فلا يمكن تصفيتها بالتاريخ.",
                         "en": "None of these articles has a date of publication, so they cannot be filtered by date."},
    "undated_left_out": {"ar": "لا تشمل التصفية بالتاريخ المقالات التي لا يُعرف تاريخ نشرها، وعددها {count}.",
                         "en": "Articles without a date of publication ({count} here) are left out where dates are "
                               "asked for."},
    "undated_timeline": {"ar": "لا يُعرف تاريخ نشر أيّ من هذه المقالات، فلا يُرتَّب إلا ما ذُكر تاريخه كاملًا في النصّ.",
                         "en": "None of these articles has a date of publication, so only events that a text dates "
                               "in full can be put in order."},
    "model_failed": {"ar": "تعذّر على النموذج اللغوي أن يصوغ الجواب: كان مشغولًا أو متعطّلًا أو تأخّر ردّه. "
                           "والجمل أدناه منقولة من المقالات بنصّها.",
                     "en": "The language model wrote no answer: it was busy, failed or took too long. The sentences "
                           "below are the articles’ own, word for word."},
    "model_stopped": {"ar": "توقّف النموذج اللغوي قبل أن يُتمّ جوابه، فلا يُعرض منه إلا ما ثبت قبل توقّفه.",
                      "en": "The language model stopped before its answer was complete. Only what had been proved by "
                            "then is shown."},
    "model_not_proved": {"ar": "صاغ النموذج اللغوي جوابًا لم يثبت شيء منه بجمل المقالات، فلم يُعرض. "
                               "والجمل أدناه منقولة من المقالات بنصّها.",
                         "en": "The language model wrote an answer, but none of it could be proved by the articles’ "
                               "sentences, so it is not shown. The sentences below are the articles’ own, word for "
                               "word."},
    "model_other_language": {"ar": "كتب النموذج اللغوي بغير لغة المقالات، فلا سبيل إلى التحقّق مما كتب، ولم يُعرض. "
                                   "والجمل أدناه منقولة من المقالات بنصّها.",
                             "en": "The language model wrote in another language than the articles, so that what it "
                                   "wrote cannot be checked and is not shown. The sentences below are the articles’ "
                                   "own, word for word."},
    "model_silent": {"ar": "لم يصُغ النموذج اللغوي جوابًا من هذه المقالات. والجمل أدناه منقولة من المقالات بنصّها.",
                     "en": "The language model wrote no answer from these articles. The sentences below are the "
                           "articles’ own, word for word."},
}
_NEAREST: Mapping[Language, tuple[str, str]] = {
    "ar": (" أقرب الأسماء إليه: {names}.", "«{name}»"),
    "en": (" The nearest names: {names}.", "“{name}”")}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that left a result empty, narrower, or without the words of a language model.

    `source` is the unknown name and `nearest` are known ones like it; `first` and `last` are the days on which the
    first and the last article were published; `count` is how many articles have no date.
    """

    code: contract.NoticeCode
    source: str | None = None
    nearest: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    count: int = 0

    def text(self, language: Language, write_day: Callable[[date], str] = date.isoformat,
             write_number: Callable[[int], str] = "{:,}".format) -> str:
        """Word the notice for a reader; `write_day` writes its days, and `write_number` its count."""
        said = _TEXTS[self.code][language].format(
            source=self.source, count=write_number(self.count), first=self.first and write_day(self.first),
            last=self.last and write_day(self.last))
        if self.nearest:
            sentence, name = _NEAREST[language]
            said += sentence.format(names=COMMAS[language].join(name.format(name=each) for each in self.nearest))
        return said

    def as_json(self) -> contract.Notice:
        """Build an element of `notices`."""
        notice: contract.Notice = {
            "code": self.code, "source": self.source, "nearest": list(self.nearest),
            "first": None if self.first is None else self.first.isoformat(),
            "last": None if self.last is None else self.last.isoformat(),
            "text": {"ar": self.text("ar"), "en": self.text("en")}}
        if self.count:
            notice["count"] = self.count
        return notice
