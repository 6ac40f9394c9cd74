"""Choose what a reader sees before asking: the newest stories, and examples of questions, a quote and a timeline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.function_words import FUNCTION_WORDS
from index.types import Article
from qa.topics.stories import Story, newest_stories
from qa.topics.suggestions import Ask, newest_examples
from qa.topics.timeline import Timeline
from qa.types.question import Question
from qa.verify.quote import MIN_QUOTE_WORDS, Quote, Verification

# So many quotes and topics are tried at most: each costs as much as a request.
QUOTES_TRIED, TOPICS_TRIED = 6, 3
STORIES, EXAMPLES = 40, 5
# Articles in which quotations are looked for.
ARTICLES_QUOTED = 40
# A shorter quote says too little, and a longer one is not read.
MIN_WORDS, MAX_WORDS = max(5, MIN_QUOTE_WORDS), 16
# A timeline with fewer events is a poor example.
MIN_EVENTS = 3
MAX_TOPIC_WORDS = 8

_QUOTED = re.compile(r'[«“"]([^«»“”"\n]{20,140})[»”"]')
_WHO_SAID = re.compile(r"من \S+ (?:إنّ?|أنّ?|بأنّ?) (\S+(?: \S+){4,})؟")
# What follows the topic in a title: "أزمة الصواريخ: ثلاثة عشر يومًا".
_TITLE_BREAK = re.compile(r"\s*(?:[:؛؟?!|]|\.\.|\s[-–—]\s)\s*")

Verify = Callable[[Quote], Verification]
Order = Callable[[Question], Timeline]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The newest stories, and examples made of them: questions, a quote to check and a topic for a timeline."""

    stories: tuple[Story, ...]
    examples: tuple[str, ...]
    quote: Quote | None = None
    topic: str | None = None


def first_look(snapshot: Snapshot, ask: Ask, verify: Verify, timeline: Order) -> FirstLook:
    """Build the first look at a generation. `ask`, `verify` and `timeline` try each example, to see that it serves."""
    stories = newest_stories(snapshot, STORIES)
    questions = newest_examples(snapshot, ask, EXAMPLES)
    said = chain(_quoted([story.head for story in stories[:ARTICLES_QUOTED]]), _asked_who_said(questions))
    return FirstLook(tuple(stories), tuple(questions), example_quote(said, verify), example_topic(stories, timeline))


def example_quote(said: Iterable[str], verify: Verify) -> Quote | None:
    """Return the first text that is found as quoted and whose speaker is named, with its speaker; else one without."""
    known: Quote | None = None
    for text in islice(said, QUOTES_TRIED):
        quote = Quote.parse(text)
        found = verify(quote)
        if found.verdict != "found":
            continue
        if found.speakers:
            return replace(quote, speaker=found.speakers[0].name)
        known = known or quote
    return known


def example_topic(stories: Sequence[Story], timeline: Order) -> str | None:
    """Return the topic with most events, at least `MIN_EVENTS`, in the words of a title; None if there is none.

    Stories that many articles tell are tried first.
    """
    widest = sorted(stories, key=lambda story: -len(story.articles))
    topics = [topic for story in widest if (topic := topic_of(story.head.title))][:TOPICS_TRIED]
    events = {topic: len(timeline(Question.parse(topic)).events) for topic in topics}
    best = max(topics, key=lambda topic: events[topic], default=None)
    return best if best is not None and events[best] >= MIN_EVENTS else None


def topic_of(title: str) -> str | None:
    """Return the first clause of a title if it names something: `MAX_TOPIC_WORDS` words at most, two at least."""
    topic = _TITLE_BREAK.split(title.strip(), maxsplit=1)[0].strip(" .،\"“”«»")
    words = topic.split()
    return topic if 2 <= len(words) <= MAX_TOPIC_WORDS and normalise(words[0]) not in FUNCTION_WORDS else None


def _quoted(articles: Sequence[Article]) -> Iterator[str]:
    """Yield one quotation of a fair length from each article that has one."""
    for article in articles:
        fair = (quoted for match in _QUOTED.finditer(article.text)
                if MIN_WORDS <= len((quoted := match[1].strip()).split()) <= MAX_WORDS)
        yield from islice(fair, 1)


def _asked_who_said(questions: Iterable[str]) -> Iterator[str]:
    """Yield what was said, of the questions that ask who said it."""
    return (match[1] for question in questions if (match := _WHO_SAID.fullmatch(question)))
