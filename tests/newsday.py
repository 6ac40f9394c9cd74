"""A day of a newsroom, made of templates: claims that stand, and articles that arrive, with the alerts to expect.

All places, people and events are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from index.types import Article

DAY = date(2031, 5, 4)
TOWNS = ("تل الزعفران", "وادي السنديان", "عين الرمّان", "خربة اللوز", "بئر الياسمين", "رأس الصنوبر", "مرج الكتّان")
FILLERS = (
    "نظّمت جمعية الرسامين في {town} ورشة لتعليم الأطفال الرسم بالألوان المائية استمرت {number} أيام.",
    "زرع متطوعون من {town} {number} شجرة زيتون على جانبي الطريق المؤدي إلى السوق القديم.",
    "فاز فريق {town} لكرة اليد على ضيفه بفارق {number} أهداف في مباراة أقيمت مساء الخميس.",
    "عرض متحف {town} {number} قطعة من الفخار القديم في قاعته الصغرى حتى نهاية الشهر.",
    "أعلن نادي الشطرنج في {town} مسابقة للناشئين يشارك فيها {number} لاعبًا من المدارس.",
    "رمّم حرفيون من {town} {number} نافذة خشبية في البيت القديم قرب الساحة.",
    "أصلحت فرق الصيانة في {town} {number} مصباحًا في شارع النهر بعد العاصفة.",
)
MORE = ("وحضر عدد من أهالي {town} وشكروا المنظمين على جهدهم.", "وقال المنظمون إنهم سيعيدون التجربة في العام المقبل.")


@dataclass(frozen=True)
class Followed:
    """A claim that stands, the articles of the day about it by id, and the kind of alert that each must give."""

    kind: str
    text: str
    speaker: str = ""
    articles: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)


FOLLOWED = (
    Followed("claim", "افتتحت بلدية تل الزعفران مكتبة عامة تضم تسعة آلاف كتاب.",
             articles={"a1": "افتتحت بلدية تل الزعفران يوم الأحد مكتبة عامة تضم تسعة آلاف كتاب.",
                       "a2": "افتتحت بلدية تل الزعفران مكتبة عامة تضم سبعة آلاف كتاب."},
             expected={"a1": "first_appearance", "a2": "another_figure"}),
    Followed("claim", "أغلق مجلس وادي السنديان جسر النهر الغربي أمام الشاحنات.",
             articles={"b1": "أغلق مجلس وادي السنديان جسر النهر الغربي أمام الشاحنات بعد فحص دعائمه.",
                       "b2": "لم يغلق مجلس وادي السنديان جسر النهر الغربي أمام الشاحنات."},
             expected={"b1": "first_appearance", "b2": "denied"}),
    Followed("claim", "بلغ عدد زوار معرض الكتّان في مرج الكتّان 4300 زائر.",
             articles={"c1": "بلغ عدد زوار معرض الكتّان في مرج الكتّان 4300 زائر خلال ثلاثة أيام.",
                       "c2": "وذكر المنظمون أن عدد زوار معرض الكتّان في مرج الكتّان بلغ 4300 زائر."},
             expected={"c1": "first_appearance", "c2": "repeated"}),
    Followed("claim", "The council of Amber Hill bought twelve electric buses.",
             articles={"d1": "The council of Amber Hill bought twelve electric buses last week.",
                       "d2": "The council of Amber Hill bought nine electric buses."},
             expected={"d1": "first_appearance", "d2": "another_figure"}),
    Followed("claim", "تبرعت شركة السنبلة الزرقاء بثلاثين سريرًا لمستوصف عين الرمّان.",
             articles={"e1": "تبرعت شركة السنبلة الزرقاء بثلاثين سريرًا لمستوصف عين الرمّان."},
             expected={"e1": "first_appearance"}),
    Followed("quote", "لن نرفع أسعار الخبز قبل انتهاء موسم الحصاد", "هاشم السلّاوي",
             articles={"f1": "قال رئيس بلدية خربة اللوز هاشم السلّاوي: «لن نرفع أسعار الخبز قبل انتهاء موسم الحصاد».",
                       "f2": "قال هاشم السلّاوي: «لن نرفع أسعار الطحين قبل انتهاء موسم الحصاد»."},
             expected={"f1": "first_appearance", "f2": "altered"}),
    Followed("quote", "سنعيد بناء السوق القديم حجرًا حجرًا كما كان", "وداد المرجاني",
             articles={"g1": "وقالت المهندسة وداد المرجاني: «سنعيد بناء السوق القديم حجرًا حجرًا كما كان».",
                       "g2": "وقال المقاول فوزي الدقّاق: «سنعيد بناء السوق القديم حجرًا حجرًا كما كان»."},
             expected={"g1": "first_appearance", "g2": "altered"}),
    Followed("quote", "كل طفل في هذه البلدة سيتعلم العزف", "نديم العوّاد",
             articles={"h1": "قال مدير المعهد نديم العوّاد: «كل طفل في هذه البلدة سيتعلم العزف»."},
             expected={"h1": "first_appearance"}),
    Followed("question", "كم عدد المدارس التي أُغلقت في رأس الصنوبر؟",
             articles={"i1": "أُغلقت في رأس الصنوبر ست مدارس بسبب الثلوج الكثيفة."},
             expected={"i1": "first_appearance"}),
    Followed("question", "من صمّم نافورة بئر الياسمين؟",
             articles={"j1": "صمّم المهندس رياض الخزّاف نافورة بئر الياسمين الجديدة."},
             expected={"j1": "first_appearance"}),
    *(Followed("claim", text) for text in (
        "استقال مدير ميناء المرجان بعد حريق المخازن.", "اشترت بلدية عين الرمّان سيارتي إسعاف جديدتين.",
        "خفّضت هيئة المياه في خربة اللوز الضخ إلى النصف.", "وصلت قافلة الأدوية إلى قرية الصوّان ليلًا.",
        "بدأ ترميم قلعة الغار في الربيع.")),
    Followed("quote", "تأجيل افتتاح المرسى الجديد", "مازن البحّار",
             articles={"k1": "نفى رئيس الميناء مازن البحّار تأجيل افتتاح المرسى الجديد."}, expected={"k1": "denied"}),
    *(Followed("quote", text) for text in (
        "لا أحد يعرف من أين جاءت هذه الصناديق",
        "We will not leave this valley without an agreement")),
    *(Followed("question", text) for text in (
        "متى يعود القطار إلى محطة السرو؟", "من يرأس لجنة التحقيق في فيضان الدلب؟")),
)
REPRINTS = {"a3": "a1", "f3": "f1"}
"""Articles that print another one's text under another title: they give no alert of their own."""


