"""Lists common words that are no names: python -m training.common_words INDEX > qa/data/common_words.txt

INDEX is an index of much news. A word is listed, normalised and without attached letters, if its articles have it often
and in several forms, which names do not have (`qa.check.names`). A small index, which has most words once, can then
tell an unknown word from an unknown name.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from index.generation.snapshot import open_snapshot
from index.language.tokens import compared_words
from qa.check.names import NameSense
from qa.retrieve.vocabulary import Vocabulary

LEAST_COUNT = 4
# Names have few other forms by chance, such as the ones of بوت for بوتين.
LEAST_INFLECTED = 0.4
MOST_BYTES = 64_000_000
# Given names that are other words too.
_GIVEN_NAMES = compared_words("""
    حسين عمر سعيد سامي سلمان صالح عادل فيصل فوزي كريم كامل ناصر نادر هادي وليد ياسر زيد رايد رياض جمال جميل حافظ حبيب
    أيمن أمين بكر تامر تركي شريف صادق فريد قاسم مالك مهدي نصر يزيد نور إيمان سيرجيو
    برونو شكري ليبرمان صائب عريقات حداد رحيم نجار خياط قاضي صباغ بيطار حلاق عطار سقا صايغ الصائغ النجار الحداد
""")


def main() -> None:
    """Print the words, one a line, in order."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("index", type=Path)
    vocabulary = Vocabulary(open_snapshot(parser.parse_args().index, any_analyzer=True), most_bytes=MOST_BYTES)
    names = NameSense(vocabulary, common=frozenset(), most_inflected=LEAST_INFLECTED)
    print("\n".join(sorted({names.core(word) for word in vocabulary.words() if vocabulary.count(word) >= LEAST_COUNT
                            and word.isalpha() and not word.isascii() and not names.is_name(word)
                            and names.core(word) not in _GIVEN_NAMES
                            and _has_article_or_ending(word, vocabulary, names)})))


def _has_article_or_ending(word: str, vocabulary: Vocabulary, names: NameSense) -> bool:
    """Tell whether a word is used as no given name is: with the article, as a verb, or with a pronoun or a plural."""
    core = names.core(word)
    return core.startswith("ال") or vocabulary.count(f"ال{core}") > 1 or names.is_verb(core) \
        or core[0] in "يت" or core.startswith("سي") and vocabulary.count(core[1:]) > 0 \
        or core.endswith(("ها", "هم", "نا", "ات", "ون", "يه"))


if __name__ == "__main__":
    main()
