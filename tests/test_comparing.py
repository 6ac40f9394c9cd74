"""Questions that compare, and the sentence that wins."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answer.comparing import says_lesser, winner_first
from qa.question.comparisons import Wins, comparison_of
from qa.question.parsed import parse_question
from tests.test_ranking import ranked


@pytest.mark.parametrize(("question", "wins", "noun"), [
    ("متى عُقدت آخر قمة في جنيف؟", Wins.LATEST, "قمه"), ("ما آخر التطورات في الميناء؟", Wins.LATEST, "التطورات"),
    ("متى زار الوزير الميناء آخر مرة؟", Wins.LATEST, ""), ("من أول رئيس زار الميناء؟", Wins.EARLIEST, "رييس"),
    ("من أول من وصل إلى الميناء؟", Wins.EARLIEST, ""), ("متى التقيا لأول مرة؟", Wins.EARLIEST, ""),
    ("أين سقط أكبر عدد من القتلى؟", Wins.LARGEST, "القتلي"), ("ما أقل سعر للقمح؟", Wins.SMALLEST, "سعر"),
    ("ما أحدث سفينة في الميناء؟", Wins.LATEST, "سفينه"), ("When was the latest summit?", Wins.LATEST, "summit"),
    ("Which port got the most ships?", Wins.LARGEST, "ships"), ("Who was the first president to visit?", Wins.EARLIEST,
                                                                "president")])
def test_a_comparison_is_read(question: str, wins: Wins, noun: str) -> None:
    found = comparison_of(parse_question(question).words)
    assert found is not None
    assert (found.wins, found.noun) == (wins, noun)


@pytest.mark.parametrize("question", [
    "هل أصيب شخص آخر في الميناء؟", "من زار الميناء مرة أخرى؟", "ماذا حدث في الأول من مايو؟",
    "من هو الملك عبد الله الأول؟", "متى انتهت الحرب العالمية الأولى؟",
    "من سرّح أكثر من 200 موظف؟", "من وصل أول من أمس؟", "كم جريحا على الأقل؟",
    "متى يبدأ أول أيام العيد؟", "كم سفينة وصلت في أول ثلاثة أشهر من 2018؟",
    "لماذا اشترطت الوزارة أجرا أدنى لعمال الميناء؟", "متى اقترح الوزير موعدا آخر للقمة؟", "How many at least?",
    "Who is the first lady?", "متى سقط الجسر؟"])
def test_other_questions_compare_nothing(question: str) -> None:
    assert comparison_of(parse_question(question).words) is None


def first_two(question: str, *texts: str, published: str = "2022-01-01") -> tuple[str, str]:
    """The sentence ranked first, and the one put first."""
    articles = [Article(str(number), text, published=published) for number, text in enumerate(texts)]
    found = ranked(question, *articles)
    return found[0].text, winner_first(parse_question(question), found)[0].text


EARLY, LATE = "انعقدت قمة الوزراء في جنيف عام 2015.", "انعقدت قمة الوزراء في جنيف في مايو 2019 وسط المطر."


@pytest.mark.parametrize(("question", "texts", "winner"), [
    ("متى انعقدت آخر قمة للوزراء في جنيف؟", (EARLY, LATE), LATE),
    ("متى انعقدت أول قمة للوزراء في جنيف؟", (LATE, EARLY), EARLY),
    ("متى انعقدت قمة للوزراء في جنيف لآخر مرة؟", (EARLY, LATE), LATE),
    ("ما أكبر عدد من الموظفين في الميناء؟", ("كان في الميناء 120 موظفا.", "صار في الميناء 340 موظفا بعد عام."),
     "صار في الميناء 340 موظفا بعد عام."),
    ("ما أقل عدد من الموظفين في الميناء؟", ("كان في الميناء 340 موظفا.", "صار في الميناء 120 موظفا بعد عام."),
     "صار في الميناء 120 موظفا بعد عام.")])
def test_the_winner_is_put_first(question: str, texts: tuple[str, ...], winner: str) -> None:
    assert first_two(question, *texts)[1] == winner


@pytest.mark.parametrize(("question", "texts", "published"), [
    ("متى انعقدت قمة الوزراء في جنيف؟", (EARLY, LATE), "2022-01-01"),  # compares nothing
    ("متى انعقدت آخر قمة للوزراء في جنيف؟", (EARLY,), "2022-01-01"),  # nothing to compare with
    ("متى انعقدت آخر قمة للوزراء في جنيف؟", (EARLY, LATE), "2018-01-01"),  # the later one is still to come
    ("متى انعقدت آخر قمة للوزراء في جنيف؟", (EARLY, "سقط الجسر في جنيف عام 2020."), "2022-01-01"),  # something else
    ("متى انعقدت آخر قمة للوزراء في جنيف؟", ("انعقدت آخر قمة للوزراء في جنيف عام 2015.", LATE), "2022-01-01"),
])
def test_otherwise_nothing_changes(question: str, texts: tuple[str, ...], published: str) -> None:
    before, after = first_two(question, *texts, published=published)
    assert before == after


def test_the_winner_takes_the_best_score_and_nobody_is_lost() -> None:
    question = parse_question("متى انعقدت أول قمة للوزراء في جنيف؟")
    found = ranked(question.text, Article("a", LATE, published="2022-01-01"), Article("b", EARLY))
    after = winner_first(question, found)
    assert after[0].score == found[0].score
    assert sorted(each.row for each in after) == sorted(each.row for each in found)


@pytest.mark.parametrize(("question", "text", "is_lesser"), [
    ("ما أكبر منتج للزيتون في الوادي؟", "تعد قرية الصفا ثاني أكبر منتج للزيتون في الوادي.", True),
    ("ما أكبر منتج للزيتون في الوادي؟", "قرية الصفا من أكبر منتجي الزيتون في الوادي.", True),
    ("من أكثر لاعب تسجيلا للأهداف؟", "كسر الرقم المسجل باسم سالم كثاني أكثر اللاعبين تسجيلا للأهداف.", True),
    ("What is the largest producer of olives in the valley?", "Safa is one of the largest producers of olives.", True),
    ("ما أكبر منتج للزيتون في الوادي؟", "قرية الصفا أكبر منتج للزيتون في الوادي.", False),
    ("ما أكبر منتج للزيتون في الوادي؟", "قرية الصفا ثاني أكبر منتج للزيتون، والربوة أكبر منتج للزيتون.", False),
    ("ما ثاني أكبر منتج للزيتون في الوادي؟", "تعد قرية الصفا ثاني أكبر منتج للزيتون في الوادي.", False),
    ("ما أكبر منتج للزيتون في الوادي؟", "تنتج قرية الصفا الزيتون.", False),
    ("ما منتج الزيتون في الوادي؟", "تعد قرية الصفا ثاني أكبر منتج للزيتون في الوادي.", False)])
def test_one_of_the_largest_is_not_the_largest(question: str, text: str, is_lesser: bool) -> None:
    parsed = parse_question(question)
    assert says_lesser(parsed, ranked(question, Article("a", text))[0]) is is_lesser
