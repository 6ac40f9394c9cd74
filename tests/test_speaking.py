"""What somebody said is answered in their own words, not in those of whoever they spoke about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.generation.snapshot import Snapshot
from index.types import Article
from qa.answer.ranking import RankedSentence, rank_sentences
from qa.answer.speaking import CONFIDENCE, Speaking
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

FERRY = ("وقال السفير نادر المرعي: «سنغلق خط العبّارة هذا الصيف». "
         "وعلق الكاتب سلمان البزاز قائلا إن إغلاق خط العبّارة خطأ. وأغلق الميناء أبوابه مساء.")


# Who is one of the writer's people, or speaks to him, is not the writer.
BRIDGE = ("وكتب أحد متابعي البزاز: «الجسر قبيح». وقال عراب البزاز إن الجسر جميل. "
          "وقال نادر المرعي لنظيره البزاز إن الجسر ضيق. وقال البزاز إن الجسر واسع.")


def found(question: str, text: str = FERRY) -> tuple[Snapshot, list[RankedSentence]]:
    """Return the sentences in the order of the text."""
    embedder = WordEmbedder()
    snapshot = throwaway_snapshot([Article("a", text)], embedder)
    asked = parse_question(question)
    candidates = retrieve(snapshot, asked, embedder.embed_query(question), None, 5)
    sentences = rank_sentences(snapshot, asked, candidates, 8)
    return snapshot, sorted(sentences, key=lambda each: each.sentence.start)


def first(question: str) -> tuple[str, float]:
    speaking = Speaking.of(parse_question(question))
    assert speaking is not None
    snapshot, sentences = found(question)
    ordered, confidence = speaking.first(snapshot, sentences, 0.1)
    assert sorted(each.row for each in ordered) == [each.row for each in sentences]
    assert ordered[0].score == sentences[0].score
    return ordered[0].text.split()[1], confidence


@pytest.mark.parametrize("question", [
    "ماذا قال سلمان البزاز عن خط العبّارة؟", "ماذا رد البزاز على إغلاق خط العبّارة؟",
    "بماذا علق الكاتب سلمان البزاز على إغلاق خط العبّارة؟", "ما الذي قاله سلمان البزاز عن خط العبّارة؟"])
def test_the_words_of_the_speaker_come_first(question: str) -> None:
    assert first(question) == ("الكاتب", CONFIDENCE)


def test_words_on_half_of_the_topic_come_first_and_are_no_surer() -> None:
    assert first("ماذا قال البزاز عن أجور عمال خط العبّارة؟") == ("الكاتب", 0.1)


@pytest.mark.parametrize("question", [
    "ماذا قال رائد الكتاني عن خط العبّارة؟", "ماذا قال سلمان البزاز عن أسعار القمح والشعير؟"])
def test_nothing_changes_where_nobody_of_this_name_speaks_of_it(question: str) -> None:
    assert first(question) == ("السفير", 0.1)


def test_the_words_of_another_speaker_are_known() -> None:
    question = "ماذا قال سلمان البزاز عن خط العبّارة؟"
    speaking = Speaking.of(parse_question(question))
    assert speaking is not None
    snapshot, sentences = found(question)
    assert [speaking.is_of_another(snapshot, each) for each in sentences] == [True, False, False]


@pytest.mark.parametrize("question", ["ماذا قال البزاز عن الجسر؟", "ماذا قال البزاز؟"])
def test_the_words_of_the_speakers_people_are_not_the_speakers(question: str) -> None:
    speaking = Speaking.of(parse_question(question))
    assert speaking is not None
    snapshot, sentences = found(question, BRIDGE)
    assert [speaking.is_of_another(snapshot, each) for each in sentences] == [True, True, True, False]
    assert speaking.first(snapshot, sentences, 0.1)[0][0] == sentences[-1]


def test_words_about_somebody_named_second_are_not_theirs() -> None:
    question = "ماذا قال البزاز؟"
    speaking = Speaking.of(parse_question(question))
    assert speaking is not None
    snapshot, sentences = found(question, "وصف الرئيس، نادر المرعي، الكاتب سلمان البزاز، بأنه «خائن».")
    assert [speaking.is_of_another(snapshot, each) for each in sentences] == [True]


def test_words_of_others_are_not_added_behind_the_first_sentence() -> None:
    question = "ماذا قال سلمان البزاز عن خط العبّارة؟"
    speaking = Speaking.of(parse_question(question))
    assert speaking is not None
    snapshot, (envoy, writer, harbour) = found(question)
    assert speaking.without_others(snapshot, [writer, envoy, harbour]) == [writer, harbour]
    assert speaking.without_others(snapshot, [envoy, writer]) == [envoy, writer]


@pytest.mark.parametrize("question", [
    "ماذا حدث في الميناء؟", "من قال إن الإغلاق خطأ؟", "ماذا قال؟", "متى قال البزاز ذلك؟", "ماذا قال عن الميناء؟",
    "ماذا أجاب البزاز السفير؟", "ماذا قال البزاز والسفير عن الميناء؟"])
def test_a_question_about_no_speaker_by_name_is_another(question: str) -> None:
    assert Speaking.of(parse_question(question)) is None


# Who is spoken to is neither the speaker nor the topic.
LETTERS = ("قال البزاز إن المعطي أخطأ. وقال المعطي إنه أشار على الميناء بإغلاق خط العبّارة. "
           "وقال البزاز للمعطي إن الجسر ضيق. وقال البزاز للصحفيين إنه متعب. "
           "وأبلغ البزاز الكاتب رائد الكتاني بأنه مريض.")


@pytest.mark.parametrize(("question", "speaker", "hearer", "place"), [
    ("ماذا قال البزاز للمعطي؟", "البزاز", ("المعطي",), 2), ("ماذا قال البزاز للصحفيين؟", "البزاز", ("الصحفيين",), 3),
    ("ماذا قال البزاز لرائد الكتاني؟", "البزاز", ("رايد", "الكتاني"), 4),
    ("ماذا قال البزاز؟", "البزاز", (), 0)])
def test_words_to_the_hearer_come_first(question: str, speaker: str, hearer: tuple[str, ...], place: int) -> None:
    snapshot, sentences = found(question, LETTERS)
    speaking = Speaking.of(parse_question(question), sentences)
    assert speaking == Speaking(speaker, (), hearer)
    assert speaking.first(snapshot, sentences, 0.1) == (
        [replace(sentences[place], score=sentences[0].score), *(each for each in sentences if each is not
                                                                sentences[place])], CONFIDENCE)
    assert [speaking.is_to_hearer(each) for each in sentences] == [not hearer or at == place
                                                                   for at in range(len(sentences))]


@pytest.mark.parametrize(("text", "may_be"), [
    ("التقى البزاز سلمى في الميناء. وقال البزاز إن الجسر ضيق.", True),
    ("التقى البزاز رائدا في الميناء. وقال البزاز إن الجسر ضيق.", False)])
def test_words_may_be_to_whoever_their_article_names(text: str, may_be: bool) -> None:
    speaking = Speaking("البزاز", (), ("سلمي",))
    sentences = found("ماذا قال البزاز لسلمى؟", text)[1]
    assert {speaking.may_be_to_hearer(each) for each in sentences} == {may_be}
    assert all(map(replace(speaking, hearer=("الصحفيين",)).may_be_to_hearer, sentences))


def test_words_to_nobody_in_particular_are_no_surer() -> None:
    question = "ماذا قال البزاز لسلمى؟"
    snapshot, sentences = found(question, "قال البزاز إن الجسر ضيق. وأشار إلى أن سلمى قالت ذلك.")
    speaking = Speaking.of(parse_question(question), sentences)
    assert speaking is not None
    assert speaking.hearer == ("سلمي",)
    assert speaking.first(snapshot, sentences, 0.1)[1] == 0.1
    assert not any(map(speaking.is_to_hearer, sentences))


@pytest.mark.parametrize("question", [
    "ماذا قال سيرغي لافروف؟", "ماذا قالت سلمى لطفي؟", "ماذا قال الأمين العام للأمم المتحدة؟",
    "ماذا قال المدير الفني لمنتخب كينيا؟", "ماذا قال رائد ليندمان؟", "ماذا قال رائد لوكاس؟", "ماذا قال رائد لما سألوه؟",
    "ماذا قال رائد الكتاني الأمين العام للأمم المتحدة؟", "ماذا قال البزاز رئيس الاتحاد الكيني لكرة القدم؟",
    "ماذا قال المرصد الكيني لحقوق الإنسان؟", "ماذا قالت اللجنة الكينية للهلال الأحمر؟",
    "ماذا قالت مفوضة الأمم المتحدة لحقوق الإنسان سلمى المعطي؟"])
def test_a_name_or_title_with_lam_is_no_hearer(question: str) -> None:
    _, sentences = found(question, "قال المدير الفني لمنتخب كينيا: فاز منتخب كينيا أمام سيرغي لافروف ورائد ليندمان."
                         " وقال رائد لوكاس إن لوكاس وكأس كرة القدم من حقوق الإنسان، ما سألوه.")
    speaking = Speaking.of(parse_question(question), sentences)
    assert speaking is not None
    assert speaking.hearer == ()
