"""The documents that are typeset: articles of this project, and the cases that PDF readers get wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.sources import read_paths
from index.types import Article

ARTICLES = Path(__file__).resolve().parents[2] / "articles"
TYPESET = ("abu-dhabi-trilateral-talks-2026", "doha-agreement-2020", "dayton-agreement-1995", "salt-ii-treaty-1979")

Layout = Literal["plain", "columns", "table"]


@dataclass(frozen=True, slots=True)
class Document:
    """A title and paragraphs. In a table, each paragraph after the first is a row with cells parted by tabs."""

    name: str
    language: Literal["ar", "en"]
    title: str
    paragraphs: tuple[str, ...]
    layout: Layout = "plain"

    @property
    def gold(self) -> str:
        """The text that a reader should return, its white space collapsed."""
        return " ".join(" ".join((self.title, *self.paragraphs)).split())


VOWELLED = Document("vowelled", "ar", "دَرْسٌ فِي النَّحْوِ", (
    "إِنَّ المُعَلِّمَ قَدَّمَ الشُّكْرَ لِلطُّلَّابِ، وَأَكَّدَ أَنَّهُمْ سَيُحَقِّقُونَ النَّجَاحَ بِإِذْنِ اللهِ.",
    "ثُمَّ قَرَأَ عَلَيْهِمْ قِصَّةً قَصِيرَةً عَنِ الصَّبْرِ، فَأَنْصَتَ الأَوْلَادُ لِلْقِصَّةِ وَسَأَلُوا عَنْ مَعَانِي الكَلِمَاتِ الجَدِيدَةِ.",
    "وَقَالَ لَهُمْ: لَا تَتَأَخَّرُوا عَنِ المَدْرَسَةِ غَدًا، فَإِنَّ الدَّرْسَ يَبْدَأُ فِي السَّاعَةِ الثَّامِنَةِ.",
    "يُسَمَّى التَّشْدِيدُ شَدَّةً، وَمَا كَانَ مُشَدَّدًا مَكْسُورًا كُتِبَ هٰكَذَا: عَلِّمْ، حَقِّقْ، قَدِّمْ."))
PARTLY_VOWELLED = Document("partly-vowelled", "ar", "مجلس الوزراء يقرّ الموازنة", (
    "أقرّ مجلس الوزراء موازنة العام المقبل، وعُيِّن محافظًا للبنك المركزيّ خبيرٌ اقتصاديّ، وشُكِّلت لجنة لمتابعة التنفيذ.",
    "وأعلن الوزير أنّ العجز سيقلّ إلى 4.5% من الناتج، وأنّ الدَّين العامّ لن يتجاوز ٦٠٪ منه، لأن الإيرادات زادت ١٢٫٥ مليارًا.",
    "وقال: «لا ضرائب جديدة»، وأضاف أنّ الله وفّق اللجنة، وأنّ القرار رقم 17/2024 يُنشَر في 3 أيّار 2024 (الجمعة)."))
MIXED = Document("mixed", "ar", "شركة OpenSea توقّع اتفاقًا مع Microsoft", (
    "وقّعت شركة OpenSea Systems اتفاقًا مع Microsoft Corporation في 12/05/2023 بقيمة 3,500,000 دولار "
    "(نحو 3.2 مليون يورو).",
    "وقال المدير التنفيذي جون سميث (John Smith) إن منصة Azure AI "
    "ستُستخدم في 14 دولة، وإن البريد info@example.org مفتوح للأسئلة.",
    "ويغطي الاتفاق الفترة 2023-2026، ويبدأ الساعة 10:30 صباحًا بتوقيت غرينتش GMT+3، كما ورد في "
    "العدد 45 من مجلة The Economist."))
ENGLISH = Document("english", "en", "Officials confirm the final offer", (
    "The first official figures confirm that the office flooded five fields in the affluent suburbs, an effect that "
    "officials had classified as insignificant. Efforts to rebuild will cost $12.5 million, 40% more than in 2019.",
    "“We will not stifle the inflow of funds,” the finance minister said. The reflected light – a difficult thing to "
    "film – was fitfully visible, and the staff’s offshore traffic fell by a fifth between 3 May and 7 June 2021.",
    "A naïve reader in Zürich or São Paulo may find the café's façade déjà vu; the price of £1,250.00 is not final."))
MOSTLY_ENGLISH = Document("mostly-english", "en", "The word for book in Arabic", (
    "The Arabic word for book is كتاب and the plural is كتب in most grammars, while library is مكتبة عامة in full.",
    "The newspaper الشرق الأوسط (Asharq Al-Awsat) was founded in 1978 and is printed in 14 cities."))
TABLE = Document("table", "ar", "أسعار الصرف والسلع", (
    "فيما يلي أسعار الإغلاق كما نشرها المصرف المركزي مساء الخميس في نشرته اليومية.",
    "السلعة\tالسعر\tالتغيّر", "الذهب\t2,345.60\t1.2%", "النفط\t82.15\t0.8%", "القمح\t5.90\t2.4%", "النحاس\t4.51\t0.3%"),
    "table")


def documents() -> list[Document]:
    """All documents, in a fixed order."""
    paths = [ARTICLES / f"{name}.md" for name in TYPESET]
    articles = {article.id: _document_of(article) for article in read_paths(paths)}
    plain = [articles[name] for name in TYPESET]
    first = plain[1]
    columns = Document("columns", "ar", first.title, first.paragraphs, "columns")
    return [*plain, columns, VOWELLED, PARTLY_VOWELLED, MIXED, ENGLISH, MOSTLY_ENGLISH, TABLE]


def _document_of(article: Article) -> Document:
    paragraphs = tuple(line for line in article.text.split("\n") if line.strip())
    return Document(article.id, "ar", article.title, paragraphs)
