"""Standalone questions read as an editor would write them: no brackets, no growth, no pronoun where there is none."""

from __future__ import annotations

import itertools

import pytest

from index.language.clitics import strip_pronoun
from qa.question.follow_up import readings
from qa.question.topic import Standalone

TWO_TURNS = [
    ("أين وُقّع اتفاق الدوحة؟", "ومتى كان ذلك؟", "متى وُقّع اتفاق الدوحة؟"),
    ("أين وُقّع اتفاق الدوحة؟", "من وقّعه؟", "من وقّع اتفاق الدوحة؟"),
    ("أين وُقّع اتفاق الدوحة؟", "ولماذا؟", "لماذا وُقّع اتفاق الدوحة؟"),
    ("أين وُقّع اتفاق الدوحة؟", "وكيف حدث ذلك؟", "كيف وُقّع اتفاق الدوحة؟"),
    ("من وقّع معاهدة نيو ستارت؟", "ومتى؟", "متى وُقّعت معاهدة نيو ستارت؟"),
    ("من قتل السادات؟", "ومتى قُتل؟", "متى قُتل السادات؟"),
    ("من فاز بكأس الخليج؟", "متى فاز؟", "متى فاز، بشأن كأس الخليج؟"),
    ("متى استقال محافظ الواحة؟", "لماذا استقال؟", "لماذا استقال محافظ الواحة؟"),
    ("متى استقال محافظ الواحة من منصبه؟", "ومن خلفه؟", "من خلف محافظ الواحة؟"),
    ("متى استقال محافظ الواحة؟", "وماذا قررت اللجنة؟", "ماذا قررت اللجنة، حين استقال محافظ الواحة؟"),
    ("لماذا أقيل محافظ الواحة؟", "ماذا حدث بعد ذلك؟", "ماذا حدث بعد أن أقيل محافظ الواحة؟"),
    ("من فاز بكأس الخليج؟", "ثم ماذا؟", "ماذا حدث بعد كأس الخليج؟"),
    ("من فاز بكأس الخليج؟", "وماذا حدث بعدها؟", "ماذا حدث بعد كأس الخليج؟"),
    ("أين عُقدت القمة العربية؟", "وما قراراتها؟", "ما قرارات القمة العربية؟"),
    ("متى وقعت الحكومة الاتفاق؟", "من عارضه؟", "من عارضه، حين وقعت الحكومة الاتفاق؟"),
    ("من هي صاحبة رواية النهر؟", "ما تاريخ وفاتها؟", "ما تاريخ وفاة صاحبة رواية النهر؟"),
    ("كم عدد قتلى زلزال الوادي؟", "وما قوته؟", "ما قوة زلزال الوادي؟"),
    ("كم عدد قتلى زلزال الوادي؟", "ومتى وقع؟", "متى وقع، بشأن زلزال الوادي؟"),
    ("كم عدد قتلى زلزال الوادي؟", "وما أعمارهم؟", "ما أعمار قتلى زلزال الوادي؟"),
    ("متى ينطلق كأس الخليج؟", "وفين؟", "فين ينطلق كأس الخليج؟"),
    ("متى ينطلق كأس الخليج؟", "طيب مين يستضيفه؟", "مين يستضيف كأس الخليج؟"),
    ("كم كانت نسبة الغاز في الوقود؟", "طيب والكهرباء؟", "كم كانت نسبة الغاز في الوقود، بشأن الكهرباء؟"),
    ("متى زارت الوزيرة موسكو؟", "تمام وباريس؟", "متى زارت الوزيرة باريس؟"),
    ("أين وُقّع اتفاق الدوحة؟", "حسنا، ولماذا؟", "لماذا وُقّع اتفاق الدوحة؟"),
    ("Who won the cup in 2018?", "ok, and in 2014?", "Who won the cup in 2014?"),
    ("When was the Doha agreement signed?", "okay, where?", "where was the Doha agreement signed?"),
    ("من اغتال رابين؟", "ومتى كان ذلك؟", "متى فعل ذلك من اغتال رابين؟"),
    ("من قتل السادات؟", "وأين؟", "أين قُتل السادات؟"),
    ("من أدار مفاوضات دايتون؟", "وأين كان ذلك؟", "أين فعل ذلك من أدار مفاوضات دايتون؟"),
    ("متى زار السادات القدس؟", "ومن رافقه؟", "من رافقه، حين زار السادات القدس؟"),
    ("متى بدأت مناورات الدرع؟", "ومتى تنتهي؟", "متى تنتهي مناورات الدرع؟"),
    ("متى بدأ المعرض في الواحة؟", "ومتى ينتهي؟", "متى ينتهي المعرض؟"),
    ("متى بدأت أزمة الرهائن؟", "ومتى انتهت؟", "متى انتهت أزمة الرهائن؟"),
    ("متى بدأت الوزيرة الجولة؟", "ومن رافقها؟", "من رافقها، حين بدأت الوزيرة الجولة؟"),
    ("كم سنة حكم على المحافظ؟", "ولماذا؟", "لماذا حكم على المحافظ؟"),
    ("كم شهرا حبس المحافظ؟", "وأين؟", "أين حبس المحافظ؟"),
    ("كم سنة مرت على الهدنة؟", "ولماذا؟", "لماذا، بشأن الهدنة؟"),
    ("كم قتيلا سقط في الزلزال؟", "ولماذا؟", "لماذا، بشأن الزلزال؟"),
    ("متى وقع هجوم الواحة؟", "كم عمره؟", "كم عمره، بشأن هجوم الواحة؟"),
    ("متى زار السادات القدس؟", "لماذا؟", "لماذا زار السادات القدس؟"),
    ("متى عُقد مؤتمر مدريد؟", "من حضره؟", "من حضر مؤتمر مدريد؟"),
    ("متى عُقد مؤتمر مدريد؟", "ما نتائجه؟", "ما نتائج مؤتمر مدريد؟"),
    ("متى وُقّعت معاهدة وادي عربة؟", "كم مادة فيها؟", "كم مادة في معاهدة وادي عربة؟"),
    ("متى وُقّعت معاهدة وادي عربة؟", "من عارضها؟", "من عارض معاهدة وادي عربة؟"),
    ("متى بدأت أزمة الرهائن؟", "وكم كان عددهم؟", "كم كان عددهم، بشأن أزمة الرهائن؟"),
    ("متى بدأت أزمة الرهائن؟", "كيف انتهت؟", "كيف انتهت، بشأن أزمة الرهائن؟"),
    ("متى سيطرت طالبان على كابول؟", "ومتى غادر آخر جندي؟", "متى غادر آخر جندي، وقد سيطرت طالبان على كابول؟"),
    ("هل صوّت الكنيست على اتفاق أوسلو؟", "وبأي أغلبية؟", "بأي أغلبية صوّت الكنيست على اتفاق أوسلو؟"),
    ("من ترأس الوفد الروسي في إسطنبول؟", "وماذا عن الوفد الأوكراني؟", "من ترأس الوفد الأوكراني في إسطنبول؟"),
    ("متى استقلت سوريا؟", "وماذا عن لبنان؟", "متى استقلت لبنان؟"),
    ("ما عاصمة العراق؟", "وماذا عن إيران؟", "ما عاصمة إيران؟"),
    ("ما عاصمة العراق؟", "وإيران؟", "ما عاصمة إيران؟"),
    ("من وقّع اتفاق الدوحة؟", "وماذا عن إيران؟", "من وقّع اتفاق الدوحة، بشأن إيران؟"),
    ("من وقّع اتفاق الدوحة؟", "وماذا عن اتفاق أوسلو؟", "من وقّع اتفاق أوسلو؟"),
    ("من وقّع الاتفاق عن الرياض؟", "وعن طهران؟", "من وقّع الاتفاق عن طهران؟"),
    ("من هو جورج ميتشل؟", "ومتى عُيّن؟", "متى عُيّن، بشأن جورج ميتشل؟"),
    ("من هو جورج ميتشل؟", "ما دوره؟", "ما دور جورج ميتشل؟"),
    ("متى وُقّع اتفاق أوسلو؟", "ومن المتهم؟", "من المتهم، بشأن اتفاق أوسلو؟"),
    ("متى وُقّع اتفاق أوسلو؟", "وكم بلغ السهم؟", "كم بلغ السهم، بشأن اتفاق أوسلو؟"),
    ("متى وُقّع اتفاق أوسلو؟", "وماذا قال نتنياهو؟", "ماذا قال نتنياهو، بشأن اتفاق أوسلو؟"),
    ("متى عُقدت قمة جنيف؟", "ومن زار مكه؟", "من زار مكه، بشأن قمة جنيف؟"),
    ("متى عُقدت قمة جنيف؟", "ماذا قال عنها أوباما؟", "ماذا قال عن قمة جنيف أوباما؟"),
    ("When was the Doha agreement signed?", "and who signed it?", "who signed the Doha agreement?"),
    ("When was the Doha agreement signed?", "Where?", "Where was the Doha agreement signed?"),
    ("Who signed the Doha agreement?", "and when was that?", "when was the Doha agreement signed?"),
    ("Who signed the Doha agreement?", "What are its terms?", "What are the Doha agreement's terms?"),
    ("When did Sadat visit Jerusalem?", "and why?", "why did Sadat visit Jerusalem?"),
    ("When did the hostage crisis begin?", "how did it end?", "how did the hostage crisis end?"),
    ("What is the capital of Iran?", "what about Iraq?", "What is the capital of Iraq?"),
    ("Where was the Dayton agreement signed?", "What about the Oslo accord?", "Where was the Oslo accord signed?"),
    ("How many people died in the valley earthquake?", "when did it happen?",
     "when did the valley earthquake happen?"),
    ("How many people died in the valley earthquake?", "and in Dayton?", "How many people died in Dayton?"),
    ("How many seats did the Farmers Party win?", "who leads it?", "who leads the Farmers Party?"),
    ("Who led the talks in Oslo?", "and how many took part?", "how many took part, regarding the talks in Oslo?"),
]
LONG = [
    ["متى وُقّعت معاهدة نيو ستارت؟", "ما أبرز بنودها؟", "وما نتيجتها؟", "ومتى دخلت حيز النفاذ؟",
    "وأين؟", "ومن رفضها؟"],
    ["من وقّع اتفاق الدوحة؟", "وماذا عن إيران؟", "وأين؟", "وماذا عن الصين؟", "ومن رفضه؟", "ومتى كان ذلك؟"],
    ["متى زار السادات القدس؟", "ومن رافقه؟", "وماذا قال؟", "ولماذا؟", "وكيف استُقبل؟", "ومتى عاد؟"],
    ["متى سيطرت طالبان على كابول؟", "وماذا حدث بعدها؟", "ومن فرّ؟", "وأين لجأ؟",
    "وماذا عن باكستان؟", "ومتى كان ذلك؟"],
    ["When was the Doha agreement signed?", "and who signed it?", "and where?",
    "What are its terms?", "and who opposed it?",
     "and why?"],
]


