"""Whom the words around a statement name, and what that makes of a speaker."""

from __future__ import annotations

import pytest

from index.language.sentences import split_sentences
from index.types import Article
from qa.verify.names import WordsRead
from qa.verify.speakers import judge, speaker_of

STATEMENT = "العمل انتهى في الميناء"


def named(text: str) -> str | None:
    """Who is certain to have made the statement."""
    article = Article("a", text)
    start = text.index(STATEMENT)
    found = speaker_of(article, split_sentences(text), start, start + len(STATEMENT))
    return text[slice(*found.name)] if found and found.name and found.certain else None


@pytest.mark.parametrize(("text", "name"), [
    (f"وقال سالم الحربي إن {STATEMENT}.", "سالم الحربي"),
    (f"وصرّح وزير النقل، سالم الحربي، أمس بأن {STATEMENT}.", "وزير النقل، سالم الحربي"),
    (f"وأضاف سالم الحربي: \"{STATEMENT}\".", "سالم الحربي"),
    (f"وبحسب سالم الحربي، {STATEMENT}.", "سالم الحربي"),
    (f"{STATEMENT}، وفقا لسالم الحربي.", "سالم الحربي"),
    (f"\"{STATEMENT}\"، قال سالم الحربي.", "سالم الحربي"),
    (f"ونقلت الصحيفة عن سالم الحربي قوله إن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي إن الرصيف جديد. وأضاف أن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي إن الرصيف جديد.\nوتابع قائلا إن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي: \"الرصيف جديد. {STATEMENT}.\"", "سالم الحربي"),
    (f"وقال سالم الحربي إن الرصيف جديد. وكان قد قال عدة مرات إن {STATEMENT}.", "سالم الحربي"),
    (f"وقال سالم الحربي، متحدثا في الميناء: \"{STATEMENT}\".", "سالم الحربي"),
    (f"وأضاف المجلس ببيان بأن {STATEMENT}.", "المجلس"),
    (f"وقال سالم الحربي في الميناء إن الرصيف جديد.\nوأشاد بفرض \"{STATEMENT}\".", "سالم الحربي"),
    (f"وأشاد بوتين بأن {STATEMENT}.", "بوتين"),
    (f"Salem Harbi said {STATEMENT}.", "Salem Harbi"),
    (f"According to Salem Harbi, {STATEMENT}.", "Salem Harbi"),
    (f"وقال سالم الحربي إن الرصيف جديد. {STATEMENT}.", None),
    (f"{STATEMENT}.", None),
    (f"وقال سالم الحربي إن الرصيف جديد.\nوفي حديثها في الميناء، اعتذرت مديرة القسم وقالت إن {STATEMENT}.", None),
    (f"وقال سالم الحربي إنه أخبر منى العلي أن {STATEMENT}.", None),
    (f"وأضاف أن {STATEMENT}.", None),
])
def test_the_nearest_cue_names_the_speaker(text: str, name: str | None) -> None:
    assert named(text) == name


