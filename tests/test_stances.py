"""Who says a statement, and whether they state, deny, ask or doubt it, or quote somebody else."""

from __future__ import annotations

import pytest

from index.language.sentences import split_sentences
from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.types.index_state import IndexState
from qa.verify.names import WordsRead
from qa.verify.quote import Quote, Verification
from qa.verify.speakers import judge, speaker_of
from qa.verify.verify import verify
from tests.fakes import WordEmbedder

STATEMENT = "بيع المرفأ القديم لشركة أجنبية"


def judged(text: str, speaker: str, statement: str = STATEMENT) -> str:
    article, read = Article("a", text), WordsRead()
    start = text.index(statement)
    said_by = speaker_of(article, split_sentences(text), start, start + len(statement), read)
    return judge(article, said_by, speaker, read)


def named(text: str, statement: str = STATEMENT) -> str | None:
    start = text.index(statement)
    found = speaker_of(Article("a", text), split_sentences(text), start, start + len(statement))
    return text[slice(*found.name)] if found and found.name and found.certain else None


def check(text: str, quote: str, speaker: str | None = None) -> Verification:
    snapshot = throwaway_snapshot([Article("a", text)], WordEmbedder())
    return verify(snapshot, IndexState("g", 1, 1), Quote.parse(quote, speaker))


@pytest.mark.parametrize(("text", "speaker", "attribution"), [
    (f"نفى سالم الحربي {STATEMENT}.", "سالم الحربي", "denied"),
    (f"ونفت شركة الأرز وجود خطة تقضي بـ{STATEMENT}.", "شركة الأرز", "denied"),
    (f"وأنكر الوزير سالم الحربي صحة ما قيل عن {STATEMENT}.", "الحربي", "denied"),
    (f"ورفض سالم الحربي اتهامات المعارضة بشأن {STATEMENT}.", "سالم الحربي", "denied"),
    (f"وقال سالم الحربي إن الرصيف جديد، نافيا {STATEMENT}.", "سالم الحربي", "denied"),
    (f"لم يقل سالم الحربي إن {STATEMENT} قريب.", "سالم الحربي", "denied"),
    (f"وقال سالم الحربي إنه ليس صحيحا أن {STATEMENT} قريب.", "سالم الحربي", "denied"),
    (f"وقال سالم الحربي إنه لا صحة لأنباء {STATEMENT}.", "سالم الحربي", "denied"),
    (f"Salem Harbi denied that {STATEMENT} is planned.", "Salem Harbi", "denied"),
    (f"Salem Harbi did not say that {STATEMENT} is planned.", "Salem Harbi", "denied"),
    (f"تساءل سالم الحربي عما إذا كان {STATEMENT} قريبا.", "سالم الحربي", "asked"),
    (f"وسألت منى العلي عن موعد {STATEMENT}.", "منى العلي", "asked"),
    (f"Salem Harbi asked whether {STATEMENT} was near.", "Salem Harbi", "asked"),
    (f"شكك سالم الحربي في {STATEMENT}.", "سالم الحربي", "doubted"),
    (f"واستبعد سالم الحربي {STATEMENT}.", "سالم الحربي", "doubted"),
    (f"وقال سالم الحربي: «لا أعتقد أن {STATEMENT} قريب».", "سالم الحربي", "doubted"),
    (f"لم ينف سالم الحربي {STATEMENT}.", "سالم الحربي", "doubted"),
    (f"قد يقول سالم الحربي إن {STATEMENT} قريب.", "سالم الحربي", "doubted"),
    (f"Salem Harbi doubted that {STATEMENT} was near.", "Salem Harbi", "doubted"),
    (f"ونقلت صحيفة المرسى عن سالم الحربي قوله إن {STATEMENT} قريب.", "صحيفة المرسى", "quoted"),
    (f"ونقلت صحيفة المرسى عن سالم الحربي قوله إن {STATEMENT} قريب.", "سالم الحربي", "confirmed"),
    (f"وقالت منى العلي إن سالم الحربي أكد أن {STATEMENT} قريب.", "منى العلي", "quoted"),
    (f"نفى سالم الحربي الخبر، وقال إن {STATEMENT} قريب.", "سالم الحربي", "confirmed"),
    (f"وتساءل سالم الحربي: «هل {STATEMENT} قريب؟»", "سالم الحربي", "asked")])
def test_what_the_speaker_does_with_the_words_is_told(text: str, speaker: str, attribution: str) -> None:
    assert judged(text, speaker) == attribution