def article(article_id: str, text: str, number: int, source: str = "صحيفة الصباح الجديد") -> Article:
    day = DAY + timedelta(days=number // 20)
    return Article(article_id, text, f"خبر رقم {number}", source, published=day.isoformat())


def filler(number: int) -> Article:
    words = {"town": TOWNS[number % len(TOWNS)], "number": 3 + number}
    lines = (FILLERS[(number // len(TOWNS) + number) % len(FILLERS)], *MORE)
    return article(f"filler-{number}", "\n\n".join(line.format(**words) for line in lines), number)


def whole(article_id: str, sentence: str, number: int) -> Article:
    """An article about something followed, with sentences around what it says of it."""
    before = filler(number).text.split("\n\n")
    if article_id in REPRINTS:
        return article(article_id, sentence, number, "موقع آخر")
    return article(article_id, f"{sentence}\n\n{before[-1]}", number)


def before_the_day() -> list[Article]:
    return [filler(number) for number in range(1000, 1020)]


def the_day(count: int = 100) -> list[Article]:
    """The articles in the order in which they arrive: those about something followed, spread among others."""
    told = [(article_id, text) for followed in FOLLOWED for article_id, text in followed.articles.items()]
    step = count // (len(told) + len(REPRINTS) + 1)
    day = [filler(number) for number in range(count - len(told) - len(REPRINTS))]
    for place, (article_id, text) in enumerate(told):
        day.insert(place * step + 2, whole(article_id, text, place))
    texts = {each.id: each.text for each in day}
    for article_id, original in REPRINTS.items():
        day.append(whole(article_id, texts[original], 7))
    return day