@pytest.mark.parametrize(("text", "speaker", "attribution"), [
    (f"وقال سالم الحربي إن {STATEMENT}.", "سالم الحربي", "confirmed"),
    (f"وقال الحربي إن {STATEMENT}.", "الوزير سالم الحربي", "confirmed"),
    (f"وقال وزير النقل إن {STATEMENT}.", "وزير النقل", "confirmed"),
    (f"وقال وزير النقل إن {STATEMENT}. وغادر سالم الحربي.", "سالم الحربي", "undetermined"),
    (f"وقال سالم الحربي إن {STATEMENT}. وغادرت منى العلي.", "منى العلي", "contradicted"),
    (f"وقال سالم الحربي إن {STATEMENT}.", "منى العلي", "contradicted"),
    (f"{STATEMENT}. وغادر سالم الحربي.", "سالم الحربي", "undetermined"),
    (f"وكتبت إحدى معجبات سالم الحربي: «{STATEMENT}».", "الحربي", "undetermined"),
    (f"وقال أحد أبرز منتقدي الحربي إن {STATEMENT}.", "الحربي", "undetermined"),
    (f"وقال أحد متابعي كريم الدباغ إن {STATEMENT}.", "الدباغ", "undetermined"),
    (f"وقال أحد أشهر معارضي مادورو نادر المرعي إن {STATEMENT}.", "نادر المرعي", "confirmed"),
    (f"وقال أحد سكان لامو نادر المرعي إن {STATEMENT}.", "المرعي", "confirmed"),
    (f"وقالت إحدى نجمات أياكس منى العلي إن {STATEMENT}.", "منى العلي", "confirmed"),
    (f"وقالت شرطة لامو إن {STATEMENT}. ورد نادي لامو.", "نادي لامو", "undetermined"),
    (f"وقال نادي لامو إن {STATEMENT}.", "رئيس بلدية لامو", "undetermined"),
    (f"وقالت جماعة طلائع إن {STATEMENT}.", "حركة طلائع", "confirmed"),
    (f"وقالت شبكة بلوسكاي إن {STATEMENT}.", "شركة بلوسكاي", "confirmed"),
    (f"وقالت وزارة الخارجية الأردنية إن {STATEMENT}.", "الخارجية الأردنية", "confirmed"),
    (f"وقال تقرير منظمة الأنهار الكينية إن {STATEMENT}.", "منظمة الأنهار الكينية", "confirmed"),
    (f"وقال طبيب الحربي إن {STATEMENT}.", "الحربي", "undetermined"),
    (f"وقال أحد قادة الحزب سالم الحربي إن {STATEMENT}.", "الحربي", "confirmed"),
    (f"وقال أحد النواب، سالم الحربي، إن {STATEMENT}.", "الحربي", "confirmed"),
    (f"وقالت منى العلي لسالم إن {STATEMENT}.", "سالم", "undetermined"),
    (f"وقالت منى العلي لنظيرها الكيني، سالم الحربي، إن {STATEMENT}.", "سالم الحربي", "contradicted"),
    (f"وغادر سالم الحربي بعد أن رد عليه كامل النجار قائلا: «{STATEMENT}».", "سالم الحربي", "undetermined"),
    (f"أما سالم الحربي فقال إنه أخبر منى العلي أن {STATEMENT}.", "منى العلي", "undetermined"),
    (f"وقالت رئيسة بلدية عدن إن {STATEMENT}. ثم غادرت رئيسة بلدية عدن منى العلي.", "منى العلي", "undetermined"),
    (f"وقالت وزارة النقل إن {STATEMENT}. وغادرت منى العلي.", "منى العلي", "contradicted"),
    (f"وقال سالم الحربي إن {STATEMENT}. وغادر وفد وزارة النقل.", "وزارة النقل", "contradicted"),
    (f"وقال سالم الحربي إن {STATEMENT}.", "وزير الخارجية", "contradicted"),
    (f"وقال سالم الحربي إن {STATEMENT}. وغادر وزير الخارجية.", "وزير الخارجية", "undetermined"),
    (f"{STATEMENT}.", "وزير النقل", "undetermined"),
    (f"سالم الحربي قال إن {STATEMENT}. وغادرت منى العلي.", "سالم الحربي", "confirmed"),
    (f"سالم الحربي قال إن {STATEMENT}. وغادرت منى العلي.", "منى العلي", "undetermined"),
    (f"وقال ترمب إن {STATEMENT}.", "الرئيس الأمريكي دونالد ترامب", "confirmed"),
    (f"وقال عبدالله إن {STATEMENT}.", "الملك عبد الله", "confirmed"),
    (f"وقال أحمد الحربي إن {STATEMENT}.", "سالم الحربي", "undetermined"),
    (f"وقال سالم الحربي إن {STATEMENT}.", "Salem Harbi", "undetermined"),
    (f"وقال سالم الحربي (Salem Harbi) إن {STATEMENT}.", "Salem Harbi", "undetermined"),
    (f"Salem Harbi said {STATEMENT}. Mona Ali left.", "Salem Harbi", "confirmed"),
    (f"Salem Harbi said {STATEMENT}. Mona Ali left.", "Mona Ali", "contradicted"),
    (f"{STATEMENT} يومين أو ثلاثة، بحسب القطاع، كما قيل. وغادرت منى العلي.", "منى العلي", "undetermined"),
])
def test_a_speaker_is_contradicted_only_by_another_name_or_where_he_is_unknown(text: str, speaker: str,
                                                                               attribution: str) -> None:
    article = Article("a", text)
    start = text.index(STATEMENT)
    said_by = speaker_of(article, split_sentences(text), start, start + len(STATEMENT))
    assert judge(article, said_by, speaker, WordsRead()) == attribution