@pytest.mark.parametrize(("text", "name"), [
    (f"وقال علي أكبر ناصري، مستشار المدير: «{STATEMENT} قريب».", "علي أكبر ناصري، مستشار المدير"),
    (f"غادر ماكرون. وقال علي أكبر ناصري: «{STATEMENT}».", "علي أكبر ناصري"),
    (f"أما وزيرة النقل هدى الحسن فقالت إن {STATEMENT} قريب.", "وزيرة النقل هدى الحسن"),
    (f"ووصفته هدى الحسن بأنه «{STATEMENT}».", "هدى الحسن"),
    (f"وعلى لسان المتحدثة سلمى الراوي، أكدت الشركة أن {STATEMENT} قريب.", "المتحدثة سلمى الراوي"),
    (f"ونقلت صحيفة المرسى عن مدير المرفأ نادر الخوري أن {STATEMENT} قريب.", "مدير المرفأ نادر الخوري"),
    (f"وقالت المحررة السياسية في صحيفة المرسى لبنى السراج إن {STATEMENT} قريب.",
     "المحررة السياسية في صحيفة المرسى لبنى السراج"),
    (f"وقال وزير الخارجية، صباح الأمين، إن {STATEMENT} قريب.", "وزير الخارجية، صباح الأمين"),
    (f"«{STATEMENT} قريب»، يقول نادر الخوري.", "نادر الخوري"),
    (f"{STATEMENT} قريب، بحسب نادر الخوري.", "نادر الخوري"),
    (f"وقالت هدى الحسن: «الرصيف جديد. والماء عميق. {STATEMENT} قريب».", "هدى الحسن"),
    (f"وقالت هدى الحسن إن الرصيف جديد.\nوأضافت أن {STATEMENT} قريب.", "هدى الحسن"),
    (f"وقالت هدى الحسن لصحيفة المرسى إن الرصيف جديد، مضيفة أن {STATEMENT} قريب.", "هدى الحسن"),
    (f"قال نادر الخوري لسالم إن {STATEMENT} قريب. وغادر سالم.", "نادر الخوري"),
    (f"وقال نادر الخوري: «قال لي الحارس إن الباب مغلق». وأضاف: «{STATEMENT} قريب».", "نادر الخوري")])
def test_a_speaker_is_who_the_article_says(text: str, name: str) -> None:
    assert named(text) == name


@pytest.mark.parametrize("text", [
    f"وقالت هدى الحسن إن الرصيف جديد.\nوأضاف أن {STATEMENT} قريب.",          # another gender
    f"وقالت هدى الحسن إن الرصيف جديد.\nووصل وفد آخر.\nوأضافت أن {STATEMENT} قريب.",  # others in between
    f"ونقلت الصحيفة عن سالم قوله إن الرصيف جديد. وغادر نادر. وقال إن {STATEMENT} قريب.",
    f"وقالت هدى الحسن إن الرصيف جديد، فيما يستمر {STATEMENT}.",
    f"وقال نادر الخوري: «الرصيف جديد». {STATEMENT} قريب.",
    f"بعد الإعلان عن {STATEMENT} وصل نادر الخوري.", f"شرح الخطوات التي سبقت {STATEMENT} قائلا إن المال قليل."])
def test_an_unclear_speaker_is_not_named(text: str) -> None:
    assert named(text) is None


@pytest.mark.parametrize(("text", "speaker", "attribution"), [
    (f"وقال محامي نادر الخوري إن {STATEMENT} قريب.", "نادر الخوري", "undetermined"),
    (f"وقال المتحدث باسم نادر الخوري إن {STATEMENT} قريب.", "نادر الخوري", "undetermined"),
    (f"وقال اللاعب الإيطالي إن {STATEMENT} قريب. وغادر ماريو روسي.", "ماريو روسي", "undetermined"),
    (f"وقال مسعود إن {STATEMENT} قريب. ولعب مسعود عزيز أمس.", "عزيز", "undetermined"),
    (f"قال نادر الخوري لسالم الحربي إن {STATEMENT} قريب. وغادر سالم الحربي.", "سالم الحربي", "contradicted"),
    (f"وقال طلال الخوري إن {STATEMENT} قريب. وعاد الوليد بن طلال.", "الوليد بن طلال", "undetermined"),
    (f"وقال آبي إن {STATEMENT} قريب.", "آبي", "confirmed"),
    (f"وقال الأمين العام للأمم المتحدة إن {STATEMENT} قريب.", "الأمين العام للأمم المتحدة", "confirmed"),
    (f"وقالت شركة «بحر الشمال» إن {STATEMENT} قريب.", "شركة بحر الشمال", "confirmed")])
def test_a_claimed_speaker_is_told_from_those_near_them(text: str, speaker: str, attribution: str) -> None:
    assert judged(text, speaker) == attribution


@pytest.mark.parametrize(("text", "speaker", "verdict", "attribution"), [
    (f"نفت شركة الأرز {STATEMENT}.", None, "denied", None),
    (f"نفت شركة الأرز {STATEMENT}.", "شركة الأرز", "denied", "denied"),
    (f"نفت شركة الأرز {STATEMENT}. وغادر نادر الخوري.", "نادر الخوري", "denied", "undetermined"),
    (f"نفت شركة الأرز {STATEMENT}. وأكد نادر الخوري {STATEMENT}.", None, "found", None),
    (f"نفت شركة الأرز {STATEMENT}. وقال نادر الخوري إن {STATEMENT} قريب.", "شركة الأرز", "denied", "denied"),
    (f"تساءل نادر الخوري عن {STATEMENT}.", None, "asked", None),
    (f"شكك نادر الخوري في {STATEMENT}.", "نادر الخوري", "doubted", "doubted"),
    (f"ونقل نادر الخوري عن سالم قوله إن {STATEMENT} قريب.", "نادر الخوري", "misattributed", "quoted")])
def test_the_verdict_tells_what_is_not_stated(text: str, speaker: str | None, verdict: str, attribution: str | None
                                              ) -> None:
    found = check(text, STATEMENT, speaker)
    assert (found.verdict, found.attribution) == (verdict, attribution)


def test_who_asks_a_question_says_it_with_its_question_word() -> None:
    found = check(f"وتساءل سالم الحربي: «هل {STATEMENT} قريب؟»", f"هل {STATEMENT} قريب؟", "سالم الحربي")
    assert (found.verdict, found.attribution) == ("found", "confirmed")


def test_a_quote_with_its_denial_is_found() -> None:
    assert check(f"نفت شركة الأرز {STATEMENT}.", f"نفت شركة الأرز {STATEMENT}", "شركة الأرز").verdict == "found"
