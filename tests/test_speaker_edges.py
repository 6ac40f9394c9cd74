"""Where the words that name a speaker end, and words near a verb of saying that name none."""

from __future__ import annotations

import pytest

from index.language.sentences import split_sentences
from index.types import Article
from qa.verify.names import WordsRead
from qa.verify.speakers import SaidBy, judge, speaker_of

STATEMENT = "الرصيف القديم ضيق"


def said_by(text: str) -> SaidBy | None:
    start = text.index(STATEMENT)
    return speaker_of(Article("a", text), split_sentences(text), start, start + len(STATEMENT))


def named(text: str) -> str | None:
    """Who is certain to have made the statement."""
    found = said_by(text)
    return text[slice(*found.name)] if found and found.name and found.certain else None


@pytest.mark.parametrize(("text", "name"), [
    (f"وقال رئيس هيئة الموانئ للقوارب الشراعية، القبطان سالم حربي، إن {STATEMENT}.",
     "رئيس هيئة الموانئ للقوارب الشراعية، القبطان سالم حربي"),
    (f"وقال المدير التنفيذي لبحرون سالم حربي \"{STATEMENT}\".", "المدير التنفيذي لبحرون سالم حربي"),
    (f"وقال سالم الحربي لبي بي سي إن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي لقرائها إن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي لمحاوره \"{STATEMENT}\".", "سالم الحربي"),
    (f"وقال سالم الحربي مشيرا إلى أن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي أيضا إن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي في سلسلة تغريدات إن {STATEMENT}.", "سالم الحربي"),
    (f"ونقلت الصحيفة عن سالم الحربي تأكيده أن {STATEMENT}.", "سالم الحربي"),
    (f"وأكدت الجمعية علي أن {STATEMENT}.", "الجمعية"),
    (f"وقال علي الحربي إن {STATEMENT}.", "علي الحربي"),
    (f"\"{STATEMENT}\"، كما يقول سالم الحربي.", "سالم الحربي"),
    (f"\"{STATEMENT}\"، حسبما قالت منى العلي.", "منى العلي"),
    (f"وقالت أخرى إنهن رأين أن {STATEMENT}.", "أخرى"),
    (f"وأشار المتحدث إلى مسؤولية البلدية تجاه \"{STATEMENT}\".", "المتحدث"),
    (f"وشدد الحربي على ضرورة العمل وعدم التباطؤ، مشيرا إلى أن {STATEMENT}.", "الحربي"),
    (f"وعلق الرئيس، سالم الحربي، على ما أفاد به مصدران من أن {STATEMENT}.", "الرئيس، سالم الحربي"),
    (f"وذكرت القناة بطلبها بأن {STATEMENT}.", "القناة"),
    (f"وأشاد المحامي سالم الحربي بجهود البحارة قائلا \"{STATEMENT}\".", "المحامي سالم الحربي"),
    (f"وعلقت متحدثة عسكرية على ذلك بأن {STATEMENT}.", "متحدثة عسكرية"),
    (f"وقالت متحدثة باسم الميناء إن {STATEMENT}.", "متحدثة باسم الميناء"),
    (f"وقال سالم الحربي موجها كلامه إلى البحارة: \"{STATEMENT}\".", "سالم الحربي"),
    (f"وأعلنت البلدية مطلع العام الجاري أن {STATEMENT}.", "البلدية"),
    (f"وقالت إحدى البحارات حينئذ إن {STATEMENT}.", "إحدى البحارات"),
    (f"وكان سالم الحربي قد صرح مؤخرا بأن {STATEMENT}.", "سالم الحربي"),
    (f"وكانت البلدية قد قالت الشهر الماضي إن {STATEMENT}.", "البلدية"),
    (f"وقال المدير العام في ميناء عدن، سالم الحربي: \"{STATEMENT}\".", "المدير العام في ميناء عدن، سالم الحربي"),
    (f"وقال المتحدث الرسمي بالهيئة العامة لشؤون الموانئ البحرية والموانئ النهرية، أحمد بن محمد الحربي: "
     f"\"{STATEMENT}\".",
     "المتحدث الرسمي بالهيئة العامة لشؤون الموانئ البحرية والموانئ النهرية، أحمد بن محمد الحربي"),
    (f"ووفقا لطبيبته، منى العلي، فإن {STATEMENT}.", "طبيبته، منى العلي"),
    (f"وقال سالم الحربي إن الميناء قديم. وتابع بالقول إن \"{STATEMENT}، والكل يعترف بهذا الأمر\".", "سالم الحربي"),
    (f"أما القارب الآخر، فقالت بلدية عدن إنه غرق وإن {STATEMENT}.", "بلدية عدن"),
    (f"أما فيما يتعلق بالميناء، فأوضح سالم الحربي أن \"{STATEMENT}\".", "سالم الحربي"),
])
def test_a_name_ends_before_whom_the_speaker_speaks_to_and_how(text: str, name: str) -> None:
    assert named(text) == name