def understood(thread: list[str]) -> list[str]:
    """Resolve each question of a thread with the one before it, taking the likeliest reading."""
    whole = itertools.accumulate(thread[1:], lambda before, asked: readings(asked, before)[0],
                                 initial=Standalone(thread[0]))
    return [each.text for each in whole]


@pytest.mark.parametrize(("before", "question", "whole"), TWO_TURNS)
def test_a_follow_up_is_worded_as_one_would_write_it(before: str, question: str, whole: str) -> None:
    assert understood([before, question])[-1] == whole


@pytest.mark.parametrize("thread", LONG)
def test_questions_do_not_grow_from_turn_to_turn(thread: list[str]) -> None:
    texts = understood(thread)
    assert len(texts) == 6
    longest = max(map(len, thread)) + len(thread[0]) + len("، بشأن ")
    assert [text for text in texts if len(text) > longest] == []
    assert [text for text in texts if set("()[]") & set(text)] == []
    assert [text for text in texts if text.count("، ") + text.count(", ") > 1] == []


def test_a_topic_of_two_turns_ago_is_left_behind() -> None:
    texts = understood(["متى وُقّعت معاهدة نيو ستارت؟",
    "من وقّع اتفاق الدوحة بين واشنطن وطالبان؟", "وأين؟", "ومن رفضه؟"])
    assert texts[1] == "من وقّع اتفاق الدوحة بين واشنطن وطالبان؟"
    assert texts[3] == "من رفض اتفاق الدوحة بين واشنطن وطالبان؟"
    assert not any("ستارت" in text for text in texts[1:])


