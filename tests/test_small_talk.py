"""Small talk is told from questions about the articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.answerer import Answerer
from qa.question.small_talk import Kind, small_talk, without_greeting
from qa.types.question import Question
from web import create_app
from web.service import Service

SMALL_TALK = {
    Kind.GREETING: ["مرحبا", "مرحباً!", "مَرحبًا بكم", "أهلا", "اهلاً وسهلاً", "أهلا بك", "السلام عليكم",
                    "السلام عليكم ورحمة الله وبركاته", "سلام عليكم", "وعليكم السلام", "صباح الخير", "مساء النور",
                    "تحية طيبة وبعد", "كيف حالك؟", "مرحبا، كيف الحال اليوم؟", "hello", "Hi there!", "good morning",
                    "Hey, how are you?", "Hello Musnad", "سلام", "هاي", "صباح الفل", "حياكم الله", "عيد مبارك"],
    Kind.THANKS: ["شكرا", "شكرًا جزيلاً", "شكرا لك", "شكراً جزيلا لكم", "ألف شكر", "أشكرك",
                  "جزاك الله خيرا", "بارك الله فيك", "thanks", "Thank you very much!", "thanks a lot",
                  "Thanks for your help", "شكرا على المعلومات", "شكرا جزيلا على إجابتك", "الله يعطيك العافية", "يسلمو",
                  "تسلم إيدك يا غالي"],
    Kind.FAREWELL: ["مع السلامة", "إلى اللقاء", "شكرا، إلى اللقاء", "goodbye", "Bye!"],
    Kind.NOT_UNDERSTOOD: ["لم أفهم", "لم افهم شيئًا", "لا أفهم", "ما فهمت", "ماذا تقصد؟",
                          "غير واضح", "وضح لي أكثر من فضلك",
                          "لم أفهم الإجابة", "لم أفهم ما تقصد", "مش فاهم", "أنا مش فاهمة حاجة", "شو يعني؟", "ما قصدك؟",
                          "ماذا يعني هذا؟", "أعد صياغة الجواب",
                          "I don't understand", "I did not get that", "What do you mean?"],
    Kind.DOUBT: ["هل أنت متأكد؟", "هل انت متأكد من ذلك؟", "وهل أنت متأكد؟", "متأكد؟", "حقًا؟", "هل هذا صحيح؟",
                 "هذا خطأ", "هل أنت متأكد من صحة هذه المعلومة؟", "هل هذه المعلومة صحيحة؟", "هل هذا الكلام صحيح؟",
                 "are you sure?", "Are you really sure about that?", "Is that true?", "That's wrong."],
    Kind.WHO_ARE_YOU: ["من أنت؟", "ومن أنت؟", "مرحبا، من أنت؟", "ما اسمك؟",
                       "ماذا تستطيع أن تفعل؟", "هل أنت روبوت؟",
                       "أنت مين؟", "اسمك إيه؟", "ما الذي تستطيع أن تفعله؟", "بماذا تساعدني؟", "ما هذا الموقع؟",
                       "من برمجك؟", "ما هي مصادرك؟", "من أين تأتي بمعلوماتك؟", "كيف أستخدم هذا الموقع؟",
                       "هل يمكنني أن أسألك؟", "عندي سؤال",
                       "What are your sources?", "Who made you?", "how does this work?", "what can you do for me?",
                       "who are you?", "What is your name?", "what can you do", "Are you a robot?"],
    Kind.ASSENT: ["نعم", "ماشي", "لا بأس", "حسنا", "طيب", "ok", "I see"],
    Kind.LAUGHTER: ["هه", "هههه", "هههههههه", "هاهاها", "ها ها", "خخخخ", "haha", "Hahahaha!", "ha ha",
                    "hehe", "LOL", "lool",
                    "مرحبا هههه"],
    Kind.CHAT: ["قل لي نكتة", "قُل لي نكتةً!", "احكِ لي نكتة", "احكي لي نكتة من فضلك", "هل تعرف نكتة؟", "أضحكني",
                "Tell me a joke", "Can you tell me a funny joke?", "do you know any jokes?",
                "كم الساعة؟", "كم الساعة الآن؟", "الساعة كام دلوقتي؟", "مرحبا، كم الساعة الآن؟", "ما تاريخ اليوم؟",
                "في أي سنة نحن؟", "what time is it?", "What's the time now?", "What day is it today?",
                "What is today's date?",
                "هل تحبني؟", "أحبك", "أنا زعلان", "أنا حزينة جدا", "هل لديك مشاعر؟", "Do you love me?", "I'm sad",
                "ما آخر الأخبار؟", "ما هي أهم الأخبار اليوم؟", "شو الأخبار؟", "آخر المستجدات", "هل هناك أخبار جديدة؟",
                "what's the news?", "What is the latest news?", "any news today?", "Top headlines",
                "I love you", "هههه أنا زعلان منك"],
}
QUESTIONS = [
    "من وقّع اتفاق الدوحة؟", "مرحبا، من وقّع اتفاق الدوحة؟", "السلام عليكم، متى وُقّع اتفاق أوسلو؟", "شكرا لمن؟",
    "لمن وجّه الرئيس الشكر؟", "من شكر الرئيس؟", "شكرا، ومتى كان ذلك؟",
    "هل الوزير متأكد من الرواية؟", "من أنت في نظر بيغن؟",
    "لم أفهم لماذا انسحبت روسيا", "ماذا تقصد واشنطن بخفض التصعيد؟",
    "هل أنت متأكد أن الاتفاق وُقّع في الدوحة؟", "من هو؟",
    "هل هذا صحيح عن اتفاق دايتون؟", "من قال السلام عليكم في الكنيست؟", "ما اسم الرئيس؟",
    "ما اسمه؟", "مع السلامة الإقليمية؟",
    "السلام", "السلام بين مصر وإسرائيل", "سلام فياض", "صباح الأحمد", "خبر الصباح",
    "أهلا بالعيد في غزة", "مساء الخميس في بيروت",
    "حقا العودة", "كيف حال الأسرى؟", "كيف الاقتصاد؟", "متى؟", "وأين؟", "ومتى كان ذلك؟", "لماذا؟",
    "الدوحة", "نعم للاتفاق",
    "لا للحرب", "ماذا يستطيع مجلس الأمن أن يفعل؟", "كيف يمكن مساعدة اللاجئين؟", "مساعدة أوكرانيا", "جيد عباس",
    "who signed the Doha agreement?", "hello, who signed it?", "Who said hello to Sadat?", "Thanksgiving attack",
    "thanks to whom was it signed?", "Are you sure the treaty was signed?",
    "who are the Houthis?", "What is his name?",
    "what do they mean?", "Is it true that Sadat visited Jerusalem?", "Good Friday Agreement",
    "Bye-elections in Britain",
    "ما مصادر الدخل في جيبوتي؟", "من صنع الصاروخ؟", "من برمج الموقع؟", "كيف تعمل المفوضية؟", "ماذا يعني خفض التصعيد؟",
    "هل هذه المعلومة من بيان الوزارة صحيحة؟", "ما هذا الجسر؟", "عندي سؤال عن الجسر", "رمضان كريم على القناة",
    "هل يمكنني أن أسأل عن الجسر؟", "what is this bridge?", "who made the bridge?", "what are your sources of water?",
    "when?", "and why?", "help for Ukraine", "how are the hostages?",
    "كم الساعة التي افتُتح فيها الجسر؟", "في أي ساعة وقع الزلزال؟", "كم الساعة حين بدأت المباراة؟",
    "كم ساعة استغرقت القمة؟",
    "من حكى النكتة عن الوزير؟", "ما النكتة التي قالها الممثل؟", "نكتة الوزير", "هل تعرف الوزارة نكتة الممثل؟",
    "ما تاريخ اليوم الذي وقّع فيه الاتفاق؟", "ما اليوم العالمي للمياه؟", "اليوم كم قتيلا سقط؟", "في أي سنة كان ذلك؟",
    "في أي سنة؟", "ما التاريخ؟", "أي يوم؟", "ما الوقت؟", "ماذا قال سعيد؟", "هل سعيد رئيس تونس؟", "أنا كارنينا",
    "هل يحبني الناخبون، قال من؟", "لماذا الوزير زعلان؟", "هل تشعر أنقرة بالقلق؟", "الهاها",
    "what time was it signed?", "What time is it broadcast?", "who told the joke about the minister?",
    "Do you like the plan?",
    "What is the date of the summit?", "What day is the summit?", "is the minister sad?", "I like Ike", "Lola",
    "the Hahn case", "ما آخر أخبار الجسر؟", "ما آخر الأخبار عن الجسر؟", "ما الأخبار الكاذبة؟", "الجديد في قانون العمل",
    "ما أهم خبر نشرته الصحيفة؟", "what's the latest news about the bridge?", "What is the news agency of Iran?",
]


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in SMALL_TALK.items() for text in texts])
def test_small_talk_is_recognised_by_its_kind(text: str, kind: Kind) -> None:
    assert small_talk(text) is kind


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_no_small_talk(question: str) -> None:
    assert small_talk(question) is None


def test_there_are_many_of_both() -> None:
    assert sum(map(len, SMALL_TALK.values())) >= 40
    assert len(QUESTIONS) >= 40


@pytest.mark.parametrize(("asked", "question"), [
    ("مرحبا، من وقّع اتفاق الدوحة؟", "من وقّع اتفاق الدوحة؟"),
    ("مرحباً من وقّع اتفاق الدوحة؟", "من وقّع اتفاق الدوحة؟"),
    ("السلام عليكم ورحمة الله وبركاته. متى وُقّع اتفاق أوسلو؟", "متى وُقّع اتفاق أوسلو؟"),
    ("صباح الخير، شكرا جزيلا، أين عُقدت قمة جنيف؟", "أين عُقدت قمة جنيف؟"),
    ("شكرا، ومتى كان ذلك؟", "ومتى كان ذلك؟"),
    ("Hello, who signed the Doha agreement?", "who signed the Doha agreement?"),
    ("hi who signed the Doha agreement?", "who signed the Doha agreement?"),
    ("شكرا لمن؟", "شكرا لمن؟"),
    ("Thanks to whom was it signed?", "Thanks to whom was it signed?"),
    ("هل تعرف متى وُقّع الاتفاق؟", "متى وُقّع الاتفاق؟"),
    ("هل يمكنك أن تخبرني من وقّع الاتفاق؟", "من وقّع الاتفاق؟"),
    ("مرحبا، أريد أن أعرف كم عدد الموقّعين", "كم عدد الموقّعين"),
    ("لو سمحت، أخبرني أين عُقدت القمة؟", "أين عُقدت القمة؟"),
    ("عندي سؤال: لماذا أُغلق الجسر؟", "لماذا أُغلق الجسر؟"),
    ("بدي أعرف مين افتتح الجسر", "مين افتتح الجسر"),
    ("Could you please tell me who opened the bridge?", "who opened the bridge?"),
    ("I would like to know when the bridge opened", "when the bridge opened"),
    ("أريد أن أعرف ما إذا أُغلق الجسر", "أريد أن أعرف ما إذا أُغلق الجسر"),
    ("هل تعرف الوزارة من افتتح الجسر؟", "هل تعرف الوزارة من افتتح الجسر؟"),
    ("أخبرني عن الجسر", "أخبرني عن الجسر"),
    ("Does the ministry know who opened the bridge?", "Does the ministry know who opened the bridge?"),
    ("هل أنت متأكد؟", "هل أنت متأكد؟"),
    ("مرحبا", "مرحبا"),
    ("هههه، من افتتح الجسر؟", "من افتتح الجسر؟"),
    ("في باريس، من وقّع الاتفاق؟", "في باريس، من وقّع الاتفاق؟"),
])
def test_a_greeting_in_front_of_a_question_is_dropped(asked: str, question: str) -> None:
    assert without_greeting(asked) == question


@pytest.mark.parametrize("text", ["مرحبا", "هل أنت متأكد؟", "thanks", "لم أفهم"])
def test_small_talk_is_answered_by_no_passage(sample_answerer: Answerer, text: str) -> None:
    answer = sample_answerer.ask(Question.parse(text, previous=["من وقّع اتفاق الدوحة؟"]))
    assert (answer.status, answer.confidence, answer.citations, answer.hits) == ("not_found", 0.0, (), ())
    assert answer.understood_as is None
    assert answer.timings_ms.keys() == {"understand", "total"}


@pytest.mark.parametrize("said", ["هل أنت متأكد؟", "لم أفهم", "شكرا"])
def test_small_talk_does_not_lose_the_topic(sample_answerer: Answerer, said: str) -> None:
    answer = sample_answerer.ask(Question.parse("ومتى كان ذلك؟", previous=["أين وُقّع اتفاق الدوحة؟", said]))
    assert answer.understood_as == "متى وُقّع اتفاق الدوحة؟"
    assert answer.status == "answered"


def test_a_greeted_question_is_answered_as_the_question(sample_answerer: Answerer) -> None:
    greeted = sample_answerer.ask(Question.parse("مرحبا، من وقّع اتفاق الدوحة؟"))
    assert greeted.understood_as == "من وقّع اتفاق الدوحة؟"
    assert greeted.citations == sample_answerer.ask(Question.parse("من وقّع اتفاق الدوحة؟")).citations


@pytest.mark.parametrize(("asked", "line"), [
    ("هل أنت متأكد؟", "مُسنَد يجيب عن أسئلتك من المقالات"),
    ("are you sure?", "Musnad answers questions about the articles")])
def test_the_page_says_what_can_be_asked_and_goes_on_with_the_topic(
        sample_answerer: Answerer, sample_index: Path, asked: str, line: str) -> None:
    client = create_app(Service(sample_index, lambda: sample_answerer)).test_client()
    html = client.get("/", query_string={"q": asked, "previous": "أين وُقّع اتفاق الدوحة؟",
                                         "lang": "ar" if asked[0] > "z" else "en"}).get_data(as_text=True)
    assert f'<h1 id="answer">{line}</h1>' in html
    sent_on = re.findall(r'type="hidden" name="previous" value="([^"]*)"', html)
    assert sent_on == ["أين وُقّع اتفاق الدوحة؟"]