@pytest.mark.parametrize("text", [
    f"وغادر أحد البحارة، دون ذكر اسمه، وقيل إن {STATEMENT}.",
    f"والبحار أبلغ الجانب اليمني أن {STATEMENT}.",
    f"أما هذا العام، فأكدت أن {STATEMENT}.",
    f"وقال كيف يمكن ذلك إن {STATEMENT}.",
    f"وأضافت نتوقع أن {STATEMENT}.",
    f"وكان الحربي أصدر بيانا قال فيه إن {STATEMENT}.",
    f"ورفض البحار ذكر اسمه أن {STATEMENT}.",
    f"وصرحت فيما بعد: \"{STATEMENT}\".",
    f"وقالت فيما يتعلق بالميناء، على ما نقل التلفزيون: \"{STATEMENT}\".",
    f"وأكد عام 2017 أن {STATEMENT}.",
    f"واستطرد معقبا على سؤال بشأن الميناء: \"{STATEMENT}\".",
    f"وأضاف موجها تهديده إلى البحارة: \"{STATEMENT}\".",
    f"لكن البلدية أعلنت احتجازهم بصورة مؤقتة، وقالت إن {STATEMENT}.",
    f"وأعلن القائد العسكري، سالم الحربي، سيطرة قواته المعروفة باسم \"حرس الميناء\" وأضاف \"{STATEMENT}\".",
    f"وأظهر استطلاع رأي أجري في الميناء أن {STATEMENT}.",
    f"وبحسب نقاد يعتبر فيلم \"{STATEMENT}\" الأجمل.",
    f"وقال المستخدم \"بحار\" على حسابه إن {STATEMENT}.",
    f"وقالت إذاعة \"موج إف إم\"، على لسان مديرها، إن {STATEMENT}.",
    f"وأشاد \"بحار\" بالميناء قائلا: \"{STATEMENT}\".",
    f"وكان سالم الحربي قد أعلن قبوله دعوة البلدية، وأن {STATEMENT}.",
    f"وكتب الشاعر المصري سالم بن أحمد الحربي كلمات قصيدة \"{STATEMENT}\".",
    f"وقالت منى العلي كلمتها أمام الجمع. وكان الوزير رد على منى العلي محذرا من الزحام، وقال \"{STATEMENT}\".",
    f"وقال سالم الحربي كلمته وغادر الميناء قبل أن {STATEMENT}.",
])
def test_times_questions_and_objects_name_nobody(text: str) -> None:
    assert named(text) is None


@pytest.mark.parametrize(("text", "speaker"), [
    (f"وقال الخبير الذي انتقد منى العلي إن {STATEMENT}.", "منى العلي"),
    (f"وكان الخبير سالم قد وصف منى بأن {STATEMENT}.", "منى"),
])
def test_the_object_of_a_verb_is_not_confirmed_as_the_speaker(text: str, speaker: str) -> None:
    article = Article("a", text)
    assert judge(article, said_by(text), speaker, WordsRead()) != "confirmed"


@pytest.mark.parametrize(("text", "attribution"), [
    (f"وقال هداف الفريق البحري إن {STATEMENT}. وغادر سالم حربي.", "undetermined"),
    (f"وقالت الشركة إن {STATEMENT}. وغادر سالم حربي.", "undetermined"),
    (f"وقال رئيس شرطة عدن إن {STATEMENT}. وغادر سالم حربي.", "undetermined"),
    (f"وقال مدرب أمواج عدن إن {STATEMENT}. وغادر سالم حربي.", "undetermined"),
    (f"وقال باحثون بريطانيون إن {STATEMENT}. وغادر سالم حربي.", "undetermined"),
    (f"وقال المذيع البحري لمشاهديه إن {STATEMENT}. وغادر سالم حربي.", "undetermined"),
    (f"وقالت منى العلي إن {STATEMENT}. وغادر سالم حربي.", "contradicted"),
    (f"وقالت وزارة الموانئ إن {STATEMENT}. وغادر سالم حربي.", "contradicted"),
])
def test_who_is_only_described_may_be_the_claimed_speaker(text: str, attribution: str) -> None:
    assert judge(Article("a", text), said_by(text), "سالم حربي", WordsRead()) == attribution


def test_a_promise_that_was_made_is_stated_and_one_that_may_come_is_not() -> None:
    stances = [found.stance for text in (f"وقد تعهدت منى العلي بأن {STATEMENT}.", f"وقد تقول منى العلي إن {STATEMENT}.")
               if (found := said_by(text))]
    assert stances == ["stated", "doubted"]