def test_the_latest_part_replaces_the_one_before_it() -> None:
    texts = understood(["من وقّع اتفاق الدوحة؟", "وماذا عن إيران؟", "وماذا عن الصين؟"])
    assert texts[2] == "من وقّع اتفاق الدوحة، بشأن الصين؟"


@pytest.mark.parametrize("word", """
    المتهم السهم والمتهم بالسهم للمتهم أفهم يفهم وجه الوجه فقه منبه متجه مكة مكه متهم مبهم أسهم درهم مساهم
    تفاهم برهن يراهن
    نتنياهو أوباما طه مها سها فيينا غانا الصين اتفاقيه
""".split())
def test_an_ending_that_only_looks_like_a_pronoun_stays(word: str) -> None:
    assert strip_pronoun(word, is_last=True) is None


@pytest.mark.parametrize(("word", "stem"), [
    ("وقّعه", "وقّع"), ("رعاها", "رعا"), ("منصبه", "منصب"), ("عددهم", "عدد"), ("والده", "والد"), ("ردّه", "ردّ"),
    ("حقهم", "حق"), ("ومنه", "ومن"), ("مطالبهم", "مطالب"), ("بينهما", "بين"), ("إليه", "إلي"),
])
def test_a_pronoun_is_found(word: str, stem: str) -> None:
    assert strip_pronoun(word, is_last=True) == stem
