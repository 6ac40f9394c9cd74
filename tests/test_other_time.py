"""A day of what happens once that a question has wrong."""

from __future__ import annotations

from datetime import date

import pytest

from index.generation.snapshot import Snapshot
from index.types import Article
from qa.answer.other_time import is_of_other_time
from qa.answer.premise import premise_of
from qa.answer.ranking import RankedSentence, rank_sentences
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import ParsedQuestion, parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

PACT = ("وقّعت كينيا وتنزانيا في ميناء لامو يوم 9 نيسان 2017 اتفاق المصايد. "
        "وكانت الوزيرة قد ألغت لقاء في لامو في 3 مارس 2016.")
MOVEMENT = "وقّعت كينيا وحركة الشمال في ميناء لامو يوم 9 نيسان 2017 اتفاق لامو."
DEATH = "توفي الشاعر نادر المرعي في 12 أكتوبر 2011 بعد مرض طويل."
VISIT = "زارت الوزيرة سلمى ميناء لامو في 3 مارس 2016."
# Words of other articles, by which verbs are known.
KNOWN = frozenset("يفتتح افتتحت تحترق احترقوا يفوز فاز لامو ميناء".split())
ENGLISH = "The writer Nader Marei died in London on 12 October 2011."


def ranked(question: str, *texts: str) -> tuple[ParsedQuestion, Snapshot, list[RankedSentence]]:
    embedder = WordEmbedder()
    snapshot = throwaway_snapshot([Article(str(number), text) for number, text in enumerate(texts)], embedder)
    asked = parse_question(question)
    candidates = retrieve(snapshot, asked, embedder.embed_query(question), None, 5)
    return asked, snapshot, rank_sentences(snapshot, asked, candidates, 8)


def premise(question: str, *texts: str) -> tuple[str, str] | None:
    asked, snapshot, sentences = ranked(question, *texts)
    found = premise_of(asked, sentences, snapshot.lexical)
    return None if found is None else (found.text, found.why.split("»")[0].split("”")[0])


@pytest.mark.parametrize(("question", "text", "asked", "told"), [
    ("متى وُقّع اتفاق المصايد في 2016؟", PACT, "2016", "تذكر المقالات «9 نيسان 2017"),
    ("أين وُقّع اتفاق المصايد عام 2019؟", PACT, "عام 2019", "تذكر المقالات «9 نيسان 2017"),
    ("أين وُقّع اتفاق المصايد في مايو 2017؟", PACT, "مايو 2017", "تذكر المقالات «9 نيسان 2017"),
    ("من وقّع اتفاق المصايد في 10 نيسان 2017؟", PACT, "10 نيسان 2017", "تذكر المقالات «9 نيسان 2017"),
    ("متى وُقّع اتفاق لامو في 2016؟", MOVEMENT, "2016", "تذكر المقالات «9 نيسان 2017"),  # وحركة is no verb
    ("متى توفي المرعي عام 2014؟", DEATH, "عام 2014", "تذكر المقالات «12 أكتوبر 2011"),
    ("Where had Nader Marei died in 2014?", ENGLISH, "2014", "The articles say “12 October 2011")])
def test_another_day_of_what_happens_once_is_named(question: str, text: str, asked: str, told: str) -> None:
    assert premise(question, text) == (asked, told)


NAIROBI = "وقّعت كينيا وتنزانيا يوم 9 نيسان 2017 اتفاق نيروبي. وغادر 40 جنديا القاعدة في نيروبي."


@pytest.mark.parametrize(("question", "asked", "told"), [
    ("When was the Nairobi agreement signed in 2016?", "2016", "The articles say “9 نيسان 2017"),
    ("Who signed the Nairobi agreement on 10 April 2017?", "10 April 2017", "The articles say “9 نيسان 2017"),
    ("Why did the 60 soldiers leave the base in Nairobi?", "60 soldiers",
     "The articles say “40 جنديا")])
def test_dates_and_numbers_are_compared_across_scripts(question: str, asked: str, told: str) -> None:
    assert premise(question, NAIROBI) == (asked, told)


def test_across_scripts_the_year_of_an_article_is_not_held_against_a_question() -> None:
    embedder, asked = WordEmbedder(), parse_question("Why did the soldiers leave the base in Nairobi in 2016?")
    snapshot = throwaway_snapshot([Article("a", "غادر الجنود القاعدة في نيروبي.", published="2018-01-20")], embedder)
    sentences = rank_sentences(snapshot, asked, retrieve(snapshot, asked, embedder.embed_query(asked.text), None, 5), 8)
    assert len(sentences) == 1
    assert premise_of(asked, sentences, snapshot.lexical) is None


@pytest.mark.parametrize("question", [
    "When was the Nairobi agreement signed in 2017?", "When was the Nairobi agreement signed in April 2017?",
    "When was the Nairobi treaty with Uganda signed in 2016?", "Why did the 40 soldiers leave the base in Nairobi?",
    "Why did the 60 workers leave the base in Nairobi?"])
def test_across_scripts_what_may_be_right_is_not_objected_to(question: str) -> None:
    assert premise(question, NAIROBI) is None


