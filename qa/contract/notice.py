"""Why a result is empty, narrower or written otherwise than asked for."""

from __future__ import annotations

from typing import Literal

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

NoticeCode = Literal["unknown_source", "no_articles_then", "undated_articles", "undated_timeline",
                     "undated_left_out", "model_failed", "model_stopped", "model_silent", "model_not_proved",
                     "model_other_language"]


class NoticeText(TypedDict):
    """A notice in words, in Arabic and in English."""

    ar: str
    en: str


class Notice(TypedDict):
    """Why filters leave a result empty or narrower, or why a language model did not write the answer.

    `source` is a source that no article has, and `nearest` are names like it; `first` and `last` are the days on which
    the first and the last article were published; `count` is how many articles have no date.
    What a code has no use for is null or empty.
    """

    code: NoticeCode
    source: str | None
    nearest: list[str]
    first: str | None
    last: str | None
    count: NotRequired[int]
    text: NoticeText