@pytest.mark.parametrize(("question", "text", "days"), [
    ("متى وُقّع اتفاق المصايد في 2016؟", PACT, (date(2017, 4, 9), date(2017, 4, 9))),
    ("متى زارت الوزيرة سلمى ميناء لامو في 2018؟", VISIT, (date(2016, 1, 1), date(2016, 12, 31))),
    ("هل وقّعت الوزيرة اتفاق المناجم؟", PACT, None)])
def test_a_named_time_comes_with_the_days_that_are_told(
        question: str, text: str, days: tuple[date, date] | None) -> None:
    asked, snapshot, sentences = ranked(question, text)
    found = premise_of(asked, sentences, snapshot.lexical)
    assert (None if found is None else found.days) == days


@pytest.mark.parametrize(("question", "texts"), [
    ("متى وُقّع اتفاق المصايد في 2017؟", (PACT,)), ("متى وُقّع اتفاق المصايد في نيسان 2017؟", (PACT,)),
    ("متى وُقّع اتفاق المصايد بعد 2016؟", (PACT,)), ("متى وُقّع اتفاق المناجم في 2016؟", (PACT,)),
    ("متى وُقّع اتفاق المصايد في 2016؟", (PACT, "وُقّع اتفاق المصايد بالأحرف الأولى في مايو 2016.")),
    ("متى زارت سلمى لامو في مايو 2016؟", (VISIT,)), ("متى توفي الشاعر عام 2011؟", (DEATH,)),
    ("أين توفي الشاعر عام 2014؟", (DEATH,)),
    ("أين توفي نادر المرعي عام 2014؟", ("توفي الشاعر نادر المرعي في لندن، وكان قد هاجر إليها في 3 مايو 1980.",)),
    ("أين توفي نادر المرعي عام 2014؟", ("توفي نادر المرعي بعد مسيرة طويلة بدأت في 3 مايو 1980.",)),
    ("أين توفي نادر المرعي عام 2014؟", ("توفي نادر المرعي المولود في لامو في 3 مايو 1980.",)),
    ("أين توفي نادر المرعي عام 2014؟", ("توفي نادر المرعي المتهم بهجمات 3 مايو 2001 في سجنه.",)),
    ("متى توفي نادر المرعي في أكتوبر 2011؟", ("توفي نادر المرعي ودفن يوم 3 نوفمبر 2011.",)),
    ("متى توفي المرعي عام 2014؟", ("توفي والد نادر المرعي في 12 أكتوبر 2011.",)),
    ("متى وُقّع اتفاق المصايد في 2017؟", ("وُقّع اتفاق المصايد بعد مفاوضات بدأت في 9 نيسان 2015.",)),
    ("أين وقعت مواجهات الصيادين في أبريل 2016؟", ("وقعت مواجهات الصيادين في لامو في 14 مايو 2016.",)),
    ("كم صيادا غرق في انفجار وقع في لامو في مارس 2017؟", ("غرق صيادان في انفجار وقع في لامو في 3 يونيو 2017.",))])
def test_a_day_that_may_be_right_is_not_objected_to(question: str, texts: tuple[str, ...]) -> None:
    assert premise(question, *texts) is None


def test_an_article_of_the_time_that_is_asked_for_is_not_objected_to() -> None:
    embedder = WordEmbedder()
    article = Article("a", "توفي نادر المرعي في 3 مايو 2016.", published="2018-01-20")
    snapshot = throwaway_snapshot([article], embedder)
    asked = parse_question("أين توفي نادر المرعي في يناير 2018؟")
    candidates = retrieve(snapshot, asked, embedder.embed_query(asked.text), None, 5)
    assert premise_of(asked, rank_sentences(snapshot, asked, candidates, 8), snapshot.lexical) is None


@pytest.mark.parametrize(("question", "text", "expected"), [
    ("متى زارت سلمى ميناء لامو في 2018؟", VISIT, True), ("متى زارت سلمى ميناء لامو في مايو 2016؟", VISIT, True),
    ("متى زارت سلمى ميناء لامو في 2016؟", VISIT, False), ("متى زارت سلمى ميناء لامو منذ 2015؟", VISIT, False),
    ("متى زارت سلمى الميناء المفتتح في 2018؟", VISIT, False), ("متى زارت سلمى ميناء افتتح في 2018؟", VISIT, False),
    ("متى زارت سلمى ميناء احترق في 2018؟", VISIT, False), ("متى زارت سلمى محطة فازت في 2018؟", VISIT, False),
    ("متى زارت سلمى الميناء الذي شب فيه حريق في 2018؟", VISIT, False),
    ("متى ولدت سلمى وزيرة النقل في 2018؟", "ولدت سلمى في لامو في 3 مارس 1966.", False),
    ("When did the minister elected in 1988 die?", "The minister died on 3 May 2016.", False),
    ("When was the harbour that burned in 2018 opened?", "The harbour opened on 3 May 1984.", False),
    ("أين كانت سلمى في 2018؟", VISIT, False), ("متى زارت سلمى ميناء لامو؟", VISIT, False),
    ("متى زارت سلمى لامو في 2018؟", "زارت الوزيرة سلمى ميناء لامو أمس.", False)])
def test_when_is_not_answered_by_a_day_outside_the_time_asked_for(question: str, text: str, expected: bool) -> None:
    asked, _, sentences = ranked(question, text)
    assert is_of_other_time(asked, sentences[0], KNOWN.__contains__) == expected
